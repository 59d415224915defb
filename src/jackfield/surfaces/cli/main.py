"""The command group, and the one place where errors become words on a terminal."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import Any

import click

from jackfield.dispatch.errors import RecordFailed
from jackfield.errors import JackfieldError, WrongUse
from jackfield.surfaces.cli.audit import audit
from jackfield.surfaces.cli.call import call
from jackfield.surfaces.cli.completion import completion
from jackfield.surfaces.cli.connecting import connect, link, links, unlink
from jackfield.surfaces.cli.connectors import connectors
from jackfield.surfaces.cli.credentials import credentials
from jackfield.surfaces.cli.doctor import doctor
from jackfield.surfaces.cli.drafts import drafts
from jackfield.surfaces.cli.executions import executions
from jackfield.surfaces.cli.gateways import gateways
from jackfield.surfaces.cli.import_ import import_
from jackfield.surfaces.cli.keys import keys
from jackfield.surfaces.cli.mcp import mcp
from jackfield.surfaces.cli.new import new
from jackfield.surfaces.cli.oauth_apps import oauth_apps
from jackfield.surfaces.cli.output import asks_for_json, echo_error, echo_problem
from jackfield.surfaces.cli.secrets import secrets
from jackfield.surfaces.cli.serve import serve
from jackfield.surfaces.cli.settings import settings
from jackfield.surfaces.cli.tools import Tools
from jackfield.surfaces.cli.tools_ import tools
from jackfield.surfaces.cli.try_ import try_
from jackfield.surfaces.cli.types import types
from jackfield.surfaces.cli.users import users
from jackfield.version import __version__

WELCOME = """\
Jackfield {version}: define a connector once, and call it from everywhere.

Try:
  jackfield serve --demo                    start the server, with a small service to try it with
  jackfield call delay delayMs=100          call a built-in command, without a server
  jackfield new acme-crm                    write a connector of your own, in ./connectors
  jackfield call acme-crm.list_items --mock default

`jackfield types` lists what can be called, `jackfield doctor` says what is wrong, `jackfield --help` everything else.
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
            carried_out = error.ran or isinstance(error, RecordFailed) or error.details.get("sent") == "maybe"
            ctx.exit(1 if carried_out else 2)


@click.group(cls=_Group, invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="jackfield")
@click.pass_context
def cli(ctx: click.Context) -> None:
    """Define connectors once, and call them from everywhere.

    Start with `jackfield call delay delayMs=100`.
    """
    if ctx.invoked_subcommand is None:
        click.echo(WELCOME.format(version=__version__), nl=False)


cli.add_command(audit)
cli.add_command(call)
cli.add_command(completion)
cli.add_command(connectors)
cli.add_command(credentials)
for part in (connect, link, links, unlink):
    credentials.add_command(part)
cli.add_command(doctor)
cli.add_command(drafts)
cli.add_command(executions)
cli.add_command(gateways)
cli.add_command(import_)
cli.add_command(keys)
cli.add_command(mcp)
cli.add_command(new)
cli.add_command(oauth_apps)
cli.add_command(secrets)
cli.add_command(serve)
cli.add_command(settings)
cli.add_command(tools)
cli.add_command(try_)
cli.add_command(types)
cli.add_command(users)


def _say_shortly(group: click.Group) -> None:
    """In lists, of each command what it does; the example that follows is cut off in the middle otherwise."""
    for command in group.commands.values():
        command.short_help = (command.help or "").split("\n\n")[0].partition(", for example")[0].replace("\n", " ")
        if isinstance(command, click.Group):
            _say_shortly(command)


_say_shortly(cli)


def run(builders: Tools) -> None:
    """Run the command line with what its commands work with, and exit."""
    cli(obj=builders, prog_name="jackfield")
