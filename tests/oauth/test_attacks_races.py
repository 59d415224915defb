"""Two things at once: of each, one counts, and nothing is left of the other."""

from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from oauth.signing import World
from server.world import Said

TABLES = ("credential", "oauth_grant")


def left(folder: Path) -> dict[str, int]:
    """How many rows there are of credentials and tokens."""
    with sqlite3.connect(folder / "jackfield.db") as database:
        return {table: database.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in TABLES}


def test_a_link_that_two_use_at_once_connects_one_account(everywhere: World):
    """Both have begun, both have agreed, and both come back."""
    made = everywhere.at.ask("POST", "/api/connect-links", {"connector": "acme", "endUser": "c"}).json()
    path = "/connect/" + made["url"].partition("/connect/")[2]
    browsers = [everywhere.stranger() for _ in range(4)]
    begun = [browser.ask("POST", path) for browser in browsers]
    back = [everywhere.service.sign_in(said.headers["location"]).removeprefix(everywhere.at.url) for said in begun]

    with ThreadPoolExecutor(4) as pool:
        pages = list(pool.map(lambda each: everywhere.come_back(*each), zip(browsers, back, strict=True)))

    assert sorted("The account is connected" in page for page in pages) == [False, False, False, True]
    assert len(everywhere.at.ask("GET", "/api/credentials").json()["items"]) == 1


@pytest.mark.parametrize("verb", ["delete", "revoke"])
def test_what_ends_while_it_is_renewed_has_ended(here: World, tmp_path: Path, verb: str):
    """The tokens that come then are nobody's."""
    credential = here.connect(here.browser())["credential"]
    address = f"/api/credentials/{credential}"
    held = here.service.faults.hold("token", times=1)

    def end() -> Said:
        return here.at.ask("DELETE", address) if verb == "delete" else here.at.ask("POST", f"{address}/revoke")

    with ThreadPoolExecutor(2) as pool:
        renewing = pool.submit(here.at.ask, "POST", f"{address}/refresh")
        held.wait()
        ending = pool.submit(end)
        held.release()
        renewing.result(), ending.result()

    assert ending.result().status in {200, 204}, ending.result().body
    if verb == "delete":
        assert left(tmp_path) == {"credential": 0, "oauth_grant": 0}
    else:
        assert here.at.ask("GET", f"{address}/status").json()["code"] == "revoked"
    assert here.call().status == 422


def test_of_many_who_want_to_be_the_default_one_is(everywhere: World):
    """Never two, or calls would use one or the other."""
    service = everywhere.service
    body: dict[str, Any] = {
        "name": "keyed",
        "baseUrl": service.api_url,
        "operations": [{"name": "me", "method": "GET", "path": "/me"}],
        "auth": {"type": "bearer", "secret": "some-key"},
    }
    assert everywhere.at.ask("POST", "/api/connectors", body).status == 201

    def put(number: int) -> Said:
        values = {"values": {"token": f"a-token-{number}"}, "name": f"n{number}", "isDefault": True}
        return everywhere.at.ask("POST", "/api/credentials", {"connector": "keyed", **values})

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(put, range(8)))
    rows = everywhere.at.ask("GET", "/api/credentials?connector=keyed").json()["items"]

    assert {said.status for said in answers} <= {201, 409}, [said.body for said in answers]
    assert [row["isDefault"] for row in rows].count(True) == 1


def test_a_connector_that_is_deleted_meanwhile_gets_no_account(here: World, tmp_path: Path):
    """And with it goes what was connected before: nothing of it is left."""
    browser = here.browser()
    here.connect(browser)
    started = here.start(browser)
    address = here.agree(started)
    assert here.at.ask("DELETE", "/api/connectors/default/acme").status in {200, 204}
    exchanged = len(here.service.log())

    here.come_back(browser, address)

    assert here.status(browser, started["id"])["state"] == "failed"
    assert len([each for each in here.service.log() if each.grant == "authorization_code"]) == exchanged
    assert left(tmp_path) == {"credential": 0, "oauth_grant": 0}


def test_a_connector_of_the_same_name_is_another(here: World):
    """Who makes one in the place of a deleted one inherits no account."""
    browser = here.browser()
    credential = here.connect(browser)["credential"]
    assert here.at.ask("DELETE", "/api/connectors/default/acme").status in {200, 204}
    config = {"baseUrl": here.service.api_url}
    made = here.at.ask("POST", "/api/connectors", {"name": "acme", "type": "acme", "config": config})

    assert made.status == 201, made.body
    assert here.at.ask("GET", f"/api/credentials/{credential}").code == "unknown-credential"
    assert here.call(credentialId=credential).status in {404, 422}
