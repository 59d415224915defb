"""What is made when it is first needed is made once, however many need it at that moment."""

from __future__ import annotations

import asyncio
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

from jackfield.access.principal import LOCAL
from jackfield.app.embedded import Embedded
from jackfield.definition.openapi.reader import read_openapi
from jackfield.dispatch.call import Call
from jackfield.egress.policy import Policy
from jackfield.egress.pools import Pools
from jackfield.execution.openapi.documents import Documents
from jackfield.registry.catalogue import up_to_date
from jackfield.settings import Settings
from oauth_refresh.world import all_of
from servers import serve, todos

CROWD = 50

DOCUMENT: dict[str, Any] = {
    "openapi": "3.0.3",
    "info": {"title": "Things", "version": "1"},
    "servers": [{"url": "https://things.example"}],
    "paths": {"/things": {"get": {"operationId": "list", "responses": {"200": {"description": "ok"}}}}},
}


def body(url: str, name: str = "todos") -> dict[str, Any]:
    return {"name": name, "baseUrl": url, "operations": [{"name": "list", "method": "GET", "path": "/todos"}]}


async def test_the_first_calls_open_what_is_kept_once_and_read_it_once(tmp_path: Path):
    """And share the connections that they open."""
    with serve(todos()) as service:
        settings = Settings(data=tmp_path, egress_allow=service.address)
        first = Embedded(settings, types=[])
        await (await first.open()).connectors.create(LOCAL, body(service.url))
        await first.close()
        runtime = Embedded(settings, types=[])
        opened = await asyncio.gather(*(runtime.opened() for _ in range(CROWD)))
        catalogue: Any = opened[0].catalogue
        reads, read = [], catalogue._read

        async def counted(*given: Any) -> Any:
            reads.append(given)
            return await read(*given)

        catalogue._read = counted
        call = Call(principal=LOCAL, target="todos", command="list")
        outcomes = await all_of(CROWD, lambda: runtime.run(call))
        ready = {id(await opened[0].dispatcher.commands.get(call)) for _ in range(CROWD)}
        await runtime.close()

    assert len({id(each) for each in opened}) == 1
    assert [outcome.success for outcome in outcomes] == [True] * CROWD
    assert (len(reads), len(ready)) == (1, 1)


async def test_a_change_is_read_once_however_many_calls_notice_it(tmp_path: Path):
    with serve(todos()) as service:
        runtime = Embedded(Settings(data=tmp_path, egress_allow=service.address), types=[])
        resources = await runtime.open()
        await resources.connectors.create(LOCAL, body(service.url))
        catalogue: Any = (await runtime.opened()).catalogue
        await up_to_date(catalogue, "default")
        before = catalogue.version("default")
        await resources.connectors.create(LOCAL, body(service.url, "others"))
        await all_of(CROWD, lambda: up_to_date(catalogue, "default"))
        after = catalogue.version("default")
        await runtime.close()

    assert after - before == 1


def test_a_document_is_read_once_by_fifty_threads():
    """It may take a second."""
    found_in = read_openapi(DOCUMENT).definition()
    definition = replace(found_in, commands=dict(found_in.commands))  # as it comes out of a store
    documents, found, ready = Documents(), [], threading.Barrier(CROWD)

    def ask() -> None:
        ready.wait()
        found.append(documents._commands(definition))

    threads = [threading.Thread(target=ask) for _ in range(CROWD)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(found) == CROWD
    assert len({id(each) for each in found}) == 1


async def test_connections_of_a_policy_are_opened_once():
    async def one(pools: Pools) -> int:
        return id(pools.get(Policy()).session)

    async with Pools() as pools:
        found = await all_of(CROWD, lambda: one(pools))

    assert len(set(found)) == 1
