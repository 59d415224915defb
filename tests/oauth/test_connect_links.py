"""I14: a hosted page with which somebody without an account connects one account, once."""

from __future__ import annotations

import json
import sqlite3
from base64 import urlsafe_b64decode, urlsafe_b64encode
from pathlib import Path
from typing import Any

import pytest

from jackfield.testing.oauth.server import FakeOAuth
from oauth.signing import World, world
from server.world import Said

RETURN = "https://app.example.com"


def link(world: World, connector: str = "acme", **body: Any) -> dict[str, Any]:
    said = world.at.ask("POST", "/api/connect-links", {"connector": connector, "endUser": "customer-42", **body})
    assert said.status == 201, said.body
    found: dict[str, Any] = said.json()
    return found


def path(world: World, made: dict[str, Any]) -> str:
    """Of the page: the host is that of the request which made it."""
    return "/connect/" + made["url"].partition("/connect/")[2]


def use(world: World, made: dict[str, Any]) -> str:
    """The page at the end, for a stranger who presses the button."""
    browser = world.stranger()
    said = browser.ask("POST", path(world, made))
    assert said.status == 303, said.body
    back = world.service.sign_in(said.headers["location"])
    return world.come_back(browser, back.removeprefix(world.at.url))


def test_a_stranger_connects_an_account(everywhere: World):
    """The page says who asks for what; the credential is of whoever made the link."""
    made = link(everywhere, name="customer")
    page = everywhere.stranger().ask("GET", path(everywhere, made))
    end = use(everywhere, made)
    (row,) = everywhere.at.ask("GET", "/api/credentials").json()["items"]
    kept = everywhere.at.ask("GET", f"/api/connect-links/{made['id']}").json()

    assert b"admin asks you to connect your account of acme as customer-42" in page.body
    assert b"<code>read</code>" in page.body
    assert "The account is connected" in end
    assert (row["name"], row["endUser"], row["visibility"]) == ("customer", "customer-42", "shared")
    assert (kept["state"], kept["credential"], kept["url"]) == ("used", row["id"], "")
    assert everywhere.call(credentialId=row["id"]).status == 200
    assert not row["isDefault"]
    assert everywhere.call().json()["code"] == "credential-missing"  # a customer's account is nobody else's


def test_what_a_link_connects_is_the_default_where_that_is_said(everywhere: World):
    """As of whoever connects an account of their own."""
    use(everywhere, link(everywhere, isDefault=True))

    assert everywhere.call().status == 200


def test_a_link_works_once(everywhere: World):
    """Also for who has begun before it was used."""
    made = link(everywhere)
    late = everywhere.stranger()
    begun = late.ask("POST", path(everywhere, made))
    back = everywhere.service.sign_in(begun.headers["location"])
    use(everywhere, made)

    again = everywhere.stranger().ask("GET", path(everywhere, made))
    page = everywhere.come_back(late, back.removeprefix(everywhere.at.url))

    assert again.status == 410
    assert b"it was used" in again.body
    assert "The account is not connected" in page
    assert len(everywhere.at.ask("GET", "/api/credentials").json()["items"]) == 1


def test_looking_at_a_link_begins_nothing(here: World, tmp_path: Path):
    """Programs that preview links look at all of them."""
    made = link(here)
    for _ in range(3):
        here.stranger().ask("GET", path(here, made))
    with sqlite3.connect(tmp_path / "jackfield.db") as database:
        assert database.execute("SELECT count(*) FROM oauth_flow").fetchone() == (0,)


def tampered(token: str, how: str) -> str:
    said, _, signature = token.partition(".")
    content = json.loads(urlsafe_b64decode(said + "=" * (-len(said) % 4)))
    if how == "later":
        content[3] += 10**12
    elif how == "another":
        content[0] = "0198c0de-0000-7000-8000-000000000000"
    elif how == "connector":
        content[2] = "other"
    said = urlsafe_b64encode(json.dumps(content).encode()).rstrip(b"=").decode()
    cases = {
        "unsigned": said,
        "empty": f"{said}.",
        "cut": f"{said}.{signature[:-2]}",
        "odd": "%C3%A9.%C3%A9",
        "long": "x" * 5000,
    }
    return cases.get(how, f"{said}.{signature}")


@pytest.mark.parametrize("how", ["later", "another", "connector", "unsigned", "empty", "cut", "odd", "long"])
def test_a_forged_link_is_refused(shared: World, how: str):
    """By its signature, before anything is looked up."""
    token = tampered(path(shared, link(shared)).removeprefix("/connect/"), how)
    for method in ("GET", "POST"):
        said = shared.stranger().ask(method, f"/connect/{token}")

        assert said.status == 410
        assert b"not complete, or none of this server" in said.body


def test_a_link_expires_and_is_revoked(here: World, tmp_path: Path):
    """What the link says itself counts, and what is kept."""
    revoked, expired = link(here), link(here)
    assert here.at.ask("DELETE", f"/api/connect-links/{revoked['id']}").status == 204
    with sqlite3.connect(tmp_path / "jackfield.db") as database:
        database.execute("UPDATE connect_link SET expires = 1 WHERE id = ?", (expired["id"],))

    assert b"it was revoked" in here.stranger().ask("POST", path(here, revoked)).body
    assert b"it has expired" in here.stranger().ask("POST", path(here, expired)).body


def test_another_page_presses_no_button(shared: World):
    """A form of another site could begin it for somebody who only looked."""
    said = shared.stranger().ask("POST", path(shared, link(shared)), sec_fetch_site="cross-site")

    assert said.status == 403


def test_whoever_made_it_has_to_be_there(here: World):
    """A link ends with its author."""
    ann = here.user("ann")
    made = ann.ask("POST", "/api/connect-links", {"connector": "acme", "endUser": "c"}).json()
    assert here.at.ask("POST", "/api/users/ann/disable").status == 200

    assert here.stranger().ask("GET", path(here, made)).status == 410


def test_others_links_are_not_there(here: World):
    """For everybody but administrators."""
    made = link(here)
    ann, bob = here.user("ann"), here.user("bob")
    own = ann.ask("POST", "/api/connect-links", {"connector": "acme", "endUser": "c"}).json()

    def seen(at: Any) -> set[str]:
        return {each["id"] for each in at.ask("GET", "/api/connect-links").json()["items"]}

    assert seen(bob) == set()
    assert seen(ann) == {own["id"]}
    assert seen(here.at) == {own["id"], made["id"]}
    assert bob.ask("DELETE", f"/api/connect-links/{made['id']}").code == "unknown-connect-link"


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example",
        f"{RETURN}.evil.example/",
        f"{RETURN}@evil.example/",
        "https://app.example.com:444/",
        "http://app.example.com/",
        "//app.example.com/",
        "javascript:alert(1)",
        f"{RETURN}\\@evil.example",
        f"{RETURN}/\r\nx: y",
    ],
)
def test_nobody_is_sent_to_an_origin_that_is_not_listed(shared: World, url: str):
    """None is, unless the setting lists it."""
    body = {"connector": "acme", "endUser": "c", "returnUrl": url}

    assert shared.at.ask("POST", "/api/connect-links", body).code == "invalid-params"


def test_a_listed_origin_is_where_its_user_goes(sqlite_url: str, tmp_path: Path, service: FakeOAuth):
    """As a link, at the end."""
    with world(tmp_path, sqlite_url, service, connect_return_origins=(RETURN,)) as here:
        page = use(here, link(here, returnUrl=f"{RETURN}/done?a=b"))
        for url in ("https://evil.example", f"{RETURN}.evil.example/", f"{RETURN}@evil.example/"):
            body = {"connector": "acme", "endUser": "c", "returnUrl": url}
            assert here.at.ask("POST", "/api/connect-links", body).code == "invalid-params"

    assert f'href="{RETURN}/done?a=b"' in page


def plain(world: World) -> None:
    """A connector whose type signs nobody in."""
    auth = {"type": "api_key", "name": "X-Key", "secret": "PLAIN_KEY"}
    operations = [{"name": "me", "method": "GET", "path": "/me", "readsOnly": True}]
    body = {"name": "plain", "baseUrl": world.service.api_url, "operations": operations, "auth": auth}
    said = world.at.ask(
        "POST", "/api/connectors", body | {"configSchema": {"connectionConfig": {"host": {"type": "string"}}}}
    )
    assert said.status == 201, said.body


def fill(world: World, made: dict[str, Any], form: str) -> Said:
    headers = {"content_type": "application/x-www-form-urlencoded"}
    return world.stranger().ask("POST", path(world, made), form.encode(), **headers)


def test_values_are_typed_in_where_nobody_signs_in(everywhere: World):
    """The same link, page and rules; only what the type signs with is asked for."""
    plain(everywhere)
    made = link(everywhere, "plain")
    page = everywhere.stranger().ask("GET", path(everywhere, made))
    end = fill(everywhere, made, "key=the-customers-key-42&host=evil.example&baseUrl=evil")
    again = fill(everywhere, made, "key=another")
    (row,) = everywhere.at.ask("GET", "/api/credentials").json()["items"]

    assert b'name="key" type="password"' in page.body
    assert b"The account is connected" in end.body
    assert again.status == 410
    assert set(row["values"]) == {"key"}
    assert "the-customers-key-42" not in json.dumps(row)


def test_a_value_that_cannot_be_is_asked_for_again(here: World):
    """The link was not used by it, and the page does not show it."""
    plain(here)
    made = link(here, "plain")
    bad = fill(here, made, "key=%0d%0abad-key-of-the-customer" + "x" * 70_000)
    good = fill(here, made, "key=good-key-of-the-customer")

    assert bad.status == 422
    assert b"bad-key-of" not in bad.body
    assert b"The account is connected" in good.body


def test_a_link_is_in_no_log(here: World, caplog: pytest.LogCaptureFixture):
    """Whoever reads the log could use it."""
    caplog.set_level("DEBUG")
    made = link(here)
    here.stranger().ask("GET", path(here, made))
    here.at.ask("GET", "/api/connect-links")  # a request is noted after it is answered

    assert "GET /connect/..." in caplog.text
    assert path(here, made).removeprefix("/connect/") not in caplog.text


def test_the_pages_parts_are_served(shared: World):
    """Without a token; nothing else is."""
    assert (
        shared.stranger().ask("GET", "/connect/files/connect.js").headers["content-type"].startswith("text/javascript")
    )
    assert shared.stranger().ask("GET", "/connect/files/connect.css").status == 200
    assert shared.stranger().ask("GET", "/connect/files/..%2fdocs.html").status == 404
