"""What people do to connect accounts: sign in at a service in a window, close it, be refused, sign in again."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from browser.driven import Seen, opened, violations
from browser.steps import go_on, name_it
from jackfield.testing.oauth.server import FakeOAuth
from oauth.signing import World, acme, register, world
from surfaces.served import ADMIN_TOKEN

pytestmark = pytest.mark.slow

TAB = "/ui/connectors/default/acme?tab=credentials"


@pytest.fixture(scope="module")
def service() -> Iterator[FakeOAuth]:
    """A service that asks people, on a page."""
    with FakeOAuth(consent="ask") as running:
        yield running


@pytest.fixture
def here(sqlite_template: Path, tmp_path: Path, service: FakeOAuth) -> Iterator[World]:
    """A server with a connector to it, and an app there."""
    url = f"sqlite:///{shutil.copy(sqlite_template, tmp_path / 'jackfield.db')}"
    with world(tmp_path, url, service) as made:
        yield made


@pytest.fixture
def signed_in(browser: Browser, here: World) -> Iterator[tuple[Page, Seen]]:
    """A page of an administrator."""
    with opened(browser, here.at.url, token=ADMIN_TOKEN) as found:
        yield found


def begin(page: Page, name: str = "", *, path: str = TAB) -> Page:
    """Ask to connect an account; the window of the service."""
    page.goto(path)
    page.get_by_role("button", name="Connect an account").first.click()
    dialog = page.get_by_role("dialog")
    if name:
        dialog.get_by_role("textbox", name="Name").fill(name)
    with page.expect_popup() as opening:
        dialog.get_by_role("button", name="Sign in", exact=True).click()
    return at_service(opening.value)


def at_service(window: Page) -> Page:
    """Wait until the window shows the service's page."""
    expect(window.get_by_role("button", name="Allow")).to_be_visible()
    return window


def allow(window: Page, account: str = "Ada Lovelace") -> None:
    """Agree at the service, as that account; the window closes by itself."""
    window.get_by_label(account).check()
    with window.expect_event("close"):
        window.get_by_role("button", name="Allow").click(no_wait_after=True)


def card(page: Page, name: str) -> Locator:
    """A credential of the list."""
    return page.get_by_role("list", name="Credentials").get_by_role("listitem", name=name, exact=True)


def do(page: Page, name: str, action: str) -> None:
    """Something of a credential's menu."""
    page.get_by_role("button", name=f"More for {name}").click()
    page.get_by_role("menuitem", name=action).click()


def connected(page: Page, name: str = "") -> str:
    """Connect an account, whose credential gets this name."""
    allow(begin(page, name))
    expect(page.get_by_text("The account is connected.").first).to_be_visible()
    return name


def test_an_account_is_connected_in_a_window_of_its_own(signed_in, here):
    """FEATURES U11: two clicks here, one there; and a call is made as that account."""
    page, _ = signed_in
    page.goto(TAB)
    expect(page.get_by_role("heading", name="No account is connected yet")).to_be_visible()
    empty = violations(page)
    connected(page, "Sales")
    shown = card(page, "Sales")

    expect(shown).to_contain_text("Connected")
    expect(shown).to_contain_text("ada@example.com")
    expect(shown).to_contain_text("Default")
    expect(shown.get_by_role("list", name="Scopes")).to_contain_text("read")
    expect(shown).to_contain_text("renewed before")
    expect(page.get_by_role("dialog")).to_be_hidden()
    assert here.call().json()["payload"]["email"] == "ada@example.com"
    assert empty == violations(page) == []


def test_a_window_that_is_closed_by_hand_is_noticed_and_changes_nothing(signed_in, here):
    """Whoever closes the window by mistake is told so, and begins again from there."""
    page, _ = signed_in
    begin(page).close()
    notice = page.get_by_role("alert").filter(has_text="The window is closed")
    expect(notice).to_contain_text("Nothing has changed")
    found = violations(page)
    with page.expect_popup() as opening:
        notice.get_by_role("button", name="Open it again").click()
    allow(at_service(opening.value))

    expect(page.get_by_role("list", name="Credentials").get_by_role("listitem").first).to_contain_text("Connected")
    assert found == []
    assert len(here.at.ask("GET", "/api/credentials").json()["items"]) == 1


def test_a_page_that_cuts_the_tie_to_its_opener_connects_all_the_same(signed_in, service):
    """Services answer with `Cross-Origin-Opener-Policy`: then nothing is known of the window, and asking is enough."""
    page, _ = signed_in
    service.faults.always("page", headers={"Cross-Origin-Opener-Policy": "same-origin"})
    try:
        window = begin(page, "Cut off")
        window.get_by_role("button", name="Allow").click(no_wait_after=True)
        expect(card(page, "Cut off")).to_contain_text("Connected")
    finally:
        service.faults.clear()


def test_a_browser_that_opens_no_windows_goes_there_itself_and_comes_back(signed_in, service):
    page, seen = signed_in
    seen.expected.add(404)  # the service has no picture for its tab
    page.add_init_script("window.open = () => null")
    page.goto(TAB)
    page.get_by_role("button", name="Connect an account").first.click()
    page.get_by_role("dialog").get_by_role("textbox", name="Name").fill("No window")
    page.get_by_role("dialog").get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_role("button", name="Allow").click()
    page.get_by_role("link", name="Go back").click()

    expect(page).to_have_url(re.compile(re.escape(TAB)))
    expect(card(page, "No window")).to_contain_text("Connected")
    assert {url.split("?")[0] for url in seen.elsewhere} == {service.authorization_url}
    seen.elsewhere.clear()  # and nowhere else


def test_a_person_who_says_no_is_told_that_nothing_came_of_it(signed_in, here):
    page, _ = signed_in
    begin(page).get_by_role("button", name="Deny").click(no_wait_after=True)
    notice = page.get_by_role("alert").filter(has_text="The account was not connected")
    expect(notice).to_contain_text("access_denied")
    found = violations(page)
    notice.get_by_role("button", name="Leave it").click()

    expect(notice).to_be_hidden()
    expect(page.get_by_role("dialog").get_by_role("button", name="Sign in", exact=True)).to_be_visible()
    assert found == []
    assert here.at.ask("GET", "/api/credentials").json()["items"] == []


def test_an_app_that_the_service_does_not_take_is_told(signed_in, here, service):
    """The exchange fails on the server, after the person has said yes."""
    page, _ = signed_in
    service.faults.next("token", status=401, error="invalid_client")
    begin(page).get_by_role("button", name="Allow").click(no_wait_after=True)

    expect(page.get_by_role("alert").filter(has_text="The account was not connected")).to_contain_text("invalid_client")


def test_a_revoked_grant_is_told_and_the_account_connected_again(signed_in, here, service):
    """FEATURES I11: the reason stands there, and what calls name by id goes on after one click."""
    page, _ = signed_in
    connected(page, "Sales")
    service.revoke_all()
    assert here.call().json()["success"] is False
    page.reload()
    shown = card(page, "Sales")
    expect(shown).to_contain_text("Needs re-authorisation")
    expect(shown).to_contain_text("until the account is connected again")
    found = violations(page)
    with page.expect_popup() as opening:
        shown.get_by_role("button", name="Connect again").click()
    allow(at_service(opening.value))
    expect(shown).to_contain_text("Connected")

    assert found == []
    assert here.call().json()["payload"]["email"] == "ada@example.com"
    assert len(here.at.ask("GET", "/api/credentials").json()["items"]) == 1


def test_another_account_can_be_chosen_for_what_is_there(signed_in, here):
    page, _ = signed_in
    connected(page, "Sales")
    with page.expect_popup() as opening:
        do(page, "Sales", "Switch to another account")
    allow(at_service(opening.value), "Grace Hopper")

    expect(card(page, "Sales")).to_contain_text("grace@example.com")
    assert here.call().json()["payload"]["email"] == "grace@example.com"


def test_a_token_that_was_got_elsewhere_is_pasted(signed_in, here, service):
    """And never shown again, not even to whoever pasted it."""
    page, _ = signed_in
    token = service.grant(account="grace")["access_token"]
    page.goto(f"{TAB}&open=token")
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("textbox", name="Name").fill("By hand")
    dialog.get_by_label("Access token").fill(token)
    found = violations(page)
    dialog.get_by_role("button", name="Keep it").click()
    shown = card(page, "By hand")
    expect(shown).to_contain_text("Pasted token")

    assert here.call().json()["payload"]["email"] == "grace@example.com"
    assert token not in page.content()
    assert found == []


def test_a_private_account_stands_beside_the_shared_one_and_goes_before_it(signed_in, here):
    """FEATURES I04: and each call of the playground can be made with either."""
    page, _ = signed_in
    connected(page, "Everybody")
    page.get_by_role("button", name="Connect an account").first.click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("textbox", name="Name").fill("Mine")
    dialog.get_by_text("Private", exact=True).click()
    with page.expect_popup() as opening:
        dialog.get_by_role("button", name="Sign in", exact=True).click()
    window = opening.value
    window.get_by_label("Grace").check()
    window.get_by_role("button", name="Allow").click(no_wait_after=True)
    expect(card(page, "Mine")).to_contain_text("Private")
    expect(card(page, "Everybody")).to_contain_text("Shared")
    page.goto("/ui/connectors/default/acme?tab=commands&command=me")
    page.get_by_role("button", name="Run", exact=True).click()
    result = page.get_by_role("region", name="Result").first
    expect(result).to_contain_text("grace@example.com")
    page.get_by_role("combobox", name="Credential").click()
    page.get_by_role("option", name="Everybody").click()
    page.get_by_role("button", name="Run", exact=True).click()

    expect(result).to_contain_text("ada@example.com")


def test_scopes_that_were_not_granted_are_marked(signed_in, here, service):
    """A call that fails for the lack of one is understood beforehand."""
    page, _ = signed_in
    window = begin(page, "Half")
    window.get_by_label("read").uncheck()
    window.get_by_role("button", name="Allow").click(no_wait_after=True)

    expect(card(page, "Half").get_by_role("list", name="Scopes")).to_contain_text("read: not granted")
    assert violations(page) == []


def test_a_credential_is_tested_renamed_renewed_revoked_and_deleted(signed_in, here, service):
    """FEATURES I11: each of them from its card."""
    page, _ = signed_in
    connected(page, "Sales")
    shown = card(page, "Sales")
    shown.get_by_role("button", name="Test", exact=True).click()
    expect(shown).to_contain_text("It works")
    do(page, "Sales", "Rename")
    page.get_by_role("dialog").get_by_role("textbox", name="Name").fill("Marketing")
    page.get_by_role("dialog").get_by_role("button", name="Save").click()
    renamed = card(page, "Marketing")
    expect(renamed).to_be_visible()
    do(page, "Marketing", "Refresh the token now")
    expect(page.get_by_text("“Marketing” has a new token.")).to_be_visible()
    do(page, "Marketing", "Revoke at the service")
    page.get_by_role("dialog").get_by_role("button", name="Revoke").click()
    expect(renamed).to_contain_text("Revoked")
    do(page, "Marketing", "Delete")
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()

    expect(page.get_by_role("heading", name="No account is connected yet")).to_be_visible()


def test_a_device_shows_a_code_and_waits(signed_in, here, service):
    """For a server whose address the service cannot send anybody back to."""
    page, _ = signed_in
    page.goto(f"{TAB}&open=connect")
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("textbox", name="Name").fill("Telephone")
    dialog.get_by_role("button", name="On another device").click()
    code = page.get_by_role("region", name="Code").inner_text()
    found = violations(page)
    service.approve_device(code)

    expect(card(page, "Telephone")).to_contain_text("Connected")
    assert found == []


def test_without_an_app_the_page_says_how_to_get_one(browser, here, service):
    """And takes one of one's own."""
    made = here.at.ask("POST", "/api/connectors", acme(service, name="other"))
    assert made.status == 201, made.body
    register(here, service, "other")
    with opened(browser, here.at.url, token=ADMIN_TOKEN) as (page, seen):
        seen.expected.update({400, 409, 422})
        page.goto("/ui/connectors/default/other?tab=credentials&open=connect")
        dialog = page.get_by_role("dialog")
        dialog.get_by_role("button", name="Sign in", exact=True).click()
        expect(dialog.get_by_role("alert")).to_contain_text("OTHER_OAUTH_CLIENT_ID")
        dialog.get_by_role("button", name="App and scopes").click()
        dialog.get_by_label("With an app of my own").check(force=True)
        expect(dialog.get_by_role("region", name="Redirect URI")).to_contain_text("/api/oauth/callback/other")
        dialog.get_by_role("textbox", name="Client ID").fill(service.client_id)
        dialog.get_by_role("textbox", name="Client secret").fill(service.client_secret)
        found = violations(page)
        with page.expect_popup() as opening:
            dialog.get_by_role("button", name="Sign in", exact=True).click()
        allow(at_service(opening.value))

        expect(page.get_by_role("list", name="Credentials")).to_contain_text("by an app of your own")
        assert found == []


def test_values_are_typed_for_a_type_that_signs_nobody_in(browser, tmp_path, sqlite_template, service):
    """A second key beside that of the connection, for the caller alone."""
    url = f"sqlite:///{shutil.copy(sqlite_template, tmp_path / 'jackfield.db')}"
    with world(tmp_path, url, service) as made:
        body = {
            "name": "keyed",
            "baseUrl": service.api_url,
            "connectionConfig": {"token": {"type": "string", "secret": True}, "team": {"type": "string"}},
            "auth": {"type": "bearer", "field": "token"},
            "testCommand": "me",
            "operations": [{"name": "me", "method": "GET", "path": "/me", "readsOnly": True}],
        }
        said = made.at.ask("POST", "/api/connectors", body)
        assert said.status == 201, said.body
        token = service.grant(account="ada")["access_token"]
        with opened(browser, made.at.url, token=ADMIN_TOKEN) as (page, _):
            page.goto("/ui/connectors/default/keyed?tab=credentials")
            add = page.get_by_role("button", name="Add a credential").first
            expect(add).to_be_visible()
            empty = violations(page)
            add.click()
            dialog = page.get_by_role("dialog")
            dialog.get_by_role("textbox", name="Name").fill("Second key")
            dialog.get_by_label("token").fill(token)
            found = violations(page)
            dialog.get_by_role("button", name="Keep it").click()
            shown = card(page, "Second key")
            expect(shown).to_contain_text("Ready")
            shown.get_by_role("button", name="Test", exact=True).click()
            expect(shown).to_contain_text("It works")

            assert empty == found == violations(page) == []


def test_somebody_without_an_account_here_connects_theirs_by_a_link(browser, signed_in, here):
    """In a browser of their own: the credential says whose it is, and the link works once."""
    page, _ = signed_in
    page.goto(f"{TAB}&open=link")
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("textbox", name="End user").fill("Customer 42")
    asked = violations(page)
    dialog.get_by_role("button", name="Make the link").click()
    link = page.get_by_role("region", name="Connect link", exact=True).inner_text()
    shown = violations(page)
    page.get_by_role("button", name="I have copied it").click()
    with opened(browser, here.at.url) as (other, seen):
        seen.expected.add(404)  # the service has no picture for its tab
        other.goto(link)
        other.get_by_role("button", name="Go on to").click()
        other.get_by_role("button", name="Allow").click()
        expect(other.get_by_role("heading", name="The account is connected")).to_be_visible()
        seen.elsewhere.clear()  # the service
    page.reload()

    expect(page.get_by_role("list", name="Credentials")).to_contain_text("for Customer 42")
    expect(page.get_by_role("region", name="Links that were made").get_by_role("row").nth(1)).to_contain_text("Used")
    assert asked == shown == violations(page) == []


def test_a_link_is_taken_back(browser, signed_in, here):
    page, _ = signed_in
    made = here.at.ask("POST", "/api/connect-links", {"connector": "acme", "endUser": "Customer 42"})
    assert made.status == 201, made.body
    page.goto(TAB)
    page.get_by_role("button", name="Take back").click()
    page.get_by_role("dialog").get_by_role("button", name="Take back").click()
    expect(page.get_by_role("region", name="Links that were made").get_by_role("row").nth(1)).to_contain_text(
        "Taken back"
    )
    with opened(browser, here.at.url) as (other, seen):
        seen.expected.update({400, 404, 410, 422})
        other.goto(urlsplit(made.json()["url"]).path)

        expect(other.get_by_role("button", name="Go on to")).to_have_count(0)


def test_an_administrator_puts_the_app_of_the_installation_in_the_settings(browser, here, service):
    """And from then on everybody connects accounts with a click."""
    made = here.at.ask("POST", "/api/connectors", acme(service, name="other"))
    assert made.status == 201, made.body
    register(here, service, "other")
    with opened(browser, here.at.url, token=ADMIN_TOKEN) as (page, _):
        page.goto("/ui/connectors/default/other?tab=credentials")
        page.get_by_role("button", name="There is no platform app for this type").click()
        expect(page.get_by_text("OTHER_OAUTH_CLIENT_SECRET")).to_be_visible()
        page.get_by_role("link", name="Settings, Platform apps").click()
        dialog = page.get_by_role("dialog")
        dialog.get_by_role("textbox", name="Client ID").fill(service.client_id)
        dialog.get_by_role("textbox", name="Client secret").fill(service.client_secret)
        found = violations(page)
        dialog.get_by_role("button", name="Keep it").click()
        apps = page.get_by_role("region", name="Apps of this server")
        expect(apps).to_contain_text("other")
        expect(apps).to_contain_text("Settings")
        expect(apps.get_by_role("row").filter(has_text="acme")).to_contain_text("Environment")
        listed = violations(page)
        assert service.client_secret not in page.content()
        allow(begin(page, "By it", path="/ui/connectors/default/other?tab=credentials"))
        expect(card(page, "By it")).to_contain_text("by this server's app")
        page.goto("/ui/settings")
        apps.get_by_role("row").filter(has_text="other").get_by_role("button", name="Delete").click()
        page.get_by_role("dialog").get_by_role("button", name="Delete").click()
        expect(apps.get_by_role("row").filter(has_text="other")).to_have_count(0)

        assert found == listed == []


def test_the_list_says_which_connectors_lack_an_account(signed_in, here, service):
    """Before a call fails."""
    page, _ = signed_in
    page.goto("/ui/connectors")
    row = page.get_by_role("row").filter(has_text="default/acme")
    expect(row).to_contain_text("Needs credentials")
    page.goto("/ui/connectors/default/acme")
    page.get_by_role("region", name="Status").get_by_role("link", name="Connect an account").click()
    with page.expect_popup() as opening:
        page.get_by_role("dialog").get_by_role("button", name="Sign in", exact=True).click()
    allow(at_service(opening.value))
    expect(page.get_by_role("list", name="Credentials")).to_contain_text("Connected")
    service.revoke_all()
    assert here.call().json()["success"] is False
    page.goto("/ui/connectors")

    expect(row).to_contain_text("Needs re-authorisation")


def test_a_new_connector_whose_type_signs_people_in_leads_to_that(signed_in):
    """The next thing to do is what the page offers."""
    page, _ = signed_in
    page.goto("/ui/connectors/new?kind=built_in&type=acme&step=configure")
    name_it(page, "second")
    go_on(page, "Test")
    go_on(page, "Review")
    page.get_by_role("button", name="Create connector").click()

    expect(page.get_by_role("heading", name="No account is connected yet")).to_be_visible()
