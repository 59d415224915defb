"""Writing to the terminal: JSON for programs, tables for people."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

import click
import orjson

from jackfield.errors import JackfieldError

_JSON = "jackfield.json"


def ask_for_json(wanted: bool) -> None:
    """Remember that the caller is a program, so that an error too is printed as JSON."""
    click.get_current_context().meta[_JSON] = wanted


def asks_for_json(ctx: click.Context) -> bool:
    """Whether the caller is a program."""
    return bool(ctx.meta.get(_JSON))


def echo_problem(error: JackfieldError, *, as_json: bool) -> None:
    """An error: its words to stderr, and for programs the problem document to stdout."""
    if as_json:
        echo_json(error.to_json())
    echo_error(error.message, hint=error.hint)


def echo_error(message: str, *, hint: str = "") -> None:
    """`error: ...`, an empty line, `hint: ...`, to stderr."""
    click.echo(f"error: {message}" + (f"\n\nhint: {hint}" if hint else ""), err=True)


def echo_json(value: Any) -> None:
    """Indented JSON to stdout."""
    click.echo(orjson.dumps(value, option=orjson.OPT_INDENT_2).decode())


def echo_line(value: Any) -> None:
    """JSON in one line to stdout, at once."""
    click.echo(orjson.dumps(value).decode())


def echo_table(title: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """A table to stdout; tab-separated lines where stdout is no terminal."""
    if not sys.stdout.isatty():
        for row in rows:
            click.echo("\t".join(row))
        return
    from rich.console import Console
    from rich.table import Table

    table = Table(*columns, title=title, title_justify="left", box=None, pad_edge=False)
    for row in rows:
        table.add_row(*row)
    Console().print(table)
