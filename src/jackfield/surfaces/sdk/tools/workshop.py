"""Loads the tools of one program and calls them, in the loop in which its runtime lives."""

from __future__ import annotations

import asyncio
import logging
import threading
import weakref
from collections.abc import Coroutine, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from jackfield.agents.calling import call_tool
from jackfield.agents.describing import Lookup
from jackfield.agents.errors import ToolBroken
from jackfield.agents.retrieve_tool import Retrieval
from jackfield.agents.said_arguments import read_arguments
from jackfield.agents.showing import show_error
from jackfield.agents.tool import Tool, ToolContext, ToolResult
from jackfield.definition.outcome import Outcome
from jackfield.dispatch.call import Call, CallOptions
from jackfield.errors import JackfieldError
from jackfield.surfaces.runtime import Runtime
from jackfield.surfaces.sdk.loop import LoopThread
from jackfield.surfaces.sdk.tools.part import Part

T = TypeVar("T")

logger = logging.getLogger("jackfield.agents")


@dataclass(frozen=True, kw_only=True)
class Bound:
    """A tool, and how its calls are made."""

    tool: Tool
    options: CallOptions


class Workshop:
    """What the tools of one `Jackfield` have in common."""

    def __init__(self, loop: LoopThread, runtime: Runtime) -> None:
        """Args:
        loop: In which everything happens.
        runtime: Describes commands and calls them.
        """
        self._loop = loop
        self._runtime = runtime
        self._parts: weakref.WeakSet[Part] = weakref.WeakSet()
        self._adding = threading.Lock()

    def add(self, part: Part) -> Part:
        """Load `part` together with others, once one of them is used."""
        with self._adding:
            self._parts.add(part)
        return part

    def has(self, part: Part) -> bool:
        """Whether `part` was added here."""
        with self._adding:
            return part in self._parts

    def wait(self, work: Coroutine[Any, Any, T], *, instead: str) -> T:
        """The result of `work`, waiting for it; see `LoopThread.wait`."""
        return self._loop.wait(work, instead=instead)

    async def follow(self, work: Coroutine[Any, Any, T]) -> T:
        """The result of `work`, for code in another loop; see `LoopThread.follow`."""
        return await self._loop.follow(work)

    async def load(self, parts: Sequence[Part]) -> Sequence[Sequence[Bound] | JackfieldError]:
        """The tools of each part as they are now, or why there are none. In the runtime's loop.

        Raises:
            JackfieldError: Nothing can be loaded.
        """
        wanted = [one for part in parts for one in part.wanted]
        answered = iter(await self._runtime.tooling.commands(wanted, beside=self._beside))
        loaded: list[Sequence[Bound] | JackfieldError] = []
        for part in parts:
            answers = [next(answered) for _ in part.wanted]
            failed = next((answer for answer in answers if isinstance(answer, JackfieldError)), None)
            if failed is not None:
                loaded.append(failed)
                continue
            described = [one for answer in answers if not isinstance(answer, JackfieldError) for one in answer]
            try:
                loaded.append([Bound(tool=tool, options=part.options) for tool in await part.tools(described)])
            except JackfieldError as error:
                loaded.append(error)
        return loaded

    async def call(self, bound: Bound, said: Any, *, context: ToolContext, characters: int) -> ToolResult:
        """Call a tool with the arguments that a model said. In the runtime's loop. Only cancelling raises."""
        tool = bound.tool
        try:
            return await call_tool(
                tool,
                read_arguments(said),
                run=self._run,
                principal=await self._runtime.principal(),
                context=context,
                options=bound.options,
                characters=characters,
                on_ignored=self._runtime.tooling.note_ignored,
            )
        except JackfieldError as error:
            return show_error(error)
        except Exception:  # one tool that is broken is no reason to lose what the others have answered
            logger.exception("tool `%s` did not work", tool.name)
            return show_error(ToolBroken(tool=tool.name))

    async def retrieve(self, asked: Retrieval, *, chat_id: str | None, characters: int) -> ToolResult:
        """More of an earlier result. In the runtime's loop."""
        try:
            return await self._runtime.tooling.retrieve(
                asked.call_id,
                chat_id=chat_id,
                fields=asked.fields,
                limit=asked.limit,
                start=asked.start,
                characters=characters,
            )
        except JackfieldError as error:
            return show_error(error)

    async def _run(self, call: Call) -> Outcome[Any]:
        return await self._runtime.call(call.target, call.command, call.params, call.options, call.origin)

    def _beside(self) -> Sequence[Lookup]:
        with self._adding:
            parts = list(self._parts)
        return [one for part in parts for one in part.wanted]


def is_in_a_loop() -> bool:
    """Whether an event loop runs here, which waiting would bring to a halt."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


def context_of(variables: Mapping[str, Any] | None, chat_id: str | None, call_id: str | None = None) -> ToolContext:
    """On whose way a tool is called."""
    return ToolContext(variables=variables or {}, chat_id=chat_id, call_id=call_id)
