"""Reading the objects of a document: keys in either case style, and every fault noted with its place."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any, TypeAlias

from jackfield.definition.errors import InvalidDefinition
from jackfield.definition.faults import Fault
from jackfield.definition.names import folded

Place: TypeAlias = tuple[str | int, ...]
"""Where a value is, from the root of its document: `("operations", 2, "method")`."""

_MOST_FAULTS = 100
_SNAKE = re.compile(r"_([a-z])")


@dataclass
class Faults:
    """What is wrong with one document."""

    found: list[tuple[Place, str, str]] = field(default_factory=list)

    def add(self, at: Place, what: str, *, hint: str) -> None:
        """Note that `what` is wrong at a place, and what to do about it."""
        noted = (at, f"`{dotted(at)}`: {what}", hint)
        if noted not in self.found:
            self.found.append(noted)

    def wrong(self, at: Place, value: Any, wanted: str) -> None:
        """Note a value that is not what is wanted there."""
        self.found.append((at, f"`{dotted(at)}` is `{_shown(value)}`", f"it must be {wanted}"))

    def note(self, at: Place, what: str, *, hint: str) -> None:
        """Note what somebody else has found, in its own words, which name the place."""
        self.found.append((at, what, hint))

    def missing(self, at: Place, wanted: str) -> None:
        """Note that a required value is absent."""
        self.found.append((at, f"`{dotted(at)}` is missing", f"it must be {wanted}"))

    def are_told(self) -> bool:
        """Whether another one would be told. Of the rest only the number is, so no words need to be sought for it."""
        return len(self.found) < _MOST_FAULTS

    def raise_any(self, *, what: str) -> None:
        """Do nothing if nothing is wrong.

        Raises:
            InvalidDefinition: Something is; all of it is in the details.
        """
        if not self.found:
            return
        _, first, hint = self.found[0]
        more = f" (and {len(self.found) - 1} more)" if len(self.found) > 1 else ""
        noted = [Fault(pointer=pointer(at), message=f"{what}; {hint}") for at, what, hint in self.found[:_MOST_FAULTS]]
        raise InvalidDefinition(f"{what}: {first}{more}", hint=hint, errors=[fault.to_json() for fault in noted])


class Reader:
    """One object of a document.

    Attributes:
        at: Where it is.
        faults: Shared by all readers of a document.
    """

    def __init__(
        self,
        raw: Any,
        *,
        at: Place,
        faults: Faults,
        known: Collection[str],
        aliases: Mapping[str, str] | None = None,
        places: Mapping[str, Place] | None = None,
    ) -> None:
        """Read `raw`, whose keys are `known` in camelCase or snake_case; `aliases` maps other spellings to them.

        `places` says where values were whose author has not written them here.
        """
        self.at = at
        self._places = places or {}
        self.faults = faults
        self._known = known
        self._aliases = aliases or {}
        self._values: dict[str, Any] = {}
        self._spelled: dict[str, str] = {}
        if isinstance(raw, Mapping):
            for key, value in raw.items():
                self._take(key, value)
        else:
            faults.wrong(at, raw, "an object")

    def place(self, name: str) -> Place:
        """Where the value of `name` is, as its author spelled it."""
        return self._places.get(name) or (*self.at, self._spelled.get(name, name))

    def value(self, name: str, default: Any = None) -> Any:
        """The value as it is; `null` counts as absent."""
        value = self._values.get(name)
        return default if value is None else value

    def text(self, name: str, default: str = "") -> str:
        """A text."""
        return str(self._of(name, str, "a text; quote it", default))

    def flag(self, name: str, *, default: bool) -> bool:
        """`true` or `false`."""
        return bool(self._of(name, bool, "true or false", default))

    def mapping(self, name: str) -> Mapping[str, Any]:
        """An object, whose keys are taken as they are."""
        found: Mapping[str, Any] = self._of(name, Mapping, "an object", {})
        return {str(key): value for key, value in found.items()}

    def texts(self, name: str) -> tuple[str, ...]:
        """A list of texts."""
        found = self._of(name, list | tuple, "a list of texts", ())
        for index, item in enumerate(found):
            if not isinstance(item, str):
                self.faults.wrong((*self.place(name), index), item, "a text; quote it")
        return tuple(str(item) for item in found)

    def _of(self, name: str, kind: Any, wanted: str, default: Any) -> Any:
        value = self.value(name)
        if value is None:
            return default
        if isinstance(value, kind):
            return value
        self.faults.wrong(self.place(name), value, wanted)
        return default

    def _take(self, key: Any, value: Any) -> None:
        name = self._name(key)
        if name is None:
            self.faults.add((*self.at, str(key)), "this key is unknown", hint=self._near(key))
        elif name in self._values:
            what = f"`{self._spelled[name]}` says the same"
            self.faults.add((*self.at, str(key)), what, hint="keep one of them")
        else:
            self._values[name], self._spelled[name] = value, str(key)

    def _name(self, key: Any) -> str | None:
        camel = _SNAKE.sub(lambda found: found[1].upper(), str(key))
        for name in (str(key), camel):
            if name in self._known:
                return name
        return self._aliases.get(camel)

    def _near(self, key: Any) -> str:
        by_fold = {folded(name): name for name in self._known} | {folded(a): n for a, n in self._aliases.items()}
        close = get_close_matches(folded(str(key)), by_fold, n=1)
        return f"did you mean `{by_fold[close[0]]}`?" if close else f"known are {named(self._known)}"


def dotted(at: Place) -> str:
    """`operations[2].method`."""
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in at)
    return text.removeprefix(".") or "the definition"


def pointer(at: Place) -> str:
    """`/operations/2/method`. Source: RFC 6901, section 3."""
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in at)


def named(names: Iterable[str]) -> str:
    """The names in backticks, for a message."""
    return ", ".join(f"`{name}`" for name in names)


def entries(raw: Any, *, at: Place, faults: Faults) -> Iterator[tuple[Place, Any, str | None]]:
    """The entries of a list, or of a map by name: the place of each, the entry, and the name that its key gives."""
    if isinstance(raw, Mapping):
        yield from (((*at, str(name)), entry, str(name)) for name, entry in raw.items())
    elif isinstance(raw, list | tuple):
        yield from (((*at, index), entry, None) for index, entry in enumerate(raw))
    else:
        faults.wrong(at, raw, "a list of operations, or an object of them by name")


def _shown(value: Any) -> str:
    shown = value if isinstance(value, str) else repr(value)
    return shown if len(shown) <= 80 else f"{shown[:80]}..."
