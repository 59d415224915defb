"""`name=value` arguments as params."""

from __future__ import annotations

import sys
from typing import Any

import click
import orjson


def params(arguments: tuple[str, ...], document: str | None) -> dict[str, Any]:
    """The params that a command line gives.

    `name=value` is text (which the schema may want as a number or boolean), `name:=value` is JSON, and a
    whole JSON object can be given at once; single arguments win over it.

    Raises:
        click.BadParameter: An argument is none of these.
    """
    found: dict[str, Any] = _document(document) if document else {}
    for argument in arguments:
        name, value = _pair(argument)
        if name in found and document is None:
            raise click.BadParameter(f"`{name}` is given twice")
        found[name] = value
    return found


def _pair(argument: str) -> tuple[str, Any]:
    name, equals, value = argument.partition("=")
    if not equals or not name.strip(":"):
        raise click.BadParameter(f"`{argument}` is not of the form name=value (or name:=JSON)")
    if not name.endswith(":"):
        return name, value
    try:
        return name[:-1], orjson.loads(value)
    except orjson.JSONDecodeError as error:
        raise click.BadParameter(f"the value of `{name[:-1]}` is not JSON: {error}") from error


def _document(text: str) -> dict[str, Any]:
    if text == "-":
        text = sys.stdin.read()
    try:
        document = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise click.BadParameter(f"the params are not JSON: {error}") from error
    if not isinstance(document, dict):
        raise click.BadParameter("the params must be a JSON object")
    return document
