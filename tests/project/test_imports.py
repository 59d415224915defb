"""What `import jackfield` costs, and who may import whom where import-linter cannot see it."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

HEAVY = {"aiohttp", "sqlalchemy", "fastapi", "pydantic", "jinja2", "httpx2", "rich", "click", "yaml", "jsonschema_rs"}

IMPORT_ALL_OF_DEFINITION = """
import importlib, pkgutil, jackfield.definition as package
for module in pkgutil.walk_packages(package.__path__, "jackfield.definition."):
    importlib.import_module(module.name)
"""


def loaded_by(code: str) -> set[str]:
    """The top-level modules that a new Python has after running `code`."""
    listing = "; import sys; print(*sorted({name.partition('.')[0] for name in sys.modules}))"
    done = subprocess.run(
        [sys.executable, "-c", f"exec({code!r}){listing}"], capture_output=True, text=True, check=True, timeout=30
    )
    return set(done.stdout.split())


def test_importing_jackfield_loads_nothing_heavy():
    """A script that only defines a connector, or a shell that completes a word, must not wait for a web server."""
    assert loaded_by("import jackfield") & HEAVY == set()


def test_importing_the_whole_definition_layer_loads_nothing_heavy():
    """Every connector file imports it, also in the small processes that run them."""
    assert loaded_by(IMPORT_ALL_OF_DEFINITION) & (HEAVY - {"rich", "click", "yaml"}) == set()


def test_the_list_of_loaded_modules_sees_what_is_there():
    """The two tests above are worth nothing if the listing is blind."""
    assert loaded_by("import click") & HEAVY == {"click"}


def imports(path: Path, *, package: str) -> Iterator[tuple[int, str, str | None]]:
    """The imports of a file as `(line, module, name)`, relative ones resolved; name is None in `import module`."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name, None) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            module = ".".join([*base, *([node.module] if node.module else [])])
            yield from ((node.lineno, module, alias.name) for alias in node.names)


def sources(root: Path) -> Iterator[tuple[Path, str]]:
    """The files of the package, each with the dotted name of the package it is in."""
    source = root / "src"
    for path in sorted((source / "jackfield").rglob("*.py")):
        yield path, ".".join(path.parent.relative_to(source).parts)


def is_submodule(source: Path, name: str | None) -> bool:
    return name is not None and ((source / f"{name}.py").is_file() or (source / name).is_dir())


def test_internals_never_import_the_root_package(root):
    """The root package is for users and imports everything lazily; an internal import of it makes a circle."""
    package = root / "src" / "jackfield"
    exempt = {package / "__main__.py", package / "__init__.py"}
    guilty = [
        f"{path.relative_to(root)}:{line}"
        for path, parent in sources(root)
        if path not in exempt and not path.is_relative_to(package / "connectors")
        for line, module, name in imports(path, package=parent)
        if module == "jackfield" and not is_submodule(package, name)
    ]

    assert guilty == []


def test_built_in_connectors_import_only_the_root_package(root):
    """Built-in connectors show that anybody's connector can do the same, so they get no back door."""
    connectors = root / "src" / "jackfield" / "connectors"
    guilty = [
        f"{path.relative_to(root)}:{line} imports {module}"
        for path, parent in sources(root)
        if path.is_relative_to(connectors)
        for line, module, name in imports(path, package=parent)
        if module.startswith("jackfield.") and not module.startswith("jackfield.connectors")
    ]

    assert guilty == []


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("import jackfield", ("jackfield", None)),
        ("from jackfield import Connector", ("jackfield", "Connector")),
        ("from .. import errors", ("jackfield", "errors")),
        ("from ..errors import JackfieldError", ("jackfield.errors", "JackfieldError")),
        ("from .url import parse", ("jackfield.egress.url", "parse")),
        ("def late():\n    from jackfield.vault import open", ("jackfield.vault", "open")),
    ],
)
def test_every_way_to_write_an_import_is_understood(tmp_path, code, found):
    """Relative and late imports count like any other."""
    path = tmp_path / "module.py"
    path.write_text(code)

    assert [(module, name) for _, module, name in imports(path, package="jackfield.egress")] == [found]


def test_the_sdk_of_mcp_is_loaded_by_its_first_use():
    """It costs as much as everything else together, and most processes never talk to such a server."""
    code = """
import asyncio
from jackfield.app.embedded import Embedded
from jackfield.dispatch.call import CallOptions, Origin
from jackfield.settings import Settings
async def main():
    runtime = Embedded(Settings(database_url="memory"), types=())
    tools = {"a": {"name": "a", "inputSchema": {"type": "object"}}}
    await runtime.add({"name": "it", "mcpServer": {"url": "https://mcp.example"}, "tools": tools})
    await runtime.call("delay", "wait", {"delayMs": 1}, CallOptions(), Origin())
    await runtime.close()
asyncio.run(main())
"""
    assert loaded_by(code) & {"mcp", "mcp_types", "fastmcp"} == set()
