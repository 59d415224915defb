"""Who is let in, and what they may do then."""

from __future__ import annotations

from urllib.parse import urlsplit

import httpx2 as httpx
import pytest

from mcp_server.conftest import desk
from mcp_server.world import NEW, initialize, listing, text_of

WELL_KNOWN = "/.well-known/oauth-protected-resource"


def challenge(answer: httpx.Response) -> str:
    return answer.headers["www-authenticate"]


@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
@pytest.mark.parametrize("path", ["/mcp", "/mcp/", "/mcp/help"])
def test_nobody_is_let_in_without_a_token(shared, method, path):
    """And is told where to learn what is needed."""
    answer = httpx.request(method, f"{shared.url}{path}", json={})

    assert (answer.status_code, answer.json()["code"]) == (401, "token-missing")
    assert challenge(answer) == f'Bearer realm="jackfield", resource_metadata="{shared.url}{WELL_KNOWN}{path}"'


def test_a_wrong_token_is_called_one(shared):
    """A client then asks for another, and does not send it again."""
    answer = shared.post(listing(), headers={"authorization": "Bearer jf_nobody"})

    assert answer.status_code == 401
    assert 'error="invalid_token"' in challenge(answer)


@pytest.mark.parametrize("name", ["token", "access_token", "api_key"])
def test_a_token_in_the_address_counts_nothing(shared, name):
    """Addresses are kept in logs and histories."""
    answer = httpx.post(f"{shared.url}/mcp?{name}={shared.token}", json=initialize())

    assert answer.status_code == 401


@pytest.mark.parametrize("path", ["", "/mcp", "/mcp/help"])
def test_the_endpoint_describes_itself(shared, path):
    """As RFC 9728 has it; the address is that by which it was asked, and says nothing of what is there."""
    answer = httpx.get(f"{shared.url}{WELL_KNOWN}{path}")

    assert answer.status_code == 200
    assert answer.json() == {
        "resource": f"{shared.url}{path or '/mcp'}",
        "resource_name": "Jackfield",
        "scopes_supported": ["read", "execute", "manage"],
        "bearer_methods_supported": ["header"],
    }


@pytest.mark.parametrize("path", ["/api", "/mcpx", "x"])
def test_nothing_else_is_described(shared, path):
    """There is one kind of endpoint."""
    assert httpx.get(f"{shared.url}{WELL_KNOWN}{path}").status_code == 404
    assert httpx.post(f"{shared.url}{WELL_KNOWN}").status_code == 405


def test_a_public_address_is_told_in_its_place(sqlite_template, tmp_path):
    """Behind a proxy, the server is asked by another name than the client knows."""
    with desk(tmp_path, sqlite_template, public_url="https://tools.example") as server:
        told = httpx.get(f"{server.url}{WELL_KNOWN}/mcp", headers={"host": "tools.example"}).json()

    assert told["resource"] == "https://tools.example/mcp"


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"host": "evil.example"}, 421),
        ({"host": "evil.example:80", "origin": "http://evil.example"}, 421),
        ({"origin": "http://evil.example"}, 421),
        ({"origin": "null"}, 421),
        ({"origin": "http://localhost:8321@evil.example"}, 421),
        ({"host": "localhost.evil.example"}, 421),
        ({"host": "127.0.0.1.evil.example"}, 421),
        ({"host": "localhost"}, 200),
        ({"host": "LOCALHOST:1234", "origin": "http://localhost:1234"}, 200),
        ({"host": "[::1]:80"}, 200),
        ({"host": "192.0.2.7:8321"}, 200),
    ],
)
def test_a_page_of_another_site_cannot_speak_to_it(shared, headers, status):
    """Even one whose name leads to this machine (DNS rebinding)."""
    answer = shared.post(initialize(), headers=headers)

    assert answer.status_code == status, answer.text


async def test_who_may_only_look_cannot_call(shared, revision):
    """N06. The model reads why."""
    token = shared.user_token("read")
    async with shared.client(revision, token=token) as client:
        listed = (await client.list_tools()).tools
        done = await client.call_tool("desk__list_tickets", {})
        again = await client.call_tool("call_tool", {"name": "desk__list_tickets"})

    assert "desk__list_tickets" in {tool.name for tool in listed}
    assert done.is_error
    assert "does not allow `execute`" in text_of(done)
    assert "does not allow `execute`" in text_of(again)


@pytest.mark.parametrize("scope", ["execute", "manage"])
def test_who_may_not_look_is_not_let_in(shared, scope):
    """And is told what is missing, in the form that clients know."""
    answer = shared.post(initialize(), headers=shared.headers(shared.user_token(scope)))

    assert (answer.status_code, answer.json()["code"]) == (403, "scope-missing")
    assert 'error="insufficient_scope", scope="read"' in challenge(answer)


def test_a_session_is_its_callers_alone(shared):
    """A guessed id is of no use, and whether it exists is not told."""
    session = {"mcp-session-id": shared.post(initialize()).headers["mcp-session-id"]}
    other = shared.headers(shared.user_token("read", "execute"))
    foreign = shared.post(listing(), headers={**session, **other})
    unknown = shared.post(listing(), headers={"mcp-session-id": "0" * 32, **other})
    elsewhere = shared.post(listing(), path=shared.gateway("elsewhere", None), headers=session)
    own = shared.post(listing(), headers=session)

    assert (foreign.status_code, foreign.text) == (unknown.status_code, unknown.text)
    assert (foreign.status_code, elsewhere.status_code, own.status_code) == (404, 404, 200)


def test_a_session_ends_with_its_token(shared):
    """At the next request, whatever was agreed before."""
    made = shared.rest("POST", "/api/tokens", {"name": "short", "scopes": ["read", "execute"]})
    caller = shared.headers(made["text"])
    session = {"mcp-session-id": shared.post(initialize(), headers=caller).headers["mcp-session-id"], **caller}
    before = shared.post(listing(), headers=session)
    shared.rest("DELETE", f"/api/tokens/{made['token']['id']}")
    after = shared.post(listing(), headers=session)

    assert (before.status_code, after.status_code) == (200, 401)
    assert after.json()["code"] == "token-revoked"


def test_a_session_that_was_ended_is_gone(shared):
    """Clients end theirs when they are closed."""
    session = {"mcp-session-id": shared.post(initialize()).headers["mcp-session-id"]}
    ended = httpx.delete(f"{shared.url}/mcp", headers={**shared.headers(), **session})

    assert (ended.status_code, shared.post(listing(), headers=session).status_code) == (200, 404)


def test_a_caller_cannot_take_all_sessions(shared):
    """There must be room for others."""
    token = shared.user_token("read", name="greedy")
    with httpx.Client(headers=shared.headers(token) | {"accept": "application/json, text/event-stream"}) as client:
        answers = [client.post(f"{shared.url}/mcp", json=initialize()) for _ in range(101)]

    assert [answer.status_code for answer in answers] == [200] * 100 + [429]
    assert answers[-1].json()["code"] == "too-many-mcp-sessions"
    assert shared.post(initialize()).status_code == 200


async def test_without_sessions_any_process_can_answer(sqlite_template, tmp_path):
    """Clients of the older revision get none, and work all the same."""
    with desk(tmp_path, sqlite_template, mcp_stateless=True) as server:
        answer = server.post(initialize())
        async with server.client("2025-11-25") as client:
            done = await client.call_tool("desk__add_note", {"ticket": 1, "text": "x"})

    assert "mcp-session-id" not in answer.headers
    assert '"tools":{"listChanged":false}' in answer.text
    assert not done.is_error


def test_nothing_else_of_the_server_is_reached_from_here(shared):
    """Nor from elsewhere by a name that only begins alike."""
    host = urlsplit(shared.url).netloc

    assert shared.post(listing(), path="/mcpx").status_code == 404
    assert shared.post(listing(), path="/mcp/a/b").status_code == 404
    assert shared.post(listing(), path="/mcp/..%2fapi%2fusers").status_code == 404
    assert httpx.head(f"http://{host}/mcp", headers=shared.headers()).status_code == 405
    assert shared.post(listing(), headers={"mcp-protocol-version": NEW}).status_code == 400
