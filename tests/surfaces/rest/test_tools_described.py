"""`POST /api/tools/describe`."""

from __future__ import annotations

from surfaces.rest.world import desk, said

ROUTE = "/api/tools/describe"


def described(client, *wanted, **more):
    return client.post(ROUTE, json={"wanted": list(wanted), **more})


def test_each_that_is_wanted_has_an_answer_at_its_place(admin):
    """K16: many in one request, and what is not there keeps nothing else away."""
    name = admin.post("/api/connectors", json=desk()).json()["name"]
    answers = described(
        admin,
        {"connector": name, "command": "Echo"},
        {"connector": "nobody"},
        {"connector": name, "command": "shout"},
        {"connector": "delay"},
    ).json()["answers"]

    assert answers[0]["described"][0]["connector"] == f"default/{name}"
    assert list(answers[0]["described"][0]["commands"]) == ["echo"]
    assert [answer["error"]["code"] for answer in answers[1:3]] == ["unknown-connector", "unknown-command"]
    assert list(answers[3]["described"][0]["commands"]) == ["wait"]


def test_what_has_not_changed_is_not_sent_again(admin):
    """K15: and a change has another tag."""
    name = admin.post("/api/connectors", json=desk()).json()["name"]
    wanted = {"connector": name, "command": "echo"}
    tag = described(admin, wanted).json()["answers"][0]["tag"]

    assert described(admin, wanted | {"tag": tag}).json()["answers"] == [{"tag": tag, "unchanged": True}]
    assert "described" in described(admin, wanted | {"tag": "other"}).json()["answers"][0]


def test_everything_is_everything_of_the_callers_own(admin, user):
    """And needs the right to look."""
    name = admin.post("/api/connectors", json=desk()).json()["name"]
    (everything,) = described(user("read"), {}).json()["answers"]

    assert f"default/{name}" in {one["connector"] for one in everything["described"]}
    assert said(described(user("execute"), {})) == (403, "scope-missing")


def test_a_disabled_connector_is_none(admin):
    name = admin.post("/api/connectors", json=desk(enabled=False)).json()["name"]
    everything, named = described(admin, {}, {"connector": name}).json()["answers"]

    assert f"default/{name}" not in {one["connector"] for one in everything["described"]}
    assert named["error"]["code"] == "connector-disabled"


def test_secrets_and_what_a_type_is_made_of_are_not_described(admin):
    name = admin.post("/api/connectors", json=desk()).json()["name"]
    answer = described(admin, {"connector": name}, {})

    assert "nobody-may-see" not in answer.text
    assert "base_url" not in answer.text


def test_what_is_no_question_is_refused(admin):
    assert said(admin.post(ROUTE, json={})) == (422, "invalid-params")
    assert said(described(admin, {"conector": "x"})) == (422, "invalid-params")
    assert said(described(admin, *[{}] * 501)) == (422, "invalid-params")
    assert said(admin.post(ROUTE, content=b"[]")) == (400, "body-unreadable")
