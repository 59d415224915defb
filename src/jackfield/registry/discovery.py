"""Finding connector types without a list: entry points, files and folders, classes of this process."""

from __future__ import annotations

import hashlib
import importlib
import importlib.metadata
import importlib.util
import inspect
import pkgutil
import sys
import threading
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any, cast

from jackfield.definition.connector import Connector, defined_classes
from jackfield.errors import JackfieldError
from jackfield.registry.catalogue import ConnectorType
from jackfield.registry.documents import read_file
from jackfield.registry.errors import LoadFailed

GROUP = "jackfield.connectors"
"""The entry-point group of installed packages that bring connectors."""


FOLDER_MODULE = "jackfield_folder_"
"""What the names of modules begin with that were loaded from files."""


_DOCUMENTS = frozenset({".json", ".yaml", ".yml"})

_loading = threading.local()


def is_loading() -> bool:
    """Whether this thread is running a connector file, so that a call now would wait for itself."""
    return bool(getattr(_loading, "active", False))


def from_entry_points(problems: list[JackfieldError]) -> Iterator[ConnectorType]:
    """The types of installed packages.

    An entry point names a class, a module or a package; of a package every module is searched, and every document
    (`*.json`, `*.yaml`) beside them. One that cannot be imported or read is added to `problems`, and the others are
    found all the same.
    """
    for entry in importlib.metadata.entry_points(group=GROUP):
        try:
            loaded: Any = entry.load()
            classes: Iterable[type[Connector]] = (
                cast(list[type[Connector]], [loaded]) if inspect.isclass(loaded) else _classes(loaded)
            )
            yield from types_of(classes)
            yield from _described(loaded)
        except JackfieldError as error:
            problems.append(error)
        except (Exception, SystemExit) as error:  # whatever a foreign package does at import
            problems.append(LoadFailed(place=f"entry point {entry.name} ({entry.value})", reason=_told(error)))


def _described(loaded: Any) -> Iterator[ConnectorType]:
    """The types that the documents in a package describe."""
    folders = [Path(folder) for folder in getattr(loaded, "__path__", ()) if Path(folder).is_dir()]
    documents = sorted(file for folder in folders for file in folder.iterdir() if file.suffix in _DOCUMENTS)
    for file in documents:
        yield from (entry.type for entry in read_file(file).entries if entry.type is not None)


def from_python_file(path: Path) -> list[ConnectorType]:
    """The types that a Python file defines.

    Raises:
        LoadFailed: It cannot be run; names the line.
    """
    digest = hashlib.sha256(str(path.resolve()).encode()).hexdigest()[:12]
    name = f"{FOLDER_MODULE}{digest}_{path.stem}"
    spec = importlib.util.spec_from_file_location(name, path.resolve())
    if spec is None or spec.loader is None:
        raise LoadFailed(place=str(path), reason="it is no Python file")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # annotations are resolved through it
    _loading.active = True
    try:
        spec.loader.exec_module(module)
    except JackfieldError as error:
        del sys.modules[name]
        raise LoadFailed(place=str(path), reason=f"{error.message} ({error.hint})", line=_line(error, path)) from error
    except (Exception, SystemExit) as error:  # whatever a user's file does
        del sys.modules[name]
        raise LoadFailed(place=str(path), reason=_told(error), line=_line(error, path)) from error
    finally:
        _loading.active = False
    return list(types_of(_own_classes(module)))


def from_this_process() -> list[ConnectorType]:
    """The types of every connector class that this process has defined or imported, oldest first.

    A class that was defined again, in a notebook, counts once, in its newest form. Classes of files that were
    loaded from a folder belong to whoever loaded them.
    """
    return list(types_of(cls for cls in defined_classes() if not cls.__module__.startswith(FOLDER_MODULE)))


def types_of(classes: Iterable[type[Connector]]) -> Iterator[ConnectorType]:
    """The types that classes define; base classes without a name define none."""
    for cls in classes:
        if "definition" in vars(cls):
            yield ConnectorType(definition=cls.definition, implementation=cls, place=_place(cls))


def _classes(module: ModuleType) -> Iterator[type[Connector]]:
    yield from _own_classes(module)
    for found in pkgutil.walk_packages(getattr(module, "__path__", ()), prefix=f"{module.__name__}."):
        yield from _own_classes(importlib.import_module(found.name))


def _own_classes(module: ModuleType) -> Iterator[type[Connector]]:
    for value in vars(module).values():
        if inspect.isclass(value) and issubclass(value, Connector) and value.__module__ == module.__name__:
            yield value


def _place(cls: type[Connector]) -> str:
    module = sys.modules.get(cls.__module__)
    return getattr(module, "__file__", None) or cls.__module__


def _told(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}"


def _line(error: BaseException, path: Path) -> int | None:
    """The last line of `path` that was running when `error` was raised."""
    file = str(path.resolve())
    if isinstance(error, SyntaxError) and error.filename == file:
        return error.lineno
    line, frame = None, error.__traceback__
    while frame is not None:
        if frame.tb_frame.f_code.co_filename == file:
            line = frame.tb_lineno
        frame = frame.tb_next
    return line
