"""Connectors written down: YAML and JSON files, and the same as Python dicts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from jackfield.access.principal import DEFAULT_TENANT
from jackfield.definition.errors import InvalidDefinition
from jackfield.definition.model import ConnectorDefinition
from jackfield.definition.names import folded
from jackfield.registry.catalogue import DEFAULT_NAMESPACE, ConfiguredConnector, ConnectorType
from jackfield.registry.errors import LoadFailed
from jackfield.registry.parsing import parse
from jackfield.storage.ids import new_id

_OWN_KEYS = (
    *("name", "namespace", "type", "displayName", "description", "tags", "config", "enabled", "egress", "timeout"),
    *("mocks", "id"),
)
_LISTS = ("connectors",)
_NEVER_NULL = frozenset({"name", "namespace", "type", "enabled"})
"""What a change cannot clear: `null` says nothing about them. It must not switch a connector on again."""


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One connector as written down: what is configured, and the type that it brings, if it brings one."""

    connector: ConfiguredConnector
    type: ConnectorType | None


def read_file(path: Path) -> list[Entry]:
    """The connectors of a YAML or JSON file.

    Raises:
        LoadFailed: It cannot be parsed, or an entry is wrong; names the line or the entry.
    """
    try:
        documents = parse(path.read_bytes(), str(path))
        return [read_entry(raw, place=str(path)) for document in documents for raw in _entries(document)]
    except InvalidDefinition as error:
        raise LoadFailed(place=str(path), reason=f"{error.message} ({error.hint})") from error


def read_entry(raw: Mapping[str, Any], *, place: str = "", tenant: str = DEFAULT_TENANT) -> Entry:
    """One connector.

    With `operations` it brings its own type, named `type` or like the connector. Without, `type` names an
    installed one and `config` fills in its connection. Keys may be camelCase or snake_case.

    Raises:
        InvalidDefinition: Something is missing, unknown or wrong.
    """
    if not isinstance(raw, Mapping):
        raise InvalidDefinition(f"a connector is `{str(raw)[:80]}`", hint="it must be an object with at least a `name`")
    own = _own(raw)
    if own.get("name") is None:
        raise InvalidDefinition("a connector has no `name`", hint="give every entry of `connectors` a `name`")
    definition = _definition(raw)
    if definition is None:
        _refuse_unknown(raw)
    return Entry(
        connector=_connector(own, definition, tenant),
        type=ConnectorType(definition=definition, place=place) if definition else None,
    )


def read_changes(raw: Mapping[str, Any], *, name: str) -> dict[str, Any]:
    """What `raw` says of a connector that exists, by the names of the fields of `ConfiguredConnector`.

    Keys that describe its type (see `describes_type`) are passed over; `null` is what the field is without being set.

    Raises:
        InvalidDefinition: A key is unknown, or its value is wrong.
    """
    if not isinstance(raw, Mapping):
        raise InvalidDefinition(f"a change is `{str(raw)[:80]}`", hint="it must be an object")
    if not describes_type(raw):
        _refuse_unknown(raw)
    own = {key: value for key, value in _own(raw).items() if value is not None or key not in _NEVER_NULL}
    return _read_own(own, name=name)


def describes_type(raw: Mapping[str, Any]) -> bool:
    """Whether `raw` brings a type, or changes one."""
    return "operations" in raw


def read_type(raw: Mapping[str, Any]) -> ConnectorDefinition:
    """A declarative type by itself.

    Raises:
        InvalidDefinition: It cannot be read, or describes none.
    """
    if "name" not in raw:
        raise InvalidDefinition("a connector type has no `name`", hint="give an object with `name` and `operations`")
    definition = _definition({key: value for key, value in raw.items() if folded(str(key)) != "type"})
    if definition is None:
        raise InvalidDefinition(
            f"connector type `{raw['name']}` has no `operations`",
            hint="describe its operations; a type written in Python comes with its package or file",
        )
    return definition


def changed_type(old: ConnectorDefinition, raw: Mapping[str, Any]) -> ConnectorDefinition:
    """`old` with what `raw` says instead. Its name and version stay.

    Raises:
        InvalidDefinition: It cannot be read.
    """
    from jackfield.definition.floh import to_json
    from jackfield.definition.operations import BASE_URL

    said = {folded(str(key)) for key in raw}
    written = to_json(old)
    fields = written["configSchema"]["connectionConfig"]
    if folded(BASE_URL) in said:  # its default is the base URL that goes
        fields = {name: field for name, field in fields.items() if folded(name) != folded(BASE_URL)}
    kept = {key: written[key] for key in ("displayName", "description", "category", "tags", "icon", "rateLimits")}
    kept |= {"auth": written["auth"], "connectionConfig": fields}
    kept |= {key: written["source"].get(key) for key in (BASE_URL, "headers")}
    kept |= {key: written[key] for key in ("defaultCommand", "testCommand") if written[key] in _names(raw)}
    kept = {key: value for key, value in kept.items() if value and folded(key) not in said}
    changed = read_type(kept | {**raw, "name": old.name})
    return replace(changed, name=old.name, version=old.version)


def _names(raw: Mapping[str, Any]) -> set[str]:
    operations = raw.get("operations") or ()
    if isinstance(operations, Mapping):
        return set(operations)
    return {str(each.get("name")) for each in operations if isinstance(each, Mapping)}


def _own(raw: Mapping[str, Any]) -> dict[str, Any]:
    """The keys that say something about a connector, as they are written here.

    Raises:
        InvalidDefinition: One is there twice, in two case styles: what is checked must be what is kept.
    """
    own: dict[str, Any] = {}
    known = {folded(name): name for name in _OWN_KEYS}
    for key, value in raw.items():
        name = known.get(folded(str(key)))
        if name in own:
            raise InvalidDefinition(f"`{name}` of a connector is there twice", hint="say it once")
        if name is not None:
            own[name] = value
    return own


def _definition(raw: Mapping[str, Any]) -> ConnectorDefinition | None:
    if "operations" in raw:
        from jackfield.definition.operations import read_operations

        kept = {key: value for key, value in raw.items() if folded(str(key)) not in _INSTANCE_ONLY}
        return read_operations(kept | {"name": str(raw.get("type") or raw["name"])})
    foreign = {"scriptSource": "script", "endpointUrl": "external", "spec": "openapi"}
    for key, model in foreign.items():
        if any(folded(str(given)) == folded(key) for given in raw):
            raise InvalidDefinition(
                f"connector `{raw.get('name')}` has `{key}`: the execution model `{model}` is not installed",
                hint="use `operations`, or a connector type written in Python",
            )
    return None


_INSTANCE_ONLY = frozenset(
    folded(key) for key in ("type", "config", "enabled", "egress", "timeout", "mocks", "id", "namespace")
)


_WANTED: dict[str, tuple[type, str]] = {
    "name": (str, "text"),
    "namespace": (str, "text"),
    "type": (str, "text"),
    "id": (str, "text"),
    "displayName": (str, "text"),
    "description": (str, "text"),
    "tags": (list, "a list of texts"),
    "mocks": (Mapping, "an object"),
    "config": (Mapping, "an object"),
    "egress": (Mapping, "an object"),
    "enabled": (bool, "true or false"),
}


def _connector(own: Mapping[str, Any], definition: ConnectorDefinition | None, tenant: str) -> ConfiguredConnector:
    fields, name = _read_own(own, name=str(own["name"])), own["name"]
    type_name = definition.name if definition else own.get("type")
    if type_name is None:
        raise InvalidDefinition(
            f"connector `{name}` has neither `type` nor `operations`",
            hint="name an installed type (`jackfield types` lists them), or describe `operations`",
        )
    return ConfiguredConnector(**fields | {"tenant": tenant, "type": type_name, "id": own.get("id") or new_id()})


def _read_own(own: Mapping[str, Any], *, name: str) -> dict[str, Any]:
    """The fields of a `ConfiguredConnector` that `own` sets."""
    for key, (kind, wanted) in _WANTED.items():
        if own.get(key) is not None and not isinstance(own[key], kind):
            shown = "" if key in {"config", "mocks"} else f" is `{str(own[key])[:80]}`, which"
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
        "enabled": lambda given: given is not False,
        "egress": lambda given: _egress(name, given or {}),
        "timeout": lambda given: None if given is None else _seconds(name, given),
        "mocks": lambda given: dict(given or {}),
    }
    return {_FIELDS.get(key, key): take(own[key]) for key, take in read.items() if key in own}


_FIELDS = {"displayName": "display_name", "timeout": "timeout_s"}


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


def _refuse_unknown(raw: Mapping[str, Any]) -> None:
    known = {folded(key): key for key in _OWN_KEYS}
    for key in raw:
        if folded(str(key)) not in known:
            close = get_close_matches(str(key), [*_OWN_KEYS, "operations", "baseUrl"], n=1)
            hint = f"did you mean `{close[0]}`?" if close else f"known are {', '.join(f'`{k}`' for k in _OWN_KEYS)}"
            raise InvalidDefinition(f"connector `{raw.get('name')}` has an unknown key `{key}`", hint=hint)


def _entries(document: Any) -> Iterator[Any]:
    """The entries of a document: a config with `spec`, bare lists, one connector, or a list of them."""
    if isinstance(document, list):
        yield from document
    elif isinstance(document, Mapping) and "apiVersion" in document:
        yield from _entries(document.get("spec") or {})
    elif isinstance(document, Mapping) and any(name in document for name in _LISTS):
        yield from document["connectors"] or []
    elif isinstance(document, Mapping) and "name" in document:
        yield document
    elif document:
        raise InvalidDefinition(
            "the document has no `connectors`", hint="write a list `connectors:`, or one connector with a `name`"
        )


def read_bodies(content: bytes, *, place: str) -> list[dict[str, Any]]:
    """The entries of a YAML or JSON document, as they were written.

    Args:
        content: UTF-8; JSON is YAML too.
        place: For errors; a name that ends with `.json` is read as JSON, which tells the line of a mistake better.

    Raises:
        LoadFailed: It cannot be parsed, or holds something else than connectors.
    """
    try:
        return [_object(raw) for document in parse(content, place) for raw in _entries(document)]
    except InvalidDefinition as error:
        raise LoadFailed(place=place, reason=f"{error.message} ({error.hint})") from error


def _object(raw: Any) -> dict[str, Any]:
    if not isinstance(raw, Mapping):
        raise InvalidDefinition(f"a connector is `{str(raw)[:80]}`", hint="it must be an object with at least a `name`")
    return dict(raw)
