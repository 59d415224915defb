"""I07: an account is connected again, and what fails leaves everything as it was."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from jackfield.testing.oauth.server import FakeOAuth
from oauth.signing import World, acme, params
from server.browser import Browser


def rows(world: World, browser: Browser) -> list[Any]:
    """All that is shown of credentials, but when they were used."""
    items = browser.ask("GET", "/api/credentials").json()["items"]
    return [{key: value for key, value in item.items() if key != "used"} for item in items]


def test_the_same_credential_is_connected_again(everywhere: World):
    """It keeps its id, its name, its owner and that calls use it; tokens, account and scopes are new."""
    browser = everywhere.browser()
    first = everywhere.connect(browser, name="sales")
    everywhere.service.revoke_all()
    everywhere.service.change(account="grace")
    again = everywhere.connect(browser, credential=first["credential"], scopes=["write"])
    (row,) = rows(everywhere, browser)

    assert again["credential"] == first["credential"] == row["id"]
    assert row["name"] == "sales"
    assert row["isDefault"]
    assert row["account"] == "grace@example.com"
    assert row["scopesAsked"] == ["read", "write"]
    assert everywhere.call().json()["payload"]["email"] == "grace@example.com"


FAULTS: dict[str, dict[str, Any]] = {
    "refused": {"status": 400, "error": "invalid_grant"},
    "client": {"status": 401, "error": "invalid_client"},
    "busy": {"status": 429, "retry_after": 1},
    "broken": {"status": 500, "body": "<html>"},
    "dropped": {"drop": True},
    "lost": {"drop": True, "when": "after"},
    "empty": {"without": ["access_token"], "when": "after"},
    "kind": {"changes": {"token_type": "mac"}, "when": "after"},
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_failed_exchange_leaves_what_was_there(here: World, fault: str):
    """Whatever the service answers: the credential, its tokens and what calls do with them are as before."""
    browser = here.browser()
    credential = here.connect(browser)["credential"]
    before = rows(here, browser)
    here.service.faults.next("token", **FAULTS[fault])
    ended = here.connect(browser, credential=credential)

    assert ended["state"] == "failed", ended
    assert ended["credential"] is None
    assert ended["reason"]
    assert rows(here, browser) == before
    assert here.call().status == 200
    assert here.service.counts().exchanged("refresh_token") == 0


@pytest.mark.parametrize("fault", ["refused", "broken"])
def test_a_failed_first_sign_in_leaves_nothing(here: World, fault: str):
    """No credential without tokens."""
    here.service.faults.next("token", **FAULTS[fault])
    browser = here.browser()

    assert here.connect(browser)["state"] == "failed"
    assert rows(here, browser) == []


def test_who_says_no_has_said_so(here: World):
    """An error of the service ends the sign-in with its reason."""
    here.service.change(consent="deny")
    browser = here.browser()
    started = here.start(browser)
    page = here.come_back(browser, here.agree(started))
    status = here.status(browser, started["id"])

    assert "The account is not connected" in page
    assert (status["state"], status["code"]) == ("failed", "access_denied")
    assert here.service.log() == []


def test_a_sign_in_that_failed_is_in_the_audit_log(here: World):
    """Whoever looks after the installation sees that accounts are tried for; what a service said stays out of it."""
    browser = here.browser()
    credential = here.connect(browser)["credential"]
    here.service.faults.next("token", **FAULTS["refused"])
    failed = here.connect(browser, credential=credential)
    here.status(browser, failed["id"])
    entries = here.at.ask("GET", "/api/audit?resource=credential").json()["items"]
    told = [(entry["action"], entry["verdict"]) for entry in entries]
    details = next(entry["details"] for entry in entries if entry["verdict"] == "denied")

    assert sorted(told) == [("credential.connect", "done"), ("credential.reconnect", "denied")]
    assert details == {"connector": "default/acme", "error": failed["code"]}


def test_a_closed_browser_loses_no_grant(here: World):
    """The exchange goes on when nobody waits for its answer: a code works only once."""
    browser = here.browser()
    started = here.start(browser)
    address = here.agree(started)
    held = here.service.faults.hold("token", times=1)
    with browser.at.connected() as connection:
        cookie = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
        headers = {"host": browser.host, "cookie": cookie, "authorization": ""}
        connection.sendall(browser.at.request("GET", address, headers=headers))
        held.wait()
    held.release()
    until = threading.Event()
    for _ in range(200):
        if here.status(browser, started["id"])["state"] != "open":
            break
        until.wait(0.02)

    assert here.status(browser, started["id"])["state"] == "connected"
    assert here.call().status == 200


def test_fewer_scopes_than_asked_are_told(here: World):
    """RFC 6749, 3.3: no error; both lists are shown."""
    here.service.change(grants_scopes=["read"])
    browser = here.browser()
    here.connect(browser, scopes=["write"])
    (row,) = rows(here, browser)

    assert row["scopesAsked"] == ["read", "write"]
    assert row["scopesGranted"] == ["read"]


def test_accounts_are_told_apart(here: World):
    """Two of one name: the second gets a number, and neither is lost. The first stays the default."""
    browser = here.browser()
    here.connect(browser)
    here.connect(browser)
    here.connect(browser, visibility="private", endUser="me")
    found = sorted((row["visibility"], row["name"], row["isDefault"]) for row in rows(here, browser))

    assert found == [
        ("private", "ada@example.com", True),
        ("shared", "ada@example.com", True),
        ("shared", "ada@example.com 2", False),
    ]


def test_another_account_can_be_chosen(here: World):
    """I03: what the type says for that, else what most services understand."""
    asked = params(here.start(here.browser(), switchAccount=True)["authorizationUrl"])

    assert asked["prompt"] == "select_account consent"


def test_others_may_not_connect_it_again(here: World):
    """Z17: a shared credential is its author's and the administrators'; a private one is not there for others."""
    admin = here.browser()
    shared = here.connect(admin)["credential"]
    private = here.connect(admin, visibility="private")["credential"]
    other = here.user("ann")

    def again(credential: str) -> str:
        return other.ask("POST", "/api/oauth/sign-ins", {"connector": "acme", "credential": credential}).code

    assert again(shared) == "not-owner"
    assert again(private) == "unknown-credential"
    assert again("0198c0de-0000-7000-8000-000000000000") == "unknown-credential"


def test_a_credential_that_is_deleted_meanwhile_stays_deleted(here: World):
    """What the service gives then is of no use to anybody."""
    browser = here.browser()
    credential = here.connect(browser)["credential"]
    started = here.start(browser, credential=credential)
    address = here.agree(started)
    assert here.at.ask("DELETE", f"/api/credentials/{credential}").status == 204

    here.come_back(browser, address)

    assert here.status(browser, started["id"])["state"] == "failed"
    assert rows(here, browser) == []


def test_whoever_is_disabled_meanwhile_connects_nothing(here: World):
    """The browser needs no session to come back; whoever began is looked up anew."""
    here.user("ann")
    made = here.at.ask("POST", "/api/tokens", {"name": "t", "user": "ann"}).json()["text"]
    browser = here.browser(made)
    started = here.start(browser)
    address = here.agree(started)
    assert here.at.ask("POST", "/api/users/ann/disable").status == 200

    here.come_back(browser, address)

    assert here.service.log() == []
    assert here.at.ask("GET", "/api/credentials").json()["items"] == []


def test_an_app_of_ones_own_signs_in_and_renews(everywhere: World):
    """I12: its secret is sealed with the credential, and another one's is never sent along."""
    everywhere.service.register_client("mine", secret="s3cret-s3cret-s3cret", redirect_uris=[everywhere.callback()])
    browser = everywhere.browser()
    credential = everywhere.connect(browser, clientId="mine", clientSecret="s3cret-s3cret-s3cret")["credential"]
    renewed = everywhere.at.ask("POST", f"/api/credentials/{credential}/refresh")
    (row,) = rows(everywhere, browser)

    assert row["mode"] == "own"
    assert row["values"]["clientId"] == "mine"
    assert "s3cret" not in str(row)
    assert renewed.status == 200, renewed.body
    assert {each.client for each in everywhere.service.log()} == {"mine"}


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"clientSecret": "x"}, "/clientId"),
        ({"mode": "own"}, "/clientId"),
        ({"mode": "platform", "clientId": "x"}, "/mode"),
        ({"name": "a\nb"}, "/name"),
        ({"scopes": ["a b"]}, "/scopes"),
        ({"scopes": ['a"']}, "/scopes"),
    ],
)
def test_what_cannot_be_is_refused_before_anything_begins(shared: World, body: dict[str, Any], pointer: str):
    """With where it is wrong."""
    said = shared.at.ask("POST", "/api/oauth/sign-ins", {"connector": "acme", **body})

    assert said.code == "invalid-params"
    assert pointer in [fault["pointer"] for fault in said.json()["errors"]]


@pytest.mark.parametrize("auth", [{"type": "bearer", "secret": "X"}, {"grant": "client_credentials"}])
def test_a_type_that_signs_nobody_in_says_so(here: World, service: FakeOAuth, auth: dict[str, Any]):
    """With what it does instead."""
    body = acme(service, name="plain")
    body["auth"] = auth if "type" in auth else body["auth"] | auth
    assert here.at.ask("POST", "/api/connectors", body).status == 201

    said = here.at.ask("POST", "/api/oauth/sign-ins", {"connector": "plain"})

    assert said.code == "sign-in-not-offered"


def test_accounts_that_are_connected_at_once_are_both_kept(everywhere: World):
    """Neither loses its tokens because the other has taken its name, or is the default."""
    browsers = [everywhere.browser() for _ in range(4)]
    addresses = [everywhere.agree(everywhere.start(browser)) for browser in browsers]
    held = everywhere.service.faults.hold("token", times=4)
    with ThreadPoolExecutor(4) as pool:
        pages = [pool.submit(browser.ask, "GET", at) for browser, at in zip(browsers, addresses, strict=True)]
        held.wait(4)
        held.release()
        assert [page.result().status for page in pages] == [303] * 4
    found = rows(everywhere, browsers[0])

    assert {row["name"] for row in found} == {"ada@example.com", *(f"ada@example.com {n}" for n in (2, 3, 4))}
    assert sum(row["isDefault"] for row in found) == 1


def test_a_pasted_token_gives_way_to_an_account(here: World):
    """Signing in takes an app, whatever the credential was before."""
    token = here.service.grant()["access_token"]
    body = {"connector": "acme", "mode": "token", "values": {"accessToken": token}}
    pasted = here.at.ask("POST", "/api/credentials", body).json()
    browser = here.browser()
    ended = here.connect(browser, credential=pasted["id"])
    (row,) = rows(here, browser)

    assert ended["state"] == "connected"
    assert (row["id"], row["mode"], row["refreshable"]) == (pasted["id"], "platform", True)


def test_an_app_of_ones_own_gives_way_to_the_installations(here: World):
    """And leaves nothing of it behind."""
    here.service.register_client("mine", secret="s3cret-s3cret-s3cret", redirect_uris=[here.callback()])
    browser = here.browser()
    credential = here.connect(browser, clientId="mine", clientSecret="s3cret-s3cret-s3cret")["credential"]
    here.connect(browser, credential=credential, mode="platform")
    (row,) = rows(here, browser)

    assert row["mode"] == "platform"
    assert row["values"] == {}
    assert here.service.log()[-1].client == here.service.client_id
