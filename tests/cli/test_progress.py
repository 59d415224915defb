"""Who waits for a long document sees how far it is; a program that reads what is printed gets lines."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from jackfield.definition.openapi.progress import tell, watching
from jackfield.surfaces.cli.progress import steps

from .stored import Terminal


def document(folder: Path, count: int) -> Path:
    words = "word " * 300
    operation = {"description": words, "responses": {"200": {"description": "ok"}}}
    paths = {f"/p{index}": {"get": operation} for index in range(count)}
    file = folder / "long.json"
    file.write_text(json.dumps({"openapi": "3.0.3", "info": {"title": "Long", "version": "1"}, "paths": paths}))
    return file


@pytest.mark.slow
def test_a_terminal_has_a_bar_with_the_operations_that_are_read(tmp_path: Path):
    """On stderr, so that what goes to a pipe is whole; and nothing of it stays behind."""
    outside, inside = pty.openpty()
    command = [sys.executable, "-m", "jackfield", "import", "openapi", str(document(tmp_path, 800)), "--dry-run"]
    environment = {**os.environ, "TERM": "xterm", "COLUMNS": "200", "JACKFIELD_DATA_DIR": str(tmp_path / "data")}
    del environment["JACKFIELD_DATABASE_URL"]
    with (tmp_path / "stdout").open("wb") as stdout:
        running = subprocess.Popen(command, stdout=stdout, stderr=inside, env=environment)
    os.close(inside)
    seen = b""
    try:
        while part := os.read(outside, 65536):
            seen += part
    except OSError:  # the other side is closed
        pass
    os.close(outside)

    assert running.wait(timeout=60) == 0, seen
    assert b"of 800 operations" in seen
    assert b"Reading 1.2 MB" in seen
    assert len((tmp_path / "stdout").read_text().splitlines()) == 800


def test_elsewhere_there_is_a_line_for_what_takes_long(tmp_path: Path):
    """Nothing that only a terminal understands."""
    terminal = Terminal(tmp_path / "data")
    long = terminal("import", "openapi", str(document(tmp_path, 800)), "--dry-run").stderr.splitlines()
    short = terminal("import", "openapi", str(document(tmp_path, 2)), "--dry-run").stderr.splitlines()

    assert long[:2] == ["Reading 1.2 MB ...", "`Long` 1: 800 operations."]
    assert short[0] == "`Long` 1: 2 operations."
    assert not any("\x1b" in line for line in (*long, *short))


def test_nobody_is_told_outside():
    """Calls of servers read documents too."""
    told: list[tuple[int, int]] = []
    with watching(lambda *progress: told.append(progress)):
        tell(1, 2)
    tell(2, 2)

    assert told == [(1, 2)]


def test_a_step_that_takes_no_time_has_no_line(capsys: pytest.CaptureFixture[str]):
    with steps() as step:
        step("Fetching")
        step("Comparing", brief=True)

    assert capsys.readouterr().err == "Fetching ...\n"
