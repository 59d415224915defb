"""Compile a template once, render it often."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import jinja2
from jinja2.utils import missing

from jackfield.execution.errors import TemplateFailed, TemplateRefused, TemplateVariableMissing
from jackfield.execution.templates.grammar import Judged, judge
from jackfield.execution.templates.sandbox import SANDBOX, Scope
from jackfield.execution.templates.values import MOST_OUTPUT, Absent, Forbidden, Meter, TooMuch, plain, text

MOST_SOURCE = 10_000
"""Characters of one template."""

_MARKS = ("{{", "{%", "{#")
_NOT_EXPRESSIONS = frozenset({"block_begin", "raw_begin", "comment_begin", "linestatement_begin", "linecomment_begin"})
# What Python raises at expressions that are too deep, numbers that are too long, and their like.
_UNCOMPILABLE = (jinja2.TemplateError, SyntaxError, RecursionError, MemoryError, ValueError, OverflowError)
_WRONG_VALUES = (TypeError, ValueError, LookupError, ArithmeticError, AttributeError, RecursionError, MemoryError)


def is_template(text: str) -> bool:
    """Whether `text` holds an expression; anything else stands for itself."""
    return any(mark in text for mark in _MARKS)


def has_template(value: Any) -> bool:
    """Whether any text in `value` holds an expression."""
    if isinstance(value, str):
        return is_template(value)
    if isinstance(value, Mapping):
        return any(has_template(item) for item in value.values())
    return isinstance(value, list | tuple) and any(has_template(item) for item in value)


@lru_cache(maxsize=1024)
def compile_template(source: str) -> Template:
    """The template that `source` is. Compiling takes about 0.3 ms, finding it again nothing.

    Raises:
        TemplateRefused: It is no expression, or asks for what templates may not do.
    """
    return Template(source)


def render(value: Any, variables: Mapping[str, Any], *, reveal: bool = False) -> Any:
    """`value` with every text in it rendered; names of objects are left alone.

    All texts together may make 1 MiB; values that are only looked up do not count.

    Raises:
        TemplateRefused, TemplateVariableMissing, TemplateFailed: As for `Template.render`.
    """
    return _render(value, variables, reveal=reveal, output=Meter(MOST_OUTPUT))


def _render(value: Any, variables: Mapping[str, Any], *, reveal: bool, output: Meter) -> Any:
    if isinstance(value, str):
        return (
            compile_template(value).evaluate(variables, reveal=reveal, output=output) if is_template(value) else value
        )
    if isinstance(value, Mapping):
        return {key: _render(item, variables, reveal=reveal, output=output) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_render(item, variables, reveal=reveal, output=output) for item in value]
    return value


class Template:
    """Text with `{{ expressions }}` in it.

    Attributes:
        source: As it was written.
        names: Top-level variables that it reads.
    """

    __slots__ = ("_judged", "_root", "names", "source")

    def __init__(self, source: str) -> None:
        """Use `compile_template`, which keeps what it has compiled."""
        self.source = source
        self._judged = _parse(source) if is_template(source) else None
        self.names: frozenset[str] = self._judged.names if self._judged else frozenset()
        self._root = _compile(source, self._judged) if self._judged else None

    def render(self, variables: Mapping[str, Any], *, reveal: bool = False) -> Any:
        """The value: of its own type where the source is exactly one `{{ expression }}`, else text.

        Args:
            variables: JSON values by name; secrets may be among them.
            reveal: Write secrets as they are. Without it they are masked.

        Raises:
            TemplateVariableMissing: It reads a name that is not there.
            TemplateRefused: It asks a value for something that values do not have.
            TemplateFailed: The values do not fit together, or the result would be too large.
        """
        return self.evaluate(variables, reveal=reveal, output=Meter(MOST_OUTPUT))

    def evaluate(self, variables: Mapping[str, Any], *, reveal: bool, output: Meter) -> Any:
        """`render` with a count of the output that several templates share."""
        if self._root is None or self._judged is None:
            return self.source
        scope = Scope(SANDBOX, variables, reveal=reveal)
        try:
            return _result(self._judged, self._root(scope), scope, output)
        except Absent as absent:
            raise self._missing(absent, variables) from None
        except Forbidden as refusal:
            raise TemplateRefused(template=self.source, reason=str(refusal)) from None
        except TooMuch as refusal:
            raise TemplateFailed(template=self.source, reason=str(refusal)) from None
        except (*_WRONG_VALUES, jinja2.TemplateError) as error:
            raise TemplateFailed(template=self.source, reason=_reason(error)) from None

    def _missing(self, absent: Absent, variables: Mapping[str, Any]) -> TemplateVariableMissing:
        chains = self._judged.chains if self._judged else {}
        among = absent.among
        if among is missing:
            return TemplateVariableMissing(template=self.source, variable=absent.name, known=map(str, variables))
        known = map(str, among) if isinstance(among, Mapping) else ()
        return TemplateVariableMissing(template=self.source, variable=chains.get(absent.name, absent.name), known=known)

    def __repr__(self) -> str:
        return f"Template({self.source!r})"


def _parse(source: str) -> Judged:
    if len(source) > MOST_SOURCE:
        reason = f"it has {len(source)} characters"
        raise TemplateRefused(template=source, reason=reason, hint=f"the most is {MOST_SOURCE}")
    try:
        if any(kind in _NOT_EXPRESSIONS for _, kind, _ in SANDBOX.lex(source)):
            hint = "only `{{ expressions }}` are allowed; write `{{ '{%' }}` for the characters themselves"
            raise TemplateRefused(template=source, reason="it holds a statement or a comment", hint=hint)
        return judge(SANDBOX.parse(source))
    except (Forbidden, TooMuch) as refusal:
        raise TemplateRefused(template=source, reason=str(refusal)) from None
    except _UNCOMPILABLE as error:
        raise TemplateRefused(template=source, reason=_syntax(error)) from None


def _compile(source: str, judged: Judged) -> Any:
    try:
        return SANDBOX.from_string(judged.tree).root_render_func
    except _UNCOMPILABLE as error:
        raise TemplateRefused(template=source, reason=_syntax(error)) from None


def _result(judged: Judged, parts: Any, scope: Scope, output: Meter) -> Any:
    if not judged.is_expression:
        return "".join([text(part, output, reveal=scope.reveal) for part in parts])
    (value,) = parts
    # Handing on what is there already makes nothing, whatever its size.
    return plain(value, Meter(2**62) if judged.is_look_up else output, reveal=scope.reveal)


def _syntax(error: Exception) -> str:
    if isinstance(error, jinja2.TemplateSyntaxError):
        return (error.message or "it is no expression").rstrip(".")
    return "it is no expression" if isinstance(error, jinja2.TemplateError) else "it is too deep or too long"


def _reason(error: Exception) -> str:
    """The error in words. Only messages that hold types and not values are shown: values may be secret."""
    if isinstance(error, TypeError | ArithmeticError):
        return str(error).rstrip(".") or type(error).__name__
    return "the values do not fit" if not isinstance(error, RecursionError) else "the values are nested too deep"
