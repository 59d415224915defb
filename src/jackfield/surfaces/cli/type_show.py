"""`jackfield types show`: one connector type, and how it signs its requests."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import click

from jackfield.access.principal import Principal
from jackfield.credentials.oauth.apps import variable_prefix
from jackfield.definition.names import slug
from jackfield.manage.resources import Resources
from jackfield.manage.views import to_json
from jackfield.surfaces.cli.options import as_json as json_option
from jackfield.surfaces.cli.output import ask_for_json, echo_json
from jackfield.surfaces.cli.session import managed

if TYPE_CHECKING:
    from jackfield.manage.type_views import TypeDetails

_PLACES = {
    "issuer": "issuer",
    "authorizationUrl": "sign-in page",
    "deviceAuthorizationUrl": "device codes",
    "tokenUrl": "tokens",
    "revocationUrl": "taking tokens back",
}


@click.command()
@click.argument("name")
@json_option
@click.pass_obj
def show(make_runtime: Any, name: str, as_json: bool) -> None:
    """Show a connector type, and how it signs its requests, for example `jackfield types show slack`."""
    ask_for_json(as_json)

    async def work(manage: Resources, principal: Principal) -> TypeDetails:
        return await manage.types.get(principal, name)

    found = managed(make_runtime, work)
    if as_json:
        echo_json(to_json(found))
        return
    for line in lines_of(found):
        click.echo(line)


def lines_of(found: TypeDetails) -> Iterator[str]:
    """What there is to say of a type."""
    info, schema = found.type, found.definition.get("configSchema") or {}
    yield f"{info.name} {info.version}, {info.execution_model}: {info.display_name or info.name}"
    yield f"commands: {', '.join(info.commands) or 'none'}"
    fields = schema.get("connectionConfig") or {}
    for name, about in fields.items():
        kind = about.get("type", "string")
        yield f"connection field `{name}`: {kind}{', required' if about.get('required') else ''}"
    yield from lines_of_auth(found.definition.get("auth") or {}, found.credentials, type_name=info.name)


def lines_of_auth(auth: Mapping[str, Any], takes: Mapping[str, Any], *, type_name: str) -> Iterator[str]:
    """How requests are signed, and what a credential of it holds.

    Args:
        auth: Of a type.
        takes: `definition.auth.accepted` of it.
        type_name: By which the app of an installation is found.
    """
    scheme = takes.get("scheme") or "none"
    yield f"signs requests: {_way(scheme, str(takes.get('grant') or ''))}"
    if scheme == "oauth2":
        yield from _sign_in(auth, takes, type_name)
    parts = [f"`{part['name']}`{' (secret)' if part['secret'] else ''}" for part in takes.get("parts") or ()]
    if parts:
        yield f"a credential may hold: {', '.join(parts)}, and connection fields"


def _way(scheme: str, grant: str) -> str:
    ways = {
        "authorization_code": "with OAuth 2.0; a person signs in",
        "device_code": "with OAuth 2.0; a person signs in on another device",
        "client_credentials": "with OAuth 2.0; an app asks for itself",
        "jwt_bearer": "with OAuth 2.0; a service account signs for its tokens",
    }
    if scheme == "none":
        return "its type says nothing of it"
    return ways.get(grant, f"`{scheme}`")


def _sign_in(auth: Mapping[str, Any], takes: Mapping[str, Any], type_name: str) -> Iterator[str]:
    for key, what in _PLACES.items():
        if isinstance(auth.get(key), str):
            yield f"  {what}: {auth[key]}"
    yield f"  scopes: {' '.join(takes.get('scopes') or ()) or 'none'}"
    prefix = variable_prefix(type_name)
    if takes.get("signIn"):
        yield f"  register an app with the redirect address <this server>/api/oauth/callback/{slug(type_name)}"
    yield f"  its app: `{prefix}CLIENT_ID` and `{prefix}CLIENT_SECRET`, or `jackfield oauth-apps set {type_name}`"
    if takes.get("paste"):
        yield "  a token can be pasted: `jackfield credentials add`"
