"""The order in which executions of a process that keeps nothing have changed."""

from __future__ import annotations

import os
from collections.abc import Mapping

from jackfield.storage.change_cursors import MemoryPlace, Place
from jackfield.storage.journal import ExecutionRow
from jackfield.storage.journal_changes import Change, Changed


class MemoryChanges:
    """Numbers changes. Of an execution it knows the last one."""

    def __init__(self) -> None:
        self._process = os.urandom(8).hex()
        self._count = 0
        self._forgotten = 0
        self._numbers: dict[str, int] = {}

    @property
    def place(self) -> MemoryPlace:
        """Behind the last change."""
        return MemoryPlace(self._process, self._count)

    def note(self, id: str) -> None:
        """An execution has changed."""
        self._count += 1
        self._numbers.pop(id, None)
        self._numbers[id] = self._count

    def forget(self, id: str) -> None:
        """An execution is not kept any more."""
        self._forgotten = max(self._forgotten, self._numbers.pop(id))

    def after(self, after: Place, until: Place, limit: int, rows: Mapping[str, ExecutionRow]) -> Changed:
        """See `storage.journal_changes.changed`."""
        ours = isinstance(after, MemoryPlace) and after.process == self._process
        if not ours or not isinstance(after, MemoryPlace) or not isinstance(until, MemoryPlace):
            return Changed(changes=(), place=until, missed=True)
        if not self._forgotten <= after.number <= self._count:
            return Changed(changes=(), place=until, missed=True)
        numbers = []
        for row_id, number in reversed(self._numbers.items()):
            if number <= after.number:
                break
            if number <= until.number:
                numbers.append((row_id, number))
        found = [
            Change(row=rows[row_id], place=MemoryPlace(self._process, number)) for row_id, number in reversed(numbers)
        ]
        if len(found) > limit:
            return Changed(changes=found[:limit], place=found[limit - 1].place, more=True)
        return Changed(changes=found, place=until)
