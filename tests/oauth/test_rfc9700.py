"""RFC 9700, Best Current Practice for OAuth 2.0 Security: what it asks of a client, a test each.

- 2.1, 4.1: the redirect URI is exact, and the same in both requests
- 2.1, 4.7: against CSRF, a state bound to the browser (the other half is in `test_state`)
- 2.1.1: PKCE with S256 and a verifier of one transaction; no downgrade to `plain` or to none
- 2.1.2: no implicit grant: no token comes through the browser
- 2.4: no password grant
- 2.5: how the app shows who it is: in the header or the body, never in an address
- 2.6, 4.4: mix-up: `iss` (RFC 9207), and a redirect URI for each type
- 4.2: nothing leaks by `Referer`, history or log
- 4.3: codes and tokens leave the address bar
- 4.5: a code that is injected is refused by the service, since the verifier is another one
- 4.8: who knows one verifier knows no other
- 4.10, 2.2.2: a refresh token that is rotated is replaced
- 4.11: no open redirector, neither before signing in nor after
- 4.12: no redirect takes a client's secret along (307)
- 4.16: no page of ours can be framed
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any, get_args

import pytest

from jackfield.credentials.oauth.settings import Grant, OAuthSettings
from jackfield.credentials.oauth.sign_in_urls import challenge_of, sign_in_url
from jackfield.testing.oauth.server import FakeOAuth
from oauth.signing import World, acme, changed, params


@pytest.fixture
def other() -> Iterator[FakeOAuth]:
    """A second service, whose owner means no good."""
    with FakeOAuth(consent="allow") as running:
        yield running


def test_the_redirect_uri_is_the_same_in_both_requests(here: World):
    """2.1: the service compares them letter by letter, and has registered no other."""
    status = here.connect(here.browser())

    assert status["state"] == "connected"
    here.service.register_client(
        here.service.client_id, secret=here.service.client_secret, redirect_uris=[f"{here.callback()}/"]
    )
    with pytest.raises(ValueError, match="redirect_uri is not registered"):
        here.agree(here.start(here.browser()))


def test_each_sign_in_has_a_verifier_of_its_own(shared: World):
    """2.1.1: transaction-specific, and bound to the browser; S256, whatever the type says."""
    browser = shared.browser()
    asked = [params(shared.start(browser)["authorizationUrl"]) for _ in range(5)]

    assert len({each["code_challenge"] for each in asked}) == 5
    assert len({each["state"] for each in asked}) == 5
    assert {each["code_challenge_method"] for each in asked} == {"S256"}


OURS = {
    **{"code_challenge": "x", "code_challenge_method": "plain", "state": "s", "redirect_uri": "https://evil.example"},
    **{"response_type": "token", "client_id": "evil", "response_mode": "fragment", "request": "e30."},
}


def test_a_type_cannot_turn_protection_off(here: World):
    """2.1.1: none of what protects can be said as a further parameter."""
    body = acme(here.service, name="odd", authorizationParams=OURS | {"access_type": "offline"})
    said = here.at.ask("POST", "/api/connectors", body)
    pointed = {fault["pointer"].rpartition("/")[2] for fault in said.json()["errors"]}

    assert said.status == 422
    assert pointed >= {"code_challenge", "code_challenge_method", "state", "redirect_uri", "response_type", "client_id"}


def test_a_type_that_was_kept_earlier_cannot_either():
    """2.1.1: what was once taken stands in the place of none of ours, whoever has checked it."""
    settings = OAuthSettings(type="odd", scopes=("read",), authorization_params=OURS | {"access_type": "offline"})
    url = sign_in_url(
        "https://service.example/authorize?tenant=a",
        settings,
        client_id="mine",
        redirect_uri="https://jackfield.example/api/oauth/callback/odd",
        state="the-state",
        challenge=challenge_of("v" * 43),
        switch=False,
    )
    asked = params(url)

    assert asked["tenant"] == "a"
    assert asked["access_type"] == "offline"
    assert asked["response_type"] == "code"
    assert asked["code_challenge_method"] == "S256"
    assert asked["state"] == "the-state"
    assert not set(asked.values()) & set(OURS.values())


def test_the_code_of_another_sign_in_is_of_no_use(here: World):
    """2.1.1, 4.5: a code that was stolen and injected does not fit the verifier, and the service says so."""
    victim, attacker = here.browser(), here.browser()
    stolen = params(here.agree(here.start(victim)))["code"]
    started = here.start(attacker)
    page = here.come_back(attacker, changed(here.agree(started), code=stolen))

    assert "not connected" in page
    assert here.status(attacker, started["id"])["code"] == "invalid_grant"
    assert here.at.ask("GET", "/api/credentials").json()["items"] == []


def test_there_is_no_grant_that_takes_a_password_or_a_token_from_the_browser():
    """2.1.2, 2.4."""
    assert set(get_args(Grant)) == {"authorization_code", "client_credentials", "jwt_bearer", "device_code"}


def test_a_token_in_the_answer_of_the_browser_is_not_looked_at(here: World):
    """2.1.2: who puts one there gains nothing."""
    browser = here.browser()
    started = here.start(browser)
    address = changed(here.agree(started), code=None, access_token="stolen", token_type="Bearer")

    assert browser.ask("GET", address).status == 400
    assert here.status(browser, started["id"])["state"] == "failed"


@pytest.mark.parametrize("iss", ["", "https://evil.example", "upper"])
def test_an_answer_of_another_issuer_is_refused(shared: World, iss: str):
    """4.4, RFC 9207: compared letter by letter."""
    body = acme(
        shared.service, name=f"iss{len(iss)}", authorizationUrl=None, tokenUrl=None, issuer=shared.service.issuer
    )
    assert shared.at.ask("POST", "/api/connectors", body).status == 201
    shared.service.register_client("mine", secret="s3cret-s3cret", redirect_uris=[shared.callback(body["name"])])
    browser = shared.browser()
    started = shared.start(browser, body["name"], clientId="mine", clientSecret="s3cret-s3cret")
    sent = shared.agree(started)
    given = shared.service.issuer.upper() if iss == "upper" else iss

    said = browser.ask("GET", changed(sent, iss=given))

    assert said.status == 400
    assert b"comes from another service" in said.body
    assert params(sent)["iss"] == shared.service.issuer


def test_an_issuer_that_says_it_names_itself_has_to(here: World):
    """RFC 9207, 2.4: else leaving it out would be the attack."""
    body = acme(here.service, name="named", authorizationUrl=None, tokenUrl=None, issuer=here.service.issuer)
    assert here.at.ask("POST", "/api/connectors", body).status == 201
    here.service.register_client("mine", secret="s3cret-s3cret", redirect_uris=[here.callback("named")])
    browser = here.browser()
    started = here.start(browser, "named", clientId="mine", clientSecret="s3cret-s3cret")

    said = browser.ask("GET", changed(here.agree(started), iss=None))

    assert b"does not say which service it comes from" in said.body


def test_a_service_in_between_learns_no_code(here: World, other: FakeOAuth):
    """4.4.1: the attacker's service sends the person on to the honest one, with the client ID of that, to be brought
    the honest service's code. It comes back where the honest type's answers do, and is noticed."""
    made = here.at.ask("POST", "/api/connectors", acme(other, name="evil"))
    assert made.status == 201, made.body
    browser = here.browser()
    started = here.start(browser, "evil", clientId="at-evil", clientSecret="evil-secret-of-evil")
    asked = params(started["authorizationUrl"])
    forwarded = here.service.authorization_url + "?" + started["authorizationUrl"].partition("?")[2]
    honest = changed(forwarded, client_id=here.service.client_id, redirect_uri=here.callback("acme"))
    address = here.service.sign_in(honest).removeprefix(here.at.url)

    said = browser.ask("GET", address)

    assert asked["redirect_uri"] == here.callback("evil")
    assert said.status == 400
    assert other.log() == []
    assert here.service.log() == []


def test_a_connector_that_was_changed_meanwhile_gets_no_code(here: World, other: FakeOAuth):
    """4.4: between going and coming back, the token endpoint became another one."""
    browser = here.browser()
    started = here.start(browser)
    address = here.agree(started)
    assert here.at.ask("PUT", "/api/connectors/acme", {"auth": acme(other)["auth"]}).status == 200

    here.come_back(browser, address)

    assert here.status(browser, started["id"])["code"] == "connector_changed"
    assert other.log() == []


def test_nothing_leaks_by_the_pages(shared: World):
    """4.2, 4.3, 4.16: no referrer, no cache, no frame, no script but ours; code and state leave the address bar."""
    browser = shared.browser()
    address = shared.agree(shared.start(browser))
    back = browser.ask("GET", address)
    done = browser.ask("GET", "/api/oauth" + back.headers["location"].removeprefix(".."))
    bad = browser.ask("GET", address)

    for page in (back, done, bad):
        assert page.headers["referrer-policy"] == "no-referrer"
        assert page.headers["cache-control"] == "no-store"
        assert page.headers["x-frame-options"] == "DENY"
        assert "default-src 'none'; script-src 'self'" in page.headers["content-security-policy"]
        assert "frame-ancestors 'none'" in page.headers["content-security-policy"]
    assert back.status == 303
    assert not set(params(address).values()) & set(params(back.headers["location"]).values())
    for said in (done.body, bad.body, back.headers["location"].encode()):
        assert params(address)["code"].encode() not in said
        assert params(address)["state"].encode() not in said


def test_nothing_leaks_into_the_log(here: World, caplog: pytest.LogCaptureFixture):
    """4.2: neither codes nor states nor tokens, well or not."""
    caplog.set_level(logging.DEBUG)
    browser = here.browser()
    address = here.agree(here.start(browser))
    browser.ask("GET", changed(address, state="x" * 43))
    here.come_back(browser, address)

    for secret in (params(address)["code"], params(address)["state"], *here.service.secrets()):
        assert secret not in caplog.text


def test_no_secret_of_the_app_stands_in_an_address(here: World):
    """2.5."""
    started = here.start(here.browser())

    assert here.service.client_secret not in started["authorizationUrl"]


@pytest.mark.parametrize(
    "path",
    [
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "https://evil.example",
        "https:evil.example",
        "/ui//evil.example/%2f",
        "/ui/../../evil",
        "/ui/..%2f..%2fevil/..",
        "/uievil",
        "/api/session",
        "javascript:alert(1)",
        "/ui/\r\nLocation: https://evil.example",
        '/ui/"><script>',
        "ui/",
        " /ui/",
        "/ui/x" * 1000,
    ],
)
def test_nobody_is_sent_elsewhere_afterwards(shared: World, path: str):
    """4.11.1: `returnTo` is a path of this server's pages, or refused before anything begins."""
    body = {"connector": "acme", "returnTo": path}
    said = shared.browser().ask("POST", "/api/oauth/sign-ins", body)

    assert said.code == "invalid-params"
    assert said.json()["errors"][0]["pointer"] == "/returnTo"


@pytest.mark.parametrize("path", ["/ui", "/ui/", "/ui/connectors/default/acme", "/ui/credentials?connector=a%2Fb&x=1"])
def test_somebody_is_sent_back_to_our_own_pages(shared: World, path: str):
    """As a link, relative to where the server is: it may have a path in front of it."""
    browser = shared.browser()
    page = shared.come_back(browser, shared.agree(shared.start(browser, returnTo=path)))

    assert f'href="../../..{path.replace("&", "&amp;")}"' in page


def test_what_a_service_says_is_text(here: World):
    """4.11: neither its error nor its words become markup or an address."""
    here.service.change(consent="deny")
    browser = here.browser()
    started = here.start(browser)
    words = '<script>alert(1)</script><a href="https://evil.example">'
    address = changed(here.agree(started), error="a<b>", error_description=words)
    page = here.come_back(browser, address)
    status = here.status(browser, started["id"])

    assert "<script>alert" not in page
    assert "evil.example" not in page
    assert status["code"] == "a_b_"
    assert status["reason"] == words  # as JSON, for who began it


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_no_redirect_takes_the_code_along(here: World, other: FakeOAuth, status: int):
    """4.12: with 307 and 308 a client that follows would send code, verifier and secret to another place."""
    here.service.faults.next("token", status=status, redirect=other.token_url)
    browser = here.browser()
    ended = here.connect(browser)

    assert ended["state"] == "failed"
    assert other.log() == []


def test_a_rotated_refresh_token_is_replaced(here: World):
    """2.2.2, 4.14: the old one comes never again, or the service would end the grant."""
    browser = here.browser()
    credential = here.connect(browser)["credential"]
    for _ in range(3):
        said = here.at.ask("POST", f"/api/credentials/{credential}/refresh")
        assert said.status == 200, said.body

    assert here.service.counts().exchanged("refresh_token") == 3
    assert here.service.counts().reuses == 0
    assert here.call().status == 200


def test_a_connector_that_nobody_stands_for_is_lent_no_app(here: World, other: FakeOAuth):
    """4.4.1, decision 0010: a type's author chooses the token endpoint, and so who would get the app's secret."""
    author = here.user("mallory")
    body = acme(other, name="acme", namespace=None) | {"namespace": "mallory", "type": None}
    made: Any = author.ask("POST", "/api/connectors", body | {"name": "trap"})
    assert made.status == 201, made.body

    said = here.at.ask("POST", "/api/oauth/sign-ins", {"connector": "trap"})
    own = author.ask("POST", "/api/oauth/sign-ins", {"connector": "trap"})

    assert said.code == "credential-not-allowed"
    assert own.code == "oauth-app-missing"
