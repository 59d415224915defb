"""How the log of a process looks: lines that cannot be forged, and that a program can read."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
import warnings
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest

from jackfield.app.logs import set_up_logs
from jackfield.definition.secret import Secret
from jackfield.settings import Settings
from jackfield.vault.log_filter import mask_all_logs
from jackfield.vault.watch import SecretWatch

CANARY = "log-canary-0123456789"
log = logging.getLogger("somebodys.library")

TEXT = Settings(log_format="text", log_level="info")
JSON = Settings(log_format="json", log_level="info")
each_format = pytest.mark.parametrize("settings", [TEXT, JSON], ids=["text", "json"])


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    """The root logger is everybody's."""
    handlers, level = list(logging.root.handlers), logging.root.level
    yield
    logging.root.handlers[:] = handlers
    logging.root.setLevel(level)
    logging.captureWarnings(False)


@pytest.fixture
def masked() -> Iterator[SecretWatch]:
    """Called after the log was set up, as a runtime does that is opened."""
    watch = SecretWatch()
    watch.add(Secret(CANARY))
    set_up_logs(TEXT)
    undo = mask_all_logs(watch)
    yield watch
    undo()


def said(capsys: pytest.CaptureFixture[str]) -> list[str]:
    return capsys.readouterr().err.splitlines()


def read(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    (line,) = said(capsys)
    found: dict[str, Any] = json.loads(line)
    return found


def test_text_says_level_logger_and_message(capsys):
    """What a person at a terminal wants."""
    set_up_logs(TEXT)
    log.warning("signing in as %s", "ann")
    log.debug("not asked for")

    assert said(capsys) == ["WARNING somebodys.library: signing in as ann"]


def test_what_runs_for_long_says_when(capsys):
    """In UTC, so that lines of several machines can be laid side by side."""
    set_up_logs(TEXT, with_time=True)
    log.info("hello")
    (line,) = said(capsys)
    time, _, rest = line.partition(" ")

    assert datetime.fromisoformat(time).utcoffset() is not None
    assert rest == "INFO somebodys.library: hello"


def test_json_is_an_object_a_line(capsys):
    """With what the caller gave beside the message."""
    set_up_logs(JSON)
    log.error("no %s for %s", "answer", "crm", extra={"requestId": "r1", "tries": 3, "where": {"host": "crm"}})
    found = read(capsys)

    assert list(found)[:4] == ["timestamp", "level", "logger", "event"]
    assert found["timestamp"].endswith("Z")
    assert datetime.fromisoformat(found.pop("timestamp"))
    assert found == {
        "level": "error",
        "logger": "somebodys.library",
        "event": "no answer for crm",
        "requestId": "r1",
        "tries": 3,
        "where": {"host": "crm"},
    }


def test_json_has_the_exception(capsys):
    """As text, on the same line."""
    set_up_logs(JSON)
    try:
        raise ValueError("no\nnumber")
    except ValueError:
        log.exception("failed", stack_info=True)
    found = read(capsys)

    assert found["exception"].startswith("Traceback (most recent call last)")
    assert found["exception"].endswith("ValueError: no\nnumber")
    assert "test_log_lines" in found["stack"]


@each_format
def test_a_message_cannot_forge_a_second_line(settings, capsys):
    """H12: what a service answers, or a caller sends, ends in messages."""
    set_up_logs(settings)
    forged = "x\nERROR jackfield: forged\r\nERROR forged\u2028ERROR forged\x85ERROR forged\x1b[2J\u202e\x00\ud800"
    log.warning("answered %s", forged)
    try:
        raise ValueError(forged)
    except ValueError:
        log.exception("failed")
    lines = capsys.readouterr().err
    records = [line for line in lines.splitlines() if not line.startswith("    ")]

    assert len(records) == 2
    assert not {"\r", "\u2028", "\x85", "\x1b", "\u202e", "\x00"} & set(lines)
    assert settings is TEXT or json.loads(records[0])["event"] == f"answered {forged}"


@each_format
def test_no_secret_is_in_any_part_of_a_line(settings, masked, capsys):
    """Message, arguments, traceback, stack and extra fields, whatever the format was when masking began."""
    set_up_logs(settings)
    try:
        raise ValueError(f"refused {CANARY}")
    except ValueError:
        log.exception("%s", CANARY, extra={"token": CANARY, "deep": {CANARY: [CANARY]}, "odd": Secret(CANARY)})
    log.warning(f"signing in with {CANARY}")
    log.warning("bad arguments %d", CANARY)
    found = capsys.readouterr().err

    assert CANARY not in found
    assert "signing in with ********" in found
    assert "refused ********" in found
    assert "Traceback" in found


def test_an_extra_field_cannot_pass_for_another(capsys):
    """A connector may have its names from a service."""
    set_up_logs(JSON)
    log.warning("true", extra={"event": "forged", "level": "info", "timestamp": "1970", "logger": "jackfield"})
    found = read(capsys)

    assert (found["event"], found["level"], found["logger"]) == ("true", "warning", "somebodys.library")
    assert (found["event_"], found["level_"]) == ("forged", "info")


class Unwilling:
    """Cannot be shown."""

    def __repr__(self) -> str:
        raise RuntimeError("no")


cycle: list[Any] = []
cycle.append(cycle)


@pytest.mark.parametrize(
    "extra",
    [
        {"value": float("nan")},
        {"value": {("a", "tuple"): 1}},
        {"value": cycle},
        {"value": b"bytes"},
        {"value": Unwilling()},
        {"_logger": "x", "_name": "y"},
        {"_record": "x", "_from_structlog": True},
    ],
    ids=["no number", "no key", "cycle", "bytes", "unwilling", "names of structlog", "other names of structlog"],
)
def test_every_field_becomes_a_line(extra, capsys):
    """A line that is lost is the one that was needed."""
    set_up_logs(JSON)
    log.warning("still here", extra=extra)

    assert read(capsys)["event"] == "still here"


def test_warnings_of_python_are_lines_too(capsys):
    """Where a program reads, all of stderr is JSON."""
    set_up_logs(JSON)
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        logging.captureWarnings(True)  # `catch_warnings` has put back what was there
        warnings.warn("old", DeprecationWarning, stacklevel=1)

    assert "DeprecationWarning: old" in read(capsys)["event"]


def test_to_set_up_again_replaces(capsys):
    """A server knows its settings later than the command that starts it."""
    set_up_logs(TEXT)
    set_up_logs(JSON)
    set_up_logs(JSON)
    log.warning("once")

    assert read(capsys)["event"] == "once"


@pytest.mark.slow
def test_a_command_logs_as_it_is_told(tmp_path):
    """From the environment to stderr; stdout stays data."""
    environ = {
        **os.environ,
        "JACKFIELD_DATABASE_URL": "memory",
        "JACKFIELD_LOG_LEVEL": "debug",
        "JACKFIELD_LOG_FORMAT": "json",
    }
    command = [sys.executable, "-m", "jackfield", "call", "delay", "delayMs=1"]
    done = subprocess.run(command, check=True, capture_output=True, text=True, env=environ, cwd=tmp_path)

    assert json.loads(done.stdout) == {"delayed": 1}
    assert all(json.loads(line)["level"] == "debug" for line in done.stderr.splitlines())
    assert done.stderr
