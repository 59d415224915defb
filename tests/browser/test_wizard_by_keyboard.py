"""A connector by keys alone: whoever cannot use a mouse makes one, too."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from browser.driven import opened
from browser.steps import expect_step, named
from jackfield.surfaces.serving import Started
from surfaces.served import ADMIN_TOKEN

pytestmark = pytest.mark.slow

MOST_STOPS = 90


def tab_to(page: Page, wanted: Locator) -> None:
    """Go to a control as people do: from one to the next. What has the focus is seen to have it."""
    expect(wanted).to_be_visible()
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        if wanted.evaluate("(element) => element === document.activeElement"):
            return
    pytest.fail(f"{wanted} is not reached with Tab")


def choose(page: Page, option: str) -> None:
    """Open the list that has the focus, go down to an option as people do, and take it."""
    page.keyboard.press("Enter")
    options = page.get_by_role("listbox").get_by_role("option")
    expect(options.first).to_be_visible()
    highlighted = page.locator("[role=option][data-combobox-selected]")
    for _ in range(options.count()):
        page.keyboard.press("ArrowDown")
        expect(highlighted).to_be_visible()
        if highlighted.inner_text() == option:
            break
    page.keyboard.press("Enter")


def go_on(page: Page, to: str) -> None:
    """To the next step."""
    tab_to(page, page.get_by_role("button", name=re.compile("^(Next|Skip the test)$")))
    page.keyboard.press("Enter")
    expect_step(page, to)


def test_a_script_connector_is_made_and_run_without_a_mouse(browser: Browser, site: Started):
    with opened(browser, site.url, token=ADMIN_TOKEN) as (page, seen):
        seen.expected |= {422}
        page.goto("/ui/")
        expect(page.get_by_role("heading", name="Home")).to_be_visible()
        page.keyboard.press("c")
        tab_to(page, page.get_by_role("link", name=re.compile("^Script")))
        page.keyboard.press("Enter")
        expect_step(page, "Source")
        tab_to(page, page.get_by_role("combobox", name="Begin with"))
        choose(page, "Logic only")
        editor = page.get_by_role("textbox", name="Script", exact=True)
        expect(editor).to_contain_text("function count")
        tab_to(page, editor)
        page.keyboard.press("Control+End")
        page.keyboard.type("\nfunction again() {\nreturn { success: true };\n")
        page.keyboard.press("Escape")
        tab_to(page, page.get_by_role("button", name="Add “again” of the script"))
        page.keyboard.press("Enter")
        expect(page.get_by_text("The server accepts the script.")).to_be_visible()
        go_on(page, "Configure")
        tab_to(page, named(page))
        page.keyboard.type("by-keys")
        expect(page.get_by_text("“by-keys” is free.")).to_be_visible()
        go_on(page, "Test")
        tab_to(page, page.get_by_label("text", exact=False).and_(page.locator("[data-pointer='/text']")))
        page.keyboard.type("one two three")
        page.keyboard.press("Control+Enter")
        expect(page.get_by_role("status", name="Result of the test")).to_contain_text('"words": 3')
        go_on(page, "Review")
        tab_to(page, page.get_by_role("button", name="Create connector"))
        page.keyboard.press("Enter")
        page.wait_for_url("**/ui/connectors/default/by-keys")
        tab_to(page, page.get_by_role("tab", name="Overview"))
        for _ in ("Configuration", "Credentials", "Commands"):
            page.keyboard.press("ArrowRight")
        tab_to(page, page.locator("[data-pointer='/text']"))
        page.keyboard.type("four five")
        page.keyboard.press("Control+Enter")

        expect(page.get_by_role("region", name="Result").first).to_contain_text("words")
