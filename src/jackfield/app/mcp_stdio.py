"""MCP on stdin and stdout, with what is kept here or with a server."""

from __future__ import annotations

import asyncio
import os
import signal
from functools import partial

from jackfield.agents.choice import Choice, ChosenConnector
from jackfield.app.choosing import cli_runtime
from jackfield.app.mcp import visit_of
from jackfield.errors import WrongUse
from jackfield.settings import Settings, from_environment
from jackfield.surfaces.mcp.visit import Whole
from jackfield.surfaces.runtime import Runtime
from jackfield.surfaces.serving import WantedMcp


def speak_mcp(wanted: WantedMcp) -> None:
    """Answer a client until it closes stdin. Implements `surfaces.serving.SpeakMcp`."""
    if wanted.gateway and (wanted.connectors or wanted.reads_only):
        raise WrongUse(
            "a gateway has its own choice of tools",
            hint="leave `--connector` and `--read-only` out, or the gateway",
        )
    settings = from_environment()
    asyncio.run(_speak(cli_runtime(wanted.paths), settings, wanted))


async def _speak(runtime: Runtime, settings: Settings, wanted: WantedMcp) -> None:
    from jackfield.surfaces.mcp.stdio import serve_stdio  # most commands do without

    try:
        resources = await runtime.open()
        whole = Whole(mode=settings.mcp_mode, choice=_choice(wanted))
        authoring = settings.mcp_authoring if wanted.authoring is None else wanted.authoring
        visit = partial(visit_of, resources, whole=whole, authoring=authoring)
        speaking = asyncio.create_task(
            serve_stdio(
                runtime,
                resources.tools,
                visit,
                authoring=resources.authoring,
                gateway=wanted.gateway,
                remote=bool(settings.url),
            )
        )
        _stop_on_signals(speaking)
        try:
            await speaking
        except asyncio.CancelledError:
            if not speaking.cancelled():
                raise
    finally:
        await runtime.close()


def _stop_on_signals(task: asyncio.Task[None]) -> None:
    """End as when stdin is closed; asked again, at once."""

    def stop() -> None:
        if task.cancelling():
            os._exit(130)
        task.cancel()

    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        try:
            loop.add_signal_handler(number, stop)
        except NotImplementedError:  # Windows
            signal.signal(number, lambda *_: loop.call_soon_threadsafe(stop))


def _choice(wanted: WantedMcp) -> Choice:
    chosen = tuple(ChosenConnector(connector=name) for name in wanted.connectors)
    return Choice(connectors=chosen or None, reads_only=wanted.reads_only)
