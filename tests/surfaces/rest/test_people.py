"""Users and tokens over REST."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from surfaces.rest.world import said, unique
from surfaces.served import ADMIN_TOKEN


def test_the_text_of_a_token_is_told_once(server, admin):
    made = admin.post("/api/tokens", json={"name": "laptop", "scopes": ["read"]})
    text, path = made.json()["text"], made.headers["location"]

    assert made.status_code == 201
    assert server.get("/api/users/me", token=text).json()["scopes"] == ["read"]
    assert admin.get(path).json() | {"used": None} == made.json()["token"]
    assert text not in admin.get(path).text + admin.get("/api/tokens?limit=200").text


def test_a_revoked_token_works_no_longer(server, admin):
    made = admin.post("/api/tokens", json={"name": "laptop"})
    text = made.json()["text"]
    before, revoked = server.get("/api/users/me", token=text), admin.delete(made.headers["location"])

    assert (before.status_code, revoked.status_code) == (200, 200)
    assert revoked.json()["revoked"]
    assert said(server.get("/api/users/me", token=text)) == (401, "token-revoked")
    assert admin.delete(made.headers["location"]).json() == revoked.json()


@pytest.mark.parametrize("key", ["expiresIn", "expires_in", "expires"])
def test_a_token_ends_when_it_was_said(admin, key):
    at = datetime.now(UTC) + timedelta(hours=1)
    said_so = at.isoformat() if key == "expires" else 3600
    shown = admin.post("/api/tokens", json={"name": "laptop", key: said_so}).json()["token"]["expires"]

    assert abs(datetime.fromisoformat(shown) - at) < timedelta(seconds=30)


@pytest.mark.parametrize(
    ("more", "pointer"),
    [
        ({"expires": "2001-01-01"}, "/expires"),
        ({"expires": "soon"}, "/expires"),
        ({"expires": 12}, "/expires"),
        ({"expiresIn": 0}, "/expires"),
        ({"expiresIn": "long"}, "/expiresIn"),
        ({"expiresIn": 60, "expires": "2099-01-01"}, ""),
        ({"scopes": ["write"]}, "/scopes/0"),
        ({"scopes": []}, "/scopes"),
        ({"name": ""}, "/name"),
        ({"expries": 60}, "/expries"),
    ],
)
def test_a_token_that_cannot_be_is_refused(admin, more, pointer):
    answer = admin.post("/api/tokens", json={"name": "laptop", **more})

    assert said(answer) == (422, "invalid-params")
    assert [fault["pointer"] for fault in answer.json()["errors"]] == [pointer]


def test_a_token_never_exceeds_the_one_that_made_it(user):
    ann = user("read", "manage")

    assert said(ann.post("/api/tokens", json={"name": "x", "scopes": ["execute"]})) == (403, "scope-missing")
    assert ann.post("/api/tokens", json={"name": "x"}).json()["token"]["scopes"] == ["manage", "read"]


def test_tokens_of_others_are_not_there(admin, user):
    """Administrators see them, and revoke them."""
    ann, bob = user(), user()
    path = ann.post("/api/tokens", json={"name": "laptop"}).headers["location"]
    name = ann.get("/api/users/me").json()["user"]

    assert said(bob.get(path)) == said(bob.delete(path)) == (404, "token-not-found")
    assert said(bob.get(f"/api/tokens?user={name}")) == (403, "admin-required")
    assert admin.get(f"/api/tokens?user={name}").json()["total"] == 2
    assert admin.delete(path).status_code == 200


def test_everybody_may_know_who_they_are(user):
    """It takes a token, and nothing else."""
    me = user("execute").get("/api/users/me").json()

    assert (me["scopes"], me["admin"], me["tenant"], me["expires"]) == (["execute"], False, "default", None)


def test_nobody_is_called_me(admin):
    """There would be two of that name."""
    for name in ("me", "Me"):
        assert said(admin.post("/api/users", json={"name": name})) == (422, "invalid-name")


def test_a_user_is_made_disabled_enabled_and_deleted(server, admin):
    made = admin.post("/api/users", json={"name": unique("user"), "displayName": "Ann"})
    path, text = made.headers["location"], made.json()["token"]["text"]

    assert made.status_code == 201
    assert admin.get(path).json() == made.json()["user"]
    assert admin.post(f"{path}/disable").json()["disabled"]
    assert said(server.get("/api/users/me", token=text)) == (401, "user-disabled")
    assert admin.post(f"{path}/enable").json()["disabled"] is None
    assert server.get("/api/users/me", token=text).status_code == 200
    assert admin.delete(path).status_code == 204
    assert said(admin.delete(path)) == said(admin.get(path)) == (404, "unknown-user")


def test_users_see_themselves_and_administrators_all(admin, user):
    ann, bob = user(), user()
    names = [client.get("/api/users/me").json()["user"] for client in (ann, bob)]

    assert [item["name"] for item in ann.get("/api/users").json()["items"]] == names[:1]
    assert {*names} <= {item["name"] for item in admin.get("/api/users?limit=200").json()["items"]}
    assert said(ann.get(f"/api/users/{names[1]}")) == (404, "unknown-user")
    assert ann.get(f"/api/users/{names[0]}").status_code == 200


def test_users_are_made_by_administrators(user):
    assert said(user().post("/api/users", json={"name": unique("user")})) == (403, "admin-required")


def test_nobody_locks_themselves_out(admin):
    me = admin.get("/api/users/me").json()["user"]

    assert said(admin.delete(f"/api/users/{me}")) == (409, "own-account")
    assert said(admin.post(f"/api/users/{me}/disable")) == (409, "own-account")


CHANGES = [
    ("POST", "/api/connectors"),
    ("PUT", "/api/connectors/x"),
    ("DELETE", "/api/connectors/x"),
    ("POST", "/api/connectors/default/x/approve"),
    ("POST", "/api/connectors/default/x/disable"),
    ("POST", "/api/connector-types"),
    ("PUT", "/api/connector-types/x"),
    ("DELETE", "/api/connector-types/x"),
    ("POST", "/api/secrets"),
    ("PUT", "/api/secrets/x"),
    ("DELETE", "/api/secrets/x"),
    ("POST", "/api/tokens"),
    ("DELETE", "/api/tokens/x"),
    ("POST", "/api/users"),
    ("POST", "/api/users/x/disable"),
    ("DELETE", "/api/users/x"),
]


@pytest.mark.parametrize(("method", "path"), CHANGES, ids=lambda part: part)
def test_who_may_only_read_changes_nothing(user, method, path):
    body = {"name": "x", "value": "a-value"} if method == "POST" else {"description": "x"}
    body = {"name": "x"} if path in {"/api/tokens", "/api/users"} else body
    answer = user("read").request(method, path, json=body if method != "DELETE" else None)

    assert said(answer) == (403, "scope-missing")


READS = [
    "connectors",
    "connectors/x",
    "connector-types",
    "connector-types/x/capabilities",
    "secrets",
    "secrets/x",
    "executions",
    "executions/x",
    "executions/x/tree",
    "tokens",
    "tokens/x",
    "users",
    "users/x",
    "audit",
    "audit/verify",
]


@pytest.mark.parametrize("path", READS)
def test_who_may_only_call_reads_nothing(user, path):
    assert said(user("execute").get(f"/api/{path}")) == (403, "scope-missing")


@pytest.mark.parametrize("path", [*READS, "users/me"])
def test_without_a_token_there_is_nothing(server, path):
    assert said(server.get(f"/api/{path}", token="")) == (401, "token-missing")
    assert said(server.get(f"/api/{path}", token="wrong")) == (401, "token-unknown")


def test_the_token_of_the_server_is_shown_nowhere(admin):
    answers = [admin.get(f"/api/{path}") for path in READS]

    assert not [answer for answer in answers if ADMIN_TOKEN in answer.text]


@pytest.mark.parametrize("odd", ["a%0Ab", "a%0D%0A", "%00", "%2e%2e", "%ED%A0%80", "%F0%9F%98%80"])
@pytest.mark.parametrize("path", ["connectors/{}", "connectors/default/{}", "secrets/{}", "executions/{}", "tokens/{}"])
def test_odd_names_in_paths_are_answered_as_any(admin, path, odd):
    """Whoever asks for them learns what is wrong as everybody does."""
    status, code = said(admin.get(f"/api/{path.format(odd)}"))

    assert status in {404, 422}
    assert code
