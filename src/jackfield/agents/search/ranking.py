"""Which tools come first: by the words of a query, by its meaning, and by both."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Sequence
from heapq import nlargest
from itertools import accumulate, chain, islice, takewhile

from jackfield.agents.search.document import Found
from jackfield.agents.search.embed import FLOOR, Embed
from jackfield.agents.search.meaning import Meant, nearest, vectors
from jackfield.agents.search.shelf import Shelf

Place = tuple[int, int]
"""Which shelf of those that are searched, and which tool on it."""

Keep = Callable[[Found], bool]

DAMPENED = 0.8
"""1 would be the rarity of BM25. From there to 0.8, recall moves by less than 0.01, and upwards."""

DEPTH = 50
"""How many each way of ranking hands on to be put together."""

SOFTENED = 5
MEANING = 0.5
"""How ranks are put together: each way gives `1 / (SOFTENED + rank)`, and meaning half of it. Between 2 and 30, and
between 0.5 and 1, recall moves by 0.02 at most; more for meaning loses what words know for sure."""


def by_words(
    shelves: Sequence[Shelf], wanted: Sequence[str], *, keep: Keep | None, limit: int
) -> list[tuple[Place, float]]:
    """The best tools with their scores: of each word, how rare it is times what it adds there.

    How rare a word is counts among the shelves that are searched: nobody learns of words elsewhere, and the name of
    the only connector that is asked says nothing.
    """
    ends = list(accumulate(len(shelf.tools) for shelf in shelves))
    scores = [0.0] * (ends[-1] if ends else 0)
    for word in wanted:
        spans = [(shelf, number, span) for number, shelf in enumerate(shelves) if (span := shelf.span(word))]
        rarity = _rarity(sum(len(span) for _, _, span in spans), len(scores))
        for shelf, number, span in spans:
            _add(scores, shelf, span, rarity=rarity, begin=ends[number] - len(shelf.tools))
    if keep:
        _leave_out(scores, shelves, keep)
    return _best(scores, shelves, ends, limit=limit)


def _rarity(tools: int, total: int) -> float:
    """What a word tells that is in so many of all tools; never below 0. BM25 calls it idf.

    It is dampened, since people name things (`Berkeley`) that are in some example of an unrelated tool.
    """
    return math.pow(math.log(1 + (total - tools + 0.5) / (tools + 0.5)), DAMPENED)


def _add(scores: list[float], shelf: Shelf, span: range, *, rarity: float, begin: int) -> None:
    its = slice(span.start, span.stop)
    for place, gain in zip(shelf.places[its], shelf.gains[its], strict=True):
        scores[begin + place] += rarity * gain


def _leave_out(scores: list[float], shelves: Sequence[Shelf], keep: Keep) -> None:
    tools = chain.from_iterable(shelf.tools for shelf in shelves)
    for at, tool in enumerate(tools):
        if scores[at] and not keep(tool):
            scores[at] = 0


def _best(
    scores: Sequence[float], shelves: Sequence[Shelf], ends: Sequence[int], *, limit: int
) -> list[tuple[Place, float]]:
    """The places with the greatest scores; of equal ones, those whose name comes first."""
    least = min(nlargest(limit, scores), default=0)
    best = []
    for at in (at for at, score in enumerate(scores) if score and score >= least):
        number = bisect_right(ends, at)
        place = at - ends[number] + len(shelves[number].tools)
        best.append((-scores[at], shelves[number].tools[place].name, (number, place)))
    return [(place, -negative) for negative, _, place in sorted(best)[:limit]]


def by_meaning(
    shelves: Sequence[Shelf], meanings: Sequence[Meant], query: str, *, embed: Embed, keep: Keep | None, limit: int
) -> list[Place]:
    """The tools that are closest to `query`, the closest first; those that are far from it are left out.

    Raises:
        ValueError: The model made vectors of another length than before.
    """
    if not meanings:
        return []
    near = takewhile(lambda each: each[2] >= FLOOR, nearest(meanings, vectors([query], embed=embed)[0]))
    kept = ((number, place) for number, place, _ in near if not keep or keep(shelves[number].tools[place]))
    return list(islice(kept, limit))


def together(words: Sequence[tuple[Place, float]], meaning: Sequence[Place]) -> list[tuple[Place, float]]:
    """Both rankings as one.

    Source: G. Cormack, C. Clarke, S. Buettcher, "Reciprocal Rank Fusion outperforms Condorcet and individual Rank
    Learning Methods", 2009. Ranks are added up, since scores of words and of meaning have no common scale.
    """
    scores: dict[Place, float] = defaultdict(float)
    for rank, (place, _) in enumerate(words):
        scores[place] += 1 / (SOFTENED + rank)
    for rank, place in enumerate(meaning):
        scores[place] += MEANING / (SOFTENED + rank)
    return sorted(scores.items(), key=lambda each: -each[1])
