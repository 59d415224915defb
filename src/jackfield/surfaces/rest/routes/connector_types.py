"""Connector types: what connectors are made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field
from starlette.responses import Response

from jackfield.manage.type_capabilities import CommandCapabilities, TypeCapabilities
from jackfield.manage.type_views import TypeDetails, TypeInfo, VersionDetails, VersionInfo
from jackfield.manage.views import to_json
from jackfield.surfaces.rest.answers import answer_list, answer_shown, answer_view, no_content
from jackfield.surfaces.rest.bodies import Document, Said
from jackfield.surfaces.rest.given import Caller, Manage
from jackfield.surfaces.rest.lists import Asked, ListAsked
from jackfield.surfaces.rest.models.connectors import TYPE, TYPE_CHANGES
from jackfield.surfaces.rest.models.shown import EachOf, Page, Shown
from jackfield.surfaces.rest.offered import offered
from jackfield.surfaces.rest.revisions import IfMatch, revised

router = APIRouter(tags=["Connector types"])
ConnectorType = Shown(view=TypeInfo, name="ConnectorType")


@dataclass(frozen=True, kw_only=True)
class TriggerInfo:
    """What can start something at the service of a connector."""

    name: str


CREDENTIALS = (
    "What a credential of such a connector may be: `{scheme, grant, signIn, device, paste, scopes, parts}`. A person "
    "can sign in at the service (`signIn`) or on another device (`device`), or paste a token (`paste`); `parts` are "
    "values beside the connection fields, each `{name, label, secret}`."
)
Version = Shown(view=VersionInfo, name="ConnectorTypeVersion")
Capabilities = Shown(view=TypeCapabilities, name="ConnectorTypeCapabilities")
Command = Shown(view=CommandCapabilities, name="CommandCapabilities")
Details = Shown(
    view=TypeInfo,
    name="ConnectorTypeDetails",
    more={
        "definition": {"type": "object", "additionalProperties": True, "description": "The newest one."},
        "versions": EachOf(item=Version, told="Oldest first."),
        "credentials": {"type": "object", "additionalProperties": True, "description": CREDENTIALS},
    },
)
Trigger = Shown(view=TriggerInfo, name="Trigger")

ONE = "/api/connector-types/{id}"
FULL = "Describe the params of an imported document in its own words, however many these are."


class TypesAsked(ListAsked):
    """Which types."""

    category: str | None = Field(default=None, description="Of this category only.")
    tag: str | None = Field(default=None, description="With this tag only.")
    enabled: bool | None = Field(default=None, description="Only those that can be used, or only those that cannot.")


class CapabilitiesAsked(Asked):
    """How much is told."""

    full: bool = Field(default=False, description=FULL)


class CommandsAsked(ListAsked):
    """Which commands, and how much of them."""

    full: bool = Field(default=False, description=FULL)


@offered(
    router,
    "POST",
    "/api/connector-types",
    answers=ConnectorType,
    status=201,
    fails=(400, 409),
    body=Said(schema=TYPE),
)
async def create_connector_type(caller: Caller, manage: Manage, body: Document) -> Response:
    """Make a connector type, for all connectors of the tenant.

    To make a type and one connector of it at once, POST the definition to `/api/connectors`.
    """
    made = await manage.types.create(caller, body)
    return answer_view(made, status=201, location=f"/api/connector-types/{made.id}")


@offered(router, "GET", "/api/connector-types", answers=Page(item=ConnectorType))
async def list_connector_types(caller: Caller, manage: Manage, asked: Annotated[TypesAsked, Query()]) -> Response:
    """List connector types by name; those too that cannot be run here (`installed`)."""
    found = await manage.types.list(caller, category=asked.category, tag=asked.tag, enabled=asked.enabled)
    return answer_list(found, asked.query(), kind=TypeInfo)


@offered(router, "GET", ONE, answers=Details, fails=(404,))
async def get_connector_type(caller: Caller, manage: Manage, id: str) -> Response:
    """Show a connector type by id or name, with its definition and versions."""
    found: TypeDetails = await manage.types.get(caller, id)
    more = to_json(found)
    document = to_json(found.type) | {key: more[key] for key in ("definition", "versions", "credentials")}
    return answer_shown(document, revision=found.type.revision)


@offered(router, "GET", f"{ONE}/capabilities", answers=Capabilities, fails=(404,))
async def get_connector_type_capabilities(
    caller: Caller, manage: Manage, id: str, asked: Annotated[CapabilitiesAsked, Query()]
) -> Response:
    """Tell what a connector type can do: its commands with their params, and the fields of its connection."""
    return answer_view(await manage.types.capabilities(caller, id, full=asked.full))


@offered(router, "GET", f"{ONE}/versions", answers=Page(item=Version), fails=(404,))
async def list_connector_type_versions(
    caller: Caller, manage: Manage, id: str, asked: Annotated[ListAsked, Query()]
) -> Response:
    """List the versions of a connector type, oldest first."""
    return answer_list(await manage.types.versions(caller, id), asked.query(), kind=VersionInfo)


@offered(
    router,
    "GET",
    f"{ONE}/versions/{{version}}",
    answers=Shown(view=VersionDetails, name="ConnectorTypeVersionDetails"),
    fails=(404,),
)
async def get_connector_type_version(caller: Caller, manage: Manage, id: str, version: str) -> Response:
    """Show one version of a connector type, with its definition."""
    return answer_view(await manage.types.version(caller, id, version))


@offered(router, "GET", f"{ONE}/commands", f"{ONE}/actions", answers=Page(item=Command), fails=(404,))
async def list_commands(caller: Caller, manage: Manage, id: str, asked: Annotated[CommandsAsked, Query()]) -> Response:
    """List the commands of a connector type, which some call actions."""
    found = await manage.types.capabilities(caller, id, full=asked.full)
    return answer_list(found.commands, asked.query(), kind=CommandCapabilities)


@offered(router, "GET", f"{ONE}/triggers", answers=Page(item=Trigger), fails=(404,))
async def list_triggers(caller: Caller, manage: Manage, id: str, asked: Annotated[ListAsked, Query()]) -> Response:
    """List the triggers of a connector type. So far no type has any."""
    await manage.types.capabilities(caller, id)  # one that is not there has no triggers either
    return answer_list([], asked.query(), kind=TriggerInfo)


@offered(
    router,
    "PUT",
    ONE,
    answers=ConnectorType,
    fails=(400, 404, 409),
    body=Said(schema=TYPE_CHANGES, examples={"Another name for people": {"displayName": "Acme (EU)"}}),
)
async def update_connector_type(
    caller: Caller, manage: Manage, id: str, body: Document, if_match: IfMatch = None
) -> Response:
    """Change a connector type. What the body leaves out stays as it is.

    A changed definition is a new version. A change that breaks those who use the type needs a `version` that says so,
    or `autoBump: true`. With `If-Match` or `revision`, only what has not changed since it was read is changed.
    """
    changes, revision = revised(body, if_match)
    return answer_view(await manage.types.update(caller, id, changes, revision=revision))


@offered(router, "DELETE", ONE, status=204, fails=(404, 409))
async def delete_connector_type(caller: Caller, manage: Manage, id: str) -> Response:
    """Delete a connector type that somebody made, and that no connector is of."""
    await manage.types.delete(caller, id)
    return no_content()
