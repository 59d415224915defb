"""K11: environments of a connector are made where its connection is, and chosen where its commands are run."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from browser.driven import opened, violations
from browser.todo_service import document
from jackfield.surfaces.serving import Started
from server.world import at
from servers import Service
from surfaces.served import ADMIN_TOKEN

pytestmark = pytest.mark.slow

KEYS = {"own": "key-of-its-own-0123", "staging": "key-of-staging-0123"}
ONE = "/api/connectors/default/tasks"


def made(site: Started, service: Service) -> None:
    config = {"baseUrl": service.url, "bearerToken": KEYS["own"]}
    body = {"name": "tasks", "spec": document(service.url, secured=True), "config": config}
    answer = at(site).ask("POST", "/api/connectors", body)
    assert answer.status == 201, answer.body


def save(page: Page) -> None:
    """Until there is nothing to save any more: while it saves, the button cannot be pressed either."""
    button = page.get_by_role("button", name="Save", exact=True)
    button.click()
    expect(button).to_be_disabled()
    expect(button).not_to_have_attribute("data-loading", "true")
    expect(button).to_be_disabled()


def choose(page: Page, label: str, *options: str) -> None:
    page.get_by_role("combobox", name=label, exact=True).click()
    for option in options:
        page.get_by_role("option", name=option, exact=True).click()
    page.keyboard.press("Escape")


def kept(site: Started) -> dict[str, Any]:
    found = at(site).ask("GET", ONE).json()
    return {key: found[key] for key in ("environment", "environments")}


def test_an_environment_is_made_called_renamed_and_removed(browser: Browser, reaching: Started, service: Service):
    """The whole way, by its labels. A secret stays under a new name, and is not shown."""
    made(reaching, service)
    with opened(browser, reaching.url, token=ADMIN_TOKEN) as (page, _):
        page.goto("/ui/connectors/default/tasks?tab=configuration")
        page.get_by_role("textbox", name="Name of a new environment").fill("no name")
        expect(page.get_by_text("Up to 64 letters, digits")).to_be_visible()
        page.get_by_role("textbox", name="Name of a new environment").fill("staging")
        page.keyboard.press("Enter")
        choose(page, "What is different there", "Base URL", "Bearer token")
        part = page.get_by_role("region", name="Environments")
        part.locator("[data-pointer='/baseUrl']").fill(f"{service.url}/staging")
        part.locator("[data-pointer='/bearerToken']").fill(KEYS["staging"])
        found = violations(page)
        save(page)
        assert KEYS["staging"] not in page.content()
        first = kept(reaching)

        page.goto("/ui/connectors/default/tasks?tab=commands&command=listTodos")
        choose(page, "Environment", "staging")
        page.get_by_role("button", name="Run", exact=True).click()
        expect(page.get_by_text("Failed").first).to_be_visible()
        asked = service.asked[-1]
        (newest,) = at(reaching).ask("GET", "/api/executions?pageSize=1").json()["items"]
        page.goto(f"/ui/executions/{newest['id']}")
        expect(page.get_by_role("definition").filter(has_text="staging")).to_be_visible()
        page.get_by_role("link", name="Run again in the playground").click()
        expect(page.get_by_role("combobox", name="Environment", exact=True)).to_have_value("staging")

        page.goto("/ui/connectors/default/tasks?tab=configuration")
        part.get_by_role("textbox", name="Name", exact=True).fill("stage")
        choose(page, "Used unless a call names another", "stage")
        found += violations(page)
        save(page)
        second = kept(reaching)

        part.get_by_role("button", name="Remove it").click()
        save(page)

    fields = {"baseUrl": f"{service.url}/staging", "bearerToken": "********"}
    environment = {"config": fields, "credential": ""}
    assert found == []
    assert first == {"environment": "", "environments": {"staging": environment}}
    assert (asked.path, asked.headers["authorization"]) == ("/staging/todos", f"Bearer {KEYS['staging']}")
    assert second == {"environment": "stage", "environments": {"stage": environment}}
    assert kept(reaching) == {"environment": "", "environments": {}}
