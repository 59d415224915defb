"""Tools as the interfaces of models take them."""

from __future__ import annotations

from jackfield.agents.formats import FORMATS, MAX_DESCRIPTION
from tools.making import tool

LIST = {"type": "object", "properties": {"ids": {"type": "array"}}}


def test_each_says_name_description_and_schema_where_it_is_looked_for():
    """And nothing that the interface does not know."""
    made = tool(description="Messages.", reads_only=True)
    written = {name: write(made) for name, write in FORMATS.items()}

    assert written["openai"] == {
        "type": "function",
        "function": {"name": made.name, "description": "Messages.", "parameters": made.input_schema},
    }
    assert written["anthropic"] == {"name": made.name, "description": "Messages.", "input_schema": made.input_schema}
    assert written["mcp"]["inputSchema"] == made.input_schema
    assert written["mcp"]["annotations"] == {
        "readOnlyHint": True,
        "destructiveHint": False,
        "idempotentHint": True,
        "openWorldHint": True,
    }


def test_openai_gets_what_it_does_not_refuse():
    """It refuses long descriptions, and lists that do not say of what they are."""
    made = FORMATS["openai"](tool(description="word " * 400, params=LIST))["function"]

    assert len(made["description"]) <= MAX_DESCRIPTION
    assert made["description"].endswith("word…")
    assert made["parameters"]["properties"]["ids"] == {"type": "array", "items": {}}


def test_a_tool_without_description_is_told_by_its_name_over_mcp():
    """Clients show nothing else."""
    assert FORMATS["mcp"](tool(description=""))["description"] == "list_messages"
