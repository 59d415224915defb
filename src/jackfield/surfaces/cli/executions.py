"""`jackfield executions`: what was called, and what became of it."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import aclosing
from typing import Any, cast, get_args

import click
import orjson

from jackfield.dispatch.call import Trigger
from jackfield.manage.execution_views import MAX_PAGE, STATUSES, ExecutionView, Missed, summary
from jackfield.manage.views import moment, to_json
from jackfield.surfaces.cli.options import Moment
from jackfield.surfaces.cli.options import as_json as json_option
from jackfield.surfaces.cli.output import ask_for_json, echo_json, echo_line, echo_table
from jackfield.surfaces.cli.session import managed

COLUMNS = ("id", "started", "connector", "command", "status", "ms", "trigger", "result")


NARROWING = (
    click.option("--connector", metavar="NAME", help="Of this connector only: a name, or `namespace/name`."),
    click.option("--command", metavar="NAME", help="Of this command only."),
    click.option("--status", type=click.Choice(STATUSES, case_sensitive=False), help="That ended like this."),
    click.option("--trigger", type=click.Choice(get_args(Trigger)), help="That were started like this."),
    click.option("--caller", metavar="ID", help="By the user with this id."),
    click.option("--run", "run_id", metavar="ID", help="Steps of this run."),
    click.option("--chat", "chat_id", metavar="ID", help="On behalf of this chat."),
)
"""Options of all commands that tell of several executions."""


def _narrowing(command: Any) -> Any:
    for option in reversed(NARROWING):
        command = option(command)
    return command


@click.group()
def executions() -> None:
    """What was called, for example `jackfield executions list --status FAILED`.

    You see your own calls, administrators those of everybody. Secrets are masked.
    """


@executions.command("list")
@_narrowing
@click.option("--since", type=Moment(), metavar="TIME", help="From then on: `2026-11-21` or `2026-11-21T06:45`, UTC.")
@click.option("--until", type=Moment(), metavar="TIME", help="Before then.")
@click.option("--limit", type=click.IntRange(1, MAX_PAGE), default=20, show_default=True, help="At most so many.")
@click.option("--cursor", metavar="CURSOR", help="Go on after a list that was longer.")
@json_option
@click.pass_obj
def list_(make_runtime: Any, /, as_json: bool, **filters: Any) -> None:
    """List calls, the newest first, for example `jackfield executions list --connector acme-prod --status FAILED`."""
    ask_for_json(as_json)
    page = managed(make_runtime, lambda manage, principal: manage.executions.list(principal, **filters))
    if as_json:
        more = {"nextCursor": page.cursor} if page.cursor else {}
        echo_json({"items": [summary(view) for view in page.items], **more})
        return
    echo_table("Executions", COLUMNS, [_row(view) for view in page.items])
    if page.cursor:
        click.echo(f"There are more: --cursor {page.cursor}", err=True)


@executions.command()
@_narrowing
@click.option("--limit", type=click.IntRange(1), metavar="N", help="Stop after so many.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON, one execution a line.")
@click.pass_obj
def watch(make_runtime: Any, /, as_json: bool, limit: int | None, **filters: Any) -> None:
    """Print calls as they happen, for example `jackfield executions watch --connector acme-prod`.

    Writes are printed when they begin, and all calls when they have ended. Ctrl-C stops it.
    """
    ask_for_json(as_json)
    managed(
        make_runtime, lambda manage, principal: _print(manage.executions.watch(principal, **filters), as_json, limit)
    )


async def _print(watched: AsyncIterator[ExecutionView | Missed], as_json: bool, limit: int | None) -> None:
    left = limit
    async with aclosing(cast(AsyncGenerator[ExecutionView | Missed, None], watched)) as told:
        async for view in told:
            if isinstance(view, Missed):
                click.echo("Some calls were missed: `jackfield executions list` has them.", err=True)
                continue
            if as_json:
                echo_line(summary(view))
            else:
                click.echo("\t".join(_row(view)))
            left = None if left is None else left - 1
            if left == 0:
                return


@executions.command()
@click.argument("id")
@json_option
@click.pass_obj
def show(make_runtime: Any, id: str, as_json: bool) -> None:
    """Show one call whole, for example `jackfield executions show 019a...`."""
    ask_for_json(as_json)
    view = managed(make_runtime, lambda manage, principal: manage.executions.get(principal, id))
    if as_json:
        echo_json(to_json(view))
        return
    for name, value in to_json(view).items():
        if value not in (None, "") and name not in {"params", "outcome", "preview"}:
            click.echo(f"{name + ':':16} {value}")
    for name, document in (("params", view.params), ("outcome", view.outcome)):
        click.echo(f"\n{name}:\n{orjson.dumps(document, option=orjson.OPT_INDENT_2).decode()}")


@executions.command()
@click.argument("id")
@json_option
@click.pass_obj
def tree(make_runtime: Any, id: str, as_json: bool) -> None:
    """Show a call and all that were made on its way, for example `jackfield executions tree 019a...`."""
    ask_for_json(as_json)
    views = managed(make_runtime, lambda manage, principal: manage.executions.tree(principal, id))
    if as_json:
        echo_json([summary(view) for view in views])
        return
    _echo_branch(views, parent=views[0].parent_id, depth=0)


def _echo_branch(views: Sequence[ExecutionView], *, parent: str | None, depth: int) -> None:
    for view in views:
        if view.parent_id == parent and (depth or view is views[0]):
            click.echo(f"{'  ' * depth}{view.connector}.{view.command}  {view.status}  {_ms(view)} ms  {view.id}")
            _echo_branch(views, parent=view.id, depth=depth + 1)


def _row(view: ExecutionView) -> tuple[str, ...]:
    return (
        view.id,
        moment(view.started),
        view.connector,
        view.command,
        view.status,
        _ms(view),
        view.trigger,
        view.preview[:60],
    )


def _ms(view: ExecutionView) -> str:
    return "" if view.duration_ms is None else f"{view.duration_ms:.0f}"
