"""Schemas for commands: self-contained JSON Schema 2020-12, made when they are asked for, each shared part once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson

from jackfield.definition.openapi.convert import Conversion, Converter, Part
from jackfield.definition.openapi.def_names import DefNames
from jackfield.definition.openapi.references import Found, References
from jackfield.definition.openapi.schema_sizes import MAX_SCHEMA_BYTES, bounded
from jackfield.definition.openapi.shapes import Shape, kinds_of, shape_of
from jackfield.definition.openapi.sides import Side
from jackfield.definition.openapi.turns import without_turns

__all__ = ["SchemaBuilder", "SchemaView", "Shape"]

_SHORT = 20
"""Keywords and values of a scalar that is written out where it is used, instead of being named."""


class SchemaView:
    """Makes schemas from those of one document. What commands share is converted once."""

    def __init__(self, references: References) -> None:
        """Of the document whose references these are."""
        self.references = references
        self.names = DefNames(_schemas(references.document.root))
        self._sides: dict[Side, _Parts] = {}

    def request(self) -> SchemaBuilder:
        """For what one command takes: without what is read-only."""
        return SchemaBuilder(self._side("request"), self.references)

    def response(self) -> SchemaBuilder:
        """For what one command answers: without what is write-only."""
        return SchemaBuilder(self._side("response"), self.references)

    def _side(self, side: Side) -> _Parts:
        if side not in self._sides:
            self._sides[side] = _Parts(self.references, side, self.names)
        return self._sides[side]


class _Parts:
    """The converted parts of a document, for one side."""

    def __init__(self, references: References, side: Side, names: DefNames) -> None:
        self._names, self._named = names, dict[Part, str]()
        self._done: dict[Part, tuple[dict[str, Any], Conversion]] = {}
        self._sizes: dict[Part, int] = {}
        self.converter = Converter(references, side, self.name)

    def name(self, part: Part) -> str:
        if part not in self._named:
            self._named[part] = self._names.name(part.place, suffix="base" if part.bare else "")
        return self._named[part]

    def get(self, part: Part) -> tuple[dict[str, Any], Conversion]:
        if part not in self._done:
            self._done[part] = self.converter.part(part)
        return self._done[part]

    def size(self, part: Part) -> int:
        """In bytes, with its name: of the definition as JSON."""
        if part not in self._sizes:
            self._sizes[part] = len(orjson.dumps(self.get(part)[0])) + len(self.name(part)) + 10
        return self._sizes[part]


class SchemaBuilder:
    """Makes the schemas of one command.

    What `convert` and `shape` give is shared with other commands: never change it in place.
    """

    def __init__(self, parts: _Parts, references: References) -> None:
        """Of one side of a document."""
        self._parts, self._references = parts, references
        self._run = Conversion(part=Part(""))

    def convert(self, schema: Any, place: str) -> dict[str, Any]:
        """`schema` as JSON Schema 2020-12. What it refers to is in `#/$defs`, which `finish` adds.

        A reference to a short scalar is replaced by it: forms and command lines read that directly.

        Args:
            schema: As the document has it, of whatever type. What is no schema allows anything: `{}`.
            place: Where it stands, as in `references.inside`.
        """
        run = Conversion(part=Part(place))
        converted = self._parts.converter.schema(schema, place, run)
        if len(run.parts) == 1 and "$ref" in converted:
            (part,) = run.parts
            target, inner = self._parts.get(part)
            if not inner.parts and _is_scalar(target):
                return {**target, **{key: value for key, value in converted.items() if key != "$ref"}}
        self._run.parts |= run.parts
        return converted

    def finish(self, schema: Mapping[str, Any]) -> dict[str, Any]:
        """`schema`, made of what `convert` gave, with all that it refers to, and below 1 MB.

        A schema that is larger loses its words first, and then what is farthest from its top; both are told.
        """
        reached = dict.fromkeys(self._run.parts)
        waiting = list(reached)
        for part in waiting:
            new = [other for other in self._parts.get(part)[1].parts if other not in reached]
            reached |= dict.fromkeys(new)
            waiting += new
        defs = {self._parts.name(part): self._parts.get(part)[0] for part in reached}
        same = {
            self._parts.name(part): [self._parts.name(other) for other in self._parts.get(part)[1].same]
            for part in reached
        }
        defs = without_turns(defs, same)
        whole = {**schema, **({"$defs": defs} if defs else {})}
        if len(orjson.dumps(schema)) + sum(map(self._parts.size, reached)) <= MAX_SCHEMA_BYTES:
            return whole
        result, told = bounded(whole)
        if told:
            self._references.document.notices.add(self._first_place(reached), told)
        return result

    def _first_place(self, reached: Mapping[Part, None]) -> str:
        return next(iter(reached)).place if reached else "#"

    def shape(self, schema: Any, place: str) -> Shape | None:
        """The properties of a plain object, through references and `allOf`; `None` of anything else."""
        return shape_of(self, self._parts.converter.hidden, self._references, schema, place)

    def kind(self, schema: Any, place: str) -> frozenset[str]:
        """The JSON types that a value may have, as far as the schema tells."""
        return kinds_of(self._references, schema, place)

    def raw(self, schema: Any, place: str) -> Found:
        """The first schema with content of its own that `schema` leads to, as the document has it."""
        found = self._references.schema(schema, place)
        return found if isinstance(found.value, Mapping) else Found({}, found.place, found.resolved)


def _schemas(root: Mapping[str, Any]) -> list[str]:
    components = root.get("components")
    schemas = components.get("schemas") if isinstance(components, Mapping) else None
    return [str(name) for name in schemas] if isinstance(schemas, Mapping) else []


def _is_scalar(schema: Mapping[str, Any]) -> bool:
    kind = schema.get("type")
    kinds = kind if isinstance(kind, list) else [kind]
    if not all(one in ("string", "number", "integer", "boolean", "null") for one in kinds):
        return False
    return len(schema) + len(schema.get("enum", ())) <= _SHORT
