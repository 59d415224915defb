"""Fill the path of an operation, so that no value leads anywhere else.

A value is percent-encoded whole, `/` and `?` too, so it can make no segment, query or host. What encoding
cannot help against, `.` and `..` as whole segments and empty segments, is refused. The result therefore has
the origin, the literal parts and the number of segments of its template.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeAlias
from urllib.parse import quote

from jackfield.definition.operations_paths import Hole, Pieces, base_fault, divide, split
from jackfield.execution.errors import BaseUrlUnusable, PathEscape, TemplateVariableMissing
from jackfield.execution.segments import encode_literal, refuse_dots
from jackfield.execution.templates import Template, compile_template
from jackfield.execution.values import as_text, as_texts

_HOST_PART = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?")


@dataclass(frozen=True, kw_only=True)
class Filler:
    """What fills one hole: the variable of that name, or an expression."""

    name: str
    template: Template | None = None

    def value(self, variables: Mapping[str, Any]) -> Any:
        """The value itself.

        Raises:
            TemplateVariableMissing: There is none.
        """
        if self.template is not None:
            return self.template.render(variables, reveal=True)
        if self.name not in variables:
            raise TemplateVariableMissing(template=f"{{{self.name}}}", variable=self.name, known=variables)
        return variables[self.name]

    @property
    def names(self) -> frozenset[str]:
        """The variables that it reads."""
        return self.template.names if self.template is not None else frozenset({self.name})


Parts: TypeAlias = tuple[str | Filler, ...]


@dataclass(frozen=True, kw_only=True)
class PathTemplate:
    """A path with holes, compiled.

    Attributes:
        text: As the definition has it.
        segments: What stands between the slashes, literal parts encoded.
        query: Names and values after the `?`, not encoded.
    """

    text: str
    segments: tuple[Parts, ...]
    query: tuple[tuple[str, Parts], ...] = ()

    @property
    def names(self) -> frozenset[str]:
        """The variables that it reads."""
        every = [*self.segments, *(parts for _, parts in self.query)]
        return frozenset(name for parts in every for part in parts if isinstance(part, Filler) for name in part.names)

    def fill(self, variables: Mapping[str, Any]) -> str:
        """The path on the wire.

        Raises:
            PathEscape: A value is empty, or makes a segment `.` or `..`.
            ParamUnplaceable: A value is no text or number.
            TemplateVariableMissing, TemplateFailed: A value is not there, or cannot be computed.
        """
        return "/".join([self._segment(parts, variables) for parts in self.segments])

    def fill_query(self, variables: Mapping[str, Any]) -> list[tuple[str, str]]:
        """The query that the path itself has. A hole that is the whole value may be null, or a list."""
        found: list[tuple[str, str]] = []
        for name, parts in self.query:
            if len(parts) == 1 and isinstance(only := parts[0], Filler):
                texts = as_texts(only.value(variables), param=only.name, place="query")
            else:
                texts = ["".join(_text(part, variables, "query") for part in parts)]
            found.extend((name, text) for text in texts)
        return found

    def _segment(self, parts: Parts, variables: Mapping[str, Any]) -> str:
        written = ""
        for part in parts:
            text = _text(part, variables, "path")
            if isinstance(part, Filler):
                if not text:
                    raise PathEscape(param=part.name, path=self.text, reason="it is empty")
                text = quote(text, safe="")
            written += text
        refuse_dots(written, param=next((p.name for p in parts if isinstance(p, Filler)), self.text), path=self.text)
        return written


def compile_path(path: str) -> PathTemplate:
    """The path template that `path` is; `{name}`, `{{ name }}` and `{{ expressions }}` are its holes.

    Raises:
        ValueError: Its braces do not match.
        TemplateRefused: An expression is none.
    """
    pieces, query = divide(path)
    segments: list[list[str | Filler]] = [[]]
    for piece in pieces:
        if isinstance(piece, str):
            first, *others = encode_literal(piece).split("/")
            segments[-1].append(first)
            segments.extend([other] for other in others)
        else:
            segments[-1].append(_filler(piece))
    return PathTemplate(
        text=path,
        segments=tuple(tuple(part for part in parts if part) for parts in segments),
        query=tuple((name, _parts(value)) for name, value in query),
    )


@lru_cache(maxsize=512)
def compile_base(url: str) -> str | Parts:
    """A base URL without holes, checked; or its parts.

    Raises:
        ValueError: It is no address that paths can be appended to.
        TemplateRefused: An expression is none.
    """
    parts = _parts(split(url))
    if any(isinstance(part, Filler) for part in parts):
        return parts
    return _checked(url)


def fill_base(url: str, config: Mapping[str, Any], *, connector: str) -> str:
    """The base URL of one connector, without a final slash.

    Values in the host can be names of hosts only, values in the path are encoded; a value at the very
    beginning is the address itself.

    Raises:
        BaseUrlUnusable: It is no address that paths can be appended to.
        TemplateVariableMissing, TemplateFailed: A value is not there, or cannot be computed.
    """
    try:
        base = compile_base(url)
        return base if isinstance(base, str) else _checked(_fill_base(base, config))
    except ValueError as error:
        raise BaseUrlUnusable(connector=connector, reason=str(error)) from None


def _fill_base(parts: Parts, config: Mapping[str, Any]) -> str:
    written = ""
    for part in parts:
        text = _text(part, config, "base URL")
        if isinstance(part, Filler) and written:
            text = _base_value(part, text, in_path="/" in written.partition("://")[2])
        written += text.rstrip("/") if not written and isinstance(part, Filler) else text
    return written


def _base_value(filler: Filler, text: str, *, in_path: bool) -> str:
    if in_path and text:
        return quote(text, safe="")
    if not _HOST_PART.fullmatch(text):
        raise ValueError(f"`{filler.name}` is no part of a host name")
    return text


def _checked(url: str) -> str:
    if reason := base_fault(url):
        raise ValueError(reason)
    return url.rstrip("/")


def _parts(pieces: Pieces) -> Parts:
    return tuple(piece if isinstance(piece, str) else _filler(piece) for piece in pieces)


def _filler(hole: Hole) -> Filler:
    template = None if hole.name else compile_template(hole.expression)
    return Filler(name=str(hole), template=template)


def _text(part: str | Filler, variables: Mapping[str, Any], place: str) -> str:
    return part if isinstance(part, str) else as_text(part.value(variables), param=part.name, place=place)
