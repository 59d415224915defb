"""`jackfield users`: who may use this installation, and with which tokens."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from jackfield.access.principal import ALL_SCOPES, Scope
from jackfield.manage.views import moment, to_json
from jackfield.surfaces.cli.options import Duration, confirm, yes
from jackfield.surfaces.cli.options import as_json as json_option
from jackfield.surfaces.cli.output import ask_for_json, echo_json, echo_table
from jackfield.surfaces.cli.session import managed

if TYPE_CHECKING:  # with it comes the database
    from jackfield.manage.tokens import NewToken

scope_option = click.option(
    "--scope",
    "scopes",
    multiple=True,
    type=click.Choice(sorted(ALL_SCOPES)),
    help="What the token allows; may repeat.  [default: all that yours does]",
)
expires_option = click.option(
    "--expires", type=Duration(), metavar="TIME", help="How long the token works: `12h`, `90d`.  [default: for ever]"
)


@click.group()
def users() -> None:
    """Users and their tokens, for example `jackfield users add ann --expires 90d`."""


@users.command()
@click.argument("name")
@click.option("--admin", is_flag=True, help="May see and change what others own.")
@click.option("--display-name", default="", metavar="TEXT", help="What people see.")
@scope_option
@expires_option
@json_option
@click.pass_obj
def add(
    make_runtime: Any,
    name: str,
    admin: bool,
    display_name: str,
    scopes: tuple[Scope, ...],
    expires: float | None,
    as_json: bool,
) -> None:
    """Add a user with a token, for example `jackfield users add ann --scope read --scope execute`.

    The token is printed once, alone on stdout. Nobody can have it a second time.
    """
    ask_for_json(as_json)
    made = managed(
        make_runtime,
        lambda manage, principal: manage.users.add(
            principal,
            name=name,
            display_name=display_name,
            admin=admin,
            scopes=scopes or principal.scopes,
            expires_in_s=expires,
        ),
    )
    show_token(made.token, as_json=as_json, more={"user": to_json(made.user)})


@users.command("list")
@json_option
@click.pass_obj
def list_(make_runtime: Any, as_json: bool) -> None:
    """List the users, for example `jackfield users list --json`."""
    ask_for_json(as_json)
    found = managed(make_runtime, lambda manage, principal: manage.users.list(principal))
    if as_json:
        echo_json([to_json(user) for user in found])
        return
    rows = [
        (
            *(u.name, u.display_name, ", ".join(u.roles), moment(u.created)),
            "disabled" if u.disabled else "",
            u.subject or "",
        )
        for u in found
    ]
    echo_table("Users", ("name", "display name", "roles", "created", "", "subject"), rows)


@users.command()
@click.argument("name")
@click.pass_obj
def disable(make_runtime: Any, name: str) -> None:
    """Let a user do nothing from now on, for example `jackfield users disable ann`.

    Tokens and private secrets are kept, and work again after `enable`.
    """
    managed(make_runtime, lambda manage, principal: manage.users.disable(principal, name))
    click.echo(f"`{name}` is disabled.", err=True)


@users.command()
@click.argument("name")
@click.pass_obj
def enable(make_runtime: Any, name: str) -> None:
    """Let a user go on who was disabled, for example `jackfield users enable ann`."""
    managed(make_runtime, lambda manage, principal: manage.users.enable(principal, name))
    click.echo(f"`{name}` is enabled.", err=True)


@users.command()
@click.argument("name")
@yes
@click.pass_obj
def delete(make_runtime: Any, name: str, yes: bool) -> None:
    """Delete a user with all tokens and private secrets, for example `jackfield users delete ann`.

    What the user shared stays. The name is free again, for somebody else.
    """
    confirm(f"Delete `{name}`, with all tokens and private secrets?", yes=yes)
    managed(make_runtime, lambda manage, principal: manage.users.delete(principal, name))
    click.echo(f"Deleted `{name}`.", err=True)


@users.command()
@click.argument("name")
@click.option("--subject", required=True, metavar="TEXT", help="As the issuer's tokens have it in `sub`.")
@click.pass_obj
def link(make_runtime: Any, name: str, subject: str) -> None:
    """Let tokens of the company's issuer be a user's, for example `jackfield users link ann --subject 2482`.

    The issuer is the one in `JACKFIELD_OIDC_ISSUER`. A subject that the user had before counts no longer.
    """
    managed(make_runtime, lambda manage, principal: manage.users.link(principal, name, subject=subject))
    click.echo(f"Tokens of the subject `{subject}` are those of `{name}`.", err=True)


@users.command()
@click.argument("name")
@click.pass_obj
def unlink(make_runtime: Any, name: str) -> None:
    """Let no token of the company's issuer be a user's any more, for example `jackfield users unlink ann`."""
    managed(make_runtime, lambda manage, principal: manage.users.unlink(principal, name))
    click.echo(f"No token of the issuer is one of `{name}`.", err=True)


@users.command()
@click.argument("user", metavar="NAME")
@click.option("--name", "label", default="token", show_default=True, metavar="TEXT", help="What the token is for.")
@scope_option
@expires_option
@json_option
@click.pass_obj
def token(
    make_runtime: Any, user: str, label: str, scopes: tuple[Scope, ...], expires: float | None, as_json: bool
) -> None:
    """Make another token for a user, for example `jackfield users token ann --name laptop --expires 90d`.

    The token is printed once, alone on stdout. Nobody can have it a second time.
    """
    ask_for_json(as_json)
    made = managed(
        make_runtime,
        lambda manage, principal: manage.tokens.create(
            principal, name=label, user=user, scopes=scopes or None, expires_in_s=expires
        ),
    )
    show_token(made, as_json=as_json, more={})


@users.command()
@click.argument("user", metavar="NAME")
@json_option
@click.pass_obj
def tokens(make_runtime: Any, user: str, as_json: bool) -> None:
    """List the tokens of a user, for example `jackfield users tokens ann`.

    With their ids and when they were last used, also those that are over. The tokens themselves are not kept.
    """
    ask_for_json(as_json)
    found = managed(make_runtime, lambda manage, principal: manage.tokens.list(principal, user=user))
    if as_json:
        echo_json([to_json(one) for one in found])
        return
    rows = [
        (
            one.id,
            one.name,
            ", ".join(one.scopes),
            moment(one.expires) if one.expires else "never",
            moment(one.used) if one.used else "never",
            "revoked" if one.revoked else f"only at /mcp/{one.gateway}" if one.gateway else "",
        )
        for one in found
    ]
    echo_table(f"Tokens of {user}", ("id", "name", "scopes", "expires", "last used", ""), rows)


@users.command()
@click.argument("id")
@click.pass_obj
def revoke(make_runtime: Any, id: str) -> None:
    """Let a token work no longer, for example `jackfield users revoke 019aa5b2-...`.

    ID is that of `jackfield users tokens NAME`, not the token itself.
    """
    revoked = managed(make_runtime, lambda manage, principal: manage.tokens.revoke(principal, id))
    click.echo(f"The token `{revoked.name}` of `{revoked.user}` is revoked.", err=True)


def show_token(made: NewToken, *, as_json: bool, more: dict[str, Any]) -> None:
    """Print a new token: alone on stdout, the words about it elsewhere."""
    about = made.token
    if as_json:
        echo_json(more | {"token": to_json(about), "text": made.text})
    else:
        click.echo(made.text)
    until = f" until {moment(about.expires)}" if about.expires else ""
    where = f" at `/mcp/{about.gateway}` only" if about.gateway else ""
    click.echo(
        f"The token `{about.name}` of `{about.user}` allows {', '.join(about.scopes)}{where}{until}.\n"
        "It is not kept and cannot be shown again: put it where it is needed now.",
        err=True,
    )
