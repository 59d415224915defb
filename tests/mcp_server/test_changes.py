"""Clients are told when their tools change (N05), whoever changed them."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable
from contextlib import suppress

import pytest
from mcp.client.subscriptions import SubscriptionLost
from mcp_types import ToolListChangedNotification

from mcp_server.conftest import CONNECTORS, desk
from mcp_server.world import NEW, OLD, Served
from server.world import settings
from surfaces.served import served

PATIENCE_S = 20.0

_numbers = itertools.count(1)


def one_more(server: Served) -> None:
    """Add a connector."""
    server.rest("POST", "/api/connectors", {"name": f"more-{next(_numbers)}", "type": "helping"})


async def until_told(change: Callable[[], None], told: asyncio.Event) -> None:
    """Change something until it is told of: a client may not have begun to listen at the first."""
    async with asyncio.timeout(PATIENCE_S):
        while not told.is_set():
            await asyncio.to_thread(change)
            with suppress(TimeoutError):
                async with asyncio.timeout(2):
                    await told.wait()


async def test_an_older_client_is_told_of_changed_tools(server):
    """On the stream that it keeps open for what the server has to say."""
    told = asyncio.Event()

    async def hear(message: object) -> None:
        if isinstance(message, ToolListChangedNotification):
            told.set()

    async with server.client(OLD, message_handler=hear) as client:
        before = await client.list_tools()
        await until_told(lambda: one_more(server), told)
        after = await client.list_tools()
        said = client.server_capabilities

    assert said.tools.list_changed
    assert len(after.tools) > len(before.tools)


async def test_a_newer_client_is_told_of_changed_tools(server):
    """By a request whose answer goes on."""
    async with (
        server.client(NEW) as client,
        client.listen(tools_list_changed=True, prompts_list_changed=True) as changes,
    ):
        await asyncio.to_thread(one_more, server)
        async with asyncio.timeout(PATIENCE_S):
            event = await anext(aiter(changes))

    assert type(event).__name__ == "ToolsListChanged"
    assert changes.honored.tools_list_changed
    assert not changes.honored.prompts_list_changed


async def test_what_another_process_changes_is_told_too(server, tmp_path):
    """Two servers on one database: whoever is asked, all clients hear of it."""
    url = f"sqlite:///{tmp_path / 'jackfield.db'}"
    folder = tmp_path / "other"
    folder.mkdir()
    with served(settings(folder, database_url=url, connectors=CONNECTORS)) as started:
        other = Served(url=started.url)
        async with server.client(NEW) as client, client.listen(tools_list_changed=True) as changes:
            await asyncio.to_thread(one_more, other)
            async with asyncio.timeout(PATIENCE_S):
                event = await anext(aiter(changes))

    assert type(event).__name__ == "ToolsListChanged"


@pytest.mark.parametrize("body", [{"mode": "search"}, {"choice": [{"connector": "desk", "operations": ["tell"]}]}])
async def test_a_changed_gateway_is_told_of(server, body):
    """Its tools are others then."""
    path = server.gateway("help", [{"connector": "desk"}])
    async with server.client(NEW, path=path) as client, client.listen(tools_list_changed=True) as changes:
        await asyncio.to_thread(server.rest, "PUT", "/api/gateways/help", body)
        async with asyncio.timeout(PATIENCE_S):
            await anext(aiter(changes))


async def test_who_is_no_longer_let_in_hears_nothing_more(server):
    """A stream that is open does not outlive its token."""
    made = await asyncio.to_thread(server.rest, "POST", "/api/tokens", {"name": "short", "scopes": ["read"]})
    async with server.client(NEW, token=made["text"]) as client:
        with pytest.raises(SubscriptionLost):
            async with client.listen(tools_list_changed=True) as changes:
                await asyncio.to_thread(server.rest, "DELETE", f"/api/tokens/{made['token']['id']}")
                async with asyncio.timeout(PATIENCE_S):
                    await anext(aiter(changes))


async def test_a_server_that_stops_lets_go_of_who_listens(sqlite_template, tmp_path):
    """It does not wait for them, and says that it was meant."""
    running = desk(tmp_path, sqlite_template, shutdown_s=300)
    server = running.__enter__()
    async with server.client(NEW) as client, server.client(OLD):
        async with client.listen(tools_list_changed=True) as changes:
            stopping = asyncio.create_task(asyncio.to_thread(running.__exit__, None, None, None))
            async with asyncio.timeout(PATIENCE_S):
                heard = [event async for event in changes]
        async with asyncio.timeout(PATIENCE_S):
            await stopping

    assert heard == []
