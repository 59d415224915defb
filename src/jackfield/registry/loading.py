"""Filling a catalogue from files and folders, going on past what is broken."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from jackfield.access.principal import DEFAULT_TENANT
from jackfield.definition.model import ConnectorDefinition
from jackfield.definition.names import find
from jackfield.errors import JackfieldError
from jackfield.registry.bodies import Entry, read_entry
from jackfield.registry.catalogue import ConnectorType, MemoryCatalogue
from jackfield.registry.checking import Check
from jackfield.registry.chosen_type import choose_type
from jackfield.registry.discovery import from_entry_points, from_python_file, from_this_process
from jackfield.registry.documents import read_file
from jackfield.registry.errors import LoadFailed
from jackfield.registry.script_files import SUFFIX as SCRIPT
from jackfield.registry.script_files import stands_alone

logger = logging.getLogger("jackfield")

SUFFIXES = frozenset({".py", ".yaml", ".yml", ".json", SCRIPT})


def load_installed(catalogue: MemoryCatalogue) -> list[JackfieldError]:
    """Add the types of installed packages, the built-in ones among them. Returns what went wrong."""
    problems: list[JackfieldError] = []
    for found in from_entry_points(problems):
        with _collected(problems):
            catalogue.add_type(replace(found, packaged=True))
    return problems


def load_process(catalogue: MemoryCatalogue, problems: list[JackfieldError]) -> None:
    """Add the types of classes that this process has defined or imported since, and what went wrong."""
    for found in from_this_process():
        known = catalogue.find_type(found.definition.name, tenant=DEFAULT_TENANT)
        if known is None or not _is_the_same(known, found):
            with _collected(problems):
                catalogue.add_type(found)


async def load_paths(catalogue: MemoryCatalogue, paths: Iterable[Path], *, check: Check) -> list[JackfieldError]:
    """Add what files, and the files directly inside folders, define. Returns what went wrong.

    Python files come first, whatever the order, so that documents can name their types; and last the scripts that no
    document has.

    Args:
        catalogue: Is added to.
        paths: Files and folders.
        check: Refuses a definition that its execution model could not run.
    """
    problems: list[JackfieldError] = []
    found, given = list[Path](), list(paths)
    for path in given:
        with _collected(problems, place=path):
            found += _files(path)
    used: set[Path] = set()
    for path in sorted(found, key=lambda path: (path.suffix == SCRIPT, path.suffix != ".py", path)):
        if path.suffix != SCRIPT or stands_alone(path, used, named=path in given):
            with _collected(problems, place=path):
                await _load_file(catalogue, path, check, used)
    return problems


async def load_entry(
    catalogue: MemoryCatalogue, raw: Mapping[str, Any], *, check: Check, tenant: str = DEFAULT_TENANT
) -> str:
    """Add one connector given as a dict; returns its full name.

    Raises:
        JackfieldError: It cannot be added.
    """
    read = partial(read_entry, raw, place="a dict", tenant=tenant)
    given: object = raw  # whoever calls this from Python may have given anything
    # A document may be large. Anything else is read before a thread would have begun.
    large = isinstance(given, Mapping) and find("spec", given) is not None
    entry = await asyncio.to_thread(read) if large else read()
    await _add(catalogue, entry, check)
    return entry.connector.full_name


async def _load_file(catalogue: MemoryCatalogue, path: Path, check: Check, used: set[Path]) -> None:
    if path.suffix == ".py":
        for found in from_python_file(path):
            catalogue.add_type(found)
        return
    read = await asyncio.to_thread(read_file, path)
    used.update(script.resolve() for script in read.scripts)
    for entry in read.entries:
        await _add(catalogue, entry, _telling_where(check, entry))


def _telling_where(check: Check, entry: Entry) -> Check:
    async def checked(definition: ConnectorDefinition) -> None:
        try:
            await check(definition)
        except JackfieldError as error:
            place = entry.type.place if entry.type else ""
            raise LoadFailed(place=place, reason=f"{error.message} ({error.hint})") from error

    return checked


async def _add(catalogue: MemoryCatalogue, entry: Entry, check: Check) -> None:
    catalogue.check_free(entry.connector)
    chosen = choose_type(entry, lambda name: _definition(catalogue, name, entry.connector.tenant))
    if chosen.new is not None:
        assert entry.type is not None  # noqa: S101 - it brings what is new
        await check(chosen.new)
        catalogue.add_type(replace(entry.type, definition=chosen.new))
    catalogue.add_connector(replace(entry.connector, type=chosen.name))
    for warning in chosen.warnings:
        logger.warning("connector `%s`: %s", entry.connector.full_name, warning)


def _definition(catalogue: MemoryCatalogue, name: str, tenant: str) -> ConnectorDefinition | None:
    found = catalogue.find_type(name, tenant=tenant)
    return found.definition if found else None


def _files(path: Path) -> list[Path]:
    if not path.is_dir():
        path.stat()  # says why it cannot be read, if it cannot
        return [path]
    inside = (child for child in path.iterdir() if child.suffix in SUFFIXES and child.is_file())
    return [child for child in inside if not child.name.startswith(("_", "."))]


def _is_the_same(known: ConnectorType, found: ConnectorType) -> bool:
    """One class, or one file that was both imported and found in a folder."""
    here, there = Path(known.place), Path(found.place)
    one_file = here.suffix == ".py" and there.suffix == ".py" and here.resolve() == there.resolve()
    return known.implementation is found.implementation or (one_file and here != there)


@contextmanager
def _collected(problems: list[JackfieldError], *, place: object = "") -> Iterator[None]:
    try:
        yield
    except JackfieldError as error:
        if error.message not in [known.message for known in problems]:
            problems.append(error)
            logger.warning("%s (%s)", error, error.hint)
    except OSError as error:
        problems.append(LoadFailed(place=str(place), reason=(error.strerror or str(error)).lower()))
        logger.warning("%s", problems[-1])
    except RecursionError:
        problems.append(LoadFailed(place=str(place), reason="it is nested too deeply"))
        logger.warning("%s", problems[-1])
