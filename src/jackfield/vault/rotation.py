"""Moving what is sealed to the key that encrypts now."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice

from jackfield.vault.envelope import Envelope
from jackfield.vault.errors import Undecryptable
from jackfield.vault.keys import KeyRing
from jackfield.vault.sealed import SealContext

SLICE = 500
MAX_FAILURES = 20


@dataclass(frozen=True, kw_only=True)
class SealedRow:
    """A sealed value and where it belongs."""

    context: SealContext
    sealed: bytes


@dataclass(frozen=True, kw_only=True)
class Rewrapped:
    """A row to write. Write it only where the row still holds `before`: a value saved meanwhile wins.

    Attributes:
        sealed: The same value under the new key.
    """

    context: SealContext
    before: bytes
    sealed: bytes


@dataclass(kw_only=True)
class RotationReport:
    """How far a rotation has come.

    Attributes:
        current: Rows that the key had wrapped already.
        rewrapped: Rows that it wraps now.
        unreadable: Rows that could not be read. They are as they were, and their key is still needed.
        failures: The first of those, each with what was wrong.
    """

    current: int = 0
    rewrapped: int = 0
    unreadable: int = 0
    failures: list[Undecryptable] = field(default_factory=list)

    @property
    def seen(self) -> int:
        """All rows so far."""
        return self.current + self.rewrapped + self.unreadable

    @property
    def complete(self) -> bool:
        """Whether the other keys are no longer needed for the rows seen."""
        return not self.unreadable


def rotate(
    rows: Iterable[SealedRow], ring: KeyRing, *, report: RotationReport | None = None, size: int = SLICE
) -> Iterator[list[Rewrapped]]:
    """What to write so that the ring's first key wraps all of `rows`, in slices of rows that were looked at.

    Rows that it wraps already are passed over: to go on after an interruption, start again. A row that cannot be
    read does not stop the others. A slice without anything to write is not yielded.

    Args:
        rows: Any number; only one slice of them is held.
        ring: With the new key first, and the old ones.
        report: Counts, up to date when a slice is yielded.
        size: Rows of a slice.
    """
    report = RotationReport() if report is None else report
    envelope = Envelope(ring)
    rows = iter(rows)
    while some := list(islice(rows, size)):
        if changed := [done for row in some if (done := _rewrapped(row, envelope, report))]:
            yield changed


def _rewrapped(row: SealedRow, envelope: Envelope, report: RotationReport) -> Rewrapped | None:
    try:
        sealed = envelope.rewrap(row.sealed, row.context)
    except Undecryptable as error:
        report.unreadable += 1
        if len(report.failures) < MAX_FAILURES:
            report.failures.append(error)
        return None
    if sealed is row.sealed:
        report.current += 1
        return None
    report.rewrapped += 1
    return Rewrapped(context=row.context, before=row.sealed, sealed=sealed)
