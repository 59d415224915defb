"""What people do on the page of MCP: connect a client, see what a model gets, and prove that the endpoint answers."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, Request, expect

from browser.driven import Seen, opened, violations
from jackfield.surfaces.serving import Started
from server.world import at
from surfaces.served import ADMIN_TOKEN

pytestmark = pytest.mark.slow

TOKEN = re.compile(r"jf_[A-Za-z0-9_-]{20,}")


@pytest.fixture
def signed_in(browser: Browser, site: Started) -> Iterator[tuple[Page, Seen]]:
    """A page of an administrator."""
    with opened(browser, site.url, token=ADMIN_TOKEN) as found:
        yield found


def check(page: Page) -> Locator:
    """Let the built-in client try the endpoint, until it is over."""
    page.get_by_role("button", name="Check it").click()
    steps = page.get_by_role("region", name="Steps of the check")
    expect(steps.get_by_text("The endpoint works.").or_(steps.get_by_role("alert"))).to_be_visible()
    expect(page.get_by_role("button", name="Stop")).to_be_disabled()
    return steps


def then_call(page: Page, tool: str) -> None:
    """Choose the tool that the check calls."""
    page.get_by_role("combobox", name="Then call").or_(page.get_by_role("textbox", name="Then call")).click()
    page.get_by_role("option", name=tool).click()


def tokens(site: Started) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = at(site).ask("GET", "/api/tokens?pageSize=200").json()["items"]
    return found


def test_a_token_is_made_for_a_client_and_stands_in_its_settings_once(signed_in, site):
    """FEATURES N05: whoever connects a client copies one text, and no page ever shows that token again."""
    page, _ = signed_in
    page.goto("/ui/mcp")
    settings = page.get_by_role("region", name="Settings of Claude Code")
    expect(settings).to_contain_text("$JACKFIELD_TOKEN")
    page.get_by_role("button", name="Make a token for this").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("checkbox", name="Execute").uncheck()
    dialog.get_by_role("button", name="Make it").click()
    text = page.get_by_role("region", name="Token").inner_text()

    assert TOKEN.fullmatch(text)
    assert replace(at(site), token=text).ask("GET", "/api/users/me").status == 200
    assert [each["scopes"] for each in tokens(site) if each["name"] == "mcp"] == [["read"]]
    expect(settings).to_contain_text(text)
    assert violations(page) == []
    page.reload()
    expect(settings).to_contain_text("$JACKFIELD_TOKEN")
    assert text not in page.content()


@pytest.mark.parametrize("transport", ["http", "stdio"])
@pytest.mark.parametrize("client", ["claude-desktop", "cursor", "vs-code", "windsurf", "other"])
def test_settings_of_clients_are_json_that_names_this_server(signed_in, site, transport, client):
    """They are copied as they are; a comma too many costs an hour."""
    page, _ = signed_in
    page.goto(f"/ui/mcp?transport={transport}&client={client}")
    told = json.loads(page.get_by_role("region", name=re.compile("^Settings of")).inner_text())
    servers = told["servers"] if client == "vs-code" else told["mcpServers"]

    assert site.url in json.dumps(servers["jackfield"])
    assert not TOKEN.search(json.dumps(told))


def test_the_built_in_client_proves_that_the_endpoint_answers(signed_in, site):
    """It asks as others do: with a token of its own, which is worth nothing afterwards."""
    page, _ = signed_in
    page.goto("/ui/mcp?tab=check")
    then_call(page, "demo__list_books")
    page.get_by_label("query").fill("code")
    steps = check(page)

    expect(steps).to_contain_text("speaks revision 2025-11-25")
    expect(steps).to_contain_text("tools/list of revision 2026-07-28")
    expect(steps).to_contain_text("demo__order_book")
    expect(steps.get_by_role("region", name="What came back: tools/call demo__list_books")).to_contain_text("books")
    assert [bool(each["revoked"]) for each in tokens(site) if each["name"] == "mcp check"] == [True]
    assert violations(page) == []
    page.get_by_role("tab", name="Connect").click()
    expect(page.get_by_role("region", name="Last calls of clients")).to_contain_text("list_books")


def test_a_check_says_in_words_why_a_client_is_refused(signed_in, site):
    """“It does not work” is what most people know of a client that cannot connect."""
    page, seen = signed_in
    seen.expected.add(401)
    reader = at(site).ask("POST", "/api/tokens", {"name": "reader", "scopes": ["read"]}).json()["text"]
    page.goto("/ui/mcp?tab=check")
    page.get_by_text("One of mine").click()
    page.get_by_label("API token").fill("jf_of_nobody")
    expect(check(page).get_by_role("alert")).to_contain_text("The token was refused (401)")
    page.get_by_label("API token").fill(reader)
    expect(check(page).get_by_role("alert")).to_contain_text("The token may see tools, and not call them")

    assert violations(page) == []


def test_the_client_of_the_page_shows_its_token_and_no_cookie(signed_in, site):
    """It proves nothing if it is let in for another reason than the others."""
    page, _ = signed_in
    sent: list[Request] = []
    page.on("request", lambda request: sent.append(request) if request.url == f"{site.url}/mcp" else None)
    page.goto("/ui/mcp?tab=check")
    check(page)

    assert len(sent) >= 4
    assert all(TOKEN.search(request.headers["authorization"]) for request in sent)
    assert all("cookie" not in request.all_headers() for request in sent)


def test_chosen_tools_are_saved_as_a_gateway(signed_in, site):
    """From all that there is to what one model needs, without a line of JSON."""
    page, _ = signed_in
    page.goto("/ui/mcp?tab=tools")
    page.get_by_text("Chosen ones").click()
    expect(page.get_by_text("Nothing is chosen.")).to_be_visible()
    page.get_by_role("checkbox", name="default/demo").check()
    page.get_by_role("button", name="Commands of default/demo").click()
    page.get_by_role("checkbox", name="order_book").uncheck()
    page.get_by_role("button", name="Save as a gateway").click()
    page.get_by_role("dialog").get_by_label("Name").fill("bookshop")
    page.get_by_role("dialog").get_by_role("button", name="Make it").click()
    page.wait_for_url("**/ui/gateways/bookshop")
    made = at(site).ask("GET", "/api/gateways/bookshop").json()["choice"]

    [chosen] = made["connectors"]
    assert chosen["operations"] == ["list_books", "get_book", "unstable", "test"]
    expect(page.get_by_role("region", name="Tools")).to_contain_text("demo__get_book")
    assert violations(page) == []


def test_too_many_tools_are_warned_of(signed_in, site):
    """What a list costs shows only on somebody's bill."""
    for number in range(8):
        made = at(site).ask("POST", "/api/connectors", {"name": f"shop-{number}", "type": "demo"})
        assert made.status == 201, made.body
    page, _ = signed_in
    page.goto("/ui/mcp?tab=tools")
    expect(page.get_by_text("Models get a search, and not the list")).to_be_visible()
    page.get_by_role("button", name="demo__list_books", exact=True).click()

    expect(page.get_by_role("dialog")).to_contain_text("function")
    assert violations(page) == []


def test_a_tool_behind_a_search_is_called_as_a_model_would(signed_in, site):
    """Where tools are searched, none is in the list, and the check reaches one all the same."""
    made = at(site).ask("POST", "/api/gateways", {"name": "searched", "mode": "search"})
    assert made.status == 201, made.body
    page, _ = signed_in
    page.goto("/ui/gateways/searched?tab=check")
    then_call(page, "demo__list_books")
    steps = check(page)

    expect(steps).to_contain_text("A search stands in for the list.")
    expect(steps.get_by_role("region", name="What came back: tools/call demo__list_books")).to_contain_text("books")
