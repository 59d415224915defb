"""Connectors: made, listed, changed, approved, switched on and off, deleted."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field
from starlette.responses import Response

from jackfield.manage.connector_views import ConnectorInfo
from jackfield.surfaces.rest.answers import answer_list, answer_view, no_content
from jackfield.surfaces.rest.bodies import Document, Said
from jackfield.surfaces.rest.given import Caller, Manage
from jackfield.surfaces.rest.lists import ListAsked
from jackfield.surfaces.rest.models.connectors import CHANGES, CONNECTOR, EXAMPLES
from jackfield.surfaces.rest.models.shown import Page, Shown
from jackfield.surfaces.rest.offered import offered
from jackfield.surfaces.rest.paths import Target
from jackfield.surfaces.rest.revisions import IfMatch, revised

router = APIRouter(tags=["Connectors"])
Connector = Shown(view=ConnectorInfo, name="Connector")

ONE = ("/api/connectors/{id}", "/api/connectors/{namespace}/{name}")


class ConnectorsAsked(ListAsked):
    """Which connectors."""

    namespace: str | None = Field(default=None, description="Of this namespace only, in any case style.")
    type: str | None = Field(default=None, description="Of this type only, in any case style.")
    category: str | None = Field(default=None, description="Of types of this category only.")
    tag: str | None = Field(default=None, description="With this tag only.")
    enabled: bool | None = Field(default=None, description="Only those that can be called, or only those that cannot.")
    include_deleted: bool = Field(default=False, description="Also those that were deleted.")


@offered(
    router,
    "POST",
    "/api/connectors",
    answers=Connector,
    status=201,
    fails=(400, 404, 409),
    body=Said(schema=CONNECTOR, examples=EXAMPLES),
)
async def create_connector(caller: Caller, manage: Manage, body: Document) -> Response:
    """Make a connector.

    Of a type that there is (`type`), or with a definition of its own: `operations` for an HTTP service, `scriptSource`
    for a script, `endpointUrl` for a service that implements connectors, `spec` for an OpenAPI document,
    `supported_actions` for a definition of FluxTurn's. Secrets in `config` are encrypted, and shown as a mask.
    """
    made = await manage.connectors.create(caller, body)
    return answer_view(made, status=201, location=f"/api/connectors/{made.id}")


@offered(router, "GET", "/api/connectors", answers=Page(item=Connector))
async def list_connectors(caller: Caller, manage: Manage, asked: Annotated[ConnectorsAsked, Query()]) -> Response:
    """List connectors, by namespace and name; those of files and of the program among them."""
    found = await manage.connectors.list(
        caller,
        namespace=asked.namespace,
        type=asked.type,
        category=asked.category,
        tag=asked.tag,
        enabled=asked.enabled,
        deleted=asked.include_deleted,
    )
    return answer_list(found, asked.query(), kind=ConnectorInfo)


@offered(router, "GET", *ONE, answers=Connector, fails=(404, 409))
async def get_connector(caller: Caller, manage: Manage, target: Target) -> Response:
    """Show a connector, with a mask in place of each secret."""
    return answer_view(await manage.connectors.get(caller, target))


@offered(
    router,
    "PUT",
    *ONE,
    answers=Connector,
    fails=(400, 404, 409),
    body=Said(schema=CHANGES, examples={"Another address": {"config": {"base_url": "https://acme.example"}}}),
)
async def update_connector(
    caller: Caller, manage: Manage, target: Target, body: Document, if_match: IfMatch = None
) -> Response:
    """Change a connector. What the body leaves out stays as it is.

    That holds inside `config` too: a field that is left out, or a secret that is sent as its mask, stays; `null`
    clears.
    A changed definition makes a new version of the type. With `If-Match` or `revision`, only what has not changed
    since it was read is changed.
    """
    changes, revision = revised(body, if_match)
    return answer_view(await manage.connectors.update(caller, target, changes, revision=revision))


@offered(router, "DELETE", *ONE, status=204, fails=(404, 409))
async def delete_connector(caller: Caller, manage: Manage, target: Target) -> Response:
    """Delete a connector. Its name is free, and its secrets are gone for good; executions still name it."""
    await manage.connectors.delete(caller, target)
    return no_content()


@offered(router, "POST", *(f"{path}/approve" for path in ONE), answers=Connector, fails=(404, 409))
async def approve_connector(caller: Caller, manage: Manage, target: Target, if_match: IfMatch = None) -> Response:
    """Let a connector use the secrets of everybody who calls it.

    An administrator stands for where its requests go, until somebody who is none changes its connection or its type.
    With `If-Match`, only what has not changed since it was looked at is approved.
    """
    _, revision = revised({}, if_match)
    return answer_view(await manage.connectors.approve(caller, target, revision=revision))


@offered(router, "POST", *(f"{path}/enable" for path in ONE), answers=Connector, fails=(404, 409))
async def enable_connector(caller: Caller, manage: Manage, target: Target) -> Response:
    """Let a connector be called again."""
    return answer_view(await manage.connectors.enable(caller, target))


@offered(router, "POST", *(f"{path}/disable" for path in ONE), answers=Connector, fails=(404, 409))
async def disable_connector(caller: Caller, manage: Manage, target: Target) -> Response:
    """Refuse the calls of a connector."""
    return answer_view(await manage.connectors.disable(caller, target))
