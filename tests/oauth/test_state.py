"""Z06, I06: what comes back counts once, in time, from where it was sent, and in the browser that was sent there.

Each attack ends without a word to the service, and without a credential.
"""

from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from oauth.signing import World, changed, params
from server.browser import Browser
from server.world import Said


def refused(world: World, browser: Browser, address: str) -> str:
    """What the page says that refuses an answer, of which the service has heard nothing."""
    before = len(world.service.log())
    said = browser.ask("GET", address, sec_fetch_site="cross-site")

    assert said.status == 400, (said.status, said.headers)
    assert len(world.service.log()) == before
    return said.body.decode()


def credentials(world: World) -> list[Any]:
    found: list[Any] = world.at.ask("GET", "/api/credentials").json()["items"]
    return found


def test_a_state_is_used_once(everywhere: World):
    """A replayed answer is refused, though browser and time are right."""
    browser = everywhere.browser()
    started = everywhere.start(browser)
    address, cookies = everywhere.agree(started), dict(browser.cookies)
    assert browser.ask("GET", address).status == 303
    browser.cookies = cookies

    assert "was used before" in refused(everywhere, browser, address)
    assert everywhere.status(browser, started["id"])["state"] == "connected"
    assert len(credentials(everywhere)) == 1


def test_of_answers_that_come_at_once_one_counts(everywhere: World):
    """One statement decides, whatever processes they come to."""
    browser = everywhere.browser()
    started = everywhere.start(browser)
    address = everywhere.agree(started)

    def come_back(_: int) -> Said:
        twin = Browser(everywhere.at, host=browser.host, origin=browser.origin, cookies=dict(browser.cookies))
        return twin.ask("GET", address)

    with ThreadPoolExecutor(8) as pool:
        said = sorted(answer.status for answer in pool.map(come_back, range(8)))

    assert said == [303] + [400] * 7
    assert len(everywhere.service.log()) == 1
    assert len(credentials(everywhere)) == 1


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"state": None}, "has no state"),
        ({"state": ""}, "has no state"),
        ({"state": "x" * 43}, "is unknown"),
        ({"state": "%00"}, "is unknown"),
        ({"state": "x" * 5000}, "is too long"),
        ({"code": "x" * 5000}, "is too long"),
    ],
    ids=["none", "empty", "forged", "odd", "long", "long-code"],
)
def test_a_forged_answer_is_refused(shared: World, changes: dict[str, str | None], words: str):
    """Of those, none has taken the state: it can still be answered as it should be."""
    browser = shared.browser()
    started = shared.start(browser)
    address = shared.agree(started)

    assert words in refused(shared, browser, changed(address, **changes))
    assert browser.ask("GET", address).status == 303


@pytest.mark.parametrize("name", ["code", "state", "error", "iss"])
def test_no_parameter_is_taken_from_two(shared: World, name: str):
    """RFC 6749, 3.1: who takes the first, and who the last, could be told different things."""
    browser = shared.browser()
    address = shared.agree(shared.start(browser))

    assert "is there twice" in refused(shared, browser, f"{address}&{name}=a&{name}=b")


@pytest.mark.parametrize("extra", [{"error": "access_denied"}, {"code": None}, {"code": ""}])
def test_an_answer_has_a_code_or_an_error(shared: World, extra: dict[str, str | None]):
    """Both, or neither, is no answer of a service."""
    browser = shared.browser()
    started = shared.start(browser)
    refused(shared, browser, changed(shared.agree(started), **extra))

    assert shared.status(browser, started["id"])["state"] == "failed"


@pytest.mark.parametrize("cookie", ["none", "wrong", "another", "twice"])
def test_another_browser_cannot_finish_a_sign_in(shared: World, cookie: str):
    """RFC 9700, 4.7: an attacker's answer in the victim's browser would connect the attacker's account, and the other
    way around. Nobody gets a second attempt either."""
    attacker, victim = shared.browser(), shared.browser()
    started = shared.start(attacker)
    address = shared.agree(started)
    name = f"jackfield_signin_{started['id'][-12:]}"
    kept = attacker.cookies[name]
    if cookie == "wrong":
        victim.cookies[name] = "x" * 43
    elif cookie == "another":
        shared.start(victim)
    elif cookie == "twice":
        victim.cookies["a"] = f"b; {name}={kept}; {name}={kept}"

    assert "in another browser" in refused(shared, victim, address)
    assert "was used before" in refused(shared, attacker, address)
    assert shared.status(attacker, started["id"])["code"] == "refused"


def test_a_state_expires(here: World, tmp_path: Path):
    """After ten minutes. The clock is not waited for: the row says that they are over."""
    browser = here.browser()
    started = here.start(browser)
    with sqlite3.connect(tmp_path / "jackfield.db") as database:
        database.execute("UPDATE oauth_flow SET expires = expires - 601000000")
    assert here.status(browser, started["id"])["state"] == "expired"

    assert "took too long" in refused(here, browser, here.agree(started))


def test_an_answer_comes_back_where_it_was_sent_from(shared: World):
    """RFC 9700, 4.4: each type has a redirect URI of its own, so that an answer of another service is noticed."""
    browser = shared.browser()

    for path in ("/api/oauth/callback/other", "/api/oauth/callback"):
        query = shared.agree(shared.start(browser)).partition("?")[2]
        assert "at the address of another service" in refused(shared, browser, f"{path}?{query}")


def test_only_who_began_a_sign_in_sees_it(shared: World):
    """Of another user, it is not there."""
    browser = shared.browser()
    started = shared.start(browser)
    other = shared.user(f"u-{started['id'][-12:]}", admin=True)

    said = other.ask("GET", f"/api/oauth/sign-ins/{started['id']}")

    assert said.code == "unknown-sign-in"


def test_nothing_of_a_sign_in_is_kept_in_the_clear(here: World, tmp_path: Path):
    """State and cookie are there as hashes, the verifier sealed, and nothing of it afterwards."""
    browser = here.browser()
    started = here.start(browser, clientId=here.service.client_id, clientSecret=here.service.client_secret)
    state = params(started["authorizationUrl"])["state"]
    cookie = browser.cookies[f"jackfield_signin_{started['id'][-12:]}"]
    with sqlite3.connect(tmp_path / "jackfield.db") as database:
        dump = "\n".join(database.iterdump())
    browser.ask("GET", here.agree(started))
    with sqlite3.connect(tmp_path / "jackfield.db") as database:
        sealed = database.execute("SELECT sealed FROM oauth_flow").fetchall()

    assert state not in dump
    assert cookie not in dump
    assert here.service.client_secret not in dump
    assert sealed == [(None,)]
