"""I12: platform apps. Only administrators put them, and their secret goes to the place that it was put in for."""

from __future__ import annotations

from typing import Any

import pytest

from jackfield.definition.secret import MASK
from jackfield.testing.oauth.server import FakeOAuth
from oauth.signing import World, acme


@pytest.fixture(autouse=True)
def no_environment(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    """Apps come from the settings alone here."""
    request.getfixturevalue("everywhere" if "everywhere" in request.fixturenames else "here")
    monkeypatch.delenv("ACME_OAUTH_CLIENT_ID")


def put(world: World, **body: Any) -> dict[str, Any]:
    usual = {"clientId": world.service.client_id, "clientSecret": world.service.client_secret}
    said = world.at.ask("PUT", "/api/oauth/apps/acme", usual | body)
    assert said.status == 200, said.body
    found: dict[str, Any] = said.json()
    return found


def starts(world: World) -> int:
    return world.at.ask("POST", "/api/oauth/sign-ins", {"connector": "acme"}).status


def test_everybody_signs_in_with_it(everywhere: World):
    """From the next sign-in on; without it, nobody does."""
    before = starts(everywhere)
    app = put(everywhere)
    ended = everywhere.connect(everywhere.browser())
    everywhere.at.ask("DELETE", "/api/oauth/apps/acme")

    assert before == 422
    assert (app["clientSecret"], app["tokenUrl"], app["source"]) == (MASK, everywhere.service.token_url, "settings")
    assert ended["state"] == "connected"
    assert starts(everywhere) == 422


def test_its_secret_goes_nowhere_else(here: World):
    """A type that is changed to another token endpoint is lent no app."""
    put(here)
    with FakeOAuth(consent="allow") as other:
        changed = {"auth": acme(here.service, tokenUrl=other.token_url)["auth"]}
        assert here.at.ask("PUT", "/api/connectors/acme", changed).status == 200

        assert starts(here) == 422
        put(here)  # said again without saying where: it stays where it was
        assert starts(here) == 422
        put(here, tokenUrl=other.token_url)
        assert starts(here) == 201


def test_a_secret_stays_until_it_is_replaced(here: World):
    """Left out or masked it stays, null removes it; another client needs its own."""
    put(here)
    kept = here.at.ask("PUT", "/api/oauth/apps/acme", {"clientId": here.service.client_id}).json()
    masked = put(here, clientSecret=MASK)
    another = here.at.ask("PUT", "/api/oauth/apps/acme", {"clientId": "another"})
    connected = here.connect(here.browser())["state"]
    cleared = put(here, clientSecret=None)

    assert kept["clientSecret"] == masked["clientSecret"] == MASK
    assert another.code == "invalid-params"
    assert connected == "connected"
    assert cleared["clientSecret"] is None


def test_only_administrators_see_and_put_them(here: World):
    """And what others try is written down."""
    ann = here.user("ann")
    for method, path in (("GET", ""), ("PUT", "/acme"), ("DELETE", "/acme")):
        said = ann.ask(method, f"/api/oauth/apps{path}", {"clientId": "x"} if method == "PUT" else b"")
        assert said.code == "admin-required"
    entries = here.at.ask("GET", "/api/audit?pageSize=50").json()["items"]

    assert {entry["action"] for entry in entries if entry["verdict"] == "denied"} >= {
        "oauth-app.list",
        "oauth-app.put",
        "oauth-app.delete",
    }


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"tokenUrl": "http://evil.example/token"}, "/tokenUrl"),
        ({"tokenUrl": "https://user@evil.example/token"}, "/tokenUrl"),
        ({"redirectUri": "javascript:alert(1)"}, "/redirectUri"),
        ({"redirectUri": "https://a.example/x#y"}, "/redirectUri"),
        ({"clientId": " x"}, "/clientId"),
        ({"clientSecret": "a\nb"}, "/clientSecret"),
    ],
)
def test_what_cannot_be_is_refused(here: World, body: dict[str, Any], pointer: str):
    """Before anything is kept."""
    usual = {"clientId": "x", "clientSecret": "y"}
    said = here.at.ask("PUT", "/api/oauth/apps/acme", usual | body)

    assert said.code == "invalid-params"
    assert [fault["pointer"] for fault in said.json()["errors"]] == [pointer]


def test_an_app_may_come_back_elsewhere(here: World):
    """With a redirect URI of its own, such as one without the type."""
    back = f"{here.at.url}/api/oauth/callback"
    put(here, redirectUri=back)
    secret = here.service.client_secret
    here.service.register_client(here.service.client_id, secret=secret, redirect_uris=[back])
    browser = here.browser()
    started = here.start(browser)
    page = here.come_back(browser, here.agree(started))

    assert started["redirectUri"] == back
    assert "The account is connected" in page


def test_the_redirect_uri_is_told(here: World):
    """To be registered at the service, before there is an app."""
    said = here.at.ask("GET", "/api/oauth/redirect-uri?connector=acme", headers={"host": here.host})

    assert said.json() == {"redirectUri": here.callback()}
