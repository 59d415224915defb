"""What a person does in the wizard, step by step, found as that person finds it."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect


def begin(page: Page, kind: str) -> None:
    """Choose how to connect."""
    page.goto("/ui/connectors/new")
    page.get_by_role("link", name=re.compile(f"^{kind}")).click()
    expect_step(page, "Source")


def expect_step(page: Page, title: str) -> None:
    """Wait until this step is open."""
    expect(page.get_by_role("navigation", name="Steps").locator("[aria-current=step]")).to_contain_text(title)


def go_on(page: Page, to: str) -> None:
    """To the next step, which is `to`."""
    page.get_by_role("button", name=re.compile("^(Next|Skip the test)$")).click()
    expect_step(page, to)


def name_it(page: Page, name: str) -> None:
    """Give the connector a name that nobody has."""
    named(page).fill(name)
    expect(page.get_by_text(f"“{name}” is free.")).to_be_visible()


def named(page: Page) -> Locator:
    """The field of the connector's name."""
    return page.get_by_label("Name", exact=False).and_(page.locator("[data-pointer='/name']"))


def create(page: Page, name: str) -> None:
    """Make the connector; its page opens."""
    page.get_by_role("button", name="Create connector").click()
    page.wait_for_url(f"**/ui/connectors/default/{name}")
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def write(page: Page, label: str, text: str) -> Locator:
    """Put this into an editor, in place of what is in it."""
    editor = page.get_by_role("textbox", name=label, exact=True)
    editor.click()
    page.keyboard.press("Control+A")
    page.keyboard.insert_text(text)
    return editor


def open_command(page: Page, command: str) -> None:
    """On a connector's page, open a command in the playground."""
    page.get_by_role("tab", name="Commands").click()
    page.get_by_role("navigation", name="Commands").get_by_role("link", name=re.compile(f"^{command}")).click()
    expect(page.get_by_role("heading", name=command, level=2)).to_be_visible()


def run(page: Page) -> Locator:
    """Run the command that is open, and wait for what it says."""
    page.get_by_role("button", name="Run", exact=True).click()
    result = page.get_by_role("region", name="Result").first
    expect(result.get_by_role("tab", name="Whole answer")).to_be_visible()
    return result
