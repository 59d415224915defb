"""OpenAPI documents at a server: parsed, made into connectors, called, imported again."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2 as httpx
import pytest
import yaml

from jackfield import Jackfield
from jackfield.egress.errors import UrlRefused
from pets import KEY, PATHS, document, service, without
from server.world import settings
from servers import Service, serve
from surfaces.served import ADMIN_TOKEN, served


@pytest.fixture(scope="module")
def pets() -> Iterator[Service]:
    with serve(service) as running:
        yield running


@pytest.fixture
def api(pets: Service, sqlite_url: str, tmp_path: Path) -> Iterator[httpx.Client]:
    """An administrator at a server that may reach the service."""
    with served(settings(tmp_path, database_url=sqlite_url, egress_allow=pets.address)) as started:
        headers = {"Authorization": f"Bearer {ADMIN_TOKEN}"}
        with httpx.Client(base_url=started.url, headers=headers, trust_env=False, timeout=30) as client:
            yield client


def post(api: httpx.Client, path: str, body: Any, *, status: int = 200) -> Any:
    answered = api.post(path, json=body)
    assert answered.status_code == status, answered.text
    return answered.json()


def test_a_document_is_parsed_and_nothing_is_kept(api: httpx.Client):
    """D01: what the guides say is in the answer, under both of their paths."""
    found = post(api, "/api/connectors/parse-oas", {"spec": document()})
    same = post(api, "/api/v1/connectors/parse-openapi", {"spec": document()})

    assert found == same
    assert (found["name"], found["title"], found["version"]) == ("my-pets", "My Pets", "1.0.0")
    assert (found["description"], found["baseUrl"]) == ("Pets of a shop.", "https://pets.example")
    assert (found["authRequired"], list(found["fields"]), found["warnings"]) == (True, ["baseUrl", "bearerToken"], [])
    shown = [(command["name"], command["method"], command["path"]) for command in found["commands"]]
    assert shown == [
        ("list_pets", "GET", "/pets"),
        ("add_pet", "POST", "/pets"),
        ("get_pet", "GET", "/pets/{petId}"),
    ]
    assert found["commands"][1]["params"]["required"] == ["name"]
    assert [found["name"] for found in api.get("/api/connectors").json()["items"]] == ["sample-script"]


def test_five_forms_of_a_document_say_the_same(api: httpx.Client, pets: Service):
    """D02: object, JSON text, YAML text, and addresses of both; files are the business of the command line."""
    bodies = [
        {"spec": document()},
        {"spec": json.dumps(document())},
        {"spec": yaml.safe_dump(document())},
        {"specUrl": f"{pets.url}/openapi.json"},
        {"spec_url": f"{pets.url}/openapi.yaml"},
    ]
    found = [post(api, "/api/connectors/parse-openapi", body) for body in bodies]
    for each in found:
        del each["draft"]

    assert [each == found[0] for each in found] == [True] * 5


def test_a_draft_is_a_connector_that_is_called(api: httpx.Client, pets: Service):
    """The answer of `parse-oas` can be sent as it is; its secrets are never shown."""
    draft = post(api, "/api/connectors/parse-oas", {"spec": document(), "name": "pets"})["draft"]
    config = {"baseUrl": pets.url, "bearerToken": KEY}
    made = post(api, "/api/connectors", {**draft, "config": config}, status=201)
    listed = post(api, "/api/connectors/pets/execute", {"command": "list_pets", "params": {"limit": 2}})
    added = post(api, "/api/connectors/default/pets/execute", {"command": "addPet", "params": {"name": "Ada"}})

    assert made["executionModel"] == "openapi"
    assert KEY not in json.dumps(made)
    assert listed["payload"] == {
        "method": "GET", "path": "/pets", "query": {"limit": ["2"]}, "body": None, "token": listed["payload"]["token"]
    }  # fmt: skip
    assert pets.asked[-1].headers["authorization"] == f"Bearer {KEY}"
    assert KEY not in json.dumps([listed, added])
    assert (added["payload"]["method"], added["payload"]["body"]) == ("POST", {"name": "Ada"})
    refused = post(api, "/api/connectors/pets/execute", {"command": "add_pet", "params": {}}, status=422)
    assert refused["code"] == "invalid-params"


def test_the_same_through_python_with_a_server(api: httpx.Client, pets: Service):
    """K14: parse, create, call, import again."""
    with Jackfield(url=str(api.base_url).rstrip("/"), token=ADMIN_TOKEN) as jf:
        parsed = jf.manage.imports.parse({"specUrl": f"{pets.url}/openapi.json", "select": ["listPets"]})
        jf.manage.connectors.create({**parsed.draft, "config": {"baseUrl": pets.url, "bearerToken": KEY}})
        outcome = jf.connector("my-pets", "list_pets", {})
        imported = jf.manage.imports.import_into("my-pets", {"spec": document(), "operations": ["getPet"]})
        called = jf.connector("my-pets", "get_pet", {"petId": "a/b"})
        with pytest.raises(UrlRefused):
            jf.manage.imports.parse({"specUrl": "http://127.0.0.1:1/openapi.json"})

    assert [command.name for command in parsed.commands] == ["list_pets"]
    assert outcome.payload["path"] == "/pets"
    assert (imported.added, imported.kept, imported.needed_bump, imported.version) == (1, 1, "minor", "1.1.0")
    assert called.payload["path"] == "/pets/a%2Fb"


def test_only_what_is_selected_is_imported(api: httpx.Client):
    """D05: by the names of commands or by the ids of the document; what is not there is named."""
    some = post(api, "/api/connectors/parse-openapi", {"spec": document(), "operations": ["addPet", "get_pet"]})
    made = post(api, "/api/connectors", some["draft"], status=201)
    unknown = post(api, "/api/connectors/parse-openapi", {"spec": document(), "select": ["getPets"]}, status=422)

    assert [command["name"] for command in some["commands"]] == ["add_pet", "get_pet"]
    assert list(made["configSchema"]["commands"]) == ["add_pet", "get_pet"]
    assert unknown["hint"] == "did you mean `get_pet`?"


def test_a_document_that_changed_is_imported_again(api: httpx.Client):
    """D15: first what would change, then the change; D06: counts are told."""
    post(api, "/api/connectors", {"name": "pets", "spec": document()}, status=201)
    changed = without("/pets/{petId}")
    changed["paths"]["/owners"] = {"get": {"operationId": "listOwners", "responses": {}}}
    shown = post(api, "/api/connectors/default/pets/import-openapi", {"spec": changed, "apply": False})
    there = api.get("/api/connectors/pets").json()
    done = post(api, "/api/connectors/pets/import-openapi", {"spec": changed})
    again = post(api, "/api/connectors/pets/import-openapi", {"spec": changed})

    assert (shown["applied"], shown["version"], shown["neededBump"]) == (False, "1.0.0", "major")
    assert list(there["configSchema"]["commands"]) == ["list_pets", "add_pet", "get_pet"]
    assert (shown["diff"]["added"], shown["diff"]["removed"]) == (["list_owners"], ["get_pet"])
    counts = {name: done[name] for name in ("added", "changed", "removed", "kept")}
    assert counts == {"added": 1, "changed": 0, "removed": 1, "kept": 2}
    assert (done["applied"], done["version"], done["breaking"]) == (True, "2.0.0", True)
    assert (again["version"], again["diff"]["differences"]) == ("2.0.0", [])


def test_what_others_use_is_broken_by_nobody_who_does_not_say_so(api: httpx.Client):
    """Two connectors of one type: the version must tell the other one."""
    post(api, "/api/connectors", {"name": "one", "type": "pets", "spec": document()}, status=201)
    post(api, "/api/connectors", {"name": "two", "type": "pets"}, status=201)
    refused = post(api, "/api/connectors/one/import-openapi", {"spec": without("/pets")}, status=409)
    done = post(api, "/api/connectors/one/import-openapi", {"spec": without("/pets"), "autoBump": True})

    assert refused["code"] == "version-too-low"
    assert (done["removed"], done["version"]) == (2, "2.0.0")


def test_a_template_without_security_is_called_at_once(api: httpx.Client, pets: Service):
    """D14: no connector is needed where no credential is."""
    spec = document(pets.url)
    del spec["security"], spec["components"]
    draft = post(api, "/api/connectors/parse-openapi", {"spec": spec, "name": "open-pets"})["draft"]
    post(api, "/api/connector-types", draft, status=201)
    called = post(api, "/api/connectors/open-pets/execute", {"command": "list_pets", "params": {}})

    assert api.get("/api/connector-types/open-pets").json()["definition"]["authRequired"] is False
    assert called["payload"]["path"] == "/pets"


def test_what_is_left_out_is_told(api: httpx.Client):
    """A flaw of one item costs no other anything."""
    broken = document(paths={**PATHS, "/broken": {"get": {"operationId": "broken", "parameters": "none"}}})
    found = post(api, "/api/connectors/parse-openapi", {"spec": broken})

    assert len(found["commands"]) == 4
    assert [warning["pointer"] for warning in found["warnings"]] == ["/paths/~1broken/get/parameters"]


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:1/openapi.json",
        "http://[::1]/openapi.json",
        "http://10.1.2.3/openapi.json",
        "http://169.254.169.254/latest/meta-data",
        "http://100.64.0.1/openapi.json",
        "http://[64:ff9b::7f00:1]/openapi.json",
        "http://localhost/openapi.json",
        "file:///etc/passwd",
    ],
)
def test_an_address_of_the_inside_is_not_fetched(api: httpx.Client, url: str):
    """D16: whoever may import a document reaches nothing that connectors may not."""
    refused = post(api, "/api/connectors/parse-openapi", {"specUrl": url}, status=422)
    assert refused["code"] == "url-refused"


def test_a_redirect_to_the_inside_is_not_followed(api: httpx.Client, pets: Service):
    """And what an address answers beside a document is shown to nobody."""
    redirected = post(api, "/api/connectors/parse-openapi", {"specUrl": f"{pets.url}/elsewhere"}, status=502)
    absent = post(api, "/api/connectors/parse-openapi", {"specUrl": f"{pets.url}/nothing"}, status=502)

    assert redirected["code"] == "redirect-refused"
    assert "of the inside" not in json.dumps(absent)


def test_a_document_beyond_the_cap_is_not_read(api: httpx.Client, pets: Service, monkeypatch: pytest.MonkeyPatch):
    """The cap holds while it is read, whatever its size is said to be."""
    monkeypatch.setattr("jackfield.app.fetching.MAX_DOCUMENT_BYTES", 100)
    refused = post(api, "/api/connectors/parse-openapi", {"specUrl": f"{pets.url}/openapi.json"}, status=502)
    assert refused["code"] == "response-too-large"


def test_who_may_only_read_imports_nothing(api: httpx.Client):
    """Fetching from addresses is nothing for everybody."""
    token = post(api, "/api/tokens", {"name": "reads", "scopes": ["read"]}, status=201)["text"]
    answered = api.post(
        "/api/connectors/parse-openapi", json={"spec": document()}, headers={"Authorization": f"Bearer {token}"}
    )
    assert (answered.status_code, answered.json()["code"]) == (403, "scope-missing")


WRITTEN = {
    "name": "written",
    "connectionConfig": {"token": {"type": "secret"}},
    "auth": {"type": "bearer", "field": "token"},
    "operations": [{"name": "feed", "method": "POST", "path": "/pets/{id}/feed"}],
}


def test_operations_of_a_document_join_those_by_hand_and_are_sent_alike(api: httpx.Client, pets: Service):
    """D06, over REST and from a program: the plans of both connectors are equal, but for what is called like them."""
    post(api, "/api/connectors", {**WRITTEN, "config": {"baseUrl": pets.url, "token": KEY}}, status=201)
    draft = post(api, "/api/connectors/parse-openapi", {"spec": document(), "name": "pets"})["draft"]
    post(api, "/api/connectors", {**draft, "config": {"baseUrl": pets.url, "bearerToken": KEY}}, status=201)
    shown = post(api, "/api/connectors/default/written/import-openapi", {"spec": document(), "apply": False})
    with Jackfield(url=str(api.base_url).rstrip("/"), token=ADMIN_TOKEN) as jf:
        done = jf.manage.imports.import_into("default/written", {"spec": document(), "select": ["listPets"]})
        rest = jf.manage.imports.import_into("written", {"specUrl": f"{pets.url}/openapi.json"})
        planned = {
            name: [
                jf.connector(name, command, params, plan=True).payload
                for command, params in (
                    ("list_pets", {"limit": 2}),
                    ("add_pet", {"born": "2026-01-01", "name": "Ada"}),
                    ("get_pet", {"petId": "a/b"}),
                )
            ]
            for name in ("written", "pets")
        }
    called = post(api, "/api/connectors/written/execute", {"command": "get_pet", "params": {"petId": "7"}})

    assert (shown["applied"], shown["added"], shown["kept"]) == (False, 3, 1)
    assert (done.added, done.kept, rest.added, rest.changed, rest.kept) == (1, 1, 2, 0, 2)
    assert planned["written"] == planned["pets"]
    assert called["payload"]["path"] == "/pets/7"
    assert KEY not in json.dumps(called)


def test_the_document_is_answered_once_and_not_at_all_where_nobody_wants_it(api: httpx.Client):
    """`draft` holds it: a large one is the most of the answer."""
    whole = api.post("/api/connectors/parse-openapi", json={"spec": document()}).content
    without_draft = post(api, "/api/connectors/parse-openapi", {"spec": document(), "draft": False})

    assert whole.count(b'"Pets of a shop."') == 3  # of the type, of the draft, and of the document
    assert whole.count(b'"bearerAuth"') == json.dumps(document()).count('"bearerAuth"')
    assert without_draft["draft"] == {}
    assert [command["name"] for command in without_draft["commands"]] == ["list_pets", "add_pet", "get_pet"]


@pytest.mark.slow
def test_a_server_imports_its_own_document_and_calls_itself(api: httpx.Client):
    """The whole way round, with ten commands."""
    url = str(api.base_url).rstrip("/")
    draft = post(api, "/api/connectors/parse-openapi", {"spec": api.get("/api/openapi.json").json(), "name": "me"})
    assert draft["warnings"] == []
    connector = {**draft["draft"], "config": {"baseUrl": url, "bearerToken": ADMIN_TOKEN}, "egress": {"allow": url[7:]}}
    post(api, "/api/connectors", connector, status=201)

    def call(command: str, **params: Any) -> Any:
        outcome = post(api, "/api/connectors/me/execute", {"command": command, "params": params})
        assert outcome["success"], outcome
        return outcome["payload"]

    assert call("list_connectors", pageSize=5)["total"] == 2
    made = call("create_connector", body={"name": "pets", "spec": document()})
    assert call("get_connector", id="pets")["id"] == made["id"]
    assert call("get_connector_by_name", namespace="default", name="pets")["id"] == made["id"]
    assert call("update_connector", id="pets", body={"displayName": "Pets"})["displayName"] == "Pets"
    assert call("disable_connector", id="pets")["enabled"] is False
    assert call("parse_openapi", spec=document())["title"] == "My Pets"
    assert call("list_connector_types")["total"] > 1
    assert call("get_connector_type", id="pets")["name"] == "pets"
    assert call("list_executions", limit=2)["items"]
    call("delete_connector", id="pets")
    assert call("list_connectors")["total"] == 2


def test_a_document_is_parsed_as_a_script(api: httpx.Client):
    """The draft is the script connector; a program that uses the server gets the same, and so does one without."""
    body = {"spec": document(), "exportScript": True, "operations": ["getPet"]}
    found = post(api, "/api/connectors/parse-openapi", body)
    usual = post(api, "/api/connectors/parse-openapi", {**body, "exportScript": False})
    with Jackfield(url=str(api.base_url).rstrip("/"), token=ADMIN_TOKEN) as jf:
        remote = jf.manage.imports.parse({"spec": document(), "export_script": True, "select": ["getPet"]})
    with Jackfield(types=[]) as jf:
        embedded = jf.manage.imports.parse({"spec": document(), "exportScript": True, "select": ["getPet"]})

    assert "\nfunction get_pet() {\n" in found["script"]
    assert (found["draft"]["executionModel"], found["draft"]["scriptSource"]) == ("script", found["script"])
    assert (usual["script"], usual["draft"]["executionModel"]) == (None, "openapi")
    assert remote.script == embedded.script == found["script"]
    assert remote.draft == embedded.draft == found["draft"]


def test_a_script_is_made_of_a_document_and_not_of_an_import(api: httpx.Client):
    """A connector that is imported into keeps its kind."""
    post(api, "/api/connectors", {"name": "pets", "spec": document()}, status=201)
    body = {"spec": document(), "exportScript": True}
    refused = post(api, "/api/connectors/default/pets/import-openapi", body, status=422)

    assert "`exportScript` is unknown" in refused["detail"]
