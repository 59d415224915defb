"""What descriptions of imported params were cut to can be read in full, on every surface."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2 as httpx
import pytest
from click.testing import CliRunner

from jackfield import Jackfield
from jackfield.app.embedded import Embedded
from jackfield.settings import Settings
from jackfield.surfaces.cli.main import cli
from surfaces.served import ADMIN_TOKEN, served

STORY = "It was brought in by the team in the north when the old one had been found to be too slow for them. "
SAID = f"The <b>day</b>. {STORY}Must be in ISO 8601 format."
SHORT = "The day. Must be in ISO 8601 format. ..."
DOCUMENT: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {"title": "Desk", "version": "1.0"},
    "servers": [{"url": "https://desk.example"}],
    "paths": {
        "/days": {
            "get": {
                "operationId": "listDays",
                "parameters": [{"name": "since", "in": "query", "description": SAID, "schema": {"type": "string"}}],
                "responses": {"200": {"description": "Done"}},
            }
        }
    },
}
ENTRY = {"name": "full-texts-desk", "spec": DOCUMENT, "config": {}}


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    settings = Settings(data=tmp_path_factory.mktemp("full"), port=0, admin_token=ADMIN_TOKEN, connectors=())
    headers = {"Authorization": f"Bearer {ADMIN_TOKEN}"}
    with served(settings) as started:
        made = httpx.post(f"{started.url}/api/connectors", json=ENTRY, headers=headers, trust_env=False)
        assert made.status_code == 201, made.text
        yield started.url


def described(capabilities: Any) -> str:
    """What the param says of itself."""
    (command,) = capabilities.commands
    return command.params["properties"]["since"]["description"]


def test_embedded_and_remote_programs_read_both(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """The short one is what forms and models get."""
    monkeypatch.delenv("JACKFIELD_DATABASE_URL", raising=False)
    monkeypatch.setenv("JACKFIELD_DATA_DIR", str(tmp_path))
    with (
        Jackfield(connectors=[ENTRY]) as embedded,
        Jackfield(url=url, token=ADMIN_TOKEN) as remote,
    ):
        for jf in (embedded, remote):
            assert described(jf.manage.types.capabilities("full-texts-desk")) == SHORT
            assert described(jf.manage.types.capabilities("full-texts-desk", full=True)) == SAID


@pytest.mark.parametrize("part", ["capabilities", "commands"])
def test_rest_answers_both(url: str, part: str):
    """`commands` is a list of the same, and `full` has to be a flag."""
    headers, path = {"Authorization": f"Bearer {ADMIN_TOKEN}"}, f"{url}/api/connector-types/full-texts-desk/{part}"
    texts = {
        asked: httpx.get(path, params=asked, headers=headers, trust_env=False).text
        for asked in ("", "full=true", "full=maybe")
    }

    assert SHORT in texts[""]
    assert SAID in texts["full=true"]
    assert "full" in texts["full=maybe"]
    assert SAID not in texts["full=maybe"]


@pytest.mark.parametrize(("options", "said"), [([], SHORT), (["--full"], SAID)])
def test_the_command_line_prints_both(tmp_path: Path, options: list[str], said: str):
    """Of the types in files."""
    (tmp_path / "desk.json").write_text(json.dumps(ENTRY))
    settings = Settings(data=tmp_path / "data", database_url="memory")

    def runtime(paths: Any = ()) -> Embedded:
        return Embedded(Settings(data=settings.data, database_url="memory", connectors=tuple(paths)), kind="cli")

    result = CliRunner().invoke(cli, ["types", "--json", *options, "--connectors", str(tmp_path)], obj=runtime)

    assert result.exit_code == 0, result.output
    assert json.dumps(said) in result.stdout
