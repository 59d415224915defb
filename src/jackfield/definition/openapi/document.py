"""An OpenAPI document from whatever holds it: an object, JSON text or YAML text."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

import orjson

from jackfield.definition.errors import OpenApiInvalid
from jackfield.definition.openapi.doubled import doubled_keys
from jackfield.definition.openapi.kinds import what_it_is
from jackfield.definition.openapi.notices import Notices
from jackfield.definition.openapi.sizes import check_size, whole_characters
from jackfield.definition.yaml_values import MAX_DEPTH, YamlUnreadable, read_yaml

MAX_BYTES = 64 * 1024 * 1024

Source: TypeAlias = Mapping[str, Any] | str | bytes
Rules: TypeAlias = Literal["3.0", "3.1"]

_TEXTS = frozenset({("openapi",), ("swagger",), ("info", "version"), ("info", "title")})
_VERSION = re.compile(r"\s*v?(\d+)(?:\.(\d+))?")
_LARGE_NUMBER = re.compile(r"[0-9]{19}")
_JSON_START = re.compile(r'\s*(?:\{\s*["}]|\[)')
_ENCODINGS = ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"\xef\xbb\xbf", "utf-8-sig"))


@dataclass(frozen=True, kw_only=True)
class Document:
    """A document that is OpenAPI; what is inside it may still be of any type and must be looked at item by item.

    Attributes:
        root: As 3.x has it. Never changed, and not a copy of what was given.
        version: Whose rules hold: 3.2 is read as 3.1, and 2.0 has been converted to 3.0.
        declared: The version that it says, for example `2.0` or `3.0.3`.
        digest: SHA-256 of its content, for caches.
        notices: What its reader left out or put right; who reads on adds to them.
        given: As it was given, parsed: what to keep so that it can be opened again.
        given_files: Likewise, of its bundle.
        files: The other files of its bundle by path, each parsed.
        at: Its own path in the bundle.
    """

    root: dict[str, Any]
    version: Rules
    declared: str
    digest: str
    given: dict[str, Any]
    given_files: Mapping[str, Any] = field(default_factory=dict)
    notices: Notices = field(default_factory=Notices)
    files: Mapping[str, Any] = field(default_factory=dict)
    at: str = ""


def open_document(source: Source, *, bundle: Mapping[str, Source] | None = None, at: str = "") -> Document:
    """The OpenAPI document in `source`.

    Args:
        source: An object is used as it is, so do not change it later.
        bundle: The files that relative references may name, by path; nothing else is ever opened.
        at: The path of `source` in the bundle.

    Raises:
        OpenApiInvalid: It cannot be parsed, is too large or nested too deeply, or is something else than OpenAPI.
    """
    notices = Notices()
    root = _parse(source, place=at, notices=notices)
    if not isinstance(root, dict):
        raise _not_openapi(root, at)
    declared, version = _version(root, at, notices)
    files = _files(bundle or {}, notices)
    digest, given, given_files = _digest([root, files]), root, files
    if declared == "2.0":
        from jackfield.definition.openapi.version2 import convert

        root = convert(root, notices=notices)
        files = {path: _converted_file(file) for path, file in files.items()}
    return Document(
        root=root,
        version=version,
        declared=declared,
        digest=digest,
        given=given,
        given_files=given_files,
        notices=notices,
        files=files,
        at=at,
    )


def _files(bundle: Mapping[str, Source], notices: Notices) -> dict[str, Any]:
    """Each file of a bundle; one that cannot be read is told, and its references are unresolved."""
    found = {}
    for path, source in bundle.items():
        try:
            found[path] = _parse(source, place=path, notices=notices, prefix=path)
        except OpenApiInvalid as error:
            notices.add(f"{path}#", f"the file is left out: {error.message}")
    return found


def _converted_file(file: Any) -> Any:
    from jackfield.definition.openapi.version2 import convert_references

    return convert_references(file)


def _parse(source: Any, *, place: str, notices: Notices, prefix: str = "") -> Any:
    if isinstance(source, str | bytes):
        return _parse_text(_text(source, place), place=place, notices=notices, prefix=prefix)
    return check_size(source, place=place) if isinstance(source, Mapping) else source


def _parse_text(text: str, *, place: str, notices: Notices, prefix: str) -> Any:
    def twice(pointer: str, key: str) -> None:
        notices.add(f"{prefix}#{pointer}", f"the key `{key[:100]}` is there more than once; the last one is used")

    if _JSON_START.match(text):
        value = _json(text, place)
        if _LARGE_NUMBER.search(text) and isinstance(value, dict):
            value = check_size(value, place=place)
        for pointer, key in doubled_keys(text):
            twice(pointer, key)
        return value
    try:
        return read_yaml(text, texts=_TEXTS, twice=twice)
    except YamlUnreadable as error:
        if text.lstrip()[:1] == "<":
            raise _not_openapi(text, place) from None
        hint = "correct it there; a YAML checker shows the same place"
        raise OpenApiInvalid(
            reason=f"is no YAML: {error.reason}", hint=hint, place=place, line=error.line, column=error.column
        ) from None


def _text(source: str | bytes, place: str) -> str:
    if len(source) > MAX_BYTES:
        hint = "import the parts of it that you need"
        raise OpenApiInvalid(reason=f"has more than {MAX_BYTES // 1024 // 1024} MB", hint=hint, place=place)
    if isinstance(source, str):
        return whole_characters(source).removeprefix("\ufeff")
    encoding = next((name for start, name in _ENCODINGS if source.startswith(start)), "utf-8")
    try:
        return source.decode(encoding)
    except UnicodeDecodeError as error:
        raise OpenApiInvalid(
            reason=f"is no UTF-8 text, from byte {error.start} on", hint="give JSON or YAML as UTF-8", place=place
        ) from None


def _json(text: str, place: str) -> Any:
    try:
        value = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        if "recursion" in error.msg.lower() or "depth" in error.msg:
            raise _too_deep(place) from None
        raise OpenApiInvalid(
            reason=f"is no JSON: {error.msg}",
            hint="correct it there",
            place=place,
            line=error.lineno,
            column=error.colno,
        ) from None
    try:
        orjson.dumps(value)  # is refused at 254 levels
    except orjson.JSONEncodeError:
        raise _too_deep(place) from None
    return value


def _too_deep(place: str) -> OpenApiInvalid:
    reason = f"is nested too deeply, in more than {MAX_DEPTH} levels"
    return OpenApiInvalid(reason=reason, hint="use references to named schemas", place=place)


def _digest(value: Any) -> str:
    return hashlib.sha256(orjson.dumps(value, option=orjson.OPT_SORT_KEYS)).hexdigest()


def _version(root: dict[str, Any], place: str, notices: Notices) -> tuple[str, Rules]:
    """What `root` says its version is, and the rules that fit."""
    if "openapi" not in root and "swagger" not in root:
        if not _has_paths(root):
            raise _not_openapi(root, place)
        notices.add("#", "`openapi` is missing; the document is read as version 3.0")
        return "", "3.0"
    said = root.get("openapi", root.get("swagger"))
    found = _VERSION.match(said if isinstance(said, str) else str(said))
    major, minor = (int(found[1]), int(found[2] or 0)) if found else (0, 0)
    if major == 2:
        return "2.0", "3.0"
    if major < 2 and "openapi" not in root:
        raise OpenApiInvalid(
            reason=f"is of Swagger version `{str(said)[:40]}`; 2.0, 3.0, 3.1 and 3.2 can be read",
            hint="convert it to OpenAPI 3 first",
            place=place,
        )
    if major != 3 or minor > 2:
        notices.add("#/openapi", f"the version `{str(said)[:40]}` is unknown; the document is read as version 3.1")
    return str(said)[:40], "3.0" if (major, minor) == (3, 0) else "3.1"


def _has_paths(root: dict[str, Any]) -> bool:
    paths = root.get("paths")
    return isinstance(paths, dict) and any(str(path).startswith("/") for path in paths)


def _not_openapi(value: Any, place: str) -> OpenApiInvalid:
    hint = "give a document with `openapi: 3...` or `swagger: 2.0` at its top, and `paths`"
    return OpenApiInvalid(reason=f"is no OpenAPI document: it is {what_it_is(value)}", hint=hint, place=place)
