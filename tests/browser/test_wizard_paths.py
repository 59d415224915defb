"""Each way from nothing to a connector that works, as a person clicks it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from browser.driven import Seen, opened, violations
from browser.steps import begin, create, go_on, name_it, open_command, run, write
from browser.todo_service import document
from jackfield.surfaces.serving import Started
from servers import Service
from surfaces.served import ADMIN_TOKEN

pytestmark = pytest.mark.slow

SCRIPT = """\
function shout() {
  floh.log.info("shouting");
  return { success: true, payload: { said: "HEY" } };
}

function whisper() {
  return { success: true, payload: { said: "hey" } };
}
"""


@pytest.fixture
def signed_in(browser: Browser, reaching: Started) -> Iterator[tuple[Page, Seen]]:
    """A page of an administrator."""
    with opened(browser, reaching.url, token=ADMIN_TOKEN) as (page, seen):
        yield page, seen


def test_a_built_in_type_becomes_a_connector_that_runs(signed_in):
    page, _ = signed_in
    begin(page, "Built-in")
    page.get_by_role("textbox", name="Search", exact=True).fill("wait")
    page.get_by_role("radio", name=re.compile("delay", re.IGNORECASE)).check()
    expect(page.get_by_role("region", name="About delay")).to_contain_text("wait")
    found = violations(page)
    go_on(page, "Configure")
    name_it(page, "pause")
    go_on(page, "Test")
    page.get_by_label("Delay").fill("1")
    page.get_by_role("button", name="Test run").click()
    expect(page.get_by_role("status", name="Result of the test")).to_contain_text("It works")
    found += violations(page)
    go_on(page, "Review")
    expect(page.get_by_role("region", name="The connector as YAML")).to_contain_text("type: delay")
    found += violations(page)
    create(page, "pause")
    open_command(page, "wait")
    page.get_by_label("Delay").fill("1")
    result = run(page)

    expect(result).to_contain_text("delayed")
    assert found + violations(page) == []


def test_a_script_of_two_functions_becomes_a_connector_with_two_commands(signed_in):
    """The function is written first; that it is a command is one click."""
    page, seen = signed_in
    seen.expected.add(422)  # a script that fits its commands only later
    begin(page, "Script")
    page.get_by_role("combobox", name="Begin with").click()
    page.get_by_role("option", name="Empty").click()
    write(page, "Script", SCRIPT)
    page.get_by_role("button", name="Remove command run").click()
    page.get_by_role("button", name="Add “shout” of the script").click()
    page.get_by_role("button", name="Add “whisper” of the script").click()
    expect(page.get_by_text("The server accepts the script.")).to_be_visible()
    found = violations(page)
    go_on(page, "Configure")
    name_it(page, "voice")
    go_on(page, "Test")
    page.get_by_role("button", name="Test run").click()
    expect(page.get_by_role("status", name="Result of the test")).to_contain_text("shouting")
    found += violations(page)
    go_on(page, "Review")
    create(page, "voice")
    open_command(page, "shout")
    open_command(page, "whisper")
    result = run(page)

    expect(result).to_contain_text("hey")
    assert found + violations(page) == []


def test_a_pasted_document_becomes_a_connector_of_the_chosen_operations(signed_in, service: Service):
    """What deletes is off by itself, and what is taken away no longer counts."""
    page, _ = signed_in
    begin(page, "OpenAPI document")
    page.get_by_label("Or paste the document").fill(json.dumps(document(service.url, secured=True)))
    page.get_by_role("button", name="Parse spec").click()
    tree = page.get_by_role("tree", name="Operations")
    deletes = tree.get_by_role("treeitem", name=re.compile("delete_todo"))
    expect(deletes).to_have_attribute("aria-checked", "false")
    budget = page.get_by_role("status").filter(has_text="an estimate")
    expect(budget).to_contain_text("2 tools")
    found = violations(page)
    tree.get_by_role("treeitem", name=re.compile("add_todo")).locator("[data-box]").click()
    expect(budget).to_contain_text("1 tool,")
    go_on(page, "Configure")
    name_it(page, "pasted")
    page.get_by_label("Token").fill("sesame")
    found += violations(page)
    go_on(page, "Test")
    go_on(page, "Review")
    create(page, "pasted")
    open_command(page, "list_todos")
    result = run(page)

    expect(result).to_contain_text("Write a connector")
    expect(page.get_by_role("navigation", name="Commands").get_by_role("link")).to_have_count(1)
    assert service.asked[-1].headers["authorization"] == "Bearer sesame"
    assert found + violations(page) == []


def test_a_document_in_a_file_becomes_a_connector(signed_in, service: Service, tmp_path: Path):
    page, _ = signed_in
    file = tmp_path / "todos.json"
    file.write_text(json.dumps(document(service.url)))
    begin(page, "OpenAPI document")
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Upload a file").click()
    chooser.value.set_files(file)
    expect(page.get_by_role("region", name="What the document offers")).to_contain_text("version 7")
    expect(page.get_by_text("todos.json")).to_be_visible()
    found = violations(page)
    go_on(page, "Configure")
    name_it(page, "uploaded")
    go_on(page, "Test")
    go_on(page, "Review")
    create(page, "uploaded")
    open_command(page, "add_todo")
    page.get_by_label("title", exact=False).fill("Read a book")
    result = run(page)

    expect(result).to_contain_text("Read a book")
    assert found == []


def test_a_document_at_an_address_is_fetched_by_the_server(signed_in, service: Service):
    """The page itself sends nothing elsewhere: the harness would see it."""
    page, _ = signed_in
    begin(page, "OpenAPI document")
    page.get_by_label("Address of the document").fill(f"{service.url}/openapi.json")
    page.get_by_role("button", name="Parse spec").click()
    expect(page.get_by_role("region", name="What the document offers")).to_contain_text("3 operations")
    go_on(page, "Configure")
    name_it(page, "fetched")
    go_on(page, "Test")
    go_on(page, "Review")
    create(page, "fetched")
    open_command(page, "list_todos")
    result = run(page)

    expect(result).to_contain_text("Write a connector")


def test_requests_in_yaml_become_a_connector(signed_in, service: Service):
    """The request is seen before it is sent."""
    page, seen = signed_in
    seen.expected.add(422)  # half a document
    begin(page, "Declarative HTTP")
    write(page, "The connector as YAML", yaml(service.url))
    preview = page.get_by_role("region", name="Request")
    preview.get_by_label("title", exact=False).fill("Buy milk")
    expect(preview).to_contain_text(f"POST {service.url}/todos")
    expect(preview.get_by_role("region", name="Body")).to_contain_text("Buy milk")
    expect(page.get_by_text("The server accepts it.")).to_be_visible()
    found = violations(page)
    go_on(page, "Configure")
    name_it(page, "declared")
    go_on(page, "Test")
    page.get_by_role("button", name="Test run").click()
    expect(page.get_by_role("status", name="Result of the test")).to_contain_text("It works")
    found += violations(page)
    go_on(page, "Review")
    create(page, "declared")
    open_command(page, "add")
    page.get_by_label("title", exact=False).fill("Buy bread")
    result = run(page)

    expect(result).to_contain_text("Buy bread")
    assert service.asked[-1].json() == {"title": "Buy bread"}
    assert found + violations(page) == []


def yaml(url: str) -> str:
    """Of a connector with one operation."""
    return f"""\
baseUrl: {url}
operations:
- {{name: add, method: POST, path: /todos, parameters: {{type: object, properties: {{title: {{type: string}}}}}}}}
"""
