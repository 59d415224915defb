"""What `--export-script` writes is a connector: saved, called, edited, saved again."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from cli.stored import Terminal
from jackfield import Jackfield
from pets import KEY, document, service
from servers import Service, serve


@pytest.fixture(scope="module")
def pets() -> Iterator[Service]:
    with serve(service) as running:
        yield running


def test_the_draft_is_called_like_the_connector_that_it_was_made_of(pets: Service):
    """Both at one service, which is asked the same."""
    config = {"baseUrl": pets.url, "bearerToken": KEY}
    with Jackfield(types=[], egress_allow=pets.address) as jf:
        imported = jf.manage.imports.parse({"spec": document(), "name": "imported"}).draft
        exported = jf.manage.imports.parse({"spec": document(), "name": "exported", "exportScript": True}).draft
        for draft in (imported, exported):
            jf.add({**draft, "config": config})
        payloads = {
            name: [
                jf.connector(name, "list_pets", {"limit": 3}).payload,
                jf.connector(name, "add_pet", {"name": "Ada é"}).payload,
                jf.connector(name, "get_pet", {"petId": "a/b"}).payload,
            ]
            for name in ("imported", "exported")
        }
        refused = jf.connector("exported", "get_pet", {"petId": ".."})

    assert payloads["exported"] == payloads["imported"]
    assert pets.asked[-1].headers["authorization"] == f"Bearer {KEY}"
    assert (refused.success, refused.code) == (False, "path-escape")


def test_a_script_is_exported_edited_and_saved_from_a_terminal(pets: Service, tmp_path: Path):
    """The document is no longer asked."""
    terminal = Terminal(tmp_path / "data", settings={"egress_allow": pets.address})
    target = tmp_path / "pets.js"
    spec = json.dumps(document(pets.url, security=[]))
    shown = terminal("import", "openapi", "-", "--export-script", str(target), "--json", "--name", "pets", stdin=spec)
    added = terminal("connectors", "add", "-", stdin=shown.stdout)
    called = terminal("call", "pets.list_pets", "limit=2")
    edited = target.read_text(encoding="utf-8").replace('"/pets"', '"/animals"')
    changed = json.dumps({**json.loads(shown.stdout), "name": "animals", "scriptSource": edited})
    terminal("connectors", "add", "-", stdin=changed)
    other = terminal("call", "animals.list_pets", "limit=2")

    assert added.exit_code == 0, added.stderr
    assert json.loads(called.stdout)["path"] == "/pets"
    assert (json.loads(other.stdout)["path"], json.loads(other.stdout)["query"]) == ("/animals", {"limit": ["2"]})
