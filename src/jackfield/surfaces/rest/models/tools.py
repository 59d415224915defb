"""What the document says of tools and of gateways."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jackfield.manage.gateway_bodies import FEWEST_CHARACTERS, MAX_INSTRUCTIONS, MOST_CHARACTERS
from jackfield.manage.tool_views import ToolCost, ToolFound, ToolInfo, ToolProblem
from jackfield.surfaces.rest.models.connectors import FLAG, OBJECT, TEXT, keys
from jackfield.surfaces.rest.models.shown import Page, Schema, Shown

ToolShown = Shown(view=ToolInfo, name="Tool")

_NAMES = {"type": "array", "items": TEXT}
_CHOSEN = {
    "type": "object",
    "required": ["connector"],
    "properties": keys(
        connector=(TEXT, "As in a call."),
        operations=(_NAMES, "Which of its commands; all that may be offered to models unless given."),
        environment=(TEXT, "The only one of its environments that is called; its default unless given."),
        credential=(TEXT, "The only credential that is used, by id or name; that of the caller unless given."),
        parameters=(
            OBJECT,
            "By command and param: what is settled. A plain value or a template is locked; "
            "`{value, locked: false}` is a default.",
        ),
        tools=(
            OBJECT,
            "By command: `{name, description, parameters, fields, mock, status, result: {fields, limit}}`.",
        ),
    ),
}
_CHOSEN_OR_NAME = {"anyOf": [_CHOSEN, {**TEXT, "minLength": 1, "description": "All of this one."}]}
CHOICE: Mapping[str, Any] = {
    "description": "Which commands a model may use, and what is settled for it.",
    "anyOf": [
        {
            "type": "object",
            "properties": keys(
                connectors=(
                    {"type": "array", "items": _CHOSEN_OR_NAME},
                    "Every connector that the caller sees unless given.",
                ),
                readsOnly=(FLAG, "Only commands that change nothing."),
            ),
        },
        {"type": "array", "items": _CHOSEN_OR_NAME},
    ],
}

CHOICE_OR_NOTHING: Mapping[str, Any] = {**CHOICE, "anyOf": [*CHOICE["anyOf"], {"type": "null"}]}

_GATEWAY = {
    **keys(
        name=(TEXT, "As in its endpoint: 1 to 100 letters, digits, `-` and `_`, beginning with a letter."),
        title=(TEXT, "For people."),
        description=(TEXT, "For people."),
        instructions=({"type": "string", "maxLength": MAX_INSTRUCTIONS}, "For the model, beside its tools."),
    ),
    "choice": CHOICE,
    **keys(
        mode=(
            {"type": "string", "enum": ["auto", "tools", "search"]},
            "Each tool by itself, a search among them, or as many as there are says.",
        ),
        outputSchemas=(FLAG, "Whether tools say what they answer."),
        characters=(
            {"type": "integer", "minimum": FEWEST_CHARACTERS, "maximum": MOST_CHARACTERS},
            "At most so many of a result are shown at once.",
        ),
        enabled=(FLAG, "Whether it can be used, and its tokens count."),
    ),
}

GATEWAY: Mapping[str, Any] = {"title": "GatewayBody", "type": "object", "required": ["name"], "properties": _GATEWAY}
GATEWAY_CHANGES: Mapping[str, Any] = {
    "title": "GatewayChanges",
    "type": "object",
    "properties": {**_GATEWAY, **keys(revision=({"type": "integer"}, "Only if it still has this one."))},
}
GATEWAY_EXAMPLES: Mapping[str, Any] = {
    "Two commands of one connector": {
        "name": "help-desk",
        "instructions": "Look up a ticket before you answer.",
        "choice": {
            "connectors": [
                {
                    "connector": "default/desk",
                    "operations": ["list_tickets", "get_ticket"],
                    "parameters": {"list_tickets": {"queue": "support"}},
                }
            ]
        },
    },
    "All that changes nothing": {"name": "look-around", "choice": {"readsOnly": True}},
}


class ToolsFound:
    """What a model reads of tools that were found, or all of them."""

    def schema(self, components: dict[str, Schema]) -> Schema:
        """See `models.shown.Answered`."""
        said = keys(
            name=(TEXT, "Of the tool."),
            description=(TEXT, "The first sentence of it."),
            risk=({"type": "string", "enum": ["read", "write", "destructive"]}, "How much harm a wrong call may do."),
            connected=(FLAG, "False where a call would lack its credential; else it is left out."),
            inputSchema=(OBJECT, "Of the first ones, where there is room."),
        )
        tool = {"type": "object", "required": ["name", "description", "risk"], "properties": said}
        found = Shown(view=ToolFound, name="ToolFound").schema(components)
        components["ToolsFound"] = {
            "title": "ToolsFound",
            "description": "Tools, the best first: as a model reads them, or with `full` as `found`.",
            "type": "object",
            "properties": {
                "tools": {"type": "array", "items": tool, "description": "Few bytes, for a model."},
                "found": {"type": "array", "items": found, "description": "All that is known of them."},
            },
        }
        return {"$ref": "#/components/schemas/ToolsFound"}


class ToolList:
    """A page of tools, with what all of them cost."""

    def schema(self, components: dict[str, Schema]) -> Schema:
        """See `models.shown.Answered`."""
        reference = Page(item=ToolShown).schema(components)
        page = components["ToolPage"]
        cost = Shown(view=ToolCost, name="ToolCost").schema(components)
        problem = Shown(view=ToolProblem, name="ToolProblem").schema(components)
        page["properties"] |= {
            "cost": {"allOf": [cost], "description": "Of all of them, on whatever page."},
            "problems": {"type": "array", "items": problem, "description": "Why some that were chosen are missing."},
            "version": {"type": "integer", "description": "Another one whenever the tools may have changed."},
        }
        page["required"] += ["cost", "problems", "version"]
        return reference
