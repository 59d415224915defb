"""Values of a YAML text as JSON has them: keys and dates are texts, aliases are no bombs, doubled keys are told.

One pass over the parser's events, without recursion: however deeply a text is nested, it cannot exhaust the stack.
Plain words are read as YAML 1.2 has them, so `no`, `on` and `12:30` are texts.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from jackfield.definition.faults import pointer

MAX_VALUES = 5_000_000
"""Of a document with its aliases written out. The largest public API has about 1.5 million."""
MAX_DEPTH = 200

_INTEGER = re.compile(r"[-+]?(?:0|[1-9][0-9]*)\Z")
_OTHER_BASE = re.compile(r"0(?:o[0-7]+|x[0-9a-fA-F]+)\Z")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|(?:0|[1-9][0-9]*)(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?\Z")
_WORDS: dict[str, Any] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_LONGEST_NUMBER = 40
_LARGEST = 2**63
"""Whole numbers from here on become floating-point ones: databases cannot keep them otherwise."""
_TAG = "tag:yaml.org,2002:"
_MERGE = "<<"

Twice = Callable[[str, str], None]


class YamlUnreadable(ValueError):
    """A text is no YAML that can be used.

    Attributes:
        reason: Without a full stop.
        line, column: Of the mistake, from 1; 0 where the parser does not tell them.
    """

    def __init__(self, reason: str, *, line: int = 0, column: int = 0) -> None:
        super().__init__(reason)
        self.reason, self.line, self.column = reason, line, column


@dataclass(slots=True)
class _Open:
    """An object or a list that is not finished: what is in it, and its size and depth with aliases written out."""

    value: dict[str, Any] | list[Any]
    anchor: str | None
    key: str | None = None
    merged: list[dict[str, Any]] = field(default_factory=list)
    size: int = 1
    depth: int = 0


@dataclass(slots=True)
class _Anchored:
    value: Any
    size: int
    depth: int


def read_yaml(text: str, *, texts: frozenset[tuple[str, ...]] = frozenset(), twice: Twice | None = None) -> Any:
    """The value of the first document in `text`; `None` where there is none.

    Args:
        text: YAML 1.1 or 1.2, or JSON.
        texts: Paths of keys whose plain values stay as they are written: with `("openapi",)` the value of an
            unquoted `openapi: 3.0` is the text `3.0`, not a number.
        twice: Told the JSON Pointer and the key of each key that is doubled in its object. The last one holds.

    Raises:
        YamlUnreadable: It cannot be parsed, is nested too deeply, or would be too large.
    """
    return _Builder(texts=texts, twice=twice or (lambda _, __: None)).build(text)


class _Builder:
    def __init__(self, *, texts: frozenset[tuple[str, ...]], twice: Twice) -> None:
        self._texts, self._twice = texts, twice
        self._open: list[_Open] = []
        self._anchors: dict[str, _Anchored | None] = {}
        self._total = 0
        self._event: Any = None

    def build(self, text: str) -> Any:
        for event in _events(text):
            self._event = event
            kind = type(event).__name__
            if kind == "ScalarEvent":
                done = self._scalar(event)
            elif kind == "AliasEvent":
                done = self._alias(event.anchor)
            elif kind in ("MappingStartEvent", "SequenceStartEvent"):
                self._start({} if kind == "MappingStartEvent" else [], event.anchor)
                continue
            elif kind in ("MappingEndEvent", "SequenceEndEvent"):
                done = self._end()
            else:
                continue
            if done is not None:
                return done.value
        return None

    def _start(self, value: dict[str, Any] | list[Any], anchor: str | None) -> None:
        if len(self._open) >= MAX_DEPTH:
            raise self._failed(f"it is nested too deeply, in more than {MAX_DEPTH} levels")
        self._need_a_key()
        if anchor:
            self._anchors[anchor] = None  # until it ends, it refers to itself
        self._open.append(_Open(value, anchor))

    def _need_a_key(self) -> None:
        if self._open and isinstance(self._open[-1].value, dict) and self._open[-1].key is None:
            raise self._failed("an object or a list stands where a key is expected")

    def _end(self) -> _Anchored | None:
        ended = self._open.pop()
        if ended.merged and isinstance(ended.value, dict):
            for merged in ended.merged:
                ended.value = {**merged, **ended.value}
        return self._put(ended.value, ended.anchor, size=ended.size, depth=ended.depth + 1)

    def _alias(self, name: str) -> _Anchored | None:
        if name not in self._anchors:
            raise self._failed(f"the alias `*{name}` names nothing before it")
        found = self._anchors[name]
        if found is None:
            raise self._failed(f"the alias `*{name}` refers to itself")
        if self._open and isinstance(self._open[-1].value, dict) and self._open[-1].key is None:
            return self._put(str(found.value), None, size=1, depth=0)
        return self._put(found.value, None, size=found.size, depth=found.depth)

    def _scalar(self, event: Any) -> _Anchored | None:
        parent = self._open[-1] if self._open else None
        if parent and isinstance(parent.value, dict) and parent.key is None:
            self._key(parent, event.value)
            if event.anchor:
                self._anchors[event.anchor] = _Anchored(event.value, 1, 0)
            return None
        return self._put(self._plain(event), event.anchor, size=1, depth=0)

    def _plain(self, event: Any) -> Any:
        if event.tag and event.tag.startswith(_TAG):
            plain = event.tag.removeprefix(_TAG) in ("int", "float", "bool", "null")
        else:
            plain = event.implicit[0]
        if not plain or (self._texts and len(self._open) <= 2 and self._path() in self._texts):
            return event.value
        return _word(event.value)

    def _key(self, parent: _Open, key: str) -> None:
        parent.key = key
        if key in parent.value and key != _MERGE:
            self._twice(pointer(self._path()[:-1]), key)

    def _path(self) -> tuple[str, ...]:
        """Of the value that comes next, or of the object whose key was just read."""
        return tuple(str(one.key if isinstance(one.value, dict) else len(one.value)) for one in self._open)

    def _put(self, value: Any, anchor: str | None, *, size: int, depth: int) -> _Anchored | None:
        self._total += 1
        done = _Anchored(value, size, depth)
        if anchor:
            self._anchors[anchor] = done
        if not self._open:
            return done
        parent = self._open[-1]
        parent.size += size
        parent.depth = max(parent.depth, depth)
        self._check(parent, depth)
        if isinstance(parent.value, list):
            parent.value.append(value)
        elif parent.key is None:
            self._key(parent, str(value))
        else:
            self._put_in(parent, parent.value, value)
        return None

    def _put_in(self, parent: _Open, into: dict[str, Any], value: Any) -> None:
        key, parent.key = parent.key or "", None
        if key != _MERGE:
            into[key] = value
            return
        for merged in value if isinstance(value, list) else [value]:
            if not isinstance(merged, dict):
                raise self._failed("`<<` merges something that is no object")
            parent.merged.append(merged)

    def _check(self, parent: _Open, depth: int) -> None:
        if parent.size > MAX_VALUES:
            raise self._failed(f"its aliases (`*name`) make more than {MAX_VALUES} values of it")
        if len(self._open) + depth > MAX_DEPTH:
            raise self._failed(f"it is nested too deeply, in more than {MAX_DEPTH} levels")

    def _failed(self, reason: str) -> YamlUnreadable:
        mark = self._event.start_mark
        return YamlUnreadable(reason, line=mark.line + 1, column=mark.column + 1)


def _events(text: str) -> Iterator[Any]:
    """The parser's events. Which one of them is first may be a mistake of the reader, so all is caught here."""
    import yaml

    try:
        yield from yaml.parse(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        reason = " ".join(filter(None, (error.context, error.problem))) or "it is no YAML"
        raise YamlUnreadable(reason, line=mark.line + 1 if mark else 0, column=mark.column + 1 if mark else 0) from None
    except yaml.YAMLError as error:
        raise YamlUnreadable(str(error).splitlines()[0]) from None
    except RecursionError:
        raise YamlUnreadable("it is nested too deeply") from None


def _word(text: str) -> Any:
    """What a word without quotes means. Source: YAML 1.2.2, section 10.3.2 (core schema)."""
    if text in _WORDS:
        return _WORDS[text]
    if len(text) > _LONGEST_NUMBER or not (text[0].isdigit() or text[0] in "-+."):
        return text
    if _INTEGER.match(text):
        number = int(text)
        return number if -_LARGEST <= number < _LARGEST else float(number)
    if _OTHER_BASE.match(text):
        return number if (number := int(text, 0)) < _LARGEST else float(number)
    return _finite(text) if _FLOAT.match(text) else text


def _finite(text: str) -> Any:
    return number if math.isfinite(number := float(text)) else text
