"""What the document says of OpenAPI documents that are sent. `manage.import_bodies` reads them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jackfield.surfaces.rest.models.connectors import FLAG, OBJECT, TEXT, keys

_DOCUMENT = keys(
    spec=({"anyOf": [OBJECT, TEXT]}, "An OpenAPI document, 3.x or 2.0: an object, or JSON or YAML text."),
    specUrl=(TEXT, "Its address, instead of `spec`. Private addresses are refused."),
    select=(
        {"type": "array", "items": TEXT},
        "Names of commands, or `operationId`s: only these are imported. `operations` means the same.",
    ),
    operations=({"type": "array", "items": TEXT}, "The same as `select`."),
    files=(OBJECT, "Other files that the document refers to: their text by path."),
    at=(TEXT, "Path of the document among `files`."),
    location=(TEXT, "Where the document came from, for servers that are relative to it."),
)

PARSE = {
    "title": "OpenApiBody",
    "type": "object",
    "properties": {
        **_DOCUMENT,
        **keys(
            name=(TEXT, "For the connector; made of the title by default."),
            draft=(FLAG, "`false` leaves the draft out, which holds the whole document."),
            exportScript=(FLAG, "The draft is a connector of JavaScript to be edited, which is `script` too."),
        ),
    },
    "additionalProperties": False,
}
IMPORT = {
    "title": "OpenApiImport",
    "type": "object",
    "properties": {
        **_DOCUMENT,
        **keys(
            merge=(FLAG, "What was selected before, or written by hand, stays. That is the default."),
            apply=(FLAG, "`false` tells what would change, and changes nothing."),
            autoBump=(FLAG, "Raise the version as far as the change needs."),
            version=(TEXT, "That the type is to have."),
            revision=({"type": "integer"}, "Only if the connector still has this one."),
        ),
    },
    "additionalProperties": False,
}

_PETS: Mapping[str, Any] = {
    "openapi": "3.1.0",
    "info": {"title": "Pets", "version": "1"},
    "servers": [{"url": "https://pets.example"}],
    "paths": {"/pets": {"get": {"operationId": "listPets", "responses": {"200": {"description": "Pets."}}}}},
}
PARSE_EXAMPLES: Mapping[str, Any] = {
    "A document": {"spec": _PETS},
    "From its address": {"specUrl": "https://pets.example/openapi.json"},
    "As a script": {"spec": _PETS, "exportScript": True},
}
IMPORT_EXAMPLES: Mapping[str, Any] = {
    "As it is now": {"specUrl": "https://pets.example/openapi.json"},
    "What would change": {"spec": _PETS, "apply": False},
}
