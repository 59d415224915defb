"""`jackfield credentials connect` and `link`: accounts are connected by signing in at their service."""

from __future__ import annotations

import asyncio
import sys
import webbrowser
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import click

from jackfield.access.principal import Principal
from jackfield.credentials.oauth.errors import SignInFailed, SignInInvalid
from jackfield.definition.secret import Secret
from jackfield.errors import WrongUse
from jackfield.manage.resources import Resources
from jackfield.manage.sign_in_views import SignInStatus
from jackfield.manage.views import moment, to_json
from jackfield.surfaces.cli.loopback import Loopback
from jackfield.surfaces.cli.options import as_json as json_option
from jackfield.surfaces.cli.output import ask_for_json, echo_json, echo_table
from jackfield.surfaces.cli.session import managed

POLL_S = 1.0
LIFE_S = 600


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What was said on the command line.

    Attributes:
        again: Id of the credential to connect again.
        opens: A browser is opened, and not only its address shown.
    """

    connector: str
    name: str | None
    private: bool
    again: str | None
    switch: bool
    client_id: str | None
    client_secret: Secret | None
    scopes: Sequence[str]
    port: int
    opens: bool

    @property
    def said(self) -> dict[str, Any]:
        """As sign-ins and connect links take it."""
        return {
            "credential": self.again,
            "name": self.name,
            "visibility": "private" if self.private else "shared",
            "client_id": self.client_id,
            "client_secret": self.client_secret,
            "scopes": self.scopes,
        }


@click.command()
@click.argument("connector")
@click.option("--name", metavar="NAME", help="Of the new credential.  [default: as the service calls the account]")
@click.option("--private", is_flag=True, help="For your own calls only.")
@click.option("--again", metavar="ID", help="Connect that credential again; it keeps its name.")
@click.option("--switch-account", "switch", is_flag=True, help="Choose another account than the last one.")
@click.option(
    "--own-app", "client_id", metavar="CLIENT_ID", help="Sign in with an app of your own; asks for its secret."
)
@click.option("--scope", "scopes", multiple=True, metavar="SCOPE", help="Beside those of the type; several times.")
@click.option("--device", is_flag=True, help="Sign in on another device, by a code.")
@click.option("--no-browser", is_flag=True, help="Show the address, and open nothing.")
@click.option("--port", default=0, metavar="PORT", help="To come back to, without a server.  [default: any free one]")
@json_option
@click.pass_obj
def connect(
    make_runtime: Any,
    connector: str,
    name: str | None,
    private: bool,
    again: str | None,
    switch: bool,
    client_id: str | None,
    scopes: tuple[str, ...],
    device: bool,
    no_browser: bool,
    port: int,
    as_json: bool,
) -> None:
    """Connect an account by signing in at its service, for example `jackfield credentials connect acme --private`.

    Opens a browser, and waits until the service has sent it back. Without a server, it comes back to a port of this
    machine, with which the app has to be registered: `http://127.0.0.1:PORT/api/oauth/callback/TYPE`.
    """
    ask_for_json(as_json)
    asked = Asked(
        connector=connector,
        name=name,
        private=private,
        again=again,
        switch=switch,
        client_id=client_id,
        client_secret=_secret_of(client_id),
        scopes=scopes,
        port=port,
        opens=not no_browser,
    )

    async def work(manage: Any, principal: Principal) -> Any:
        if device:
            credential = await _on_a_device(manage, principal, asked)
        elif isinstance(manage, Resources):
            credential = await _in_this_process(manage, principal, asked)
        else:
            credential = await _at_the_server(manage, principal, asked)
        return await manage.credentials.get(principal, credential)

    found = managed(make_runtime, work)
    if as_json:
        echo_json(to_json(found))
    click.echo(f"Connected `{found.name}` to `{found.connector}`.", err=True)


@click.command()
@click.argument("connector")
@click.option("--end-user", required=True, metavar="TEXT", help="Whose account it is, as you call them.")
@click.option("--name", metavar="NAME", help="Of the credential that comes of it.")
@click.option("--private", is_flag=True, help="For your own calls only.")
@click.option("--days", type=click.FloatRange(0.01, 30), default=3, show_default=True, help="How long it works.")
@click.option("--return-url", metavar="URL", help="Where its user may go afterwards.")
@json_option
@click.pass_obj
def link(
    make_runtime: Any,
    connector: str,
    end_user: str,
    name: str | None,
    private: bool,
    days: float,
    return_url: str | None,
    as_json: bool,
) -> None:
    """Make a link with which somebody without an account here connects theirs, for example
    `jackfield credentials link acme --end-user customer-42`.

    The address goes to stdout, once: whoever has it may use it.
    """
    ask_for_json(as_json)
    made = managed(
        make_runtime,
        lambda manage, principal: manage.connect_links.make(
            principal,
            connector,
            end_user=end_user,
            name=name,
            visibility="private" if private else "shared",
            expires_in_s=days * 86_400,
            return_url=return_url,
        ),
    )
    if as_json:
        echo_json(to_json(made))
        return
    click.echo(made.url)
    click.echo(f"It works once, until {moment(made.expires)}.", err=True)


@click.command()
@click.option("--connector", metavar="NAME", help="Only those to it.")
@json_option
@click.pass_obj
def links(make_runtime: Any, connector: str | None, as_json: bool) -> None:
    """List your connect links, for example `jackfield credentials links`."""
    ask_for_json(as_json)
    found = managed(make_runtime, lambda manage, principal: manage.connect_links.list(principal, connector=connector))
    if as_json:
        echo_json([to_json(each) for each in found])
        return
    rows = [(each.id, each.connector, each.end_user, each.state, moment(each.expires)) for each in found]
    echo_table("Connect links", ("id", "connector", "end user", "state", "expires"), rows)


@click.command()
@click.argument("id")
@click.pass_obj
def unlink(make_runtime: Any, id: str) -> None:
    """Let nobody use a connect link any more, for example `jackfield credentials unlink ID`."""
    managed(make_runtime, lambda manage, principal: manage.connect_links.revoke(principal, id))
    click.echo("Revoked the link.", err=True)


async def _in_this_process(manage: Resources, principal: Principal, asked: Asked) -> str:
    """The id of the credential, after a browser came back to a port of this machine."""
    listening = await Loopback.open(asked.port)
    try:
        started = await manage.sign_ins.start(
            principal, asked.connector, **asked.said, switch_account=asked.switch, origin=listening.origin
        )
        if not started.redirect_uri.startswith(f"{listening.origin}/"):
            problem = (
                f"the app is registered to come back to `{started.redirect_uri}`, where this process does not listen"
            )
            raise WrongUse(problem, hint="sign in through that server, with `--device`, or with an app of your own")
        ended = asyncio.Event()

        async def comes_back(params: Sequence[tuple[str, str]], slug: str, cookie: str | None) -> str:
            try:
                await manage.callbacks.finish(params, slug=slug, cookies=lambda _id, _uri: cookie)
            except SignInInvalid as error:
                return f"{error.message[:1].upper()}{error.message[1:]}."
            finally:
                status = await manage.sign_ins.status(principal, started.id)
                if status.state != "open":
                    ended.set()
            return "You can close this window." if status.state == "connected" else "The account is not connected."

        address = listening.send(started.authorization_url, browser=started.browser, comes_back=comes_back)
        _show(address, opens=asked.opens)
        try:
            await asyncio.wait_for(ended.wait(), LIFE_S)
        except TimeoutError:
            raise SignInInvalid(problem="nobody came back in time") from None
        return _connected(await manage.sign_ins.status(principal, started.id), asked.connector)
    finally:
        await listening.close()


async def _at_the_server(manage: Any, principal: Principal, asked: Asked) -> str:
    """The id of the credential, after a page of the server was used."""
    made = await manage.connect_links.make(
        principal,
        asked.connector,
        **asked.said,
        end_user=principal.user,
        switch_account=asked.switch,
        expires_in_s=LIFE_S,
    )
    _show(made.url, opens=asked.opens)
    try:
        while True:
            found = await manage.connect_links.get(principal, made.id)
            if found.credential:
                return str(found.credential)
            if found.state != "open":
                raise SignInInvalid(problem=f"its link is {found.state}")
            await asyncio.sleep(POLL_S)
    except asyncio.CancelledError:
        await manage.connect_links.revoke(principal, made.id)
        raise


async def _on_a_device(manage: Any, principal: Principal, asked: Asked) -> str:
    """The id of the credential, after a code was typed in somewhere."""
    started = await manage.sign_ins.start_device(principal, asked.connector, **asked.said)
    click.echo(f"Open {started.verification_uri} on any device, and type in the code {started.user_code}", err=True)
    status = await manage.sign_ins.status(principal, started.id)
    while status.state == "open":
        await asyncio.sleep(max(1, status.interval))
        status = await manage.sign_ins.poll_device(principal, started.id)
    return _connected(status, asked.connector)


def _connected(status: SignInStatus, connector: str) -> str:
    if status.credential is None:
        raise SignInFailed(connector=connector, error=status.code, reason=status.reason)
    return status.credential


def _show(address: str, *, opens: bool) -> None:
    click.echo(f"Sign in here: {address}", err=True)
    if opens and not webbrowser.open(address):
        click.echo("No browser could be opened; copy the address into one.", err=True)
    click.echo("Waiting for the service to send the browser back; Ctrl-C gives up.", err=True)


def _secret_of(client_id: str | None) -> Secret | None:
    """The secret of an app of one's own; never on the command line, where others could read it."""
    if not client_id:
        return None
    if sys.stdin.isatty():
        given = click.prompt(f"Client secret of {client_id}", hide_input=True, err=True, default="", show_default=False)
    else:
        given = sys.stdin.readline().rstrip("\r\n")
    return Secret(given) if given else None
