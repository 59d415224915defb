"""`jackfield import mcp`: an MCP server becomes a connector."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from jackfield.access.principal import Principal
from jackfield.manage.resources import Resources
from jackfield.manage.views import to_json
from jackfield.surfaces.cli.options import as_json as json_option
from jackfield.surfaces.cli.output import ask_for_json, echo_json, echo_table
from jackfield.surfaces.cli.session import managed

if TYPE_CHECKING:
    from jackfield.manage.connector_views import ConnectorInfo

COLUMNS = ("command", "effect", "description")


@click.command("mcp")
@click.argument("server")
@click.option("--name", required=True, metavar="NAME", help="Of the connector.")
@click.option("--namespace", default="default", show_default=True, metavar="NAME", help="Of the connector.")
@click.option("--bearer", metavar="SECRET", help="Name of the secret that is sent as a bearer token.")
@click.option("--dry-run", is_flag=True, help="Show the tools, and keep nothing.")
@json_option
@click.pass_obj
def mcp(
    make_runtime: Any, server: str, name: str, namespace: str, bearer: str | None, dry_run: bool, as_json: bool
) -> None:
    """Make a connector of an MCP server, for example `jackfield import mcp https://mcp.example.com/mcp --name books`.

    SERVER is an address, or the name of a program that the operator lists in `JACKFIELD_MCP_COMMANDS`. The definitions
    of its tools are pinned as they are now: read them. What changes later is shown by `jackfield connectors sync`.
    """
    ask_for_json(as_json)
    where = {"url": server} if "://" in server else {"command": server}
    body: dict[str, Any] = {"name": name, "namespace": namespace, "mcpServer": where}
    body |= {"auth": {"type": "bearer", "secret": bearer}} if bearer else {}

    async def work(manage: Resources, principal: Principal) -> ConnectorInfo:
        if dry_run:
            return await manage.trials.check(principal, body)
        return await manage.connectors.create(principal, body)

    made = managed(make_runtime, work)
    for warning in made.warnings:
        click.echo(f"warning: {warning}", err=True)
    if as_json:
        echo_json(to_json(made))
    else:
        commands = (made.config_schema or {}).get("commands", {})
        echo_table(name, COLUMNS, [_row(*each) for each in commands.items()])
    if not dry_run:
        click.echo(f"Made the connector `{made.full_name}`.", err=True)


def _row(name: str, command: Any) -> tuple[str, str, str]:
    effect = "reads" if command.get("readsOnly") else "may destroy" if command.get("destructive") else "changes"
    return name, effect, str(command.get("description", "")).partition("\n")[0]
