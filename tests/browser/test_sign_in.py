"""Coming in with the printed token, and going out again."""

from __future__ import annotations

from playwright.sync_api import Browser, expect

from browser.driven import opened, violations
from jackfield.surfaces.serving import Started
from surfaces.served import ADMIN_TOKEN


def test_the_printed_token_opens_the_pages(browser: Browser, site: Started):
    """What `serve` prints is all that a person needs to come in."""
    with opened(browser, site.url) as (page, seen):
        seen.expected.add(401)
        page.goto("/")
        page.get_by_label("API token").fill(ADMIN_TOKEN)
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="Home")).to_be_visible()

        assert page.url.endswith("/ui/")
        assert ADMIN_TOKEN not in page.content()
        assert page.evaluate("document.cookie + JSON.stringify({...localStorage, ...sessionStorage})").count("jf") <= 1


def test_a_wrong_token_is_named_as_one_and_stays_where_it_was_typed(browser: Browser, site: Started):
    """Nobody types forty characters twice."""
    with opened(browser, site.url) as (page, seen):
        seen.expected.add(401)
        page.goto("/ui/")
        page.get_by_label("API token").fill("jf_not-a-token-of-this-server")
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_role("alert")).to_be_visible()

        assert page.get_by_label("API token").input_value() == "jf_not-a-token-of-this-server"
        assert violations(page) == []


def test_signing_out_ends_the_session_on_the_server(browser: Browser, site: Started):
    """A page that only forgets leaves the cookie working for whoever copied it."""
    with opened(browser, site.url, token=ADMIN_TOKEN) as (page, seen):
        seen.expected.add(401)
        page.goto("/ui/")
        cookies = page.context.cookies()
        page.get_by_role("button", name="Signed in as admin").click()
        page.get_by_role("menuitem", name="Sign out").click()
        expect(page.get_by_label("API token")).to_be_visible()
        page.context.add_cookies(cookies)

        assert page.request.get("/api/session").status == 401


def test_a_session_that_ends_is_renewed_above_the_page(browser: Browser, site: Started):
    """What was typed is still there."""
    with opened(browser, site.url, token=ADMIN_TOKEN) as (page, seen):
        seen.expected.add(401)
        page.goto("/ui/")
        expect(page.get_by_role("heading", name="Home")).to_be_visible()
        page.context.clear_cookies()
        page.get_by_role("button", name="Run it").click()
        dialog = page.get_by_role("dialog", name="You were signed out")
        dialog.get_by_label("API token").fill(ADMIN_TOKEN)
        dialog.get_by_role("button", name="Sign in").click()
        expect(dialog).to_be_hidden()
        page.get_by_role("button", name="Run it").click()
        expect(page.get_by_text("It ran.")).to_be_visible()
