"""`jackfield credentials`: what connectors sign in with. Their secrets go in, and never come out."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from jackfield.errors import WrongUse
from jackfield.manage.views import moment, to_json
from jackfield.surfaces.cli.options import as_json as json_option
from jackfield.surfaces.cli.options import confirm, environment, yes
from jackfield.surfaces.cli.output import ask_for_json, echo_error, echo_json, echo_table
from jackfield.surfaces.cli.session import managed

if TYPE_CHECKING:
    from jackfield.manage.credential_fields import CredentialField
    from jackfield.manage.credential_views import CredentialInfo

READ_BYTES = 1024 * 1024

COLUMNS = ("id", "connector", "name", "whose", "default", "status", "account", "expires", "used")


@click.group()
def credentials() -> None:
    """Credentials of connectors, for example `jackfield credentials add acme-prod`.

    A connector may have several: a default, others that calls name, and private ones that only their owner's calls use.
    """


@credentials.command("list")
@click.option("--connector", metavar="NAME", help="Of this connector only.")
@json_option
@click.pass_obj
def list_(make_runtime: Any, connector: str | None, as_json: bool) -> None:
    """List the shared credentials and your own, for example `jackfield credentials list --connector acme-prod`."""
    ask_for_json(as_json)
    found = managed(make_runtime, lambda manage, who: manage.credentials.list(who, connector=connector))
    if as_json:
        echo_json([to_json(credential) for credential in found])
        return
    echo_table("Credentials", COLUMNS, [_row(credential) for credential in found])


@credentials.command()
@click.argument("credential")
@json_option
@click.pass_obj
def show(make_runtime: Any, credential: str, as_json: bool) -> None:
    """Show a credential without its secrets, for example `jackfield credentials show production`.

    CREDENTIAL is its id, or its name where you see only one of that.
    """
    ask_for_json(as_json)
    found = managed(make_runtime, lambda manage, who: manage.credentials.get(who, credential))
    if as_json:
        echo_json(to_json(found))
        return
    rows = [(key, _text(value)) for key, value in to_json(found).items()]
    echo_table(f"Credential {found.name}", ("field", "value"), rows)


@credentials.command()
@click.argument("connector")
@click.option("--name", metavar="TEXT", help="Another one than those of the connector's others.  [default: made up]")
@click.option("--private", is_flag=True, help="For your own calls only; they use it before a shared one.")
@click.option("--default/--no-default", "default", default=None, help="For calls that name none.  [default: the first]")
@click.option("--token", is_flag=True, help="An OAuth 2.0 token that was got elsewhere.")
@click.option("--end-user", default="", metavar="TEXT", help="Whose account it is.")
@click.option(
    "--from-file",
    "file",
    type=click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path),
    help="A JSON object with the values; `-` reads it from stdin.",
)
@json_option
@click.pass_obj
def add(
    make_runtime: Any,
    connector: str,
    name: str | None,
    private: bool,
    default: bool | None,
    token: bool,
    end_user: str,
    file: Path | None,
    as_json: bool,
) -> None:
    """Put a credential, for example `jackfield credentials add acme-prod --name production`.

    Each value is asked for, secret ones without showing them; or read as a JSON object from a file or stdin:
    `echo '{"apiKey": "..."}' | jackfield credentials add acme-prod`. To sign in to an account, use `connect`.
    """
    ask_for_json(as_json)
    if file is None and sys.stdin.isatty():
        asked: Sequence[CredentialField] = (
            [] if token else managed(make_runtime, lambda manage, who: manage.credentials.fields(who, connector))
        )
        values = _ask_token() if token else _ask(asked)
    else:
        values = _read(file)
    made = managed(
        make_runtime,
        lambda manage, who: manage.credentials.add(
            who,
            connector,
            name=name,
            values=values,
            mode="token" if token else "values",
            visibility="private" if private else "shared",
            default=default,
            end_user=end_user,
        ),
    )
    if as_json:
        echo_json(to_json(made))
    click.echo(f"Put the {made.visibility} credential `{made.name}` of `{made.connector}` ({made.id}).", err=True)


@credentials.command()
@click.argument("credential")
@json_option
@click.pass_obj
def default(make_runtime: Any, credential: str, as_json: bool) -> None:
    """Let calls that name none use a credential, for example `jackfield credentials default production`."""
    ask_for_json(as_json)
    found = managed(make_runtime, lambda manage, who: manage.credentials.change(who, credential, default=True))
    if as_json:
        echo_json(to_json(found))
    click.echo(f"Calls of `{found.connector}` that name none use `{found.name}` ({found.visibility}).", err=True)


@credentials.command()
@click.argument("credential")
@click.option("--timeout", type=click.FloatRange(1, 300), help="Seconds to wait for the service.  [default: 30]")
@environment
@json_option
@click.pass_obj
def test(make_runtime: Any, credential: str, timeout: float | None, environment: str | None, as_json: bool) -> None:
    """Test a credential, for example `jackfield credentials test production`.

    Calls the command that the connector's type has for that. Exit status: 0 it works, 1 it does not, 2 it could not be
    tested.
    """
    ask_for_json(as_json)
    found = managed(
        make_runtime,
        lambda manage, who: manage.credentials.test(who, credential, timeout_s=timeout, environment=environment),
    )
    if as_json:
        echo_json(to_json(found))
    if not found.success:
        echo_error(found.error or "the credential does not work", hint=found.hint)
        raise SystemExit(1)
    click.echo(f"The credential works with `{found.connector}` ({found.latency_ms:.0f} ms).", err=True)


@credentials.command()
@click.argument("credential")
@json_option
@click.pass_obj
def refresh(make_runtime: Any, credential: str, as_json: bool) -> None:
    """Get a new token now, for example `jackfield credentials refresh production`."""
    ask_for_json(as_json)
    found = managed(make_runtime, lambda manage, who: manage.credentials.refresh(who, credential))
    if as_json:
        echo_json(to_json(found))
    until = f", until {moment(found.expires)}" if found.expires is not None else ""
    click.echo(f"`{found.name}` has a new token{until}.", err=True)


@credentials.command()
@click.argument("credential")
@yes
@json_option
@click.pass_obj
def revoke(make_runtime: Any, credential: str, yes: bool, as_json: bool) -> None:
    """Have the service forget the tokens of a credential, for example `jackfield credentials revoke production`.

    It stays, and its account can be connected again.
    """
    ask_for_json(as_json)
    confirm(f"Revoke the tokens of the credential `{credential}`?", yes=yes)
    found = managed(make_runtime, lambda manage, who: manage.credentials.revoke(who, credential))
    if as_json:
        echo_json(to_json(found))
    click.echo(f"Revoked the tokens of `{found.name}`; `jackfield audit list` says how that went.", err=True)


@credentials.command()
@click.argument("credential")
@yes
@json_option
@click.pass_obj
def delete(make_runtime: Any, credential: str, yes: bool, as_json: bool) -> None:
    """Delete a credential for good, for example `jackfield credentials delete production`.

    Its tokens are revoked at their service, where that offers it.
    """
    ask_for_json(as_json)
    confirm(f"Delete the credential `{credential}` for good?", yes=yes)
    managed(make_runtime, lambda manage, who: manage.credentials.delete(who, credential))
    click.echo(f"Deleted the credential `{credential}`.", err=True)


def _row(credential: CredentialInfo) -> tuple[str, ...]:
    return (
        credential.id,
        credential.connector or f"({credential.connector_id}, which is not there)",
        credential.name,
        credential.visibility,
        "yes" if credential.is_default else "",
        credential.status + (f": {credential.code}" if credential.code else ""),
        credential.account or credential.end_user,
        _moment(credential.expires),
        _moment(credential.used),
    )


def _moment(at: int | None) -> str:
    return "" if at is None else moment(at)


def _text(value: Any) -> str:
    return json.dumps(value) if isinstance(value, dict | list) else "" if value is None else str(value)


def _ask(fields: Sequence[CredentialField]) -> dict[str, Any]:
    """What is typed in; an empty line leaves a value out. Fields that lead elsewhere are for files."""
    click.echo("Leave empty what the credential does not have.", err=True)
    return _typed([(f.name, f.label, f.secret) for f in fields if not f.leads])


def _ask_token() -> dict[str, Any]:
    return _typed([("accessToken", "Access token", True), ("refreshToken", "Refresh token (may be empty)", True)])


def _typed(asked: Sequence[tuple[str, str, bool]]) -> dict[str, Any]:
    said = {
        name: click.prompt(label, default="", show_default=False, hide_input=hidden, err=True)
        for name, label, hidden in asked
    }
    return {name: value for name, value in said.items() if value}


def _read(file: Path | None) -> dict[str, Any]:
    with click.open_file(str(file or "-"), "rb") as stream:
        raw = stream.read(READ_BYTES)
    try:
        values = json.loads(raw) if raw.strip() else {}
    except ValueError:
        values = None
    if not isinstance(values, dict):
        raise WrongUse("the values are no JSON object", hint='give, for example, `{"apiKey": "..."}`')
    return values
