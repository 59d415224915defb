"""What is known of one write's effect outside, and what that means for whoever asks for the write again."""

from __future__ import annotations

from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import Connection, Row

from jackfield.storage.journal_keys import same_params
from jackfield.storage.journal_rows import Many, update_of
from jackfield.storage.tables.journal import effect as effects
from jackfield.storage.tables.journal import execution as executions

EffectState = Literal["CLAIMED", "SETTLED", "RELEASED", "UNKNOWN"]
"""`RELEASED`: nothing was sent. `UNKNOWN`: it may have happened, and nobody will ever say."""

Verdict = Literal["claim_again", "key_reused", "replay", "unknown", "in_progress", "take_over", "give_up"]

UNKNOWN_OUTCOME = "unknown-outcome"
"""The error code of an execution that may have had its effect."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Effect:
    """One write that is about to be sent.

    Attributes:
        scope: Of `effect_scope`.
        key: Of `effect_key`.
        params_hash: Of `params_hash`.
        native: The service is sent the key, and does not do the same key twice.
        owner: This process, as `process` knows it.
        claimed: Now, in microseconds since 1970.
        expires: From when on the key may mean something else; `None` for as long as the execution is kept.
    """

    scope: str
    key: str
    params_hash: bytes
    native: bool
    owner: str
    claimed: int
    expires: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Held:
    """A row of the ledger."""

    tenant: str
    scope: str
    key: str
    params_hash: bytes
    execution_id: str
    state: EffectState
    native: bool
    owner: str
    fence: int
    expires: int | None


Address = tuple[str, str, str]
"""Tenant, scope and key."""

_AT_REST: dict[EffectState, Verdict] = {"SETTLED": "replay", "RELEASED": "claim_again", "UNKNOWN": "unknown"}


def judge(held: Held, asked: Effect, *, alive: Callable[[], Set[str]], abandoned: str | None = None) -> Verdict:
    """What becomes of `asked`, now that the ledger has `held` under its key.

    Args:
        alive: Owners that live, asked only if it matters.
        abandoned: An execution that the asking process knows nobody works on, although its owner lives.
    """
    if held.state != "CLAIMED" and held.expires is not None and held.expires <= asked.claimed:
        return "claim_again"
    if not same_params(held.params_hash, asked.params_hash):
        return "key_reused"
    if held.state != "CLAIMED":
        return _AT_REST[held.state]
    if held.execution_id != abandoned and (held.owner == asked.owner or held.owner in alive()):
        return "in_progress"
    # Both: the first request carried the key, and the next one will.
    return "take_over" if held.native and asked.native else "give_up"


_HELD = tuple(effects.c[name] for name in Held.__slots__)
_FIND = Many(
    f"SELECT {', '.join(f'effect.{column.name}' for column in _HELD)} FROM ({{rows}}) AS given JOIN effect"  # noqa: S608
    " ON effect.tenant = given.column1 AND effect.scope = given.column2 AND effect.key = given.column3",
    (effects.c.tenant, effects.c.scope, effects.c.key),
)
_GIVE_UP = update_of(
    effects,
    match=(effects.c.tenant, effects.c.scope, effects.c.key, effects.c.owner, effects.c.fence),
    change=(effects.c.state, effects.c.fence, effects.c.settled),
    where="effect.state = 'CLAIMED'",
    returning="effect.execution_id",
)
_END_UNKNOWN = update_of(
    executions, match=(executions.c.id,), change=(executions.c.status, executions.c.ended, executions.c.error_code)
)


def find(connection: Connection, addresses: Sequence[Address]) -> dict[Address, Held]:
    """What the ledger has under `addresses`."""
    rows = map(held_row, _FIND.run(connection, list(set(addresses)))) if addresses else ()
    return {(held.tenant, held.scope, held.key): held for held in rows}


def held_row(row: Row[Any]) -> Held:
    """The row of the ledger that a result with its columns is."""
    found = dict(zip(Held.__slots__, row, strict=True))
    return Held(**(found | {"native": bool(found["native"])}))  # a number on SQLite


def give_up(connection: Connection, given: Sequence[Held], *, at: int) -> list[str]:
    """Say of claims of the dead that nobody will ever know; the executions of those that were still so.

    The fence is raised, so that a process that was only stopped cannot settle what was reported as unknown.
    """
    if not given:
        return []
    rows = [(*(h.tenant, h.scope, h.key, h.owner, h.fence), "UNKNOWN", h.fence + 1, at) for h in given]
    lost = [row[0] for row in _GIVE_UP.run(connection, rows)]
    if lost:
        _END_UNKNOWN.run(connection, [(row_id, "UNKNOWN_OUTCOME", at, UNKNOWN_OUTCOME) for row_id in lost])
    return lost
