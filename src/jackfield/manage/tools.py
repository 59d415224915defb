"""Commands as tools for language models: who may see and call them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from jackfield.access.audit import append
from jackfield.access.principal import Principal, Scope
from jackfield.agents.choice import EVERYTHING, Choice
from jackfield.agents.describing import Answered, Lookup
from jackfield.agents.finding import Query, ToolHit
from jackfield.agents.offered import Offered
from jackfield.agents.showing import CHARACTERS, show_error
from jackfield.agents.tool import Tool, ToolContext, ToolResult
from jackfield.agents.toolbox import Toolbox
from jackfield.dispatch.call import CallOptions, Trigger
from jackfield.errors import JackfieldError
from jackfield.manage.denied import recording_denials
from jackfield.storage.database import Database


class Tools:
    """The tools of a caller. Seeing them needs `read`, calling them `execute`."""

    def __init__(self, toolbox: Toolbox, database: Database | None = None) -> None:
        """Args:
        toolbox: Offers and calls them.
        database: Has the audit log; without one, attempts of models are only in the log.
        """
        self._toolbox = toolbox
        self._database = database

    async def list(self, principal: Principal, *, choice: Choice = EVERYTHING) -> Offered:
        """The tools that there are.

        Raises:
            ScopeMissing: The caller's token does not allow `read`.
        """
        await self._require(principal, "read", verb="list", name="all")
        return await self._toolbox.offered(principal, choice)

    async def get(self, principal: Principal, name: str, *, choice: Choice = EVERYTHING) -> Tool:
        """One tool.

        Raises:
            ScopeMissing: The caller's token does not allow `read`.
            UnknownTool: There is none of that name.
        """
        return (await self.list(principal, choice=choice)).get(name)

    async def describe(self, principal: Principal, wanted: Sequence[Lookup]) -> Sequence[Answered]:
        """Commands as they are now, for whoever makes tools of them: an answer for each that is wanted, in order.

        Raises:
            ScopeMissing: The caller's token does not allow `read`.
        """
        await self._require(principal, "read", verb="describe", name="all")
        return await self._toolbox.describe(principal, wanted)

    async def search(self, principal: Principal, query: Query, *, choice: Choice = EVERYTHING) -> Sequence[ToolHit]:
        """The tools that fit best, the best first.

        Raises:
            ScopeMissing: The caller's token does not allow `read`.
        """
        await self._require(principal, "read", verb="search", name="all")
        return await self._toolbox.search(principal, query, choice=choice)

    async def version(self, principal: Principal) -> int:
        """Another one whenever the tools may have changed."""
        return await self._toolbox.version(principal)

    async def call(
        self,
        principal: Principal,
        name: str,
        given: Mapping[str, Any],
        *,
        choice: Choice = EVERYTHING,
        context: ToolContext = ToolContext(),  # noqa: B008 - frozen
        trigger: Trigger = "agent",
        options: CallOptions = CallOptions(),  # noqa: B008 - frozen
        characters: int = CHARACTERS,
    ) -> ToolResult:
        """Call a tool. All that can go wrong is in the result: models read that, and no exceptions."""
        try:
            await self._require(principal, "execute", verb="call", name=name)
        except JackfieldError as error:
            return show_error(error)

        async def on_ignored(tool: Tool, names: tuple[str, ...]) -> None:
            await self.note_ignored(principal, tool, names)

        return await self._toolbox.call(
            principal,
            name,
            given,
            choice=choice,
            context=context,
            trigger=trigger,
            options=options,
            characters=characters,
            on_ignored=on_ignored,
        )

    async def retrieve(
        self,
        principal: Principal,
        call_id: str,
        *,
        chat_id: str | None = None,
        fields: tuple[str, ...] = (),
        limit: int | None = None,
        start: int = 0,
        characters: int = CHARACTERS,
    ) -> ToolResult:
        """More of an earlier result, of the same caller in the same conversation."""
        try:
            await self._require(principal, "execute", verb="retrieve", name=call_id)
        except JackfieldError as error:
            return show_error(error)
        return await self._toolbox.retrieve(
            principal, call_id, chat_id=chat_id, fields=fields, limit=limit, start=start, characters=characters
        )

    async def _require(self, principal: Principal, scope: Scope, *, verb: str, name: str) -> None:
        """Do nothing if the caller's token allows `scope`; that it does not is written down."""
        if self._database is None:
            principal.require(scope)
            return
        async with recording_denials(
            self._database, principal, action=f"tool.{verb}", resource="tool", resource_id=name[:120]
        ):
            principal.require(scope)

    async def note_ignored(self, principal: Principal, tool: Tool, names: tuple[str, ...]) -> None:
        """Put into the audit log that a model tried to set params that are not its own.

        Without their names: a model may have made them up, and say anything in them.
        """
        if self._database is None:
            return
        details = {"connector": tool.connector, "command": tool.command, "params": len(names)}
        await self._database.write(
            lambda connection: append(
                connection,
                principal,
                action="tool.locked_param",
                resource="tool",
                resource_id=tool.name,
                verdict="denied",
                details=details,
            )
        )
