"""Writing to the terminal: JSON for programs, tables for people."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

import click
import orjson


def echo_json(value: Any) -> None:
    """Indented JSON to stdout."""
    click.echo(orjson.dumps(value, option=orjson.OPT_INDENT_2).decode())


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
