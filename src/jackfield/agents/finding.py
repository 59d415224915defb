"""Finding tools among those that a caller has, and answers that stay small."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from jackfield.access.principal import Principal
from jackfield.agents.json_text import json_text
from jackfield.agents.offered import Offered
from jackfield.agents.outline import first_sentence
from jackfield.agents.search.document import Document, described
from jackfield.agents.search.embed import Embed
from jackfield.agents.search.index import MAX_HITS, Index
from jackfield.agents.tool import Risk, Tool

ANSWER = 2_900
"""Bytes of an answer, unless the hits alone take more: the schema of the best is in it where there is room."""

MAX_KEPT = 16
"""Sets of tools whose index is kept."""

IsConnected = Callable[[Principal, Tool], Awaitable[bool]]
"""Whether a call of the tool would have its credential."""


@dataclass(frozen=True, kw_only=True)
class ToolHit:
    """A tool that was found.

    Attributes:
        score: The greater, the better; comparable within one answer only.
        connected: A credential is there, or none is needed; `None` where nobody asked.
    """

    tool: Tool
    score: float
    connected: bool | None = None


@dataclass(frozen=True, kw_only=True)
class Query:
    """What is looked for.

    Attributes:
        text: In the words of whoever asks.
        limit: At most so many.
        connector: `namespace/name` of the connectors that count; `None` for all.
        risk: Only these; `None` for all.
        connected: Only those that have their credential, or that lack it.
    """

    text: str
    limit: int = 5
    connector: Collection[str] | None = None
    risk: Collection[Risk] | None = None
    connected: bool | None = None


class Finder:
    """Searches sets of tools. The index of a set is made when it is first searched, and anew only where it changed."""

    def __init__(self, is_connected: IsConnected, *, make_embed: Callable[[], Embed | None] = lambda: None) -> None:
        """Args:
        is_connected: Asked once for each connector of an answer.
        make_embed: Makes a sentence model, at the first search; without one, words alone count.
        """
        self._is_connected = is_connected
        self._make_embed = make_embed
        self._made: list[Embed | None] = []
        self._making = asyncio.Lock()
        self._kept: OrderedDict[object, tuple[Offered, Index]] = OrderedDict()

    async def index(self, key: object, offered: Offered) -> Index:
        """The index of `offered`. Making it may take a second for thousands of tools, which is done in a thread."""
        if (found := self._found(key, offered)) is None:
            async with self._making:  # nobody makes what another is making
                if (found := self._found(key, offered)) is None:
                    found = await asyncio.to_thread(self._made_of, self._kept.get(key), offered)
                    self._kept[key] = (offered, found)
        self._kept.move_to_end(key)
        if len(self._kept) > MAX_KEPT:
            self._kept.popitem(last=False)
        return found

    def _found(self, key: object, offered: Offered) -> Index | None:
        known = self._kept.get(key)
        return known[1] if known is not None and known[0] is offered else None

    def _made_of(self, known: tuple[Offered, Index] | None, offered: Offered) -> Index:
        if known is not None:
            return _renewed(known[1], known[0], offered)
        return Index(_documents(offered.tools), embed=self._embed())

    def _embed(self) -> Embed | None:
        if not self._made:
            self._made.append(self._make_embed())
        return self._made[0]

    async def find(self, index: Index, offered: Offered, query: Query, principal: Principal) -> Sequence[ToolHit]:
        """The tools that fit best, the best first."""
        limit = max(0, min(query.limit, MAX_HITS))
        among = limit if query.connected is None else MAX_HITS
        hits = index.search(query.text, limit=among, connector=query.connector, risk=query.risk)
        found: list[ToolHit] = []
        states: dict[str, bool] = {}
        for hit in hits:
            tool = offered.by_name.get(hit.tool.name)
            if tool is None or len(found) >= limit:
                continue
            if tool.connector not in states:
                states[tool.connector] = await self._is_connected(principal, tool)
            connected = states[tool.connector]
            if query.connected in (None, connected):
                found.append(ToolHit(tool=tool, score=hit.score, connected=connected))
        return found


def answer_of(hits: Sequence[ToolHit], *, room: int = ANSWER) -> dict[str, Any]:
    """What a model reads: what each tool is, and the schemas of the first ones where they fit into `room` bytes."""
    found = [_said(hit) for hit in hits]
    used = len(json_text({"tools": found}).encode())
    for said, hit in zip(found, hits, strict=True):
        schema = {"inputSchema": hit.tool.input_schema}
        used += len(json_text(schema).encode())
        if used > room:
            break
        said.update(schema)
    return {"tools": found}


def _said(hit: ToolHit) -> dict[str, Any]:
    said = {"name": hit.tool.name, "description": first_sentence(hit.tool.description), "risk": hit.tool.risk}
    return said if hit.connected is not False else {**said, "connected": False}


def _documents(tools: Sequence[Tool]) -> list[Document]:
    return [
        Document(
            name=tool.name,
            connector=tool.connector,
            command=tool.command,
            title=tool.title,
            description=tool.description,
            params=described(tool.input_schema),
            tags=tool.tags,
            risk=tool.risk,
            about=tool.about,
        )
        for tool in tools
    ]


def _renewed(index: Index, before: Offered, now: Offered) -> Index:
    """The index for `now`, in which only connectors are read again whose tools have changed."""
    old, new = _by_connector(before.tools), _by_connector(now.tools)
    changed = [name for name in old.keys() | new.keys() if old.get(name) != new.get(name)]
    return index.replaced({name: _documents(new.get(name, ())) for name in changed})


def _by_connector(tools: Sequence[Tool]) -> Mapping[str, list[Tool]]:
    found: dict[str, list[Tool]] = {}
    for tool in tools:
        found.setdefault(tool.connector, []).append(tool)
    return found
