"""From the address of a document to answers of the service that it describes: real processes, and the same each way.

Each document is imported by the command line into a running server, from its address. Then ten commands are called over
REST, by a program that uses the server, and by one that reads the document itself. Whether the requests are as the
document says is for others to judge: Prism, or the server.
"""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
from base64 import b64encode
from collections.abc import Iterator, Mapping
from pathlib import Path
from random import Random
from typing import Any

import httpx2 as httpx
import orjson
import pytest

from jackfield import Connector, Jackfield
from jackfield.definition.openapi.reader import read_openapi
from openapi_judge.values import Values
from round_trip.prism import installed, mocking
from server.processes import Place, Process, place
from servers import Answer, serve
from surfaces.served import ADMIN_TOKEN

pytestmark = pytest.mark.slow

SHOP = Path(__file__).with_name("shop.yaml")
REAL = "9f0e3c_jentic__apis-openapi-up.com.au-main-v1-openapi.json.gz"
ITEM = {"id": 7, "name": "Atlas", "price": 12.5, "part": {"pages": 3}}
AWKWARD = 'a b&c=d%e+f;g?h#i"j/né日'

Calls = list[tuple[str, dict[str, Any], Any]]

OF_THE_SHOP: Calls = [
    (
        "list_items",
        {"tag": [AWKWARD, "b"], "colour": ["x", "y"], "limit": 3, "filter": {"kind": "book", "used": True}},
        [ITEM],
    ),
    ("add_item", {"name": AWKWARD, "price": None, "part": {"pages": 5}}, ITEM),
    ("get_item", {"itemId": 7, "X-Trace-Id": "a-1"}, ITEM),
    ("change_item", {"itemId": 7, "price": 0.5, "sold": False}, ITEM),
    ("remove_item", {"itemId": 7}, None),
    (
        "add_photo",
        {"itemId": 7, "photo": b64encode(b"\x89PNG\r\n\x1a\n\0").decode(), "title": AWKWARD},
        {"photo": "p1"},
    ),
    ("sign_in", {"user": AWKWARD, "scope": ["read", "write"]}, {"token": "t1"}),
    ("write_note", {"name": "a/b ?", "body": AWKWARD}, "kept"),
    ("find_place", {"point": [1, 2.5]}, {"place": "Here"}),
    ("order", {"body": {"card": "1 2 3", "items": [1]}}, {"order": 9}),
    ("order", {"body": {"cash": True, "items": [1, 2]}}, {"order": 9}),
    ("basket", {"session": "a;b c"}, [ITEM]),
]


@pytest.fixture(scope="module")
def prism(tmp_path_factory: pytest.TempPathFactory) -> Path:
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    return installed(shared / "prism")


@pytest.fixture
def here(tmp_path: Path) -> Place:
    return place(tmp_path, JACKFIELD_EGRESS_ALLOW="127.0.0.1/32")


@pytest.fixture
def server(here: Place) -> Iterator[Process]:
    with here.running() as running:
        yield running


def imported(here: Place, server: Process, address: str, name: str, **config: Any) -> dict[str, Any]:
    """What the command line says of an import from an address; the connection is filled in afterwards."""
    own = {"JACKFIELD_URL": server.at.url, "JACKFIELD_TOKEN": ADMIN_TOKEN, "HOME": str(here.folder)}
    others = {key: value for key, value in os.environ.items() if not key.startswith("JACKFIELD_")}
    command = [sys.executable, "-m", "jackfield", "import", "openapi", address, "--name", name, "--json"]
    done = subprocess.run(command, env=others | own, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    with httpx.Client(base_url=server.at.url, headers={"Authorization": f"Bearer {ADMIN_TOKEN}"}) as client:
        changed = client.put(f"/api/connectors/default/{name}", json={"config": config})
    assert changed.status_code == 200, changed.text
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def over_rest(server: Process, name: str, calls: Calls) -> list[Any]:
    """The payloads of calls."""
    with httpx.Client(base_url=server.at.url, headers={"Authorization": f"Bearer {ADMIN_TOKEN}"}, timeout=30) as client:
        answers = [
            client.post(f"/api/connectors/{name}/execute", json={"command": command, "params": params})
            for command, params, _ in calls
        ]
    assert [answer.status_code for answer in answers] == [200] * len(calls), [answer.text for answer in answers]
    return [outcome_of(answer.json()) for answer in answers]


def outcome_of(outcome: Mapping[str, Any]) -> Any:
    assert outcome["success"], outcome
    return outcome["payload"]


def by_program(name: str, calls: Calls, **settings: Any) -> list[Any]:
    """The same in Python."""
    with Jackfield(**settings) as jf:
        return [outcome_of(jf.connector(name, command, params).to_json()) for command, params, _ in calls]


def each_way(server: Process, name: str, document: str, calls: Calls, **config: Any) -> list[list[Any]]:
    """The payloads over REST, of a program with the server, and of one without."""
    own = Connector.from_openapi(document, name=name, config=config)
    return [
        over_rest(server, name, calls),
        by_program(name, calls, url=server.at.url, token=ADMIN_TOKEN),
        by_program(name, calls, types=[], connectors=[own], egress_allow="127.0.0.1/32"),
    ]


def test_a_document_of_everything_is_imported_and_called(prism: Path, here: Place, server: Process):
    """Prism refuses what is not as the document says, and answers its examples."""
    with mocking(prism, SHOP) as url, serve(lambda asked: Answer(body=SHOP.read_bytes())) as library:
        document = f"{library.url}/shop.yaml"
        config = {"baseUrl": url, "bearerToken": "t"}
        told = imported(here, server, document, "shop", **config)
        rest, remote, embedded = each_way(server, "shop", document, OF_THE_SHOP, **config)
        refused = httpx.get(f"{url}/items", params={"limit": 51}, headers={"Authorization": "Bearer t"})

    assert refused.status_code == 422  # otherwise it would be no judge
    assert told["parsed"]["warnings"] == []
    assert len(told["parsed"]["commands"]) == 11
    assert rest == remote == embedded == [payload for _, _, payload in OF_THE_SHOP]


@pytest.mark.skipif("JACKFIELD_SPECS" not in os.environ, reason="JACKFIELD_SPECS names no folder of documents")
def test_a_real_document_is_imported_and_called(prism: Path, here: Place, server: Process, tmp_path: Path):
    """Of a bank; ten of its operations, with values that its own schemas allow."""
    content = gzip.decompress((Path(os.environ["JACKFIELD_SPECS"]) / REAL).read_bytes())
    (tmp_path / "real.json").write_bytes(content)
    read = read_openapi(orjson.loads(content))
    calls: Calls = [
        (name, Values(read.commands[name].params, Random(name), "everything").params(), None)
        for name in [*read.commands][:10]
    ]
    with mocking(prism, tmp_path / "real.json") as url, serve(lambda asked: Answer(body=content)) as library:
        document = f"{library.url}/real.json"
        config = {"baseUrl": url, "bearerToken": "t"}
        imported(here, server, document, "real", **config)
        rest, remote, embedded = each_way(server, "real", document, calls, **config)

    assert len(calls) == 10
    assert [type(payload) for payload in rest] == [type(payload) for payload in remote]
    assert [type(payload) for payload in rest] == [type(payload) for payload in embedded]
    assert all(payload is None or payload for payload in rest)


def test_a_server_is_imported_from_its_own_address_and_called(here: Place, server: Process):
    """Its document describes it truly: what is called through it is what happened."""
    url = server.at.url
    calls: Calls = [
        ("get_health", {}, None),
        ("list_connectors", {"pageSize": 5}, None),
        ("get_connector", {"id": "me"}, None),
        ("get_connector_by_name", {"namespace": "default", "name": "me"}, None),
        ("list_connector_types", {"limit": 3}, None),
        ("get_connector_type", {"id": "me"}, None),
        ("parse_openapi", {"spec": SHOP.read_text()}, None),
        ("put_secret", {"name": "of-the-shop", "value": "v4lu3-of-it"}, None),
        ("list_secrets", {}, None),
        ("execute", {"id": "me", "body": {"command": "get_health"}}, None),
        ("who_am_i", {}, None),
    ]
    with serve(lambda asked: Answer(body=server.at.ask("GET", asked.path).body)) as door:  # which has the token
        document = f"{door.url}/api/openapi.json"
        imported(here, server, document, "me", baseUrl=url, bearerToken=ADMIN_TOKEN)
        ways = each_way(server, "me", document, calls, baseUrl=url, bearerToken=ADMIN_TOKEN)

    for payloads in ways:
        health, listed, one, named, types, kind, parsed, secret, secrets, outcome, me = payloads
        assert health["status"] == "ok"
        assert "me" in [found["name"] for found in listed["items"]]
        assert one["id"] == named["id"]
        assert len(types["items"]) == 3
        assert kind["name"] == "me"
        assert (parsed["title"], len(parsed["commands"])) == ("Shop", 11)
        assert "of-the-shop" in [found["name"] for found in secrets["items"]]
        assert "v4lu3-of-it" not in json.dumps([secret, secrets])
        assert outcome["payload"]["status"] == "ok"
        assert "manage" in me["scopes"]
