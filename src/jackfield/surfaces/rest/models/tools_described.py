"""What the document says of commands that are described for programs that make tools of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import Field

from jackfield.agents.describing import Lookup
from jackfield.surfaces.rest.bodies import Body

MOST = 500
"""Descriptions in one answer."""


class WantedCommand(Body):
    """What is to be described."""

    connector: str | None = Field(default=None, description="As in a call; none for every one that the caller sees.")
    command: str | None = Field(default=None, description="In any case style; none for all that models may be offered.")
    tag: str = Field(default="", description="Of an earlier answer, which is not sent again while it holds.")

    @property
    def wanted(self) -> Lookup:
        """The same inside."""
        return Lookup(connector=self.connector, command=self.command)


class WantedCommands(Body):
    """What is to be described, all at once."""

    wanted: list[WantedCommand] = Field(max_length=MOST, description="Each has an answer at its place.")


WANTED: Mapping[str, Any] = {
    **{key: of for key, of in WantedCommands.model_json_schema().items() if key != "$defs"},
    "properties": {
        "wanted": {
            "type": "array",
            "maxItems": MOST,
            "description": "Each has an answer at its place.",
            "items": WantedCommand.model_json_schema(),
        }
    },
}
"""With what is inside in its place: in a document of others, references of its own would lead nowhere."""

_DESCRIBED = {
    "type": "object",
    "required": ["connector", "type", "version", "executionModel", "commands"],
    "properties": {
        "connector": {"type": "string", "description": "`namespace/name`, or a type that is called without one."},
        "type": {"type": "string"},
        "version": {"type": "string", "description": "Of the type. `metadata.version` of an outcome is the same."},
        "executionModel": {"type": "string"},
        "commands": {"type": "object", "additionalProperties": {"type": "object"}, "description": "By name."},
    },
}
ANSWERS: Mapping[str, Any] = {
    "description": "An answer for each that was wanted, in order.",
    "type": "object",
    "required": ["answers"],
    "properties": {
        "answers": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "tag": {"type": "string", "description": "Another one whenever something of it has changed."},
                    "unchanged": {"type": "boolean", "description": "It is as it was when it had the tag sent along."},
                    "described": {"type": "array", "items": _DESCRIBED},
                    "error": {"type": "object", "description": "Why it is not there: a problem document."},
                },
            },
        }
    },
}
