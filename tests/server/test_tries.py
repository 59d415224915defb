"""Trying connectors that are kept nowhere: what one sees, and that it is no way around anything."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from server.world import At, at, settings
from servers import Answer, Asked, Service, serve
from surfaces.served import served

KEY = "key-that-nobody-may-see-0123"

SCRIPT = """
function list_items() {
  floh.log.info("asking with " + floh.config.apiKey);
  var query = "?api_key=" + floh.config.apiKey + "&limit=" + floh.params.limit;
  var answer = floh.http.get(floh.config.baseUrl + "/items" + query);
  return { success: answer.status < 400, payload: answer.body };
}
function reach() { return { success: true, payload: floh.http.get(floh.params.url).status }; }
function save() { return { success: true, payload: floh.http.post(floh.config.baseUrl + "/items", {}).status }; }
function loop() { while (true) {} }
"""
SCHEMA = {
    "connectionConfig": {"baseUrl": {"type": "string"}, "apiKey": {"type": "string", "secret": True}},
    "commands": {
        "list_items": {"readsOnly": True, "params": {"limit": {"type": "integer", "default": 5, "maximum": 9}}},
        "reach": {"readsOnly": True, "params": ["url"]},
        "save": {},
        "loop": {"readsOnly": True},
    },
}


def service(asked: Asked) -> Answer:
    """Knows items, and leads astray."""
    if asked.path == "/away":
        return Answer(status=302, headers={"Location": "http://169.254.169.254/latest?token=of-somebody"})
    return Answer(body=[{"path": asked.path}])


@pytest.fixture(scope="module")
def items() -> Iterator[Service]:
    """The service that is called."""
    with serve(service) as running:
        yield running


@pytest.fixture(params=["sqlite", "postgresql", "memory"])
def anywhere(request: pytest.FixtureRequest, items: Service, tmp_path: Path) -> Iterator[At]:
    """A server that may reach the service, and keeps calls in one of the ways there are."""
    kept = "memory" if request.param == "memory" else request.getfixturevalue(f"{request.param}_url")
    with served(settings(tmp_path, database_url=kept, egress_allow=items.address)) as started:
        yield at(started)


@pytest.fixture(scope="module")
def there(items: Service, sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[At]:
    """One server on SQLite, for all tests that leave nothing behind."""
    folder = tmp_path_factory.mktemp("tries")
    file = folder / "jackfield.db"
    file.write_bytes(sqlite_template.read_bytes())
    with served(settings(folder, database_url=f"sqlite:///{file}", egress_allow=items.address)) as started:
        yield at(started)


def script(items: Service, **more: Any) -> dict[str, Any]:
    """A connector that is a script."""
    config = {"baseUrl": items.url, "apiKey": KEY}
    return {"name": "crm", "scriptSource": SCRIPT, "configSchema": SCHEMA, "config": config, **more}


def tried(at: At, connector: Any, command: str, **more: Any) -> Any:
    """What is answered to a trial."""
    return at.ask("POST", "/api/connectors/try", {"connector": connector, "command": command, **more})


def user_of(at: At, name: str, *scopes: str) -> At:
    """Somebody who is no administrator."""
    made = at.ask("POST", "/api/users", {"name": name, **({"scopes": scopes} if scopes else {})})
    assert made.status == 201, made.body
    return At(url=at.url, token=made.json()["token"]["text"])


@pytest.mark.slow
def test_a_script_is_tried_before_it_is_kept_and_nothing_of_it_stays(anywhere: At, items: Service):
    """Log, requests and usage are what a person who writes it wants to see."""
    said = tried(anywhere, script(items), "list_items", params={"limit": 3})
    answer = said.json()
    requests = answer["requests"]
    shown = anywhere.ask("GET", f"/api/executions/{answer['metadata']['executionId']}").json()

    assert (said.status, answer["success"]) == (200, True)
    assert answer["payload"] == [{"path": "/items"}]
    assert [line["message"] for line in answer["logs"]] == ["asking with ********"]
    assert [(each["method"], each["status"]) for each in requests] == [("GET", 200)]
    assert requests[0]["url"] == f"{items.url}/items?api_key=********&limit=3"
    assert answer["usage"]["hostCalls"] == 1
    assert answer["usage"]["requests"] == 1
    assert answer["usage"]["cpuMs"] > 0
    assert (shown["trigger"], shown["connector"]) == ("trial", "default/crm (trial)")
    assert anywhere.execute({"command": "list_items"}, to="crm").status == 404
    assert KEY not in said.body.decode() + str(shown)


@pytest.mark.parametrize(
    "connector",
    [
        {"type": "probe", "config": {"base_url": "{url}"}},
        {"baseUrl": "{url}", "operations": [{"name": "get", "method": "GET", "path": "/"}]},
        {
            "spec": {
                "openapi": "3.1.0",
                "info": {"title": "Items", "version": "1"},
                "servers": [{"url": "{url}"}],
                "paths": {"/": {"get": {"operationId": "get", "responses": {"200": {"description": "Yes."}}}}},
            },
            "select": ["get"],
        },
    ],
    ids=["type", "operations", "spec"],
)
def test_whatever_can_be_kept_can_be_tried(there: At, items: Service, connector):
    def filled(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: filled(inner) for name, inner in value.items()}
        return [filled(v) for v in value] if isinstance(value, list) else str(value).replace("{url}", items.url)

    answer = tried(there, filled(connector), "get").json()

    assert answer["success"], answer
    assert [(each["url"], each["status"]) for each in answer["requests"]] == [(f"{items.url}/", 200)]


@pytest.mark.slow
def test_without_a_command_the_connector_is_only_looked_at(anywhere: At, items: Service):
    """Its commands with their params, its version, and what it lacks."""
    items.asked.clear()
    bare = script(items, config={"baseUrl": items.url})
    del bare["name"]
    said = [
        anywhere.ask("POST", "/api/connectors/try", body)
        for body in ({"connector": bare}, {"connector": bare, "command": "list_items", "dryRun": True})
    ]
    found = said[0].json()["connector"]

    assert [(each.status, each.json()["success"], each.json()["dryRun"]) for each in said] == [(200, True, True)] * 2
    assert found["name"] == "trial"
    assert found["configSchema"]["commands"]["list_items"]["params"]["properties"]["limit"]["maximum"] == 9
    assert (found["executionModel"], found["typeVersion"], found["stored"]) == ("script", "1.0.0", False)
    assert items.asked == []


def test_names_that_are_taken_are_warnings_and_the_record_of_what_is_there_stays_clean(there: At, items: Service):
    """People try the next version of what they have."""
    made = there.ask("POST", "/api/connectors", script(items, name="taken"))
    changed = script(items, name="taken", scriptSource=SCRIPT + "\nfunction more() { return { success: true }; }")
    looked = there.ask("POST", "/api/connectors/try", {"connector": changed}).json()["connector"]
    answer = tried(there, changed, "list_items").json()
    kept = there.ask("GET", "/api/executions?connector=taken").json()["items"]
    trials = there.ask("GET", "/api/executions?trigger=trial&where=connector:eq:taken%20(trial)").json()["items"]

    assert made.status == 201
    assert answer["success"]
    assert len(looked["warnings"]) == 2
    assert kept == []
    assert [each["id"] for each in trials] == [answer["metadata"]["executionId"]]


def test_the_network_policy_holds_and_its_decision_is_shown(there: At, items: Service):
    """At once, and where a redirect leads."""
    metadata = tried(there, script(items), "reach", params={"url": "http://169.254.169.254/latest"}).json()
    astray = tried(there, script(items), "reach", params={"url": f"{items.url}/away"}).json()

    assert (metadata["success"], metadata["code"]) == (False, "url-refused")
    assert [each.get("code") for each in metadata["requests"]] == ["url-refused"]
    assert metadata["requests"][0]["url"] == "http://169.254.169.254"
    assert [(each.get("status"), each.get("code")) for each in astray["requests"]] == [
        (302, None),
        (None, "redirect-refused"),
    ]
    assert "of-somebody" not in str(astray)


def test_limits_hold(there: At, items: Service):
    hungry = script(items, limits={"cpuMs": 100_000_000})
    refused = tried(there, hungry, "loop")
    stopped = tried(there, script(items, limits={"cpuMs": 100}), "loop", options={"timeout": 5000}).json()

    assert refused.code == "invalid-definition"
    assert (stopped["success"], stopped["code"]) == (False, "script-timeout")


@pytest.mark.parametrize(
    ("connector", "more", "status", "code"),
    [
        ({"id": "x"}, {}, 422, "invalid-definition"),
        ({"name": "try"}, {}, 422, "invalid-name"),
        ({"config": {"apiKey": "********"}}, {}, 422, "invalid-params"),
        ({"config": {"other": 1}}, {}, 422, "invalid-params"),
        ({"scriptSource": "function ("}, {}, 422, "script-invalid"),
        ({"config": {"apiKey": {"secret": "NOBODY"}, "baseUrl": "https://x.example"}}, {}, 422, "credential-missing"),
        ({}, {"params": {"limit": 99}}, 422, "invalid-params"),
        ({}, {"command": "other"}, 404, "unknown-command"),
        ({}, {"params": {}, "idempotencyKey": "k"}, 422, "option-not-supported"),
        ({}, {"params": {}, "options": {"retries": 2}}, 422, "option-not-supported"),
    ],
)
def test_what_cannot_be_kept_or_called_is_refused_as_there(there: At, items: Service, connector, more, status, code):
    said = tried(there, script(items, **connector), **{"command": "list_items", **more})

    assert (said.status, said.code) == (status, code)


def test_params_without_a_command_are_not_left_out(there: At, items: Service):
    """Who forgets the command means to call something."""
    said = there.ask("POST", "/api/connectors/try", {"connector": script(items), "params": {"limit": 1}})
    flat = tried(there, script(items), "list_items", limit=1)
    other = there.ask("POST", "/api/connectors/try", {"connector": script(items), "resource": "list_items"})

    assert [(each.status, each.code) for each in (said, flat)] == [(422, "body-unclear")] * 2
    assert (other.status, other.json()["success"]) == (200, True)


@pytest.mark.parametrize("body", [{}, {"connector": []}, {"connector": {}, "dryRun": "yes"}])
def test_a_body_that_has_no_connector_says_so(there: At, body):
    said = there.ask("POST", "/api/connectors/try", body)

    assert (said.status, said.code) == (400, "body-unreadable")


def test_a_mock_is_answered_without_a_connection(there: At, items: Service):
    items.asked.clear()
    mocks = {"data": {"list_items": {"default": {"success": True, "payload": ["canned"]}}}}
    answer = tried(there, script(items, mocks=mocks, config={}), "list_items", params={}, options={"useMock": True})

    assert (answer.json()["payload"], answer.json()["requests"]) == (["canned"], [])
    assert items.asked == []


def test_a_write_is_written_down_as_every_write(there: At, items: Service):
    answer = tried(there, script(items), "save").json()
    shown = there.ask("GET", f"/api/executions/{answer['metadata']['executionId']}").json()

    assert (answer["success"], answer["payload"]) == (True, 200)
    assert (shown["status"], shown["trigger"]) == ("COMPLETED", "trial")


def test_whoever_may_not_make_a_connector_or_not_call_one_may_not_try_one(there: At, items: Service):
    denied = {
        scopes: tried(user_of(there, f"user-{len(scopes)}{scopes[-1]}", *scopes), script(items), "list_items").code
        for scopes in (("read", "execute"), ("read", "manage"))
    }
    entries = there.ask("GET", "/api/audit?action=connector.try").json()["items"]

    assert denied == dict.fromkeys(denied, "scope-missing")
    assert [each["verdict"] for each in entries] == ["denied", "denied"]


def test_who_is_no_administrator_opens_neither_the_network_nor_secrets_of_others(there: At, items: Service):
    """A connector that is tried may use what a kept one of the same user may: that user's own secrets."""
    there.ask("POST", "/api/secrets", {"name": "SHARED_KEY", "value": "shared-secret-value-1"})
    ann = user_of(there, "ann")
    ann.ask("POST", "/api/secrets", {"name": "ANNS_KEY", "value": "anns-secret-value-1", "visibility": "private"})
    theirs, own = (
        script(items, config={"baseUrl": items.url, "apiKey": {"secret": name}}) for name in ("SHARED_KEY", "ANNS_KEY")
    )
    opened = tried(ann, script(items, egress={"allow": "127.0.0.1"}), "list_items")
    collected, used = tried(ann, theirs, "list_items"), tried(ann, own, "list_items")

    assert (opened.status, opened.code) == (403, "admin-required")
    assert (collected.status, collected.code) == (403, "secret-not-allowed")
    assert used.json()["success"]
    assert "anns-secret" not in used.body.decode()
    assert tried(there, theirs, "list_items").json()["success"]


def test_an_ordinary_call_shows_its_requests_when_it_is_asked_to(there: At, items: Service):
    made = there.ask("POST", "/api/connectors", script(items, name="traced"))
    usual, traced = (
        there.execute({"command": "list_items", "params": {}, "options": options}, to="traced").json()["metadata"]
        for options in ({}, {"trace": True})
    )

    assert made.status == 201
    assert "requests" not in usual
    assert [each["url"] for each in traced["requests"]] == [f"{items.url}/items?api_key=********&limit=5"]
