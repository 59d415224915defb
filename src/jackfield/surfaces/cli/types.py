"""`jackfield types`: what is installed."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

import click

from jackfield.definition.floh import to_json
from jackfield.definition.model import ConnectorDefinition
from jackfield.surfaces.cli.output import ask_for_json, echo_json, echo_table
from jackfield.surfaces.cli.type_show import show
from jackfield.surfaces.runtime import Runtime


@click.group(invoke_without_command=True)
@click.option("--json", "as_json", is_flag=True, help="Whole definitions as JSON.")
@click.option("--full", is_flag=True, help="With `--json`: params as an imported document describes them, uncut.")
@click.option(
    "--connectors",
    "paths",
    multiple=True,
    type=click.Path(exists=True, path_type=Path),
    help="File or folder with connectors; may repeat.  [default: JACKFIELD_CONNECTORS, or ./connectors]",
)
@click.pass_context
def types(context: click.Context, as_json: bool, full: bool, paths: tuple[Path, ...]) -> None:
    """List the connector types that are installed, for example `jackfield types --json`.

    Types come from installed packages, and from the files and folders that are given.
    """
    if context.invoked_subcommand is not None:
        return
    ask_for_json(as_json)
    found = asyncio.run(_types(context.obj(paths)))
    if as_json:
        from jackfield.definition.openapi.described import in_full

        echo_json([to_json(in_full(definition) if full else definition) for definition in found])
        return
    rows = [(d.name, d.version, d.execution_model, ", ".join(d.commands), _first_line(d.description)) for d in found]
    echo_table("Connector types", ("name", "version", "model", "commands", "description"), rows)


types.add_command(show)


async def _types(runtime: Runtime) -> Sequence[ConnectorDefinition]:
    try:
        return await runtime.types()
    finally:
        await runtime.close()


def _first_line(text: str) -> str:
    return text.partition("\n")[0]
