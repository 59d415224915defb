"""Scripts in files of their own: beside the document that describes their connector, or all there is of one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jackfield.definition.names import find
from jackfield.definition.sources import MAX_SCRIPT_BYTES
from jackfield.registry.errors import LoadFailed

SUFFIX = ".js"

# One line that is no JavaScript anybody would write: a path to a file.
_FILE = re.compile(r"[^\n;(){}=]*[^\n;(){}=/\\]\.js\s*")


def script_named(raw: Any, folder: Path) -> Path | None:
    """The file that the `scriptSource` of a connector names, such as `./crm.js`; `None` where it is a script itself."""
    key = find("scriptSource", raw) if isinstance(raw, Mapping) and all(isinstance(k, str) for k in raw) else None
    source = raw[key] if key is not None else None
    return folder / source.strip() if isinstance(source, str) and _FILE.fullmatch(source) else None


def with_script(raw: Any, folder: Path) -> Any:
    """`raw` with the script in place of the file that it names.

    Raises:
        LoadFailed: The file cannot be read.
    """
    file = script_named(raw, folder)
    if file is None:
        return raw
    key = find("scriptSource", raw)
    return {name: read_script(file) if name == key else value for name, value in raw.items()}


def body_of(path: Path, content: bytes) -> dict[str, Any]:
    """A connector that is a script and no more, called like its file: its functions are its commands.

    Raises:
        LoadFailed: It is too large, or no text.
    """
    return {"name": path.stem, "scriptSource": _text(path, content)}


def stands_alone(path: Path, used: set[Path], *, named: bool) -> bool:
    """Whether a script is a connector by itself.

    Not if a document has it. In a folder, not if a document is called like it either, or if its name has a dot, as
    those of tools and tests have.

    Args:
        path: Of the script.
        used: The scripts that documents have.
        named: It was not found in a folder, but named itself.
    """
    if path.resolve() in used:
        return False
    described = any(path.with_suffix(suffix).exists() for suffix in (".yaml", ".yml", ".json"))
    return named or not (described or "." in path.stem)


def read_script(path: Path) -> str:
    """The script in a file.

    Raises:
        LoadFailed: It cannot be read, is too large, or is no text.
    """
    try:
        with path.open("rb") as file:
            return _text(path, file.read(MAX_SCRIPT_BYTES + 1))
    except OSError as error:
        raise LoadFailed(place=str(path), reason=(error.strerror or str(error)).lower()) from error


def _text(path: Path, content: bytes) -> str:
    if len(content) > MAX_SCRIPT_BYTES:
        raise LoadFailed(place=str(path), reason=f"the script is larger than {MAX_SCRIPT_BYTES} bytes")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise LoadFailed(place=str(path), reason=f"the script is not UTF-8: {error.reason}") from error
