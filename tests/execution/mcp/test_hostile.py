"""MCP servers that mean no good: too much, too deep, without end, under odd names."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from mcp_types import CallToolResult, ElicitRequest, ElicitRequestFormParams, InputRequiredResult, TextContent

from jackfield.execution.mcp import listing
from jackfield.execution.mcp.errors import McpFailed
from upstream import Upstream, called, running, runtime_of, tool

MEGABYTE = 1024 * 1024


async def added(upstream: Upstream, **settings: Any) -> Any:
    """The definition of a connector to a server."""
    with running(upstream.app()) as up:
        async with runtime_of(up, **settings) as runtime:
            await runtime.add({"name": "it", "mcpServer": {"url": up.url}})
            return await runtime.describe("it")


async def test_more_tools_than_anybody_reads_are_refused():
    with pytest.raises(McpFailed, match="more than 1000 tools"):
        await added(Upstream(*(tool(f"tool{number}") for number in range(1001))))


async def test_pages_without_end_are_not_followed(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(listing, "MAX_PAGES", 5)
    upstream = Upstream(*(tool(f"tool{number}") for number in range(50)))
    upstream.page = 1
    with pytest.raises(McpFailed, match="more than 5 pages"):
        await added(upstream)


async def test_pages_in_a_circle_are_not_followed():
    upstream = Upstream(tool("one"), tool("two"))
    inner = upstream.server._request_handlers["tools/list"].handler

    async def circle(ctx, params):
        found = await inner(ctx, None)
        found.next_cursor = "0"
        return found

    upstream.server.add_request_handler(
        "tools/list", upstream.server._request_handlers["tools/list"].params_type, circle
    )
    with pytest.raises(McpFailed, match="circles"):
        await added(upstream)


async def test_definitions_together_have_a_limit(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(listing, "MAX_BYTES", 100_000)
    with pytest.raises(McpFailed, match="bytes of their definitions"):
        await added(Upstream(*(tool(f"tool{number}", "x" * 10_000) for number in range(20))))


def deep(levels: int) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": "object"}
    for _ in range(levels):
        schema = {"type": "object", "properties": {"a": schema}}
    return schema


async def test_a_tool_that_cannot_be_used_costs_no_other():
    """Too deep, too large, with params that cannot be told apart, with a schema that reaches outside, there twice."""
    upstream = Upstream(
        tool("good"),
        tool("deep", inputSchema=deep(70)),
        tool("large", "x" * 300_000),
        tool("alike", inputSchema={"type": "object", "properties": {"a_b": {}, "aB": {}}}),
        tool("outside", inputSchema={"type": "object", "properties": {"a": {"$ref": "file:///etc/passwd"}}}),
        tool("no-schema", inputSchema={"type": "object", "properties": {"a": {"type": "nothing"}}}),
        tool("twice"),
        tool("twice", "Another."),
    )

    assert list((await added(upstream)).commands) == ["good"]


async def test_odd_names_become_names():
    """They stay distinct whatever the case style, have at most 64 characters, and lead back to the tool."""
    names = ["../../etc", "a b", "a_b", "A-B", "ü" * 10, "x" * 300, "x" * 299, "1st", "", "n" * 600, "`id`", "$(id)"]
    upstream = Upstream(*(tool(name) for name in names))
    with running(upstream.app()) as up:
        async with runtime_of(up) as runtime:
            await runtime.add({"name": "it", "mcpServer": {"url": up.url}})
            tools = (await runtime.describe("it")).source["tools"]
            for command in tools:
                assert (await called(runtime, command)).success

    assert {name for name, _ in upstream.called} == {each["name"] for each in tools.values()}
    assert {each["name"] for each in tools.values()} == set(names) - {"", "n" * 600}
    assert all(len(command) <= 64 and command.isascii() for command in tools)


async def test_a_result_of_ten_megabytes_is_taken_and_a_larger_one_is_not():
    async def large(arguments, ctx):
        return CallToolResult(content=[TextContent(type="text", text="x" * (arguments["mb"] * MEGABYTE))])

    upstream = Upstream(tool("large"), large=large)
    with running(upstream.app()) as up:
        async with runtime_of(up) as runtime:
            await runtime.add({"name": "it", "mcpServer": {"url": up.url}})
            taken = await called(runtime, "large", {"mb": 10})
            refused = await called(runtime, "large", {"mb": 17})
            after = await called(runtime, "large", {"mb": 1})

    assert len(taken.payload) == 10 * MEGABYTE
    assert (refused.success, refused.code) == (False, "response-too-large")
    assert after.success


async def test_what_a_tool_asks_a_person_is_not_answered():
    """Whoever calls is a program: a question of the server's must not reach a model in the shape of an answer."""

    async def asks(arguments, ctx):
        params = ElicitRequestFormParams(
            message="Your password?", requested_schema={"type": "object", "properties": {}}
        )
        return InputRequiredResult(input_requests={"one": ElicitRequest(params=params)})

    upstream = Upstream(tool("asks"), asks=asks)
    with running(upstream.app()) as up:
        async with runtime_of(up) as runtime:
            await runtime.add({"name": "it", "mcpServer": {"url": up.url}})
            outcome = await called(runtime, "asks")

    assert (outcome.success, outcome.code) == (False, "mcp-failed")


@pytest.mark.slow
async def test_a_server_that_never_answers_holds_nobody_for_long():
    async def silent(scope, receive, send):
        if scope["type"] == "http":
            await asyncio.Event().wait()
        for _ in range(2):
            await send({"type": f"{(await receive())['type']}.complete"})

    with running(silent) as up:
        async with runtime_of(up) as runtime:
            pinned = {"one": {"name": "one", "inputSchema": {"type": "object"}}}
            await runtime.add({"name": "it", "mcpServer": {"url": up.url}, "tools": pinned})
            outcome = await called(runtime, "one", timeout_s=1)

    assert (outcome.success, outcome.code) == (False, "timeout")


async def test_an_answer_that_is_none_of_the_protocol_is_told():
    async def nonsense(arguments, ctx):
        return CallToolResult.model_construct(content=[{"type": "hologram"}], is_error=False, structured_content=None)

    upstream = Upstream(tool("odd"), odd=nonsense)
    with running(upstream.app()) as up:
        async with runtime_of(up) as runtime:
            await runtime.add({"name": "it", "mcpServer": {"url": up.url}})
            outcome = await called(runtime, "odd")

    assert (outcome.success, outcome.code) == (False, "mcp-failed")


async def test_a_pattern_of_the_server_is_not_run():
    """Python's `re` would try two to the power of forty ways, with the event loop waiting for it."""
    schema = {"type": "object", "properties": {"x": {"type": "string", "pattern": "^(a+)+$"}}}
    answer = {"x": "a" * 40 + "!"}

    async def slow(arguments, ctx):
        return CallToolResult(content=[TextContent(type="text", text="")], structured_content=answer)

    upstream = Upstream(tool("slow", outputSchema=schema), slow=slow)
    with running(upstream.app()) as up:
        async with runtime_of(up) as runtime:
            await runtime.add({"name": "it", "mcpServer": {"url": up.url}})
            outcome = await called(runtime, "slow")

    assert outcome.payload == answer
