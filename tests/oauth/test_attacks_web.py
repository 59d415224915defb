"""A web attacker: pages of others, neighbours of this server, and who sees what passes by."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from jackfield.testing.oauth.server import FakeOAuth
from oauth.signing import World, world

PUBLIC = "https://jackfield.example"


@pytest.fixture
def secure(sqlite_url: str, tmp_path: Path, service: FakeOAuth) -> Iterator[World]:
    """A server behind TLS."""
    with world(tmp_path, sqlite_url, service, public_url=PUBLIC) as made:
        callback = f"{PUBLIC}/api/oauth/callback/acme"
        service.register_client(service.client_id, secret=service.client_secret, redirect_uris=[callback])
        yield made


def test_a_neighbour_puts_no_cookie_into_a_browser(secure: World):
    """RFC 9700, 4.7: somebody begins a sign-in, sends its address to a victim, and, from another host of the domain or
    without TLS, has the victim's browser keep what its own was given. `__Host-` cookies come from nowhere else."""
    attacker, victim = secure.browser(), secure.stranger()
    started = secure.start(attacker)
    name = f"jackfield_signin_{started['id'][-12:]}"
    address = secure.service.sign_in(started["authorizationUrl"]).removeprefix(PUBLIC)
    victim.cookies[name] = attacker.cookies[f"__Host-{name}"]

    said = victim.ask("GET", address, sec_fetch_site="cross-site")

    assert said.status == 400
    assert b"in another browser" in said.body


def test_a_cookie_over_tls_is_of_this_very_host(secure: World):
    """And it finishes the sign-in in the browser that it was given to."""
    browser = secure.browser()
    said = browser.ask("POST", "/api/oauth/sign-ins", {"connector": "acme"})
    cookie = said.headers["set-cookie"]
    address = secure.service.sign_in(said.json()["authorizationUrl"]).removeprefix(PUBLIC)
    back = browser.ask("GET", address, sec_fetch_site="cross-site")

    assert cookie.startswith("__Host-jackfield_signin_")
    for part in ("; Path=/;", "; Secure", "; HttpOnly", "; SameSite=Lax"):
        assert part in cookie
    assert "Domain" not in cookie
    assert back.status == 303
    assert secure.status(browser, said.json()["id"])["state"] == "connected"


@pytest.mark.parametrize("method", ["HEAD", "POST", "PUT", "OPTIONS"])
def test_an_answer_is_a_get(shared: World, method: str):
    """What only looks at an address, or posts to it, takes no state: it can be answered as it should be."""
    browser = shared.browser()
    started = shared.start(browser)
    address = shared.agree(started)
    said = browser.ask(method, address, sec_fetch_site="cross-site")

    assert said.status in {403, 405}
    assert browser.ask("GET", address, sec_fetch_site="cross-site").status == 303


@pytest.mark.parametrize("host", ["evil.example/x", "a b", "user@evil.example", "evil.example:99999999", "", "[::1"])
def test_an_odd_host_makes_no_redirect_uri(shared: World, host: str):
    """It is where the service sends the browser, with the code."""
    said = shared.at.ask("POST", "/api/oauth/sign-ins", {"connector": "acme"}, headers={"host": host})

    assert said.status in {400, 403}, said.body


def test_the_address_that_is_set_wins_over_any_host(secure: World):
    """So nobody is sent elsewhere by whoever asks."""
    headers = {"host": "evil.example", "x-forwarded-host": "evil.example", "forwarded": "host=evil.example"}
    started = secure.at.ask("POST", "/api/oauth/sign-ins", {"connector": "acme"}, headers=headers).json()
    body = {"connector": "acme", "endUser": "c"}
    link = secure.at.ask("POST", "/api/connect-links", body, headers=headers).json()
    told = secure.at.ask("GET", "/api/oauth/redirect-uri?connector=acme", headers=headers).json()

    assert started["redirectUri"] == told["redirectUri"] == f"{PUBLIC}/api/oauth/callback/acme"
    assert link["url"].startswith(f"{PUBLIC}/connect/")


def test_another_page_begins_nothing(shared: World):
    """Without the token of the session's page, or from another site: as for everything that changes something."""
    browser = shared.browser()
    token, browser.csrf_token = browser.csrf_token, ""
    without = browser.ask("POST", "/api/oauth/sign-ins", {"connector": "acme"})
    browser.csrf_token = token
    across = browser.ask("POST", "/api/oauth/sign-ins", {"connector": "acme"}, sec_fetch_site="cross-site")
    beside = browser.ask("POST", "/api/oauth/sign-ins", {"connector": "acme"}, sec_fetch_site="same-site")

    assert [said.status for said in (without, across, beside)] == [403, 403, 403]


def test_no_form_is_too_much_for_a_link(shared: World):
    """Whoever has a link is a stranger: more fields than a form has are no mistake of ours, and use up no link."""
    body = {
        "name": "keyed",
        "baseUrl": shared.service.api_url,
        "operations": [{"name": "me", "method": "GET", "path": "/me"}],
        "auth": {"type": "bearer", "secret": "some-key"},
    }
    assert shared.at.ask("POST", "/api/connectors", body).status == 201
    made = shared.at.ask("POST", "/api/connect-links", {"connector": "keyed", "endUser": "c"}).json()
    path = "/connect/" + made["url"].partition("/connect/")[2]
    form = "&".join(f"f{number}=x" for number in range(1000)).encode()
    kind = "application/x-www-form-urlencoded"

    said = [
        shared.stranger().ask("POST", path, content, content_type=kind) for content in (form, b"", b"token=", b"\xff")
    ]

    assert [each.status for each in said] == [422] * 4
    assert shared.stranger().ask("POST", path, b"token=a-token-of-mine", content_type=kind).status == 200
