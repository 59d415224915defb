"""The tools of a caller, and calls of them. What was made of the catalogue is kept until that changes."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from jackfield.access.principal import Principal
from jackfield.agents.calling import OnIgnored, Run, call_tool
from jackfield.agents.choice import Choice, ResultRule
from jackfield.agents.choice_reading import choice_json
from jackfield.agents.describing import Answered, Lookup, describe
from jackfield.agents.finding import Finder, Query, ToolHit
from jackfield.agents.kept import kept_result
from jackfield.agents.offered import Offered, offer, wanted
from jackfield.agents.showing import CHARACTERS, show_error, show_outcome
from jackfield.agents.tool import ToolContext, ToolResult
from jackfield.dispatch.call import CallOptions, Trigger
from jackfield.dispatch.journal import Journal
from jackfield.errors import JackfieldError
from jackfield.registry.catalogue import Catalogue, up_to_date
from jackfield.registry.resolve import resolve

MAX_KEPT = 64
"""Choices whose tools are kept. Each takes about as much as their schemas."""


class Toolbox:
    """Offers tools and calls them."""

    def __init__(self, catalogue: Catalogue, run: Run, journal: Journal, finder: Finder) -> None:
        """Args:
        catalogue: What exists.
        run: Makes calls.
        journal: Has the results of earlier ones.
        finder: Searches what is offered.
        """
        self._finder = finder
        self._catalogue = catalogue
        self._run = run
        self._journal = journal
        self._kept: OrderedDict[tuple[str, bytes], tuple[int, Offered]] = OrderedDict()
        self._making = asyncio.Lock()

    async def offered(self, principal: Principal, choice: Choice) -> Offered:
        """The tools that `principal` has by `choice`."""
        tenant = principal.tenant
        await up_to_date(self._catalogue, tenant)
        version, key = self._catalogue.version(tenant), _key(principal, choice)
        known = self._kept.get(key)
        if known is None or known[0] != version:
            async with self._making:  # a large catalogue is not read by all who ask at once
                known = self._kept.get(key)
                if known is None or known[0] != version:
                    found = wanted(self._catalogue, choice, tenant=tenant)
                    made = await asyncio.to_thread(offer, *found, reads_only=choice.reads_only)
                    known = self._kept[key] = (version, made)
        self._kept.move_to_end(key)
        if len(self._kept) > MAX_KEPT:
            self._kept.popitem(last=False)
        return known[1]

    async def describe(self, principal: Principal, wanted: Sequence[Lookup]) -> Sequence[Answered]:
        """What is wanted as it is now, in the same order."""
        await up_to_date(self._catalogue, principal.tenant)
        return [describe(self._catalogue, one, tenant=principal.tenant) for one in wanted]

    async def search(self, principal: Principal, query: Query, *, choice: Choice) -> Sequence[ToolHit]:
        """The tools of `principal` by `choice` that fit `query` best."""
        offered = await self.offered(principal, choice)
        index = await self._finder.index(_key(principal, choice), offered)
        return await self._finder.find(index, offered, query, principal)

    async def version(self, principal: Principal) -> int:
        """Another one whenever the tools of `principal` may have changed."""
        await up_to_date(self._catalogue, principal.tenant)
        return self._catalogue.version(principal.tenant)

    async def call(
        self,
        principal: Principal,
        name: str,
        given: Mapping[str, Any],
        *,
        choice: Choice,
        context: ToolContext,
        trigger: Trigger = "agent",
        options: CallOptions = CallOptions(),  # noqa: B008 - frozen
        characters: int = CHARACTERS,
        on_ignored: OnIgnored | None = None,
    ) -> ToolResult:
        """Call the tool `name` with what a model gave it; see `agents.calling.call_tool`.

        A tool that is not among those of the choice is a failed result, as everything that a model can get wrong.
        """
        try:
            tool = (await self.offered(principal, choice)).get(name)
        except JackfieldError as error:
            return show_error(error)
        return await call_tool(
            tool,
            given,
            run=self._run,
            principal=principal,
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
        """More of the result of an earlier call of `principal` in the same conversation.

        Args:
            call_id: As a shortened result named it.
            fields: Only these, of each item.
            limit: At most so many items.
            start: Number of the first item, which is the `cursor` of a shortened result.
        """
        try:
            row, outcome = await kept_result(self._journal, principal, call_id, chat_id=chat_id)
            connector = f"{row.namespace}/{row.connector}" if row.namespace else row.connector
            return show_outcome(
                outcome,
                call_id=call_id,
                schema=self._schema(connector, row.command, principal.tenant),
                rule=ResultRule(fields=fields, limit=limit),
                start=start,
                characters=characters,
            )
        except JackfieldError as error:
            return show_error(error)

    def _schema(self, connector: str, command: str, tenant: str) -> Mapping[str, Any] | None:
        """Of the payload, as the command declares it now; `None` where there is no such command any more."""
        try:
            found = resolve(self._catalogue, connector, tenant=tenant, configured_only=False)
        except JackfieldError:
            return None
        definition = found.type.definition.find_command(command)
        return definition.output_schema if definition else None


def _key(principal: Principal, choice: Choice) -> tuple[str, bytes]:
    """Whose tools, and which of them."""
    return principal.tenant, orjson.dumps(choice_json(choice))
