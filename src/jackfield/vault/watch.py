"""Every secret that this process has decrypted, kept out of its logs."""

from __future__ import annotations

import os
import threading
from collections import OrderedDict
from collections.abc import Iterator
from weakref import WeakSet

import ahocorasick  # type: ignore[import-not-found]  # it comes without types

from jackfield.definition.secret import MASK, Secret
from jackfield.vault.masking import MIN_LENGTH, forms

MAX_VALUES = 10_000
YOUNG = 128
QUIET = 256


class SecretWatch:
    """Finds any of thousands of secrets in a text, in one pass over it.

    Each form of a value is found by its first 8 characters, its anchor; then whole forms are compared, one set of them
    for each length, since tokens of one issuer begin alike. Automata of anchors are much smaller than those of whole
    forms, and faster to build.

    There are two automata, so that a new value costs no rebuilding of all: new anchors go to the young one, and all of
    that into the old one when it has grown, or when no value has come for some texts, so that one search is enough
    again. Both are rebuilt when a text is masked, not when values are added.

    A value that was replaced is best forgotten when no call can still be using it.

    Beyond `limit`, the values that were added longest ago are forgotten; adding one again makes it young.
    """

    def __init__(self, *, limit: int = MAX_VALUES) -> None:
        self._limit = limit
        self._owners: OrderedDict[str, set[str]] = OrderedDict()
        self._values: dict[str, set[str]] = {}
        self._anchors: dict[str, dict[int, dict[str, int]]] = {}
        self._young, self._old = _Anchors(), _Anchors()
        self._quiet = 0
        self._lock = threading.RLock()
        self.dropped = 0
        """How many values were forgotten because there were too many."""
        _watches.add(self)

    def __len__(self) -> int:
        return len(self._owners)

    def __reduce__(self) -> str:
        raise TypeError("a SecretWatch is not written anywhere")

    def add(self, *secrets: Secret, owner: str = "") -> None:
        """Watch for `secrets` until `owner` is forgotten. Values under 8 characters are not searched for."""
        with self._lock:
            for value in (secret.reveal() for secret in secrets):
                if len(value) < MIN_LENGTH:
                    continue
                if value not in self._owners:
                    self._owners[value] = set()
                    self._learn(value)
                self._owners.move_to_end(value)
                self._owners[value].add(owner)
                self._values.setdefault(owner, set()).add(value)
            if len(self._owners) > self._limit:
                # Some more than necessary, so that the next ones cost no rebuilding.
                surplus = len(self._owners) - self._limit + self._limit // 16
                for value in list(self._owners)[:surplus]:
                    self._drop(value)
                    self.dropped += 1

    def forget(self, owner: str) -> None:
        """Stop watching for the secrets of `owner` that nobody else has."""
        with self._lock:
            for value in self._values.pop(owner, ()):
                self._owners[value].discard(owner)
                if not self._owners[value]:
                    self._drop(value)

    def mask(self, text: str) -> str:
        """`text` with stars in place of every secret. Secrets that overlap are one row of stars."""
        if not self._owners or len(text) < MIN_LENGTH:
            return text
        with self._lock:
            spans = sorted(self._spans(text))
        if not spans:
            return text
        parts, shown_to = [], 0
        for start, end in spans:
            if start >= shown_to:
                parts += [text[shown_to:start], MASK]
            shown_to = max(shown_to, end)
        return "".join([*parts, text[shown_to:]])

    def _spans(self, text: str) -> Iterator[tuple[int, int]]:
        self._quiet += 1
        if self._quiet == QUIET:
            self._old.take(self._young)
        for end in [*self._young.ends(text), *self._old.ends(text)]:
            for length, known in self._anchors[text[end - MIN_LENGTH : end]].items():
                start = end - MIN_LENGTH
                if text[start : start + length] in known:
                    yield start, start + length

    def _learn(self, value: str) -> None:
        self._quiet = 0
        for form in forms(value):
            anchor = form[:MIN_LENGTH]
            if anchor not in self._anchors:
                self._young.add(anchor)
            same_length = self._anchors.setdefault(anchor, {}).setdefault(len(form), {})
            same_length[form] = same_length.get(form, 0) + 1
        if len(self._young) > YOUNG * 4:  # an ordinary value has 4 forms
            self._old.take(self._young)

    def _drop(self, value: str) -> None:
        for owner in self._owners.pop(value):
            self._values[owner].discard(value)
            if not self._values[owner]:
                del self._values[owner]
        for form in forms(value):
            anchor = form[:MIN_LENGTH]
            by_length = self._anchors[anchor]
            by_length[len(form)][form] -= 1
            if not by_length[len(form)][form]:
                del by_length[len(form)][form]
            if not by_length[len(form)]:
                del by_length[len(form)]
            if not by_length:
                del self._anchors[anchor]
                self._young.remove(anchor)
                self._old.remove(anchor)


class _Anchors:
    """An automaton that is built when it is asked."""

    def __init__(self) -> None:
        self._words = ahocorasick.Automaton(ahocorasick.STORE_LENGTH)

    def __len__(self) -> int:
        return len(self._words)

    def add(self, anchor: str) -> None:
        self._words.add_word(anchor)

    def remove(self, anchor: str) -> None:
        self._words.remove_word(anchor)

    def take(self, other: _Anchors) -> None:
        """Move all of `other` here."""
        for anchor in other._words:
            self._words.add_word(anchor)
        other._words.clear()

    def ends(self, text: str) -> list[int]:
        """Where in `text` an anchor ends."""
        if not self._words:
            return []
        if self._words.kind != ahocorasick.AHOCORASICK:
            self._words.make_automaton()
        return [last + 1 for last, _ in self._words.iter(text)]


# A process that forks while another thread masks would leave the child a lock that nobody opens, and a half-built
# automaton; so a fork waits for the lock, as it does for those of `logging`.
_watches: WeakSet[SecretWatch] = WeakSet()
_held: list[SecretWatch] = []


def _before_fork() -> None:
    _held[:] = _watches
    for watch in _held:
        watch._lock.acquire()


def _after_fork() -> None:
    for watch in _held:
        watch._lock.release()
    _held.clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(before=_before_fork, after_in_parent=_after_fork, after_in_child=_after_fork)
