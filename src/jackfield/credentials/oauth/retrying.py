"""When an exchange that failed is tried again, and what people are told of it."""

from __future__ import annotations

from jackfield.credentials.oauth.failures import ExchangeFailed
from jackfield.credentials.oauth.grants import Turn

FIRST_RETRY_S, LAST_RETRY_S = 1.0, 300.0
CLIENT_RETRY_S = 900.0
"""When the app or its settings are wrong: nothing changes until somebody corrects them."""

ANSWER_LOST = frozenset({"disconnected", "timeout", "bad-response", "response-too-large", "unreadable"})
"""After these the service may have carried out what it was asked for, and given tokens that nobody has."""


def retry_in(failure: ExchangeFailed, attempts: int) -> float | None:
    """Seconds until the next attempt; `None` where none is of use.

    Doubles from 1 s to 5 minutes. Who asks to wait longer is heard; `egress.retry_after` says how long at most.

    Args:
        attempts: How many have failed before this one.
    """
    if failure.kind == "ended":
        return None
    if failure.kind == "client":
        return CLIENT_RETRY_S
    backoff = min(LAST_RETRY_S, FIRST_RETRY_S * 2.0 ** min(attempts, 20))
    return max(backoff, failure.retry_after_s or 0.0)


def told_why(failure: ExchangeFailed, turn: Turn) -> ExchangeFailed:
    """A failure that ends a grant, with how that came about: a refresh token that was used and whose answer is lost."""
    if failure.kind != "ended":
        return failure
    if turn.interrupted:
        why = "the process that asked before was interrupted, so that the new tokens are lost"
    elif turn.held is not None and turn.held.attempts and turn.held.error in ANSWER_LOST:
        why = f"the answer to the attempt before did not arrive ({turn.held.error}), so that the new tokens are lost"
    else:
        return failure
    return ExchangeFailed(failure.error, f"{failure.reason}; {why}", kind="ended", sent=failure.sent)
