"""`jackfield connectors test`: whether a connection works."""

from __future__ import annotations

from typing import Any

import click

from jackfield.manage.views import to_json
from jackfield.surfaces.cli.options import as_json as json_option
from jackfield.surfaces.cli.options import environment
from jackfield.surfaces.cli.output import ask_for_json, echo_error, echo_json
from jackfield.surfaces.cli.session import managed


@click.command("test")
@click.argument("connector")
@click.option("--timeout", type=click.FloatRange(1, 300), help="Seconds to wait for the service.  [default: 30]")
@environment
@json_option
@click.pass_obj
def test_connection(
    make_runtime: Any, connector: str, timeout: float | None, environment: str | None, as_json: bool
) -> None:
    """Test whether a connection works, for example `jackfield connectors test acme-prod`.

    Calls the command that the connector's type has for that, and keeps how it went, unless an environment is named.
    Exit status: 0 it works, 1 it does not, 2 it could not be tested.
    """
    ask_for_json(as_json)
    found = managed(
        make_runtime,
        lambda manage, principal: manage.tests.run(principal, connector, timeout_s=timeout, environment=environment),
    )
    if as_json:
        echo_json(to_json(found))
    if not found.success:
        echo_error(found.error or "the connection does not work", hint=found.hint)
        raise SystemExit(1)
    where = f" in `{found.environment}`" if found.environment else ""
    click.echo(f"The connection of `{found.connector}`{where} works ({found.latency_ms:.0f} ms).", err=True)
