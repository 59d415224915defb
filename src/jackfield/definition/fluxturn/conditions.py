"""`displayOptions`: for which values of other fields a field is shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from jackfield.definition.fluxturn.known import Known
from jackfield.definition.fluxturn.notes import Notes
from jackfield.definition.operations_reader import Place

Values = Mapping[str, tuple[Any, ...]]
"""Values of fields, by their names."""


@dataclass(frozen=True, kw_only=True)
class Shown:
    """When a field is shown.

    Attributes:
        show: Only while each of these fields has one of its values.
        hide: Not while each of these fields has one of its values.
        unclear: It is shown at times, and cannot be told when.
    """

    show: Values = field(default_factory=dict)
    hide: Values = field(default_factory=dict)
    unclear: bool = False


def read_shown(raw: Any, at: Place, notes: Notes, *, names: Known) -> Shown:
    """What `displayOptions` says: `{show, hide}`, or what `show` would hold without it.

    Args:
        raw: As it was written.
        at: Where it is.
        notes: Is added to.
        names: The fields that there are.
    """
    if raw is None:
        return Shown()
    if not isinstance(raw, Mapping):
        return _unclear(at, notes, "it is no object")
    said = raw if raw.keys() & {"show", "hide"} else {"show": raw}
    try:
        show, hide = (_values(said.get(key) or {}, names) for key in ("show", "hide"))
    except ValueError as error:
        return _unclear(at, notes, str(error))
    return Shown(show=show, hide=hide)


def _unclear(at: Place, notes: Notes, why: str) -> Shown:
    notes.add(at, f"{why}: the field is always shown, and never required")
    return Shown(unclear=True)


def _values(raw: Any, names: Known) -> dict[str, tuple[Any, ...]]:
    if not isinstance(raw, Mapping):
        raise ValueError("its conditions are no object")
    found = {}
    for key, given in raw.items():
        name, values = names.find(str(key).lstrip("/")), given if isinstance(given, list | tuple) else (given,)
        if name is None:
            raise ValueError(f"there is no field `{str(key)[:80]}`")
        if any(isinstance(value, Mapping | list | tuple) for value in values):
            raise ValueError(f"the condition on `{name}` is more than a list of values")
        found[name] = tuple(values)
    return found
