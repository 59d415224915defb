"""The server that a page starts: a real process, and what it says is compared with what the page shows."""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from urllib.request import Request, urlopen

import pytest

# All that a page may start; other lines with `serve` in them are for the reader's own machine.
STARTS = re.compile(r"(?:python3 dev\.py|jackfield serve(?P<arguments>(?: [\w./-]+)*))$")

PAGE_ADDRESS = "http://127.0.0.1:8321"
PAGE_TOKEN = "jf_..."

_LAST_LINE = "The interface: "
_ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+")
_TOKEN = re.compile(r"jf_[\w-]{20,}")

_CONSOLE = re.compile(r"^```console\n(.*?)^```", re.MULTILINE | re.DOTALL)
_CALLED = re.compile(r"^  \S*(?:jackfield|python\S* -m jackfield) call", re.MULTILINE)


def starts_a_server(page: str) -> bool:
    """Whether a page starts a server of its own."""
    lines = [line for session in _CONSOLE.findall(page) for line in session.splitlines()]
    return any(STARTS.match(line.removeprefix("$ ")) for line in lines if line.startswith("$ "))


class PageServers:
    """Starts what a page starts, and stops it when the page ends."""

    def __init__(self, running: ExitStack, monkeypatch: pytest.MonkeyPatch) -> None:
        self._running = running
        self._monkeypatch = monkeypatch

    def start(self, command: str) -> str:
        """Run `command` on a free port; what it said, as if on the usual one.

        Later commands find it at `$JACKFIELD_URL`, with the token that it printed, and its bookshop at `$SHOP`.
        """
        said = self._running.enter_context(_served(command))
        url, tokens = _ADDRESS.findall(said)[0], _TOKEN.findall(said)
        self._monkeypatch.setenv("JACKFIELD_URL", url)
        if tokens:
            self._monkeypatch.setenv("JACKFIELD_TOKEN", tokens[0])
        if tokens and "default/demo" in said:
            self._monkeypatch.setenv("SHOP", _bookshop(url, tokens[0]))
        shown = _TOKEN.sub(PAGE_TOKEN, _ADDRESS.sub(PAGE_ADDRESS, said))
        # Each tells how it was called itself, and the tests call it otherwise than people do.
        return _CALLED.sub("  .venv/bin/jackfield call" if "dev.py" in command else "  jackfield call", shown)

    def forget(self, names: list[str]) -> None:
        """`unset`, as in the reader's terminal."""
        for name in names:
            self._monkeypatch.delenv(name, raising=False)


def _bookshop(url: str, token: str) -> str:
    asking = Request(f"{url}/api/connectors/demo", headers={"Authorization": f"Bearer {token}"})
    with urlopen(asking, timeout=30) as answer:
        address: str = json.load(answer)["egress"]["allow"]
    return address


@contextmanager
def _served(command: str) -> Iterator[str]:
    given = STARTS.match(command)
    assert given is not None
    arguments = (given["arguments"] or "").split() or ([] if "dev.py" not in command else ["--demo"])
    # What is set for commands that ask a server is not meant for the server itself.
    clean = {name: value for name, value in os.environ.items() if name not in {"JACKFIELD_URL", "JACKFIELD_TOKEN"}}
    process = subprocess.Popen(
        ["jackfield", "serve", "--port", "0", *arguments], env=clean, stderr=subprocess.PIPE, text=True
    )
    try:
        yield _until_it_runs(process)
    finally:
        process.terminate()
        process.communicate(timeout=60)


def _until_it_runs(process: subprocess.Popen[str]) -> str:
    assert process.stderr is not None
    lines: list[str] = []
    for line in process.stderr:
        lines.append(line)
        if line.startswith(_LAST_LINE):
            return "".join(lines)
    raise AssertionError(f"the server did not start:\n{''.join(lines)}")
