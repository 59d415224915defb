"""What texts mean, as vectors: how an index uses a model that knows that `cab` and `taxi` are close."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b
from itertools import islice
from typing import Protocol

from jackfield.agents.search.document import Document

MAX_TEXT = 600
"""Characters of a document that are handed to a model; small ones read no more."""

FLOOR = 0.15
"""Closeness, as a cosine, below which two texts have nothing to do with one another. A guard against nonsense that no
word is found of; models whose vectors are all close together never come to it."""


class Embed(Protocol):
    """Turns texts into vectors of one length, one for each, in order. Called in the thread of who builds or asks."""

    def __call__(self, texts: Sequence[str], /) -> Sequence[Sequence[float]]: ...


def summary(document: Document) -> str:
    """What a model is given of a document: name, what it does, and the names of its params."""
    name = document.command.replace("_", " ").replace("-", " ").replace(".", " ")
    about = document.about.partition("\n")[0][:80]
    params = ", ".join(islice(document.params, 20))
    parts = (name, document.title, document.description, params, about)
    return ". ".join(part for part in parts if part)[:MAX_TEXT]


def digest(text: str) -> bytes:
    """A short name for a text, by which its vector is found again."""
    return blake2b(text.encode("utf-8", "replace"), digest_size=12).digest()
