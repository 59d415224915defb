"""Scripts that change what the language and the prelude are made of. They may harm themselves, and never what is told."""

# ruff: noqa: E501 - one script a line
from __future__ import annotations

import pytest

from jackfield.execution.script.errors import ScriptInvalid, ScriptOutOfMemory, ScriptTimeout
from jackfield.execution.script.sandbox import Thrown
from script.conftest import run

pytestmark = pytest.mark.asyncio(loop_scope="session")

LIMITS = {"memory_bytes": 24 * 1024 * 1024, "cpu_s": 0.3, "result_bytes": 1024 * 1024, "host_calls": 20}

# Body of the function, and the message of the error that comes of it: that of the script, whatever it has changed.
THROWN = [
    ("Object.prototype.toJSON = () => []; throw new Error('mine')", "mine"),
    ("Object.prototype.toJSON = () => undefined; throw new Error('mine')", "mine"),
    ("Object.prototype.toJSON = () => 'x'.repeat(1e6); throw new Error('mine')", "mine"),
    ("Object.prototype.toJSON = () => { for (;;); }; throw new Error('mine')", "mine"),
    (
        "Object.prototype.toJSON = () => ({ name: 'InternalError', message: 'out of memory' }); throw new Error('mine')",
        "mine",
    ),
    ("String.prototype.slice = () => 'y'.repeat(4e6); throw new Error('mine')", "mine"),
    ("String.prototype.slice = () => { for (;;); }; throw new Error('mine')", "mine"),
    ("const r = Proxy.revocable({}, {}); r.revoke(); throw r.proxy", "[cannot be shown]"),
    ("const r = Proxy.revocable(function () {}, {}); r.revoke(); throw r.proxy", "[cannot be shown]"),
    ("globalThis.Error = 5; throw { message: '' }", '{"message":""}'),
]


@pytest.mark.parametrize(("body", "message"), THROWN)
async def test_an_error_is_told_as_it_was_thrown(any_pool, body, message):
    """The engine must not be thought broken, or a limit reached, because a script has changed how texts are written."""
    thrown = await run(any_pool, f"function run() {{ {body} }}", **LIMITS)

    assert isinstance(thrown, Thrown)
    assert thrown.message == message


WORKS = [
    ("Object.prototype.toJSON = () => undefined; return floh.http.get('https://acme.example').status", 200),
    ("Object.prototype.toJSON = () => [1]; return floh.http.post('https://acme.example', 'a', { b: 'c' }).status", 200),
    ("Object.prototype.toJSON = () => ({ algorithm: 'none' }); return crypto.sha256('').slice(0, 8)", "e3b0c442"),
    ("String.prototype.slice = () => 'z'.repeat(3e6); floh.log.info('a'); return 1", 1),
]


@pytest.mark.parametrize(("body", "value"), WORKS)
async def test_what_the_host_is_asked_is_not_changed_on_its_way(any_pool, body, value):
    """A request is that of the script's call, and no break of the isolate."""
    assert await run(any_pool, f"function run() {{ {body} }}", **LIMITS) == value


@pytest.mark.parametrize("body", ["const o = {}; for (let i = 0; i < 1e7; i++) o['k' + i] = i; return o", "return '\\ufdfa'.repeat(3e5).normalize('NFKD').length"])  # fmt: skip
async def test_an_error_that_there_was_no_room_for_is_no_memory(any_pool, body):
    """The engine then throws something that is of no type at all."""
    with pytest.raises((ScriptOutOfMemory, ScriptTimeout)):
        await run(any_pool, f"function run() {{ {body} }}", **{**LIMITS, "cpu_s": 5.0})


async def test_functions_are_listed_whatever_becomes_of_arrays(any_pool):
    """A library of 2007 gives arrays a `toJSON`."""
    checked = await any_pool.check("Array.prototype.toJSON = () => 5; function run() { return 1 }")

    assert checked.functions == ("run",)


async def test_more_functions_than_can_be_told_say_so(any_pool):
    """Not an empty reason."""
    source = "for (let i = 0; i < 9; i++) globalThis['f' + i + 'x'.repeat(200000)] = () => 1"
    with pytest.raises(ScriptInvalid, match=r"more functions than can be told|too much memory"):
        await any_pool.check(source)
