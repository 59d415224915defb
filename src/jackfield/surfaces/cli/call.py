"""`jackfield call`: one command, from a terminal."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from jackfield.definition.outcome import Outcome
from jackfield.dispatch.call import CallOptions, Origin
from jackfield.dispatch.options import read_options
from jackfield.surfaces.cli import options as common
from jackfield.surfaces.cli.arguments import params as read_params
from jackfield.surfaces.cli.completion import complete_target
from jackfield.surfaces.cli.output import ask_for_json, echo_error, echo_json
from jackfield.surfaces.cli.planned import echo_request
from jackfield.surfaces.runtime import Runtime

ORIGIN = Origin(trigger="cli", text_only=True)


@click.command()
@click.argument("target", shell_complete=complete_target)
@click.argument("params", nargs=-1, metavar="[NAME=VALUE]...")
@common.document
@common.timeout
@common.mock
@common.environment
@common.credential
@click.option("--idempotency-key", "key", metavar="KEY", help="Of a write: with this key it happens once.")
@click.option(
    "--plan", is_flag=True, help="Print the request that would be sent, without its secrets, and send nothing."
)
@click.option("--debug", is_flag=True, help="Print what the command logs, whatever is kept of it, to stderr.")
@click.option("--json", "as_json", is_flag=True, help="Print the whole outcome, or the error, as JSON.")
@click.option(
    "--connectors",
    "paths",
    multiple=True,
    type=click.Path(exists=True, path_type=Path),
    help="File or folder with connectors; may repeat.  [default: JACKFIELD_CONNECTORS, or ./connectors]",
)
@click.pass_obj
def call(
    make_runtime: Any,
    target: str,
    params: tuple[str, ...],
    document: str | None,
    timeout: float | None,
    mock: str | None,
    environment: str | None,
    credential: str | None,
    key: str | None,
    plan: bool,
    debug: bool,
    as_json: bool,
    paths: tuple[Path, ...],
) -> None:
    """Call one command, for example `jackfield call acme-prod.list_messages channel=general`.

    TARGET is a connector, a dot and a command; without a command, the default one is called. `name=value` is
    text, `name:=value` JSON. The payload goes to stdout as JSON. Exit status: 0 success, 1 the command failed,
    2 the call was wrong.
    """
    ask_for_json(as_json)
    connector, _, command = target.partition(".")
    options = read_options(
        None,
        timeout_s=timeout,
        scenario=mock,
        environment=environment,
        credential_id=credential,
        idempotency_key=key,
        plan=plan,
        debug=debug,
    )
    given = read_params(params, document)
    outcome = asyncio.run(_called(make_runtime(paths), connector, command or None, given, options))
    for line in () if as_json else outcome.metadata.get("log") or ():
        click.echo(f"{line['level']}: {line['message']}", err=True)
    if plan and outcome.success and outcome.payload and not as_json:
        echo_request(outcome.payload)
    elif as_json or outcome.success:
        echo_json(outcome.to_json() if as_json else outcome.payload)
    if not outcome.success:
        echo_error(outcome.error or "the command failed", hint=str(outcome.diagnostics.get("hint", "")))
        raise SystemExit(1)


async def _called(
    runtime: Runtime, connector: str, command: str | None, params: Mapping[str, Any], options: CallOptions
) -> Outcome[Any]:
    try:
        return await runtime.call(connector, command, params, options, ORIGIN)
    finally:
        await runtime.close()
