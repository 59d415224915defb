"""`jackfield serve`: the server."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from jackfield.surfaces.cli.output import ask_for_json, echo_line
from jackfield.surfaces.cli.reloading import serve_again_and_again
from jackfield.surfaces.cli.welcome import welcome
from jackfield.surfaces.serving import Started, Wanted

OPTIONS = (
    ("host", "ADDRESS", "Where to listen.  [default: 127.0.0.1]"),
    ("port", "NUMBER", "Where to listen; 0 for any free port.  [default: 8321]"),
    ("data_dir", "FOLDER", "Where data is kept.  [default: the user's data folder]"),
    ("database_url", "URL", "sqlite:///path, postgresql://user@host/name or memory."),
    ("egress_allow", "LIST", "Private addresses that may be reached, for example 10.0.0.0/8,db.example:5432."),
    ("egress_ports", "LIST", "Ports that may be reached on public addresses."),
    ("mock", "0|1", "1 answers every call from mocks."),
    ("log_level", "LEVEL", "debug, info, warning or error.  [default: warning]"),
    ("log_format", "FORMAT", "text or json.  [default: text]"),
)
"""Settings that can be given here. None of them is secret: every program on the machine can read a command line."""


def _with_settings(command: Callable[..., None]) -> Callable[..., None]:
    for name, metavar, text in reversed(OPTIONS):
        command = click.option(f"--{name.replace('_', '-')}", name, metavar=metavar, help=text)(command)
    return command


@click.command()
@click.argument("paths", nargs=-1, type=click.Path(exists=True, path_type=Path), metavar="[FILE_OR_FOLDER]...")
@click.option("--reload", "reload", is_flag=True, help="Start again when one of the files changes.")
@click.option("--demo", is_flag=True, help="With a connector `demo`, and a small service that it calls.")
@_with_settings
@click.option("--json", "as_json", is_flag=True, help="Print one line of JSON once it runs, also of an error.")
@click.pass_obj
def serve(
    tools: Any, /, paths: tuple[Path, ...], reload: bool, demo: bool, as_json: bool, **settings: str | None
) -> None:
    """Run the server, for example `jackfield serve ./connectors --demo`.

    It loads `*.py`, `*.yaml`, `*.json` and `*.js`, and answers on http://127.0.0.1:8321 until Ctrl-C; calls in flight
    may then finish. The first start on a database prints the token of an administrator, once. Every option is a setting
    too: a file `jackfield.toml` and environment variables set it as well (`jackfield doctor` shows which one counts).
    """
    ask_for_json(as_json)
    if reload:
        serve_again_and_again(paths)
    given = {("data" if name == "data_dir" else name): value for name, value in settings.items() if value is not None}
    tools.serve(Wanted(paths=paths, settings=given, demo=demo), started=_show_json if as_json else _show)


def _show(started: Started) -> None:
    click.echo(welcome(started), err=True)


def _show_json(started: Started) -> None:
    echo_line(
        {
            "url": started.url,
            "token": started.first_token,
            "database": started.database,
            "connectors": list(started.connectors),
            "problems": [problem.to_json() for problem in started.problems],
        }
    )
