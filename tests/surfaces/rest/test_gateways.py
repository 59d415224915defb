"""Gateways over REST, and their tokens, which count nowhere here."""

from __future__ import annotations

import pytest

from surfaces.rest.world import desk, said, unique

NEARLY = [
    "/mcp",
    "/mcp/",
    "/mcp//",
    "/mcpx/gate",
    "/MCP/gate",
    "/api/mcp/gate",
    "/api/nothing",
    "/metrics",
    "//mcp/gate",
]
"""Of addresses that are no gateway's."""


@pytest.fixture
def connector(admin):
    """The full name of a connector."""
    made = admin.post("/api/connectors", json=desk()).json()
    return f"{made['namespace']}/{made['name']}"


@pytest.fixture
def gateway(admin, connector):
    """Its name; it has one command of one connector."""
    choice = {"connectors": [{"connector": connector, "operations": ["echo"]}]}
    made = admin.post("/api/gateways", json={"name": unique("gate"), "choice": choice, "characters": 900})
    assert made.status_code == 201, made.text
    return made.json()["name"]


def token_of(admin, gateway, **more):
    made = admin.post(f"/api/gateways/{gateway}/tokens", json={"name": "assistant", **more})
    assert made.status_code == 201, made.text
    return made.json()


def test_a_gateway_is_made_shown_changed_and_deleted(admin, connector):
    name = unique("gate")
    body = {"name": name, "title": "Help desk", "choice": [{"connector": connector, "operations": ["echo"]}]}
    made = admin.post("/api/gateways", json=body)
    path = made.headers["location"]
    shown = admin.get(f"/api/gateways/{name.upper()}")
    by_id = admin.get(f"/api/gateways/{made.json()['id']}")
    changed = admin.put(path, json={"output_schemas": True, "mode": "search"}, headers={"If-Match": '"1"'})
    stale = admin.put(path, json={"mode": "tools"}, headers={"If-Match": '"1"'})
    deleted = admin.delete(path)

    assert (made.status_code, path) == (201, f"/api/gateways/{name}")
    assert made.json() == shown.json() == by_id.json()
    assert made.json()["endpoint"] == f"/mcp/{name}"
    assert made.json()["choice"] == {
        "readsOnly": False,
        "connectors": [{"connector": connector, "operations": ["echo"], "tools": {}}],
    }
    assert (changed.json()["outputSchemas"], changed.json()["mode"], changed.headers["etag"]) == (True, "search", '"2"')
    assert changed.json()["title"] == "Help desk"
    assert said(stale) == (409, "revision-conflict")
    assert deleted.status_code == 204
    assert said(admin.get(path)) == (404, "unknown-gateway")


def test_what_was_shown_may_be_sent_back(admin, gateway):
    """A form sends all that it has."""
    path = f"/api/gateways/{gateway}"
    shown = admin.get(path).json()
    again = admin.put(path, json=shown)

    assert again.json() == shown | {"revision": 2, "updated": again.json()["updated"]}
    assert said(admin.put(path, json={"owner": "somebody"})) == (422, "invalid-definition")


@pytest.mark.parametrize(
    ("more", "pointers"),
    [
        ({"choice": [{"connector": "no-such-thing"}]}, ["/choice/connectors/0/connector"]),
        ({"choice": [{"connector": "NAME", "operations": ["echoe"]}]}, ["/choice/connectors/0/operations/0"]),
        (
            {"choice": [{"connector": "NAME", "parameters": {"echo": {"txt": 1}, "no": {"x": 1}}}]},
            ["/choice/connectors/0/tools/echo", "/choice/connectors/0/tools/no"],
        ),
        ({"mode": "fast"}, ["/mode"]),
        ({"characters": 10, "enabled": "yes"}, ["/characters", "/enabled"]),
        ({"instruction": "x"}, ["/instruction"]),
        ({"title": "a\nb"}, ["/title"]),
        ({"name": 7}, ["/name"]),
    ],
)
def test_what_cannot_be_is_refused_with_its_place(admin, connector, more, pointers):
    """A slip of the pen would protect nothing."""
    body = {"name": unique("gate"), **more}
    for one in body.get("choice", ()):
        one["connector"] = one["connector"].replace("NAME", connector)
    answer = admin.post("/api/gateways", json=body)

    assert said(answer) == (422, "invalid-params")
    assert [fault["pointer"] for fault in answer.json()["errors"]] == pointers


def test_a_choice_that_cannot_be_read_is_refused(admin):
    answer = admin.post("/api/gateways", json={"name": unique("gate"), "choice": [{"conector": "x"}]})

    assert said(answer) == (422, "invalid-tool-choice")
    assert "connectors[0].conector" in answer.json()["detail"]


def test_names_are_unique_whatever_their_case_style(admin, gateway):
    other = admin.post("/api/gateways", json={"name": unique("gate")}).json()["name"]

    assert said(admin.post("/api/gateways", json={"name": gateway.upper()})) == (409, "already-exists")
    assert said(admin.put(f"/api/gateways/{other}", json={"name": gateway})) == (409, "already-exists")
    assert said(admin.post("/api/gateways", json={"name": "1st"})) == (422, "invalid-name")


def test_each_route_takes_its_scope_and_its_owner(user, admin, gateway):
    path = f"/api/gateways/{gateway}"
    reader, caller, other = user("read"), user("execute"), user()
    refused = [
        reader.post("/api/gateways", json={"name": unique("gate")}),
        reader.put(path, json={}),
        reader.delete(path),
        reader.post(f"{path}/tokens", json={"name": "x"}),
        caller.get("/api/gateways"),
        caller.get(path),
    ]
    foreign = [
        other.put(path, json={"title": "mine"}),
        other.delete(path),
        other.post(f"{path}/tokens", json={"name": "x"}),
    ]

    assert {said(answer) for answer in refused} == {(403, "scope-missing")}
    assert {said(answer) for answer in foreign} == {(403, "not-owner")}
    assert reader.get(path).status_code == reader.get("/api/gateways").status_code == 200


def test_a_gateways_token_is_listed_and_revoked_with_the_others(admin, gateway):
    made = token_of(admin, gateway, expiresIn=60)
    listed = admin.get(f"/api/tokens?where=gateway:eq:{gateway}").json()["items"]
    gone = admin.delete(f"/api/tokens/{made['token']['id']}")

    assert made["token"]["scopes"] == ["execute", "read"]
    assert [one["id"] for one in listed] == [made["token"]["id"]]
    assert listed[0]["gateway"] == gateway
    assert made["text"] not in str(listed)
    assert gone.json()["revoked"]


def test_a_gateways_token_changes_nothing(admin, user, gateway):
    """At most it sees tools, and calls them."""
    refused = admin.post(f"/api/gateways/{gateway}/tokens", json={"name": "x", "scopes": ["manage"]})

    assert said(refused) == (422, "invalid-params")


def test_a_gateways_token_counts_on_no_route(server, admin, gateway):
    """On none of those that there are, nor on those that there are not."""
    text = token_of(admin, gateway)["text"]
    document = admin.get("/api/openapi.json").json()
    open_to_all = {("get", "/api/health"), ("post", "/api/session")}
    asked = [
        (method, path.replace("{", "").replace("}", ""))
        for path, operations in document["paths"].items()
        for method in operations
        if (method, path) not in open_to_all
    ]
    with server.as_(text) as client:
        answers = {
            (method, path): client.request(method.upper(), path, json={})
            for method, path in [
                *asked,
                ("get", "/mcp"),
                ("get", "/api/nothing"),
                ("get", "/metrics"),
                ("get", "/mcpx"),
            ]
        }

    assert len(asked) > 80
    assert {key: said(answer) for key, answer in answers.items()} == dict.fromkeys(
        answers, (403, "gateway-token-misplaced")
    )


def test_nobody_signs_in_with_a_gateways_token(server, admin, gateway):
    """A session is no place for it either."""
    made = token_of(admin, gateway)
    with server.as_("") as client:
        answer = client.post("/api/session", json={"token": made["text"]})

    assert said(answer) == (403, "gateway-token-misplaced")
    assert "set-cookie" not in answer.headers


def test_what_a_gateways_token_tried_is_in_the_audit_log(server, admin, gateway):
    token = token_of(admin, gateway)
    server.get("/api/secrets", token=token["text"])
    newest = admin.get("/api/audit?limit=1&verdict=denied").json()["items"][0]

    assert (newest["action"], newest["resourceId"]) == ("gateway.misplaced", "/api/secrets")
