"""Credentials of connectors: put, shown, tested, renewed, revoked, deleted. No answer has what is secret in them."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from pydantic import Field
from starlette.responses import Response

from jackfield.manage.connection_tests import ConnectionTest
from jackfield.manage.credential_fields import CredentialField
from jackfield.manage.credential_views import CredentialInfo, CredentialState
from jackfield.manage.secret_views import Visibility
from jackfield.surfaces.rest.answers import answer_list, answer_view, no_content
from jackfield.surfaces.rest.bodies import Body, Said, body_of
from jackfield.surfaces.rest.given import Caller, Manage
from jackfield.surfaces.rest.lists import ListAsked
from jackfield.surfaces.rest.models.shown import Page, Shown
from jackfield.surfaces.rest.offered import offered
from jackfield.surfaces.rest.revisions import IfMatch, revised
from jackfield.surfaces.rest.routes.trials import TestAsked

router = APIRouter(tags=["Credentials"])
Credential = Shown(view=CredentialInfo, name="Credential")
State = Shown(view=CredentialState, name="CredentialState")
CredentialFieldShown = Shown(view=CredentialField, name="CredentialField")
ONE = "/api/credentials/{id}"

EXAMPLES = {
    "A key for everybody": {"connector": "acme-prod", "name": "production", "values": {"apiKey": "ak_..."}},
    "A token for the caller alone": {
        "connector": "crm",
        "mode": "token",
        "values": {"accessToken": "...", "refreshToken": "...", "expiresIn": 3600},
        "visibility": "private",
    },
}


class CredentialChange(Body):
    """What shall be changed of a credential."""

    name: str | None = Field(default=None, description="1 to 100 characters. Case, spaces, `-` and `_` do not count.")
    values: dict[str, Any] | None = Field(
        default=None,
        description="Of connection fields, and of what the type signs with. A mask keeps a secret, null clears.",
    )
    is_default: bool | None = Field(default=None, description="Calls that name none use it.")
    end_user: str | None = Field(default=None, description="Whose account it is, in at most 200 characters.")
    revision: int | None = Field(default=None, description="Only if it still has this one; as `If-Match`.")


class CredentialMade(Body):
    """A new credential."""

    connector: str = Field(description="Id, `namespace/name` or name.")
    name: str | None = Field(default=None, description="1 to 100 characters; one is made up where it is left out.")
    mode: str | None = Field(default=None, description="`values` unless given; `token` for a token; `own` for an app.")
    values: dict[str, Any] | None = Field(
        default=None, description="Of connection fields, and of what the type signs with; or the token."
    )
    visibility: Visibility | None = Field(default=None, description="`shared` unless given, or `private`.")
    is_default: bool | None = Field(
        default=None, description="Calls that name none use it; the first one, unless told otherwise."
    )
    end_user: str | None = Field(default=None, description="Whose account it is, in at most 200 characters.")


class CredentialsAsked(ListAsked):
    """Which credentials."""

    connector: str | None = Field(default=None, description="Of this connector only: id, `namespace/name` or name.")
    visibility: Visibility | None = Field(default=None, description="Only these.")


class FieldsAsked(ListAsked):
    """Of which connector."""

    connector: str = Field(description="Id, `namespace/name` or name.")


@offered(
    router,
    "POST",
    "/api/credentials",
    answers=Credential,
    status=201,
    fails=(400, 404),
    body=Said(schema=CredentialMade, examples=EXAMPLES),
)
async def create_credential(
    caller: Caller, manage: Manage, body: Annotated[CredentialMade, Depends(body_of(CredentialMade))]
) -> Response:
    """Put a credential for a connector.

    Its values lie over the connection of the connector, and stand for the stored secrets that its type names. Accounts
    that people sign in to are connected with `POST /api/oauth/sign-ins`.
    """
    made = await manage.credentials.add(
        caller,
        body.connector,
        name=body.name,
        values=body.values,
        mode=body.mode or "values",  # type: ignore[arg-type]  # it is judged there, for all surfaces
        visibility=body.visibility or "shared",
        default=body.is_default,
        end_user=body.end_user or "",
    )
    return answer_view(made, status=201, location=f"/api/credentials/{made.id}")


@offered(router, "GET", "/api/credentials", answers=Page(item=Credential), fails=(404,))
async def list_credentials(caller: Caller, manage: Manage, asked: Annotated[CredentialsAsked, Query()]) -> Response:
    """List the shared credentials and the caller's own, by connector and name."""
    found = await manage.credentials.list(caller, connector=asked.connector)
    wanted = [credential for credential in found if asked.visibility in {None, credential.visibility}]
    return answer_list(wanted, asked.query(), kind=CredentialInfo)


@offered(router, "GET", "/api/credential-fields", answers=Page(item=CredentialFieldShown), fails=(404,))
async def list_credential_fields(caller: Caller, manage: Manage, asked: Annotated[FieldsAsked, Query()]) -> Response:
    """List what a credential for a connector may have, what signs its requests first: for forms."""
    found = await manage.credentials.fields(caller, asked.connector)
    return answer_list(found, asked.query(), kind=CredentialField)


@offered(router, "GET", ONE, answers=Credential, fails=(404,))
async def get_credential(caller: Caller, manage: Manage, id: str) -> Response:
    """Show a credential, with a mask in place of each secret."""
    return answer_view(await manage.credentials.get(caller, id))


@offered(router, "GET", f"{ONE}/status", answers=State, fails=(404,))
async def get_credential_status(caller: Caller, manage: Manage, id: str) -> Response:
    """Tell whether a credential can be used, as far as is known without asking its service."""
    return answer_view(await manage.credentials.status(caller, id))


@offered(
    router,
    "PUT",
    ONE,
    answers=Credential,
    fails=(400, 404),
    body=Said(schema=CredentialChange, examples={"Another key": {"values": {"apiKey": "ak_..."}}}),
)
async def update_credential(
    caller: Caller,
    manage: Manage,
    id: str,
    body: Annotated[CredentialChange, Depends(body_of(CredentialChange))],
    if_match: IfMatch = None,
) -> Response:
    """Change a credential. What the body leaves out stays as it is, inside `values` too.

    With `If-Match` or `revision`, only what has not changed since it was read is changed.
    """
    _, revision = revised({} if body.revision is None else {"revision": body.revision}, if_match)
    changed = await manage.credentials.change(
        caller,
        id,
        name=body.name,
        values=body.values,
        default=body.is_default,
        end_user=body.end_user,
        revision=revision,
    )
    return answer_view(changed)


@offered(router, "DELETE", ONE, status=204, fails=(404,))
async def delete_credential(caller: Caller, manage: Manage, id: str, if_match: IfMatch = None) -> Response:
    """Delete a credential for good. Its tokens are revoked at their service, where that offers it."""
    _, revision = revised({}, if_match)
    await manage.credentials.delete(caller, id, revision=revision)
    return no_content()


@offered(
    router,
    "POST",
    f"{ONE}/test",
    answers=Shown(view=ConnectionTest, name="ConnectionTest"),
    fails=(400, 404),
    body=Said(schema=TestAsked),
)
async def test_credential(
    caller: Caller, manage: Manage, id: str, body: Annotated[TestAsked, Depends(body_of(TestAsked))]
) -> Response:
    """Test a credential: call the command that the connector's type has for that. How it went is kept with it."""
    timeout_s = None if body.timeout is None else body.timeout / 1000
    return answer_view(await manage.credentials.test(caller, id, timeout_s=timeout_s, environment=body.environment))


@offered(router, "POST", f"{ONE}/refresh", answers=Credential, fails=(404,))
async def refresh_credential(caller: Caller, manage: Manage, id: str) -> Response:
    """Get a new token now, though the present one may live."""
    return answer_view(await manage.credentials.refresh(caller, id))


@offered(router, "POST", f"{ONE}/revoke", answers=Credential, fails=(404,))
async def revoke_credential(caller: Caller, manage: Manage, id: str) -> Response:
    """Have the service forget the tokens of a credential, where it offers that, and forget them here."""
    return answer_view(await manage.credentials.revoke(caller, id))
