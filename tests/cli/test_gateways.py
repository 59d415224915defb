"""`jackfield gateways` and `jackfield tools`, as a person sees them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cli.stored import Terminal

DESK = {
    "name": "desk",
    "baseUrl": "https://desk.example",
    "operations": [
        {"name": "list_items", "method": "GET", "path": "/items", "readsOnly": True, "description": "All items."},
        {
            "name": "make_item",
            "method": "POST",
            "path": "/items",
            "parameters": {"properties": {"title": {"type": "string"}}},
        },
    ],
    "mocks": {"data": {"list_items": {"default": {"success": True, "payload": [1, 2]}}}},
}


@pytest.fixture
def jackfield(tmp_path: Path) -> Terminal:
    made = Terminal(tmp_path / "data", settings={"mock": True})
    added = made("connectors", "add", "-", stdin=json.dumps(DESK))
    assert added.exit_code == 0, added.stderr
    return made


def test_a_gateway_is_made_listed_changed_and_deleted(jackfield):
    """Each says what it has done; data goes to stdout."""
    made = jackfield("gateways", "create", "help", "--connector", "desk.list_items", "--title", "Help desk")
    listed = jackfield("gateways", "list").stdout
    changed = jackfield("gateways", "update", "HELP", "--disabled", "--mode", "search")
    shown = json.loads(jackfield("gateways", "show", "help").stdout)
    deleted = jackfield("gateways", "delete", "help")

    assert made.stderr == "Made the gateway `help`; models reach it at `/mcp/help`.\n"
    assert listed == "help\t/mcp/help\tenabled\tdesk\tHelp desk\n"
    assert changed.stderr == "Updated the gateway `help`.\n"
    assert (shown["enabled"], shown["mode"], shown["title"]) == (False, "search", "Help desk")
    assert shown["choice"]["connectors"][0]["operations"] == ["list_items"]
    assert deleted.stderr == "Deleted the gateway `help`.\n"
    assert jackfield("gateways", "list").stdout == ""


def test_connectors_and_commands_are_named_one_by_one(jackfield):
    """A connector by itself means all of its commands, wherever it stands."""
    named = ("--connector", "desk.make_item", "--connector", "desk", "--connector", "delay.wait")
    jackfield("gateways", "create", "both", *named, "--reads-only")
    choice = json.loads(jackfield("gateways", "show", "both").stdout)["choice"]

    assert choice["readsOnly"] is True
    assert [(one["connector"], one["operations"]) for one in choice["connectors"]] == [
        ("desk", []),
        ("delay", ["wait"]),
    ]


def test_what_is_settled_is_said_in_a_file(jackfield, tmp_path):
    """Options win over it."""
    file = tmp_path / "help.yaml"
    file.write_text(
        "title: From the file\n"
        "choice:\n"
        "  connectors:\n"
        "    - connector: desk\n"
        "      operations: [make_item]\n"
        "      parameters: {make_item: {title: settled}}\n"
    )
    jackfield("gateways", "create", "help", "--from", str(file), "--title", "From the option")
    tools = json.loads(jackfield("tools", "list", "--gateway", "help", "--json").stdout)

    assert json.loads(jackfield("gateways", "show", "help").stdout)["title"] == "From the option"
    assert [(tool["name"], tool["inputSchema"]["properties"]) for tool in tools["items"]] == [("desk__make_item", {})]


def test_a_slip_of_the_pen_is_told_with_its_place(jackfield):
    done = jackfield("gateways", "create", "help", "--connector", "desk.list_itms")

    assert done.exit_code == 2
    assert "/choice/connectors/0/operations/0" in done.stderr
    assert "did you mean `list_items`?" in done.stderr


def test_the_token_of_a_gateway_is_alone_on_stdout(jackfield):
    """And it counts for nothing here."""
    jackfield("gateways", "create", "help", "--connector", "desk")
    done = jackfield("gateways", "token", "help", "--name", "assistant", "--expires", "30d")
    rows = jackfield("users", "tokens", "local").stdout
    stranger = jackfield.as_user(done.stdout.strip())

    assert done.exit_code == 0
    assert done.stdout.startswith("jf_")
    assert "allows execute, read at `/mcp/help` only until 20" in done.stderr
    assert "only at /mcp/help" in rows
    for line in (("tools", "list"), ("connectors", "list"), ("call", "delay", "delayMs=0"), ("gateways", "list")):
        refused = stranger(*line)
        assert (refused.exit_code, "counts at the MCP endpoint of one gateway only" in refused.stderr) == (2, True)


def test_tools_are_listed_with_what_they_cost(jackfield):
    """The sum goes to stderr."""
    done = jackfield("tools", "list", "--connector", "desk")
    rows = [line.split("\t") for line in done.stdout.splitlines()]
    as_json = json.loads(jackfield("tools", "list", "--connector", "desk", "--json").stdout)

    assert [row[:2] for row in rows] == [["desk__list_items", "read"], ["desk__make_item", "write"]]
    assert rows[0][3] == "All items."
    assert done.stderr.startswith(f"2 tools, about {sum(int(row[2]) for row in rows)} tokens")
    assert as_json["cost"]["tokens"] == sum(int(row[2]) for row in rows)
    assert jackfield("tools", "list", "--connector", "dsk").exit_code == 2
    assert [len(jackfield("tools", "list", "--connector", "desk", "--reads-only").stdout.splitlines())] == [1]


def test_a_tool_is_shown_as_models_take_it(jackfield):
    shown = json.loads(jackfield("tools", "show", "desk__make_item", "--format", "anthropic").stdout)

    assert (shown["name"], [*shown["input_schema"]["properties"]]) == ("desk__make_item", ["title"])
    assert json.loads(jackfield("tools", "show", "desk__make_item").stdout)["cost"]["tokens"] > 10
    assert jackfield("tools", "show", "desk__make_itm").exit_code == 2


def test_a_tool_is_called_as_a_model_would(jackfield):
    """Words of what failed are no data."""
    done = jackfield("tools", "call", "desk__list_items")
    as_json = json.loads(jackfield("tools", "call", "desk__list_items", "--json").stdout)
    wrong = jackfield("tools", "call", "desk__list_itms")

    assert (done.stdout, done.exit_code) == ("[1,2]\n", 0)
    assert (as_json["text"], as_json["failed"]) == ("[1,2]", False)
    assert (wrong.stdout, wrong.exit_code) == ("", 1)
    assert "(unknown-tool)" in wrong.stderr
    assert "Hint: did you mean `desk__list_items`?" in wrong.stderr


def test_numbers_may_be_typed(jackfield):
    """As in `jackfield call`: a terminal has only texts."""
    jackfield("gateways", "create", "wait", "--connector", "delay")
    done = Terminal(jackfield.folder)("tools", "call", "delay__wait", "delayMs=0", "--gateway", "wait")

    assert done.stdout == '{"delayed":0}\n'


def test_tools_are_found_by_what_they_do(jackfield):
    """The best first; `--json` is what a model would read."""
    rows = [line.split("\t") for line in jackfield("tools", "search", "all", "items").stdout.splitlines()]
    as_json = json.loads(jackfield("tools", "search", "all items", "--connector", "desk", "--json").stdout)

    assert rows[0][:2] == ["desk__list_items", "read"]
    assert as_json["tools"][0]["name"] == "desk__list_items"
    assert jackfield("tools", "search", "items", "--risk", "destructive").stdout == ""
    assert jackfield("tools", "search", "items", "--connector", "nothing").stdout == ""
