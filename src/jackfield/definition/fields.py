"""`field(...)`: what a class or a signature says about one connection field or one param beyond its type."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as _dataclass_field
from typing import Any

from jackfield.definition import hints
from jackfield.definition.errors import InvalidDefinition
from jackfield.definition.model import FieldKind
from jackfield.definition.secret import Secret

_KEYWORDS = {
    "minimum": "minimum",
    "maximum": "maximum",
    "min_length": "minLength",
    "max_length": "maxLength",
    "pattern": "pattern",
    "format": "format",
}


@dataclass(frozen=True, kw_only=True)
class FieldSpec:
    """The arguments of one `field(...)`."""

    description: str = ""
    default: Any = ...
    kind: FieldKind | None = None
    label: str = ""
    placeholder: str = ""
    help_url: str = ""
    help_text: str = ""
    shown_when: Mapping[str, tuple[Any, ...]] = _dataclass_field(default_factory=dict)
    constraints: Mapping[str, Any] = _dataclass_field(default_factory=dict)


def field(
    description: str = "",
    *,
    default: Any = ...,
    kind: FieldKind | None = None,
    label: str = "",
    placeholder: str = "",
    help_url: str = "",
    help_text: str = "",
    shown_when: Mapping[str, Any | Sequence[Any]] | None = None,
    minimum: float | None = None,
    maximum: float | None = None,
    min_length: int | None = None,
    max_length: int | None = None,
    pattern: str | None = None,
    format: str | None = None,
) -> Any:
    """Describe a connection field (a class attribute) or a param (the default of an argument).

    Args:
        description: One sentence for the form, the docs and a model.
        default: Used when no value is given. Without one the value is required, unless its type allows `None`.
        kind: The form's input where the type does not say it: `textarea`, `url`, `raw`.
        label: Shown instead of the name.
        placeholder: Shown in the empty input.
        help_url: Where to find the value.
        help_text: More than the description says.
        shown_when: `{"auth": ["basic"]}`: shown, and required, only while that field has one of these values.
        minimum: Least number.
        maximum: Greatest number.
        min_length: Least number of characters.
        max_length: Greatest number of characters.
        pattern: Regular expression (ECMA 262) that a string must contain.
        format: JSON Schema format, such as `email` or `date-time`.
    """
    given: dict[str, Any] = {"minimum": minimum, "maximum": maximum, "min_length": min_length, "max_length": max_length}
    given |= {"pattern": pattern, "format": format}
    return FieldSpec(
        description=description,
        default=default,
        kind=kind,
        label=label,
        placeholder=placeholder,
        help_url=help_url,
        help_text=help_text,
        shown_when={name: _values(values) for name, values in (shown_when or {}).items()},
        constraints={_KEYWORDS[name]: value for name, value in given.items() if value is not None},
    )


def default_in_json(default: Any, *, what: str) -> Any:
    """A default as a schema has it.

    Raises:
        InvalidDefinition: It has no JSON form, or is a secret, which would stand in every copy of the schema.
    """
    if isinstance(default, Secret):
        raise InvalidDefinition(f"{what} has a secret as its default", hint="leave the default out, or use `None`")
    try:
        return hints.to_json(default)
    except (TypeError, ValueError) as error:
        raise InvalidDefinition(
            f"the default of {what} cannot be written as JSON: {error}",
            hint="use text, numbers, lists, dicts, dates, enums or dataclasses",
        ) from None


def _values(values: Any) -> tuple[Any, ...]:
    return tuple(values) if isinstance(values, list | tuple | set | frozenset) else (values,)
