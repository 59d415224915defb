"""`auth_fields`: the connection, as Floh's `connectionConfig` has it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jackfield.definition.fluxturn.conditions import Values, read_shown
from jackfield.definition.fluxturn.known import Known
from jackfield.definition.fluxturn.notes import SECRET_NAMES, Notes
from jackfield.definition.fluxturn.params import choices, schema_of
from jackfield.definition.fluxturn.signing import Fields
from jackfield.definition.names import folded
from jackfield.definition.operations_reader import Faults, Place

_KINDS: Mapping[str, str] = {
    **dict.fromkeys(("string", "text", "email", "phone", "date", "datetime", "id", "uuid", "hidden"), "string"),
    **dict.fromkeys(("password", "secret"), "secret"),
    **dict.fromkeys(("textarea", "code", "file"), "textarea"),
    **dict.fromkeys(("url", "uri"), "string"),  # people leave `https://` out, and a base URL may want it so
    **dict.fromkeys(("number", "float"), "number"),
    **dict.fromkeys(("integer", "int"), "integer"),
    **dict.fromkeys(("boolean", "bool", "checkbox", "toggle", "switch"), "boolean"),
    **dict.fromkeys(("select", "dropdown", "options", "radio"), "select"),
    **dict.fromkeys(("object", "json", "array", "multiselect", "any"), "raw"),
}
_TEXTS = ("label", "description", "placeholder", "helpUrl", "helpText")


def read_fields(raw: Any, at: Place, faults: Faults, notes: Notes) -> Fields:
    """The connection that `auth_fields` describes: a list of fields with a `key` each, or a map of them."""
    described = _described(raw, at, faults)
    fields: Fields = {}
    for name, (place, said) in described.items():
        fields[name] = _field(name, said, place, notes)
    names = Known(fields)
    for name, (place, said) in described.items():
        shown = read_shown(said.get("displayOptions"), (*place, "displayOptions"), notes, names=names)
        conditions = {**shown.show, **_other_values(shown.hide, fields)}
        if shown.unclear or len(conditions) < len({**shown.show, **shown.hide}):
            fields[name]["required"] = False
            if not shown.unclear:
                notes.add((*place, "displayOptions"), "what hides it has no list of values: it is always shown")
        if conditions:
            fields[name]["displayOptions"] = {"show": {key: list(values) for key, values in conditions.items()}}
    return fields


def _described(raw: Any, at: Place, faults: Faults) -> dict[str, tuple[Place, Mapping[str, Any]]]:
    if raw is None:
        return {}
    if isinstance(raw, Mapping):
        items = [
            ((*at, str(name)), {"key": name, **said} if isinstance(said, Mapping) else said)
            for name, said in raw.items()
        ]
    elif isinstance(raw, list | tuple):
        items = [((*at, index), said) for index, said in enumerate(raw)]
    else:
        faults.wrong(at, type(raw).__name__, "a list of fields with a `key` each")
        return {}
    found: dict[str, tuple[Place, Mapping[str, Any]]] = {}
    taken = Known()
    for place, said in items:
        if not isinstance(said, Mapping):
            faults.wrong(place, type(said).__name__, "an object with a `key`")
            continue
        name = said.get("key", said.get("name"))
        if not isinstance(name, str) or not name:
            faults.missing((*place, "key"), "the name of the field")
        elif taken.find(name) is not None:
            faults.add((*place, "key"), f"there is a field `{name}` already", hint="give it another key")
        else:
            found[name] = (place, said)
            taken.add(name)
    return found


def _field(name: str, said: Mapping[str, Any], at: Place, notes: Notes) -> dict[str, Any]:
    word = str(said.get("type", "string")).lower().replace("-", "").replace("_", "")
    kind = _KINDS.get(word, "string")
    if word not in _KINDS:
        notes.add((*at, "type"), f"`{str(said['type'])[:80]}` is no type that is known: it is a text")
    values, labels = choices(said.get("options"))
    if kind in {"string", "select"}:
        kind = "select" if values else "string"
    if kind == "string" and folded(name) in SECRET_NAMES:
        kind = "secret"
    field: dict[str, Any] = {"type": kind, "required": said.get("required") is True}
    field |= {key: said[key] for key in _TEXTS if isinstance(said.get(key), str) and said[key]}
    if values and kind == "select":
        offered = {"enum": values} | ({"enumNames": labels} if labels != [str(value) for value in values] else {})
        field |= {"options": values, "schema": offered}
    if (default := said.get("default")) not in (None, ""):
        field |= _default(kind, said, default, at, notes)
    return field


def _default(kind: str, said: Mapping[str, Any], default: Any, at: Place, notes: Notes) -> dict[str, Any]:
    if kind == "secret":
        notes.add((*at, "default"), "it is not kept: a definition is no place for a secret")
        return {}
    checked = schema_of({"type": kind, "options": said.get("options"), "default": default}, at, notes)
    return {"default": default} if "default" in checked else {}


def _other_values(hide: Values, fields: Fields) -> dict[str, tuple[Any, ...]]:
    """For which values a field is shown that others hide, where the values of the other field are known."""
    found = {}
    for name, hidden in hide.items():
        every = (True, False) if fields[name]["type"] == "boolean" else tuple(fields[name].get("options", ()))
        if every and len(hide) == 1:
            found[name] = tuple(value for value in every if value not in hidden)
    return found
