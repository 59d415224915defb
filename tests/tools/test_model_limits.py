"""What OpenAI's interfaces refuse."""

from __future__ import annotations

from jackfield.agents.model_limits import MAX_DESCRIPTION, parameters_of, short_description
from tools.making import tool


def test_long_descriptions_end_at_a_word():
    """They would be refused, with all other tools of the request."""
    made = tool(description="word " * 1000)

    assert len(short_description(made)) <= MAX_DESCRIPTION
    assert short_description(made).endswith("word…")
    assert short_description(tool(description="Short.")) == "Short."


def test_each_list_says_of_what_it_is():
    """Wherever it stands, and whatever else it may be; what says so already stays."""
    inner = {"type": "object", "properties": {"tags": {"type": ["array", "null"]}}}
    params = {
        "type": "object",
        "properties": {
            "ids": {"type": "array"},
            "rows": {"type": "array", "items": inner},
            "either": {"anyOf": [{"type": "array"}, {"type": "string"}]},
            "type": {"type": "string", "enum": ["array"]},
        },
    }
    made = parameters_of(tool(params=params))["properties"]

    assert made["ids"] == {"type": "array", "items": {}}
    assert made["rows"]["items"]["properties"]["tags"]["items"] == {}
    assert made["either"]["anyOf"][0]["items"] == {}
    assert made["type"] == {"type": "string", "enum": ["array"]}
