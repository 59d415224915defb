"""Connector types over REST."""

from __future__ import annotations

import pytest

from surfaces.rest.world import said, unique

OPERATIONS = [
    {
        "name": "get_book",
        "method": "GET",
        "path": "/books/{id}",
        "parameters": {"type": "object", "properties": {"id": {"type": "string"}}, "required": ["id"]},
    },
    {"name": "list_books", "method": "GET", "path": "/books"},
]


def shop(**more):
    return {"name": unique("shop"), "baseUrl": "https://shop.example", "operations": OPERATIONS, **more}


def test_a_type_is_made_shown_changed_and_deleted(admin):
    body = shop()
    made = admin.post("/api/connector-types", json=body)
    path, named = made.headers["location"], f"/api/connector-types/{body['name']}"
    changed = admin.put(named, json={"displayName": "Books"})

    assert (made.status_code, changed.status_code) == (201, 200)
    assert made.json()["commands"] == ["get_book", "list_books"]
    assert admin.get(path).json() == admin.get(named).json()
    assert admin.get(path).json()["displayName"] == "Books"
    assert admin.delete(path).status_code == 204
    assert said(admin.delete(path)) == (404, "unknown-type")


def test_what_breaks_others_needs_a_version_that_says_so(admin):
    path = admin.post("/api/connector-types", json=shop(version="1.0.0")).headers["location"]
    fewer = {"operations": OPERATIONS[1:]}

    assert said(admin.put(path, json=fewer | {"version": "1.0.1"})) == (409, "version-too-low")
    assert admin.put(path, json=fewer | {"autoBump": True}).json()["version"] == "2.0.0"
    listed = admin.get(f"{path}/versions").json()["items"]
    assert [item["version"] for item in listed] == ["1.0.0", "2.0.0"]
    assert len(admin.get(f"{path}/versions/1.0.0").json()["definition"]["configSchema"]["commands"]) == 2
    assert said(admin.get(f"{path}/versions/9.9.9")) == (404, "unknown-version")


def test_only_what_is_as_it_was_read_is_changed(admin):
    made = admin.post("/api/connector-types", json=shop())
    path, headers = made.headers["location"], {"If-Match": made.headers["etag"]}

    assert admin.put(path, json={"description": "Books."}, headers=headers).status_code == 200
    assert said(admin.put(path, json={"description": "Pens."}, headers=headers)) == (409, "revision-conflict")


def test_commands_are_listed_under_both_names(admin):
    """FluxTurn calls them actions, and has triggers beside."""
    path = admin.post("/api/connector-types", json=shop()).headers["location"]
    commands = admin.get(f"{path}/commands").json()

    assert [item["name"] for item in commands["items"]] == ["get_book", "list_books"]
    assert admin.get(f"{path}/actions").json() == commands
    assert admin.get(f"{path}/capabilities").json()["commands"] == commands["items"]
    assert admin.get(f"{path}/triggers").json()["items"] == []
    assert [item["name"] for item in admin.get(f"{path}/commands?where=name:contains:list").json()["items"]] == [
        "list_books"
    ]


@pytest.mark.parametrize("part", ["", "/capabilities", "/versions", "/versions/1.0.0", "/commands", "/triggers"])
def test_what_is_not_there_is_not_found(admin, part):
    assert said(admin.get(f"/api/connector-types/nothing{part}"))[0] == 404


def test_a_type_in_use_stays(admin):
    body = {"name": unique("own"), "baseUrl": "https://shop.example", "operations": OPERATIONS}
    kind = admin.post("/api/connectors", json=body).json()["type"]

    assert said(admin.delete(f"/api/connector-types/{kind}")) == (409, "type-in-use")


def test_what_was_answered_can_be_sent_back_with_one_thing_changed(admin):
    """People read it, edit a line, and send the whole; no new version of what it does is made."""
    path = admin.post("/api/connector-types", json=shop()).headers["location"]
    shown = admin.get(path).json()
    changed = admin.put(path, json={**shown, "public": False})

    assert changed.status_code == 200, changed.text
    assert (changed.json()["public"], changed.json()["version"]) == (False, shown["version"])
    assert admin.put(path, json=changed.json()).status_code == 200


def test_what_is_shown_of_a_class_can_be_sent_back(admin):
    shown = admin.get("/api/connector-types/delay").json()

    assert admin.put("/api/connector-types/delay", json=shown).status_code == 200


@pytest.mark.parametrize("key", ["id", "slug", "origin", "installed", "versions", "definition", "commands"])
def test_what_nobody_sets_is_refused_where_it_differs(admin, key):
    """In `definition` above all: whoever edits it there must not think that it was changed."""
    path = admin.post("/api/connector-types", json=shop()).headers["location"]

    assert said(admin.put(path, json={key: ["another"]})) == (422, "invalid-definition")
