"""Who sees and calls the authoring tools, and what a call that is wrong answers."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from jackfield.access.principal import Principal
from jackfield.settings.programs import Program
from manage.authoring.world import described, opened
from servers import Service

SIX = [
    "create_connector",
    "execute_connector_command",
    "generate_connector_script",
    "parse_openapi_spec",
    "test_connector",
    "update_connector_script",
]


@pytest.mark.parametrize(
    ("scopes", "seen"),
    [
        ({"read", "execute", "manage"}, SIX),
        ({"execute"}, ["execute_connector_command", "test_connector"]),
        ({"read"}, []),
    ],
)
async def test_a_caller_sees_what_its_token_allows(scopes, seen, acme: Service, tmp_path: Path):
    """And may call no other."""
    async with opened(acme, tmp_path, database_url="memory") as world:
        caller = Principal(user="ann", scopes=frozenset(scopes))
        tools = await world.manage.authoring.tools(caller)
        others = [await world.manage.authoring.call(caller, name, {}) for name in SIX if name not in seen]

    assert [tool.name for tool in tools] == seen
    assert {result.code for result in others} <= {"scope-missing"}
    assert all(tool.description and tool.input_schema["type"] == "object" for tool in tools)


async def test_hints_say_which_tools_change_something(acme: Service, tmp_path: Path):
    """Clients ask people before a tool that does."""
    async with opened(acme, tmp_path, database_url="memory") as world:
        tools = {tool.name: tool for tool in await world.manage.authoring.tools(world.principal)}

    assert [name for name, tool in tools.items() if tool.reads_only] == [
        "generate_connector_script",
        "parse_openapi_spec",
    ]
    assert tools["update_connector_script"].destructive
    assert tools["execute_connector_command"].destructive


@pytest.mark.parametrize(
    ("tool", "arguments", "code", "said"),
    [
        ("no_such_tool", {}, "unknown-tool", "no_such_tool"),
        ("execute_connector_command", {}, "invalid-params", "connector"),
        ("execute_connector_command", {"connector": "nobody"}, "unknown-connector", "nobody"),
        ("parse_openapi_spec", {"spec": "{"}, "openapi-invalid", "line 2"),
        ("parse_openapi_spec", {}, "invalid-definition", "spec"),
        ("parse_openapi_spec", {"specUrl": "http://169.254.169.254/x"}, "url-refused", "169.254"),
        ("parse_openapi_spec", {"spec": {}, "pageSize": 1000}, "invalid-params", "/pageSize"),
        ("create_connector", {"name": "a", "type": "http"}, "nothing-kept", "database"),
        (
            "create_connector",
            {"name": "a", "type": "http", "egress": {"allow": "10.0.0.0/8"}},
            "invalid-definition",
            "",
        ),
        ("test_connector", {}, "invalid-definition", "definition"),
        ("test_connector", {"connector": "a", "command": "b"}, "invalid-definition", "execute_connector_command"),
        ("test_connector", {"definition": {"name": "a", "type": "nothing"}}, "invalid-params", "/type"),
        ("generate_connector_script", {}, "invalid-definition", "/description"),
        ("generate_connector_script", {"description": "GET /a", "name": "1 a"}, "invalid-definition", "1 a"),
        ("generate_connector_script", {"endpoints": [{"method": "GET"}]}, "invalid-params", "/endpoints/0/path"),
        ("update_connector_script", {"connector": "x", "scriptSource": "1"}, "nothing-kept", ""),
    ],
)
async def test_what_a_model_gets_wrong_is_told_and_never_raised(
    tool, arguments, code, said, acme: Service, tmp_path: Path
):
    """With a code, a hint, and where."""
    async with opened(acme, tmp_path, database_url="memory") as world:
        result = await world.call(tool, arguments)

    assert (result.failed, result.code) == (True, code)
    assert said in result.text
    assert "Hint: " in result.text
    assert result.structured is not None
    assert result.structured["code"] == code


async def test_an_administrators_model_has_no_more_rights_than_others(acme: Service, tmp_path: Path):
    """Somebody who gets at a model by what it reads must not get at the secrets of others through it."""
    async with opened(acme, tmp_path) as world:
        ann = replace(world.principal, user="ann", id="ann", admin=False)
        await world.manage.secrets.put(world.principal, "ACME_TOKEN", "acme-token-0123456789")
        draft = (await world.told("generate_connector_script", {"description": described(acme)}))["connector"]
        await world.told("create_connector", draft | {"config": {"apiToken": {"secret": "ACME_TOKEN"}}})
        made = await world.manage.connectors.get(world.principal, "acme-crm")
        change = {"connector": "acme-crm", "scriptSource": draft["scriptSource"] + "// again"}
        before = await world.told("update_connector_script", change)
        foreign = await world.manage.authoring.call(ann, "update_connector_script", change)
        approved = await world.manage.connectors.approve(world.principal, "acme-crm")
        after = await world.call("update_connector_script", change)

    assert (made.approved, before["approved"], approved.approved) == (False, False, True)
    assert after.code == "connector-approved"
    assert foreign.code == "not-owner"


async def test_commands_that_are_kept_from_models_stay_so(acme: Service, tmp_path: Path):
    """W04: `tool: false`, of a connector that is there and of one that is not."""
    script = "function seen() { return [1]; }\nfunction hidden() { return [2]; }"
    schema = {"commands": {"seen": {"readsOnly": True}, "hidden": {"tool": False}}}
    body = {"name": "half", "scriptSource": script, "configSchema": schema}
    async with opened(acme, tmp_path) as world:
        await world.told("create_connector", body)
        seen = await world.told("execute_connector_command", {"connector": "half", "command": "seen"})
        results = [
            await world.call("execute_connector_command", {"connector": "half", "command": "hidden"}),
            await world.call("test_connector", {"definition": {"name": "x", "type": "half"}, "command": "hidden"}),
        ]

    assert seen == {"result": [1]}
    assert [result.code for result in results] == ["unknown-command"] * 2


async def test_a_model_starts_no_program_of_this_machine(acme: Service, tmp_path: Path):
    """W04: programs that an operator lists are for connectors that people make."""
    listed = (Program(name="touch", path="/bin/touch", arguments=(str(tmp_path / "ran"),)),)
    run = {"command": "run", "params": {"program": "touch"}}
    tools = {"read": {"name": "read", "inputSchema": {"type": "object"}}}
    async with opened(acme, tmp_path, mcp_commands=listed, host_commands=listed) as world:
        mine = {"name": "mine", "mcpServer": {"command": "touch"}, "tools": tools}
        kind = (await world.manage.types.create(world.principal, mine)).id
        await world.told("create_connector", {"name": "host", "type": "host-command"})
        results = [
            await world.call("create_connector", {"name": "m", "mcpServer": {"command": "touch"}}),
            await world.call("create_connector", {"name": "m", "mcp_server": {"Command": "touch"}}),
            await world.call("create_connector", {"name": "m", "type": "mine"}),
            await world.call("create_connector", {"name": "m", "type": kind}),
            await world.call("test_connector", {"definition": {"type": "Mine"}, "command": "read"}),
            await world.call("create_connector", {"draft": "01a1", "name": "m"}),
            await world.call("test_connector", {"definition": {"mcpServer": {"command": "touch"}}}),
            await world.call("test_connector", {"definition": {"type": "host-command"}, **run}),
            await world.call("execute_connector_command", {"connector": "host", **run}),
        ]

    assert [result.failed for result in results] == [True] * 9
    assert all("cannot start a program" in result.text for result in results[:5])
    assert not (tmp_path / "ran").exists()
