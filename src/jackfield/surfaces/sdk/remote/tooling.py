"""Commands of a server as tools: described in few requests, kept for a while, and asked for again when they changed.

What is kept is asked for again after `TTL_S`, and at once when an outcome tells another version of the type, or the
server refuses a call as one that does not fit. The question names what is known already, so that what has not changed
is not sent again.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from jackfield.agents.described_json import read_answered
from jackfield.agents.describing import Answered, Lookup
from jackfield.agents.tool import Tool, ToolResult
from jackfield.definition.errors import InvalidParams
from jackfield.definition.outcome import Outcome
from jackfield.errors import JackfieldError
from jackfield.registry.errors import UnknownCommand, UnknownConnector
from jackfield.surfaces.sdk.remote.answers import unreadable
from jackfield.surfaces.sdk.remote.wire import Wire, to_body

TTL_S = 60.0
"""Seconds until a description is asked for again."""
FAILED_TTL_S = 5.0
"""Seconds until it is asked again for what was not there."""
MOST = 500
"""Descriptions in one request; as many as the route takes."""
MAX_KEPT = 10_000

MISFITS = (InvalidParams, UnknownCommand, UnknownConnector)
"""Refusals that may mean that a command is no longer what it was."""


@dataclass(frozen=True, kw_only=True)
class _Kept:
    answered: Answered
    tag: str
    until: float
    """On the clock of the process."""


class RemoteTooling:
    """Implements `surfaces.tooling.Tooling`."""

    def __init__(self, wire: Wire, *, clock: Callable[[], float] = time.monotonic) -> None:
        """Args:
        wire: To the server.
        clock: Seconds; tests bring their own.
        """
        self._wire = wire
        self._clock = clock
        self._kept: dict[Lookup, _Kept] = {}
        self._asking = asyncio.Lock()

    async def commands(
        self, wanted: Sequence[Lookup], *, beside: Callable[[], Iterable[Lookup]] = tuple
    ) -> Sequence[Answered]:
        """See `Tooling.commands`."""
        if not all(map(self._is_fresh, wanted)):
            async with self._asking:  # those who come meanwhile find the answer
                if not all(map(self._is_fresh, wanted)):
                    both = dict.fromkeys([*wanted, *beside()])
                    if len(self._kept) > MAX_KEPT:
                        self._kept = {one: kept for one, kept in self._kept.items() if one in both}
                    await self._ask([one for one in both if not self._is_fresh(one)])
        return [self._kept[one].answered for one in wanted]

    async def retrieve(
        self,
        call_id: str,
        *,
        chat_id: str | None = None,
        fields: tuple[str, ...] = (),
        limit: int | None = None,
        start: int = 0,
        characters: int,
    ) -> ToolResult:
        """See `Tooling.retrieve`."""
        from jackfield.surfaces.sdk.remote.runtime import ANYBODY  # which imports this
        from jackfield.surfaces.sdk.remote.tools import RemoteTools  # most programs do without

        return await RemoteTools(self._wire).retrieve(
            ANYBODY, call_id, chat_id=chat_id, fields=fields, limit=limit, start=start, characters=characters
        )

    async def note_ignored(self, tool: Tool, names: tuple[str, ...]) -> None:
        """Nothing: the log of this process has it, and the server is not asked to believe what others saw."""

    def noticed(self, target: str, came: Outcome[Any] | JackfieldError) -> None:
        """A call has told something: ask again for what it shows to be old.

        Args:
            target: Of the call.
            came: The outcome, or why it could not start.
        """
        if isinstance(came, JackfieldError):
            if isinstance(came, MISFITS):
                self._forget(lambda wanted, kept: wanted.connector == target or _is_of(kept.answered, target))
            return
        connector, version = came.metadata.get("connector"), came.metadata.get("version")
        if isinstance(connector, str) and isinstance(version, str):
            self._forget(lambda _, kept: _is_other(kept.answered, connector, version))

    def _forget(self, is_old: Callable[[Lookup, _Kept], bool]) -> None:
        for wanted, kept in self._kept.items():
            if kept.until > 0 and is_old(wanted, kept):
                self._kept[wanted] = _Kept(answered=kept.answered, tag=kept.tag, until=0)

    def _is_fresh(self, wanted: Lookup) -> bool:
        kept = self._kept.get(wanted)
        return kept is not None and self._clock() < kept.until

    async def _ask(self, wanted: Sequence[Lookup]) -> None:
        for start in range(0, len(wanted), MOST):
            some = wanted[start : start + MOST]
            body = {"wanted": [self._wanted_json(one) for one in some]}
            document = await self._wire.ask("POST", "/api/tools/describe", body=to_body(body), asked="look")
            answers = document.get("answers") if isinstance(document, dict) else None
            if not isinstance(answers, list) or len(answers) != len(some):
                raise unreadable("it describes something else", url=self._wire.url)
            for one, answer in zip(some, answers, strict=True):
                self._keep(one, answer)

    def _wanted_json(self, wanted: Lookup) -> dict[str, Any]:
        kept = self._kept.get(wanted)
        said = {"connector": wanted.connector, "command": wanted.command, "tag": kept.tag if kept else None}
        return {name: value for name, value in said.items() if value}

    def _keep(self, wanted: Lookup, answer: Any) -> None:
        known, now = self._kept.pop(wanted, None), self._clock()
        try:
            if known is not None and answer.get("unchanged") is True:
                answered, tag = known.answered, known.tag
            else:
                answered, tag = read_answered(answer), str(answer.get("tag") or "")
        except (AttributeError, ValueError, JackfieldError) as error:
            raise unreadable(f"it describes what cannot be read: {error}", url=self._wire.url) from None
        lasts = FAILED_TTL_S if isinstance(answered, JackfieldError) else TTL_S
        self._kept[wanted] = _Kept(answered=answered, tag=tag, until=now + lasts)


def _is_of(answered: Answered, connector: str) -> bool:
    """Whether it describes `connector`."""
    return not isinstance(answered, JackfieldError) and any(one.connector == connector for one in answered)


def _is_other(answered: Answered, connector: str, version: str) -> bool:
    """Whether it describes `connector`, and at another version."""
    if isinstance(answered, JackfieldError):
        return False
    return any(one.connector == connector and one.definition.version != version for one in answered)
