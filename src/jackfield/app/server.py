"""Jackfield as a server: one runtime, and the surfaces that it is reached by over the network."""

from __future__ import annotations

import asyncio
import gc
import secrets
import sys
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import replace
from typing import Any

from jackfield.access.principal import DEFAULT_TENANT
from jackfield.app.embedded import Embedded
from jackfield.app.listening import Listener, Stop, listen, stop_on_signals, url_of
from jackfield.app.logs import set_up_logs
from jackfield.app.mcp import mcp_endpoint
from jackfield.app.opening import Opened
from jackfield.app.sample import SAMPLE, add_sample
from jackfield.settings import Settings, from_environment
from jackfield.settings.arguments import with_arguments
from jackfield.surfaces.rest.app import make_app
from jackfield.surfaces.rest.services import Services
from jackfield.surfaces.serving import Started, Wanted


def serve(wanted: Wanted, *, started: Callable[[Started], None]) -> None:
    """Run a server until it is stopped. Implements `surfaces.serving.Serve`."""
    settings = with_arguments(from_environment(), wanted.settings)
    set_up_logs(settings, with_time=True)
    if wanted.paths:
        settings = replace(settings, connectors=tuple(wanted.paths))
    with asyncio.Runner(loop_factory=_loop_factory()) as runner:
        runner.run(run_server(settings, demo=wanted.demo, started=started))


async def run_server(
    settings: Settings,
    *,
    demo: bool,
    started: Callable[[Started], None],
    stopped_by: Callable[[Callable[[], None]], None] = stop_on_signals,
) -> None:
    """As `serve`, in this event loop.

    Args:
        settings: Of the server.
        demo: Whether it has the connector `demo`.
        started: Told once requests are taken.
        stopped_by: Gets what stops it, to be called in this loop.
    """
    settings = _with_token(settings)
    stop = Stop()
    stopped_by(stop)
    listening = listen(settings.host, settings.port)
    async with AsyncExitStack() as opened:
        opened.callback(listening.close)
        runtime = Embedded(settings, types=(), kind="server")
        opened.push_async_callback(runtime.close)
        parts = await runtime.opened()
        demo = demo and await _with_demo(runtime, opened)
        add_sample(runtime.base)
        _settle_memory()
        mcp = mcp_endpoint(settings, parts)
        opened.push_async_callback(mcp.close)
        app = make_app(_services(settings, runtime, parts), [mcp])

        def end_streams() -> None:
            parts.resources.executions.followed.end()
            mcp.end_streams()

        listener = Listener(app, shutdown_s=settings.shutdown_s, on_stop=end_streams)
        told = _told(settings, runtime, parts, url=url_of(listening, settings.host), demo=demo)
        if stop.reaches(listener):
            await listener.run_on(listening, started=lambda: started(told))


def _settle_memory() -> None:
    """Tell the garbage collector that what was loaded stays.

    Else it walks through all of it again and again while calls wait: 60 ms of the slowest in a hundred, and a tenth of
    the processor.
    """
    gc.collect()
    gc.freeze()


async def _with_demo(runtime: Embedded, opened: AsyncExitStack) -> bool:
    from jackfield.app.demo.running import add_demo, start_demo  # most servers have none

    running = await start_demo()
    opened.push_async_callback(running.close)
    return await add_demo(runtime, running)


def _services(settings: Settings, runtime: Embedded, parts: Opened) -> Services:
    return Services(
        authenticate=parts.authenticate,
        sessions=parts.sessions,
        run=runtime.carry_out,
        manage=parts.resources,
        check=parts.check,
        max_request_bytes=settings.max_request_bytes,
        public_url=settings.public_url,
    )


def _with_token(settings: Settings) -> Settings:
    """A server that keeps nothing has a new token at each start, unless it is told one."""
    if not settings.keeps_nothing or settings.admin_token:
        return settings
    return replace(settings, admin_token=f"jf_{secrets.token_urlsafe(32)}")


def _told(settings: Settings, runtime: Embedded, parts: Opened, *, url: str, demo: bool) -> Started:
    return Started(
        url=url,
        database=settings.database_shown,
        first_token=settings.admin_token if settings.keeps_nothing else parts.first_token,
        types=len(runtime.base.types(DEFAULT_TENANT)),
        connectors=sorted(each.full_name for each in runtime.base.connectors(DEFAULT_TENANT) if each.id != SAMPLE),
        demo=demo,
        problems=runtime.problems,
    )


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """The fastest loop that there is for this system; `None` for Python's own."""
    if sys.platform == "win32":
        return None
    import uvloop

    factory: Any = uvloop.new_event_loop
    made: Callable[[], asyncio.AbstractEventLoop] = factory
    return made
