"""The command group, and the one place where errors become words on a terminal."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import click

from jackfield.errors import JackfieldError
from jackfield.surfaces.cli.call import call
from jackfield.surfaces.cli.new import new
from jackfield.surfaces.cli.output import echo_problem
from jackfield.surfaces.cli.types import types
from jackfield.surfaces.runtime import Runtime
from jackfield.version import __version__

MakeRuntime = Callable[[Sequence[Path]], Runtime]

WELCOME = """\
Jackfield {version}: define a connector once, and call it from everywhere.

Try:
  jackfield call delay delayMs=100          call a built-in command
  jackfield new acme-crm                    write a connector of your own, in ./connectors
  jackfield call acme-crm.list_items --mock default

`jackfield types` lists what can be called, `jackfield --help` everything else.
"""


class _Group(click.Group):
    """Prints errors once, in the same words for every command."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except JackfieldError as error:
            echo_problem(error)
            ctx.exit(2 if not error.ran else 1)


@click.group(cls=_Group, invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="jackfield")
@click.pass_context
def cli(ctx: click.Context) -> None:
    """Define connectors once, and call them from everywhere.

    Start with `jackfield call delay delayMs=100`.
    """
    if ctx.invoked_subcommand is None:
        click.echo(WELCOME.format(version=__version__), nl=False)


cli.add_command(call)
cli.add_command(new)
cli.add_command(types)


def run(make_runtime: MakeRuntime) -> None:
    """Run the command line with what carries out its calls, and exit."""
    logging.basicConfig(stream=sys.stderr, format="%(levelname)s %(name)s: %(message)s", level=_level())
    cli(obj=make_runtime)


def _level() -> int:
    import os

    name = os.environ.get("JACKFIELD_LOG_LEVEL", "warning").upper()
    return logging.getLevelNamesMapping().get(name, logging.WARNING)
