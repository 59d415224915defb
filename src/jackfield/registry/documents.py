"""Connectors written down: YAML and JSON files, and the same as Python dicts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import orjson

from jackfield.access.principal import DEFAULT_TENANT
from jackfield.definition.errors import InvalidDefinition
from jackfield.definition.model import ConnectorDefinition
from jackfield.definition.names import folded
from jackfield.registry.catalogue import DEFAULT_NAMESPACE, ConfiguredConnector, ConnectorType
from jackfield.registry.errors import LoadFailed
from jackfield.storage.ids import new_id

_OWN_KEYS = ("name", "namespace", "type", "displayName", "config", "enabled", "egress", "timeout", "id")
_LISTS = ("connectors",)


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
        documents = _parse(path)
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
    own = {known: raw[key] for known in _OWN_KEYS for key in raw if folded(str(key)) == folded(known)}
    if "name" not in own:
        raise InvalidDefinition("a connector has no `name`", hint="give every entry of `connectors` a `name`")
    definition = _definition(raw)
    if definition is None:
        _refuse_unknown(raw)
    return Entry(
        connector=_connector(own, definition, tenant),
        type=ConnectorType(definition=definition, place=place) if definition else None,
    )


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


_INSTANCE_ONLY = frozenset(folded(key) for key in ("type", "config", "enabled", "egress", "timeout", "id", "namespace"))


_WANTED: dict[str, tuple[type, str]] = {
    "name": (str, "text"),
    "namespace": (str, "text"),
    "type": (str, "text"),
    "id": (str, "text"),
    "displayName": (str, "text"),
    "config": (Mapping, "an object"),
    "egress": (Mapping, "an object"),
    "enabled": (bool, "true or false"),
}


def _connector(own: Mapping[str, Any], definition: ConnectorDefinition | None, tenant: str) -> ConfiguredConnector:
    for key, (kind, wanted) in _WANTED.items():
        if own.get(key) is not None and not isinstance(own[key], kind):
            shown = "" if key == "config" else f" is `{str(own[key])[:80]}`, which"
            raise InvalidDefinition(f"`{key}` of a connector{shown} is not {wanted}", hint=f"give {wanted}")
    name, type_name = own["name"], definition.name if definition else own.get("type")
    if type_name is None:
        raise InvalidDefinition(
            f"connector `{name}` has neither `type` nor `operations`",
            hint="name an installed type (`jackfield types` lists them), or describe `operations`",
        )
    timeout = own.get("timeout")
    return ConfiguredConnector(
        id=own.get("id") or new_id(),
        tenant=tenant,
        namespace=own.get("namespace") or DEFAULT_NAMESPACE,
        name=name,
        type=type_name,
        display_name=own.get("displayName") or "",
        config=dict(own.get("config") or {}),
        enabled=own.get("enabled") is not False,
        egress=_egress(name, own.get("egress") or {}),
        timeout_s=None if timeout is None else _seconds(name, timeout),
    )


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


def _parse(path: Path) -> list[Any]:
    if path.suffix == ".json":
        try:
            return [orjson.loads(path.read_bytes())]
        except orjson.JSONDecodeError as error:
            raise LoadFailed(place=str(path), reason=error.msg, line=error.lineno) from error
    import yaml

    try:
        return [document for document in yaml.safe_load_all(path.read_text(encoding="utf-8")) if document is not None]
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else None
        raise LoadFailed(place=str(path), reason=error.problem or "it is no YAML", line=line) from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise LoadFailed(place=str(path), reason=str(error).splitlines()[0]) from error
