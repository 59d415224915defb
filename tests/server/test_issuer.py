"""Callers who come with a token of the company's issuer: over REST, over MCP, and with the remote SDK."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from jackfield import Jackfield, JackfieldError
from jackfield.settings import InvalidSetting, Settings
from mcp_server.world import REVISIONS, Served, initialize
from oidc import AUDIENCE, Issuer, issuing
from server.browser import signed_in
from server.world import At, Said, at, settings
from servers import Answer, Asked, Service, serve
from surfaces.served import ADMIN_TOKEN, served

SUBJECT = "ann-at-the-company"


@pytest.fixture(scope="module")
def shared_issuer() -> Iterator[Issuer]:
    with issuing("ES256") as running:
        yield running


@pytest.fixture
def issuer(shared_issuer: Issuer) -> Iterator[Issuer]:
    keys = shared_issuer.keys
    yield shared_issuer
    shared_issuer.keys, shared_issuer.down = keys, False


@pytest.fixture
def service() -> Iterator[Service]:
    """What callers' tokens may be forwarded to. It says what it got."""

    def answer(asked: Asked) -> Answer:
        if asked.path == "/away":
            return Answer(status=307, headers={"Location": f"http://localhost:{asked.headers['host'].split(':')[1]}/"})
        return Answer(body={"got": asked.headers.get("authorization", "")})

    with serve(answer) as running:
        yield running


def company(folder: Path, issuer: Issuer, service: Service, **more: Any) -> Settings:
    port = service.address.partition(":")[2]
    usual = {
        "oidc_issuer": issuer.url,
        "oidc_audience": AUDIENCE,
        "caller_token_hosts": (service.address,),
        "egress_allow": f"{service.address},localhost:{port}",
    }
    return settings(folder, **{**usual, **more})


@pytest.fixture
def server(issuer: Issuer, service: Service, database_url: str, tmp_path: Path) -> Iterator[At]:
    """A server with the user ann, who is linked, and bob, who is not."""
    with served(company(tmp_path, issuer, service, database_url=database_url)) as started:
        server = at(started)
        for name in ("ann", "bob"):
            assert server.ask("POST", "/api/users", {"name": name}).status == 201
        assert link(server, "ann", SUBJECT).status == 200
        yield server


def link(server: At, name: str, subject: str) -> Said:
    return server.ask("PUT", f"/api/users/{name}/identity", {"subject": subject})


def as_(server: At, token: str) -> At:
    return At(url=server.url, token=token)


def connector(server: At, service: Service, *, name: str = "crm", **more: Any) -> None:
    body = {
        "name": name,
        "baseUrl": service.url,
        "auth": {"type": "caller_token"},
        "operations": {
            "go": {"method": "GET", "path": "/", "readsOnly": True},
            "away": {"method": "GET", "path": "/away", "readsOnly": True},
        },
    }
    said = server.ask("POST", "/api/connectors", body | more)
    assert said.status == 201, said.body


def call(server: At, command: str = "go", *, name: str = "crm") -> Said:
    return server.execute({"command": command, "params": {}}, to=f"default/{name}")


def test_a_token_of_the_issuer_is_the_user_that_is_linked(server, issuer):
    """With all that the user may, and no more."""
    ann = as_(server, issuer.token())
    me = ann.ask("GET", "/api/users/me").json()
    made = ann.ask("POST", "/api/tokens", {"name": "lasting"}).json()

    assert (me["user"], me["admin"], me["scopes"]) == ("ann", False, ["execute", "manage", "read"])
    assert ann.ask("GET", "/api/audit").code == "admin-required"
    assert made["token"]["expires"] == me["expires"]  # a loan for minutes does not become one for ever


@pytest.mark.parametrize(
    ("claims", "code"),
    [
        ({"aud": "another-service"}, "issuer-token-refused"),
        ({"exp": 1}, "issuer-token-refused"),
        ({"sub": "eve"}, "identity-unknown"),
    ],
)
def test_other_tokens_are_refused(server, issuer, claims, code):
    """Each with its reason, and without the token."""
    text = issuer.token(**claims)
    said = as_(server, text).ask("GET", "/api/users/me")

    assert (said.status, said.code) == (401, code)
    assert text.encode() not in said.body


def test_a_user_who_is_disabled_or_unlinked_stops_at_once(server, issuer):
    """The token may be good for hours."""
    ann = as_(server, issuer.token())
    codes = [ann.ask("GET", "/api/users/me").status]
    server.ask("POST", "/api/users/ann/disable")
    codes.append(ann.ask("GET", "/api/users/me").code)
    server.ask("POST", "/api/users/ann/enable")
    codes.append(ann.ask("GET", "/api/users/me").status)
    server.ask("DELETE", "/api/users/ann/identity")
    codes.append(ann.ask("GET", "/api/users/me").code)

    assert codes == [200, "user-disabled", 200, "identity-unknown"]


def test_without_its_issuer_other_tokens_go_on(server, issuer):
    """What is missing is said, and worth another try."""
    issuer.down = True
    said = as_(server, issuer.token()).ask("GET", "/api/users/me")

    assert (said.status, said.code) == (503, "issuer-unavailable")
    assert server.ask("GET", "/api/users/me").status == 200


def test_only_administrators_link_users(server, issuer):
    """It makes somebody somebody else. Who did it is in the audit log."""
    ann = as_(server, issuer.token())
    refused = [link(ann, "ann", "eve").code, ann.ask("DELETE", "/api/users/ann/identity").code]
    taken, nobody, empty = link(server, "bob", SUBJECT), link(server, "carl", "carl"), link(server, "bob", "")
    shown = {user["name"]: user["subject"] for user in server.ask("GET", "/api/users").json()["items"]}
    entries = server.ask("GET", "/api/audit?limit=100").json()["items"]
    linked = [entry["details"] for entry in entries if entry["action"] == "user.link" and entry["verdict"] == "done"]

    assert refused == ["admin-required", "admin-required"]
    assert (taken.code, nobody.code, empty.code) == ("already-exists", "unknown-user", "invalid-params")
    assert shown == {"admin": None, "ann": SUBJECT, "bob": None, "local": None}
    assert linked == [{"name": "ann", "issuer": issuer.url, "subject": SUBJECT}]


def test_a_token_is_forwarded_to_a_host_that_is_named(server, issuer, service, caplog):
    """Byte for byte; and nobody but that service sees it."""
    caplog.set_level(logging.DEBUG)
    connector(server, service)
    text = issuer.token()
    said = call(as_(server, text))
    (entry,) = as_(server, text).ask("GET", "/api/executions").json()["items"]
    kept = as_(server, text).ask("GET", f"/api/executions/{entry['id']}")

    assert [asked.headers["authorization"] for asked in service.asked] == [f"Bearer {text}"]
    assert said.json()["payload"] == {"got": "Bearer ********"}
    assert text.encode() not in said.body + kept.body
    assert text not in caplog.text


@pytest.mark.parametrize("kind", ["caller_token", "sinas_token"])
def test_both_names_are_understood(server, issuer, service, kind):
    """A connector of Sinas says `sinas_token`."""
    operations = [{"name": "get_message", "method": "GET", "path": "/messages/{id}", "parameters": {"type": "object"}}]
    connector(server, service, auth={"type": kind}, operations=operations)
    text = issuer.token()
    body = {"command": "get_message", "params": {"id": "7"}}

    assert as_(server, text).execute(body, to="default/crm").json()["success"] is True
    assert [(asked.path, asked.headers["authorization"]) for asked in service.asked] == [
        ("/messages/7", f"Bearer {text}")
    ]


def test_it_is_sent_to_no_other_host(server, issuer, service):
    """Not even the request without it. The attempt is an entry of the audit log."""
    with serve(lambda asked: Answer(body={})) as other:
        connector(server, other, egress={"allow": other.address})
        said = call(as_(server, issuer.token()))
        denied = server.ask("GET", "/api/audit?verdict=denied").json()["items"]

        assert (said.status, said.code) == (403, "caller-token-not-allowed")
        assert other.address in said.json()["detail"]
        assert other.asked == []
    assert [entry["details"]["code"] for entry in denied] == ["caller-token-not-allowed"]


def test_it_does_not_follow_a_redirect(server, issuer, service):
    """The same port under another name is another host."""
    connector(server, service)
    said = call(as_(server, issuer.token()), "away")

    assert said.json()["payload"] == {"got": ""}
    assert len(service.asked) == 2


def test_a_session_or_a_token_of_jackfield_is_never_forwarded(server, issuer, service):
    """Nor does a token of the issuer begin a session."""
    connector(server, service)
    browser = signed_in(server)
    body = {"command": "go", "params": {}}
    with_session = browser.ask("POST", "/api/connectors/default/crm/execute", body, content_type="application/json")
    begun = browser.sign_in(issuer.token())

    assert (call(server).status, call(server).code) == (422, "credential-missing")
    assert with_session.code == "credential-missing"
    assert begun.status == 401
    assert service.asked == []


def test_a_colleague_cannot_use_the_tokens_of_callers(server, issuer, service):
    """Bob's connector decides what is asked of the host that is named; Ann's token would answer for it."""
    text = server.ask("POST", "/api/tokens", {"name": "bob", "user": "bob"}).json()["text"]
    connector(as_(server, text), service, name="trap")
    refused = call(as_(server, issuer.token()), name="trap")
    connector(as_(server, issuer.token()), service, name="own")
    own = call(as_(server, issuer.token()), name="own")
    asked = len(service.asked)
    server.ask("POST", "/api/connectors/default/trap/approve")
    approved = call(as_(server, issuer.token()), name="trap")

    assert refused.code == "secret-not-allowed"
    assert (own.json()["success"], asked) == (True, 1)
    assert approved.json()["success"] is True


@pytest.fixture
def mcp_desk(server: At, service: Service) -> Served:
    connector(server, service)
    return Served(url=server.url)


@pytest.mark.parametrize("revision", list(REVISIONS))
@pytest.mark.parametrize("path", ["/mcp", "/mcp/desk"])
async def test_the_same_goes_over_mcp(mcp_desk, issuer, service, revision, path):
    """Also through a gateway."""
    mcp_desk.gateway("desk", {"connectors": ["crm"]})
    text = issuer.token()
    async with mcp_desk.client(revision, path=path, token=text) as client:
        names = [tool.name for tool in (await client.list_tools()).tools]
        (name,) = [name for name in names if name.endswith("go")]
        result = await client.call_tool(name, {})

    assert [asked.headers["authorization"] for asked in service.asked] == [f"Bearer {text}"]
    assert not result.is_error
    assert text not in str(result)


def test_an_mcp_session_outlives_the_token_that_began_it(mcp_desk, issuer):
    """Clients get a new one every few minutes. Another user's is answered as if there were no such session."""
    first, second = issuer.token(jti="1"), issuer.token(jti="2")
    begun = mcp_desk.post(initialize(), headers=mcp_desk.headers(first))
    session = {"mcp-session-id": begun.headers["mcp-session-id"]}
    ping = {"jsonrpc": "2.0", "id": 2, "method": "ping"}
    mcp_desk.rest("PUT", "/api/users/bob/identity", {"subject": "bob"})
    answers = [
        mcp_desk.post(ping, headers={**mcp_desk.headers(token), **session}).status_code
        for token in (first, second, issuer.token("bob"), ADMIN_TOKEN)
    ]

    assert answers == [200, 200, 404, 404]


def test_a_program_comes_with_it_as_with_any_token(server, issuer, service):
    """`JACKFIELD_TOKEN` of a program that works with a server."""
    connector(server, service)
    text = issuer.token()
    with Jackfield(url=server.url, token=text) as jackfield:
        outcome = jackfield.connector("crm", "go", {})

        assert outcome.payload == {"got": "Bearer ********"}
        assert [user.name for user in jackfield.manage.users.list()] == ["ann"]
    assert service.asked[-1].headers["authorization"] == f"Bearer {text}"


def test_a_program_links_users(server, issuer):
    """As the command line does."""
    with Jackfield(url=server.url, token=ADMIN_TOKEN) as jackfield:
        linked = jackfield.manage.users.link("bob", subject="bob-at-the-company")
        gone = jackfield.manage.users.unlink("bob")

    assert (linked.name, linked.subject, gone.subject) == ("bob", "bob-at-the-company", None)


def test_a_process_of_its_own_knows_the_issuer_too(issuer, service, sqlite_url, tmp_path):
    """Without a server: the token of the process is the issuer's."""
    usual = company(tmp_path, issuer, service, database_url=sqlite_url)
    with Jackfield(types=[], folder=[], settings=usual) as admin:
        admin.manage.users.add(name="ann")
        admin.manage.users.link("ann", subject=SUBJECT)
    text = issuer.token()
    with Jackfield(
        types=[], folder=[], settings=company(tmp_path, issuer, service, database_url=sqlite_url, token=text)
    ) as jackfield:
        jackfield.manage.connectors.create(
            {
                "name": "crm",
                "baseUrl": service.url,
                "auth": {"type": "caller_token"},
                "operations": {"go": {"method": "GET", "path": "/"}},
            }
        )

        assert jackfield.connector("crm", "go", {}).payload == {"got": "Bearer ********"}
    assert service.asked[-1].headers["authorization"] == f"Bearer {text}"


@pytest.mark.parametrize(
    ("wrong", "variable"),
    [
        ({"oidc_audience": ""}, "JACKFIELD_OIDC_AUDIENCE"),
        ({"oidc_issuer": "http://login.example"}, "JACKFIELD_OIDC_ISSUER"),
        ({"caller_token_hosts": ("a..b",)}, "JACKFIELD_CALLER_TOKEN_HOSTS"),
    ],
)
def test_settings_that_do_not_go_together_stop_the_start(issuer, service, sqlite_url, tmp_path, wrong, variable):
    """Without an audience, any token of the company would do."""
    chosen = company(tmp_path, issuer, service, database_url=sqlite_url, **wrong)
    with pytest.raises(InvalidSetting, match=variable), served(chosen):
        pass


def test_without_an_issuer_nobody_is_linked_or_let_in(issuer, service, sqlite_url, tmp_path):
    """A token that looks like one is none of this installation's."""
    with served(company(tmp_path, issuer, service, database_url=sqlite_url, oidc_issuer="")) as started:
        server = at(started)

        assert link(server, "admin", "x").code == "issuer-not-set"
        assert as_(server, issuer.token()).ask("GET", "/api/users/me").code == "token-unknown"


def test_a_server_that_keeps_nothing_has_no_users_to_link(issuer, service, tmp_path):
    """It knows one token."""
    with served(company(tmp_path, issuer, service)) as started:
        said = as_(at(started), issuer.token()).ask("GET", "/api/users/me")

    assert (said.status, said.code) == (401, "token-unknown")


def test_a_remote_program_is_told_as_a_browser_is(server, issuer):
    """The same errors, typed."""
    with Jackfield(url=server.url, token=issuer.token("eve")) as jackfield, pytest.raises(JackfieldError) as caught:
        jackfield.manage.users.list()

    assert caught.value.code == "identity-unknown"
