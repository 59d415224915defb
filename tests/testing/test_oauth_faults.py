"""Everything that goes wrong with token endpoints out there goes wrong here when a test says so, and only then."""

from __future__ import annotations

import asyncio
import json
from email.utils import parsedate_to_datetime

import aiohttp
import httpx2 as httpx
import pytest

from oauth_client import address, call, get, query, refresh, token


def test_a_fault_meets_the_next_requests_and_no_more(oauth):
    oauth.faults.next("token", status=503, times=2)
    given = oauth.grant()
    answers = [refresh(oauth, given["refresh_token"]).status_code for _ in range(3)]

    assert answers == [503, 503, 200]
    assert oauth.counts().exchanges == {"refresh_token": {"none": 2, "ok": 1}}
    assert [entry.fault for entry in oauth.log()] == ["status=503", "status=503", ""]


def test_a_fault_for_ever_ends_when_it_is_cleared_and_stands_behind_those_for_once(oauth):
    oauth.faults.always("token", status=500)
    oauth.faults.next("token", status=502)
    oauth.faults.always("api", status=500)
    given = oauth.grant()
    answers = [refresh(oauth, given["refresh_token"]).status_code for _ in range(3)]
    oauth.faults.clear("token")

    assert answers == [502, 500, 500]
    assert refresh(oauth, given["refresh_token"]).status_code == 200
    assert call(oauth, given["access_token"]).status_code == 500
    assert oauth.counts().api == {"fault": 1}
    oauth.faults.clear()
    assert call(oauth, given["access_token"]).status_code == 200


def test_a_fault_can_be_for_one_grant_type(oauth):
    oauth.faults.next("token", grant="refresh_token", status=500)
    given = oauth.grant()

    assert token(oauth, grant_type="client_credentials").status_code == 200
    assert oauth.faults.left() == 1
    assert refresh(oauth, given["refresh_token"]).status_code == 500
    assert oauth.faults.left() == 0


@pytest.mark.parametrize("form", ["seconds", "date"])
def test_too_many_requests_says_when_to_come_again(oauth, form):
    oauth.clock.stop()
    oauth.faults.next("token", status=429, retry_after=30, retry_after_as=form)
    answer = refresh(oauth, oauth.grant()["refresh_token"])
    said = answer.headers["retry-after"]

    assert answer.status_code == 429
    if form == "seconds":
        assert said == "30"
    else:
        assert (parsedate_to_datetime(said) - parsedate_to_datetime(answer.headers["date"])).total_seconds() == 30


ERRORS = [
    ({"error": "bad_refresh_token", "style": "github"}, 200, "application/json", "bad_refresh_token"),
    ({"error": "token_revoked", "style": "slack"}, 200, "application/json", '"ok": false'),
    ({"error": "bad_verification_code", "style": "form"}, 400, "application/x-www-form-urlencoded", "error=bad_"),
    ({"error": "bad", "style": "form", "status": 200}, 200, "application/x-www-form-urlencoded", "error=bad"),
    ({"error": "invalid_grant"}, 400, "application/json", "invalid_grant"),
    ({"style": "html", "status": 502}, 502, "text/html", "<h1>"),
    ({"style": "html"}, 200, "text/html", "<h1>"),
    ({"body": "{", "status": 200}, 200, "application/json", "{"),
    ({"body": "", "status": 200}, 200, "application/json", ""),
    ({"body": "[]"}, 200, "application/json", "[]"),
    ({"status": 500}, 500, "application/json", "temporarily_unavailable"),
]


@pytest.mark.parametrize(("fault", "status", "kind", "text"), ERRORS)
def test_errors_come_in_the_ways_of_many_services_and_change_nothing(oauth, fault, status, kind, text):
    oauth.faults.next("token", **fault)
    given = oauth.grant()
    answer = refresh(oauth, given["refresh_token"])

    assert answer.status_code == status
    assert answer.headers["content-type"].startswith(kind)
    assert text in answer.text
    assert refresh(oauth, given["refresh_token"]).status_code == 200


def test_an_answer_can_be_lost_after_it_took_effect(oauth):
    """A crash between exchange and store, as the client sees it: its old token is used up."""
    oauth.faults.next("token", status=500, when="after")
    given = oauth.grant()

    assert refresh(oauth, given["refresh_token"]).status_code == 500
    assert refresh(oauth, given["refresh_token"]).json()["error"] == "invalid_grant"
    assert [(entry.outcome, entry.given) for entry in oauth.log()] == [("ok", 2), ("invalid_grant", None)]
    assert oauth.counts().lost == 1


@pytest.mark.parametrize(("when", "outcome", "status"), [("before", "none", 200), ("after", "ok", 400)])
def test_the_server_hangs_up_before_or_after_it_took_effect(oauth, when, outcome, status):
    oauth.faults.next("token", drop=True, when=when)
    given = oauth.grant()
    with pytest.raises(httpx.TransportError):
        refresh(oauth, given["refresh_token"])

    assert oauth.log()[0].outcome == outcome
    assert refresh(oauth, given["refresh_token"]).status_code == status


def test_styles_are_those_of_good_answers_too(oauth):
    given = [oauth.grant()["refresh_token"] for _ in range(3)]
    answers = []
    for style, one in zip(("form", "slack", "github"), given, strict=True):
        oauth.faults.next("token", style=style)
        answers.append(refresh(oauth, one))

    assert query(f"?{answers[0].text}")["token_type"] == "Bearer"
    assert answers[1].json()["ok"] is True
    assert answers[2].json()["token_type"] == "Bearer"


@pytest.mark.parametrize("value", ["3600", -1, 0, 10**30, 1.5, None, "soon", True])
def test_a_lifetime_may_be_anything(oauth, value):
    oauth.faults.next("token", changes={"expires_in": value})
    answer = refresh(oauth, oauth.grant()["refresh_token"])

    assert answer.json()["expires_in"] == value


def test_members_of_an_answer_can_be_changed_or_left_out(oauth):
    oauth.faults.next("token", without=["expires_in", "refresh_token"], changes={"token_type": "mac", "scope": "less"})
    answer = refresh(oauth, oauth.grant()["refresh_token"]).json()

    assert set(answer) == {"access_token", "token_type", "scope"}
    assert (answer["token_type"], answer["scope"]) == ("mac", "less")


def test_a_clock_that_is_wrong_shows_in_dates(oauth):
    oauth.clock.stop()
    oauth.faults.next("token", skew_s=-86_400)
    answer = refresh(oauth, oauth.grant()["refresh_token"])
    wrong = parsedate_to_datetime(answer.headers["date"]).timestamp()

    assert abs(oauth.clock.now() - 86_400 - wrong) <= 1
    assert abs(answer.json()["expires_at"] - (wrong + 3600)) <= 1


def test_an_answer_can_be_huge(oauth):
    oauth.faults.next("token", size=3_000_000)

    assert len(refresh(oauth, oauth.grant()["refresh_token"]).content) > 3_000_000


@pytest.mark.parametrize("status", [None, 302, 308])
def test_a_token_endpoint_can_send_elsewhere(oauth, status):
    """Where the secret must not follow."""
    given = {} if status is None else {"status": status}
    oauth.faults.next("token", redirect="http://127.0.0.1:9/token", **given)
    answer = refresh(oauth, oauth.grant()["refresh_token"])

    assert (answer.status_code, answer.headers["location"]) == (status or 307, "http://127.0.0.1:9/token")


def test_answers_to_the_browser_can_be_forged(oauth):
    oauth.faults.next("authorize", changes={"iss": "https://evil.example", "state": "forged"})
    forged = query(oauth.sign_in(address(oauth)))
    oauth.faults.next("authorize", changes={"code": "x"}, without=["iss", "state"])

    assert (forged["iss"], forged["state"]) == ("https://evil.example", "forged")
    assert query(oauth.sign_in(address(oauth))) == {"code": "x"}


def test_metadata_can_be_wrong(oauth):
    oauth.faults.next("metadata", changes={"issuer": "https://evil.example"})
    oauth.faults.next("page", status=500)

    assert get(f"{oauth.url}/.well-known/oauth-authorization-server").json()["issuer"] == "https://evil.example"
    assert get(address(oauth)).status_code == 500


def test_a_new_token_can_be_no_good_from_the_start(oauth):
    oauth.faults.next("token", refused=True)
    given = refresh(oauth, oauth.grant()["refresh_token"]).json()
    second = refresh(oauth, given["refresh_token"]).json()

    assert call(oauth, given["access_token"]).status_code == 401
    assert call(oauth, second["access_token"]).status_code == 200


def test_the_api_can_refuse_a_good_token(oauth):
    oauth.faults.next("api", status=401, headers={"WWW-Authenticate": 'Bearer error="invalid_token"'})
    good = oauth.grant()["access_token"]
    answers = [call(oauth, good) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [401, 200]
    assert "invalid_token" in answers[0].headers["www-authenticate"]


@pytest.mark.parametrize("when", ["before", "after"])
async def test_requests_wait_until_a_test_lets_them_through(oauth, when):
    held = oauth.faults.hold("token", when=when)
    refreshes = [oauth.grant()["refresh_token"] for _ in range(3)]
    mine = {"Authorization": aiohttp.encode_basic_auth(oauth.client_id, oauth.client_secret)}
    async with aiohttp.ClientSession() as session:

        async def ask(text: str) -> int:
            params = {"grant_type": "refresh_token", "refresh_token": text}
            async with session.post(oauth.token_url, data=params, headers=mine) as answer:
                return answer.status

        asking = [asyncio.create_task(ask(text)) for text in refreshes]
        await held.wait_async(3)
        meanwhile = oauth.counts().exchanged("refresh_token")
        held.release()
        statuses = await asyncio.gather(*asking)

    assert meanwhile == (0 if when == "before" else 3)
    assert statuses == [200] * 3


def test_who_waits_for_requests_that_do_not_come_is_told(oauth):
    held = oauth.faults.hold("token")

    with pytest.raises(TimeoutError):
        held.wait(timeout_s=0)


async def test_a_server_ends_while_requests_wait(oauth):
    held = oauth.faults.hold("api")
    async with aiohttp.ClientSession() as session:
        asking = asyncio.create_task(session.get(f"{oauth.api_url}/me"))
        await held.wait_async()
        await asyncio.to_thread(oauth.close)
        answer = await asyncio.gather(asking, return_exceptions=True)

    assert isinstance(answer[0], aiohttp.ClientResponse | aiohttp.ClientError)


def test_what_is_no_endpoint_or_no_fault_is_refused(oauth):
    with pytest.raises(ValueError, match="there is no endpoint 'tokens'"):
        oauth.faults.next("tokens", status=500)
    with pytest.raises(ValueError, match="stattus"):
        oauth.faults.next("token", stattus=500)


def test_the_log_has_no_secrets(oauth):
    oauth.faults.next("token", changes={"access_token": "hidden-in-a-fault"})
    given = oauth.grant()
    refresh(oauth, given["refresh_token"])
    refresh(oauth, given["refresh_token"])
    said = json.dumps([str(oauth.log()), str(oauth.counts()), repr(oauth)])

    assert len(oauth.secrets()) == 5
    assert not [secret for secret in [*oauth.secrets(), "hidden-in-a-fault"] if secret in said]
