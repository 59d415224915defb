"""Definitions of stored versions, each read once for all who use it."""

from __future__ import annotations

import asyncio
import hashlib
import json
import threading
from collections import deque
from collections.abc import Awaitable, Callable, Collection, Mapping
from copy import copy
from functools import partial
from typing import Any, TypeAlias, TypeVar
from weakref import WeakValueDictionary

import orjson
from sqlalchemy import Connection

from jackfield.definition.errors import InvalidDefinition
from jackfield.definition.floh import from_json
from jackfield.definition.model import ConnectorDefinition
from jackfield.errors import JackfieldError
from jackfield.storage import json_text
from jackfield.storage import types as rows
from jackfield.storage.database import Database

T = TypeVar("T")

Known: TypeAlias = ConnectorDefinition | JackfieldError
"""A definition, or why what is stored of it cannot be read."""

RECENT = 16
"""How many are kept that nobody uses at the moment."""

UNREADABLE = (TypeError, ValueError, AttributeError, KeyError, RecursionError)
"""What may come of whatever is in a row."""


class Unread(Exception):
    """A transaction needs definitions that are not read yet. It is run again when they are."""

    def __init__(self, ids: Collection[str], *, tenant: str) -> None:
        super().__init__(f"{len(ids)} definitions")
        self.ids, self.tenant = list(ids), tenant


class Versions:
    """The definitions of stored versions by their ids. A version never changes.

    One that somebody holds is one and the same object for everybody: execution models keep what they have compiled by
    it, and a large document is read once. Nothing is read inside a transaction: whoever needs a definition there
    works through `within`.
    """

    def __init__(self) -> None:
        self._kept: WeakValueDictionary[str, ConnectorDefinition] = WeakValueDictionary()
        self._broken: dict[str, JackfieldError] = {}
        self._prints: dict[str, str] = {}
        self._recent: deque[ConnectorDefinition] = deque(maxlen=RECENT)
        self._changing = threading.Lock()  # transactions run in threads

    def known(self) -> dict[str, Known]:
        """All that are read. They are for as long as the answer is held."""
        with self._changing:
            return {**self._broken, **self._kept}

    def fingerprint(self, id: str) -> str:
        """Of what is stored; empty for one that was not read from there."""
        return self._prints.get(id, "")

    def put(self, id: str, definition: ConnectorDefinition) -> None:
        """Keep what is being stored as that version."""
        with self._changing:
            self._kept.setdefault(id, definition)
            self._recent.append(definition)

    def get(self, id: str, *, tenant: str) -> Known:
        """A version, inside a transaction.

        Raises:
            Unread: It is not read yet.
        """
        found = self.find(id)
        if found is None:
            raise Unread([id], tenant=tenant)
        return found

    def require(self, ids: Collection[str], *, tenant: str) -> None:
        """Do nothing if all of them are read.

        Raises:
            Unread: Some are not: at once, and not one after the other.
        """
        missing = [key for key in ids if key not in self._kept and key not in self._broken]
        if missing:
            raise Unread(missing, tenant=tenant)

    def find(self, id: str) -> Known | None:
        """A version, if it is read."""
        return self._kept.get(id) or self._broken.get(id)

    async def within(
        self,
        database: Database,
        transaction: Callable[[Callable[[Connection], T]], Awaitable[T]],
        work: Callable[[Connection], T],
    ) -> T:
        """The result of `work` in a transaction, begun anew for as long as definitions have to be read for it first.

        Args:
            database: Where they are.
            transaction: Its `read` or `write`.
            work: Gets them by `get`.
        """
        held: list[Known] = []
        while True:
            try:
                return await transaction(work)
            except Unread as unread:
                wanted, tenant = unread.ids, unread.tenant
            read = await self.take(await database.read(partial(rows.definition_texts, tenant=tenant, ids=wanted)))
            if not read and held:  # else a transaction that looks for what it stores itself would never end
                raise RuntimeError(f"definitions that are not stored are asked for: {wanted}")
            held += [read.get(key) or self._missing(key) for key in wanted]

    def take_now(self, id: str, raw: Mapping[str, Any]) -> Known:
        """A version that is small, of which the transaction that asks may be the one that stores it."""
        read, mark = _definition(raw), fingerprint(raw)
        with self._changing:
            return self._taken(id, read, mark)

    async def take(self, texts: Mapping[str, str]) -> dict[str, Known]:
        """What is stored, read beside the event loop."""
        if not texts:
            return {}
        read = await asyncio.to_thread(_read_all, texts)
        with self._changing:
            return {key: self._taken(key, definition, mark) for key, (definition, mark) in read.items()}

    def _taken(self, id: str, read: Known, mark: str) -> Known:
        self._prints[id] = mark
        if isinstance(read, JackfieldError):
            return self._broken.setdefault(id, read)
        kept = self._kept.setdefault(id, read)
        self._recent.append(kept)
        return kept

    def _missing(self, id: str) -> JackfieldError:
        return self._broken.setdefault(id, InvalidDefinition("it is not there", hint="save the type again"))


def fingerprint(definition: Mapping[str, Any]) -> str:
    """A hash by which one definition, as JSON, is told from another."""
    try:
        text = orjson.dumps(definition, option=orjson.OPT_SORT_KEYS)
    except TypeError:  # what is stored may have broken characters, and must not keep the others from being read
        text = json.dumps(definition, sort_keys=True).encode()
    return hashlib.sha256(text).hexdigest()


def unreadable(error: Exception) -> JackfieldError:
    """What is said of a row that holds something else than a definition."""
    return InvalidDefinition(f"what is stored cannot be read: {type(error).__name__}", hint="save it again")


def _read_all(texts: Mapping[str, str]) -> dict[str, tuple[Known, str]]:
    found: dict[str, tuple[Known, str]] = {}
    for key, text in texts.items():
        raw = json_text.read(text)
        found[key] = (_definition(raw), fingerprint(raw))
    return found


def _definition(raw: Any) -> Known:
    try:
        return from_json(raw)
    except JackfieldError as error:
        return copy(error)  # without what it was raised in, which holds the row
    except UNREADABLE as error:
        return unreadable(error)
