"""Filling a catalogue from files and folders, going on past what is broken."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from jackfield.access.principal import DEFAULT_TENANT
from jackfield.definition.model import ConnectorDefinition
from jackfield.errors import JackfieldError
from jackfield.registry.catalogue import MemoryCatalogue
from jackfield.registry.discovery import from_entry_points, from_python_file, from_this_process
from jackfield.registry.documents import Entry, read_entry, read_file

Check = Callable[[ConnectorDefinition], None]

SUFFIXES = frozenset({".py", ".yaml", ".yml", ".json"})


def load_installed(catalogue: MemoryCatalogue) -> list[JackfieldError]:
    """Add the types of installed packages, the built-in ones among them. Returns what went wrong."""
    problems: list[JackfieldError] = []
    for found in from_entry_points(problems):
        with _collected(problems):
            catalogue.add_type(found)
    return problems


def load_process(catalogue: MemoryCatalogue, problems: list[JackfieldError]) -> None:
    """Add the types of classes that this process has defined or imported since, and what went wrong."""
    for found in from_this_process():
        known = catalogue.find_type(found.definition.name)
        if known is None or known.implementation is not found.implementation:
            with _collected(problems):
                catalogue.add_type(found)


def load_paths(catalogue: MemoryCatalogue, paths: Iterable[Path], *, check: Check) -> list[JackfieldError]:
    """Add what files, and the files directly inside folders, define. Returns what went wrong.

    Python files come first, whatever the order, so that documents can name their types.

    Args:
        catalogue: Is added to.
        paths: Files and folders.
        check: Refuses a definition that its execution model could not run.
    """
    problems: list[JackfieldError] = []
    files = sorted(_files(paths), key=lambda path: (path.suffix != ".py", path))
    for path in files:
        with _collected(problems):
            _load_file(catalogue, path, check)
    return problems


def load_entry(
    catalogue: MemoryCatalogue, raw: Mapping[str, Any], *, check: Check, tenant: str = DEFAULT_TENANT
) -> str:
    """Add one connector given as a dict; returns its full name.

    Raises:
        JackfieldError: It cannot be added.
    """
    entry = read_entry(raw, place="a dict", tenant=tenant)
    _add(catalogue, entry, check)
    return entry.connector.full_name


def _load_file(catalogue: MemoryCatalogue, path: Path, check: Check) -> None:
    if path.suffix == ".py":
        for found in from_python_file(path):
            catalogue.add_type(found)
        return
    for entry in read_file(path):
        _add(catalogue, entry, check)


def _add(catalogue: MemoryCatalogue, entry: Entry, check: Check) -> None:
    if entry.type is not None:
        check(entry.type.definition)
        catalogue.add_type(entry.type)
    catalogue.add_connector(entry.connector)


def _files(paths: Iterable[Path]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            inside = (child for child in path.iterdir() if child.suffix in SUFFIXES and child.is_file())
            yield from (child for child in inside if not child.name.startswith(("_", ".")))
        else:
            yield path


@contextmanager
def _collected(problems: list[JackfieldError]) -> Iterator[None]:
    try:
        yield
    except JackfieldError as error:
        problems.append(error)
