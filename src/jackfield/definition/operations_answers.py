"""What an operation makes of answers: which part is the payload, and which statuses are no failure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Literal, TypeAlias, get_args

from jackfield.definition.operations_paths import steps
from jackfield.definition.operations_reader import Faults, Place, Reader, named

Form: TypeAlias = Literal["json", "text", "bytes"]

_FORMS: tuple[str, ...] = get_args(Form)
_STATUS = re.compile(r"[45](\d\d|xx)")
_KNOWN = ("type", "path")


def read_response(operation: Reader) -> dict[str, str]:
    """How the payload is taken from an answer: `{"type": "json"}`, with a `path` where a part of it is meant."""
    said, at = operation.value("response", "json"), operation.place("response")
    if isinstance(said, str):
        if said in _FORMS:
            return {"type": said}
        if said.startswith("$"):
            return {"type": "json", "path": _path(said, at, operation.faults)}
    if not isinstance(said, Mapping):
        operation.faults.wrong(at, said, f"one of {named(_FORMS)}, or a path such as `$.data.items`")
        return {"type": "json"}
    reader = Reader(said, at=at, faults=operation.faults, known=_KNOWN, aliases={"as": "type", "format": "type"})
    return _read_object(reader)


def read_errors(operation: Reader) -> str | dict[str, str]:
    """`"ignore"`, or what each status means: `empty`, `ok`, or the message of the failure as a template."""
    said, at, faults = operation.value("errors", {}), operation.place("errors"), operation.faults
    if said == "ignore":
        return "ignore"
    if not isinstance(said, Mapping):
        faults.wrong(at, said, "`ignore`, or an object from status to `empty`, `ok` or a message")
        return {}
    found = {}
    for status, meaning in said.items():
        # YAML reads `404:` as a number.
        key, place = str(status).lower(), (*at, str(status))
        if not _STATUS.fullmatch(key):
            faults.add(place, f"`{status}` is no error status", hint="use one such as `404`, or `4xx` or `5xx`")
        elif not isinstance(meaning, str):
            faults.wrong(place, meaning, "`empty`, `ok` or a message")
        else:
            found[key] = meaning
    return found


def _read_object(reader: Reader) -> dict[str, str]:
    form, path = reader.text("type", "json"), reader.text("path")
    if form not in _FORMS:
        reader.faults.wrong(reader.place("type"), form, f"one of {named(_FORMS)}")
    if not path:
        return {"type": form}
    if form != "json":
        reader.faults.add(reader.place("path"), f"a {form} answer has no parts", hint="leave `path` out")
    return {"type": form, "path": _path(path, reader.place("path"), reader.faults)}


def _path(path: str, at: Place, faults: Faults) -> str:
    try:
        steps(path)
    except ValueError as error:
        faults.add(at, f"`{path}` is no path into an answer: {error}", hint="use one such as `$.data.items[0].id`")
    return path


def read_mock(operation: Reader) -> dict[str, Any]:
    """Payloads by the name of their scenario."""
    return dict(operation.mapping("mock"))
