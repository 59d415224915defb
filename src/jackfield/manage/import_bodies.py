"""What is asked for when a document is imported: the same keys on every surface."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from jackfield.definition.errors import InvalidDefinition
from jackfield.definition.names import find, folded

_KEYS = (
    *("spec", "specUrl", "name", "select", "files", "at", "location", "exportScript", "draft"),
    *("merge", "apply", "autoBump", "version"),
)
_WORDS = {"operations": "select", "commands": "select", "url": "specUrl"}
"""Other words for them, of the guides."""
_CHANGES = frozenset({"merge", "apply", "autoBump", "version"})
"""What only an import into a connector has."""
_LOOKS = frozenset({"exportScript", "draft"})
"""What only a look at a document has."""
_KINDS: Mapping[str, tuple[type | tuple[type, ...], str]] = {
    "spec": ((Mapping, str), "an OpenAPI document, as an object or as JSON or YAML text"),
    "specUrl": (str, "the address of an OpenAPI document"),
    "name": (str, "text"),
    "select": (list, "a list with names of operations"),
    "files": (Mapping, "an object: the text of each file by its path"),
    "at": (str, "a path"),
    "location": (str, "an address"),
    "exportScript": (bool, "true or false"),
    "draft": (bool, "true or false"),
    "merge": (bool, "true or false"),
    "apply": (bool, "true or false"),
    "autoBump": (bool, "true or false"),
    "version": (str, "a version such as `2.0.0`"),
}


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What a body asks for.

    Attributes:
        spec: The document; `None` where it is to be fetched.
        url: Where from.
        name: Of the type; made of the title by default.
        select: The operations that are wanted; `None` for all.
        files, at, location: As in `definition.openapi.reader.read_openapi`.
        export_script: The draft is to be a script connector.
        draft: There is to be one; it holds the whole document.
        merge: What is there already stays, as far as the document still has it.
        apply: Do it, and do not only tell what would be done.
        auto_bump: The version may be raised as far as the change needs.
        version: The one that the type is to have.
    """

    spec: Mapping[str, Any] | str | None
    url: str
    name: str | None
    select: tuple[str, ...] | None
    files: Mapping[str, Any] = field(default_factory=dict)
    at: str = ""
    location: str = ""
    export_script: bool = False
    draft: bool = True
    merge: bool = True
    apply: bool = True
    auto_bump: bool = False
    version: str | None = None


def read_wanted(body: Mapping[str, Any], *, into: bool = False) -> Wanted:
    """What `body` asks for. Its keys may be camelCase or snake_case.

    Args:
        body: Plain JSON.
        into: It is to be imported into a connector.

    Raises:
        InvalidDefinition: A key is unknown, there twice or of the wrong kind, or there is no document.
    """
    said = _said(body, [key for key in _KEYS if key not in (_LOOKS if into else _CHANGES)])
    spec, url = said.get("spec"), (said.get("specUrl") or "").strip()
    if isinstance(spec, str) and spec.lstrip().lower().startswith(("http://", "https://")) and len(spec.split()) == 1:
        raise _wrong("`spec` is the address of a document and not the document", "give it as `specUrl`")
    if (spec is None) == (not url):
        problem = "`spec` and `specUrl` are both there" if url else "there is neither `spec` nor `specUrl`"
        raise _wrong(problem, "give the document as `spec`, or its address as `specUrl`")
    select = said.get("select")
    if select is not None and not all(isinstance(name, str) for name in select):
        raise _wrong("`select` is no list of texts", "give the names of operations")
    return Wanted(
        spec=spec,
        url=url,
        name=said.get("name") or None,
        select=None if select is None else tuple(select),
        files=said.get("files") or {},
        at=said.get("at") or "",
        location=said.get("location") or "",
        export_script=said.get("exportScript") is True,
        draft=said.get("draft") is not False,
        merge=said.get("merge") is not False,
        apply=said.get("apply") is not False,
        auto_bump=said.get("autoBump") is True,
        version=said.get("version") or None,
    )


def _said(body: Mapping[str, Any], known: list[str]) -> dict[str, Any]:
    if not isinstance(body, Mapping):
        raise _wrong("what is to be imported is no object", "give an object with `spec` or `specUrl`")
    names = {key: key for key in known} | _WORDS
    said: dict[str, Any] = {}
    for key, value in body.items():
        spelled = find(folded(str(key)), {folded(name): name for name in names})
        if spelled is None:
            raise _wrong(
                f"the key `{str(key)[:80]}` is unknown", f"known are {', '.join(f'`{name}`' for name in known)}"
            )
        name = names[next(each for each in names if folded(each) == spelled)]
        if value is None:
            continue
        if name in said:
            raise _wrong(f"`{name}` is there twice", "say it once")
        kind, meant = _KINDS[name]
        if not isinstance(value, kind):
            raise _wrong(f"`{name}` is not {meant}", f"give {meant}")
        said[name] = value
    return said


def _wrong(problem: str, hint: str) -> InvalidDefinition:
    return InvalidDefinition(problem, hint=hint)
