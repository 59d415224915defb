"""YAML and JSON of whoever wrote it: small, of finite depth, or refused."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson

from jackfield.registry.errors import LoadFailed

MAX_VALUES = 1_000_000
MAX_DEPTH = 200


def parse(content: bytes, place: str) -> list[Any]:
    """The documents in `content`.

    Args:
        content: UTF-8; JSON is YAML too.
        place: For errors; a name that ends with `.json` is read as JSON, which tells the line of a mistake better.

    Raises:
        LoadFailed: It cannot be parsed, is nested too deeply, or would be too large.
    """
    documents = _json(content, place) if place.endswith(".json") else _yaml(content, place)
    _check_size(documents, place)
    return documents


def _json(content: bytes, place: str) -> list[Any]:
    try:
        return [orjson.loads(content)]
    except orjson.JSONDecodeError as error:
        raise LoadFailed(place=place, reason=error.msg, line=error.lineno) from error


def _yaml(content: bytes, place: str) -> list[Any]:
    import yaml

    try:
        return [document for document in yaml.safe_load_all(content.decode()) if document is not None]
    except RecursionError as error:
        raise LoadFailed(place=place, reason="it is nested too deeply") from error
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else None
        raise LoadFailed(place=place, reason=error.problem or "it is no YAML", line=line) from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise LoadFailed(place=place, reason=str(error).splitlines()[0]) from error


def _check_size(documents: list[Any], place: str) -> None:
    """Refuse aliases that make a few lines as large as the memory, and what later steps could not follow.

    Raises:
        LoadFailed: Written out, there would be too many values, or they would be too deep inside each other.
    """
    waiting, seen = [(document, 0) for document in documents], 0
    while waiting:
        value, depth = waiting.pop()
        seen += 1
        if seen > MAX_VALUES:
            raise LoadFailed(place=place, reason=f"its aliases (`*name`) make more than {MAX_VALUES} values of it")
        inside = value.values() if isinstance(value, Mapping) else value
        if isinstance(inside, str | bytes) or not hasattr(inside, "__iter__"):
            continue
        if depth > MAX_DEPTH:
            raise LoadFailed(place=place, reason=f"it is nested too deeply, in more than {MAX_DEPTH} levels")
        waiting.extend((inner, depth + 1) for inner in inside)
