"""By what the connector of a keyed write is known, from one process to the next."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from jackfield.access.principal import LOCAL
from jackfield.app.embedded import Embedded
from jackfield.dispatch.call import Call, CallOptions
from jackfield.settings import Settings
from servers import Answer, Service, serve


@pytest.fixture
def service() -> Iterator[Service]:
    with serve(lambda _: Answer(body={"ordered": 1})) as running:
        yield running


def desk(service: Service, **more: Any) -> dict[str, Any]:
    operations = [{"name": "order", "method": "POST", "path": "/orders"}]
    return {"name": "desk", "baseUrl": service.url, "operations": operations} | more


@asynccontextmanager
async def process(data: Path, service: Service, *connectors: dict[str, Any]) -> AsyncIterator[Embedded]:
    """A process, with connectors that it brings along."""
    runtime = Embedded(Settings(data=data, egress_allow=service.address), types=[])
    for connector in connectors:
        await runtime.add(connector)
    yield runtime
    await runtime.close()


def order(target: str = "desk") -> Call:
    return Call(principal=LOCAL, target=target, command="order", options=CallOptions(idempotency_key="order-1"))


async def test_a_connector_of_a_program_is_the_same_one_when_the_program_runs_again(tmp_path: Path, service: Service):
    """It has no row in the database, so nothing but its name says so; a repeated order would be a second one."""
    async with process(tmp_path, service, desk(service)) as first:
        ordered = await first.run(order())
    async with process(tmp_path, service, desk(service)) as second:
        again = await second.run(order())

    assert len(service.asked) == 1
    assert again.metadata["executionId"] == ordered.metadata["executionId"]
    assert again.metadata["replayed"] is True


async def test_connectors_of_two_namespaces_are_two(tmp_path: Path, service: Service):
    """Their names are equal, and what they reach is not."""
    async with process(tmp_path, service, desk(service), desk(service, namespace="other")) as runtime:
        first = await runtime.run(order("default/desk"))
        second = await runtime.run(order("other/desk"))

    assert len(service.asked) == 2
    assert first.metadata["executionId"] != second.metadata["executionId"]


async def test_a_stored_connector_that_is_made_anew_starts_anew(tmp_path: Path, service: Service):
    """Its name may stand for another account by now."""
    async with process(tmp_path, service) as runtime:
        connectors = (await runtime.open()).connectors
        await connectors.create(LOCAL, desk(service))
        first = await runtime.run(order())
        await connectors.delete(LOCAL, "desk")
        await connectors.create(LOCAL, {"name": "desk", "type": "desk"})  # the type has stayed
        second = await runtime.run(order())

    assert len(service.asked) == 2
    assert first.metadata["executionId"] != second.metadata["executionId"]
