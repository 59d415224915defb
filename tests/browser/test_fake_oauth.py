"""The pages of the fake OAuth server work in a browser, with scripts turned off."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from jackfield.testing import FakeOAuth
from oauth_client import address, call, post, query, redeem, token
from servers import Answer, Asked, serve

pytestmark = pytest.mark.slow


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(java_script_enabled=False)
    yield context.new_page()
    context.close()


def came_back(asked: Asked) -> Answer:
    """The client's own page, which has nothing to do here."""
    return Answer(body={"path": asked.path})


def test_a_person_chooses_an_account_and_what_it_may_do(page):
    with serve(came_back) as client, FakeOAuth(redirect_uris=[f"{client.url}/callback"]) as server:
        back = {"redirect_uri": f"{client.url}/callback"}
        page.goto(address(server, **back))
        page.get_by_role("radio", name="Grace Hopper").check()
        page.get_by_role("checkbox", name="write").uncheck()
        page.get_by_role("button", name="Allow").click()
        page.wait_for_url(f"{client.url}/callback?*")
        given = redeem(server, query(page.url)["code"], **back).json()
        person = call(server, given["access_token"]).json()
        page.goto(address(server, **back))
        known = page.get_by_role("radio").count()
        page.goto(address(server, prompt="select_account", **back))
        choice = page.get_by_role("radio").count()
        page.get_by_role("button", name="Deny").click()
        page.wait_for_url(f"{client.url}/callback?*")
        denied = query(page.url)

    assert person["id"] == "grace"
    assert person["scopes"] == ["read"]
    assert (known, choice) == (1, 2)
    assert denied["error"] == "access_denied"


def test_a_person_connects_a_device(page):
    with FakeOAuth() as server:
        started = post(server.device_url, auth=(server.client_id, server.client_secret), scope="read").json()
        page.goto(started["verification_uri"])
        page.get_by_role("textbox", name="Code").fill(started["user_code"])
        page.get_by_role("button", name="Allow").click()
        expect(page.get_by_role("heading", name="Done")).to_be_visible()
        grant = "urn:ietf:params:oauth:grant-type:device_code"
        given = token(server, grant_type=grant, device_code=started["device_code"])

    assert given.status_code == 200
