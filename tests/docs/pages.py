"""Runs the examples of one page as a reader would: in order, in one folder, as one script."""

from __future__ import annotations

import doctest
import re
import sys
from contextlib import ExitStack, suppress
from pathlib import Path
from types import ModuleType
from unittest import SkipTest

import pytest
from sybil import Example, Sybil
from sybil.evaluators.python import PythonEvaluator
from sybil.parsers.markdown import CodeBlockParser, PythonCodeBlockParser, SkipParser

from .console import SERVERS, run_session
from .server import PageServers

# A block that starts with a file's name, such as `# todo.py`, is that file, saved where the page's commands run.
FILE_NAME = re.compile(r"(?:#|//) (?P<name>\w[\w/-]*\.(?:py|yaml|toml|js))\n")


def save(example: Example) -> None:
    """Write the block to the file that its first line names, if it names one."""
    if named := FILE_NAME.match(example.parsed):
        path = Path(named["name"])
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(example.parsed)


def save_and_run(example: Example) -> None:
    save(example)
    PythonEvaluator()(example)


class PythonParser(PythonCodeBlockParser):
    """Python blocks, as sessions (`>>>`) or as they stand in a file."""

    def __init__(self) -> None:
        super().__init__(doctest_optionflags=doctest.ELLIPSIS)
        self.codeblock_parser = CodeBlockParser("python", save_and_run)


SYBIL = Sybil(
    parsers=[
        SkipParser(),
        PythonParser(),
        CodeBlockParser("console", run_session),
        CodeBlockParser("bash", run_session),
        CodeBlockParser("yaml", save),
        CodeBlockParser("toml", save),
        CodeBlockParser("js", save),
    ],
)


def run_page(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run the examples of the page at `path` in order, in one namespace.

    The namespace is that of `__main__`, so that classes and type hints find their names as they do in a script.

    Raises:
        SybilFailure: A page shows what did not happen. What Python examples raise comes through as it is.
    """
    document = SYBIL.parse(path)
    main = ModuleType("__main__")
    monkeypatch.setitem(sys.modules, "__main__", main)
    document.namespace = vars(main)
    with ExitStack() as running:
        document.namespace[SERVERS] = PageServers(running, monkeypatch)
        for example in document.examples():
            # `skip: next if(...)` with a reason raises this; the rest of the page still counts.
            with suppress(SkipTest):
                example.evaluate()
