"""I03, I05: an account is connected in a browser, and calls use it."""

from __future__ import annotations

from oauth.signing import World, params


def test_an_account_is_connected_and_used(everywhere: World):
    """The whole way, over real HTTP."""
    browser = everywhere.browser()
    started = everywhere.start(browser, name="sales")
    back = browser.ask("GET", everywhere.agree(started), sec_fetch_site="cross-site")
    done = browser.ask("GET", f"/api/oauth/done/{started['id']}")
    status = everywhere.status(browser, started["id"])
    called = everywhere.call()

    assert back.status == 303
    assert back.headers["location"] == f"../done/{started['id']}"
    assert "jackfield_signin_" in back.headers["set-cookie"]
    assert "Max-Age=0" in back.headers["set-cookie"]
    assert b"The account is connected" in done.body
    assert status["state"] == "connected"
    assert status["credential"]
    assert called.status == 200, called.body
    assert called.json()["payload"]["email"] == "ada@example.com"


def test_what_is_asked_of_the_service(here: World):
    """RFC 6749, 4.1.1; RFC 7636: PKCE with S256 for every service, and a state that nobody guesses."""
    started = here.start(here.browser(), scopes=["write"])
    asked = params(started["authorizationUrl"])

    assert asked["response_type"] == "code"
    assert asked["code_challenge_method"] == "S256"
    assert asked["redirect_uri"] == here.callback() == started["redirectUri"]
    assert asked["scope"] == "read write"
    assert len(asked["state"]) == 43
    assert len(asked["code_challenge"]) == 43
