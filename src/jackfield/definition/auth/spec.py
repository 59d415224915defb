"""What there is to say of one authentication scheme."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

Faults: TypeAlias = Iterator[tuple[tuple[str, ...], str, str]]
"""Where, what, and what to do."""


@dataclass(frozen=True, kw_only=True)
class Part:
    """One of the values that a scheme signs with.

    Attributes:
        label: For people.
        secret: A definition is no place for it: it names a stored secret or a connection field. Others may be text.
        required: Without it the scheme cannot sign.
        may_be_empty: A connection field that is not filled in is as if it had not been said.
        goes_with: The part that proves it. A credential may say this one only if it has that one too: with the key of
            others, it would say who somebody is.
    """

    label: str
    secret: bool = True
    required: bool = True
    may_be_empty: bool = False
    goes_with: str = ""


@dataclass(frozen=True, kw_only=True)
class SchemeSpec:
    """One scheme.

    Attributes:
        name: The `type` of an `auth`.
        parts: What it signs with, by key. Each is text or an object with `secret` (the name of a stored secret) or
            `field` (a connection field).
        whole: The part that `secret` or `field` of the `auth` itself stand for; empty where there is none.
        keys: What else may be said. A mapping gives the values that a key may have; empty for any.
        filled: Keys in whose texts `{name}` stands for a connection field.
        also: Finds what else is wrong with an `auth`.
    """

    name: str
    parts: Mapping[str, Part] = field(default_factory=dict)
    whole: str = ""
    keys: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    filled: tuple[str, ...] = ()
    also: Callable[[Mapping[str, Any]], Faults] | None = None

    @property
    def all_keys(self) -> frozenset[str]:
        """All that may stand in such an `auth` beside `type`."""
        whole = {"secret", "field"} if self.whole else set()
        apart = {name for name in self.parts if name != self.whole}
        return frozenset({*self.keys, *apart, *whole})
