"""Connectors over REST."""

from __future__ import annotations

import gzip

import pytest

from surfaces.rest.world import desk, said, unique

MASK = "********"


def test_a_connector_is_made_shown_changed_and_deleted(admin):
    body = desk(displayName="Desk one")
    made = admin.post("/api/connectors", json=body)
    path = made.headers["location"]
    changed = admin.put(path, json={"description": "The first."})
    named = f"/api/connectors/default/{body['name']}"

    assert (made.status_code, changed.status_code) == (201, 200)
    assert made.json()["displayName"] == "Desk one"
    assert path == f"/api/connectors/{made.json()['id']}"
    assert admin.get(path).json() == admin.get(named).json() == changed.json()
    assert admin.delete(named).status_code == 204
    assert said(admin.delete(named)) == (404, "unknown-connector")
    assert said(admin.get(path)) == (404, "unknown-connector")


def test_what_a_change_leaves_out_stays(admin):
    """Also inside `config`; the mask that was shown keeps a secret, and null clears."""
    path = admin.post("/api/connectors", json=desk(description="as it was", tags=["a"])).headers["location"]
    shown = admin.get(path).json()
    config = {"api_key": shown["config"]["api_key"], "base_url": "https://other.example"}
    changed = admin.put(path, json={"config": config}).json()
    cleared = admin.put(path, json={"config": {"api_key": None}}).json()

    assert changed["config"] == shown["config"] | {"base_url": "https://other.example"}
    assert (changed["description"], changed["tags"], changed["configured"]) == ("as it was", ["a"], True)
    assert (cleared["configured"], cleared["missing"]) == (False, ["api_key"])


def test_secrets_of_a_connection_are_never_shown_again(admin):
    made = admin.post("/api/connectors", json=desk())
    answers = [made, admin.get(made.headers["location"]), admin.get("/api/connectors?limit=200")]
    answers.append(admin.post("/api/connectors", json=desk(config={"api_key": ["a-key-nobody-may-see"]})))

    assert [answer.status_code for answer in answers] == [201, 200, 200, 422]
    assert not [answer for answer in answers if "nobody-may-see" in answer.text]


@pytest.mark.parametrize("way", ["header", "weak", "body", "snake"])
def test_only_what_is_as_it_was_read_is_changed(admin, way):
    """Two people edit one connector: the second is told, and nothing is lost."""
    made = admin.post("/api/connectors", json=desk())
    path, tag, revision = made.headers["location"], made.headers["etag"], made.json()["revision"]
    headers = {"header": {"If-Match": tag}, "weak": {"If-Match": f"W/{tag}"}}.get(way, {})
    body = {"description": "mine"} | ({"revision": revision} if way in {"body", "snake"} else {})
    first, second = (admin.put(path, json=body, headers=headers) for _ in range(2))

    assert tag == f'"{revision}"'
    assert (first.status_code, first.headers["etag"]) == (200, f'"{revision + 1}"')
    assert said(second) == (409, "revision-conflict")


@pytest.mark.parametrize("tag", ["3", '"x"', '"1", "2"', ""])
def test_a_header_that_is_no_tag_is_refused(admin, tag):
    """Ignored, it would let one overwrite what the other has written."""
    path = admin.post("/api/connectors", json=desk()).headers["location"]

    assert said(admin.put(path, json={"description": "x"}, headers={"If-Match": tag})) == (422, "invalid-params")


def test_any_revision_will_do_if_that_is_said(admin):
    path = admin.post("/api/connectors", json=desk()).headers["location"]

    assert admin.put(path, json={"description": "x"}, headers={"If-Match": "*"}).status_code == 200


@pytest.mark.parametrize("revision", ["1", 1.0, True, -1, [1]])
def test_a_revision_that_is_none_is_refused(admin, revision):
    path = admin.post("/api/connectors", json=desk()).headers["location"]

    assert said(admin.put(path, json={"revision": revision})) == (422, "invalid-params")


def test_header_and_body_name_one_revision(admin):
    path = admin.post("/api/connectors", json=desk()).headers["location"]

    assert said(admin.put(path, json={"revision": 1}, headers={"If-Match": '"2"'})) == (422, "invalid-params")


def test_a_connector_is_switched_off_and_on(admin):
    path = admin.post("/api/connectors", json=desk()).headers["location"]
    off, on = admin.post(f"{path}/disable"), admin.post(f"{path}/enable")

    assert (off.json()["enabled"], on.json()["enabled"]) == (False, True)
    assert (off.status_code, on.status_code) == (200, 200)


def test_only_administrators_approve(admin, user):
    """Whoever approves says where the secrets of others may go."""
    ann = user()
    path = ann.post("/api/connectors", json=desk()).headers["location"]

    assert ann.get(path).json()["approved"] is False
    assert said(ann.post(f"{path}/approve")) == (403, "admin-required")
    assert admin.post(f"{path}/approve").json()["approved"] is True


def test_what_changed_since_it_was_looked_at_is_not_approved(admin, user):
    """Ann would else show one address to the administrator, and have another approved."""
    ann = user()
    path = ann.post("/api/connectors", json=desk()).headers["location"]
    looked_at = admin.get(path).headers["etag"]
    ann.put(path, json={"config": {"base_url": "https://ann.example"}})

    refused = admin.post(f"{path}/approve", headers={"If-Match": looked_at})
    assert said(refused) == (409, "revision-conflict")
    assert admin.get(path).json()["approved"] is False
    again = admin.get(path).headers["etag"]
    assert admin.post(f"{path}/approve", headers={"If-Match": again}).json()["approved"] is True


def test_an_approval_stays_where_a_connection_is_sent_back_as_it_was(admin, user):
    """And ends with anything else in it."""
    ann = user()
    path = ann.post("/api/connectors", json=desk()).headers["location"]
    admin.post(f"{path}/approve")
    shown = ann.get(path).json()
    edited = ann.put(path, json={**shown, "description": "Ann's."})
    moved = ann.put(path, json={"config": {**shown["config"], "base_url": "https://ann.example"}})

    assert (edited.status_code, edited.json()["approved"]) == (200, True)
    assert (moved.status_code, moved.json()["approved"]) == (200, False)


@pytest.mark.parametrize(
    "config", [{"base_url": None}, {"api_key": "another-key-of-ann"}, {"api_key": {"secret": "X"}}]
)
def test_an_approval_ends_with_any_change_of_the_connection(admin, user, config):
    ann = user()
    path = ann.post("/api/connectors", json=desk()).headers["location"]
    admin.put(path, json={"config": {"base_url": "https://desk.example"}})
    admin.post(f"{path}/approve")

    changed = ann.put(path, json={"config": config})
    assert (changed.status_code, changed.json()["approved"]) == (200, False)


def test_others_do_not_change_a_connector(user):
    ann, bob = user(), user()
    path = ann.post("/api/connectors", json=desk()).headers["location"]

    assert said(bob.put(path, json={"description": "mine"})) == (403, "not-owner")
    assert said(bob.delete(path)) == (403, "not-owner")


@pytest.mark.parametrize(
    "body",
    [
        {"baseUrl": "https://acme.example", "operations": [{"name": "list", "method": "GET", "path": "/list"}]},
        {"base_url": "https://acme.example", "operations": {"list": {"method": "GET", "path": "/list"}}},
        {"scriptSource": "function list() {}", "configSchema": {"commands": {"list": {}}}},
        {"endpointUrl": "https://acme.example/", "configSchema": {"commands": {"list": {}}}},
    ],
    ids=["operations", "snake", "script", "external"],
)
def test_a_definition_in_the_body_makes_a_type_and_a_connector(admin, body):
    name = unique("acme")
    made = admin.post("/api/connectors", json={"name": name, **body})
    kind = admin.get(f"/api/connector-types/{made.json()['type']}")

    assert (made.status_code, kind.status_code) == (201, 200)
    assert "list" in kind.json()["commands"]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, "invalid-definition"),
        ({"name": "test", "type": "desk"}, "invalid-name"),
        ({"name": "x", "type": "desc"}, "invalid-params"),
        ({"name": "x", "id": "mine"}, "invalid-definition"),
    ],
)
def test_a_body_that_cannot_be_is_refused_in_words(admin, body, code):
    answer = admin.post("/api/connectors", json=body)

    assert said(answer) == (422, code)
    assert answer.json()["hint"]


@pytest.mark.parametrize(
    "content", [b"", b"[]", b'"x"', b"{", b"null", b"\xff", b"[" * 5000, b'{"name": "\\ud800"}', b"NaN"]
)
def test_a_body_that_is_no_object_is_refused(admin, content):
    status, code = said(admin.post("/api/connectors", content=content))

    assert (status, code) == (422, "invalid-definition") if not content else (400, "body-unreadable")


def test_a_name_is_used_once(admin):
    body = desk()
    admin.post("/api/connectors", json=body)

    assert said(admin.post("/api/connectors", json=body))[0] == 409


def test_deleted_ones_are_listed_if_asked_for(admin):
    body = desk(tags=[unique("tag")])
    admin.delete(admin.post("/api/connectors", json=body).headers["location"])
    path = f"/api/connectors?tag={body['tags'][0]}"

    assert admin.get(path).json()["total"] == 0
    for name in ("includeDeleted", "include_deleted"):
        (item,) = admin.get(f"{path}&{name}=true").json()["items"]
        assert item["deleted"]


def test_both_ways_to_write_a_path_are_one(admin):
    path = admin.post("/api/v1/connectors", json=desk()).headers["location"]

    assert admin.get(path.replace("/api/", "/api/v1/")).json() == admin.get(path).json()


FORMS = [
    {"baseUrl": "https://acme.example", "operations": [{"name": "list", "method": "GET", "path": "/list"}]},
    {"scriptSource": "function list() {}", "configSchema": {"commands": {"list": {"params": ["of"]}}}},
    {"endpointUrl": "https://acme.example/", "configSchema": {"commands": {"list": {}}}},
    {"spec": {"openapi": "3.1.0", "info": {"title": "Acme", "version": "1"}, "paths": {}}},
    {"type": "desk", "config": {"api_key": "a-key-nobody-may-see"}, "timeout": 2000, "tags": ["a"]},
]


@pytest.mark.parametrize("body", FORMS, ids=lambda body: next(iter(body)))
def test_what_was_answered_can_be_sent_back_with_one_thing_changed(admin, body):
    """People read it, edit a line, and send the whole; nothing else of it changes, and no new version is made."""
    path = admin.post("/api/connectors", json={"name": unique("back"), **body}).headers["location"]
    shown = admin.get(path).json()
    changed = admin.put(path, json={**shown, "description": "Edited."})

    assert changed.status_code == 200, changed.text
    apart = {"description": "Edited.", "revision": shown["revision"] + 1, "updated": changed.json()["updated"]}
    assert changed.json() == {**shown, **apart}


def test_what_was_answered_can_be_sent_back_after_a_test(admin):
    """A test is no change of the connector, so what was read before it is still what is there."""
    path = admin.post("/api/connectors", json=desk()).headers["location"]
    shown = admin.get(path).json()
    again = admin.put(path, json={**shown, "tested": "2026-11-21T06:45:53Z", "testResult": {}, "warnings": ["w"]})

    assert again.status_code == 200


@pytest.mark.parametrize(
    "key", ["id", "slug", "owner", "approved", "stored", "created", "type_version", "managedBy", "missing"]
)
def test_what_nobody_sets_is_refused_where_it_differs(admin, key):
    """Left out without a word, an `approved: false` would look as if it had been done."""
    path = admin.post("/api/connectors", json=desk()).headers["location"]
    refused = admin.put(path, json={key: "another"})

    assert said(refused) == (422, "invalid-definition")
    assert refused.json()["errors"] == [{"pointer": f"/{key}", "message": "cannot be set"}]
    assert admin.put(path, json={key: None}).status_code == 200


@pytest.mark.parametrize("levels", [251, 1000, 100_000])
@pytest.mark.parametrize("path", ["/api/connectors", "/api/connectors/desk/execute", "/api/secrets"])
def test_a_body_that_is_nested_beyond_reason_is_refused(admin, path, levels):
    """Whatever walks through it later would go down as deep, and end with an error of the server."""
    config = '{"a":' * levels + "1" + "}" * levels
    content = f'{{"name": "{unique("deep")}", "type": "desk", "config": {config}}}'

    assert said(admin.post(path, content=content)) == (400, "body-unreadable")


@pytest.mark.parametrize(
    ("content", "said_so"),
    [(gzip.compress(b"{}"), "gzip"), ("{}".encode("utf-16"), "UTF-16"), (b"\xef\xbb\xbf{}", "byte order mark")],
    ids=["gzip", "utf-16", "mark"],
)
def test_what_a_body_is_instead_of_json_is_said(admin, content, said_so):
    """Whoever looks at line 1, column 1 sees nothing wrong there."""
    refused = admin.post("/api/connectors", content=content)

    assert said(refused) == (400, "body-unreadable")
    assert said_so in refused.json()["detail"]
