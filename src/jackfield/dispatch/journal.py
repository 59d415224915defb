"""What dispatch asks of whatever keeps the calls."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal, Protocol

from jackfield.storage.change_cursors import Place
from jackfield.storage.journal import ExecutionRow
from jackfield.storage.journal_changes import Changed
from jackfield.storage.journal_claim import Claim
from jackfield.storage.journal_effects import Effect
from jackfield.storage.journal_search import Filters, Page
from jackfield.storage.journal_settle import Claimed, Ending

End = Literal["settled", "released", "unknown"]
"""Of a write: the service answered; nothing was sent; it may have happened."""


class Journal(Protocol):
    """Keeps calls, and what writes did outside.

    Rows go in as they are to be stored, `params` and `outcome` sealed by `seal`; they come out opened.

    Attributes:
        on_change: Called after each commit of this process that made or changed executions. `None` while nobody wants
            to know, which is all that a call has to find out.
    """

    on_change: Callable[[], None] | None

    def seal(self, content: bytes, *, kind: Literal["params", "outcome"], tenant: str, execution_id: str) -> bytes:
        """`content` in the form in which it is stored."""

    async def record(self, row: ExecutionRow) -> None:
        """Keep a call that needs no claim: one final row. When this returns, it is kept as safely as it can be.

        What happened is kept although its caller leaves meanwhile.
        """

    async def owner(self) -> str:
        """The name under which this process claims writes."""

    def params_hash(self, params: bytes) -> bytes:
        """What tells whether two writes have the same params, without telling what they are."""

    async def claim(self, effect: Effect, row: ExecutionRow, *, abandoned: str | None = None) -> Claim:
        """Make `row` the one that has `effect`, or say what stands against it; see `storage.journal_claim.claim`."""

    async def end(self, claimed: Claimed, end: End, ending: Ending) -> None:
        """Keep what a claimed write has come to.

        Raises:
            Superseded: Somebody else has taken it over.
        """

    async def get(self, id: str, *, tenant: str, owner: str | None = None) -> ExecutionRow | None:
        """The execution of that id; `None` where the tenant has none, or `owner` did not make the call."""

    async def search(
        self, *, tenant: str, owner: str | None, filters: Filters, limit: int, offset: int, cursor: str | None
    ) -> Page:
        """The newest executions that meet `filters`; see `storage.journal_search.search`."""

    async def count(self, *, tenant: str, owner: str | None, filters: Filters) -> int:
        """How many executions `search` would go through."""

    async def tree(self, root_id: str, *, tenant: str, owner: str | None) -> Sequence[ExecutionRow]:
        """An execution and all that were called on its way, oldest first."""

    async def present(self) -> Place:
        """The place behind everything that is kept now."""

    async def changed(self, *, after: Place, until: Place | None = None, limit: int) -> Changed:
        """What has changed after a place; see `storage.journal_changes.changed`."""
