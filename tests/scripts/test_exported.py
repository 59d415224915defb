"""A script that was made of an OpenAPI document does what the document's own commands do."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pets
from jackfield import Jackfield
from jackfield.settings import MEMORY, Settings
from servers import Service, serve

CALLS: list[tuple[str, dict[str, Any]]] = [
    ("list_pets", {"limit": 1}),
    ("list_pets", {}),
    ("add_pet", {"name": "Rex", "born": "2026-11-21"}),
    ("get_pet", {"petId": "1"}),
    ("get_pet", {"petId": "a/b ?ü"}),
    ("get_pet", {"petId": ".."}),
]


def answers(folder: Path, service: Service, *, exported: bool) -> list[Any]:
    """What each call comes to: its payload, else the code of what kept it from being sent."""
    settings = Settings(data=folder, database_url=MEMORY, connectors=(), egress_allow=service.address)
    with Jackfield(settings=settings, types=[]) as jackfield:
        found = jackfield.manage.imports.parse({"spec": pets.document(), "exportScript": exported})
        model = found.draft.get("executionModel")
        assert model == ("script" if exported else "openapi")
        jackfield.add({**found.draft, "config": {"baseUrl": service.url, "bearerToken": pets.KEY}})
        return [_answer(jackfield, found.draft["name"], *call) for call in CALLS]


def _answer(jackfield: Jackfield, name: str, command: str, params: dict[str, Any]) -> Any:
    try:
        outcome = jackfield.connector(name, command, params)
    except Exception as error:
        return getattr(error, "code", error)
    return outcome.payload if outcome.success else outcome.code


def test_an_exported_script_asks_what_the_import_asks(tmp_path: Path):
    """Whoever edits it begins with what worked: the same requests, and the same refusals."""
    with serve(pets.service) as service:
        imported = answers(tmp_path, service, exported=False)
        exported = answers(tmp_path, service, exported=True)

    assert exported == imported
    assert [answer["path"] for answer in imported[3:5]] == ["/pets/1", "/pets/a%2Fb%20%3F%C3%BC"]
    assert imported[5] == "path-escape"
