"""What holds of every screen, whatever it is for: everybody can use it, in each of its states."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from browser.driven import Scheme, Seen, opened, overflow, shifted, violations
from browser.screens import DENIED, EMPTY, REFUSED, SCREENS, answering, never_answering, open_screen, routes
from jackfield.surfaces.serving import Started
from server.world import at
from surfaces.served import ADMIN_TOKEN

pytestmark = pytest.mark.slow

SCHEMES: tuple[Scheme, ...] = ("light", "dark")
MOST_SHIFT = 0.05
"""Of the layout, while a page comes: half of what people take for still (0.1, says web.dev of Cumulative Layout
Shift). On a busy machine parts come one after the other that come together elsewhere."""
ASKING = [name for name, screen in SCREENS.items() if screen.asks]


@pytest.fixture(scope="module")
def execution(site: Started) -> str:
    """The id of a call that was made."""
    made: str = at(site).execute({"command": "list_books", "params": {}}, to="demo").json()["metadata"]["executionId"]
    return made


@pytest.fixture
def signed_in(browser: Browser, site: Started) -> Iterator[tuple[Page, Seen]]:
    """A page of an administrator."""
    with opened(browser, site.url, token=ADMIN_TOKEN) as found:
        yield found


def wrong(page: Page) -> list[str]:
    """What axe finds wrong in light and in dark."""
    found = []
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        found += [f"{scheme}: {each}" for each in violations(page)]
    return found


def test_every_page_is_among_the_screens():
    """A page that is not tried here is one that nobody has looked at."""
    assert {screen.route or screen.path for screen in SCREENS.values()} >= routes()


@pytest.mark.parametrize("name", SCREENS)
def test_a_screen_can_be_used_by_everybody(signed_in, execution, name):
    """With a screen reader, with weak eyes, on a telephone: axe finds nothing, and nothing is cut off at 320 px.

    Nor does anything move under the finger of whoever was about to press it.
    """
    page, _ = signed_in
    open_screen(page, SCREENS[name], execution=execution)
    page.wait_for_load_state("networkidle")
    moved = shifted(page)
    found = wrong(page)
    page.set_viewport_size({"width": 320, "height": 640})

    assert found == []
    assert moved < MOST_SHIFT
    assert overflow(page) == 0
    assert wrong(page) == []


@pytest.mark.parametrize("name", ASKING)
def test_a_screen_that_waits_says_so(signed_in, name):
    """A blank page looks broken."""
    page, _ = signed_in
    never_answering(page)
    page.goto(f"/ui{SCREENS[name].path}")
    expect(page.get_by_role("status").first).to_be_attached()
    expect(page.locator("[aria-busy=true] .mantine-Skeleton-root:visible").first).to_be_visible()

    assert wrong(page) == []


@pytest.mark.parametrize("name", ASKING)
def test_a_screen_that_is_refused_says_why_and_who_can_help(signed_in, name):
    page, seen = signed_in
    seen.expected.add(403)
    answering(page, status=403, body=DENIED)
    page.goto(f"/ui{SCREENS[name].path}")
    expect(page.get_by_text("the token of `admin` lacks the scope `read`").first).to_be_visible()

    assert wrong(page) == []


@pytest.mark.parametrize("name", ASKING)
def test_a_screen_that_fails_says_what_happened_and_tries_again(signed_in, name):
    page, seen = signed_in
    seen.expected.add(422)
    answering(page, status=422, body=REFUSED)
    page.goto(f"/ui{SCREENS[name].path}")
    expect(page.get_by_role("alert").first).to_contain_text("it cannot be answered")
    expect(page.get_by_text("request-2").first).to_be_visible()
    expect(page.get_by_role("button", name="Try again").first).to_be_visible()

    assert wrong(page) == []


@pytest.mark.parametrize("name", [name for name in ASKING if SCREENS[name].lists])
def test_a_screen_with_nothing_to_show_says_what_it_is_for(signed_in, name):
    page, _ = signed_in
    answering(page, status=200, body=EMPTY)
    open_screen(page, SCREENS[name])
    page.wait_for_load_state("networkidle")

    assert wrong(page) == []


@pytest.mark.parametrize(
    "path", ["/nothing", "/connectors/default/nothing", "/types/nothing", "/executions/nothing", "/gateways/nothing"]
)
def test_an_address_that_leads_nowhere_says_so_and_leads_on(signed_in, path):
    """A link to what was deleted is followed every day."""
    page, seen = signed_in
    seen.expected.add(404)
    page.goto(f"/ui{path}")
    expect(page.get_by_role("heading", level=1)).to_contain_text("There is no such")
    expect(page.get_by_role("main").get_by_role("link").first).to_be_visible()

    assert wrong(page) == []


@pytest.mark.parametrize(
    "path",
    [
        "/connectors?q=nothing-like-this",
        "/executions?connector=nothing",
        "/types?q=nothing",
        "/mcp?tab=tools&q=nothing-like-this",
    ],
)
def test_filters_that_leave_nothing_can_be_cleared(signed_in, path):
    """Else people believe that there is nothing."""
    page, _ = signed_in
    page.goto(f"/ui{path}")
    clear = page.get_by_role("button", name="Clear the filters")
    expect(clear).to_be_visible()
    found = wrong(page)
    clear.click()
    expect(clear).to_be_hidden()

    assert found == []


def test_what_is_old_says_how_old(signed_in, execution):
    """A page that looks alive and is not misleads whoever watches it."""
    page, seen = signed_in
    seen.expected.add(503)
    open_screen(page, SCREENS["calls"])
    expect(page.locator("[data-row]").first).to_be_visible()
    answering(page, status=503, body={**REFUSED, "status": 503})
    page.get_by_role("button", name="Refresh").click()
    expect(page.get_by_text("This is as it was").first).to_be_visible()

    assert wrong(page) == []
