"""The tools of one connector, read once: which word is in which of them, and how much that says."""

from __future__ import annotations

from array import array
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from itertools import chain, islice
from sys import intern

from jackfield.agents.search.document import MAX_PARAMS, Document, Found
from jackfield.agents.search.words import telling, words

MAX_TEXT = 4_000
"""Characters of a description, and of all params together, that count: what a tool does is said before them."""

MOST = 3
"""Times that a word counts in one part of a document: nobody comes first by saying it again and again."""

SATURATION = 1.2
"""How soon one more of the same word adds little: half of what it can is added at this weight. BM25 calls it k1."""


_NOWHERE = range(0)


@dataclass(frozen=True, kw_only=True)
class Field:
    """One part of a document.

    Attributes:
        weight: What a word in it counts.
        usual: Words that such a part has as a rule. A constant rather than a mean over all documents, so that one
            connector can be read without the others.
        strictness: 0 to 1: how much a word counts less in a longer text. BM25 calls it b.
    """

    read: Callable[[Document], Iterable[str]]
    weight: float
    usual: int
    strictness: float = 0.5


FIELDS = (
    Field(read=lambda it: words(it.command), weight=3, usual=4),
    Field(read=lambda it: telling(_title(it)), weight=2, usual=6),
    Field(read=lambda it: telling(it.description[:MAX_TEXT]), weight=1, usual=14),
    Field(read=lambda it: chain.from_iterable(map(words, it.tags)), weight=1, usual=3),
    Field(read=lambda it: _texts(it.params.keys()), weight=1, usual=6),
    Field(read=lambda it: _texts(it.params.values()), weight=0.5, usual=40, strictness=0.75),
    Field(read=lambda it: chain(words(it.connector), telling(it.about[:MAX_TEXT])), weight=0.5, usual=10),
)
"""Chosen on half of a public collection of questions; half or twice of a weight moves recall by 0.02 at most there.
Title, tags and the connector are not in that collection: theirs are placed between the others."""


@dataclass(frozen=True, kw_only=True)
class Shelf:
    """What one connector has.

    Attributes:
        tools: In the order of their documents.
        starts: Where the entries of a word begin; they end where those of the next word begin.
        places: For each entry, the place of its tool in `tools`.
        gains: For each entry, 0 to 2.2: what the word adds there, before it is weighed by how rare it is.
    """

    tools: tuple[Found, ...]
    numbers: Mapping[str, int]
    starts: array[int]
    places: array[int]
    gains: array[float]

    def span(self, word: str) -> range:
        """The entries of a word; none if it is in no tool."""
        number = self.numbers.get(word)
        return _NOWHERE if number is None else range(self.starts[number], self.starts[number + 1])


def shelve(documents: Sequence[Document]) -> Shelf:
    """Read the documents of one connector, in the order in which they come."""
    entries: dict[str, list[tuple[int, float]]] = defaultdict(list)
    for place, document in enumerate(documents):
        for word, weight in weights(document).items():
            entries[word].append((place, weight * (SATURATION + 1) / (SATURATION + weight)))
    starts, places, gains = array("I", [0]), array("I"), array("f")
    for found in entries.values():
        places.extend(place for place, _ in found)
        gains.extend(gain for _, gain in found)
        starts.append(len(places))
    # Connectors share most of their words: one copy of each is enough.
    numbers = {intern(word): number for number, word in enumerate(entries)}
    tools = tuple(map(_found, documents))
    return Shelf(tools=tools, numbers=numbers, starts=starts, places=places, gains=gains)


def weights(document: Document) -> dict[str, float]:
    """What each word of a document weighs over all its fields, before saturation.

    Source: S. Robertson, H. Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond", 2009, section 3.6
    (BM25F): fields are added up before saturation, so that a word in three fields does not count three times.
    """
    total: dict[str, float] = defaultdict(float)
    for part in FIELDS:
        counts = Counter(part.read(document))
        longer = counts.total() / part.usual
        for word, times in counts.items():
            total[word] += part.weight * min(times, MOST) / (1 - part.strictness + part.strictness * longer)
    return total


def _title(document: Document) -> str:
    """Its title, or the first line of a description that has several: documents of OpenAPI say it there."""
    first, _, rest = document.description[:MAX_TEXT].partition("\n")
    return document.title or (first if rest else "")


def _texts(texts: Iterable[str]) -> list[str]:
    return telling(" ".join(islice(texts, MAX_PARAMS))[:MAX_TEXT])


def _found(document: Document) -> Found:
    return Found(**{each.name: getattr(document, each.name) for each in fields(Found)})
