"""What holds on every way through the wizard: nothing is lost, nothing leaks, what is wrong is said at its place."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from browser.driven import Scheme, Seen, opened, overflow, violations
from browser.steps import begin, create, expect_step, go_on, name_it, named, write
from jackfield.surfaces.serving import Started
from server.world import at
from surfaces.served import ADMIN_TOKEN

pytestmark = pytest.mark.slow

KEPT = "The draft is kept on the server, for you alone."
SECRET = "open-sesame-7351"


@pytest.fixture
def signed_in(browser: Browser, reaching: Started) -> Iterator[tuple[Page, Seen]]:
    """A page of an administrator."""
    with opened(browser, reaching.url, token=ADMIN_TOKEN) as (page, seen):
        yield page, seen


def key_of(page: Page) -> Locator:
    """The field for the key of the script that one begins with."""
    return page.get_by_label(re.compile("^api ?key", re.IGNORECASE)).and_(page.locator("input"))


def test_a_name_that_is_taken_is_said_while_it_is_typed(signed_in, reaching):
    """And not when everything else is filled in."""
    page, _ = signed_in
    assert at(reaching).ask("POST", "/api/connectors", {"name": "taken", "type": "delay"}).status == 201
    begin(page, "Built-in")
    page.get_by_role("radio", name=re.compile("delay", re.IGNORECASE)).check()
    go_on(page, "Configure")
    named(page).fill("taken")
    expect(page.get_by_text("There is a connector “taken” already.")).to_be_visible()
    found = violations(page)
    page.get_by_role("button", name="Next").click()

    expect(page.get_by_role("alert")).to_contain_text("Give it another name")
    expect_step(page, "Configure")
    assert found + violations(page) == []


def test_going_back_keeps_all_that_was_filled_in(signed_in):
    page, seen = signed_in
    seen.expected.add(422)
    begin(page, "Script")
    write(page, "Script", "function test() { return { success: true } }\nfunction listItems() {}\nfunction greet() {}")
    go_on(page, "Configure")
    name_it(page, "back-and-forth")
    key_of(page).fill(SECRET)
    go_on(page, "Test")
    page.get_by_role("button", name="Back").click()
    expect_step(page, "Configure")
    expect(named(page)).to_have_value("back-and-forth")
    expect(key_of(page)).to_have_value(SECRET)
    page.get_by_role("navigation", name="Steps").get_by_role("link", name="Source").click()
    expect_step(page, "Source")
    expect(page.get_by_role("textbox", name="Script", exact=True)).to_contain_text(
        "function test() { return { success: true } }"
    )
    page.go_back()

    expect_step(page, "Configure")
    expect(named(page)).to_have_value("back-and-forth")


def test_a_page_that_is_loaded_anew_goes_on_where_it_was(signed_in):
    """The server keeps the draft. Its secrets come back as being there, and not as what they are."""
    page, _ = signed_in
    begin(page, "Script")
    go_on(page, "Configure")
    name_it(page, "reloaded")
    key_of(page).fill(SECRET)
    expect(page.get_by_text(KEPT)).to_be_visible()
    expect(page).to_have_url(re.compile("draft="))
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    expect_step(page, "Configure")
    expect(named(page)).to_have_value("reloaded")
    expect(key_of(page)).to_have_attribute("placeholder", re.compile("set; type to replace"))
    assert SECRET not in page.content()
    found = violations(page)
    go_on(page, "Test")
    page.get_by_role("combobox", name="Command").click()
    page.get_by_role("option", name="greet").click()
    page.get_by_role("button", name="Test run").click()
    expect(page.get_by_role("status", name="Result of the test")).to_contain_text("Hello, world!")
    go_on(page, "Review")
    with page.expect_response(lambda answer: answer.request.method == "DELETE" and "/api/drafts/" in answer.url):
        create(page, "reloaded")
    names = [each["name"] for each in page.request.get("/api/drafts").json()["items"]]

    assert page.request.get("/api/connectors/reloaded").json()["config"]["apiKey"] not in (None, "", SECRET)
    assert "reloaded" not in names
    assert found == []


def test_leaving_with_something_filled_in_asks_first(signed_in):
    page, _ = signed_in
    begin(page, "Script")
    go_on(page, "Configure")
    name_it(page, "left")
    page.get_by_role("link", name="Connectors").first.click()
    dialog = page.get_by_role("dialog", name="Leave without saving?")
    expect(dialog).to_be_visible()
    found = violations(page)
    dialog.get_by_role("button", name="Stay").click()
    expect(named(page)).to_have_value("left")
    page.get_by_role("link", name="Connectors").first.click()
    dialog.get_by_role("button", name="Leave").click()
    expect(page.get_by_role("heading", name="Connectors", level=1)).to_be_visible()

    assert found == []


def test_a_document_that_cannot_be_read_is_named_with_its_line(signed_in):
    """A document has thousands of lines."""
    page, seen = signed_in
    seen.expected |= {400, 422}
    begin(page, "OpenAPI document")
    page.get_by_label("Or paste the document").fill("openapi: 3.1.0\ninfo:\n  title: [unclosed\npaths: {}\n")
    page.get_by_role("button", name="Parse spec").click()
    alert = page.get_by_role("alert").filter(has_text="The document cannot be read")

    expect(alert).to_contain_text(re.compile(r"line \d"))
    assert violations(page) == []


def test_yaml_that_is_none_is_marked_at_its_line(signed_in):
    page, seen = signed_in
    seen.expected.add(422)
    begin(page, "Declarative HTTP")
    write(page, "The connector as YAML", "baseUrl: https://service.example\noperations: [\n")

    expect(page.get_by_role("status").filter(has_text="This cannot be used yet")).to_contain_text(
        re.compile(r"Line \d")
    )
    expect(page.locator(".cm-lint-marker-error")).to_be_visible()
    assert violations(page) == []


def test_what_the_server_refuses_at_the_end_stands_at_its_field(signed_in):
    """Nothing that was typed is lost on the way there and back."""
    page, seen = signed_in
    seen.expected.add(422)
    begin(page, "Script")
    go_on(page, "Configure")
    name_it(page, "refused")
    address = page.locator("[data-pointer='/baseUrl']")
    address.fill("nowhere")
    key_of(page).fill(SECRET)
    go_on(page, "Test")
    go_on(page, "Review")
    page.get_by_role("button", name="Create connector").click()
    expect(page.get_by_role("alert").filter(has_text="It was not created")).to_contain_text("baseUrl")
    found = violations(page)
    page.get_by_role("navigation", name="Steps").get_by_role("link", name="Configure").click()
    expect(address).to_have_attribute("aria-invalid", "true")
    expect(named(page)).to_have_value("refused")
    expect(key_of(page)).to_have_value(SECRET)
    found += violations(page)
    address.fill("https://service.example")
    go_on(page, "Test")
    go_on(page, "Review")
    create(page, "refused")

    assert found == []


def test_a_secret_stays_in_its_field(signed_in):
    """It is in no address, not in what the browser keeps, not in the review and not in what can be copied from it."""
    page, _ = signed_in
    addresses: list[str] = []
    page.on("request", lambda request: addresses.append(request.url))
    page.on("framenavigated", lambda frame: addresses.append(frame.url))
    begin(page, "Script")
    go_on(page, "Configure")
    name_it(page, "discreet")
    key_of(page).fill(SECRET)
    expect(page.get_by_text(KEPT)).to_be_visible()
    go_on(page, "Test")
    go_on(page, "Review")
    yaml = page.get_by_role("region", name="The connector as YAML")
    expect(yaml).to_contain_text("DISCREET_API_KEY")
    assert SECRET not in page.content()
    page.get_by_role("button", name="Copy as").click()
    expect(page.get_by_text("curl").first).to_be_visible()
    assert SECRET not in page.content()
    page.keyboard.press("Escape")
    create(page, "discreet")

    assert SECRET not in page.content()
    assert SECRET not in page.evaluate(
        "JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie, history.state])"
    )
    assert not [address for address in addresses if SECRET in address]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_each_step_can_be_used_on_a_telephone(browser: Browser, reaching: Started, scheme: Scheme):
    """With weak eyes, too, and by day and by night."""
    with opened(browser, reaching.url, token=ADMIN_TOKEN, scheme=scheme, width=320, height=640) as (page, _):
        begin(page, "Script")
        found = [*violations(page), overflow(page)]
        go_on(page, "Configure")
        name_it(page, f"by-{scheme}")
        found += [*violations(page), overflow(page)]
        go_on(page, "Test")
        page.get_by_role("combobox", name="Command").click()
        page.get_by_role("option", name="greet").click()
        page.get_by_role("button", name="Test run").click()
        expect(page.get_by_role("status", name="Result of the test")).to_contain_text("Hello, world!")
        found += [*violations(page), overflow(page)]
        go_on(page, "Review")
        expect(page.get_by_role("region", name="The connector as YAML")).to_be_visible()
        found += [*violations(page), overflow(page)]

        assert found == [0, 0, 0, 0]
