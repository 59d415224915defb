"""The Jinja environment that templates run in: look-ups and operators, and nothing else.

Jinja's immutable sandbox forbids what is known to be dangerous. Here only what is known to be harmless
is left: no calls, no globals, no attributes; `grammar` refuses the rest before anything is compiled.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from typing import Any, NoReturn

from jinja2 import StrictUndefined, Undefined, pass_context
from jinja2.nativetypes import NativeCodeGenerator
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.utils import missing

from jackfield.execution.templates.filters import FILTERS, Filter
from jackfield.execution.templates.predicates import TESTS
from jackfield.execution.templates.values import ITEM, MOST_BITS, MOST_WORK, Absent, Forbidden, Meter, TooMuch, settled

_OPERATORS: dict[str, Callable[[Any, Any], Any]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "//": operator.floordiv,
    "%": operator.mod,
    "**": operator.pow,
}


class Missing(StrictUndefined):
    """A name that is not there. Any use of it but `default` and `is defined` raises `Absent`."""

    def __init__(self, hint: str | None = None, obj: Any = missing, name: str | None = None, exc: Any = None) -> None:
        super().__init__(hint, obj, name)
        self._undefined_exception = self._absent  # type: ignore[assignment]  # called to make the exception

    def _absent(self, message: str) -> Absent:
        return Absent(self._undefined_name or message, self._undefined_obj)


class Scope(Context):
    """What one evaluation reads, and what it may still make."""

    def __init__(self, environment: Sandbox, variables: Mapping[str, Any], *, reveal: bool) -> None:
        super().__init__(environment, {}, None, {})
        self.variables = variables
        self.reveal = reveal
        self.work = Meter(MOST_WORK)

    def resolve_or_missing(self, key: str) -> Any:
        """The variable called `key`. There are no globals behind the variables."""
        return self.variables.get(key, missing)


class Sandbox(ImmutableSandboxedEnvironment):
    """Expressions over plain data."""

    code_generator_class = NativeCodeGenerator  # keeps the type of a value
    intercepted_binops = frozenset(_OPERATORS)

    def __init__(self) -> None:
        # No `optimized`: folding would compute constants while compiling, past every bound.
        super().__init__(undefined=Missing, finalize=_present, optimized=False, keep_trailing_newline=True)
        self.globals.clear()
        self.filters = {name: _as_filter(function) for name, function in FILTERS.items()}
        self.tests = dict(TESTS)

    def getattr(self, obj: Any, attribute: str) -> Any:
        """The value under a key, so that `a.items` and `a.get` are data. Nothing else has names in it."""
        return self.getitem(obj, attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        """An item of an object, a list or a text; `Missing` where there is none."""
        if isinstance(obj, Mapping):
            return self._item(obj, argument, KeyError)
        if isinstance(obj, Undefined):
            return obj  # `a.b.c | default(1)` also covers a missing `b`
        if isinstance(obj, list | tuple | str) and isinstance(argument, int):
            return self._item(obj, argument, IndexError)
        if obj is None:
            return self.undefined(obj=obj, name=str(argument))
        raise Forbidden(f"a {type(obj).__name__} has no `{argument}`: only objects have names, only lists positions")

    def call(self, *_: Any, **__: Any) -> NoReturn:
        """Refuse; `grammar` lets no call through."""
        raise Forbidden("nothing can be called")

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        """No attribute is."""
        return False

    def is_safe_callable(self, obj: Any) -> bool:
        """Nothing is."""
        return False

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """The result of an operator, if it is small enough: judged before it is computed."""
        assert isinstance(context, Scope)  # noqa: S101  # `Template` makes no other
        left, right = settled(left, reveal=context.reveal), settled(right, reveal=context.reveal)
        _check_growth(operator, left, right, context.work)
        result = _OPERATORS[operator](left, right)
        if isinstance(result, complex):
            raise TypeError("the result is a complex number")
        return result

    def _item(self, obj: Any, argument: Any, absent: type[LookupError]) -> Any:
        try:
            return obj[argument]
        except absent:
            return self.undefined(obj=obj, name=str(argument))


def _check_growth(operator: str, left: Any, right: Any, work: Meter) -> None:
    if isinstance(left, int) and isinstance(right, int):
        if _bits(operator, left, right) > MOST_BITS:
            raise TooMuch(f"it would make an integer of more than {MOST_BITS} bits")
    elif operator == "%" and isinstance(left, str):
        raise Forbidden("`%` does not format text; use `~` to join text")
    elif operator == "+":
        work.spend(_size(left) + _size(right))
    elif operator == "*":
        work.spend(_repeated(left, right) + _repeated(right, left))


def _bits(operator: str, left: int, right: int) -> int:
    """The most bits that the result can have."""
    if operator == "*":
        return left.bit_length() + right.bit_length()
    if operator == "**":
        return left.bit_length() * max(right, 1)
    return max(left.bit_length(), right.bit_length()) + 1


def _size(value: Any) -> int:
    if isinstance(value, str):
        return len(value)
    return len(value) * ITEM if isinstance(value, list | tuple) else 0


def _repeated(value: Any, times: Any) -> int:
    return _size(value) * max(times, 0) if isinstance(times, int) else 0


def _as_filter(function: Filter) -> Callable[..., Any]:
    @pass_context
    def apply(scope: Scope, value: Any, *args: Any, **kwargs: Any) -> Any:
        return function(scope, value, *args, **kwargs)

    return apply


@pass_context
def _present(scope: Scope, value: Any) -> Any:
    """What a template yields. Declared with the context so that Jinja folds no constants."""
    return settled(value, reveal=scope.reveal)


SANDBOX = Sandbox()
