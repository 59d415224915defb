"""Type hints as JSON Schema, and validated JSON as the objects that the hints promise."""

from __future__ import annotations

import datetime
import enum
import inspect
import types
from collections.abc import Callable, Mapping
from typing import Any, Literal, Union, get_args, get_origin

import msgspec

from jackfield.definition.model import FieldKind
from jackfield.definition.secret import Secret

SECRET_SCHEMA = {"type": "string", "format": "password", "writeOnly": True}

_PLAIN = frozenset({str, int, float, bool, type(None), Any, dict, list, object})
_KINDS: dict[Any, FieldKind] = {
    str: "string",
    Secret: "secret",
    float: "number",
    int: "integer",
    bool: "boolean",
    datetime.date: "date",
}


def schemas(hints: Mapping[str, Any]) -> tuple[dict[str, dict[str, Any]], dict[str, Any]]:
    """JSON Schemas (2020-12) of `hints` by name, and the `$defs` that they share.

    Raises:
        TypeError: A type has no JSON form; names it.
    """
    definitions: dict[str, Any] = {}

    def hook(kind: type) -> dict[str, Any]:
        if kind is Secret:
            return dict(SECRET_SCHEMA)
        if describe := getattr(kind, "model_json_schema", None):  # pydantic, which we do not import
            schema: dict[str, Any] = describe(ref_template="#/$defs/{model}")
            definitions.update(schema.pop("$defs", {}))
            return schema
        raise NotImplementedError

    try:
        kinds = [Any if hint is object else hint for hint in hints.values()]
        found, components = msgspec.json.schema_components(kinds, schema_hook=hook, ref_template="#/$defs/{name}")
    except TypeError as error:
        if len(hints) > 1:  # which one it is
            for name, hint in hints.items():
                schemas({name: hint})
        raise TypeError(f"`{next(iter(hints))}`: {str(error).splitlines()[-1]}") from None
    for hint, schema in zip(hints.values(), found, strict=True):
        _restore_order(hint, schema, components)
    return dict(zip(hints, found, strict=True)), components | definitions


def converter(hint: Any) -> Callable[[Any], Any] | None:
    """A function from validated JSON to what `hint` promises; `None` where JSON is that already.

    The function raises `ValueError` where the type refuses what its schema allowed.
    """
    if is_plain(hint):
        return None
    return lambda value: _convert(value, hint)


def is_plain(hint: Any) -> bool:
    """Whether validated JSON is an instance of `hint` without any conversion."""
    if hint in _PLAIN:
        return True
    origin = get_origin(hint)
    if origin is Literal:
        return True
    if origin in {list, dict, Mapping, Union, types.UnionType}:
        return all(is_plain(part) for part in get_args(hint))
    return False


def kind_of(hint: Any) -> FieldKind:
    """The input that a form shows for `hint`."""
    kind = _without_none(hint)
    if kind in _KINDS:
        return _KINDS[kind]
    is_enum = inspect.isclass(kind) and issubclass(kind, enum.Enum)
    return "select" if is_enum or get_origin(kind) is Literal else "raw"


def to_json(value: Any) -> Any:
    """`value` as plain JSON: dataclasses, enums, dates and nested models become objects and strings.

    A `Secret` becomes its mask. Always a new object, so nobody's later change reaches it.

    Raises:
        TypeError: Something in it has no JSON form.
    """
    return msgspec.to_builtins(value, str_keys=True, enc_hook=_encode)


def allows_none(hint: Any) -> bool:
    """Whether `None` is one of the values of `hint`."""
    return hint is Any or hint is type(None) or type(None) in get_args(hint)


def _restore_order(hint: Any, schema: dict[str, Any], components: Mapping[str, Any]) -> None:
    """Put the values of a select in the order of its type: msgspec sorts them, and a form shows them as they come."""
    kind = _without_none(hint)
    if get_origin(kind) is Literal:
        values = list(get_args(kind))
    elif inspect.isclass(kind) and issubclass(kind, enum.Enum):
        values = [member.value for member in kind]
    else:
        return
    for part in [schema, *schema.get("anyOf", ())]:
        described = components.get(str(part.get("$ref", "")).rpartition("/")[2], part)
        if "enum" in described:
            described["enum"].sort(key=lambda value: values.index(value) if value in values else len(values))


def _convert(value: Any, hint: Any) -> Any:
    try:
        return msgspec.convert(value, type=hint, dec_hook=_decode)
    except msgspec.ValidationError:
        # JSON Schema takes 3.0 for an integer, msgspec does not.
        return msgspec.convert(_whole_numbers(value), type=hint, dec_hook=_decode)


def _whole_numbers(value: Any) -> Any:
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, Mapping):
        return {key: _whole_numbers(inner) for key, inner in value.items()}
    return [_whole_numbers(inner) for inner in value] if isinstance(value, list | tuple) else value


def _without_none(hint: Any) -> Any:
    parts = [part for part in get_args(hint) if part is not type(None)]
    is_union = get_origin(hint) is not None and type(None) in get_args(hint)
    return parts[0] if is_union and len(parts) == 1 else hint


def _decode(kind: type, value: Any) -> Any:
    if kind is Secret:
        return value if isinstance(value, Secret) else Secret(value)
    if validate := getattr(kind, "model_validate", None):
        return validate(value)
    raise NotImplementedError


def _encode(value: Any) -> Any:
    if isinstance(value, Secret):
        return str(value)
    if dump := getattr(value, "model_dump", None):
        return dump(mode="json")
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"`{type(value).__name__}` has no JSON form")
