"""Tools as the interfaces of models take them."""

from __future__ import annotations

from jackfield.agents.formats import FORMATS
from tools.making import tool


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


def test_a_tool_without_description_is_told_by_its_name_over_mcp():
    """Clients show nothing else."""
    assert FORMATS["mcp"](tool(description=""))["description"] == "list_messages"
