"""What a write that was sent, or was not, has come to."""

from __future__ import annotations

from typing import Any

from jackfield.definition.outcome import Outcome
from jackfield.dispatch.journal import End
from jackfield.egress.exchange import Trail


def ending(outcome: Outcome[Any], trail: Trail, *, interrupted: bool, through_http: bool) -> End:
    """Whether a write was answered, was never sent, or nobody knows.

    A success is what the command says it is. A failure counts as not sent only where no request that changes
    anything went out.

    Args:
        outcome: Of the command.
        trail: Of its requests.
        interrupted: It was stopped by its deadline or its caller, and did not end by itself.
        through_http: It reaches its service by requests only, so that the trail tells everything. A method in Python
            may do so in other ways, and is believed only where it has used requests.
    """
    if outcome.success:
        return "settled"
    if trail.unanswered:
        return "unknown"
    if not trail.changing and (through_http or trail.requests):
        return "released"
    return "unknown" if interrupted else "settled"
