"""The functions of a script, found by reading it."""

from __future__ import annotations

import logging

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jackfield.definition.script_functions import functions_of
from jackfield.execution.script.host import ScriptHost, send_nothing
from jackfield.execution.script.pool import SandboxPool
from jackfield.execution.script.sandbox import Job

SCRIPTS = {
    "in their order": ("function b() {} function a() {}", ["b", "a"]),
    "async and generators": ("async function a() {}\nfunction* b() {}\nfunction *c() {}", ["a", "b", "c"]),
    "twice is once": ("function a() {} function a() {}", ["a"]),
    "their own business": ("function _a() {} function $b() {} function c() {}", ["c"]),
    "no values": (
        "var o = { f() {} }; (function b() {})(); !function c() {}(); o.f(function d() {}, () => 1); "
        "o.y = function e() {};",
        [],
    ),
    "in variables": (
        "var a = function x() {}; const b = () => 1, c = async (x, { y } = {}) => { f(() => 2); }; let d = x => x; "
        "const e = async function () {}; const n = 1, m = (1), o = [1].map(() => 1), p = [() => 1];",
        ["a", "b", "c", "d", "e"],
    ),
    "not inside": ("function a() { function b() {} } if (1) { let z = function c() {}; } var o = { d() {} };", ["a"]),
    "comments": ("// function a() {}\n/* function b() {} */ function c() {} // function d() {", ["c"]),
    "texts": ("var x = \"function a() {\", y = 'it\\'s { function b() {'; function c() {}", ["c"]),
    "templates": (
        "var t = `function a() { ${ String(`{ ${ {} } `) } `; function b() { return `}`; } function c() {}",
        ["b", "c"],
    ),
    "regular expressions": (
        "var r = /[/{]\\/{/g; function a() { return x.replace(/{/, '') } function b() {}",
        ["a", "b"],
    ),
    "divisions": (
        "var n = 4 / 2 / 1; function a() { return (n) / 2; } var m = a() / 2; function b() {}",
        ["a", "b"],
    ),
    "over lines": ("async function a\n(\n) {\n}\nfunction\nb() {}", ["a", "b"]),
    "after a value without semicolon": ("var a = 1\nfunction c() {}", ["c"]),
    "half of one": ("function a() { `", ["a"]),
}


@pytest.mark.parametrize(("source", "names"), SCRIPTS.values(), ids=SCRIPTS)
def test_the_declared_functions_are_found(source: str, names: list[str]):
    """They are the commands of a connector that declares none."""
    assert list(functions_of(source)) == names


@given(st.text(alphabet="function ab(){}[]`'\"/\\*$\n;=", max_size=200) | st.text(max_size=50))
def test_no_text_is_too_much(source: str):
    """It is what a user has sent."""
    assert all(name in source for name in functions_of(source))


@given(st.sampled_from(["/", "=/[", "`${", "'", "/*", "(", "function ", "=/"]))
def test_a_large_script_is_read_once(part: str):
    """A text made to be slow costs what any of its length costs."""
    assert functions_of("function a() {}" + part * 20_000)[:1] == ("a",)


async def test_what_is_read_is_what_the_sandbox_finds():
    """A command that is offered can be called, and none is kept back."""
    sandbox = SandboxPool(processes=1)
    loadable = [source for name, (source, _) in SCRIPTS.items() if name != "half of one"]
    try:
        for source in loadable:
            found = functions_of(source)
            there = [name for name in (await sandbox.check(source)).functions if name[0] not in "_$"]
            host = ScriptHost(send_nothing, logging.LoggerAdapter(logging.getLogger("test")))
            for name in found:  # one that is not there raises
                await sandbox.run(Job(source=source, function=name), host)

            assert set(there) <= set(found), source
    finally:
        await sandbox.close()
