"""`jackfield gateways`: chosen commands for models, at endpoints and with tokens of their own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

from jackfield.access.principal import Scope
from jackfield.manage.views import to_json
from jackfield.surfaces.cli.options import Duration, confirm, yes
from jackfield.surfaces.cli.options import as_json as json_option
from jackfield.surfaces.cli.output import ask_for_json, echo_json, echo_table
from jackfield.surfaces.cli.session import managed
from jackfield.surfaces.cli.users import show_token

if TYPE_CHECKING:
    from jackfield.manage.gateway_views import GatewayInfo

READ_BYTES = 1024 * 1024
"""More than anybody writes by hand."""


def described(command: Any) -> Any:
    """The options that say what a gateway is."""
    for option in reversed(
        [
            click.option("--title", metavar="TEXT", help="For people."),
            click.option("--description", metavar="TEXT", help="For people."),
            click.option("--instructions", metavar="TEXT", help="For the model, beside its tools."),
            click.option(
                "--connector",
                "connectors",
                multiple=True,
                metavar="NAME[.COMMAND]",
                help="Whose commands it has, or one of them; may repeat.",
            ),
            click.option("--reads-only", is_flag=True, help="Only commands that change nothing."),
            click.option(
                "--mode",
                type=click.Choice(["auto", "tools", "search"]),
                help="Each tool by itself, a search among them, or as many as there are says.",
            ),
            click.option("--output-schemas/--no-output-schemas", default=None, help="Say what tools answer."),
            click.option("--characters", type=int, metavar="N", help="Of a result that are shown at once, at most."),
            click.option("--enabled/--disabled", default=None, help="Whether it can be used, and its tokens count."),
            click.option(
                "--from", "file", type=click.File("rb"), help="YAML or JSON with what it is; options win over it."
            ),
        ]
    ):
        command = option(command)
    return command


@click.group()
def gateways() -> None:
    """Chosen commands for models, for example `jackfield gateways create help-desk --connector acme-prod`.

    Each has an endpoint of its own, `/mcp/NAME`, and tokens that count nowhere else.
    """


@gateways.command("list")
@json_option
@click.pass_obj
def list_(make_runtime: Any, as_json: bool) -> None:
    """List gateways, for example `jackfield gateways list --json`."""
    ask_for_json(as_json)
    found = managed(make_runtime, lambda manage, principal: manage.gateways.list(principal))
    if as_json:
        echo_json([to_json(info) for info in found])
        return
    rows = [(i.name, i.endpoint, "enabled" if i.enabled else "disabled", _words(i), i.title) for i in found]
    echo_table("Gateways", ("gateway", "endpoint", "state", "commands of", "title"), rows)


@gateways.command()
@click.argument("gateway")
@click.pass_obj
def show(make_runtime: Any, gateway: str) -> None:
    """Print a gateway as JSON, for example `jackfield gateways show help-desk`.

    GATEWAY is a name or an id. `jackfield tools list --gateway NAME` shows its tools.
    """
    ask_for_json(True)
    echo_json(to_json(managed(make_runtime, lambda manage, principal: manage.gateways.get(principal, gateway))))


@gateways.command()
@click.argument("name")
@described
@json_option
@click.pass_obj
def create(make_runtime: Any, /, name: str, as_json: bool, **said: Any) -> None:
    """Make a gateway, for example `jackfield gateways create help-desk --connector acme-prod.get_ticket`.

    Without `--connector` it has every command that may be offered to models. What is settled for the model, such as
    locked params, is said in a file: `--from help-desk.yaml`.
    """
    ask_for_json(as_json)
    body = {**_body(said), "name": name}
    made = managed(make_runtime, lambda manage, principal: manage.gateways.create(principal, body))
    _tell(made, f"Made the gateway `{made.name}`; models reach it at `{made.endpoint}`.", as_json)


@gateways.command()
@click.argument("gateway")
@described
@click.option("--name", metavar="NAME", help="Rename it; its endpoint is another one then.")
@json_option
@click.pass_obj
def update(make_runtime: Any, /, gateway: str, as_json: bool, **said: Any) -> None:
    """Change a gateway, for example `jackfield gateways update help-desk --disabled`.

    What is not said stays. With `--connector` or `--reads-only`, its choice is replaced whole.
    """
    ask_for_json(as_json)
    body = _body(said)
    changed = managed(make_runtime, lambda manage, principal: manage.gateways.update(principal, gateway, body))
    _tell(changed, f"Updated the gateway `{changed.name}`.", as_json)


@gateways.command()
@click.argument("gateway")
@yes
@click.pass_obj
def delete(make_runtime: Any, gateway: str, yes: bool) -> None:
    """Delete a gateway, for example `jackfield gateways delete help-desk`. Its tokens are revoked."""
    confirm(f"Delete the gateway `{gateway}`, and revoke its tokens?", yes=yes)
    managed(make_runtime, lambda manage, principal: manage.gateways.delete(principal, gateway))
    click.echo(f"Deleted the gateway `{gateway}`.", err=True)


@gateways.command()
@click.argument("gateway")
@click.option("--name", "label", default="token", show_default=True, metavar="TEXT", help="What the token is for.")
@click.option("--user", metavar="NAME", help="For whom its calls are made.  [default: you]")
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    type=click.Choice(["execute", "read"]),
    help="What the token allows; may repeat.  [default: both]",
)
@click.option(
    "--expires", type=Duration(), metavar="TIME", help="How long the token works: `12h`, `90d`.  [default: for ever]"
)
@json_option
@click.pass_obj
def token(
    make_runtime: Any,
    gateway: str,
    label: str,
    user: str | None,
    scopes: tuple[Scope, ...],
    expires: float | None,
    as_json: bool,
) -> None:
    """Make a token of a gateway, for example `jackfield gateways token help-desk --expires 90d`.

    It counts at that gateway's endpoint and nowhere else. It is printed once, alone on stdout. `jackfield users
    tokens NAME` lists it among its user's, and `jackfield users revoke ID` ends it.
    """
    ask_for_json(as_json)
    made = managed(
        make_runtime,
        lambda manage, principal: manage.gateways.create_token(
            principal, gateway, name=label, user=user, scopes=scopes or None, expires_in_s=expires
        ),
    )
    show_token(made, as_json=as_json, more={})


def _body(said: Mapping[str, Any]) -> dict[str, Any]:
    """What the options, and the file behind them, say of a gateway."""
    from jackfield.registry.documents import read_change

    file = said["file"]
    body = read_change(file.read(READ_BYTES), place=getattr(file, "name", "stdin")) if file else {}
    plain = ("name", "title", "description", "instructions", "mode", "output_schemas", "characters", "enabled")
    body |= {key: said[key] for key in plain if said.get(key) is not None}
    if said["connectors"] or said["reads_only"]:
        body["choice"] = _choice(said["connectors"], reads_only=said["reads_only"])
    return body


def _choice(named: Sequence[str], *, reads_only: bool) -> dict[str, Any]:
    """What `--connector` says: each connector once, with those of its commands that are named; none for all."""
    chosen: dict[str, list[str] | None] = {}
    for text in named:
        connector, _, command = text.partition(".")
        known = chosen.setdefault(connector, [])
        if not command:
            chosen[connector] = None
        elif known is not None:
            known.append(command)
    listed = [
        {"connector": connector, **({"operations": commands} if commands else {})}
        for connector, commands in chosen.items()
    ]
    return {"readsOnly": reads_only, **({"connectors": listed} if listed else {})}


def _words(info: GatewayInfo) -> str:
    connectors = info.choice.get("connectors")
    named = "all" if connectors is None else ", ".join(one["connector"] for one in connectors)
    return f"{named} (reads only)" if info.choice.get("readsOnly") else named


def _tell(info: GatewayInfo, words: str, as_json: bool) -> None:
    if as_json:
        echo_json(to_json(info))
    click.echo(words, err=True)
