"""The part of a body that describes a connector type: read whole, and laid over what there is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from jackfield.definition.errors import InvalidDefinition
from jackfield.definition.model import ConnectorDefinition, ExecutionModelName
from jackfield.definition.model_said import SOURCES, ModelSaid, said, said_model, source_key
from jackfield.definition.names import find, folded
from jackfield.definition.plain import plain
from jackfield.definition.sources import DOCUMENT_KEYS

if TYPE_CHECKING:
    from jackfield.definition.openapi.reader import Read

BASE_URL = "baseUrl"

METADATA_KEYS = ("displayName", "description", "category", "tags", "icon")
"""What people see of a type; it changes nothing of what a type does."""

SHAPE_KEYS = (
    *("configSchema", "connectionConfig", "fields", "commands", "source", "defaultCommand", "defaultOperation"),
    *("testCommand", "testOperation", "auth", "authRequired", "rateLimits", "rateLimit"),
    *(BASE_URL, "headers", "scriptSource", "protocol", "limits", "endpointUrl", "spec", "select", "operations"),
    *("imported", "mcpServer", "tools"),
)
"""What a type does."""

DEFINITION_KEYS = (*METADATA_KEYS, *SHAPE_KEYS, "executionModel", "version")

_AGENT: ExecutionModelName = "onprem"
_FOLDED_SHAPE = frozenset(folded(key) for key in SHAPE_KEYS)
_ALIASES = {
    "fields": "connectionconfig",
    "ratelimit": "ratelimits",
    "defaultoperation": "defaultcommand",
    "testoperation": "testcommand",
}
_FOLDED = frozenset(folded(key) for key in DEFINITION_KEYS)


def describes_type(body: Mapping[str, Any]) -> bool:
    """Whether `body` brings a type, or changes what one does."""
    return any(folded(str(key)) in _FOLDED_SHAPE for key, value in body.items() if value is not None)


def brings_type(body: Mapping[str, Any], model: ModelSaid) -> bool:
    """Whether `body` is enough to make a type: it has what its execution model runs, as an agent has by itself."""
    return model.key is not None or (model.model == _AGENT and said(body, "configSchema") is not None)


def read_body(body: Mapping[str, Any], *, name: str) -> ConnectorDefinition:
    """The definition in `body`, which is plain JSON and whose other keys are passed over, as a type called `name`.

    Raises:
        InvalidDefinition, InvalidName, NamesFallTogether, InvalidSchema: It cannot be read.
    """
    from jackfield.definition.reading import read_definition

    model = said_model(body)
    kept = {key: value for key, value in body.items() if folded(str(key)) in _FOLDED and value is not None}
    stated = find("executionModel", kept)
    if stated is not None:
        kept[stated] = model.model  # by its own name
    return read_definition({**kept, "name": name}, model=model.model or "built_in")


def read_type(document: Mapping[str, Any]) -> ConnectorDefinition:
    """A described type by itself.

    Raises:
        InvalidDefinition: It cannot be read, or describes none.
    """
    if not isinstance(document, Mapping):
        raise InvalidDefinition(f"a connector type is `{str(document)[:80]}`", hint="it must be an object")
    from jackfield.definition.reading import read_definition

    values = plain({key: value for key, value in document.items() if folded(str(key)) != "type"})
    name, model = values.get("name"), said_model(values)
    if name is None:
        raise InvalidDefinition("a connector type has no `name`", hint="give an object with `name` and `operations`")
    if not brings_type(values, model):
        raise lacks_source(f"connector type `{name}`", model.model)
    if (stated := find("executionModel", values)) is not None:
        values[stated] = model.model
    return read_definition(values, model=model.model or "built_in")


def changed_type(old: ConnectorDefinition, body: Mapping[str, Any]) -> ConnectorDefinition:
    """`old` with what `body` says instead. Its name, execution model and version stay.

    What `body` says under a key replaces all that was there; of `configSchema`, the connection and the commands are
    replaced each by itself. `null` clears.

    Raises:
        InvalidDefinition: It cannot be read, or is about another execution model.
    """
    from jackfield.definition.lifted import lifted
    from jackfield.definition.reading import read_definition

    # What is run cannot be cleared, so `null` says nothing of it.
    body = {key: value for key, value in plain(body).items() if value is not None or find(key, SOURCES) is None}
    _check_model(old, body)
    new, _ = lifted(body)
    kept = _kept(old, {_ALIASES.get(folded(key), folded(key)) for key in new})
    if old.execution_model == "http":
        _keep_operations(kept, new)
    _keep_names(kept, new)
    apart = {"name", "version", "executionmodel"}
    own = {key: value for key, value in body.items() if value is not None and folded(key) not in apart}
    changed = read_definition({**kept, **own, "name": old.name}, model=old.execution_model)
    return replace(changed, name=old.name, version=old.version)


def with_document(old: ConnectorDefinition, read: Read) -> ConnectorDefinition:
    """`old`, which is imported, of another document: what `changed_type` makes of it, read once.

    A default or test command that the document lacks is left out.
    """
    from jackfield.definition.described import needs_credential
    from jackfield.definition.openapi.commands import Commands
    from jackfield.definition.openapi.described import joined_fields

    derived = old.commands if isinstance(old.commands, Commands) else None
    own = tuple(f for f in old.fields if derived is None or f not in derived.fields)
    fields = joined_fields(own, read)
    needed = needs_credential(old.fields, old.auth) or bool(derived and derived.auth_required)
    follows = old.auth_required == needed
    auth = read.auth if derived is not None and old.auth == derived.auth else old.auth
    default, test = (find(name, read.commands) if name else None for name in (old.default_command, old.test_command))
    return replace(
        old,
        fields=fields,
        commands=read.commands,
        default_command=default,
        test_command=test or find("test", read.commands),
        auth=auth,
        auth_required=needs_credential(fields, auth) or read.auth_required if follows else old.auth_required,
        source={**{key: value for key, value in old.source.items() if key not in DOCUMENT_KEYS}, **read.source},
    )


def lacks_source(what: str, model: ExecutionModelName | None) -> InvalidDefinition:
    """The error of a type that is named with its execution model, and not described."""
    if model is None or model == "built_in":
        return InvalidDefinition(
            f"{what} has none of {', '.join(f'`{key}`' for key in SOURCES)}",
            hint="describe it with one of them; a type written in Python comes with its package or file",
        )
    key = source_key(model) or "configSchema"
    return InvalidDefinition(
        f"{what} has the execution model `{model}` and no `{key}`", hint=f"give `{key}`, or name a `type` that there is"
    )


def _check_model(old: ConnectorDefinition, body: Mapping[str, Any]) -> None:
    model = said_model(body)
    if model.model is None or model.model == old.execution_model:
        return
    because = f"`{model.key}`" if model.key else f"`executionModel: {model.model}`"
    raise InvalidDefinition(
        f"connector type `{old.name}` has the execution model `{old.execution_model}`, and {because} means "
        f"`{model.model}`",
        hint="a type keeps its execution model: make another type",
    )


def _kept(old: ConnectorDefinition, replaced: set[str]) -> dict[str, Any]:
    """What stays of `old`, as a body says it."""
    from jackfield.definition.described import needs_credential
    from jackfield.definition.floh import stored_json
    from jackfield.definition.mcp.tools import commands_of as commands_of_tools
    from jackfield.definition.script_functions import commands_of

    written = stored_json(old)
    needed = _drop_derived(written, old)
    if old.execution_model == "script" and old.commands == commands_of(old.source):  # those of the new script count
        written["configSchema"]["commands"] = {}
        if written["testCommand"] == find("test", old.commands):
            del written["testCommand"]
    if old.execution_model == "mcp" and old.commands == commands_of_tools(old.source):  # as follows from new ones
        written["configSchema"]["commands"] = {}
    if folded(BASE_URL) in replaced:  # the default of its field is the base URL that goes
        fields = written["configSchema"]["connectionConfig"]
        written["configSchema"]["connectionConfig"] = {n: f for n, f in fields.items() if folded(n) != folded(BASE_URL)}
    needed = needed or needs_credential(old.fields if old.execution_model != "http" else (), old.auth)
    if old.auth_required == needed:
        del written["authRequired"]  # follows from the rest
    for key in ("version", "executionModel", "name"):
        del written[key]
    flat = {**written, **written.pop("configSchema"), **written.pop("source")}
    flat.pop("configSchema", None)
    flat.pop("source", None)
    return {
        key: value for key, value in flat.items() if folded(key) not in replaced and value not in (None, "", [], {})
    }


def _drop_derived(written: dict[str, Any], old: ConnectorDefinition) -> bool:
    """Leave out the connection fields that a document gives, and tell whether it asks for a credential.

    They are read from the document again, which may be another one by then.
    """
    if old.execution_model != "openapi":
        return False
    from jackfield.definition.openapi.commands import Commands

    if not isinstance(old.commands, Commands):
        return False
    derived = {f.name for f in old.commands.fields if f in old.fields}
    fields = written["configSchema"]["connectionConfig"]
    written["configSchema"]["connectionConfig"] = {name: f for name, f in fields.items() if name not in derived}
    if old.auth == old.commands.auth:
        written["auth"] = {}
    return old.commands.auth_required


def _keep_operations(kept: dict[str, Any], new: Mapping[str, Any]) -> None:
    """What is new of operations replaces what is said of their commands, and the other way round."""
    if find("operations", new) is not None:
        kept.pop("commands", None)
    elif isinstance(commands := said(new, "commands"), Mapping):
        kept["operations"] = {
            name: _fitting(operation, commands[found])
            for name, operation in kept["operations"].items()
            if (found := find(name, commands)) is not None
        }


def _fitting(operation: Mapping[str, Any], command: Any) -> dict[str, Any]:
    """An operation without the places of params that its command no longer has."""
    from jackfield.definition.floh import read_commands

    properties = read_commands({"command": command})["command"].properties
    mapping = {name: place for name, place in operation["mapping"].items() if name in (*properties, "*")}
    names = {name: wire for name, wire in operation.get("names", {}).items() if name in properties}
    kept = {key: value for key, value in operation.items() if key != "names"} | ({"names": names} if names else {})
    return {**kept, "mapping": {**mapping, **_path_of(operation)}}


def _path_of(operation: Mapping[str, Any]) -> dict[str, Any]:
    return {name: place for name, place in operation["mapping"].items() if place == "path"}


def _keep_names(kept: dict[str, Any], new: Mapping[str, Any]) -> None:
    """Drop a default or test command that is no longer there."""
    raw = said(new, "operations") or said(new, "commands")
    if not isinstance(raw, Mapping | list):
        return
    listed = raw if isinstance(raw, Mapping) else [each.get("name") for each in raw if isinstance(each, Mapping)]
    there = {str(name): None for name in listed}
    for key in ("defaultCommand", "testCommand"):
        if key in kept and find(kept[key], there) is None:
            del kept[key]
