"""What people do with connectors that are there: find one, run it, see the call, and be told what they may not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from browser.driven import Seen, opened, violations
from jackfield.surfaces.serving import Started
from server.world import at
from surfaces.served import ADMIN_TOKEN

pytestmark = pytest.mark.slow

MANY = 1_000


def post(site: Started, path: str, body: Any) -> Any:
    answer = at(site).ask("POST", path, body)
    assert answer.status < 300, answer.body
    return answer.json()


@pytest.fixture
def signed_in(browser: Browser, site: Started) -> Iterator[tuple[Page, Seen]]:
    """A page of an administrator."""
    with opened(browser, site.url, token=ADMIN_TOKEN) as found:
        yield found


def test_a_command_is_run_from_its_form_and_its_call_is_in_the_log(signed_in):
    """FEATURES U06, U10: the whole way, by keys where there are some."""
    page, _ = signed_in
    page.goto("/ui/connectors/default/demo?tab=commands&command=list_books")
    page.get_by_label("query").fill("code")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("Completed").first).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_role("link", name="Calls", exact=True).click()
    row = page.get_by_role("row").filter(has_text="list_books").first
    row.get_by_role("link", name="list_books").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("list_books")
    page.get_by_role("tab", name="Params").click()

    expect(page.get_by_role("tabpanel", name="Params")).to_contain_text("code")
    assert violations(page) == []


def test_a_call_that_is_made_elsewhere_shows_by_itself(signed_in, site):
    """Nobody reloads a log."""
    page, _ = signed_in
    page.goto("/ui/executions")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    made = post(site, "/api/connectors/sample-script/execute", {"command": "test", "params": {}})

    expect(page.locator(f"[data-id='{made['metadata']['executionId']}']")).to_be_visible()


def test_the_palette_leads_to_a_command(signed_in):
    """Three words from anywhere."""
    page, _ = signed_in
    page.goto("/ui/")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.keyboard.press("Control+k")
    page.get_by_role("textbox", name="Search everything").fill("list_books")
    page.get_by_role("button", name="list_books").or_(page.get_by_role("option", name="list_books")).first.click()

    expect(page.get_by_role("heading", name="list_books")).to_be_visible()
    assert "/connectors/default/demo" in page.url


def test_letters_lead_to_screens_and_can_be_switched_off(signed_in):
    """Whoever speaks to their computer presses keys without meaning to (WCAG 2.1.4)."""
    page, _ = signed_in
    page.goto("/ui/")
    expect(page.get_by_role("heading", name="Home")).to_be_visible()
    page.keyboard.press("g")
    page.keyboard.press("s")
    expect(page.get_by_role("heading", name="Secrets", level=1)).to_be_visible()
    page.keyboard.press("?")
    page.get_by_role("switch", name="Keys of one letter").click()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    page.keyboard.press("g")
    page.keyboard.press("h")

    expect(page.get_by_role("heading", name="Secrets", level=1)).to_be_visible()


def test_fields_of_a_connection_are_shown_by_what_others_are(signed_in):
    """FEATURES A07: a user name is nobody's business where a token is asked for."""
    page, _ = signed_in
    page.goto("/ui/connectors/new?kind=built_in&type=http&step=configure")
    auth = page.get_by_role("combobox", name="auth").or_(page.get_by_role("textbox", name="auth")).first
    expect(auth).to_be_visible()
    expect(page.get_by_label("token")).to_have_count(0)
    auth.click()
    page.get_by_role("option", name="bearer").click()

    expect(page.get_by_label("token").first).to_be_visible()
    expect(page.get_by_label("password", exact=True)).to_have_count(0)


def test_a_token_that_may_only_read_is_told_what_it_lacks(browser, site):
    """A control that is gone teaches nobody anything."""
    token = post(site, "/api/tokens", {"name": "reader", "scopes": ["read"]})["text"]
    with opened(browser, site.url, token=token) as (page, _):
        page.goto("/ui/")
        button = page.get_by_role("button", name="Run it")
        expect(button).to_have_attribute("aria-disabled", "true")
        button.focus()

        expect(page.get_by_role("tooltip")).to_contain_text("execute")


def test_a_thousand_connectors_are_a_list_that_can_be_used(signed_in, site):
    """FEATURES U01: the browser holds the rows that are seen, and finds the others."""
    for number in range(MANY):
        post(site, "/api/connectors", {"name": f"many-{number:04d}", "type": "delay", "tags": ["many"]})
    page, _ = signed_in
    page.goto("/ui/connectors")
    expect(page.locator("[data-row]").first).to_be_visible()
    held = page.locator("[data-row]").count()
    page.keyboard.press("/")
    page.keyboard.type("many-0777")
    expect(page.get_by_role("link", name="many-0777")).to_be_visible()

    assert held < 100
    expect(page.locator("[data-row]")).to_have_count(1)
    expect(page).to_have_url(re.compile("many-0777"))
    assert violations(page) == []


def test_a_result_stands_as_a_model_reads_it_beside_all_of_it(signed_in):
    """Whoever writes a command sees what it costs a model, and what is left of its answer."""
    page, _ = signed_in
    page.goto("/ui/connectors/default/demo?tab=commands&command=list_books&beside=model")
    expect(page.get_by_role("region", name="What the model sees")).to_contain_text("demo__list_books")
    page.get_by_label("query").fill("code")
    page.get_by_role("button", name="Run", exact=True).click()
    read = page.get_by_role("region", name="Result as the model reads it")
    expect(read.get_by_role("region", name="As the model reads it")).to_contain_text('"books"')

    expect(read.get_by_role("tree", name="All of it")).to_be_visible()
    expect(read.get_by_text("Whole")).to_be_visible()
    assert violations(page) == []
