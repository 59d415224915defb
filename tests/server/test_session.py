"""Signing in and out in a browser, and what somebody else's page cannot do with that."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from server.browser import Browser, nobody, signed_in
from server.world import At, at, settings
from surfaces.served import ADMIN_TOKEN, served

ECHO = "/api/connectors/probe/execute", {"command": "echo", "params": {"text": "hello"}}


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
def server(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[At]:
    """A server of its own, which keeps nothing, or what it keeps in one of the databases."""
    url = "memory" if request.param == "memory" else request.getfixturevalue(f"{request.param}_url")
    with served(settings(tmp_path, database_url=url)) as started:
        yield at(started)


@pytest.fixture
def keeping(database_url: str, tmp_path: Path) -> Iterator[At]:
    """A server of its own on each database."""
    with served(settings(tmp_path, database_url=database_url)) as started:
        yield at(started)


def new_user(server: At, name: str, *scopes: str) -> tuple[str, str]:
    """The text and the id of the token of a new user."""
    made = server.ask("POST", "/api/users", {"name": name, "scopes": list(scopes)}).json()
    return made["token"]["text"], made["token"]["token"]["id"]


def audit(server: At, **wanted: str) -> list[dict[str, object]]:
    found: list[dict[str, object]] = server.ask("GET", "/api/audit?limit=100").json()["items"]
    return [entry for entry in found if all(entry[name] == value for name, value in wanted.items())]


def test_a_browser_signs_in_calls_and_signs_out(server: At):
    """The token is sent once, and the cookie that comes for it can be read by no script."""
    browser = Browser(server)
    made = browser.sign_in()
    cookie = made.headers["set-cookie"]
    known, called = browser.who(), browser.ask("POST", *ECHO)

    assert (made.status, known.status) == (201, 200)
    assert made.json() == known.json()
    assert known.json()["admin"] is True
    assert known.json()["scopes"] == ["execute", "manage", "read"]
    assert known.json()["keepsNothing"] is (known.json()["user"] == "local")
    assert cookie.startswith("jackfield_session_8321=jfs_")
    assert set(cookie.split("; ")[1:]) >= {"HttpOnly", "SameSite=Strict", "Path=/"}
    assert "Domain" not in cookie
    assert called.json()["payload"]["text"] == "hello"

    kept = dict(browser.cookies)
    left = browser.ask("DELETE", "/api/session")

    assert (left.status, left.body) == (204, b"")
    assert browser.cookies == {}
    browser.cookies = kept
    assert [browser.who().code, browser.ask("POST", *ECHO).code] == ["session-ended"] * 2


def test_what_is_no_token_does_not_sign_in(server: At):
    """Nor does the text of a session: a session cannot be prolonged by itself."""
    session = next(iter(signed_in(server).cookies.values()))
    browser = Browser(server)

    for text in ("x", "jf_unknown", session, "é", "\0", "x" * 5000):
        said = browser.sign_in(text)
        assert (said.status, said.code) == (401, "token-unknown")
        assert "set-cookie" not in said.headers
        assert text not in said.body.decode() or text == "x"
    assert browser.who().code == "token-missing"


def test_a_session_is_no_token_and_a_token_is_no_session(server: At):
    """Else a cookie could be sent by a program, without all that guards one."""
    browser = signed_in(server)
    ((name, text),) = browser.cookies.items()

    assert At(url=server.url, token=text).ask("GET", "/api/executions").code == "token-unknown"
    browser.cookies[name] = ADMIN_TOKEN
    assert browser.who().code == "session-ended"


def test_a_session_that_somebody_chose_is_none(server: At):
    """Fixation: what a browser brings is never made a session, and signing in makes a new one each time."""
    browser = Browser(server, cookies={"jackfield_session_8321": "jfs_chosen"})
    texts = set()
    for _ in range(3):
        browser.sign_in()
        texts.add(browser.cookies["jackfield_session_8321"])

    assert len(texts) == 3
    assert "jfs_chosen" not in texts


OTHER_PAGES = [
    {"origin": "http://evil.example"},
    {"origin": "null"},
    {"origin": "http://127.0.0.1:9000"},
    {"origin": "http://127.0.0.1"},
    {"origin": "http://127.0.0.1:8321.evil.example"},
    {"origin": "http://evil.example/127.0.0.1:8321"},
    {"origin": "http://127.0.0.1:8321@evil.example"},
    {"origin": "file://127.0.0.1:8321"},
    {"origin": "http://["},
    {"sec_fetch_site": "cross-site"},
    {"sec_fetch_site": "same-site"},
    {"sec_fetch_site": "anything"},
]
"""The last but two are other servers on this machine."""


@pytest.mark.parametrize("page", OTHER_PAGES, ids=lambda page: next(iter(page.values())))
def test_another_page_can_do_nothing_with_a_session(memory_server: At, page: dict[str, str]):
    """Even one that knows the CSRF token: the browser tells where a request comes from."""
    browser = signed_in(memory_server)

    assert browser.ask("GET", "/api/executions", **page).code == "csrf-refused"
    assert browser.ask("POST", *ECHO, **page).code == "csrf-refused"
    assert browser.ask("DELETE", "/api/session", **page).code == "csrf-refused"
    assert browser.who().status == 200


@pytest.mark.parametrize("page", OTHER_PAGES, ids=lambda page: next(iter(page.values())))
def test_another_page_cannot_sign_in(memory_server: At, page: dict[str, str]):
    """Else it could sign somebody in as somebody else, who then sees what is typed in."""
    said = Browser(memory_server).ask(
        "POST", "/api/session", {"token": ADMIN_TOKEN}, content_type="application/json", **page
    )

    assert (said.status, said.code) == (403, "csrf-refused")
    assert "set-cookie" not in said.headers


@pytest.mark.parametrize(
    "kind", ["", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"]
)
def test_what_a_form_can_send_does_not_sign_in(memory_server: At, kind: str):
    """A form of another site is sent without asking."""
    said = Browser(memory_server).ask("POST", "/api/session", {"token": ADMIN_TOKEN}, content_type=kind, origin="")

    assert (said.status, said.code) == (400, "body-unreadable")


@pytest.mark.parametrize("given", ["", "x", "é", "same but longer"])
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"])
def test_a_change_needs_the_csrf_token_of_its_session(memory_server: At, method: str, given: str):
    """On every path, also where there is nothing."""
    browser = signed_in(memory_server)
    given = browser.csrf_token + "x" if given.startswith("same") else given

    for path in ("/api/connectors/probe/execute", "/api/tokens", "/api/nowhere"):
        assert browser.ask(method, path, x_csrf_token=given).code == "csrf-refused"
    assert browser.who().status == 200


def test_the_csrf_token_of_another_session_is_none(memory_server: At):
    """Whoever may sign in too has one."""
    ann, bob = signed_in(memory_server), signed_in(memory_server)

    assert ann.csrf_token != bob.csrf_token
    assert ann.ask("POST", *ECHO, x_csrf_token=bob.csrf_token).code == "csrf-refused"


def test_a_token_in_the_header_counts_and_not_the_cookie(server: At):
    """Whoever sends one, and be it a wrong one, does not mean the session; and a token needs no CSRF token."""
    browser = signed_in(server)
    cookie = {"cookie": "; ".join(f"{name}={value}" for name, value in browser.cookies.items())}

    assert browser.ask("POST", *ECHO, authorization="Bearer wrong").code == "token-unknown"
    assert browser.ask("GET", "/api/session", authorization="Basic x").code == "token-missing"
    assert server.ask("POST", *ECHO, headers=cookie | {"origin": "http://evil.example"}).status == 200
    assert server.ask("GET", "/api/session", headers=cookie).code == "session-ended"


def test_a_session_opens_no_web_socket(memory_server: At):
    """Browsers let every page open one to anywhere, and send cookies along."""
    upgrade = {"connection": "Upgrade", "upgrade": "websocket", "sec_websocket_version": "13"}

    assert signed_in(memory_server).ask("GET", "/api/executions", **upgrade).code == "token-missing"


def test_two_cookies_of_one_name_are_none(memory_server: At):
    """Another server of the same domain may have put one of them there."""
    browser = signed_in(memory_server)
    ((name, text),) = browser.cookies.items()

    for cookie in (f"{name}=jfs_other; {name}={text}", f"{name}={text}; {name}={text}"):
        assert browser.ask("GET", "/api/session", cookie=cookie).code == "token-missing"


def test_two_servers_on_one_machine_do_not_sign_each_other_out(memory_server: At):
    """Browsers keep cookies by host, whatever the port."""
    first = signed_in(memory_server)
    second = Browser(memory_server, host="127.0.0.1:9000", origin="http://127.0.0.1:9000", cookies=first.cookies)
    second.sign_in()

    assert set(second.cookies) == {"jackfield_session_8321", "jackfield_session_9000"}
    assert first.who().status == second.who().status == 200


def test_over_tls_the_cookie_goes_over_nothing_else(memory_server: At):
    """TLS ends at a proxy; the browser says in `Origin` that there is some."""
    browser = Browser(memory_server, host="jackfield.example", origin="https://jackfield.example")
    cookie = browser.sign_in().headers["set-cookie"]

    assert cookie.startswith("__Host-jackfield_session=jfs_")
    assert set(cookie.split("; ")[1:]) >= {"Secure", "HttpOnly", "SameSite=Strict", "Path=/"}
    assert browser.who().status == 200
    assert browser.ask("POST", *ECHO).status == 200
    # One without the prefix can be put there by others, and does not count beside it.
    assert browser.ask("GET", "/api/session", cookie=f"jackfield_session=x; {cookie.partition(';')[0]}").status == 200


def test_origins_that_only_look_different_are_the_same(memory_server: At):
    """Source: RFC 6454, section 6.2: the usual port is left out there, and some write it into `Host`."""
    browser = Browser(memory_server, host="Jackfield.example:443", origin="https://jackfield.example")

    assert browser.sign_in().status == 201


def test_nobody_is_kept_out_by_those_who_fail(server: At):
    """Ten attempts fail as what they are, then there is no more to learn; behind a proxy all have one address."""
    browser = Browser(server)
    said = [browser.sign_in(f"wrong-{number}") for number in range(12)]

    assert [answer.status for answer in said] == [401] * 10 + [429] * 2
    assert said[-1].code == "too-many-attempts"
    assert 1 <= int(said[-1].headers["retry-after"]) <= 6
    assert browser.sign_in().status == 201


@pytest.mark.parametrize("body", [b"", b"{}", b"[]", b"{", {"token": ""}, {"token": 1}, {"token": "x", "more": 1}])
def test_a_body_that_is_none_is_told_without_its_text(memory_server: At, body: object):
    said = Browser(memory_server).ask("POST", "/api/session", body, content_type="application/json")

    assert said.code in {"body-unreadable", "invalid-params"}
    assert "set-cookie" not in said.headers


def test_no_text_of_a_token_or_a_session_is_written_anywhere(keeping: At, caplog: pytest.LogCaptureFixture):
    """Neither into the log nor into the audit log, whether somebody came in or not."""
    caplog.set_level(logging.DEBUG)
    browser = signed_in(keeping)
    session = next(iter(browser.cookies.values()))
    browser.sign_in("a-token-of-somebody-else")
    browser.ask("POST", *ECHO, x_csrf_token="a-csrf-token-of-somebody")
    browser.ask("DELETE", "/api/session")
    everything = json.dumps(audit(keeping)) + " ".join(record.getMessage() for record in caplog.records)

    for text in (ADMIN_TOKEN, session, browser.csrf_token, "a-token-of", "a-csrf-token"):
        assert text not in everything


def test_signing_in_and_out_and_failing_to_are_in_the_audit_log(keeping: At):
    """With the address, and the name of the token."""
    browser = signed_in(keeping)
    browser.ask("DELETE", "/api/session")
    browser.sign_in("wrong")
    left, came = audit(keeping, action="session.delete"), audit(keeping, action="session.create", verdict="done")
    (refused,) = audit(keeping, action="session.create", verdict="denied")

    assert [entry["resourceId"] for entry in left] == [entry["resourceId"] for entry in came]
    assert came[0]["actorName"] == "admin"
    assert came[0]["details"]["address"] == "127.0.0.1"
    assert (refused["actor"], refused["details"]["code"]) == ("unknown", "token-unknown")
    assert keeping.ask("GET", "/api/audit/verify").json()["broken"] is None


def test_the_audit_log_cannot_be_filled_by_strangers(keeping: At):
    browser = Browser(keeping)
    for number in range(30):
        browser.sign_in(f"wrong-{number}")

    assert len(audit(keeping, action="session.create", verdict="denied")) == 10


def test_a_session_allows_what_its_token_allows(keeping: At):
    """And what it denies, it denies as for the token."""
    text, _ = new_user(keeping, "ann", "read")
    browser = signed_in(keeping, text)

    assert browser.who().json()["scopes"] == ["read"]
    assert (browser.who().json()["user"], browser.who().json()["admin"]) == ("ann", False)
    assert browser.ask("GET", "/api/executions").status == 200
    assert browser.ask("POST", *ECHO).code == "scope-missing"
    assert browser.ask("GET", "/api/audit").code == "admin-required"


def test_a_session_ends_with_its_token(keeping: At):
    text, token = new_user(keeping, "ann", "read")
    browser = signed_in(keeping, text)
    keeping.ask("DELETE", f"/api/tokens/{token}")

    assert browser.who().code == "token-revoked"
    assert browser.sign_in(text).code == "token-revoked"


def test_a_session_ends_while_its_user_is_disabled(keeping: At):
    text, _ = new_user(keeping, "ann", "read")
    browser = signed_in(keeping, text)
    keeping.ask("POST", "/api/users/ann/disable")

    assert browser.who().code == "user-disabled"
    assert browser.sign_in(text).code == "user-disabled"


def test_a_session_ends_when_its_user_is_deleted(keeping: At):
    text, _ = new_user(keeping, "ann", "read")
    browser = signed_in(keeping, text)
    keeping.ask("DELETE", "/api/users/ann")

    assert browser.who().status == 401


def test_a_session_is_in_no_list_of_tokens(keeping: At):
    """It is not a thing to hand out; whoever revokes its token ends it."""
    before = keeping.ask("GET", "/api/tokens").json()["total"]
    browser = signed_in(keeping)
    (entry,) = audit(keeping, action="session.create")

    assert keeping.ask("GET", "/api/tokens").json()["total"] == before
    assert keeping.ask("GET", f"/api/tokens/{entry['resourceId']}").code == "token-not-found"
    assert keeping.ask("DELETE", f"/api/tokens/{entry['resourceId']}").code == "token-not-found"
    assert browser.who().status == 200


def test_a_token_made_in_a_session_lasts_as_long_as_one_made_with_its_token(keeping: At):
    """The session's own end is the browser's, and no limit of what is made in it."""
    made = signed_in(keeping).ask("POST", "/api/tokens", {"name": "for a program"}).json()

    assert made["token"]["expires"] is None


@pytest.mark.slow
def test_signing_out_counts_in_every_process(postgresql_url: str, tmp_path: Path):
    """Two servers of one database, as behind a proxy that chooses."""
    here = settings(tmp_path, database_url=postgresql_url)
    with served(here) as one, served(here) as two:
        browser = signed_in(at(one))
        other = Browser(at(two), cookies=dict(browser.cookies))
        assert other.who().status == 200
        browser.ask("DELETE", "/api/session")
        for _ in range(5000):  # the other has heard of it before it is asked for the last time
            if (said := other.who()).status != 200:
                break

    assert said.code == "session-ended"


def test_another_body_of_the_same_sort_has_no_caller(memory_server: At):
    """The one open route is that path with that method, and no other way to write it."""
    for method, path in (("PUT", "/api/session"), ("POST", "/api/session/"), ("POST", "/api/session%0A")):
        assert nobody(memory_server).ask(method, path, {"token": ADMIN_TOKEN}).code == "token-missing"
    assert Browser(memory_server).ask("POST", "/api/v1/session", b"{", content_type="application/json").status == 400
