"""`jackfield import mcp` and `jackfield connectors sync`, as people see them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from upstream import Running, Upstream, running, tool

from .stored import Terminal


@pytest.fixture
def upstream() -> Upstream:
    return Upstream(tool("find_book", "Find a book.\nBy title.", annotations={"readOnlyHint": True}), tool("sell"))


@pytest.fixture
def up(upstream: Upstream) -> Iterator[Running]:
    with running(upstream.app()) as started:
        yield started


@pytest.fixture
def terminal(tmp_path: Path, up: Running) -> Terminal:
    return Terminal(tmp_path / "data", settings={"egress_allow": up.address})


def test_the_tools_are_shown_before_anything_is_kept(terminal: Terminal, up: Running):
    shown = terminal("import", "mcp", up.url, "--name", "books", "--dry-run")
    there = terminal("connectors", "list", "--json")

    assert shown.stdout.splitlines() == ["find_book\treads\tFind a book.", "sell\tmay destroy\tA tool."]
    assert json.loads(there.stdout) == []


def test_a_server_is_imported_and_synced(terminal: Terminal, upstream: Upstream, up: Running):
    made = terminal("import", "mcp", up.url, "--name", "books")
    upstream.tools[:] = [tool("find_book", "Find it.", annotations={"readOnlyHint": True}), tool("lend")]
    looked = terminal("connectors", "sync", "books")
    done = terminal("connectors", "sync", "books", "--apply")

    assert made.exit_code == 0, made.stderr
    assert made.stderr == "Made the connector `default/books`.\n"
    assert looked.stdout.splitlines() == [
        "+ lend",
        '    description "A tool."',
        '    inputSchema {"type":"object"}',
        "~ find_book",
        '    description was "Find a book.\\nBy title."',
        '    description is "Find it."',
        "- sell",
    ]
    assert looked.stderr == (
        "`default/books`: 1 came, 1 changed, 1 went, 0 stayed. Nothing was changed; `--apply` pins what is different.\n"
    )
    assert done.stderr.endswith("Its type `books` is now of version 2.0.0.\n")
    assert "~ find_book (pinned)" in done.stdout


def test_a_program_that_is_not_listed_is_refused(terminal: Terminal):
    refused = terminal("import", "mcp", "sh", "--name", "books")

    assert refused.exit_code == 2
    assert "JACKFIELD_MCP_COMMANDS" in refused.stderr


def test_a_secret_is_named_and_not_given(terminal: Terminal, upstream: Upstream):
    with running(upstream.app(), token="a-token-of-books") as up:
        at = Terminal(terminal.folder, settings={"egress_allow": up.address})
        at("secrets", "set", "BOOKS", stdin="a-token-of-books")
        made = at("import", "mcp", up.url, "--name", "books", "--bearer", "BOOKS")
        called = at("call", "books.sell")

    assert made.exit_code == 0, made.stderr
    assert called.exit_code == 0, called.stderr
