"""`jackfield try`: a connector in a file, before anybody keeps it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from jackfield.dispatch.call import Origin
from jackfield.dispatch.options import read_options
from jackfield.errors import WrongUse
from jackfield.manage.views import to_json
from jackfield.registry.documents import read_bodies
from jackfield.surfaces.cli import options as common
from jackfield.surfaces.cli.arguments import params as read_params
from jackfield.surfaces.cli.output import ask_for_json, echo_error, echo_json, echo_table
from jackfield.surfaces.cli.session import managed

if TYPE_CHECKING:
    from jackfield.manage.connector_views import ConnectorInfo
    from jackfield.manage.trial_views import Trial

ORIGIN = Origin(trigger="trial", text_only=True)
READ_BYTES = 16 * 1024 * 1024
COLUMNS = ("command", "params", "description")


@click.command("try")
@click.argument("file", type=click.File("rb"))
@click.argument("command", required=False)
@click.argument("params", nargs=-1, metavar="[NAME=VALUE]...")
@common.document
@click.option("--config", multiple=True, metavar="NAME=VALUE", help="A field of the connection; may repeat.")
@click.option("--name", metavar="NAME", help="Of the connector, where the file has several.")
@common.timeout
@common.mock
@common.environment
@click.option("--json", "as_json", is_flag=True, help="Print all there is to see, or the error, as JSON.")
@click.option(
    "--connectors",
    "paths",
    multiple=True,
    type=click.Path(exists=True, path_type=Path),
    help="File or folder with connector types; may repeat.  [default: JACKFIELD_CONNECTORS, or ./connectors]",
)
@click.pass_obj
def try_(
    make_runtime: Any,
    file: Any,
    command: str | None,
    params: tuple[str, ...],
    document: str | None,
    config: tuple[str, ...],
    name: str | None,
    timeout: float | None,
    mock: str | None,
    environment: str | None,
    as_json: bool,
    paths: tuple[Path, ...],
) -> None:
    """Try a connector of a file, for example `jackfield try acme.js list_items limit=5`.

    FILE is a script or has connectors in YAML or JSON; nothing of it is kept. The payload goes to stdout as JSON; what
    the command logs, and the requests that it sends, go to stderr. Without COMMAND, the connector is only looked at.
    Exit status: 0 success, 1 the command failed, 2 the connector or the call was wrong.
    """
    ask_for_json(as_json)
    body = _body(file, name=name, config=read_params(config, None))
    if command is None or "=" in command:
        if command is not None or document or mock or timeout or environment:
            raise WrongUse("there is no command to be called", hint="name it after the file")
        _show(managed(make_runtime, lambda manage, principal: manage.trials.check(principal, body), paths), as_json)
        return
    given = read_params(params, document)
    options = read_options(None, timeout_s=timeout, scenario=mock, environment=environment)
    tried = managed(
        make_runtime,
        lambda manage, principal: manage.trials.run(principal, body, command, given, options=options, origin=ORIGIN),
        paths,
    )
    _tell(tried, as_json)


def _body(file: Any, *, name: str | None, config: Mapping[str, Any]) -> dict[str, Any]:
    """The connector of the file, with what else is said of its connection."""
    bodies = read_bodies(file.read(READ_BYTES), place=getattr(file, "name", "stdin"))
    found = [body for body in bodies if name is None or body.get("name") == name]
    if len(found) != 1:
        known = ", ".join(f"`{str(body.get('name'))[:100]}`" for body in bodies[:20]) or "none"
        raise WrongUse(
            "the file does not have one connector" if name is None else f"the file has no connector `{name}`",
            hint=f"it has {known}: name one with `--name`" if bodies else "write one into it",
        )
    (body,) = found
    return body | ({"config": {**(body.get("config") or {}), **config}} if config else {})


def _show(info: ConnectorInfo, as_json: bool) -> None:
    if as_json:
        echo_json(to_json(info))
    for warning in info.warnings:
        click.echo(f"warning: {warning}", err=True)
    if as_json:
        return
    lacks = f"; still to fill in: {', '.join(info.missing)}" if info.missing else ""
    click.echo(f"`{info.full_name}` is sound: {info.execution_model}, version {info.type_version}{lacks}.", err=True)
    commands: Mapping[str, Any] = (info.config_schema or {}).get("commands") or {}
    echo_table(f"Commands of {info.full_name}", COLUMNS, [_row(each, said) for each, said in commands.items()])


def _row(name: str, said: Mapping[str, Any]) -> Sequence[str]:
    schema = said.get("params") or {}
    required = schema.get("required") or ()
    shown = [each if each in required else f"[{each}]" for each in schema.get("properties") or {}]
    return name, " ".join(shown), str(said.get("description") or "").partition("\n")[0]


def _tell(tried: Trial, as_json: bool) -> None:
    outcome = tried.outcome
    if as_json:
        echo_json(tried.to_json())
    else:
        for line in tried.logs:
            click.echo(f"{line['level']}: {line['message']}", err=True)
        for each in tried.requests:
            became = each.get("status", each.get("code", ""))
            click.echo(f"{each['method']} {each['url']} -> {became} ({each['ms']} ms)", err=True)
        if outcome.success:
            echo_json(outcome.payload)
    if not outcome.success:
        echo_error(outcome.error or "the command failed", hint=str(outcome.diagnostics.get("hint", "")))
        raise SystemExit(1)
