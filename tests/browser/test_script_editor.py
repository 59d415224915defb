"""The editor of a script: what is written is tried before it is saved, and what goes wrong is said in words."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from browser.driven import Seen, opened, violations
from browser.steps import write
from jackfield.surfaces.serving import Started
from server.world import at
from surfaces.served import ADMIN_TOKEN

pytestmark = pytest.mark.slow

SAVED = "function greet() { return { success: true, payload: { said: 'as saved' } }; }"
SCHEMA = {
    "connectionConfig": {},
    "commands": {"greet": {"description": "Say hello.", "readsOnly": True, "params": {"type": "object"}}},
}


@pytest.fixture
def script(site: Started, request: pytest.FixtureRequest) -> str:
    """A script connector of the test's own, with a short limit of time."""
    name = "script-" + re.sub(r"\W+", "-", request.node.name)[-60:].strip("-_").replace("_", "-")
    body = {"name": name, "executionModel": "script", "scriptSource": SAVED, "configSchema": SCHEMA}
    said = at(site).ask("POST", "/api/connectors", {**body, "limits": {"cpuMs": 300}})
    assert said.status == 201, said.body
    return name


@pytest.fixture
def editing(browser: Browser, site: Started, script: str) -> Iterator[tuple[Page, Seen]]:
    """The connector's tab with its script."""
    with opened(browser, site.url, token=ADMIN_TOKEN) as (page, seen):
        page.goto(f"/ui/connectors/default/{script}?tab=script")
        expect(page.get_by_role("textbox", name="Script", exact=True)).to_contain_text("as saved")
        yield page, seen


def tried(page: Page) -> Locator:
    """Run what stands in the editor, and wait for what became of it."""
    page.get_by_role("button", name="Test run").click()
    result = page.get_by_role("status", name="Result of the test")
    expect(result).to_be_visible()
    return result


def test_what_is_written_is_tried_before_it_is_saved(editing, site, script):
    """Result, log and what of the limits was used; whoever calls the connector meanwhile gets what is saved."""
    page, _ = editing
    write(
        page,
        "Script",
        "function greet() { floh.log.warn('close'); return { success: true, payload: { said: 'not saved' } }; }",
    )
    result = tried(page)

    expect(result).to_contain_text("It works")
    expect(result.get_by_role("region", name="Payload")).to_contain_text("not saved")
    expect(result.get_by_role("region", name="Log")).to_contain_text("close")
    expect(result).to_contain_text("of 300 ms")
    expect(result).to_contain_text("of 64 MiB")
    expect(page.get_by_text("Changed, not saved.")).to_be_visible()
    assert at(site).execute({"command": "greet"}, to=script).json()["payload"] == {"said": "as saved"}
    assert violations(page) == []


def test_what_is_no_script_is_marked_at_its_line(editing):
    page, seen = editing
    seen.expected.add(422)
    write(page, "Script", "function greet() {\n  return { success: true };\n}\nfunction other( {")
    page.get_by_role("button", name="Test run").click()

    expect(page.locator(".cm-lint-marker-error")).to_be_visible()
    expect(page.get_by_role("alert").first).to_be_visible()
    assert violations(page) == []


def test_a_script_without_an_end_reaches_its_limit_and_the_page_lives_on(editing):
    """The limit is named in words, and the next run works."""
    page, _ = editing
    write(page, "Script", "function greet() { while (true) {} }")
    result = tried(page)

    expect(result).to_contain_text("The script reached its limit of time")
    expect(result).to_contain_text("0.3")
    assert violations(page) == []
    write(page, "Script", "function greet() { return { success: true, payload: { said: 'better' } }; }")
    tried(page)
    expect(result).to_contain_text("better")


def test_a_private_address_is_refused_with_the_rule_that_says_so(editing):
    """Without the rule nobody knows whom to ask."""
    page, _ = editing
    write(page, "Script", "function greet() { return { success: true, payload: floh.http.get('http://10.1.2.3/') }; }")
    result = tried(page)

    expect(result).to_contain_text("The network policy forbids the address")
    expect(result).to_contain_text(re.compile("The rule: .*not a public address"))
    expect(result.get_by_role("region", name="Requests sent")).to_contain_text("Refused")
    assert violations(page) == []


def test_ctrl_s_saves_a_new_version(editing, site, script):
    page, _ = editing
    write(page, "Script", "function greet() { return { success: true, payload: { said: 'saved again' } }; }")
    page.keyboard.press("Control+s")
    expect(page.get_by_text("Saved as version 1.0.1.")).to_be_visible()
    expect(page.get_by_text("As saved, version 1.0.1.")).to_be_visible()

    assert at(site).execute({"command": "greet"}, to=script).json()["payload"] == {"said": "saved again"}
    assert violations(page) == []


def test_the_editor_knows_what_a_script_may_use(editing):
    """Nobody remembers what another program calls its functions."""
    page, _ = editing
    write(page, "Script", "")
    page.keyboard.type("floh.")
    offered = page.get_by_role("option", name=re.compile(r"^floh\.http\.get"))
    expect(offered).to_be_visible()
    page.keyboard.type("http.g")
    expect(page.get_by_role("option")).to_have_count(1)
    page.keyboard.press("Enter")

    expect(page.get_by_role("textbox", name="Script", exact=True)).to_contain_text("floh.http.get")
