"""Whether a credential can be used: what is told of its tokens, its test and its connector."""

from __future__ import annotations

from typing import Any

import pytest

from jackfield.definition.model import ConnectorDefinition
from jackfield.definition.secret import MASK
from jackfield.manage.credential_status import status_of
from jackfield.storage.credentials import CredentialRow
from jackfield.storage.oauth_grants import GrantRow

NOW, MINUTE = 1_000_000_000_000, 60_000_000
SIGNED_IN = {"type": "oauth2", "authorizationUrl": "https://a.example/a", "tokenUrl": "https://a.example/t"}
OWN = {"type": "oauth2", "grant": "client_credentials", "tokenUrl": "https://a.example/t"}
KEY = {"type": "bearer", "secret": "KEY"}
HELD = {"sealed": b"tokens", "generation": 1, "obtained": NOW - 90 * MINUTE}


def status(auth: dict[str, Any] | None, grant: dict[str, Any] | None, **row: Any) -> tuple[str, str]:
    definition = None if auth is None else ConnectorDefinition(name="acme", auth=auth)
    kept = CredentialRow(tenant="default", connector_id="1", name="main", updated=NOW - 60 * MINUTE, **row)
    tokens = None if grant is None else GrantRow(tenant="default", holder=kept.id, **{**HELD, **grant})
    found = status_of(kept, tokens, definition, now_us=NOW)
    assert bool(found.code) == (found.status != "connected")
    return found.status, found.code


FAILED = {"attempts": 1, "code": "http_503", "reason": "closed"}
CASES = {
    "nobody has signed in": (SIGNED_IN, None, ("needs_reauthorization", "not-connected")),
    "a client needs nobody": (OWN, None, ("connected", "")),
    "a client is refused": (
        OWN,
        {"sealed": None, "generation": 0, "attempts": 3, "code": "invalid_client", "reason": "x"},
        ("error", "invalid_client"),
    ),
    "it lives": (SIGNED_IN, {"expires": NOW + 20 * MINUTE}, ("connected", "")),
    "it lives for ever": (SIGNED_IN, {}, ("connected", "")),
    "it ends soon, and is renewed": (SIGNED_IN, {"expires": NOW + MINUTE, "refreshable": True}, ("connected", "")),
    "it ends soon": (SIGNED_IN, {"expires": NOW + MINUTE}, ("expiring", "token-expires")),
    "it is over, and is renewed": (SIGNED_IN, {"expires": NOW - 1, "refreshable": True}, ("connected", "")),
    "it is over": (SIGNED_IN, {"expires": NOW - 1}, ("needs_reauthorization", "token-expired")),
    "it lives, and was not renewed": (
        SIGNED_IN,
        {"expires": NOW + MINUTE, "refreshable": True, **FAILED},
        ("connected", ""),
    ),
    "it is over, and was not renewed": (
        SIGNED_IN,
        {"expires": NOW - 1, "refreshable": True, **FAILED},
        ("error", "http_503"),
    ),
    "given up": (SIGNED_IN, {"refreshable": True, **FAILED, "attempts": 10}, ("error", "http_503")),
    "ended": (
        SIGNED_IN,
        {"ended": NOW - 1, "code": "invalid_grant", "reason": "revoked"},
        ("needs_reauthorization", "invalid_grant"),
    ),
    "a key": (KEY, None, ("connected", "")),
    "no such connector": (None, None, ("error", "connector-missing")),
}


@pytest.mark.parametrize(
    ("auth", "shown", "expected"),
    [
        ({**SIGNED_IN, "secret": "TOKEN"}, {"clientId": "x"}, "needs_reauthorization"),
        ({**SIGNED_IN, "optional": True}, {"clientId": "x"}, "needs_reauthorization"),
        ({**SIGNED_IN, "optional": True}, {"apiKey": MASK}, "connected"),
    ],
)
def test_what_was_typed_in_may_be_for_another_way_than_signing_in(auth, shown, expected):
    """An imported type knows several: a key needs nobody who signs in."""
    assert status(auth, None, shown=shown)[0] == expected


@pytest.mark.parametrize(("auth", "grant", "expected"), CASES.values(), ids=CASES)
def test_the_status_follows_from_what_is_known(auth, grant, expected):
    """Nobody is asked for it: a list of a hundred credentials would ask a hundred services."""
    assert status(auth, grant) == expected


REFUSED = {"success": False, "code": "unauthorized", "error": "no", "status": 401}


@pytest.mark.parametrize(
    ("result", "tested", "expected"),
    [
        (REFUSED, NOW, "error"),
        ({**REFUSED, "status": 403}, NOW, "error"),
        ({**REFUSED, "status": None, "code": "credential-missing"}, NOW, "error"),
        ({**REFUSED, "status": 500}, NOW, "connected"),
        ({"success": True, "status": 200}, NOW, "connected"),
        (REFUSED, NOW - 61 * MINUTE, "connected"),
    ],
)
def test_a_test_counts_where_the_service_refused_it_and_nothing_has_changed_since(result, tested, expected):
    """An outage is not the credential's fault; and a key that was replaced is another."""
    assert status(KEY, None, tested=tested, test_result=result)[0] == expected


def test_a_test_from_before_the_last_exchange_does_not_count():
    """Whoever signs in again has mended it."""
    before = {"tested": NOW - 5 * MINUTE, "test_result": REFUSED}

    assert status(SIGNED_IN, {"obtained": NOW - MINUTE}, **before) == ("connected", "")
    assert status(SIGNED_IN, {"obtained": NOW - 9 * MINUTE}, **before)[0] == "error"
