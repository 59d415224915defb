"""The command group, and the one place where errors become words on a terminal."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import click

from jackfield.errors import JackfieldError, WrongUse
from jackfield.surfaces.cli.call import call
from jackfield.surfaces.cli.new import new
from jackfield.surfaces.cli.output import asks_for_json, echo_error, echo_problem
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

    def main(self, args: Sequence[str] | None = None, **options: Any) -> Any:  # type: ignore[override]  # same calls
        given = list(sys.argv[1:] if args is None else args)
        try:
            sys.exit(super().main(given, **options | {"standalone_mode": False}))
        except click.UsageError as error:
            asked = error.ctx.command_path if error.ctx else "jackfield"
            wrong = WrongUse(error.format_message(), hint=f"`{asked} --help` explains")
            echo_problem(wrong, as_json="--json" in given)
            sys.exit(2)
        except click.Abort:
            sys.exit(130)
        except BrokenPipeError:
            # Who reads has had enough: `jackfield types | head -1`.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            sys.exit(1)
        except OSError as error:
            place = f"`{error.filename}`: " if error.filename else ""
            echo_error(f"{place}{(error.strerror or str(error)).lower()}", hint="check the place and the rights to it")
            sys.exit(1)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except JackfieldError as error:
            echo_problem(error, as_json=asks_for_json(ctx))
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
    cli(obj=make_runtime, prog_name="jackfield")


def _level() -> int:
    name = os.environ.get("JACKFIELD_LOG_LEVEL", "warning").upper()
    return logging.getLevelNamesMapping().get(name, logging.WARNING)
