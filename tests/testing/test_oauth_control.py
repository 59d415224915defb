"""The fake OAuth server is steered the same way from its own process and from others, by many at once."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections import Counter
from dataclasses import fields
from pathlib import Path

import aiohttp
import pytest

from jackfield.testing import FakeOAuth, RemoteControl
from jackfield.testing.oauth import options
from jackfield.testing.oauth.faults import Fault
from jackfield.testing.oauth.journal import Counts
from jackfield.testing.oauth.parties import OAuthClient
from jackfield.testing.oauth.rules import Rules
from oauth_client import BACK, address, browser, call, code, redeem, refresh

PROGRAM = [sys.executable, "-m", "jackfield.testing.oauth"]


@pytest.fixture(params=["here", "elsewhere"])
def either(request, oauth):
    """The server, and the same seen from elsewhere."""
    return oauth if request.param == "here" else RemoteControl.connect(oauth.url)


def test_everything_can_be_done_from_elsewhere(either):
    """One story through most of what a torture test does."""
    either.change(grace_s=0, rotates=True)
    either.register_client("second", secret="second-secret", redirect_uris=[BACK])
    either.add_account("alan", name="Alan Turing", email="alan@example.com")
    either.clock.stop()
    given = redeem(either, code(either)).json()
    either.faults.next("token", status=503)
    failed = refresh(either, given["refresh_token"]).status_code
    ended = either.expire_access_tokens()
    renewed = refresh(either, given["refresh_token"]).json()
    refresh(either, given["refresh_token"])
    counts = either.counts()

    assert (failed, ended) == (503, 1)
    assert call(either, renewed["access_token"]).status_code == 401
    assert counts.exchanges["refresh_token"] == {"none": 1, "ok": 1, "invalid_grant": 1}
    assert (counts.reuses, counts.lost) == (1, 1)
    assert [entry.outcome for entry in either.log()] == ["ok", "none", "ok", "invalid_grant"]
    assert either.clock.advance(10) == either.clock.now()
    assert "second-secret" in either.secrets()
    assert call(either, either.grant(account="alan")["access_token"]).json()["name"] == "Alan Turing"


def test_requests_are_held_from_elsewhere_too(either):
    held = either.faults.hold("api")
    held.release()
    call(either, "nobody's")
    held.wait(1)

    with pytest.raises(TimeoutError):
        held.wait(2, timeout_s=0)


def test_one_grant_is_told_from_another(either):
    """As a test with many grants needs it: what happened to each refresh token, and to each access token."""
    first, second = either.grant(), either.grant(account="grace")
    ended = either.expire_access_tokens(family="f1")
    renewed = refresh(either, first["refresh_token"]).json()
    statuses = [call(either, given["access_token"]).status_code for given in (first, second, renewed)]
    counts = either.counts()

    assert ended == 1
    assert statuses == [401, 200, 200]
    assert counts.by_token == {"f1.1": {"ok": 1}}
    assert counts.api_by_token == {"f1.1": {"refused": 1}, "f2.1": {"ok": 1}, "f1.2": {"ok": 1}}
    assert [either.label(one) for one in (renewed["refresh_token"], second["access_token"])] == ["f1.2", "f2.1"]
    with pytest.raises(ValueError, match="never given"):
        either.label("at-f1-1")


def test_counting_can_begin_anew(either):
    given = either.grant()
    refresh(either, given["refresh_token"])
    refresh(either, given["refresh_token"])
    either.forget()
    forgotten = either.counts()
    call(either, given["access_token"])

    assert (forgotten.exchanges, forgotten.reuses, forgotten.lost, either.log()) == ({}, 0, 0, [])
    assert either.counts().api == {"refused": 1}


def test_a_way_back_can_be_added_when_it_is_known(either):
    either.add_redirect_uri("http://127.0.0.1:9/later")

    assert either.sign_in(address(either, redirect_uri="http://127.0.0.1:9/later")).startswith("http://127.0.0.1:9/lat")
    assert either.sign_in(address(either)).startswith(BACK)


def test_mistakes_are_told(either):
    with pytest.raises(ValueError, match="no operation"):
        either.ask("_revoke", families=[])
    with pytest.raises(ValueError, match="no operation"):
        either.ask("do")
    with pytest.raises(ValueError, match="rotate_s"):
        either.change(rotate_s=1)
    with pytest.raises(ValueError, match="no grant 'f9'"):
        either.revoke_family("f9")
    with pytest.raises(ValueError, match="not registered"):
        either.sign_in(address(either, redirect_uri="http://evil.example/"))


def test_a_page_in_a_browser_cannot_steer_it(oauth):
    """A form of another origin is sent without asking; JSON is not."""
    with browser() as client:
        answer = client.post(f"{oauth.url}/_control/revoke_all", data={"a": "b"})

    assert answer.status_code == 415


@pytest.mark.parametrize(
    ("named", "whole", "besides"),
    [
        (options.RuleOptions, Rules, set()),
        (options.FaultOptions, Fault, set()),
        (options.ClientOptions, OAuthClient, {"id"}),
    ],
)
def test_options_are_those_of_what_they_are_for(named, whole, besides):
    assert set(named.__annotations__) | besides == {field.name for field in fields(whole)}


@pytest.mark.parametrize("whole", [Rules, Fault, Counts])
def test_everything_that_can_be_said_is_in_the_guide(whole):
    guide = (Path(__file__).parents[2] / "docs/guides/testing-oauth.md").read_text(encoding="utf-8")

    assert [field.name for field in fields(whole) if field.name not in guide] == []


def test_a_wrong_rule_is_told_before_anything_listens():
    with pytest.raises(TypeError, match="rotate"):
        FakeOAuth(rotate=True)


def test_a_server_that_never_started_leaves_nothing_open():
    """Warnings of a socket that was not closed are errors here."""
    server = FakeOAuth()
    server.close()
    server.close()

    assert repr(server) == f"<FakeOAuth {server.url}>"


def test_two_servers_know_nothing_of_each_other(oauth):
    """As tests of mix-ups need it."""
    with FakeOAuth(redirect_uris=[BACK]) as other:
        answer = redeem(other, code(oauth))

    assert answer.json()["error"] == "invalid_grant"
    assert oauth.issuer != other.issuer


@pytest.mark.slow
def test_it_runs_as_a_process():
    told = ["--path", "/a", "--redirect-uri", BACK, "--rules", '{"access_lifetime_s": 60}']
    with subprocess.Popen([*PROGRAM, *told], stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            about = json.loads(process.stdout.readline())
            server = RemoteControl.connect(about["url"])
            given = redeem(server, code(server)).json()
        finally:
            process.terminate()
        status = process.wait(10)

    assert about["issuer"] == server.issuer == about["url"] + "/a"
    assert given["expires_in"] == 60
    assert status == 0


@pytest.mark.slow
async def test_two_hundred_callers_at_once_get_one_exchange(oauth):
    """Rotation lets exactly one of those win who come with the same token, and all of them hear something."""
    oauth.change(reuse_revokes=False)
    given = oauth.grant()
    params = {"grant_type": "refresh_token", "refresh_token": given["refresh_token"]}
    mine = {"Authorization": aiohttp.encode_basic_auth(oauth.client_id, oauth.client_secret)}
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:

        async def ask() -> int:
            async with session.post(oauth.token_url, data=params, headers=mine) as answer:
                return answer.status

        statuses = Counter(await asyncio.gather(*(ask() for _ in range(200))))

    assert statuses == {200: 1, 400: 199}
    assert oauth.counts().exchanges == {"refresh_token": {"ok": 1, "invalid_grant": 199}}
    assert oauth.counts().reuses == 199


def test_the_kit_is_loaded_when_it_is_used():
    """A program that steers a server in another process needs no web framework for it."""
    script = "import sys; from jackfield.testing import RemoteControl; print('aiohttp' in sys.modules)"
    said = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout

    assert said.strip() == "False"
