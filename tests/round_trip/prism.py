"""Prism, which mocks an OpenAPI document and refuses requests that are not as it says: somebody else's judgement."""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

VERSION = "5.14.2"
NEEDED = "JACKFIELD_NEEDS_PRISM"
"""Set where its absence is a failure, and not a reason to skip."""
_CLI = "node_modules/@stoplight/prism-cli/dist/index.js"


def installed(folder: Path) -> Path:
    """Its program. It is installed once for all processes that run tests, into `folder`.

    Skips the test where there is no npm, or no registry to be reached.
    """
    if shutil.which("npm") is None or shutil.which("node") is None:
        _absent("there is no npm to install Prism with")
    folder.mkdir(exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "done").exists():
            (folder / "package.json").write_text('{"private": true}')
            wanted = f"@stoplight/prism-cli@{VERSION}"
            command = ["npm", "install", "--no-audit", "--no-fund", "--ignore-scripts", "--no-save", wanted]
            done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=300)
            if done.returncode != 0:
                _absent(f"npm cannot install Prism: {done.stderr.strip().splitlines()[-1:]}")
            (folder / "done").touch()
    return folder / _CLI


def _absent(why: str) -> None:
    if os.environ.get(NEEDED):
        pytest.fail(why)
    pytest.skip(why)


@contextmanager
def mocking(program: Path, document: Path) -> Iterator[str]:
    """The address of a service that a document describes, until the block ends."""
    command = ["node", str(program), "mock", "--port", "0", "--host", "127.0.0.1", str(document)]
    environment = {**os.environ, "NO_COLOR": "1", "FORCE_COLOR": "0"}
    running = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment)
    try:
        said = ""
        while line := running.stdout.readline():
            said += line
            if found := re.search(r"listening on (http://[\w.:]+)", line):
                break
        else:
            pytest.fail(f"Prism did not start: {said[-2000:]}")
        reader = threading.Thread(target=running.stdout.read, daemon=True)  # so that it can go on talking
        reader.start()
        yield found[1]
    finally:
        running.kill()
        running.wait(20)
        running.stdout.close()
