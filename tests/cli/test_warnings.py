"""Warnings that say the same are one line: some documents have thousands of them."""

from __future__ import annotations

import json

import pytest

from jackfield.surfaces.cli.warnings import echo_warnings

from .stored import Terminal

HEADER = {"name": "Accept", "in": "header", "schema": {"type": "string"}}


def document(count: int) -> str:
    paths = {f"/p{index}": {"get": {"parameters": [HEADER], "responses": {}}} for index in range(count)}
    return json.dumps({"openapi": "3.0.3", "info": {"title": "Many", "version": "1"}, "paths": paths})


def test_equal_warnings_of_a_document_are_one_line_with_its_first_places(tmp_path):
    """And all of them are in the JSON, each with its place."""
    terminal = Terminal(tmp_path / "data")
    shown = terminal("import", "openapi", "-", "--dry-run", stdin=document(1200)).stderr.splitlines()
    whole = json.loads(terminal("import", "openapi", "-", "--dry-run", "--json", stdin=document(1200)).stdout)

    assert [line for line in shown if line.startswith("warning:")] == [
        "warning: a header parameter `Accept` is ignored, as OpenAPI has it: the request sets it by itself "
        "(in 1,200 places: /paths/~1p0/get/parameters/0, /paths/~1p1/get/parameters/0, "
        "/paths/~1p2/get/parameters/0, ...)"
    ]
    assert len(whole["parsed"]["warnings"]) == 1200


@pytest.mark.parametrize(
    ("given", "lines"),
    [
        ([], []),
        ([("/a", "it is odd")], ["warning: /a: it is odd"]),
        ([("", "it is odd")], ["warning: /: it is odd"]),
        ([("/a", "odd"), ("/b", "even"), ("/c", "odd")], ["warning: odd (in 2 places: /a, /c)", "warning: /b: even"]),
    ],
)
def test_warnings_as_lines(given, lines, capsys):
    echo_warnings(given)

    assert capsys.readouterr().err.splitlines() == lines


def test_what_is_not_shown_is_counted(capsys):
    """Warnings, and not lines."""
    echo_warnings((f"/{index}", f"odd {index % 25}") for index in range(50))

    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 21
    assert lines[-1] == "warning: there are 10 more; `--json` has them all"
