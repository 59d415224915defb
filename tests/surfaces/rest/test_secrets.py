"""Named secrets over REST: they go in, and never come out."""

from __future__ import annotations

import pytest

from surfaces.rest.world import said, unique

VALUE = "a-value-that-nobody-may-see"


def test_a_secret_is_made_shown_changed_and_deleted(admin):
    name = unique("KEY_")
    made = admin.post("/api/secrets", json={"name": name, "value": VALUE, "description": "for tests"})
    changed = admin.put(f"/api/secrets/{name}", json={"description": "for more tests"})
    shown = admin.get(made.headers["location"])
    gone = admin.delete(f"/api/secrets/{name}")

    assert (made.status_code, changed.status_code, gone.status_code) == (201, 200, 204)
    assert (
        shown.json()
        == changed.json()
        == made.json()
        | {
            "description": "for more tests",
            "updated": shown.json()["updated"],
        }
    )
    assert said(admin.delete(f"/api/secrets/{name}")) == (404, "unknown-secret")
    assert said(admin.get(f"/api/secrets/{name}")) == (404, "unknown-secret")


def test_a_secret_is_never_shown_again(admin):
    """Not in an answer of its own, not in a list, not in an error."""
    name = unique("KEY_")
    answers = [
        admin.post("/api/secrets", json={"name": name, "value": VALUE}),
        admin.post("/api/secrets", json={"name": name, "value": VALUE}),
        admin.put(f"/api/secrets/{name}", json={"value": VALUE}),
        admin.get(f"/api/secrets/{name}"),
        admin.get("/api/secrets"),
        admin.put(f"/api/secrets/{name}", json={"value": VALUE, "visibility": "odd"}),
        admin.put(f"/api/secrets/{name}", json={"value": [VALUE]}),
        admin.post("/api/secrets", json={"name": "not a name", "value": VALUE}),
        admin.post("/api/secrets", json={"value": VALUE, "extra": VALUE}),
        admin.post("/api/secrets", json=[VALUE]),
        admin.post("/api/secrets", content=f'{{"value": "{VALUE}'),
        admin.get(f"/api/secrets?where=value:contains:{VALUE[:3]}"),
    ]

    assert not [answer.text for answer in answers if VALUE in answer.text]
    assert {answer.status_code for answer in answers} == {200, 201, 400, 409, 422}


def test_nobody_overwrites_a_secret_by_making_it(admin):
    """The key that all others rely on."""
    body = {"name": unique("KEY_"), "value": VALUE}
    admin.post("/api/secrets", json=body)

    assert said(admin.post("/api/secrets", json=body)) == (409, "already-exists")
    assert admin.post("/api/secrets", json=body | {"visibility": "private"}).status_code == 201
    assert said(admin.post("/api/secrets", json=body | {"visibility": "private"})) == (409, "already-exists")


def test_putting_a_secret_makes_it_if_need_be(admin):
    name = unique("KEY_")
    without = admin.put(f"/api/secrets/{name}", json={"description": "no value"})
    made = admin.put(f"/api/secrets/{name}?visibility=private", json={"value": VALUE})

    assert said(without) == (422, "invalid-params")
    assert (made.status_code, made.json()["visibility"]) == (201, "private")
    assert admin.put(f"/api/secrets/{name}", json={"value": VALUE, "visibility": "private"}).status_code == 200


def test_which_of_two_is_deleted_has_to_be_said(admin):
    body = {"name": unique("KEY_"), "value": VALUE}
    for visibility in ("shared", "private"):
        admin.post("/api/secrets", json=body | {"visibility": visibility})
    path = f"/api/secrets/{body['name']}"

    assert said(admin.delete(path)) == (422, "visibility-missing")
    assert admin.get(path).json()["visibility"] == "private"
    assert admin.get(f"{path}?visibility=shared").json()["visibility"] == "shared"
    assert admin.delete(f"{path}?visibility=shared").status_code == 204
    assert admin.delete(path).status_code == 204


def test_private_secrets_of_others_are_not_there(user):
    ann, bob = user(), user()
    name = unique("KEY_")
    ann.post("/api/secrets", json={"name": name, "value": VALUE, "visibility": "private"})

    assert said(bob.get(f"/api/secrets/{name}")) == (404, "unknown-secret")
    assert said(bob.delete(f"/api/secrets/{name}")) == (404, "unknown-secret")
    assert name not in bob.get("/api/secrets?limit=200").text


def test_shared_secrets_of_others_are_not_to_be_changed(user):
    ann, bob = user(), user()
    name = unique("KEY_")
    ann.post("/api/secrets", json={"name": name, "value": VALUE})

    assert said(bob.put(f"/api/secrets/{name}", json={"value": "mine-not-yours"})) == (403, "not-owner")
    assert bob.get(f"/api/secrets/{name}").status_code == 200


@pytest.mark.parametrize("visibility", ["shared", "private"])
def test_lists_tell_by_visibility(user, visibility):
    ann = user()
    for each in ("shared", "private"):
        ann.post("/api/secrets", json={"name": unique("KEY_"), "value": VALUE, "visibility": each})
    listed = ann.get(f"/api/secrets?visibility={visibility}").json()

    assert {item["visibility"] for item in listed["items"]} == {visibility}


@pytest.mark.parametrize(
    ("query", "body", "pointer"),
    [
        ("", {"name": "OTHER", "value": VALUE}, "/name"),
        ("?visibility=private", {"visibility": "shared", "value": VALUE}, "/visibility"),
    ],
)
def test_body_and_path_say_the_same_or_nothing_is_done(admin, query, body, pointer):
    answer = admin.put(f"/api/secrets/{unique('KEY_')}{query}", json=body)

    assert said(answer) == (422, "invalid-params")
    assert [fault["pointer"] for fault in answer.json()["errors"]] == [pointer]
