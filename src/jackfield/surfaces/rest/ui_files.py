"""The files of the web interface, as they were built: read once, and answered from memory.

What is asked for is looked up by its name among those that there are, so no path leads anywhere else.
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

INDEX = "index.html"
ASSETS = "assets/"
"""Below it are names that change with what is in the files, so that browsers may keep them for ever."""

FOLDER = Path(__file__).parents[2] / "_ui"

_TWIN = ".gz"
_OTHER = "application/octet-stream"
_KINDS = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".ico": "image/x-icon",
    ".jpg": "image/jpeg",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".map": "application/json",
    ".mjs": "text/javascript; charset=utf-8",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".wasm": "application/wasm",
    ".webmanifest": "application/manifest+json",
    ".webp": "image/webp",
    ".woff2": "font/woff2",
}
"""Not those of the system, which differ from machine to machine."""


@dataclass(frozen=True, kw_only=True)
class Built:
    """One file.

    Attributes:
        kind: Its media type.
        plain: Its bytes.
        packed: The same, compressed with gzip; `None` where there is no such twin.
        etag: Of the bytes, without quotation marks.
    """

    kind: str
    plain: bytes
    packed: bytes | None
    etag: str


class UiFiles:
    """What was built into a folder. It is read again once something else was."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._seen: tuple[int, ...] = ()
        self._files: dict[str, Built] = {}

    def current(self) -> dict[str, Built]:
        """The files by their names, such as `assets/index-4f2a.js`; none where nothing was built."""
        try:
            # The folder too: another process may be building, and what it has not written yet comes later.
            seen = tuple(os.stat(self._folder / name).st_mtime_ns for name in (INDEX, ASSETS))
            if seen != self._seen:
                self._files, self._seen = _read(self._folder), seen
        except OSError:
            self._seen, self._files = (), {}
        return self._files


def _read(folder: Path) -> dict[str, Built]:
    shown = (path for path in folder.rglob("[!.]*") if path.is_file())
    inside = {path.relative_to(folder).as_posix(): path for path in shown}
    return {
        name: _built(path, inside.get(name + _TWIN))
        for name, path in inside.items()
        if not (name.endswith(_TWIN) and name.removesuffix(_TWIN) in inside)
    }


def _built(path: Path, twin: Path | None) -> Built:
    plain = path.read_bytes()
    return Built(
        kind=_KINDS.get(path.suffix.lower(), _OTHER),
        plain=plain,
        packed=twin.read_bytes() if twin else None,
        etag=hashlib.sha256(plain).hexdigest()[:32],
    )
