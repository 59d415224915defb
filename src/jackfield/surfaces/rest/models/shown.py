"""Schemas of answers. They are made of the views that are answered, so that both say the same.

They are written when somebody asks for the document: a server that is asked for nothing else starts sooner.
"""

from __future__ import annotations

import dataclasses
import inspect
import re
from collections.abc import Callable, Mapping, Sequence
from types import NoneType
from typing import Any, Literal, Protocol, get_args, get_origin, get_type_hints

from jackfield.manage.views import INSTANTS, TIMES, camel

Schema = dict[str, Any]

_ATTRIBUTE = re.compile(r"^ {4}(\w+(?:, \w+)*): (.+(?:\n {8,}.+)*)", re.MULTILINE)
_MICROSECONDS = re.compile(r",? ?(?:in )?[Mm]icroseconds since 1970(?:; so is `\w+`, which is|;|,)? ?")
_PLAIN: Mapping[Any, Schema] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    float: {"type": "number"},
    bool: {"type": "boolean"},
    Any: {},
}
_NULL: Schema = {"type": "null"}


class Answered(Protocol):
    """What can be answered."""

    def schema(self, components: dict[str, Schema]) -> Schema:
        """Its schema, or a reference to it where it is added to `components`."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Shown:
    """What `to_json` makes of a view.

    Attributes:
        view: A dataclass.
        name: Of the schema.
        without: Fields that are left out.
        spelt: From the name of a field to that of its key.
        more: Keys that are there beside.
    """

    view: type
    name: str
    without: frozenset[str] = frozenset()
    spelt: Callable[[str], str] = camel
    more: Mapping[str, Schema | Answered] = dataclasses.field(default_factory=dict)

    def schema(self, components: dict[str, Schema]) -> Schema:
        """See `Answered`."""
        if self.name not in components:
            components[self.name] = {}  # before what is inside, so that a circle ends
            hints, told = get_type_hints(self.view), _attributes(self.view.__doc__ or "")
            names = [each.name for each in dataclasses.fields(self.view) if each.name not in self.without]
            said = {name: {"description": told[name]} if name in told else {} for name in names}
            keys = {self.spelt(name): _schema(name, hints[name], components) | said[name] for name in names}
            keys |= {name: _resolved(schema, components) for name, schema in self.more.items()}
            first = (self.view.__doc__ or "").strip().splitlines()[0]
            components[self.name] = _object(self.name, keys, description=first)
        return _reference(self.name)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Page:
    """A part of a list.

    Attributes:
        item: One of the list.
        cursor: It can be continued where it ended, and need not be counted.
        spelt: As in `Shown`.
    """

    item: Shown
    cursor: bool = False
    spelt: Callable[[str], str] = camel

    def schema(self, components: dict[str, Schema]) -> Schema:
        """See `Answered`."""
        name = f"{self.item.name}Page"
        number: Schema = {"anyOf": [{"type": "integer"}, _NULL]} if self.cursor else {"type": "integer"}
        keys = {
            "items": {"type": "array", "items": self.item.schema(components)},
            "total": number | {"description": "How many there are in all; null where they were not counted."},
            "page": number | {"description": "From 1; null after a cursor."},
            self.spelt("page_size"): {"type": "integer", "description": "At most so many items."},
        }
        required = list(keys)
        if self.cursor:
            told = "Give it as `cursor` to go on; there is none at the end."
            keys[self.spelt("next_cursor")] = {"type": "string", "description": told}
        components[name] = _object(name, keys, required=required, description="A part of a list.")
        return _reference(name)


@dataclasses.dataclass(frozen=True, kw_only=True)
class EachOf:
    """Several, whole.

    Attributes:
        told: What is said of them.
    """

    item: Shown
    told: str

    def schema(self, components: dict[str, Schema]) -> Schema:
        """See `Answered`."""
        return {"type": "array", "items": self.item.schema(components), "description": self.told}


class Problem:
    """What went wrong (RFC 9457)."""

    def schema(self, components: dict[str, Schema]) -> Schema:
        """See `Answered`."""
        text: Schema = {"type": "string"}
        fault = {"pointer": text | {"description": "Where: a JSON Pointer (RFC 6901)."}, "message": text}
        components["Fault"] = _object("Fault", fault, description="One thing wrong with what was sent.")
        keys = {
            "type": text | {"description": "`urn:jackfield:error:` and the code."},
            "title": text | {"description": "What kind of problem it is."},
            "status": {"type": "integer"},
            "detail": text | {"description": "What happened."},
            "code": text | {"description": "For programs. The documentation explains each."},
            "hint": text | {"description": "What to do about it."},
            "retry": {"enum": ["never", "later", "after_fix"], "description": "Whether the same request can succeed."},
            "details": {"type": "object", "additionalProperties": True},
            "requestId": text | {"description": "Also in the server's log."},
            "errors": {"type": "array", "items": _reference("Fault"), "description": "All that is wrong with it."},
        }
        components["Problem"] = _object("Problem", keys, description="What went wrong (RFC 9457).")
        return _reference("Problem")


def _schema(name: str, hint: Any, components: dict[str, Schema]) -> Schema:
    inner = [one for one in get_args(hint) if one is not NoneType]
    if NoneType in get_args(hint):
        return {"anyOf": [_schema(name, inner[0], components), _NULL]}
    if hint is int and name in TIMES | INSTANTS:
        return {"type": "string", "format": "date-time"}
    if dataclasses.is_dataclass(hint) and isinstance(hint, type):
        return Shown(view=hint, name=hint.__name__.removesuffix("View").removesuffix("Info")).schema(components)
    several: dict[Any, Callable[[], Schema]] = {
        Literal: lambda: {"type": "string", "enum": inner},
        Sequence: lambda: {"type": "array", "items": _schema("", inner[0], components)},
        tuple: lambda: {"type": "array", "items": _schema("", inner[0], components)},
        Mapping: lambda: {"type": "object", "additionalProperties": True},
    }
    origin = get_origin(hint)
    return several[origin]() if origin in several else dict(_PLAIN[hint])


def _object(
    title: str, keys: Mapping[str, Schema], *, description: str, required: Sequence[str] | None = None
) -> Schema:
    return {
        "title": title,
        "description": description,
        "type": "object",
        "required": list(keys if required is None else required),
        "properties": dict(keys),
    }


def _reference(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def _resolved(schema: Schema | Answered, components: dict[str, Schema]) -> Schema:
    return schema if isinstance(schema, dict) else schema.schema(components)


def _attributes(docstring: str) -> dict[str, str]:
    """What a docstring says of each attribute. Times are shown as text, so nothing is said of their unit."""
    _, _, section = inspect.cleandoc(docstring).partition("Attributes:")
    found: dict[str, str] = {}
    for names, told in _ATTRIBUTE.findall(section):
        words = _MICROSECONDS.sub("", " ".join(told.split())).strip()
        found |= {name: words[0].upper() + words[1:] for name in names.split(", ") if words.strip(" .")}
    return found
