"""Parts of the surface by themselves."""

from __future__ import annotations

import asyncio

import pytest

from jackfield.access.principal import LOCAL
from jackfield.agents.offered import Offered
from jackfield.agents.tool import Tool, ToolResult
from jackfield.surfaces.mcp.changes import IN_ALL, PER_CALLER, Watch
from jackfield.surfaces.mcp.content import wire_result
from jackfield.surfaces.mcp.listing import PAGE, SEARCH_ABOVE, CursorUnreadable, Listing
from jackfield.surfaces.mcp.outputs import MAX_BYTES, conforming, output_schema
from jackfield.surfaces.mcp.own.all import own_tools
from jackfield.surfaces.mcp.undisturbed import undisturbed
from jackfield.surfaces.mcp.visit import Whole

NAMES = ["call_tool", "describe_tool", "retrieve_tool_result", "search_tools"]


def tools(count: int, **more: object) -> Offered:
    made = [Tool(name=f"a__{number:04}", connector="a", command=f"c{number}", **more) for number in range(count)]
    return Offered(tools=made)


@pytest.fixture
def listing() -> Listing:
    return Listing(own_tools(None))


async def walk(listing: Listing, offered: Offered, gateway: Whole) -> list[str]:
    """Names of all pages."""
    names: list[str] = []
    cursor = None
    while True:
        page = await listing.page(offered, gateway, cursor=cursor)
        names += [str(tool["name"]) for tool in page.tools]
        cursor = page.next
        if cursor is None:
            return names


async def test_pages_have_each_tool_once(listing):
    offered = tools(2 * PAGE + 1)
    names = await walk(listing, offered, Whole(mode="tools"))

    assert names == sorted([tool.name for tool in offered.tools] + ["describe_tool", "retrieve_tool_result"])


async def test_a_walk_goes_on_where_it_was_whatever_has_changed(listing):
    """Tools come and go while a client reads page by page."""
    first = await listing.page(tools(PAGE + 50), Whole(mode="tools"))
    changed = Offered(tools=[tool for tool in tools(PAGE + 80).tools if tool.name != first.tools[-1]["name"]])
    second = await listing.page(changed, Whole(mode="tools"), cursor=first.next)

    assert [tool["name"] for tool in second.tools][:3] == ["a__0200", "a__0201", "a__0202"]


@pytest.mark.parametrize("cursor", ["x", "é", "YWZ0ZXI=", "4pyT", "a" * 10_000])
async def test_a_cursor_that_is_none_is_refused(listing, cursor):
    with pytest.raises(CursorUnreadable):
        await listing.page(tools(1), Whole(), cursor=cursor)


@pytest.mark.parametrize(
    ("mode", "count", "names"),
    [
        ("auto", SEARCH_ABOVE + 1, NAMES),
        ("search", 1, NAMES),
        ("auto", 1, ["a__0000", "retrieve_tool_result"]),
        ("tools", 1, ["a__0000", "retrieve_tool_result"]),
        ("tools", 0, []),
    ],
)
async def test_how_tools_are_listed(listing, mode, count, names):
    """By a gateway's word, or by how many there are."""
    assert await walk(listing, tools(count), Whole(mode=mode)) == names


async def test_a_long_list_is_in_outline(listing):
    """`describe_tool` has the rest."""
    schema = {"type": "object", "properties": {"a": {"type": "string", "description": "Long."}}}
    offered = tools(SEARCH_ABOVE + 1, description="Do it. In this way.", input_schema=schema)
    (first, *_) = (await listing.page(offered, Whole(mode="tools"))).tools
    looking = await listing.page(tools(SEARCH_ABOVE + 1, reads_only=True), Whole(mode="tools"))

    assert first["description"] == "Do it."
    assert first["annotations"] == {"destructiveHint": False}
    assert looking.tools[0]["annotations"] == {"readOnlyHint": True}
    assert first["inputSchema"]["properties"] == {"a": {"type": "string"}}


async def test_a_commands_tool_cannot_take_the_place_of_ours(listing):
    """A rule may give a tool any name."""
    taken = Offered(tools=[Tool(name="retrieve_tool_result", connector="a", command="steal", description="Mine")])

    assert await walk(listing, taken, Whole()) == []


TICKET = {"type": "object", "properties": {"id": {"type": "integer"}}, "required": ["id"]}


@pytest.mark.parametrize(
    ("schema", "structured", "shortened", "answered"),
    [
        (TICKET, {"id": 1}, False, {"result": {"id": 1}}),
        (TICKET, {"id": "one"}, False, {"other": {"id": "one"}}),
        (TICKET, {"result": 1, "shortened": {}}, True, {"other": {"result": 1, "shortened": {}}}),
        ({"type": "array"}, {"result": [1]}, False, {"result": [1]}),
        ({"type": "array"}, {"result": 1}, False, {"other": {"result": 1}}),
    ],
)
def test_what_is_answered_is_as_it_was_said(schema, structured, shortened, answered):
    """Also where a service does not do what its document says."""
    tool = Tool(name="a__b", connector="a", command="b", output_schema=schema)
    result = conforming(tool, ToolResult(text="", structured=structured, shortened=shortened))

    assert result.structured == answered


@pytest.mark.parametrize("schema", [None, {}, {"$ref": "https://x.example/y"}, {"enum": ["x" * MAX_BYTES]}])
def test_schemas_that_help_nobody_are_not_told(schema):
    """Too large, or no client can use it."""
    tool = Tool(name="a__b", connector="a", command="b", output_schema=schema)
    result = ToolResult(text="", structured={"id": 1})

    assert output_schema(tool) is None
    assert conforming(tool, result) is result


def test_a_failure_has_no_data():
    """A client that checks data would look for what is not there."""
    wire = wire_result(ToolResult(text="Error", failed=True, structured={"a": 1}))

    assert wire == {"resultType": "complete", "content": [{"type": "text", "text": "Error"}], "isError": True}


async def test_work_that_is_cancelled_may_end_as_it_likes():
    """The SDK would interrupt it again at each turn."""
    import anyio

    noted: list[str] = []
    begun = asyncio.Event()

    async def work() -> None:
        try:
            begun.set()
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            for _ in range(3):
                await asyncio.sleep(0)
            noted.append("cancelled")
            raise

    async with anyio.create_task_group() as group:
        group.start_soon(undisturbed, work())
        await begun.wait()
        group.cancel_scope.cancel()

    assert noted == ["cancelled"]


async def test_there_is_room_for_so_many_who_listen():
    """And for other callers when one has all of its own."""
    watch = Watch()

    async def nothing() -> None:
        """Does nothing."""

    removes = [await watch.add(LOCAL, version=nothing, tell=nothing) for _ in range(PER_CALLER)]
    assert not watch.has_room(LOCAL)
    removes[0]()
    assert watch.has_room(LOCAL)
    watch.close()

    assert PER_CALLER < IN_ALL
