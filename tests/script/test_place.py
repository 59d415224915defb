"""Where a syntax error is: the column that an editor would mark."""

from __future__ import annotations

import pytest

from jackfield.execution.script.errors import ScriptInvalid
from jackfield.execution.script.place import Places, characters, placed
from jackfield.execution.script.sandbox import Thrown

from .conftest import run

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest.mark.parametrize(
    ("source", "line", "column"),
    [
        ("function a(){ return 1 +; }", 1, 25),
        ("function run() {\n  return 1 +;\n}", 2, 13),
        ("x = = 1", 1, 5),
        ("let é = 'é', b = ;", 1, 18),
        ("function f(){\r\n  var o = {a: 1 b: 2};\r\n}", 2, 17),
        ("var r = x.map(a => a b)", 1, 22),
        ("function f(){ if (x { } }", 1, 21),
        ("var a = 'x\n", 1, 9),
        ("for (;;);\nimport x from 'y';", 2, 8),
        ("/(/", 1, 1),
        ("function run() {\n  var a = 1 / 2, b = /x\\/(/;\n}", 2, 22),
        ("'é'; /a/gg", 1, 6),
        ("let a;\nlet b = /(?<a>x)(?<a>y)/;\nlet c = ;", 2, 9),
        ("function run() {", 1, 17),
        ("function run() {\n", 1, 17),
        ("function run() {\n  return [1,\n\n  \n", 2, 13),
        ("function run() { /* é\n", 1, 22),
        ("`abc\n", 1, 5),
    ],
)
async def test_a_syntax_error_is_where_the_mistake_is(pool, source, line, column):
    """The engine's own column is often that of a name before it. Nothing of the script runs while it is looked for."""
    with pytest.raises(ScriptInvalid) as raised:
        await pool.check(source)
    error = await placed(raised.value, source, pool)

    assert (error.details["line"], error.details["column"]) == (line, column)
    assert error.details["reason"] == raised.value.details["reason"]


@pytest.mark.parametrize("source", ["throw new SyntaxError('mine')", "null.x", "for (;;);", "new RegExp('(')"])
async def test_other_errors_stay_as_they_are(pool, source):
    """Also one that a script throws itself, by that name."""
    with pytest.raises(ScriptInvalid) as raised:
        await pool.check(source)

    assert await placed(raised.value, source, pool) is raised.value


@pytest.mark.parametrize(
    ("source", "stack"),
    [
        ("function run() { null.x }", ["1:18"]),
        ("#!/usr/bin/env js\nfunction run() { null.x }", ["2:18"]),
        ("function run() { inner() } function inner() { throw new Error('x') }", ["1:57", "1:18"]),
        ("// c\r\nlet é = '€😀'; function run() {\r\n  'ü'; null.x }", ["3:8"]),
        ("let é = '€😀'; function run() { const f = () => { null.x }; f() }", ["1:50", "1:60"]),
    ],
)
async def test_an_exception_is_where_it_was_thrown(any_pool, source, stack):
    """Counted in characters, from 1, on every line; QuickJS counts bytes, and those of the first line from 0."""
    thrown = await run(any_pool, source)

    assert isinstance(thrown, Thrown)
    assert [frame.partition("script.js:")[2].rstrip(")") for frame in thrown.stack.splitlines()] == stack
    assert f"{thrown.line}:{thrown.column}" == stack[0]


async def test_an_exception_outside_of_functions_is_where_it_was_thrown(pool):
    """Such a script cannot be loaded."""
    for source, column in (("   null.x", 4), ("null.x", 1), ("'é'; null.x", 6)):
        with pytest.raises(ScriptInvalid) as raised:
            await pool.check(source)

        assert (raised.value.details["line"], raised.value.details["column"]) == (1, column)


async def test_a_script_sees_the_same_lines_in_its_own_stacks(pool):
    """What it logs and what it is told must not differ by a line."""
    came = await run(pool, "function run() { return new Error('x').stack }")

    assert "script.js:1:29" in came


@pytest.mark.parametrize(("column", "expected"), [(0, 1), (1, 1), (4, 3), (5, 4), (99, 5)])
async def test_a_column_that_is_none_stays_on_its_line(column, expected):
    """Numbers come from the isolate, where a script may write them."""
    assert characters("aéz;", 1, column) == expected
    assert characters("aéz;", 7, column) == column


async def test_a_place_is_looked_for_once(pool):
    """A script that cannot be loaded may be called all day long."""

    class Counting:
        checks = 0

        async def check(self, source):
            self.checks += 1
            return await pool.check(source)

    sandbox, source = Counting(), "let a = (1;"
    places, errors, counts = Places(sandbox), [], []
    with pytest.raises(ScriptInvalid) as raised:
        await pool.check(source)
    for _ in range(3):
        errors.append(await places.of(raised.value, source))
        counts.append(sandbox.checks)

    assert counts[0] == counts[2] > 0
    assert {(error.details["line"], error.details["column"]) for error in errors} == {(1, 11)}
    assert len({id(error) for error in errors}) == 3
