"""A request that was not sent, as people read it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import click

from jackfield.surfaces.cli.output import echo_json


def echo_request(request: Mapping[str, Any]) -> None:
    """The method and address, the headers, and after an empty line the body.

    Args:
        request: The payload of a planned call: `{method, url, headers, body?}`.
    """
    click.echo(_harmless(f"{request['method']} {request['url']}"))
    for name, value in request["headers"].items():
        click.echo(_harmless(f"{name}: {value}"))
    if "body" in request:
        click.echo()
        _echo_body(request["body"])


def _echo_body(body: Any) -> None:
    if isinstance(body, str):
        click.echo("\n".join(map(_harmless, body.splitlines())))
    else:
        echo_json(body)


def _harmless(line: str) -> str:
    """`line` with its control characters spelled out: a body may hold what a terminal obeys."""
    return "".join(char if char.isprintable() or char == "\t" else repr(char)[1:-1] for char in line)
