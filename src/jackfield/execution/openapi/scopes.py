"""What to do where a service refuses a token that is not good for an operation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from jackfield.definition.outcome import Outcome
from jackfield.definition.wire import Authorizer

SCOPE_STATUSES = frozenset({401, 403})
"""`insufficient_scope` comes with 403 (RFC 6750, section 3.1), and from some services with 401."""


def with_scope_hint(outcome: Outcome[Any], needed: Sequence[str], signer: Authorizer | None) -> Outcome[Any]:
    """A refusal with the scopes that the operation needs, where it was signed with a token of a connected account.

    Args:
        needed: By the document.
        signer: Signed the request. It may know which scopes were granted.
    """
    if not needed or signer is None or not hasattr(signer, "granted"):
        return outcome
    granted: tuple[str, ...] | None = signer.granted
    missing = needed if granted is None else [scope for scope in needed if scope not in granted]
    if not missing:
        return outcome
    named = ", ".join(f"`{scope}`" for scope in missing)
    what = "was not granted" if granted is not None else "is needed, which may not have been granted"
    hint = f"{named} {what}: connect the account again, with that scope"
    facts = {"scopes": list(needed), "granted": None if granted is None else list(granted), "hint": hint}
    return replace(outcome, diagnostics={**outcome.diagnostics, **facts})
