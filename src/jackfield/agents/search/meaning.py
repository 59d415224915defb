"""The vectors of documents, each made once, and which of them are close to a query."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from itertools import accumulate
from typing import Any, TypeAlias

from jackfield.agents.search.document import Document
from jackfield.agents.search.embed import Embed, digest, summary
from jackfield.agents.search.errors import EmbeddingUnavailable

Array: TypeAlias = Any
"""An array of numpy, which is there with the extra `embedding` only, as are its types."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Meant:
    """What the tools of one connector mean.

    Attributes:
        digests: Of the texts that the vectors were made of, so that only a changed one is made again.
        vectors: One row of length 1 a tool.
    """

    digests: tuple[bytes, ...]
    vectors: Array


def meant(
    documents: Mapping[str, Sequence[Document]], *, embed: Embed, before: Mapping[str, Meant]
) -> dict[str, Meant]:
    """What the tools of each connector mean. All texts that are not known from `before` go to the model at once.

    Raises:
        EmbeddingUnavailable: There is no numpy.
        ValueError: The model made another number of vectors than it was given texts, or of several lengths.
    """
    texts = {connector: [summary(document) for document in its] for connector, its in documents.items() if its}
    known = {key: row for old in before.values() for key, row in zip(old.digests, old.vectors, strict=True)}
    new = {digest(text): text for its in texts.values() for text in its}
    new = {key: text for key, text in new.items() if key not in known}
    if new:
        known |= zip(new, vectors(list(new.values()), embed=embed), strict=True)
    found = {}
    for connector, its in texts.items():
        digests = tuple(map(digest, its))
        found[connector] = Meant(digests=digests, vectors=_numpy().stack([known[key] for key in digests]))
    return found


def vectors(texts: Sequence[str], *, embed: Embed) -> Array:
    """One row of length 1 for each text; of nothing but 0 where the model has said nothing of use.

    Raises:
        EmbeddingUnavailable: There is no numpy.
        ValueError: The model made another number of vectors than it was given texts, or of several lengths.
    """
    np = _numpy()
    made = np.nan_to_num(np.asarray(embed(texts), dtype=np.float32), posinf=0.0, neginf=0.0)
    if made.ndim != 2 or len(made) != len(texts):
        raise ValueError(f"a model that is given `{len(texts)}` texts makes as many vectors, not `{made.shape}`")
    lengths = np.linalg.norm(made, axis=1, keepdims=True)
    return made / np.where(lengths > 0, lengths, 1)


def nearest(meanings: Sequence[Meant], asked: Array) -> Iterator[tuple[int, int, float]]:
    """The closest to `asked` first: which of `meanings`, which tool in it, and the cosine.

    Raises:
        ValueError: `asked` has another length than the vectors of the tools.
    """
    np = _numpy()
    # Not `@`: its threads wait by turning, and take the processor from the model's next question.
    near = np.concatenate([np.einsum("ij,j->i", its.vectors, asked) for its in meanings])
    ends = list(accumulate(len(its.vectors) for its in meanings))
    for at in np.argsort(-near, kind="stable").tolist():
        number = bisect_right(ends, at)
        yield number, at - (ends[number - 1] if number else 0), float(near[at])


def _numpy() -> Any:
    try:
        return import_module("numpy")
    except ImportError:
        raise EmbeddingUnavailable(reason="`numpy` is not installed") from None
