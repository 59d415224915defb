"""What the doctor says of the server that is set."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from jackfield.app.doctor import diagnose
from jackfield.settings import MEMORY, Settings
from jackfield.surfaces.diagnosis import Check
from servers import Answer, serve
from surfaces.served import ADMIN_TOKEN, served


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A working directory without connectors."""
    monkeypatch.chdir(tmp_path)


async def said(tmp_path: Path, **environ: str) -> list[Check]:
    data = {"JACKFIELD_DATA_DIR": str(tmp_path), "JACKFIELD_DATABASE_URL": MEMORY}
    found = {section.title: section.checks for section in (await diagnose(data | environ)).sections}
    return list(found.get("Server", []))


async def test_a_server_that_is_there_is_said_with_whose_the_token_is(tmp_path: Path):
    """The first thing to look at when a call does not work."""
    settings = Settings(data=tmp_path, database_url=MEMORY, admin_token=ADMIN_TOKEN, port=0)
    with served(settings) as started:
        good = await said(tmp_path, JACKFIELD_URL=started.url, JACKFIELD_TOKEN=ADMIN_TOKEN)
        bad = await said(tmp_path, JACKFIELD_URL=started.url, JACKFIELD_TOKEN="another-token-0123456789")
        none = await said(tmp_path, JACKFIELD_URL=started.url)

    assert [(check.name, check.status) for check in good] == [
        ("server", "ok"),
        ("server token", "ok"),
        ("server calls", "ok"),
    ]
    assert good[1].value == "accepted: administrator `local`"
    assert [(check.name, check.code) for check in bad] == [("server", ""), ("server token", "token-unknown")]
    assert [(check.name, check.code) for check in none] == [("server", ""), ("server token", "token-missing")]


async def test_a_server_that_is_not_there_is_said(tmp_path: Path):
    """And an address at which something else listens."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        nobody = f"http://127.0.0.1:{free.getsockname()[1]}"
    with serve(lambda _: Answer(body=b"<html>", headers={"Content-Type": "text/html"})) as other:
        page = await said(tmp_path, JACKFIELD_URL=other.url, JACKFIELD_TOKEN=ADMIN_TOKEN)

    assert [check.code for check in await said(tmp_path, JACKFIELD_URL=nobody)] == ["server-unreachable"]
    assert [check.code for check in page] == ["server-answer-unreadable"]
    assert await said(tmp_path) == []
