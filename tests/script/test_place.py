"""Where a syntax error is: the column that an editor would mark."""

from __future__ import annotations

import pytest

from jackfield.execution.script.errors import ScriptInvalid
from jackfield.execution.script.place import placed

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
    ],
)
async def test_a_syntax_error_is_where_the_mistake_is(pool, source, line, column):
    """The engine's own column is often that of a name before it. Nothing of the script runs while it is looked for."""
    with pytest.raises(ScriptInvalid) as raised:
        await pool.check(source)
    error = await placed(raised.value, source, pool)

    assert (error.details["line"], error.details["column"]) == (line, column)
    assert error.details["reason"] == raised.value.details["reason"]


@pytest.mark.parametrize("source", ["throw new SyntaxError('mine')", "null.x", "for (;;);", "/(/"])
async def test_other_errors_stay_as_they_are(pool, source):
    """Also one that a script throws itself, by that name."""
    with pytest.raises(ScriptInvalid) as raised:
        await pool.check(source)

    assert await placed(raised.value, source, pool) is raised.value
