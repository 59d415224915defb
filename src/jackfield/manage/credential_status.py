"""Whether a credential can be used, as far as that is known without asking its service."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from jackfield.definition.auth import SCHEMES, canonical
from jackfield.definition.model import ConnectorDefinition
from jackfield.manage.credential_views import CredentialStatus
from jackfield.storage.credentials import CredentialRow
from jackfield.storage.oauth_grants import GrantRow

SOON_US = 15 * 60 * 1_000_000
GIVES_UP = 10
"""Attempts in a row that have failed: then only a call or a person tries again."""

PERSON = frozenset({"authorization_code", "device_code"})
"""Grants that a person gives."""

_REFUSED = frozenset({401, 403})
_REFUSED_CODES = frozenset({"credential-missing", "credential-invalid", "reauthorization-needed", "undecryptable"})


@dataclass(frozen=True, kw_only=True)
class Status:
    """One of the four, with why."""

    status: CredentialStatus = "connected"
    code: str = ""
    reason: str = ""


def status_of(
    row: CredentialRow, grant: GrantRow | None, definition: ConnectorDefinition | None, *, now_us: int
) -> Status:
    """The status of a credential.

    Args:
        grant: Its tokens, if it has some.
        definition: Of its connector's type; `None` where there is no such connector here, or its type is not.
        now_us: By the clock that all processes share.
    """
    if definition is None:
        what = "its connector is not there any more, or the type of that is not"
        return Status(status="error", code="connector-missing", reason=what)
    auth = canonical(definition.auth)
    of_tokens = _of_tokens(row, grant, auth, now_us) if auth.get("type") == "oauth2" else Status()
    if of_tokens.status != "connected":
        return of_tokens
    return _of_test(row, grant)


def has_tokens(row: CredentialRow, auth: Mapping[str, Any]) -> bool:
    """Whether its tokens come of a person who has signed in, or has pasted them."""
    if row.mode == "values" and auth.get("field") in row.shown:
        return False  # its token is one of its values
    if row.mode == "values" and auth.get("optional") and not SCHEMES["oauth2"].parts.keys() & row.shown.keys():
        return False  # it is for another way that the type knows
    return row.mode == "token" or auth.get("grant", "authorization_code") in PERSON


def _of_tokens(row: CredentialRow, grant: GrantRow | None, auth: Mapping[str, Any], now_us: int) -> Status:
    if grant is not None and grant.ended is not None:
        return Status(status="needs_reauthorization", code=grant.code, reason=grant.reason)
    if grant is None or grant.sealed is None:
        if has_tokens(row, auth):
            return Status(status="needs_reauthorization", code="not-connected", reason="nobody has signed in yet")
        return _failed(grant) if grant is not None and grant.attempts > 0 else Status()
    is_over = grant.expires is not None and grant.expires <= now_us
    if (is_over and grant.attempts > 0) or grant.attempts >= GIVES_UP:
        return _failed(grant)
    if grant.expires is None or grant.refreshable or grant.expires - now_us > SOON_US:
        return Status()
    return _OVER if is_over else _SOON


_OVER = Status(
    status="needs_reauthorization",
    code="token-expired",
    reason="the access token has ended, and there is no way to renew it",
)
_SOON = Status(status="expiring", code="token-expires", reason="the access token ends soon, and cannot be renewed")


def _failed(grant: GrantRow) -> Status:
    return Status(status="error", code=grant.code, reason=grant.reason)


def _of_test(row: CredentialRow, grant: GrantRow | None) -> Status:
    """What the last test says, if nothing has changed since."""
    result = row.test_result or {}
    newest = max(row.updated, grant.obtained or 0 if grant else 0)
    if row.tested is None or row.tested < newest or result.get("success") is not False:
        return Status()
    if result.get("status") in _REFUSED or result.get("code") in _REFUSED_CODES:
        code, said = str(result.get("code") or "refused"), str(result.get("error") or "")
        return Status(status="error", code=code, reason=said or "the service has refused it when it was tested")
    return Status()
