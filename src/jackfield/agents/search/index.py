"""An index of tools: built from documents, searched by words and, where a model is there, by meaning."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from heapq import nsmallest
from itertools import islice

from jackfield.agents.search.document import Document, Found, Hit, Risk
from jackfield.agents.search.embed import Embed
from jackfield.agents.search.meaning import Meant, meant
from jackfield.agents.search.ranking import DEPTH, Keep, by_meaning, by_words, together
from jackfield.agents.search.shelf import Shelf, shelve
from jackfield.agents.search.words import folded, telling, words

MAX_QUERY = 2_000
"""Characters of a query that count: a model may hand over a whole conversation."""

MAX_WORDS = 64
"""Different words of a query that count, the first ones: each costs time."""

MAX_HITS = 100
"""The most that one search answers."""


class Index:
    """What can be found; it never changes, so any number of threads may search it.

    Args:
        documents: In any order; those of one connector are kept together.
        embed: Makes vectors of texts, where meaning is to count too; without it, words alone do. It is called while
            the index is built, once for all texts that are new, and once for each search.

    Raises:
        ValueError: What `embed` makes are no vectors, one for each text.
    """

    def __init__(self, documents: Sequence[Document] = (), *, embed: Embed | None = None) -> None:
        self._embed = embed
        self._shelves: dict[str, Shelf] = {}
        self._meanings: dict[str, Meant] = {}
        by_connector: dict[str, list[Document]] = defaultdict(list)
        for document in documents:
            by_connector[document.connector].append(document)
        self._read(by_connector, before={})

    def __len__(self) -> int:
        """How many tools there are."""
        return sum(len(shelf.tools) for shelf in self._shelves.values())

    def replaced(self, documents: Mapping[str, Sequence[Document]]) -> Index:
        """An index in which each of the named connectors has exactly these documents; those with none are gone.

        It costs what these documents cost. All other connectors are shared with this index, which stays as it is, so
        that searches that have begun can end.

        Raises:
            ValueError: A document is of another connector than it is given for, or `embed` makes no vectors.
        """
        for connector, its in documents.items():
            if other := next((each.connector for each in its if each.connector != connector), None):
                raise ValueError(f"a document of `{other}` is given for `{connector}`")
        twin = Index(embed=self._embed)
        twin._shelves = {name: shelf for name, shelf in self._shelves.items() if name not in documents}
        twin._meanings = {name: its for name, its in self._meanings.items() if name not in documents}
        twin._read(documents, before={name: self._meanings[name] for name in documents if name in self._meanings})
        return twin

    def search(
        self,
        query: str,
        *,
        limit: int = 5,
        connector: str | Collection[str] | None = None,
        risk: Risk | Collection[Risk] | None = None,
        connected: bool | None = None,
    ) -> Sequence[Hit]:
        """The tools that fit best, the best first; nothing if no word is anywhere.

        Args:
            query: Plain text in any form: nothing in it is syntax. Of a long one, `MAX_QUERY` characters and
                `MAX_WORDS` words count. The name of a tool or a command finds that one first. With no word in it at
                all, tools are listed by name.
            limit: The most hits; more than `MAX_HITS` is `MAX_HITS`, and less than 1 is none.
            connector: Of these only, such as `default/acme-prod`. What is left out has no influence on what is found.
            risk: With one of these only.
            connected: Whether a credential is there; both if not given.
        """
        query, limit = query[:MAX_QUERY], max(0, min(limit, MAX_HITS))
        names = self._chosen(connector)
        shelves = [self._shelves[name] for name in names]
        keep = _keep(risk, connected)
        wanted = list(islice(dict.fromkeys(telling(query) or words(query)), MAX_WORDS))
        if not wanted:
            return _listed(shelves, keep=keep, limit=limit)
        found = by_words(shelves, wanted, keep=keep, limit=max(limit, DEPTH))
        if self._embed:
            meanings = [self._meanings[name] for name in names]
            near = by_meaning(shelves, meanings, query, embed=self._embed, keep=keep, limit=max(limit, DEPTH))
            found = together(found, near)
        hits = [Hit(tool=shelves[number].tools[place], score=score) for (number, place), score in found]
        return _named_first(hits, query)[:limit]

    def _read(self, documents: Mapping[str, Sequence[Document]], *, before: Mapping[str, Meant]) -> None:
        self._shelves |= {name: shelve(its) for name, its in documents.items() if its}
        if self._embed:
            self._meanings |= meant(documents, embed=self._embed, before=before)

    def _chosen(self, connector: str | Collection[str] | None) -> list[str]:
        if connector is None:
            return list(self._shelves)
        wanted = (connector,) if isinstance(connector, str) else connector
        return [name for name in dict.fromkeys(wanted) if name in self._shelves]


def _keep(risk: Risk | Collection[Risk] | None, connected: bool | None) -> Keep | None:
    if risk is None and connected is None:
        return None
    risks = {risk} if isinstance(risk, str) else risk

    def keep(tool: Found) -> bool:
        return (risks is None or tool.risk in risks) and (connected is None or tool.connected == connected)

    return keep


def _listed(shelves: Sequence[Shelf], *, keep: Keep | None, limit: int) -> list[Hit]:
    kept = (tool for shelf in shelves for tool in shelf.tools if not keep or keep(tool))
    return [Hit(tool=tool, score=0) for tool in nsmallest(limit, kept, key=lambda tool: (tool.name, tool.connector))]


def _named_first(hits: list[Hit], query: str) -> list[Hit]:
    """Those that `query` names to the letter come before all that are only like it."""
    name = folded(query)
    named = [hit for hit in hits if name in {folded(hit.tool.name), folded(hit.tool.command)}]
    if not named:
        return hits
    best = max(hit.score for hit in hits)
    first = [Hit(tool=hit.tool, score=best + hit.score) for hit in named]
    return first + [hit for hit in hits if hit not in named]
