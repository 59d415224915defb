"""Named secrets: put in, listed, deleted. No answer has a value."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import Field, SecretStr
from starlette.responses import Response

from jackfield.definition.errors import InvalidParams
from jackfield.definition.faults import Fault
from jackfield.manage.secrets import MAX_DESCRIPTION, SecretInfo, Visibility
from jackfield.surfaces.rest.answers import answer_list, answer_view, no_content
from jackfield.surfaces.rest.bodies import Body, Said, body_of
from jackfield.surfaces.rest.given import Caller, Manage
from jackfield.surfaces.rest.lists import Asked, ListAsked
from jackfield.surfaces.rest.models.shown import Page, Shown
from jackfield.surfaces.rest.offered import offered

router = APIRouter(tags=["Secrets"])
Secret = Shown(view=SecretInfo, name="Secret")

EXAMPLES = {
    "For everybody": {"name": "ACME_KEY", "value": "ak_...", "description": "Acme, for tests"},
    "For the caller alone": {"name": "ACME_KEY", "value": "ak_...", "visibility": "private"},
}


class SecretChange(Body):
    """A secret, or what shall be changed of one."""

    name: str | None = Field(default=None, description="As in the path; it cannot be changed.")
    value: SecretStr | None = Field(
        default=None, min_length=1, description="Text of 1 byte to 64 KB; the old one stays without it."
    )
    visibility: Visibility | None = Field(default=None, description="`shared` unless given, here or in the query.")
    description: str | None = Field(default=None, description=f"At most {MAX_DESCRIPTION} characters.")


class SecretMade(SecretChange):
    """A new secret."""

    name: str = Field(description="1 to 128 letters, digits, `_`, `-` and `.`. Upper and lower case count.")
    value: SecretStr = Field(min_length=1, description="Text of 1 byte to 64 KB.")


class Chosen(Asked):
    """Which of two secrets of one name."""

    visibility: Visibility | None = Field(default=None, description="Which, where there is a shared and a private one.")


class SecretsAsked(ListAsked, Chosen):
    """Which secrets."""

    visibility: Visibility | None = Field(default=None, description="Only these.")


@offered(
    router,
    "POST",
    "/api/secrets",
    answers=Secret,
    status=201,
    fails=(400, 409),
    body=Said(schema=SecretMade, examples=EXAMPLES),
)
async def create_secret(
    caller: Caller, manage: Manage, body: Annotated[SecretMade, Depends(body_of(SecretMade))]
) -> Response:
    """Make a secret.

    One of that name and visibility must not be there: to change a secret, use PUT. Nothing ever answers a value.
    """
    value, visibility = body.value.get_secret_value(), body.visibility or "shared"
    made = await manage.secrets.put(
        caller, body.name, value, visibility=visibility, description=body.description, new=True
    )
    return answer_view(made.secret, status=201, location=_location(made.secret))


@offered(router, "GET", "/api/secrets", answers=Page(item=Secret))
async def list_secrets(caller: Caller, manage: Manage, asked: Annotated[SecretsAsked, Query()]) -> Response:
    """List the shared secrets and the caller's own, by name."""
    found = await manage.secrets.list(caller)
    wanted = [secret for secret in found if asked.visibility in {None, secret.visibility}]
    return answer_list(wanted, asked.query(), kind=SecretInfo)


@offered(router, "GET", "/api/secrets/{name}", answers=Secret, fails=(404,))
async def get_secret(caller: Caller, manage: Manage, name: str, asked: Annotated[Chosen, Query()]) -> Response:
    """Tell what is known of a secret.

    Of a shared and a private one, the private one is told of unless the other is asked for, as a call would use it.
    """
    return answer_view(await manage.secrets.get(caller, name, visibility=asked.visibility))


@offered(
    router,
    "PUT",
    "/api/secrets/{name}",
    answers=Secret,
    fails=(400, 409),
    body=Said(schema=SecretChange, examples={"A new value": {"value": "ak_..."}}),
    also={201: "It was made."},
)
async def put_secret(
    caller: Caller,
    manage: Manage,
    name: str,
    asked: Annotated[Chosen, Query()],
    body: Annotated[SecretChange, Depends(body_of(SecretChange))],
) -> Response:
    """Change a secret, or make it.

    What is left out stays as it is. A new one needs a value.
    """
    value = None if body.value is None else body.value.get_secret_value()
    visibility = _visibility(name, asked, body)
    put = await manage.secrets.put(caller, name, value, visibility=visibility, description=body.description)
    if put.created:
        return answer_view(put.secret, status=201, location=_location(put.secret))
    return answer_view(put.secret)


@offered(router, "DELETE", "/api/secrets/{name}", status=204, fails=(404,))
async def delete_secret(caller: Caller, manage: Manage, name: str, asked: Annotated[Chosen, Query()]) -> Response:
    """Delete a secret for good.

    Where there is a shared and a private one, `visibility` must say which.
    """
    await manage.secrets.delete(caller, name, visibility=asked.visibility)
    return no_content()


def _visibility(name: str, asked: Chosen, body: SecretChange) -> Visibility:
    faults = []
    if body.name not in {None, name}:
        faults.append(Fault(pointer="/name", message="is another one than that in the path"))
    if asked.visibility and body.visibility and asked.visibility != body.visibility:
        faults.append(Fault(pointer="/visibility", message="is another one than that in the query"))
    if faults:
        raise InvalidParams(faults=faults, where="the body", hint="leave it out of the body")
    return body.visibility or asked.visibility or "shared"


def _location(secret: SecretInfo) -> str:
    return f"/api/secrets/{secret.name}?visibility={secret.visibility}"
