"""`jackfield connectors sync`: what an upstream MCP server offers beside what is pinned of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click
import orjson

from jackfield.manage.views import to_json
from jackfield.surfaces.cli.options import as_json as json_option
from jackfield.surfaces.cli.output import ask_for_json, echo_json
from jackfield.surfaces.cli.session import managed

if TYPE_CHECKING:
    from jackfield.manage.upstream_views import Synced, SyncedTool


@click.command("sync")
@click.argument("connector")
@click.option("--apply", "apply", is_flag=True, help="Pin all that is different.")
@click.option("--tool", "tools", multiple=True, metavar="TOOL", help="Pin this one only; may be given several times.")
@json_option
@click.pass_obj
def sync(make_runtime: Any, connector: str, apply: bool, tools: tuple[str, ...], as_json: bool) -> None:
    """Compare a connector with its MCP server, for example `jackfield connectors sync books --apply`.

    Without `--apply` or `--tool` nothing is changed. Read what is different before you apply it: descriptions go to
    language models as they are, and calls of tools that are different are refused until then.
    """
    ask_for_json(as_json)
    body = {"apply": list(tools) if tools else apply}
    done = managed(make_runtime, lambda manage, principal: manage.upstreams.sync(principal, connector, body))
    for name, reason in done.refused.items():
        click.echo(f"warning: the tool `{name[:100]}` is left out: {reason}", err=True)
    if as_json:
        echo_json(to_json(done))
    else:
        _tell(done)
    click.echo(_summary(done), err=True)


def _tell(done: Synced) -> None:
    for mark, tools in (("+", done.added), ("~", done.changed), ("-", done.removed)):
        for tool in tools:
            click.echo(f"{mark} {tool.command}{' (pinned)' if tool.applied else ''}")
            for line in _lines(tool, mark):
                click.echo(f"    {line}")


def _lines(tool: SyncedTool, mark: str) -> list[str]:
    if mark == "-":
        return []
    lines = []
    for field, values in tool.fields.items():
        if mark == "~":
            lines.append(f"{field} was {_text(values['old'])}")
        lines.append(f"{field} {'is ' if mark == '~' else ''}{_text(values['new'])}")
    return lines


def _text(value: Any) -> str:
    return orjson.dumps(value).decode()


def _summary(done: Synced) -> str:
    counts = f"{len(done.added)} came, {len(done.changed)} changed, {len(done.removed)} went, {done.kept} stayed"
    if done.applied:
        return f"`{done.connector}`: {counts}. Its type `{done.type}` is now of version {done.version}."
    more = "; `--apply` pins what is different" if done.added or done.changed or done.removed else ""
    return f"`{done.connector}`: {counts}. Nothing was changed{more}."
