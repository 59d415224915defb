"""`Connector.from_openapi`: an OpenAPI document in a program of one's own."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from jackfield import Connector, Jackfield, JackfieldError
from jackfield.definition.errors import InvalidDefinition, OpenApiInvalid
from pets import KEY, document, service
from servers import Service, serve


@pytest.fixture(scope="module")
def pets() -> Iterator[Service]:
    with serve(service) as running:
        yield running


def test_a_program_calls_what_a_document_describes(pets: Service):
    """Two commands against a real service; the credential goes where the document says."""
    connector = Connector.from_openapi(document(), name="pets", config={"baseUrl": pets.url, "bearerToken": KEY})
    with Jackfield(connectors=[connector], types=[], egress_allow=pets.address) as jf:
        listed = jf.connector("pets", "listPets", {"limit": 3})
        added = jf.load_connector("pets").add_pet(name="Ada")

    assert listed.payload["query"] == {"limit": ["3"]}
    assert added.payload["body"] == {"name": "Ada"}
    assert pets.asked[-1].headers["authorization"] == f"Bearer {KEY}"


def test_five_forms_are_the_same_connector(tmp_path: Path, pets: Service):
    """D02: object, JSON text, YAML text, file, address."""
    (tmp_path / "pets.yaml").write_text(yaml.safe_dump(document()))
    sources = [
        document(),
        json.dumps(document()),
        yaml.safe_dump(document()).encode(),
        tmp_path / "pets.yaml",
        str(tmp_path / "pets.yaml"),
        f"{pets.url}/openapi.json",
    ]
    made = [Connector.from_openapi(source, name=f"pets{place}") for place, source in enumerate(sources)]
    with Jackfield(connectors=made, types=[], egress_allow=pets.address) as jf:
        shown = [dict(jf.load_connector(f"pets{place}").definition.commands) for place in range(len(made))]

    assert list(shown[0]) == ["list_pets", "add_pet", "get_pet"]
    assert [each == shown[0] for each in shown] == [True] * len(sources)


def test_an_address_is_fetched_when_the_connector_is_added(pets: Service):
    """Its name comes from the document, unless it is given one."""
    connector = Connector.from_openapi(f"{pets.url}/openapi.yaml", select=["getPet"], config={"baseUrl": pets.url})
    with Jackfield(types=[], egress_allow=pets.address) as jf:
        name = jf.add(connector)
        with pytest.raises(JackfieldError) as refused:
            jf.add(Connector.from_openapi("http://10.0.0.1/openapi.json"))

    assert name == "default/my-pets"
    assert refused.value.code == "url-refused"


def test_only_what_is_selected_is_there():
    """An unknown name is told when it is written, not when it is called."""
    assert Connector.from_openapi(document(), select=["getPet"])["select"] == ["get_pet"]
    with pytest.raises(InvalidDefinition, match="no operation `getPets`"):
        Connector.from_openapi(document(), select=["getPets"])


def test_what_is_no_document_is_refused(tmp_path: Path):
    """At once."""
    with pytest.raises(OpenApiInvalid):
        Connector.from_openapi({"name": "pets"})
    with pytest.raises(FileNotFoundError):
        Connector.from_openapi(tmp_path / "absent.yaml")
