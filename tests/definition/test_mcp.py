"""Pinned tools: the commands they are, the names these get, and what is different from what was pinned."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jackfield.definition.errors import InvalidDefinition
from jackfield.definition.floh import from_json, to_json
from jackfield.definition.mcp.command_names import command_names
from jackfield.definition.mcp.differences import bump_of, differences, merged
from jackfield.definition.mcp.tools import command_of, commands_of, fault, listing_of, pin, with_tools
from jackfield.definition.names import check_name, folded
from jackfield.definition.reading import read_definition
from jackfield.registry.definitions import changed_type

URL = "https://mcp.example/mcp"


def tool(name: str, **more: Any) -> dict[str, Any]:
    return {"name": name, "description": "A tool.", "inputSchema": {"type": "object"}, **more}


def read(**more: Any) -> Any:
    body = {"name": "books", "mcpServer": {"url": URL}, "tools": {"find_book": tool("find-book!")}, **more}
    return read_definition(body, model="mcp")


@pytest.mark.parametrize(
    ("said", "reads_only", "destructive", "idempotent"),
    [
        ({}, False, True, False),
        ({"readOnlyHint": True}, True, False, True),
        ({"readOnlyHint": True, "destructiveHint": True}, True, False, True),
        ({"destructiveHint": False}, False, False, False),
        ({"idempotentHint": True}, False, True, True),
        ({"readOnlyHint": "yes"}, False, True, False),
        ({"destructiveHint": "no"}, False, True, False),
    ],
)
def test_what_a_tool_does_follows_from_its_annotations(said, reads_only, destructive, idempotent):
    """Without a word it may destroy, as the specification says: a server that forgets to warn must not be trusted."""
    command = command_of("it", tool("it", annotations=said))

    assert (command.reads_only, command.destructive, command.idempotent) == (reads_only, destructive, idempotent)


@given(st.lists(st.text(max_size=80).filter(bool), unique=True, max_size=20))
def test_any_names_become_distinct_names(names):
    """And stay what they are when others come: callers and permissions know them."""
    named = command_names(names, {})
    again = command_names([*names, "another", "a_nother"], named)

    assert list(named) and set(named) == set(names) if names else named == {}
    assert len({folded(command) for command in named.values()}) == len(names)
    assert all(check_name(command, what="command") and len(command) <= 64 for command in named.values())
    assert {name: again[name] for name in names} == named


def test_a_name_that_is_one_stays():
    assert command_names(["find-book", "findBook2", "a.b"], {}) == {
        "find-book": "find-book",
        "findBook2": "findBook2",
        "a.b": "a_b",
    }


def test_only_what_is_shown_is_pinned():
    """What else a server puts into a definition is nobody's business, and may change with every answer."""
    offered = tool("a", _meta={"x": 1}, icons=[{"src": "https://x"}], annotations={"readOnlyHint": True, "odd": 1})

    assert pin([offered], before={}).tools == {"a": tool("a", annotations={"readOnlyHint": True})}


def test_a_definition_says_where_its_server_is_and_what_is_pinned():
    definition = read()

    assert definition.execution_model == "mcp"
    assert definition.source == {"mcpServer": {"url": URL}, "tools": {"find_book": tool("find-book!")}}
    assert dict(definition.commands) == commands_of(definition.source)
    assert definition.test_command is None
    assert from_json(to_json(definition)) == definition


def test_a_tool_called_test_is_no_test_of_the_connection():
    """It is the server's, and may do anything."""
    assert read(tools={"test": tool("test")}).test_command is None


@pytest.mark.parametrize(
    "tools",
    [
        {"a": "no object"},
        {"a": {}},
        {"a": tool("")},
        {"a": tool("x" * 600)},
        {"a": tool("a", description=3)},
        {"a": tool("a", inputSchema=[])},
        {"a": tool("a", inputSchema={"type": "string"})},
        {"a": tool("a", inputSchema={"properties": []})},
        {"a": tool("a", inputSchema={"properties": {"a": {"$ref": "http://x.example"}}})},
        {"a": tool("a"), "b": tool("a")},
    ],
)
def test_pins_that_cannot_be_used_are_refused(tools):
    with pytest.raises(InvalidDefinition):
        read(tools=tools)


def test_commands_without_a_tool_are_refused():
    with pytest.raises(InvalidDefinition, match="no pinned tool has this command"):
        read(configSchema={"commands": {"other": {"params": []}}})


def test_an_author_may_describe_a_tool_otherwise():
    """The words for a model are the author's then, and stay for as long as the tool is the same."""
    own = {"find_book": {"description": "Mine.", "params": ["title"]}}
    definition = read(configSchema={"commands": own})
    same = with_tools(definition, {**definition.source["tools"], "b": tool("b")})
    other = with_tools(definition, {"find_book": tool("find-book!", description="New.")})

    assert [command.description for command in same.commands.values()] == ["Mine.", "A tool."]
    assert other.commands["find_book"].description == "New."


def test_what_is_shown_can_be_sent_back():
    definition = read()
    body = to_json(definition)

    assert changed_type(definition, {key: body[key] for key in ("configSchema", "source")}) == definition


def test_new_pins_bring_their_commands():
    assert list(changed_type(read(), {"tools": {"b": tool("b")}}).commands) == ["b"]


def test_a_server_may_move():
    moved = changed_type(read(), {"mcpServer": {"url": "https://new.example/mcp"}})

    assert moved.source["mcpServer"] == {"url": "https://new.example/mcp"}
    assert list(moved.commands) == ["find_book"]


def test_what_lists_can_do_nothing_else():
    """It has the connection of the connector, and none of its tools."""
    listing = listing_of(read())

    assert list(listing.commands) == ["list_tools"]
    assert "tools" not in listing.source


def test_differences_are_told_field_by_field():
    before = {"a": tool("a"), "b": tool("b"), "c": tool("c")}
    now = {"a": tool("a"), "b": tool("b", description="Other.", title="B"), "d": tool("d")}
    told = {(each.what, each.command): dict(each.fields) for each in differences(before, now)}

    assert told[("changed", "b")] == {
        "title": {"old": None, "new": "B"},
        "description": {"old": "A tool.", "new": "Other."},
    }
    assert {key for key in told if key[0] != "changed"} == {("added", "d"), ("removed", "c")}


@pytest.mark.parametrize(
    ("only", "kept"), [(None, ["a", "d"]), ([], ["a", "b", "c"]), (["c"], ["a", "b"]), (["d"], ["a", "b", "c", "d"])]
)
def test_what_is_applied_may_be_chosen(only, kept):
    before, now = {name: tool(name) for name in "abc"}, {name: tool(name) for name in "ad"}

    assert sorted(merged(before, now, only=only)) == kept


@pytest.mark.parametrize(
    ("now", "bump"),
    [
        ({"a": tool("a")}, None),
        ({"a": tool("a", description="Other.")}, "patch"),
        ({"a": tool("a", annotations={"readOnlyHint": True})}, "patch"),
        ({"a": tool("a"), "b": tool("b")}, "minor"),
        ({}, "major"),
        ({"a": tool("a", inputSchema={"type": "object", "properties": {"x": {}}, "required": ["x"]})}, "major"),
        ({"a": tool("a", inputSchema={"type": "object", "properties": {"x": {"type": "string"}}})}, "minor"),
    ],
)
def test_a_change_needs_its_version(now, bump):
    assert bump_of({"a": tool("a")}, now).bump == bump


def test_depth_is_told_without_going_that_deep():
    """A definition that is deeper than Python goes must be refused, and not end the server."""
    deep: Any = {}
    for _ in range(100_000):
        deep = {"a": deep}

    assert "deeper than" in fault(tool("a", inputSchema=deep))
    while deep:  # else taking it apart goes as deep
        deep = deep["a"]
