"""`jackfield oauth-apps`: the clients that the installation has at services. Their secrets never come out."""

from __future__ import annotations

import sys
from typing import Any

import click

from jackfield.definition.secret import Secret
from jackfield.manage.views import to_json
from jackfield.surfaces.cli.options import as_json as json_option
from jackfield.surfaces.cli.options import confirm, yes
from jackfield.surfaces.cli.output import ask_for_json, echo_json, echo_table
from jackfield.surfaces.cli.session import managed


@click.group("oauth-apps")
def oauth_apps() -> None:
    """Apps with which everybody signs in, for example `jackfield oauth-apps set google-sheets --client-id ID`.

    Administrators only. Those of the environment, `<TYPE>_OAUTH_CLIENT_ID`, are listed too.
    """


@oauth_apps.command("list")
@json_option
@click.pass_obj
def list_(make_runtime: Any, as_json: bool) -> None:
    """List them, for example `jackfield oauth-apps list --json`."""
    ask_for_json(as_json)
    found = managed(make_runtime, lambda manage, principal: manage.oauth_apps.list(principal))
    if as_json:
        echo_json([to_json(app) for app in found])
        return
    rows = [(app.type, app.client_id, app.client_secret or "", app.token_url, app.source) for app in found]
    echo_table("OAuth apps", ("type", "client id", "secret", "sent to", "source"), rows)


@oauth_apps.command("set")
@click.argument("type")
@click.option("--client-id", required=True, metavar="ID", help="As the service calls the app.")
@click.option("--redirect-uri", metavar="URL", help="Where the service sends people back to.  [default: this server]")
@click.option("--token-url", metavar="URL", help="The only place that gets the secret.  [default: as the type says]")
@click.option("--public", is_flag=True, help="It has no secret.")
@json_option
@click.pass_obj
def set_(
    make_runtime: Any,
    type: str,
    client_id: str,
    redirect_uri: str | None,
    token_url: str | None,
    public: bool,
    as_json: bool,
) -> None:
    """Put the app for a connector type, for example `jackfield oauth-apps set google-sheets --client-id ID`.

    Its secret is asked for without showing it, or read from stdin where that is no terminal.
    """
    ask_for_json(as_json)
    secret = Secret("") if public else _read(client_id)
    put = managed(
        make_runtime,
        lambda manage, principal: manage.oauth_apps.put(
            principal,
            type,
            client_id=client_id,
            client_secret=secret,
            redirect_uri=redirect_uri,
            token_url=token_url,
        ),
    )
    if as_json:
        echo_json(to_json(put))
    click.echo(f"Put the app for `{put.type}`; its secret is sent to `{put.token_url}` only.", err=True)


@oauth_apps.command()
@click.argument("type")
@yes
@click.pass_obj
def delete(make_runtime: Any, type: str, yes: bool) -> None:
    """Delete the app for a type, for example `jackfield oauth-apps delete google-sheets`.

    Accounts that were connected with it cannot be renewed any more.
    """
    confirm(f"Delete the app for `{type}`?", yes=yes)
    managed(make_runtime, lambda manage, principal: manage.oauth_apps.delete(principal, type))
    click.echo(f"Deleted the app for `{type}`.", err=True)


def _read(client_id: str) -> Secret:
    if sys.stdin.isatty():
        return Secret(click.prompt(f"Client secret of {client_id}", hide_input=True, err=True))
    return Secret(sys.stdin.readline().rstrip("\r\n"))
