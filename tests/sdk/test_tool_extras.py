"""Adapters need libraries that need not be there."""

from __future__ import annotations

import subprocess
import sys
from textwrap import dedent

import pytest

from jackfield import Jackfield, WrongUse

LIBRARIES = ("openai", "anthropic", "pydantic_ai", "langchain_core", "agents")


def test_no_library_is_imported_by_tools_that_do_not_need_it():
    """A program that talks to one model shall not load what four others need."""
    source = """
        import sys
        from jackfield import Jackfield

        with Jackfield(types=[]) as jf:
            toolset = jf.tools(["delay"])
            toolset.openai(), toolset.anthropic(), toolset.run_openai([]), toolset.run_anthropic([])
        print(*sorted(set(sys.argv[1:]) & set(sys.modules)))
    """
    done = subprocess.run(
        [sys.executable, "-c", dedent(source), *LIBRARIES], capture_output=True, text=True, check=True, timeout=60
    )

    assert done.stdout.strip() == ""


@pytest.mark.parametrize(
    ("module", "method", "extra"),
    [
        ("pydantic_ai", "pydantic_ai", "pydantic-ai"),
        ("langchain_core", "langchain", "langchain"),
        ("agents", "openai_agents", "openai-agents"),
    ],
)
def test_a_missing_library_is_named_with_what_brings_it(
    monkeypatch: pytest.MonkeyPatch, module: str, method: str, extra: str
):
    """Instead of an error from inside."""
    monkeypatch.setitem(sys.modules, module, None)
    with Jackfield(types=[]) as jf, pytest.raises(WrongUse, match=f"`{module}` is not installed") as missing:
        getattr(jf.tools(["delay"]), method)()

    assert missing.value.hint == f"pip install 'jackfield[{extra}]'"
