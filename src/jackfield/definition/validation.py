"""Checking JSON against a schema: every fault at once, defaults filled in, names in any case style."""

from __future__ import annotations

import copy
import math
import re
from collections.abc import Callable, Iterable, Mapping
from itertools import islice
from typing import Any

from jackfield.definition.errors import InvalidSchema
from jackfield.definition.faults import MAX_FAULTS, Fault, pointer
from jackfield.definition.model import Schema
from jackfield.definition.names import closest, folded
from jackfield.definition.sensitive import has_secrets

_NUMBERS = {"number": float, "integer": int}
_WHOLE = re.compile(r"[+-]?[0-9]{1,15}")
"""Texts of numbers that are the same as whole numbers and as fractions."""
_QUOTED = 200
_LISTED = 50
_BOOLEANS = {"true": True, "1": True, "yes": True, "on": True, "false": False, "0": False, "no": False, "off": False}


class ObjectValidator:
    """Checks objects against one JSON Schema (2020-12). Compiling costs about 0.1 ms, checking about 1 µs.

    References to files and networks are refused: a schema is written by users, and resolving one would
    let them read files and reach private addresses.
    """

    def __init__(self, schema: Schema) -> None:
        """Compile `schema`.

        Raises:
            InvalidSchema: It is no JSON Schema, or refers to another document.
        """
        self._properties: Mapping[str, Any] = schema.get("properties") or {}
        self._closed = schema.get("additionalProperties") is False
        self._by_fold = {folded(name): name for name in self._properties}
        self._defaults = [(name, part["default"]) for name, part in self._properties.items() if _has_default(part)]
        self._nested = _nested(self._properties)
        self._whole_numbers = [n for n, part in self._properties.items() if _type_of(part) == "integer"]
        self._check, self._faults = _compile(schema, mask="the value" if has_secrets(schema) else None)

    def prepare(self, given: Mapping[str, Any], *, coerce: bool = False) -> tuple[dict[str, Any], list[Fault]]:
        """`given` with declared spellings and defaults filled in, and what is wrong with it.

        Args:
            given: Never changed.
            coerce: Read strings as numbers and booleans where the schema wants those. For sources that
                have only strings: forms and command lines.
        """
        values, faults = self._canonical(given)
        if len(faults) > MAX_FAULTS:
            return values, faults
        self._fill(values)
        if coerce:
            self._coerce(values)
        for name in self._whole_numbers:
            if type(number := values.get(name)) is float and number.is_integer():
                values[name] = int(number)
        try:
            if not faults and self._check(values):
                return values, []
            return values, faults + self._faults(values)
        except ValueError as error:  # something in it has no JSON form
            return values, faults + (self._not_json(values) or [Fault(pointer="", message=f"is not JSON: {error}")])

    def _not_json(self, values: Mapping[str, Any]) -> list[Fault]:
        found = []
        for name, value in values.items():
            try:
                self._faults({name: value})
            except ValueError as error:
                found.append(Fault(pointer=pointer([name]), message=f"is not JSON: {error}"))
        return found

    def _fill(self, values: dict[str, Any]) -> None:
        for name, default in self._defaults:
            if name not in values:
                values[name] = copy.deepcopy(default) if isinstance(default, list | dict) else default
        for name, fill in self._nested:
            if isinstance(values.get(name), dict):
                values[name] = fill(values[name])

    def _coerce(self, values: dict[str, Any]) -> None:
        for name, part in self._properties.items():
            if isinstance(values.get(name), str):
                values[name] = _coerced(values[name], _type_of(part))

    def _canonical(self, given: Mapping[Any, Any]) -> tuple[dict[str, Any], list[Fault]]:
        values: dict[str, Any] = {}
        faults: list[Fault] = []
        for name, value in given.items():
            if not isinstance(name, str):
                faults.append(Fault(pointer=pointer([name]), message="is no name: names are strings"))
                continue
            declared = name if name in self._properties else self._by_fold.get(folded(name), name)
            if len(faults) > MAX_FAULTS:
                break
            if declared not in self._properties and self._closed:
                faults.append(self._unknown(name))
            elif declared in values:
                faults.append(Fault(pointer=pointer([name]), message=f"`{name}` and `{declared}` are the same param"))
            else:
                values[declared] = value
        return values, faults

    def _unknown(self, name: str) -> Fault:
        close = closest(name, self._properties)
        known = ", ".join(f"`{known}`" for known in islice(self._properties, _LISTED)) or "none"
        known += f" and {others} more" if (others := len(self._properties) - _LISTED) > 0 else ""
        name = name if len(name) <= _QUOTED else f"{name[:_QUOTED]}..."
        more = f"did you mean `{close}`?" if close else f"known are {known}"
        return Fault(pointer=pointer([name]), message=f"unknown `{name}`; {more}")


def check_schema(schema: Schema, *, where: str) -> None:
    """Do nothing if `schema` can be used and the defaults in it match it.

    Args:
        schema: Of an object.
        where: For the message.

    Raises:
        InvalidSchema: It is no JSON Schema, refers to another document, or a default breaks it.
    """
    properties: Mapping[str, Any] = schema.get("properties") or {}
    defaults = {name: part["default"] for name, part in properties.items() if _has_default(part)}
    try:
        faults = faults_of(defaults, {**schema, "required": []})
    except InvalidSchema as error:
        raise InvalidSchema(reason=error.details["reason"], where=where) from None
    if faults:
        raise InvalidSchema(reason=f"the default at `{faults[0].pointer}`: {faults[0].message}", where=where)


def faults_of(value: Any, schema: Schema) -> list[Fault]:
    """What is wrong with any JSON value. Compiles `schema` each time.

    Raises:
        InvalidSchema: It is no JSON Schema, or refers to another document.
    """
    return _compile(schema, mask=None)[1](value)


def _compile(schema: Schema, *, mask: str | None) -> tuple[Callable[[Any], bool], Callable[[Any], list[Fault]]]:
    import jsonschema_rs

    try:
        validator = jsonschema_rs.Draft202012Validator(
            _plain(schema), validate_formats=True, retriever=_refuse, mask=mask
        )
    except (ValueError, jsonschema_rs.ValidationError, jsonschema_rs.ReferencingError) as error:
        raise InvalidSchema(reason=str(error).splitlines()[0]) from None
    return validator.is_valid, lambda values: _in_order(_fault(error) for error in validator.iter_errors(values))


def _refuse(uri: str) -> Any:
    raise ValueError(f"references to other documents are not followed: {uri}")


def _fault(error: Any) -> Fault:
    kind, path = error.kind, list(error.instance_path)
    if kind.name == "required":
        missing = [*path, kind.property]
        return Fault(pointer=pointer(missing), message="is required", missing=".".join(map(str, missing)))
    return Fault(pointer=pointer(path), message=_short(error.message))


def _short(message: str) -> str:
    """Both ends of a message that quotes a long value: it begins with the value and ends with the reason."""
    return message if len(message) <= 2 * _QUOTED else f"{message[:_QUOTED]} ... {message[-_QUOTED:]}"


def _in_order(faults: Iterable[Fault]) -> list[Fault]:
    """Missing names first, since a message about them leads; the same fault is told once."""
    return sorted(dict.fromkeys(faults), key=lambda fault: fault.missing is None)


def _has_default(part: Any) -> bool:
    return isinstance(part, Mapping) and "default" in part


def _type_of(part: Any) -> str | None:
    """The one type that `part` allows beside null, if there is one."""
    if not isinstance(part, Mapping):
        return None
    kinds = part.get("type")
    if kinds is None:
        kinds = [option.get("type") for option in part.get("anyOf") or [] if isinstance(option, Mapping)]
    named = [kind for kind in ([kinds] if isinstance(kinds, str) else kinds) if kind != "null"]
    return named[0] if len(named) == 1 else None


def _coerced(text: str, kind: str | None) -> Any:
    if kind == "boolean":
        return _BOOLEANS.get(text.strip().lower(), text)
    if kind == "number" and _WHOLE.fullmatch(text.strip()):
        return int(text)  # an id that is typed as `1` must not reach a service as `1.0`
    if kind in _NUMBERS:
        try:
            number = _NUMBERS[kind](text)
        except ValueError:
            return text
        return number if math.isfinite(number) else text
    return text


def _nested(properties: Mapping[str, Any]) -> list[tuple[str, Callable[[dict[str, Any]], dict[str, Any]]]]:
    """What fills the defaults of objects inside objects; most schemas have none."""
    found = []
    for name, part in properties.items():
        inner = part.get("properties") if isinstance(part, Mapping) else None
        if isinstance(inner, Mapping) and (fill := _filler(inner)):
            found.append((name, fill))
    return found


def _filler(properties: Mapping[str, Any]) -> Callable[[dict[str, Any]], dict[str, Any]] | None:
    defaults = {name: part["default"] for name, part in properties.items() if _has_default(part)}
    nested = _nested(properties)
    if not defaults and not nested:
        return None

    def fill(values: dict[str, Any]) -> dict[str, Any]:
        filled = copy.deepcopy(defaults) | values
        for name, inner in nested:
            if isinstance(filled.get(name), dict):
                filled[name] = inner(filled[name])
        return filled

    return fill


def _plain(schema: Any) -> Any:
    """The schema as dicts and lists, which is all that the validator reads."""
    if isinstance(schema, Mapping):
        return {key: _plain(value) for key, value in schema.items()}
    if isinstance(schema, list | tuple):
        return [_plain(value) for value in schema]
    return schema
