"""Credentials over REST: they go in, and what is secret in them never comes out."""

from __future__ import annotations

from surfaces.rest.world import desk, said, unique

KEY = "ak_nobody_may_see_this"


def test_a_credential_is_put_shown_changed_and_deleted(admin):
    connector = admin.post("/api/connectors", json=desk()).json()
    body = {"connector": connector["name"], "name": "production", "values": {"apiKey": KEY}, "endUser": "customer 42"}
    made = admin.post("/api/credentials", json=body)
    path = made.headers["location"]
    changed = admin.put(path, json={"values": made.json()["values"], "name": "main"}, headers={"If-Match": '"1"'})
    conflict = admin.put(path, json={"name": "other"}, headers={"If-Match": '"1"'})
    state = admin.get(f"{path}/status")
    listed = admin.get("/api/credentials", params={"connector": f"default/{connector['name']}"})
    gone = admin.delete(path)

    assert (made.status_code, changed.status_code, gone.status_code) == (201, 200, 204)
    assert path == f"/api/credentials/{made.json()['id']}"
    assert made.json() | {"updated": ""} == changed.json() | {"updated": "", "name": "production", "revision": 1}
    assert changed.headers["etag"] == '"2"'
    assert made.json()["values"] == {"api_key": "********"}
    assert made.json()["connector"] == f"default/{connector['name']}"
    assert (made.json()["isDefault"], made.json()["endUser"]) == (True, "customer 42")
    assert said(conflict) == (409, "revision-conflict")
    assert state.json() == {"status": "connected", "code": "", "reason": "", "expires": None, "refreshable": False}
    assert listed.json()["items"] == [changed.json()]
    assert said(admin.get(path)) == (404, "unknown-credential")


def test_lists_are_filtered_and_nothing_is_found_out_by_it(admin):
    """A question about values would spell them out, letter by letter."""
    connector = admin.post("/api/connectors", json=desk()).json()["name"]
    for name, visibility in (("one", "shared"), ("two", "private")):
        body = {"connector": connector, "name": name, "values": {"api_key": KEY}, "visibility": visibility}
        admin.post("/api/credentials", json=body)

    def names(**asked):
        return [
            one["name"]
            for one in admin.get("/api/credentials", params={"connector": connector, **asked}).json()["items"]
        ]

    assert names() == ["one", "two"]
    assert names(visibility="private") == ["two"]
    assert names(where="name:eq:one") == ["one"]
    assert names(sort="-name") == ["two", "one"]
    asked = admin.get("/api/credentials", params={"where": "values.api_key:contains:ak"})
    assert said(asked) == (422, "invalid-query")
    assert said(admin.get("/api/credentials?connector=nobody-has-this")) == (404, "unknown-connector")


def test_what_is_secret_is_never_shown(admin):
    """Not in an answer, a list or an error."""
    connector = admin.post("/api/connectors", json=desk()).json()["name"]
    made = admin.post("/api/credentials", json={"connector": connector, "values": {"api_key": KEY}})
    path = made.headers["location"]
    answers = [
        made,
        admin.get(path),
        admin.get("/api/credentials"),
        admin.put(path, json={"values": {"api_key": KEY}}),
        admin.put(path, json={"values": {"api_key": [KEY]}}),
        admin.put(path, json={"values": {"nope": KEY}}),
        admin.put(path, json={"values": KEY}),
        admin.post("/api/credentials", json={"connector": connector, "values": {"api_key": KEY}, "extra": KEY}),
        admin.post("/api/credentials", json={"connector": connector, "mode": "odd", "values": {"api_key": KEY}}),
        admin.post(f"{path}/test", json={}),
        admin.post(f"{path}/refresh"),
        admin.post(f"{path}/revoke"),
        admin.get("/api/audit"),
    ]

    assert not [answer.text for answer in answers if KEY in answer.text]
    assert {answer.status_code for answer in answers} == {200, 201, 409, 422}


def test_forms_are_told_what_to_ask_for(admin):
    """And what only an administrator puts."""
    connector = admin.post("/api/connectors", json=desk()).json()["name"]
    asked = admin.get("/api/credential-fields", params={"connector": connector}).json()["items"]

    assert [(one["name"], one["secret"], one["leads"]) for one in asked] == [
        ("api_key", True, False),
        ("base_url", False, True),
    ]


def test_calls_name_a_credential_in_each_style_of_body(admin):
    """H09: one that is not there is refused, wherever it is named; nothing is called with another."""
    connector = admin.post("/api/connectors", json=desk()).json()["name"]
    admin.post("/api/credentials", json={"connector": connector, "name": "mine", "values": {"api_key": KEY}})
    path, runtime = f"/api/connectors/default/{connector}/execute", f"/api/runtime/v1/connectors/{connector}"

    def bodies(name):
        params, options = {"text": "a"}, {"credentialId": name}
        yield path, {"command": "echo", "params": params, "credentialId": name}
        yield path, {"command": "echo", "params": params, "options": options}
        yield path, {"resource": "echo", "data": params, "options": options}
        yield runtime, {"resource": "echo", "data": params, "options": options}

    for at, body in bodies("mine"):
        assert admin.post(at, json=body).json()["success"] is True
    for at, body in bodies("nope"):
        assert said(admin.post(at, json=body)) == (404, "unknown-credential")


def test_a_name_may_be_given_where_only_one_has_it(admin):
    """As on the command line."""
    name = unique("only")
    connector = admin.post("/api/connectors", json=desk()).json()["name"]
    made = admin.post("/api/credentials", json={"connector": connector, "name": name, "values": {"api_key": KEY}})

    assert admin.get(f"/api/credentials/{name}").json() == made.json()
