"""Documents on disk: one file, a folder, or a zip file with the files that a document refers to."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from jackfield.definition.errors import OpenApiInvalid
from jackfield.definition.openapi.document import MAX_BYTES

_SUFFIXES = frozenset({".json", ".yaml", ".yml"})
_FIRST = ("openapi", "swagger", "api", "index", "main")
_TOP = re.compile(r"""^(?:["']?(?:openapi|swagger)["']?\s*:|\s*\{\s*"(?:openapi|swagger)"\s*:)""", re.MULTILINE)
_MAX_FILES = 10_000


@dataclass(frozen=True, kw_only=True)
class Bundle:
    """A document with the files beside it.

    Attributes:
        spec: Its text.
        files: The text of each other file, by path.
        at: Its own path among them; empty for a single file.
    """

    spec: str
    files: dict[str, str] = field(default_factory=dict, repr=False)
    at: str = ""

    def to_json(self) -> dict[str, Any]:
        """Shape: `{spec, files?, at?}`, as `manage.imports.Imports.parse` takes it."""
        return {"spec": self.spec} | ({"files": self.files, "at": self.at} if self.files else {})


def read_bundle(path: Path) -> Bundle:
    """The document at `path`: a file, or the one in a folder or zip file.

    A single file is read alone, whatever it refers to: give the folder to have other files read.

    Raises:
        OSError: It cannot be read.
        OpenApiInvalid: There is no document, or several, or more than can be read.
    """
    if path.is_dir():
        return _chosen(dict(_in_folder(path)), path)
    if zipfile.is_zipfile(path):
        return _chosen(dict(_in_zip(path)), path)
    if path.stat().st_size > MAX_BYTES:
        raise _too_large(path)
    return Bundle(spec=_text(path.read_bytes()))


def _in_folder(folder: Path) -> Iterator[tuple[str, str]]:
    left, count = MAX_BYTES, 0
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder)
        if path.suffix.lower() not in _SUFFIXES or not path.is_file() or any(p.startswith(".") for p in name.parts):
            continue
        left, count = left - path.stat().st_size, count + 1
        if left < 0 or count > _MAX_FILES:
            raise _too_large(folder)
        yield name.as_posix(), _text(path.read_bytes())


def _in_zip(path: Path) -> Iterator[tuple[str, str]]:
    left, count = MAX_BYTES, 0
    try:
        with zipfile.ZipFile(path) as opened:
            for info in opened.infolist():
                if info.is_dir() or PurePosixPath(info.filename).suffix.lower() not in _SUFFIXES:
                    continue
                with opened.open(info) as file:  # what it says of its size may be a lie
                    content = file.read(left + 1)
                left, count = left - len(content), count + 1
                if left < 0 or count > _MAX_FILES:
                    raise _too_large(path)
                yield info.filename.removeprefix("./"), _text(content)
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError) as error:
        raise OpenApiInvalid(
            reason=f"is a zip file that cannot be read: {str(error)[:100].lower()}",
            hint="unpack it, and give the folder",
            place=str(path),
        ) from None


def _chosen(files: dict[str, str], place: Path) -> Bundle:
    found = [name for name, text in files.items() if _TOP.search(text[:20_000])]
    if not found:
        hint = "it needs a `.json`, `.yaml` or `.yml` with `openapi: 3...` or `swagger: 2.0` at its top"
        raise OpenApiInvalid(reason="has no OpenAPI document", hint=hint, place=str(place))
    first = min(found, key=_rank)
    if (alike := [name for name in found if _rank(name) == _rank(first)]) != [first]:
        shown = ", ".join(f"`{name}`" for name in alike[:5])
        hint = "name one of them `openapi.yaml`, or give its file by itself"
        raise OpenApiInvalid(reason=f"has several OpenAPI documents: {shown}", hint=hint, place=str(place))
    return Bundle(spec=files[first], files={n: text for n, text in files.items() if n != first}, at=first)


def _rank(name: str) -> tuple[int, int]:
    path = PurePosixPath(name)
    stem = path.name.partition(".")[0].lower()
    return len(path.parts), _FIRST.index(stem) if stem in _FIRST else len(_FIRST)


def _text(content: bytes) -> str:
    start = content[:2]
    return content.decode("utf-16" if start in {b"\xff\xfe", b"\xfe\xff"} else "utf-8-sig", "replace")


def _too_large(place: Path) -> OpenApiInvalid:
    reason = f"has more than {MAX_BYTES // 1024 // 1024} MB"
    return OpenApiInvalid(reason=reason, hint="import the parts of it that you need", place=str(place))
