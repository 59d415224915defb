"""What a process knows is masked in the logs of every library, whatever keeps its calls."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import pytest

from jackfield import Connector, Jackfield, Outcome, Secret, command, succeed
from jackfield.settings import Settings

LIBRARY = logging.getLogger("somebodys.library")


class Chatty(Connector, name="logs-chatty"):
    """Uses a library that logs all it gets."""

    key: Secret

    @command(reads_only=True)
    async def go(self) -> Outcome:
        """Use it."""
        LIBRARY.warning("signing in with %s", self.key.reveal())
        return succeed()


@pytest.mark.parametrize("url", ["memory", ""])
@pytest.mark.parametrize("given", ["config", "program", "environment"])
def test_a_library_cannot_log_a_secret(
    tmp_path: Path, url: str, given: str, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
):
    """H12: wherever the secret came from."""
    value = "log-canary-0123456789"
    if given == "environment":
        monkeypatch.setenv("JACKFIELD_SECRET_CHATTY_KEY", value)
    config: Any = {"key": value if given == "config" else {"secret": "CHATTY_KEY"}}
    connectors = [{"name": "c", "type": "logs-chatty", "config": config}]
    secrets = {"CHATTY_KEY": value} if given == "program" else None
    settings = Settings(data=tmp_path, database_url=url)
    with Jackfield(folder=[], types=[Chatty], connectors=connectors, secrets=secrets, settings=settings) as jackfield:
        assert jackfield.connector("c", "go", {}).success

    assert "signing in with ********" in caplog.text
    assert value not in caplog.text
