"""What goes wrong at the token endpoint: what it means, that nothing is lost by it, and nothing told."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

import pytest

from jackfield.credentials.oauth.errors import ReauthorizationNeeded, TokenRefreshFailed
from jackfield.testing import FakeOAuth
from oauth_refresh.world import Another, Desk, all_of, end_turns, exchanges, granted, replace_tokens

PASSING: dict[str, tuple[dict[str, Any], str]] = {
    "429 in seconds": ({"status": 429, "retry_after": 7}, "http_429"),
    "429 as a date": ({"status": 429, "retry_after": 7, "retry_after_as": "date"}, "http_429"),
    "429 as a date of a wrong clock": (
        {"status": 429, "retry_after": 7, "retry_after_as": "date", "skew_s": 86_400},
        "http_429",
    ),
    "500": ({"status": 500}, "http_500"),
    "502 with a page": ({"status": 502, "style": "html"}, "http_502"),
    "503": ({"status": 503, "retry_after": 7}, "http_503"),
    "a page": ({"style": "html"}, "http_200"),
    "a redirect": ({"redirect": "http://127.0.0.1:1/"}, "http_307"),
    "no JSON": ({"body": "{"}, "http_200"),
    "an empty object": ({"body": "{}"}, "http_200"),
    "a list": ({"body": "[]"}, "http_200"),
    "an unknown error": ({"error": "server_error"}, "server_error"),
    "an unknown error with 200": ({"error": "ratelimited", "style": "slack"}, "ratelimited"),
    "no connection": ({"drop": True}, "disconnected"),
}
ENDED: dict[str, tuple[dict[str, Any], str]] = {
    "invalid_grant": ({"error": "invalid_grant"}, "invalid_grant"),
    "invalid_grant as a form": ({"error": "invalid_grant", "style": "form"}, "invalid_grant"),
    "of GitHub": ({"error": "bad_refresh_token", "style": "github"}, "bad_refresh_token"),
    "of Slack": ({"error": "invalid_refresh_token", "style": "slack"}, "invalid_refresh_token"),
    "interaction": ({"error": "interaction_required"}, "interaction_required"),
}
CLIENT: dict[str, tuple[dict[str, Any], str]] = {
    "invalid_client": ({"error": "invalid_client", "status": 401}, "invalid_client"),
    "of GitHub": ({"error": "incorrect_client_credentials", "style": "github"}, "incorrect_client_credentials"),
}
ODD_ANSWERS: dict[str, dict[str, Any]] = {
    "without a lifetime": {"without": ("expires_in",)},
    "lifetime as text": {"changes": {"expires_in": "3600"}},
    "negative lifetime": {"changes": {"expires_in": -1}},
    "endless lifetime": {"changes": {"expires_in": 10**30}},
    "lifetime that is none": {"changes": {"expires_in": {"in": "a while"}}},
    "lifetime not a number": {"changes": {"expires_in": "NaN"}},
    "wrong clock": {"skew_s": -86_400},
    "as a form": {"style": "form"},
    "of Slack": {"style": "slack"},
    "huge": {"size": 1_000_000},
    "no type": {"without": ("token_type",)},
    "type in capitals": {"changes": {"token_type": "BEARER"}},
    "no new refresh token": {"without": ("refresh_token",)},
    "scopes as a list": {"changes": {"scope": ["read", "write"]}},
}


@pytest.fixture
def words(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    """All that is logged."""
    caplog.set_level(logging.DEBUG)
    return caplog


def keeps_secrets(server: FakeOAuth, words: pytest.LogCaptureFixture, *errors: BaseException) -> None:
    """No secret is in any log or error."""
    said = words.text + " ".join(f"{error!r} {error} {getattr(error, 'details', '')}" for error in errors)
    assert [secret for secret in server.secrets() if secret in said] == []


@pytest.mark.parametrize("name", PASSING)
async def test_what_passes_is_tried_again_and_loses_nothing(
    desk: Desk, server: FakeOAuth, impatient: None, words: pytest.LogCaptureFixture, name: str
):
    fault, code = PASSING[name]
    await desk.connect(lives_s=0.0)
    server.faults.next("token", **fault)
    with pytest.raises(TokenRefreshFailed) as failed:
        await desk.call()
    before = await desk.held()
    await desk.refresher.now(desk.source())

    assert failed.value.details["error"] == code
    assert (before.attempts, before.ended, before.generation) == (1, "", 1)
    assert (await desk.call()).status == 200
    assert server.counts().lost == 0
    keeps_secrets(server, words, failed.value)


@pytest.mark.parametrize("name", [name for name in PASSING if "retry_after" in PASSING[name][0]])
async def test_who_says_when_to_come_again_is_not_asked_before(
    another: Another, server: FakeOAuth, impatient: None, name: str
):
    """By no process: all see it."""
    one, two = await another(), await another()
    await one.connect(lives_s=0.0)
    server.faults.next("token", **PASSING[name][0])
    failures = await all_of(20, one.call) + await all_of(20, two.call)

    assert {type(failure) for failure in failures} == {TokenRefreshFailed}
    assert {failure.details["retryAfter"] for failure in failures} <= {6, 7}
    assert len(exchanges(server)) == 1


@pytest.mark.parametrize("name", ENDED)
async def test_what_ended_is_tried_once_and_said_from_then_on(
    another: Another, server: FakeOAuth, words: pytest.LogCaptureFixture, name: str
):
    """One attempt for each terminal failure, whatever process and however many calls."""
    fault, code = ENDED[name]
    one, two = await another(), await another()
    await one.connect(lives_s=0.0)
    server.faults.always("token", **fault)
    failures = await all_of(20, one.call) + await all_of(20, two.call)

    assert {type(failure) for failure in failures} == {ReauthorizationNeeded}
    assert {failure.details["error"] for failure in failures} == {code}
    assert len(exchanges(server)) == 1
    assert (await one.held()).ended == code
    keeps_secrets(server, words, *failures)


@pytest.mark.parametrize("name", CLIENT)
async def test_a_wrong_app_ends_no_grant_and_is_not_tried_by_every_call(
    desk: Desk, server: FakeOAuth, impatient: None, words: pytest.LogCaptureFixture, name: str
):
    fault, code = CLIENT[name]
    await desk.connect(lives_s=0.0)
    server.faults.next("token", **fault)
    failures = await all_of(10, desk.call)

    assert {(type(failure), failure.details["error"]) for failure in failures} == {(TokenRefreshFailed, code)}
    assert len(exchanges(server)) == 1
    assert (await desk.refresher.now(desk.source())).lives
    keeps_secrets(server, words, *failures)


@pytest.mark.parametrize("name", ODD_ANSWERS)
async def test_odd_answers_are_understood(desk: Desk, server: FakeOAuth, name: str):
    """Nothing that makes no sense is believed; what was granted is."""
    await desk.connect(lives_s=0.0)
    server.change(rotates=name != "no new refresh token")
    server.faults.next("token", **ODD_ANSWERS[name])

    assert (await desk.call()).status == 200
    held = await desk.held()
    assert held.generation == 2
    assert held.lives
    server.expire_access_tokens()
    assert (await desk.call()).status == 200
    assert server.counts().lost == 0


@pytest.mark.parametrize(
    "fault",
    [{"changes": {"token_type": "mac"}}, {"changes": {"access_token": "\u2603"}}, {"without": ("access_token",)}],
    ids=["mac", "snowman", "none"],
)
async def test_a_refresh_token_beside_a_token_of_no_use_is_kept(
    desk: Desk, server: FakeOAuth, impatient: None, fault: dict[str, Any]
):
    """The one before it is used up: using it again would end the grant."""
    await desk.connect(lives_s=0.0)
    server.faults.next("token", **fault)
    failures = await all_of(5, desk.call)
    await desk.refresher.now(desk.source())

    assert {type(failure) for failure in failures} == {TokenRefreshFailed}
    assert exchanges(server) == [("ok", 1), ("ok", 2)]
    assert (await desk.call()).status == 200


async def test_an_answer_that_does_not_arrive_loses_nothing_where_the_service_has_a_grace_period(
    desk: Desk, server: FakeOAuth, impatient: None
):
    server.change(grace_s=60)
    await desk.connect(lives_s=0.0)
    server.faults.next("token", drop=True, when="after")
    with pytest.raises(TokenRefreshFailed):
        await desk.call()
    await desk.refresher.now(desk.source())

    assert exchanges(server) == [("ok", 1), ("repeated", 1)]
    assert (await desk.call()).status == 200


async def test_an_answer_that_does_not_arrive_is_the_reason_why_a_strict_service_ends_the_grant(
    desk: Desk, server: FakeOAuth, impatient: None
):
    """Nobody has the new tokens: that is said, and asked once."""
    await desk.connect(lives_s=0.0)
    server.faults.next("token", drop=True, when="after")
    with pytest.raises(TokenRefreshFailed):
        await desk.call()
    with pytest.raises(ReauthorizationNeeded) as ended:
        await desk.refresher.now(desk.source())
    failures = await all_of(5, desk.call)

    assert "did not arrive" in str(ended.value)
    assert {type(failure) for failure in failures} == {ReauthorizationNeeded}
    assert len(exchanges(server)) == 2


async def test_callers_with_a_living_token_go_on_while_the_service_fails(desk: Desk, server: FakeOAuth):
    """Early renewal is no reason to fail."""
    await desk.connect(lives_s=50.0)
    server.faults.always("token", status=500)
    await desk.refresher.current(desk.source())
    with pytest.raises(TokenRefreshFailed):
        await desk.refresher.now(desk.source())

    assert [(await desk.call()).status for _ in range(5)] == [200] * 5
    assert len(exchanges(server)) == 1


async def test_a_failure_that_passes_soon_is_waited_for(desk: Desk, server: FakeOAuth):
    """The caller sees none of it."""
    await desk.connect(lives_s=0.0)
    server.faults.next("token", status=503)

    assert {answer.status for answer in await all_of(10, desk.call)} == {200}
    assert exchanges(server) == [("none", 1), ("ok", 1)]


async def test_invalid_grant_is_no_end_where_somebody_else_has_got_tokens(
    another: Another, server: FakeOAuth, words: pytest.LogCaptureFixture
):
    """They may have used the refresh token first: what is kept is read again before a grant is given up."""
    one, two = await another(), await another()
    await one.connect(lives_s=0.0)
    held = server.faults.hold("token", times=1, error="invalid_grant")
    call = asyncio.create_task(one.call())
    await held.wait_async()
    await _kept_meanwhile(two, server)
    held.release()

    assert (await call).status == 200
    assert (await one.held()).ended == ""


async def test_a_success_counts_more_than_a_failure_that_was_written_before(another: Another, server: FakeOAuth):
    """Whoever was stopped for longer than its turn brings what the service has given it."""
    one, two = await another(), await another()
    await one.connect(lives_s=0.0)
    turn = await one.grants.turn(tenant="default", holder="cred-1")
    assert turn is not None
    await end_turns(two)
    server.faults.next("token", error="invalid_grant")
    with pytest.raises(ReauthorizationNeeded):
        await two.call()
    tokens = granted(server)
    kept = await one.grants.keep(turn, tokens, refreshable=True)

    assert kept is not None
    assert (await two.call()).status == 200


async def _kept_meanwhile(desk: Desk, server: FakeOAuth) -> None:
    """Tokens of the next generation, without the turn."""
    turn = await desk.grants.turn(tenant="default", holder="cred-1")
    assert turn is None
    await replace_tokens(desk, granted(server))
