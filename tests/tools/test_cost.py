"""What a tool costs before it is called."""

from __future__ import annotations

import orjson

from jackfield.agents.cost import Cost, cost_of, sum_of

SCHEMA = {"type": "object", "properties": {"name": {"type": "string", "description": "Größe"}}}


def test_what_costs_is_what_a_model_reads():
    """Name, description and schema, as compact JSON in UTF-8; nothing that stays here."""
    cost = cost_of(name="desk__find", description="Find it.", input_schema=SCHEMA)
    read = orjson.dumps({"name": "desk__find", "description": "Find it.", "inputSchema": SCHEMA})

    assert cost.bytes == len(read)
    assert abs(cost.tokens - len(read) / 4) <= 1


def test_several_cost_as_much_as_each():
    """None of them is nothing."""
    assert sum_of([Cost(bytes=8, tokens=2), Cost(bytes=12, tokens=3)]) == Cost(bytes=20, tokens=5)
    assert sum_of([]) == Cost(bytes=0, tokens=0)
