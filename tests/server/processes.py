"""`jackfield serve` as a process of its own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

from server.world import PATIENCE_S, PROBE, At, answer_of
from servers import Answer, Asked
from surfaces.kept import KEY
from surfaces.served import ADMIN_TOKEN

_numbers = count(1)

COMMAND = [sys.executable, "-m", "jackfield", "serve", "--port", "0", "--json"]


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where processes of a test keep what happens, and what they may reach.

    Attributes:
        folder: Working directory, home and data folder.
        environment: Beside what all have.
    """

    folder: Path
    environment: Mapping[str, str]

    def start(self, *arguments: str, command: list[str] = COMMAND, **environment: str) -> Process:
        """A process that may not be ready yet."""
        others = {name: value for name, value in os.environ.items() if not name.startswith("JACKFIELD_")}
        own = {"JACKFIELD_DATA_DIR": str(self.folder / "data"), "HOME": str(self.folder)}
        file = self.folder / f"stderr-{next(_numbers)}"
        with file.open("w") as stderr:
            popen = subprocess.Popen(
                [*command, *arguments],
                stdout=subprocess.PIPE,
                stderr=stderr,
                text=True,
                cwd=self.folder,
                env=others | own | dict(self.environment) | environment,
            )
        return Process(popen=popen, words=file)

    @contextmanager
    def running(self, *arguments: str, **environment: str) -> Iterator[Process]:
        """A server that takes requests, with the connector `probe` unless another is named. Killed if it still runs."""
        process = self.start(*(arguments or (str(PROBE),)), **environment)
        try:
            process.hear()
            yield process
        finally:
            process.popen.kill()
            process.popen.wait(PATIENCE_S)
            process.popen.stdout.close()


class Process:
    """A server that was started."""

    def __init__(self, *, popen: subprocess.Popen[str], words: Path) -> None:
        self.popen = popen
        self._words = words
        self.told: dict[str, Any] = {}

    def hear(self) -> dict[str, Any]:
        """The next line of JSON that it prints."""
        line = self.popen.stdout.readline()
        assert line, self.stderr
        self.told = json.loads(line)
        return self.told

    @property
    def at(self) -> At:
        """To ask it as an administrator."""
        return At(url=self.told["url"], token=ADMIN_TOKEN)

    @property
    def stderr(self) -> str:
        """What it has said to people so far."""
        return self._words.read_text()

    def signal(self, number: signal.Signals = signal.SIGTERM) -> None:
        """Send a signal."""
        self.popen.send_signal(number)

    def ended(self) -> int:
        """Its exit status."""
        return self.popen.wait(PATIENCE_S)

    def failed(self) -> dict[str, Any]:
        """What it says on stdout of why it did not start."""
        out, _ = self.popen.communicate(timeout=PATIENCE_S)
        assert self.popen.returncode in {1, 2}, (out, self.stderr)
        assert "Traceback" not in self.stderr
        said: dict[str, Any] = json.loads(out)
        return said

    def refuses_connections(self) -> bool:
        """Once it takes no new ones. It is asked again and again until then."""
        while True:
            try:
                with self.at.connected() as connection:
                    connection.sendall(self.at.request("GET", "/api/health"))
                    answer_of(connection)
            except OSError:
                return True


def place(folder: Path, **environment: str) -> Place:
    """A place with a key, and an administrator who has `ADMIN_TOKEN`."""
    return Place(folder=folder, environment={"JACKFIELD_KEY": KEY, "JACKFIELD_ADMIN_TOKEN": ADMIN_TOKEN, **environment})


class Gate:
    """A service whose answers wait until the gate is opened.

    Attributes:
        came: Set once somebody waits.
        open: Lets all through.
    """

    def __init__(self) -> None:
        self.came = threading.Event()
        self.open = threading.Event()

    def __call__(self, asked: Asked) -> Answer:
        self.came.set()
        self.open.wait(PATIENCE_S)
        return Answer(body={"path": asked.path})
