"""FEATURES U04: the operations of a declarative connector are added, changed and removed where it is."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from browser.driven import opened, violations
from jackfield.surfaces.serving import Started
from server.world import at
from surfaces.served import ADMIN_TOKEN

pytestmark = pytest.mark.slow

SHOP = {
    "name": "shop",
    "baseUrl": "https://shop.example",
    "operations": [
        {
            "name": "list_items",
            "description": "List what is for sale.",
            "method": "GET",
            "path": "/items",
            "parameters": {"type": "object", "properties": {"q": {"type": "string"}}},
            "mapping": "query",
        }
    ],
}


def written(page: Page) -> str:
    """What stands in the editor."""
    return page.get_by_role("textbox", name="The operations as YAML").inner_text()


def test_an_operation_is_added_and_the_rest_stays(browser: Browser, site: Started):
    """What is saved is what was read, with the change."""
    made = at(site).ask("POST", "/api/connectors", SHOP)
    assert made.status == 201, made.body
    with opened(browser, site.url, token=ADMIN_TOKEN) as (page, seen):
        seen.expected.add(422)
        page.goto("/ui/connectors/default/shop?tab=operations")
        editor = page.get_by_role("textbox", name="The operations as YAML")
        expect(editor).to_contain_text("list_items")
        found = violations(page)
        editor.click()
        page.keyboard.press("Control+End")
        page.keyboard.insert_text("  get_item:\n    method: TELEPORT\n    path: /items/{id}\n")
        page.keyboard.press("Control+s")
        expect(page.get_by_role("list", name="What is wrong")).to_contain_text("TELEPORT")
        kept = written(page)
        found += violations(page)
        page.keyboard.press("Control+a")
        page.keyboard.insert_text(kept.replace("TELEPORT", "GET"))
        page.keyboard.press("Control+s")
        expect(page.get_by_role("status").filter(has_text="As saved")).to_be_visible()
        page.goto("/ui/connectors/default/shop?tab=commands&command=get_item")
        expect(page.get_by_role("heading", name="get_item")).to_be_visible()
        expect(page.get_by_text("List what is for sale.").or_(page.get_by_text("list_items")).first).to_be_visible()

        assert found == []
