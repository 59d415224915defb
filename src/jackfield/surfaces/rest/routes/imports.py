"""OpenAPI documents: read, and imported into connectors."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from jackfield.manage.import_views import Imported, Parsed
from jackfield.surfaces.rest.answers import answer_view
from jackfield.surfaces.rest.bodies import Document, Said
from jackfield.surfaces.rest.given import Caller, Manage
from jackfield.surfaces.rest.models.imports import IMPORT, IMPORT_EXAMPLES, PARSE, PARSE_EXAMPLES
from jackfield.surfaces.rest.models.shown import Shown
from jackfield.surfaces.rest.offered import offered
from jackfield.surfaces.rest.paths import Target
from jackfield.surfaces.rest.revisions import IfMatch, revised

router = APIRouter(tags=["Connectors"])


@offered(
    router,
    "POST",
    "/api/connectors/parse-openapi",
    "/api/connectors/parse-oas",
    answers=Shown(view=Parsed, name="OpenApiParsed"),
    fails=(400,),
    body=Said(schema=PARSE, examples=PARSE_EXAMPLES),
)
async def parse_openapi(caller: Caller, manage: Manage, body: Document) -> Response:
    """Tell what an OpenAPI document offers.

    Nothing is kept. `draft` can be sent to `/api/connectors` as it is, or after a review; `warnings` has all that is
    left out or weakened. With `exportScript` the draft is a connector of JavaScript, which `script` has by itself. An
    address that is given as `specUrl` is fetched by the server.
    """
    return answer_view(await manage.imports.parse(caller, body))


@offered(
    router,
    "POST",
    "/api/connectors/{id}/import-openapi",
    "/api/connectors/{namespace}/{name}/import-openapi",
    answers=Shown(view=Imported, name="OpenApiImported"),
    fails=(400, 404, 409),
    body=Said(schema=IMPORT, examples=IMPORT_EXAMPLES),
)
async def import_openapi(
    caller: Caller, manage: Manage, target: Target, body: Document, if_match: IfMatch = None
) -> Response:
    """Import an OpenAPI document into a connector, and tell what is different.

    Commands of the same name are replaced, others are added. Of a connector that was made of a document, what that no
    longer has is removed. A connector with `operations` gets the document's as such; those that were written by hand
    stay as they are, and what cannot be sent so is left out and told. With `apply: false` nothing is changed.
    """
    changes, revision = revised(body, if_match)
    return answer_view(await manage.imports.import_into(caller, target, changes, revision=revision))
