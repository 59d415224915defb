"""What people do with gateways: settle what a model may not, let a client in, and see what goes when one goes."""

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

DESK = "/ui/gateways/help-desk"


@pytest.fixture
def signed_in(browser: Browser, site: Started) -> Iterator[tuple[Page, Seen]]:
    """A page of an administrator."""
    with opened(browser, site.url, token=ADMIN_TOKEN) as found:
        yield found


def gateway(site: Started, name: str = "help-desk") -> Any:
    return at(site).ask("GET", f"/api/gateways/{name}").json()


def test_a_param_is_locked_by_a_form_and_holds(signed_in, site):
    """FEATURES M09: what the page says the model sees is what it sees, and what is locked it cannot change."""
    page, _ = signed_in
    page.goto(DESK)
    page.get_by_role("button", name="Settle get_book of default/demo").click()
    dialog = page.get_by_role("dialog")
    seen = dialog.get_by_role("region", name="What the model sees")
    expect(seen).to_contain_text('"id"')
    dialog.get_by_role("combobox", name="Who decides id").or_(
        dialog.get_by_role("textbox", name="Who decides id")
    ).click()
    page.get_by_role("option", name=re.compile("^Locked")).click()
    dialog.get_by_label("Locked value of id").fill("2")
    expect(seen).not_to_contain_text('"id"')
    found = violations(page)
    dialog.get_by_role("button", name="Take it over").click()
    page.keyboard.press("Control+s")
    expect(page.get_by_text("The gateway is saved.")).to_be_visible()
    call = {"arguments": {"id": 1}, "gateway": "help-desk"}
    answer = at(site).ask("POST", "/api/tools/demo__get_book/call", call).json()

    assert found == []
    assert gateway(site)["choice"]["connectors"][0]["tools"]["get_book"]["parameters"] == {
        "id": {"value": 2, "locked": True}
    }
    assert (answer["ignored"], answer["structured"]["id"]) == (["id"], 2)


def test_what_is_not_saved_is_not_lost_by_a_slip(signed_in, site):
    """Tabs keep it, and leaving asks."""
    page, _ = signed_in
    page.goto(DESK)
    page.get_by_role("tab", name="For the model").click()
    page.get_by_label("Instructions").fill("Look it up first.")
    page.get_by_role("tab", name="Tools").click()
    page.get_by_role("tab", name="For the model").click()
    expect(page.get_by_label("Instructions")).to_have_value("Look it up first.")
    page.get_by_role("link", name="Secrets").click()
    page.get_by_role("dialog").get_by_role("button", name="Stay").click()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("The gateway is saved.")).to_be_visible()

    assert gateway(site)["instructions"] == "Look it up first."


def test_somebody_else_was_quicker(signed_in, site):
    """Nobody's work is written over without a word."""
    page, seen = signed_in
    seen.expected |= {409, 412}
    page.goto(f"{DESK}?tab=general")
    page.get_by_label("Title").fill("Mine")
    at(site).ask("PUT", "/api/gateways/help-desk", {"description": "Theirs"})
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_contain_text("Somebody else has saved this gateway")
    found = violations(page)
    page.get_by_role("button", name="Load the newest revision").click()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("The gateway is saved.")).to_be_visible()
    kept = gateway(site)

    assert found == []
    assert (kept["title"], kept["description"]) == ("Mine", "Theirs")


def test_a_gateway_that_goes_says_who_is_shut_out(signed_in, site):
    """A name has to be typed, and the tokens that end are named before."""
    at(site).ask("POST", "/api/gateways", {"name": "old-desk"})
    page, _ = signed_in
    page.goto("/ui/gateways/old-desk?tab=tokens")
    page.get_by_role("button", name="New token").click()
    page.get_by_role("dialog").get_by_label("Name").fill("laptop")
    page.get_by_role("dialog").get_by_role("button", name="Make it").click()
    expect(page.get_by_role("region", name="Token", exact=True)).to_contain_text("jf_")
    page.get_by_role("button", name="I have copied it").click()
    page.get_by_role("button", name="Delete").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("list", name="What uses it")).to_contain_text("“laptop” of admin, never used")
    found = violations(page)
    dialog.get_by_label("Type “old-desk” to go on").fill("old-desk")
    dialog.get_by_role("button", name="Delete").click()
    page.wait_for_url("**/ui/gateways")

    assert found == []
    assert at(site).ask("GET", "/api/gateways/old-desk").status == 404


def test_a_disabled_gateway_says_so_to_a_client(signed_in, site):
    """And its page enables it again."""
    page, seen = signed_in
    seen.expected |= {403, 404, 409}
    page.goto(f"{DESK}?tab=connect")
    page.get_by_role("button", name="Disable").click()
    page.get_by_role("dialog").get_by_role("button", name="Disable").click()
    expect(page.get_by_role("button", name="Enable")).to_be_visible()
    assert gateway(site)["enabled"] is False
    page.get_by_role("button", name="Enable").click()
    expect(page.get_by_role("button", name="Disable")).to_be_visible()

    assert gateway(site)["enabled"] is True


def test_the_built_in_client_comes_through_a_gateway(signed_in, site):
    """With a token that opens nothing else."""
    page, _ = signed_in
    page.goto(f"{DESK}?tab=check")
    page.get_by_role("button", name="Check it").click()
    steps = page.get_by_role("region", name="Steps of the check")
    expect(steps.get_by_text("The endpoint works.")).to_be_visible()

    expect(steps).to_contain_text("2 tools for commands")
    expect(steps).not_to_contain_text("order_book")


def test_whoever_may_only_read_sees_why_nothing_can_be_changed(browser, site):
    """A control that is gone teaches nobody anything."""
    token = at(site).ask("POST", "/api/tokens", {"name": "reader", "scopes": ["read"]}).json()["text"]
    with opened(browser, site.url, token=token) as (page, _):
        page.goto(DESK)
        button = page.get_by_role("button", name="Delete")
        expect(button).to_have_attribute("aria-disabled", "true")
        button.focus()
        expect(page.get_by_role("tooltip")).to_contain_text("manage")

        expect(page.get_by_role("checkbox", name="default/demo")).to_be_disabled()


def test_letters_and_the_palette_lead_there(signed_in):
    """`g g` and `g m`, and a gateway by its name."""
    page, _ = signed_in
    page.goto("/ui/")
    expect(page.get_by_role("heading", name="Home")).to_be_visible()
    page.keyboard.press("g")
    page.keyboard.press("m")
    expect(page.get_by_role("heading", name="MCP", level=1)).to_be_visible()
    page.keyboard.press("g")
    page.keyboard.press("g")
    expect(page.get_by_role("heading", name="Gateways", level=1)).to_be_visible()
    page.keyboard.press("Control+k")
    page.get_by_role("textbox", name="Search everything").fill("help-desk")
    page.get_by_role("button", name="help-desk").or_(page.get_by_role("option", name="help-desk")).first.click()

    expect(page.get_by_role("tab", name="For the model")).to_be_visible()
