"""Equal parts of one schema as one definition, where that is shorter."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

import orjson

from jackfield.definition.openapi.inlined import PREFIX
from jackfield.definition.openapi.subschemas import inner, mapped

_LEAST = 60
"""Bytes of a part that is worth a name: a reader has to look it up."""
_SAVED = 20
_REFERENCE = len('{"$ref":"#/$defs/"}')
_ODD = re.compile(r"[^A-Za-z0-9_.-]+")
_LONGEST = 40


def shared(schema: Mapping[str, Any]) -> dict[str, Any]:
    """`schema`, with parts that stand in it several times as definitions, called as the first property of theirs.

    The params themselves stay where they are: forms and command lines read those directly.
    """
    sharing = _Sharing(schema)
    return sharing.whole() if sharing.worth else dict(schema)


class _Sharing:
    def __init__(self, schema: Mapping[str, Any]) -> None:
        self._schema = schema
        self._key: dict[int, bytes] = {}
        uses, called = Counter[bytes](), dict[bytes, str]()
        self._read(schema, "", uses, called)
        self.worth = {
            key: called[key]
            for key, count in uses.items()
            if count > 1 and _saved(key, count, len(called[key])) >= _SAVED
        }
        self._names: dict[bytes, str] = {}
        self._taken = set(schema.get("$defs", {}))
        self._made: dict[str, dict[str, Any]] = {}

    def _read(self, schema: Mapping[str, Any], name: str, uses: Counter[bytes], called: dict[bytes, str]) -> None:
        """Count equal parts. What is inside one that was counted already is not counted again."""
        for at, part in inner(schema):
            own = at or name
            text = orjson.dumps(part)
            if len(text) < _LEAST:
                continue
            if schema is self._schema:  # params and definitions stay what they are
                self._read(part, own, uses, called)
                continue
            self._key[id(part)] = text
            uses[text] += 1
            called.setdefault(text, _ODD.sub("_", own).strip("_")[:_LONGEST] or "part")
            if uses[text] == 1:
                self._read(part, own, uses, called)

    def whole(self) -> dict[str, Any]:
        defs = self._schema.get("$defs", {})
        top = mapped(
            {key: value for key, value in self._schema.items() if key not in ("$defs", "properties")}, self._put
        )
        properties = {
            name: mapped(part, self._put) if isinstance(part, Mapping) else part
            for name, part in self._schema.get("properties", {}).items()
        }
        kept = {name: mapped(part, self._put) for name, part in defs.items()}
        ordered = {key: properties if key == "properties" else top[key] for key in self._schema if key != "$defs"}
        return {**ordered, "$defs": {**kept, **self._made}}

    def _put(self, part: Mapping[str, Any], _: str = "") -> dict[str, Any]:
        key = self._key.get(id(part))
        if key not in self.worth or key is None:
            return mapped(part, self._put)
        if key not in self._names:
            self._names[key] = self._name(self.worth[key])
            self._made[self._names[key]] = mapped(part, self._put)
        return {"$ref": PREFIX + self._names[key]}

    def _name(self, wanted: str) -> str:
        name = next(one for one in _numbered(wanted) if one not in self._taken)
        self._taken.add(name)
        return name


def _numbered(name: str) -> Iterator[str]:
    yield name
    count = 2
    while True:
        yield f"{name}_{count}"
        count += 1


def _saved(part: bytes, count: int, name: int) -> int:
    return (count - 1) * len(part) - count * (_REFERENCE + name) - name - len('"":,')
