"""One operation, compiled: everything about a request that does not depend on a call."""

from __future__ import annotations

import weakref
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from jackfield.definition.errors import InvalidSchema
from jackfield.definition.model import CommandDefinition, ConnectorDefinition
from jackfield.definition.names import closest
from jackfield.definition.operations_answers import Form
from jackfield.definition.operations_mapping import BODILESS, REST, Location
from jackfield.definition.operations_paths import steps
from jackfield.definition.operations_reader import Faults, Place
from jackfield.definition.validation import ObjectValidator
from jackfield.execution.errors import TemplateRefused
from jackfield.execution.http.paths import PathTemplate, compile_base, compile_path
from jackfield.execution.templates import Template, compile_template

Meaning = Literal["empty", "ok"] | Template
"""What an error status is: a success without payload, a success, or a failure with this message."""

BodyKind = Literal["json", "form", "multipart"]

Headers = Mapping[str, tuple[str, Template]]
"""Name and value, by the name in lower case."""

_OF_CALLS = frozenset({"params", "config"})
_OF_ANSWERS = frozenset({"status", "body", "headers"})
_KINDS: Mapping[str, BodyKind] = {"application/x-www-form-urlencoded": "form", "multipart/form-data": "multipart"}


@dataclass(frozen=True, kw_only=True)
class Plan:
    """How one operation is sent and its answer read.

    Attributes:
        base: The address that the path is appended to; empty where it is the connector's.
        locations: Where each declared param goes.
        names: What the service calls a param, where that differs; of a member inside of others, all their names.
        joined: What stands between the items of a list in the query, where its name is not repeated.
        rest: Where all others go.
        headers: Static ones, those of the operation before those of the connector; lower-case names are unique.
        body: How the params that go there are written.
        files: Params that are base64 of what a part holds.
        sends_body: Even a call without body params sends one.
        body_optional: A call without body params sends none, and no content type.
        part: The steps to the part of the answer that is the payload; none for all of it.
        errors: By status such as `404` or `4xx`; `None` when every status is a success.
    """

    method: str
    path: PathTemplate
    base: str
    locations: Mapping[str, Location]
    names: Mapping[str, str | tuple[str, ...]]
    joined: Mapping[str, str]
    rest: Location
    headers: tuple[tuple[str, Template], ...]
    body: BodyKind
    files: frozenset[str]
    sends_body: bool
    body_optional: bool
    answer: Form
    part: tuple[str | int | None, ...]
    part_text: str
    errors: Mapping[str, Meaning] | None

    def name_of(self, param: str) -> str:
        """What the service calls a param, where names are flat."""
        name = self.names.get(param, param)
        return name if isinstance(name, str) else ".".join(name)


class Plans:
    """The plans of definitions, made when they are first needed and dropped with their definition."""

    def __init__(self) -> None:
        self._kept: dict[int, tuple[weakref.ref[ConnectorDefinition], dict[str, Plan]]] = {}

    def get(self, definition: ConnectorDefinition, command: CommandDefinition) -> Plan:
        """The plan of `command`.

        Raises:
            InvalidDefinition: The operation cannot be compiled.
        """
        plans = self._of(definition)
        plan = plans.get(command.name)
        if plan is None:
            plan = plans[command.name] = compile_operation(definition, command)
        return plan

    def _of(self, definition: ConnectorDefinition) -> dict[str, Plan]:
        # By identity: hashing a definition would walk all of it, and its mappings cannot be hashed.
        key = id(definition)
        kept = self._kept.get(key)
        if kept is None or kept[0]() is not definition:
            gone = weakref.ref(definition, lambda _: self._kept.pop(key, None))
            kept = self._kept[key] = (gone, {})
        return kept[1]


def compile_operation(definition: ConnectorDefinition, command: CommandDefinition) -> Plan:
    """The plan of one operation.

    Raises:
        InvalidDefinition: A template, its variables or the schema of the params are wrong; all faults at once.
    """
    faults = Faults()
    plan = _compile(definition, command, _common_headers(definition, faults), faults)
    faults.raise_any(what=f"operation `{command.name}` of connector `{definition.name}`")
    assert plan is not None  # noqa: S101  # made whenever there are no faults
    return plan


def check_operations(definition: ConnectorDefinition) -> None:
    """Do nothing if every operation can be compiled. For when a definition is saved: calls compile one at a time.

    Raises:
        InvalidDefinition: Some cannot; all faults of all operations at once.
    """
    faults = Faults()
    _check_base(definition.source["baseUrl"], ("baseUrl",), definition, faults)
    common = _common_headers(definition, faults)
    for command in definition.commands.values():
        _compile(definition, command, common, faults)
    faults.raise_any(what=f"connector `{definition.name}`")


def _compile(
    definition: ConnectorDefinition, command: CommandDefinition, common: Headers, faults: Faults
) -> Plan | None:
    source: Mapping[str, Any] = definition.source["operations"][command.name]
    at: Place = ("operations", command.name)
    known = _known(definition, command)
    _check_schema(command, (*at, "parameters"), faults)
    _check_base(source.get("baseUrl", ""), (*at, "baseUrl"), definition, faults)
    path = _path(source["path"], (*at, "path"), known, faults)
    own = _headers(source["headers"], (*at, "headers"), known, faults)
    headers = tuple({**own, **{name: header for name, header in common.items() if name not in own}}.values())
    errors = _errors(source["errors"], (*at, "errors"), known | _OF_ANSWERS, faults)
    if faults.found or path is None:
        return None
    locations = {name: place for name, place in source["mapping"].items() if name != REST}
    part, required = source["response"].get("path", ""), source.get("bodyRequired", True)
    return Plan(
        method=source["method"],
        path=path,
        base=source.get("baseUrl", ""),
        locations=locations,
        names={p: n if isinstance(n, str) else tuple(n) for p, n in source.get("names", {}).items()},
        joined=source.get("joined", {}),
        rest=source["mapping"][REST],
        headers=headers,
        body=_body_kind(headers),
        files=_files(command),
        sends_body=source["method"] not in BODILESS and "body" in locations.values() and required,
        body_optional=not required,
        answer=source["response"]["type"],
        part=steps(part),
        part_text=part,
        errors=errors,
    )


def _body_kind(headers: tuple[tuple[str, Template], ...]) -> BodyKind:
    """As the static content type says; JSON of whatever name where it says nothing of forms."""
    said = next((value.source.lower() for name, value in headers if name.lower() == "content-type"), "")
    return next((kind for media_type, kind in _KINDS.items() if media_type in said), "json")


def _files(command: CommandDefinition) -> frozenset[str]:
    return frozenset(name for name, schema in command.properties.items() if _is_file(schema))


def _is_file(schema: Any) -> bool:
    if not isinstance(schema, Mapping):
        return False
    return schema.get("contentEncoding") == "base64" or ("items" in schema and _is_file(schema["items"]))


def _known(definition: ConnectorDefinition, command: CommandDefinition) -> frozenset[str]:
    return frozenset({*_OF_CALLS, *command.properties, *(f.name for f in definition.fields)})


def _check_base(base: str, at: Place, definition: ConnectorDefinition, faults: Faults) -> None:
    try:
        parts = compile_base(base) if base else ""
    except (ValueError, TemplateRefused) as error:
        faults.add(at, str(error), hint="use an address such as `https://api.example.com/v1`")
        return
    fields = frozenset({f.name for f in definition.fields})
    for part in parts if isinstance(parts, tuple) else ():
        if not isinstance(part, str):
            _check_names(part.names, at, fields, faults)


def _check_schema(command: CommandDefinition, at: Place, faults: Faults) -> None:
    try:
        ObjectValidator(command.params)
    except InvalidSchema as error:
        faults.add(at, error.message, hint=error.hint)


def _path(text: str, at: Place, known: frozenset[str], faults: Faults) -> PathTemplate | None:
    try:
        path = compile_path(text)
    except (ValueError, TemplateRefused) as error:
        faults.add(at, str(error), hint="use one such as `/todos/{id}`")
        return None
    _check_names(path.names, at, known, faults)
    return path


def _common_headers(definition: ConnectorDefinition, faults: Faults) -> Headers:
    """Those that all operations send, made once for all: to make them, the params of each are looked at."""
    if not (said := definition.source["headers"]):
        return {}
    # One may use a param that only some operations have, with a default for the others.
    params = {name for command in definition.commands.values() for name in command.properties}
    return _headers(said, ("headers",), _OF_CALLS | params | {f.name for f in definition.fields}, faults)


def _headers(said: Mapping[str, str], at: Place, known: frozenset[str], faults: Faults) -> Headers:
    found: dict[str, tuple[str, Template]] = {}
    for name, text in said.items():
        template = _template(text, (*at, name), known, faults)
        if template is not None:
            found.setdefault(name.lower(), (name, template))
    return found


def _errors(said: Any, at: Place, known: frozenset[str], faults: Faults) -> Mapping[str, Meaning] | None:
    if said == "ignore":
        return None
    found: dict[str, Meaning] = {}
    for status, meaning in said.items():
        compiled = meaning if meaning in {"empty", "ok"} else _template(meaning, (*at, status), known, faults)
        if compiled is not None:
            found[status] = compiled
    return found


def _template(text: str, at: Place, known: frozenset[str], faults: Faults) -> Template | None:
    try:
        template = compile_template(text)
    except TemplateRefused as error:
        faults.add(at, error.message, hint=error.hint)
        return None
    _check_names(template.names, at, known, faults)
    return template


def _check_names(names: frozenset[str], at: Place, known: frozenset[str], faults: Faults) -> None:
    for name in sorted(names - known):
        close = closest(name, known) if faults.are_told() else None
        hint = f"did you mean `{close}`?" if close else "declare it as a parameter or a connection field"
        faults.add(at, f"`{name}` is neither a param nor a connection field", hint=hint)
