"""Writes `docs/reference/` and `ui/openapi.json` from the source; with `--check` it fails when one of them is stale."""

from __future__ import annotations

import importlib
import inspect
import json
import pkgutil
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, cast, get_origin

import click

import jackfield
from jackfield import errors, settings
from jackfield.manage.setting_words import setting_words
from jackfield.surfaces.cli.main import cli
from jackfield.surfaces.rest.app import make_routes
from jackfield.surfaces.rest.document import document_of
from jackfield.surfaces.rest.services import Services

ROOT = Path(__file__).parents[1]
FOLDER = "docs/reference"
DOCUMENT = "ui/openapi.json"
"""What the web UI's types are made from."""
HEAD = "<!-- Written by `python scripts/reference.py` from the source: change that, and run it again. -->\n\n"
WIDTH = 100

SETTINGS = """# Settings

Settings are environment variables, or keys of [a settings file](../guides/operating.md#the-settings-file), which
wins. The last column is the key there, and the name in `jackfield.settings.Settings`. An empty value counts as not
set; one that cannot be read is an [invalid-setting](../errors/invalid-setting.md).
"""
ERRORS = """# Errors

Every error has a code that stays the same. `status` is the HTTP status that says the same. `retry` is `later` where the
same call can succeed later, `after_fix` where something has to be changed first, and `never`. An error that keeps a
call from starting is raised; one that happens while a command runs is a failed outcome with this code.
"""
COMMAND_LINE = "# Command line\n\nWhat `--help` says. How to use it: [the guide](../guides/command-line.md).\n"
REST = """# REST

What the server's OpenAPI document says. It is at `/api/openapi.json`, and in a browser at `/docs`. How to use it:
[the guide](../guides/rest.md).

`{id}` of a connector is its id or its name; where it stands, `{namespace}/{name}` may stand too. `{id}` of a connector
type is its id or its name. `/api/v1/...` is the same as `/api/...`. Lists take `where`, `sort`, `page`, `pageSize`,
`limit` and `offset`, and what is named here.
"""
REST_ERRORS = """
## Statuses

Every answer of 400 or more is a problem document with one of these codes. [Errors](errors.md) has all of them, those
too that happen while a command runs and are answered with 200.
"""
NEVER_ANSWERED = ("jackfield.app", "jackfield.settings", "jackfield.surfaces.cli", "jackfield.surfaces.server_errors")
"""Errors of these modules keep a server from starting, or are of its clients."""
LIST_PARAMETERS = {"where", "sort", "page", "pageSize", "page_size", "limit", "offset"}
PYTHON = "# Python\n\nWhat `from jackfield import ...` offers. `jackfield.__version__` is the installed version.\n"

_SECTION = re.compile(r"(Class arguments|Args|Attributes|Raises|Returns|Yields):")
_ITEM = re.compile(r" {4}(?P<name>[*\w][*\w, ]*): (?P<text>.*)")


def pages() -> dict[str, str]:
    """The text of each file by its path."""
    writers = {
        "command-line": _command_line,
        "errors": _errors,
        "python": _python,
        "rest": _rest,
        "settings": _settings,
    }
    written = {f"{FOLDER}/{name}.md": f"{HEAD}{write().rstrip()}\n" for name, write in writers.items()}
    return written | {DOCUMENT: json.dumps(_document(), indent=1, ensure_ascii=False) + "\n"}


def _document() -> dict[str, Any]:
    return document_of(make_routes(cast(Services, None)))  # nothing is asked of them


def _settings() -> str:
    rows = []
    for said in setting_words():
        value = int(said.default) if isinstance(said.default, bool) else said.default
        value = ",".join(value) if isinstance(value, tuple) else value
        # Words where the default is no value, as in "Default `key` in the data folder".
        default = "none" if value is None else f"`{value}`"
        rows.append(
            (
                f"`{said.variable}`",
                said.meaning,
                said.default_words if value is None and said.default_words else default,
                f"`{said.name}`",
            )
        )
    rows.append((f"`{settings.SECRET_PREFIX}<NAME>`", "the value of the secret `<NAME>`.", "none", ""))
    return SETTINGS + _table("variable", "meaning", "default", "name", rows=rows)


def _own_errors() -> list[type[errors.JackfieldError]]:
    for module in pkgutil.walk_packages(jackfield.__path__, "jackfield."):
        importlib.import_module(module.name)
    return [kind for kind in errors.all_errors() if kind.__module__.partition(".")[0] == "jackfield"]


def _errors() -> str:
    rows = []
    for kind in _own_errors():
        where = "an outcome" if kind.ran else "raised"
        rows.append((f"[`{kind.code}`](../errors/{kind.code}.md)", _title(kind), f"{kind.status}", kind.retry, where))
    return ERRORS + _table("code", "what happened", "status", "retry", "it is", rows=rows)


def _command_line() -> str:
    parts = [f"\n## {context.command_path}\n\n```text\n{context.get_help()}\n```\n" for context in _contexts(cli)]
    return COMMAND_LINE + "".join(parts)


def _contexts(command: click.Command, name: str = "jackfield", parent: Any = None) -> Iterator[click.Context]:
    context = command.make_context(name, [], parent, resilient_parsing=True, terminal_width=WIDTH)
    yield context
    for inner, found in sorted(getattr(command, "commands", {}).items()):
        yield from _contexts(found, inner, context)


def _rest() -> str:
    paths = _document()["paths"]
    tables: dict[str, list[tuple[str, ...]]] = {}
    for path, operations in paths.items():
        if path.replace("{namespace}/{name}", "{id}") in paths.keys() - {path}:
            continue
        for method, operation in operations.items():
            statuses = ", ".join(sorted(operation["responses"]))
            row = (method.upper(), f"`{path}`", operation["summary"], _takes(operation), statuses)
            tables.setdefault(operation["tags"][0], []).append(row)
    columns = ("method", "path", "what it does", "query and headers", "statuses")
    tags = sorted(tables, key=lambda tag: (tag != "Calls", tag))
    text = "".join(f"\n## {tag}\n{_table(*columns, rows=tables[tag])}" for tag in tags)
    return REST + text + REST_ERRORS + _table("status", "codes", rows=_codes_by_status())


def _takes(operation: dict[str, Any]) -> str:
    given = [each["name"] for each in operation.get("parameters", ()) if each["in"] != "path"]
    return ", ".join(f"`{name}`" for name in given if name not in LIST_PARAMETERS)


def _codes_by_status() -> list[tuple[str, str]]:
    codes: dict[int, list[str]] = {}
    for kind in _own_errors():
        if not kind.ran and not kind.__module__.startswith(NEVER_ANSWERED):
            codes.setdefault(kind.status, []).append(f"[`{kind.code}`](../errors/{kind.code}.md)")
    return [(str(status), ", ".join(sorted(names))) for status, names in sorted(codes.items())]


def _python() -> str:
    names = sorted((name for name in jackfield.__all__ if not name.startswith("_")), key=lambda n: (n.lower(), n))
    rows, anchors = [], list[str]()
    for name in names:
        # A heading of the same letters gets a number, as `Connector` and `connector` do.
        anchors.append(name.lower())
        anchor = anchors[-1] if anchors.count(anchors[-1]) == 1 else f"{anchors[-1]}-1"
        rows.append((f"[`{name}`](#{anchor})", _title(getattr(jackfield, name))))
    return PYTHON + _table("name", "what it is", rows=rows) + "".join(map(_described, names))


def _described(name: str) -> str:
    value = getattr(jackfield, name)
    head = f"\n## {name}\n\n"
    if (alias := get_origin(value)) is not None:
        return f"{head}`{alias.__name__}[{value.__args__[0].__name__}]`.\n\n{_markdown(alias)}"
    parts = [_signature(name, value) + _markdown(value)]
    if inspect.isclass(value):
        if "Args:" in (value.__init__.__doc__ or ""):
            parts.append(_markdown(value.__init__))
        parts += [f"### `{member}`\n\n{text}" for member, text in _members(value)]
    return head + "\n".join(parts)


def _members(cls: type[Any]) -> Iterator[tuple[str, str]]:
    """Documented public methods and properties, those of its bases in this package among them."""
    found: dict[str, Any] = {}
    for base in [cls] if issubclass(cls, errors.JackfieldError) else reversed(cls.__mro__):
        if base.__module__.startswith("jackfield."):
            found |= {name: value for name, value in vars(base).items() if not name.startswith("_")}
    for name, value in found.items():
        if isinstance(value, property):
            yield name, _markdown(value)
        elif inspect.isfunction(function := getattr(value, "__func__", value)):
            yield name, _signature(name, function, method=True) + _markdown(function)


def _signature(name: str, value: Callable[..., Any], *, method: bool = False) -> str:
    if inspect.isclass(value) and (issubclass(value, Exception) or getattr(value, "_is_protocol", False)):
        return ""
    signature = inspect.signature(value)
    shown = [p for p in list(signature.parameters.values())[method:] if not p.name.startswith("_")]
    given = [p.replace(annotation=_raw(p.annotation), default=_default(p.default)) for p in shown]
    returned = inspect.Signature.empty if inspect.isclass(value) else _raw(signature.return_annotation)
    whole = str(signature.replace(parameters=given, return_annotation=returned))
    whole = re.sub(r" at 0x[0-9a-f]+", "", whole)  # another one in each process
    if len(name + whole) > WIDTH:
        inside, _, after = whole[1:].rpartition(")")
        parts = re.split(r", (?=[*\w]+[:=]|[*/],|\*\*)", inside)
        whole = "(\n" + "".join(f"    {part},\n" for part in parts) + f"){after}"
    return f"```text\n{'async def ' if inspect.iscoroutinefunction(value) else ''}{name}{whole}\n```\n\n"


class _Raw(str):
    """Source text that a signature shows without quotes."""

    def __repr__(self) -> str:
        return str(self)


def _raw(annotation: Any) -> Any:
    return _Raw(annotation) if isinstance(annotation, str) else annotation


def _default(value: Any) -> Any:
    if value is ... or repr(value) == "<factory>" or (callable(value) and not inspect.isclass(value)):
        return _Raw("...")
    return _Raw(f'"{value}"') if isinstance(value, str) else value


def _markdown(documented: Any) -> str:
    """A docstring in Google's style as Markdown: sections become lists, indented examples code."""
    text = inspect.cleandoc(documented.__doc__ or "")
    if _SECTION.match(text):  # Then nothing is indented; see `inspect.cleandoc`.
        text = re.sub(
            r"^(?!$)(?!\w+:$)", "    ", text.replace("\n\nRaises:\n    ", "\n\nRaises:\n"), flags=re.MULTILINE
        )
    lines, code = [""], False
    for line in text.splitlines():
        if code and line and not line.startswith("    "):
            lines[-1:], code = ["```", ""], False
        if section := _SECTION.fullmatch(line):
            lines += [f"**{section[1]}**", ""]
        elif not code and (item := _ITEM.fullmatch(line)):
            lines.append(f"- `{item['name']}`: {item['text']}")
        elif line.endswith("::"):
            lines += [line[:-1], "", "```text"]
            code = True
        elif line or lines[-1] != "```text":
            lines.append(line[4:] if code else f"  {line.strip()}" if line.startswith("    ") else line)
    return "\n".join([*lines[1:], *(["```"] if code else [])]) + "\n"


def _table(*columns: str, rows: Sequence[tuple[str, ...]]) -> str:
    every = [columns, ("---",) * len(columns), *rows]
    return "\n" + "".join(f"| {' | '.join(row)} |\n" for row in every)


def _title(value: Any) -> str:
    return str(((get_origin(value) or value).__doc__ or "").strip().partition("\n")[0])


def main() -> None:
    """Write the pages, or with `--check` say which are stale."""
    stale = {path: text for path, text in pages().items() if _present(ROOT / path) != text}
    if "--check" in sys.argv[1:]:
        sys.exit(f"stale: {', '.join(stale)}; run `python scripts/reference.py`" if stale else 0)
    for path, text in stale.items():
        (ROOT / path).parent.mkdir(parents=True, exist_ok=True)
        (ROOT / path).write_text(text, encoding="utf-8")


def _present(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.is_file() else None


if __name__ == "__main__":
    main()
