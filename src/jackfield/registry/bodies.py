"""One connector as somebody wrote it: what is configured, and what it says of its type."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import NAMESPACE_OID, uuid5

from jackfield.access.principal import DEFAULT_TENANT
from jackfield.definition.errors import InvalidDefinition
from jackfield.definition.fluxturn import converted, is_fluxturn
from jackfield.definition.levels import LEVELS
from jackfield.definition.model import ExecutionModelName
from jackfield.definition.model_said import SOURCES, said_model
from jackfield.definition.names import closest, folded
from jackfield.definition.plain import plain
from jackfield.registry.catalogue import DEFAULT_NAMESPACE, ConfiguredConnector, ConnectorType
from jackfield.registry.definitions import DEFINITION_KEYS, brings_type, lacks_source, read_body
from jackfield.registry.environments import default_of, new_environments, read_environments

_OWN_KEYS = (
    *("name", "namespace", "type", "displayName", "description", "tags", "config", "enabled", "egress", "timeout"),
    *("mocks", "logLevel", "id", "environments", "environment"),
)
_OF_INSTANCES = ("executionModel", "version", "configSchema", "category", "icon")
"""What may be said of a type by a connector that only names it, as guides do. It is compared, and changes nothing."""
_BESIDE = ("public", "autoBump")
"""About the type, and no part of its definition."""
_NEVER_NULL = frozenset({"name", "namespace", "type", "enabled"})
"""What a change cannot clear: `null` says nothing about them. It must not switch a connector on again."""
_GIVEN_AS_IT_IS = frozenset({"config", "environments", "mocks"})
"""Values for others to judge: they may hold secrets."""


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One connector as written down.

    Attributes:
        connector: What is configured.
        type: The type that it brings, if it brings one.
        named: It names its type, and so means one that may be there already.
        model: The execution model that it states or gives away.
        said: What it says of a type that it does not bring, by the keys `version`, `configSchema`, `category`, `icon`.
        public: The type that it brings is a template for others.
    """

    connector: ConfiguredConnector
    type: ConnectorType | None
    named: bool = False
    model: ExecutionModelName | None = None
    said: Mapping[str, Any] = field(default_factory=dict)
    public: bool = False

    @property
    def needs_source(self) -> bool:
        """It states an execution model, and lacks what a new type of that would need."""
        return self.type is None and self.model not in (None, "built_in")


def read_entry(raw: Mapping[str, Any], *, place: str = "", tenant: str = DEFAULT_TENANT) -> Entry:
    """One connector.

    With `operations`, `scriptSource`, `endpointUrl`, `spec` or `mcpServer` it brings its own type, named `type` or like
    the connector. So does a definition of FluxTurn's, which has `supported_actions`. Without, `type` names one that
    there is and `config` fills in its connection. Keys may be camelCase or snake_case.

    Raises:
        InvalidDefinition, InvalidName, NamesFallTogether, InvalidSchema: Something is missing, unknown or wrong.
    """
    if not isinstance(raw, Mapping):
        raise InvalidDefinition(f"a connector is `{str(raw)[:80]}`", hint="it must be an object with at least a `name`")
    raw = native(raw)
    own = _own(raw)
    if own.get("name") is None:
        raise InvalidDefinition("a connector has no `name`", hint="give every entry of `connectors` a `name`")
    check_known(raw, (*_OWN_KEYS, *DEFINITION_KEYS, *_BESIDE))
    name, wanted = str(own["name"]), own.get("type")
    fields, model = _new(_read_own(own, name=name), name=name), said_model(raw)
    if brings_type(raw, model):
        definition = read_body(raw, name=str(wanted or name))
        kind, said, type_name = ConnectorType(definition=definition, place=place), {}, definition.name
    else:
        kind, said = None, _said_of_type(raw)
        type_name = str(wanted or _no_type(name, model.model))
    connector = ConfiguredConnector(**fields | {"tenant": tenant, "type": type_name, "id": own.get("id") or ""})
    connector = connector if connector.id else replace(connector, id=_own_id(connector))
    public = _public(raw)
    return Entry(connector=connector, type=kind, named=wanted is not None, model=model.model, said=said, public=public)


def _own_id(connector: ConfiguredConnector) -> str:
    """The same in every process that reads the same file: credentials and tokens are kept by it."""
    name = f"{connector.tenant}/{folded(connector.namespace)}/{folded(connector.name)}"
    return str(uuid5(NAMESPACE_OID, f"jackfield:connector:{name}"))


def read_changes(raw: Mapping[str, Any], *, name: str) -> dict[str, Any]:
    """What `raw` says of a connector that exists, by the names of the fields of `ConfiguredConnector`.

    Keys that describe its type are passed over; `null` is what the field is without being set. Of environments it is
    what is said of each, see `registry.environments.read_environments`.

    Raises:
        InvalidDefinition: A key is unknown, or its value is wrong.
    """
    if not isinstance(raw, Mapping):
        raise InvalidDefinition(f"a change is `{str(raw)[:80]}`", hint="it must be an object")
    return changes_in(native(raw), name=name)


def changes_in(raw: Mapping[str, Any], *, name: str) -> dict[str, Any]:
    """As `read_changes`, of what `native` has made of a body: a large one is copied once."""
    check_known(raw, (*_OWN_KEYS, *DEFINITION_KEYS, *_BESIDE))
    own = {key: value for key, value in _own(raw).items() if value is not None or key not in _NEVER_NULL}
    return _read_own(own, name=name)


def type_part(raw: Mapping[str, Any]) -> dict[str, Any]:
    """What a change of a connector says of its type: the name, description and tags are its own."""
    own = {folded(key) for key in (*_OWN_KEYS, *_BESIDE)}
    return {str(key): value for key, value in raw.items() if folded(str(key)) not in own}


def instance_part(said: Mapping[str, Any]) -> dict[str, Any]:
    """Of `type_part`, what a connector may say of a type that it cannot change: guides repeat it in every body."""
    known = {folded(key): key for key in _OF_INSTANCES}
    return {known[folded(key)]: value for key, value in said.items() if folded(key) in known and value is not None}


def as_text_keys(raw: Mapping[Any, Any]) -> dict[str, Any]:
    """`raw` with texts for keys; values of the keys that name and describe are plain."""
    values = {plain(str(key)): value for key, value in raw.items()}
    kept = {folded(key) for key in _GIVEN_AS_IT_IS}
    return {key: value if folded(key) in kept else plain(value, (key,)) for key, value in values.items()}


def native(raw: Mapping[Any, Any]) -> dict[str, Any]:
    """`raw` as `as_text_keys` has it, and a definition of FluxTurn's as a declarative connector.

    Raises:
        InvalidDefinition: It holds what JSON has not, or FluxTurn's definition cannot be read.
    """
    raw = as_text_keys(raw)
    return converted(raw) if is_fluxturn(raw) else raw


def check_known(raw: Mapping[str, Any], keys: tuple[str, ...]) -> None:
    """Do nothing if every key of `raw` is one of `keys`, in some case style.

    Raises:
        InvalidDefinition: One is not.
    """
    known = {folded(key): key for key in keys}
    for key in raw:
        if folded(key) not in known:
            close = closest(key, keys)
            hint = f"did you mean `{close}`?" if close else f"known are {', '.join(f'`{k}`' for k in _OWN_KEYS)}"
            raise InvalidDefinition(f"connector `{raw.get('name', '')}` has an unknown key `{key}`", hint=hint)


def _new(fields: dict[str, Any], *, name: str) -> dict[str, Any]:
    """The fields of a connector that is new: there are no environments that could be changed."""
    environments = new_environments(fields.get("environments") or {}, connector=name)
    default = default_of(fields.get("environment") or "", environments, connector=name)
    return fields | {"environments": environments, "environment": default}


def _own(raw: Mapping[str, Any]) -> dict[str, Any]:
    """The keys that say something about a connector, as they are written here.

    Raises:
        InvalidDefinition: One is there twice, in two case styles: what is checked must be what is kept.
    """
    own: dict[str, Any] = {}
    known = {folded(name): name for name in _OWN_KEYS}
    for key, value in raw.items():
        name = known.get(folded(key))
        if name in own:
            raise InvalidDefinition(f"`{name}` of a connector is there twice", hint="say it once")
        if name is not None:
            own[name] = value
    return own


def _said_of_type(raw: Mapping[str, Any]) -> dict[str, Any]:
    """What a connector that only names its type says of it.

    Raises:
        InvalidDefinition: It says what only a definition can.
    """
    instance = {folded(key) for key in _OF_INSTANCES}
    own = {folded(key) for key in (*_OWN_KEYS, *_BESIDE)}
    for key, value in raw.items():
        if folded(key) not in own and folded(key) not in instance and value is not None:
            raise InvalidDefinition(
                f"connector `{raw['name']}` has `{key}`, and none of {', '.join(f'`{each}`' for each in SOURCES)}",
                hint=f"if `{key}` is a field of its type, put it into `config`; else describe the type",
            )
    return instance_part(raw)


def _no_type(name: str, model: ExecutionModelName | None) -> str:
    """Never: a connector without a type is refused."""
    if model not in {None, "built_in"}:
        raise lacks_source(f"connector `{name}`", model)
    raise InvalidDefinition(
        f"connector `{name}` has neither `type` nor `operations`",
        hint="name an installed type (`jackfield types` lists them), or describe `operations`, `scriptSource`, "
        "`endpointUrl`, `spec` or `mcpServer`",
    )


def _public(raw: Mapping[str, Any]) -> bool:
    given = next((value for key, value in raw.items() if folded(key) == "public"), None)
    if given is not None and not isinstance(given, bool):
        raise InvalidDefinition(f"`public` of a connector is `{str(given)[:80]}`", hint="give true or false")
    return given is True


_WANTED: dict[str, tuple[type, str]] = {
    "name": (str, "text"),
    "namespace": (str, "text"),
    "type": (str, "text"),
    "id": (str, "text"),
    "displayName": (str, "text"),
    "description": (str, "text"),
    "logLevel": (str, "text"),
    "tags": (list, "a list of texts"),
    "mocks": (Mapping, "an object"),
    "config": (Mapping, "an object"),
    "environments": (Mapping, "an object"),
    "environment": (str, "text"),
    "egress": (Mapping, "an object"),
    "enabled": (bool, "true or false"),
}


def _read_own(own: Mapping[str, Any], *, name: str) -> dict[str, Any]:
    """The fields of a `ConfiguredConnector` that `own` sets."""
    for key, (kind, wanted) in _WANTED.items():
        if own.get(key) is not None and not isinstance(own[key], kind):
            shown = "" if key in _GIVEN_AS_IT_IS else f" is `{str(own[key])[:80]}`, which"
            raise InvalidDefinition(f"`{key}` of a connector{shown} is not {wanted}", hint=f"give {wanted}")
    if not all(isinstance(tag, str) for tag in own.get("tags") or ()):
        raise InvalidDefinition("`tags` of a connector is not a list of texts", hint="give a list of texts")
    read: dict[str, Callable[[Any], Any]] = {
        "name": lambda given: given,
        "namespace": lambda given: given or DEFAULT_NAMESPACE,
        "type": lambda given: given,
        "displayName": lambda given: given or "",
        "description": lambda given: given or "",
        "tags": lambda given: tuple(given or ()),
        "config": lambda given: dict(given or {}),
        "environments": lambda given: read_environments(given or {}, connector=name),
        "environment": lambda given: given or "",
        "enabled": lambda given: given is not False,
        "egress": lambda given: _egress(name, given or {}),
        "timeout": lambda given: None if given is None else _seconds(name, given),
        "mocks": lambda given: dict(given or {}),
        "logLevel": lambda given: _level(name, given or ""),
    }
    return {_FIELDS.get(key, key): take(own[key]) for key, take in read.items() if key in own}


_FIELDS = {"displayName": "display_name", "timeout": "timeout_s", "logLevel": "log_level"}


def _level(name: str, given: str) -> str:
    level = "warn" if given.lower() == "warning" else given.lower()
    if level and level not in LEVELS:
        known = ", ".join(f"`{known}`" for known in LEVELS)
        raise InvalidDefinition(f"`logLevel` of connector `{name}` is `{given[:80]}`", hint=f"give one of {known}")
    return level


def _egress(name: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """`{"allow": "..." or [...], "ports": [...]}`."""
    allow, ports = given.get("allow") or [], given.get("ports") or []
    texts = isinstance(allow, str) or (isinstance(allow, list) and all(isinstance(entry, str) for entry in allow))
    numbers = isinstance(ports, list) and all(type(port) is int and 0 < port < 65_536 for port in ports)
    if set(given) - {"allow", "ports"} or not texts or not numbers:
        raise InvalidDefinition(
            f"`egress` of connector `{name}` cannot be read",
            hint='give, for example, {"allow": "10.0.0.0/8, db.example:5432", "ports": [443, 8443]}',
        )
    return dict(given)


def _seconds(name: str, timeout: Any) -> float:
    if not isinstance(timeout, int | float) or isinstance(timeout, bool) or not 1_000 <= timeout <= 300_000:
        raise InvalidDefinition(
            f"`timeout` of connector `{name}` is `{timeout}`", hint="give milliseconds from 1000 to 300000"
        )
    return timeout / 1000
