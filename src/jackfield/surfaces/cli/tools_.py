"""`jackfield tools`: commands as a model sees them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from jackfield.surfaces.cli import options as common
from jackfield.surfaces.cli.arguments import params as read_params
from jackfield.surfaces.cli.output import ask_for_json, echo_error, echo_json, echo_table
from jackfield.surfaces.cli.session import managed

if TYPE_CHECKING:  # commands that need none of it start sooner
    from jackfield.access.principal import Principal
    from jackfield.agents.tool import Risk, Tool
    from jackfield.manage.resources import Resources
    from jackfield.manage.tool_choosing import Chosen

MAX_HITS = 50
"""More nobody reads in a terminal."""

gateway_option = click.option("--gateway", metavar="NAME", help="Those of this gateway.")
connector_option = click.option("--connector", metavar="NAME", help="Only those of this connector.")


@click.group()
def tools() -> None:
    """Commands as tools for language models, for example `jackfield tools list`.

    What a model is given: names, descriptions and schemas without what is settled, and what that costs.
    """


@tools.command("list")
@gateway_option
@connector_option
@click.option("--reads-only", is_flag=True, help="Only those that change nothing.")
@common.as_json
@click.pass_obj
def list_(make_runtime: Any, gateway: str | None, connector: str | None, reads_only: bool, as_json: bool) -> None:
    """List tools and what they cost, for example `jackfield tools list --connector acme-prod`.

    The cost is what a model reads before it calls any: name, description and schema. Tokens are estimated.
    """
    from jackfield.agents.cost import sum_of
    from jackfield.manage.tool_choosing import of_connector
    from jackfield.manage.tool_views import ToolInfo, problems_of, tool_info
    from jackfield.manage.views import to_json

    async def work(manage: Resources, principal: Principal) -> tuple[Sequence[Tool], Sequence[Any]]:
        chosen = await _chosen(manage, principal, gateway, connector, reads_only=reads_only)
        found = await manage.tools.list(chosen.caller, choice=chosen.choice)
        if connector is not None and not found.tools and found.problems:
            raise found.problems[0]
        return of_connector(found, connector), problems_of(found)

    ask_for_json(as_json)
    listed, problems = managed(make_runtime, work)
    total = sum_of(tool.cost for tool in listed)
    if as_json:
        infos: list[ToolInfo] = [tool_info(tool) for tool in listed]
        cost = {"bytes": total.bytes, "tokens": total.tokens}
        told = {"items": [to_json(info) for info in infos], "cost": cost}
        echo_json(told | {"problems": [to_json(problem) for problem in problems]})
        return
    rows = [(tool.name, tool.risk, str(tool.cost.tokens), tool.description.partition("\n")[0]) for tool in listed]
    echo_table("Tools", ("tool", "risk", "tokens", "description"), rows)
    for problem in problems:
        click.echo(f"warning: {problem.message}", err=True)
    click.echo(f"{len(listed)} tools, about {total.tokens} tokens ({total.bytes} bytes).", err=True)


@tools.command()
@click.argument("query", nargs=-1, required=True)
@gateway_option
@connector_option
@click.option(
    "--risk",
    "risks",
    multiple=True,
    type=click.Choice(["read", "write", "destructive"]),
    help="Only these; may repeat.",
)
@click.option("--limit", default=5, show_default=True, type=click.IntRange(1, MAX_HITS), help="At most so many.")
@common.as_json
@click.pass_obj
def search(
    make_runtime: Any,
    query: tuple[str, ...],
    gateway: str | None,
    connector: str | None,
    risks: tuple[Risk, ...],
    limit: int,
    as_json: bool,
) -> None:
    """Find tools, for example `jackfield tools search send a message`. The best comes first.

    `--json` prints what a model would read.
    """
    from jackfield.agents.finding import Query, ToolHit, answer_of
    from jackfield.manage.tool_choosing import names_of

    async def work(manage: Resources, principal: Principal) -> Sequence[ToolHit]:
        chosen = await _chosen(manage, principal, gateway, None)
        named = None
        if connector is not None:
            named = names_of(await manage.tools.list(chosen.caller, choice=chosen.choice), [connector])
        asked = Query(text=" ".join(query), limit=limit, connector=named, risk=risks or None)
        return await manage.tools.search(chosen.caller, asked, choice=chosen.choice)

    ask_for_json(as_json)
    hits = managed(make_runtime, work)
    if as_json:
        echo_json(answer_of(hits))
        return
    rows = [
        (
            hit.tool.name,
            hit.tool.risk,
            "not connected" if hit.connected is False else "",
            hit.tool.description.partition("\n")[0],
        )
        for hit in hits
    ]
    echo_table("Tools", ("tool", "risk", "", "description"), rows)


@tools.command()
@click.argument("name")
@gateway_option
@click.option(
    "--format",
    "format_",
    type=click.Choice(["openai", "anthropic", "mcp"]),
    help="Print it as that interface of models takes it.",
)
@click.pass_obj
def show(make_runtime: Any, name: str, gateway: str | None, format_: Any) -> None:
    """Print a tool as JSON, for example `jackfield tools show acme-prod__list_messages --format openai`."""
    from jackfield.agents.formats import FORMATS
    from jackfield.manage.tool_views import tool_info
    from jackfield.manage.views import to_json

    async def work(manage: Resources, principal: Principal) -> Tool:
        chosen = await _chosen(manage, principal, gateway, None)
        return await manage.tools.get(chosen.caller, name, choice=chosen.choice)

    ask_for_json(True)
    found = managed(make_runtime, work)
    echo_json(FORMATS[format_](found) if format_ else to_json(tool_info(found, output_schema=True)))


@tools.command()
@click.argument("name")
@click.argument("params", nargs=-1, metavar="[NAME=VALUE]...")
@common.document
@gateway_option
@click.option("--variable", "variables", multiple=True, metavar="NAME=VALUE", help="For templates; may repeat.")
@click.option("--json", "as_json", is_flag=True, help="Print all that is known of the answer as JSON.")
@click.pass_obj
def call(
    make_runtime: Any,
    name: str,
    params: tuple[str, ...],
    document: str | None,
    gateway: str | None,
    variables: tuple[str, ...],
    as_json: bool,
) -> None:
    """Call a tool as a model would, for example `jackfield tools call acme-prod__list_messages channel=general`.

    What the model would read goes to stdout. What is settled wins over what is given. Exit status: 0 success, 1 the
    answer says that it failed.
    """
    from jackfield.agents.tool import ToolContext, ToolResult
    from jackfield.manage.tool_views import tool_answer
    from jackfield.manage.views import to_json

    ask_for_json(as_json)
    given, context = read_params(params, document), ToolContext(variables=read_params(variables, None))

    async def work(manage: Resources, principal: Principal) -> ToolResult:
        chosen = await _chosen(manage, principal, gateway, None)
        return await manage.tools.call(
            chosen.caller,
            name,
            given,
            choice=chosen.choice,
            context=context,
            trigger="cli",
            characters=chosen.characters,
        )

    result = managed(make_runtime, work)
    if as_json:
        echo_json(to_json(tool_answer(result)))
    elif result.failed:
        echo_error(result.text.removeprefix("Error "), hint="")
    else:
        click.echo(result.text)
    if result.failed:
        raise SystemExit(1)


async def _chosen(
    manage: Resources, principal: Principal, gateway: str | None, connector: str | None, *, reads_only: bool = False
) -> Chosen:
    from jackfield.manage.tool_choosing import choose

    return await choose(manage, principal, gateway=gateway, connector=connector, reads_only=reads_only)
