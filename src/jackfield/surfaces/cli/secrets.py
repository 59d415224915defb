"""`jackfield secrets`: named secrets. Their values go in, and never come out."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any, Literal

import click

from jackfield.definition.secret import Secret
from jackfield.errors import WrongUse
from jackfield.manage.views import moment, to_json
from jackfield.surfaces.cli.options import as_json as json_option
from jackfield.surfaces.cli.options import confirm, yes
from jackfield.surfaces.cli.output import ask_for_json, echo_json, echo_table
from jackfield.surfaces.cli.session import managed

Visibility = Literal["shared", "private"]

READ_BYTES = 1024 * 1024
"""More than a secret may have: that is refused by whoever keeps it, in the same words everywhere."""

COLUMNS = ("name", "visibility", "author", "updated", "description")


@click.group()
def secrets() -> None:
    """Named secrets, for example `jackfield secrets set ACME_KEY`.

    Connectors use them by name. A value goes in and is never shown again, by anything.
    """


@secrets.command("list")
@json_option
@click.pass_obj
def list_(make_runtime: Any, as_json: bool) -> None:
    """List the shared secrets and your private ones, for example `jackfield secrets list --json`."""
    ask_for_json(as_json)
    found = managed(make_runtime, lambda manage, principal: manage.secrets.list(principal))
    if as_json:
        echo_json([to_json(secret) for secret in found])
        return
    rows = [(s.name, s.visibility, s.author_name or s.author, moment(s.updated), s.description) for s in found]
    echo_table("Secrets", COLUMNS, rows)


@secrets.command("set")
@click.argument("name")
@click.argument("value", nargs=-1, metavar="")
@click.option("--private", is_flag=True, help="For your own calls only; they use it before a shared one.")
@click.option("--description", metavar="TEXT", help="What it is for.  [default: as it is]")
@click.option(
    "--from-file",
    "file",
    type=click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path),
    help="Read the value from a file.",
)
@click.option("--keep", is_flag=True, help="Keep the value, and change the description only.")
@json_option
@click.pass_obj
def set_(
    make_runtime: Any,
    name: str,
    value: tuple[str, ...],
    private: bool,
    description: str | None,
    file: Path | None,
    keep: bool,
    as_json: bool,
) -> None:
    """Make or change a secret, for example `jackfield secrets set ACME_KEY --description "Acme, for tests"`.

    The value is asked for without showing it, or read from stdin where that is no terminal:
    `pass acme/key | jackfield secrets set ACME_KEY`. One line break at its end does not belong to it.
    """
    ask_for_json(as_json)
    if value or "=" in name:
        raise WrongUse(
            "a value on the command line can be read by others: it stands in `ps` and in the history of the shell",
            hint="leave it out to be asked for it, or use stdin or `--from-file`; and take it out of the history",
        )
    given = None if keep else _read(name, file)
    visibility: Visibility = "private" if private else "shared"
    put = managed(
        make_runtime,
        lambda manage, principal: manage.secrets.put(
            principal, name, given, visibility=visibility, description=description
        ),
    )
    if as_json:
        echo_json(to_json(put))
    click.echo(f"{'Made' if put.created else 'Changed'} the {visibility} secret `{name}`.", err=True)


@secrets.command()
@click.argument("name")
@click.option("--private/--shared", default=None, help="Which of two of that name.  [default: the private one]")
@json_option
@click.pass_obj
def show(make_runtime: Any, name: str, private: bool | None, as_json: bool) -> None:
    """Show what is known of a secret but its value, for example `jackfield secrets show ACME_KEY`."""
    ask_for_json(as_json)
    found = managed(
        make_runtime,
        lambda manage, principal: manage.secrets.get(principal, name, visibility=_visibility(private)),
    )
    if as_json:
        echo_json(to_json(found))
        return
    rows = [(key, str(value)) for key, value in to_json(found).items()]
    echo_table(f"Secret {name}", ("field", "value"), rows)


@secrets.command()
@click.argument("name")
@click.option("--private/--shared", default=None, help="Which of two of that name.")
@yes
@json_option
@click.pass_obj
def delete(make_runtime: Any, name: str, private: bool | None, yes: bool, as_json: bool) -> None:
    """Delete a secret for good, for example `jackfield secrets delete ACME_KEY`.

    Connectors that name it are refused from then on.
    """
    ask_for_json(as_json)
    confirm(f"Delete the secret `{name}` for good?", yes=yes)
    managed(
        make_runtime,
        lambda manage, principal: manage.secrets.delete(principal, name, visibility=_visibility(private)),
    )
    click.echo(f"Deleted the secret `{name}`.", err=True)


def _visibility(private: bool | None) -> Visibility | None:
    if private is None:
        return None
    return "private" if private else "shared"


def _read(name: str, file: Path | None) -> Secret:
    if file is None and sys.stdin.isatty():
        return Secret(click.prompt(f"Value of {name}", hide_input=True, err=True))
    with click.open_file(str(file or "-"), "rb") as stream:
        raw = stream.read(READ_BYTES)
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        raise WrongUse("the value is not UTF-8 text", hint="encode what is binary, for example as base64") from None
    return Secret(text.removesuffix("\n").removesuffix("\r"))
