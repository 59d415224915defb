"""Running the bookshop inside the server, for as long as that runs."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from jackfield.access.principal import DEFAULT_TENANT
from jackfield.app.demo.bookshop import bookshop
from jackfield.app.demo.connector import NAME, demo_entry
from jackfield.app.embedded import Embedded
from jackfield.app.listening import Listener, listen
from jackfield.definition.names import folded
from jackfield.registry.catalogue import DEFAULT_NAMESPACE, up_to_date

HOST = "127.0.0.1"

logger = logging.getLogger("jackfield")


@dataclass(frozen=True, kw_only=True)
class Demo:
    """A bookshop that answers.

    Attributes:
        address: `host:port`, on this machine only.
        entry: The connector for it.
    """

    address: str
    entry: Mapping[str, Any] = field(repr=False)
    _listener: Listener = field(repr=False)
    _running: asyncio.Task[None] = field(repr=False)

    async def close(self) -> None:
        """Stop it."""
        self._listener.stop()
        await self._running


async def start_demo() -> Demo:
    """A bookshop on a free port of this machine, run by this event loop. Its token is new at each start.

    Raises:
        AddressUnusable: There is no free port.
    """
    listening = listen(HOST, 0)
    token = f"demo-{secrets.token_hex(16)}"
    listener = Listener(bookshop(token=token), shutdown_s=1)
    answers = asyncio.Event()
    running = asyncio.create_task(listener.run_on(listening, started=answers.set))
    running.add_done_callback(lambda _: answers.set())  # also when it could not start
    address = f"{HOST}:{listening.getsockname()[1]}"
    await answers.wait()
    if running.done():
        await running
    return Demo(address=address, entry=demo_entry(address=address, token=token), _listener=listener, _running=running)


async def add_demo(runtime: Embedded, demo: Demo) -> bool:
    """Whether the connector `demo` was added to `runtime`: not to what is kept, and not beside one of that name."""
    opened = await runtime.opened()
    await up_to_date(opened.catalogue, DEFAULT_TENANT)
    wanted = (folded(DEFAULT_NAMESPACE), folded(NAME))
    taken = {(folded(each.namespace), folded(each.name)) for each in opened.catalogue.connectors(DEFAULT_TENANT)}
    if wanted in taken:
        logger.warning("the connector `%s/%s` is yours and stays as it is: the demo is not added", *wanted)
        return False
    await runtime.add(demo.entry)
    return True
