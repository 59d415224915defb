"""`jackfield doctor`: what is the matter."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from jackfield.surfaces.cli.output import ask_for_json, echo_json
from jackfield.surfaces.cli.tools import Tools
from jackfield.surfaces.diagnosis import Check, Report

if TYPE_CHECKING:
    from rich.table import Table

STYLES = {"ok": "green", "warning": "yellow", "error": "bold red"}
MARKS = {"ok": "✓", "warning": "!", "error": "✗"}


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print everything as JSON, for example to attach it to a report.")
@click.pass_obj
def doctor(tools: Tools, as_json: bool) -> None:
    """Look at this installation and say what is wrong, for example `jackfield doctor`.

    It reads settings, files, the database and the keys, and changes nothing. No secret is printed. Exit status: 0 when
    nothing is wrong, or only something to look at; 1 when something does not work or is not safe.
    """
    ask_for_json(as_json)
    report = asyncio.run(_report(tools))
    if as_json:
        echo_json(report.to_json())
    elif sys.stdout.isatty():
        _print(report)
    else:
        _write(report)
    raise SystemExit(1 if report.status == "error" else 0)


async def _report(tools: Tools) -> Report:
    return await tools.doctor()


def verdict(report: Report) -> str:
    """The last line."""
    errors, warnings = report.count("error"), report.count("warning")
    if not errors and not warnings:
        return "Everything is in order."
    parts = [
        f"{count} {word}{'' if count == 1 else 's'}"
        for count, word in ((errors, "error"), (warnings, "warning"))
        if count
    ]
    return f"Found {' and '.join(parts)}."


def _write(report: Report) -> None:
    """Plain lines of `status`, name, value and note, as wide as they are."""
    click.echo(f"Jackfield {report.version} ({report.platform})")
    for section in report.sections:
        click.echo(f"\n{section.title}")
        width = max(len(check.name) for check in section.checks)
        for check in section.checks:
            note = f"  ({check.note})" if check.note else ""
            click.echo(f"  {check.status:<7}  {check.name:<{width}}  {check.value}{note}")
            if check.hint:
                click.echo(f"  {'':<7}  {'':<{width}}  hint: {check.hint}")
    click.echo(f"\n{verdict(report)}")


def _print(report: Report) -> None:
    """As `_write`, in colours, wrapped to the width of the terminal."""
    from rich.console import Console
    from rich.text import Text

    console = Console(highlight=False)
    console.print(Text.assemble((f"Jackfield {report.version}", "bold"), (f"  {report.platform}", "dim")))
    width = max(len(check.name) for section in report.sections for check in section.checks)
    for section in report.sections:
        console.print(Text(f"\n{section.title}", style="bold"))
        console.print(_table(section.checks, width=width, encoding=console.encoding))
    console.print(Text(f"\n{verdict(report)}", style=STYLES[report.status]))


def _table(checks: Sequence[Check], *, width: int, encoding: str) -> Table:
    from rich.table import Table
    from rich.text import Text

    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True, min_width=width)
    table.add_column(overflow="fold")
    for check in checks:
        style = STYLES[check.status]
        text = Text.assemble((check.value, "" if check.status == "ok" else style))
        if check.note:
            text.append(f"  {check.note}", style="dim" if check.status == "ok" else style)
        if check.hint:
            text.append(f"\nhint: {check.hint}")
        table.add_row(Text(f"  {_mark(check, encoding)}", style=style), Text(check.name), text)
    return table


def _mark(check: Check, encoding: str) -> str:
    return MARKS[check.status] if encoding.lower().startswith("utf") else check.status
