"""The functions of a script, found by reading it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jackfield.definition.script_functions import functions_of

SCRIPTS = {
    "in their order": ("function b() {} function a() {}", ["b", "a"]),
    "async and generators": ("async function a() {}\nfunction* b() {}\nfunction *c() {}", ["a", "b", "c"]),
    "twice is once": ("function a() {} function a() {}", ["a"]),
    "their own business": ("function _a() {} function $b() {} function c() {}", ["c"]),
    "no values": ("var f = function a() {}; const g = () => 1; (function b() {})(); !function c() {}();", []),
    "not inside": (
        "function a() { function b() {} } if (1) { function c() {} } var o = { d: function d() {} };",
        ["a"],
    ),
    "comments": ("// function a() {}\n/* function b() {} */ function c() {} // function d() {", ["c"]),
    "texts": ("var x = \"function a() {\", y = 'it\\'s { function b() {'; function c() {}", ["c"]),
    "templates": (
        "var t = `function a() { ${ f(`{ ${ {} } `) } `; function b() { return `}`; } function c() {}",
        ["b", "c"],
    ),
    "regular expressions": (
        "var r = /[/{]\\/{/g; function a() { return x.replace(/{/, '') } function b() {}",
        ["a", "b"],
    ),
    "divisions": ("var n = 4 / 2 / 1; function a() { return (n) / 2; } var m = a() / 2; function b() {}", ["a", "b"]),
    "over lines": ("async\n function a\n(\n) {\n}\nfunction\nb() {}", ["a", "b"]),
    "after a value without semicolon": ("var a = b\nfunction c() {}", ["c"]),
    "exported": ("export function a() {}", ["a"]),
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
