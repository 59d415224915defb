"""Whatever a token endpoint answers, it is tokens or a failure of ours; and no nonsense is believed."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jackfield.credentials.oauth.failures import ExchangeFailed
from jackfield.credentials.oauth.tokens import MAX_LIFE_S, Tokens, from_bytes, read_tokens

NAMES = ("access_token", "refresh_token", "expires_in", "token_type", "scope", "error", "ok", "error_description", "a")
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=40),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=6),
    max_leaves=12,
)
ANSWERS = st.dictionaries(st.sampled_from(NAMES), ANYTHING)


def read(status: int, content: bytes, **more: Any) -> Tokens | ExchangeFailed:
    """Tokens or a failure; anything else is a mistake."""
    try:
        return read_tokens(status, content, **more)
    except ExchangeFailed as failure:
        return failure


def sane(found: Tokens | ExchangeFailed) -> None:
    """It can be kept, sent and shown."""
    if isinstance(found, ExchangeFailed):
        assert found.kind in {"ended", "client", "passing"}
        assert found.reason.isprintable() or not found.reason
        assert len(found.error) <= 100
        assert found.error.isascii()
        return
    for token in (found.access, found.refresh):
        assert token is None or (token.reveal().isascii() and token.reveal().isprintable() and token.reveal())
    assert found.lives_s is None or (math.isfinite(found.lives_s) and 0 < found.lives_s <= MAX_LIFE_S)
    assert found.scopes is None or all(isinstance(scope, str) for scope in found.scopes)
    assert from_bytes(found.to_bytes()) == (found.access, found.refresh)


@given(st.sampled_from([200, 201, 302, 400, 401, 403, 404, 429, 500, 503]), st.binary(max_size=200))
def test_any_bytes_are_tokens_or_a_failure(status, content):
    sane(read(status, content))


@given(st.sampled_from([200, 400, 429, 500]), ANSWERS, st.sampled_from(["", "a", "a.a", "..", "x"]))
def test_any_object_is_tokens_or_a_failure(status, answer, path):
    sane(read(status, json.dumps(answer).encode(), path=path))


@given(ANYTHING)
def test_no_lifetime_is_believed_that_makes_no_sense(given_life):
    found = read(200, json.dumps({"access_token": "t", "expires_in": given_life}).encode())

    sane(found)
    assert isinstance(found, Tokens)


@given(st.text(max_size=50))
def test_a_token_that_cannot_be_sent_is_none(text):
    """A line break in it would be a header of the service's choice."""
    found = read(200, json.dumps({"access_token": text}).encode())

    assert isinstance(found, ExchangeFailed) or found.access.reveal() == text
    sane(found)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 429, 500])
def test_tokens_beside_an_error_status_are_no_tokens(status):
    assert isinstance(read(status, b'{"access_token": "t"}'), ExchangeFailed)


@pytest.mark.parametrize(
    ("content", "error", "kind"),
    [
        (b'{"error": "invalid_grant"}', "invalid_grant", "ended"),
        (b'{"ok": false, "error": "invalid_refresh_token"}', "invalid_refresh_token", "ended"),
        (b'{"ok": false}', "error", "passing"),
        (b'{"error": {"code": "invalid_grant", "message": "no"}}', "invalid_grant", "ended"),
        (b"error=bad_verification_code&error_description=no", "bad_verification_code", "ended"),
        (b'{"error": "invalid_client"}', "invalid_client", "client"),
        (b'{"error": "a b\\r\\nSet-Cookie: x"}', "a_b_Set-Cookie:_x", "passing"),
    ],
)
def test_an_error_is_found_in_an_answer_that_says_200(content, error, kind):
    found = read(200, content)

    assert isinstance(found, ExchangeFailed)
    assert (found.error, found.kind) == (error, kind)


def test_an_error_wins_over_tokens_beside_it():
    assert isinstance(read(200, b'{"access_token": "t", "error": "invalid_grant"}'), ExchangeFailed)


def test_a_server_error_ends_nothing_whatever_it_says():
    """A gateway that is out of order says many things."""
    found = read(503, b'{"error": "invalid_grant"}')

    assert isinstance(found, ExchangeFailed)
    assert found.kind == "passing"


def test_no_token_is_in_what_is_shown():
    found = read(200, b'{"access_token": "secret-a", "refresh_token": "secret-r", "id_token": "x"}')

    assert "secret-" not in repr(found)


def test_tokens_of_a_user_inside_an_answer_are_found():
    """As Slack gives them."""
    content = {"ok": True, "access_token": "bot", "authed_user": {"access_token": "user", "scope": "a,b"}}
    found = read(200, json.dumps(content).encode(), path="authed_user")

    assert isinstance(found, Tokens)
    assert (found.access.reveal(), found.scopes) == ("user", ("a", "b"))
