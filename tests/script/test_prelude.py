"""What a script finds beside the language."""

# ruff: noqa: E501 - scripts read better in one line
from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jackfield.errors import CallTimeout
from jackfield.execution.script.errors import ScriptFunctionMissing, ScriptInvalid
from jackfield.execution.script.sandbox import ScriptAnswer, ScriptRequest, Thrown

from .conftest import run

pytestmark = pytest.mark.asyncio(loop_scope="session")

EXAMPLES = max(5, int(100 * float(os.environ.get("JACKFIELD_TEST_SCALE", "0.2"))))
OFTEN = settings(max_examples=EXAMPLES, suppress_health_check=[HealthCheck.function_scoped_fixture])


# ---- Requests


SENT = {
    "floh.http.get('https://a.example/x', { Accept: 'text/html', n: 1, none: null })": ScriptRequest(
        method="GET", url="https://a.example/x", headers={"Accept": "text/html", "n": "1"}
    ),
    "floh.http.delete('https://a.example/x')": ScriptRequest(method="DELETE", url="https://a.example/x"),
    "floh.http.post('https://a.example/x', { a: [1, 'ü'] })": ScriptRequest(
        method="POST", url="https://a.example/x", headers={"Content-Type": "application/json"}, body='{"a":[1,"ü"]}'.encode()
    ),
    "floh.http.put('https://a.example/x', '{\"a\": 1}')": ScriptRequest(
        method="PUT", url="https://a.example/x", headers={"Content-Type": "application/json"}, body=b'{"a": 1}'
    ),
    "floh.http.patch('https://a.example/x', 'plain')": ScriptRequest(
        method="PATCH", url="https://a.example/x", headers={"Content-Type": "text/plain"}, body=b"plain"
    ),
    "floh.http.post('https://a.example/x', 'a=1', { 'content-type': 'application/x-custom' })": ScriptRequest(
        method="POST", url="https://a.example/x", headers={"content-type": "application/x-custom"}, body=b"a=1"
    ),
    "floh.http.post('https://a.example/x', new Uint8Array([0, 255, 128]))": ScriptRequest(
        method="POST", url="https://a.example/x", headers={"Content-Type": "application/octet-stream"}, body=b"\0\xff\x80"
    ),
    "floh.http.post('https://a.example/x', new URLSearchParams({ a: 'b c' }))": ScriptRequest(
        method="POST",
        url="https://a.example/x",
        headers={"Content-Type": "application/x-www-form-urlencoded"},
        body=b"a=b+c",
    ),
    "floh.http.request({ method: 'patch', url: new URL('https://a.example/x'), body: 5, timeout: 1500.2 })": ScriptRequest(
        method="PATCH", url="https://a.example/x", headers={"Content-Type": "application/json"}, body=b"5", timeout_ms=1501
    ),
    "jackfield.http.request({ url: 'https://a.example/x', headers: { __proto__: null, x: '1' } })": ScriptRequest(
        method="GET", url="https://a.example/x", headers={"x": "1"}
    ),
    "floh.http.post('https://a.example/x', '')": ScriptRequest(
        method="POST", url="https://a.example/x", headers={"Content-Type": "text/plain"}, body=b""
    ),
    "floh.http.post('https://a.example/\\ud800', '\\ud800')": ScriptRequest(
        method="POST", url="https://a.example/\ufffd", headers={"Content-Type": "text/plain"}, body="\ufffd".encode()
    ),
}  # fmt: skip


@pytest.mark.parametrize("asked", SENT, ids=lambda asked: asked[:60])
async def test_a_request_leaves_as_the_guides_say(pool, service, asked):
    """Scripts of the guides run unchanged."""
    came = await run(pool, f"function run() {{ return {asked}.body }}", service=service)

    assert service.requests == [SENT[asked]]
    assert came == {"url": SENT[asked].url}


@pytest.mark.parametrize("body", [{"a": [1, None, "ü"]}, "text", None, 5, [], b"\x00\xff\x10", b"", 2**70, "\ud800"])
async def test_an_answer_comes_as_what_it_is(pool, service, body):
    """Parsed JSON, text, or bytes that say so."""

    async def answer(request: ScriptRequest) -> ScriptAnswer:
        return ScriptAnswer(status=404, headers={"content-type": "x"}, body=body)

    service.answer = answer
    source = """
    function run() {
      const { status, headers, body, binary } = floh.http.get("https://a.example");
      return { status, headers, binary, body: binary ? [...body] : body };
    }
    """
    came = await run(pool, source, service=service)

    assert came.pop("status") == 404
    assert came.pop("headers") == {"content-type": "x"}
    expected = {
        bytes: lambda: {"body": list(body), "binary": True},
        str: lambda: {"body": body.encode("utf-8", "replace").decode()},
    }
    if isinstance(body, bytes):
        assert came == expected[bytes]()
    elif body == "\ud800":
        assert came == {"body": "\ufffd"}
    else:
        assert came == {"body": body}


async def test_an_error_of_a_request_can_be_caught_by_its_code(pool, service):
    """Policy and network are for the script to handle; statuses are no errors."""

    async def answer(request: ScriptRequest) -> ScriptAnswer:
        raise CallTimeout(timeout_s=3)

    service.answer = answer
    caught = "function run() { try { floh.http.get('https://a.example') } catch (e) { return [e.name, e.code, e.message, e instanceof Error] } }"
    let_pass = "function run() {\n  return floh.http.get('https://a.example');\n}"
    came = await run(pool, caught, service=service)
    thrown = await run(pool, let_pass, service=service)

    assert came == ["HostError", "timeout", "the command did not finish within `3` s", True]
    assert isinstance(thrown, Thrown)
    assert (thrown.name, thrown.code, thrown.line) == ("HostError", "timeout", 2)
    assert "prelude" not in thrown.stack


@pytest.mark.parametrize(
    "asked",
    [
        "floh.http.get()",
        "floh.http.get(null)",
        "floh.http.get('https://a.example', 'x')",
        "floh.http.post('https://a.example', Symbol('x'))",
        "floh.http.post('https://a.example', () => 1)",
        "floh.http.request()",
        "floh.http.request({ url: 'https://a.example', method: 'GET /' })",
        "floh.http.request({ url: 'https://a.example', method: 5 })",
        "floh.http.request({ url: 'https://a.example', timeout: -1 })",
        "floh.http.request({ url: 'https://a.example', timeout: '5' })",
    ],
)
async def test_a_request_that_makes_no_sense_is_the_scripts_error(pool, service, asked):
    """It never leaves, and the message says what is wrong."""
    thrown = await run(pool, f"function run() {{ return {asked} }}", service=service)

    assert isinstance(thrown, Thrown)
    assert thrown.message
    assert service.requests == []


async def test_a_method_that_is_none_has_a_code_of_its_own(pool, service):
    """So that it can be told from what a service, or the way to it, did."""
    thrown = await run(
        pool, "function run() { floh.http.request({ url: 'https://a.example', method: 'GET /' }) }", service=service
    )

    assert isinstance(thrown, Thrown)
    assert (thrown.code, thrown.message) == (
        "script-request-invalid",
        "the script's request makes no sense: `GET /` is no HTTP method",
    )


# ---- Config, params, variables, log


@OFTEN
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
        max_leaves=20,
    )
)
async def test_values_pass_through_unchanged(pool, value):
    """NUL, halves of characters, names like `__proto__` and all."""
    sound = json.loads(json.dumps(value, ensure_ascii=False).encode("utf-8", "replace"))
    came = await run(pool, "function run() { return [floh.params, floh.config, floh.variables] }", params={"v": sound}, config={"__proto__": {"x": 1}}, variables={"a": "\0"})  # fmt: skip

    assert came == [{"v": sound}, {"__proto__": {"x": 1}}, {"a": "\0"}]


async def test_numbers_beyond_the_languages_lose_their_last_digits(pool):
    """As with every JSON.parse: identifiers of that size belong into texts."""
    came = await run(
        pool,
        "function run() { return [floh.params.id, floh.params.text] }",
        params={"id": 2**53 + 1, "text": str(2**53 + 1)},
    )

    assert came == [2**53, str(2**53 + 1)]


async def test_what_is_given_cannot_be_changed(pool):
    """A view: in strict code an error, else nothing happens."""
    source = """
    function run() {
      floh.params.a.b = 2; floh.params.c = 3; floh.params = 4; delete floh.config; floh.http.get = null;
      const strict = () => { "use strict"; try { floh.params.a.b = 2; return "changed" } catch (e) { return e.name } };
      return [floh.params, typeof floh.config, typeof floh.http.get, strict()];
    }
    """

    assert await run(pool, source, params={"a": {"b": 1}}) == [{"a": {"b": 1}}, "object", "function", "TypeError"]


async def test_log_lines_arrive_with_their_level(pool, service):
    """Anything can be logged, and nothing makes it fail."""
    source = """
    function run() {
      floh.log.trace("t"); floh.log.debug({ a: 1 }, 2); floh.log.info(new TypeError("x")); floh.log.warn(undefined, null, Symbol("s"));
      floh.log.error({ toJSON() { throw 1 } }); console.log("c"); console.error("e"); console.debug(1n);
    }
    """
    await run(pool, source, service=service)

    assert service.lines == [
        ("trace", "t"),
        ("debug", '{"a":1} 2'),
        ("info", "TypeError: x"),
        ("warn", "undefined null Symbol(s)"),
        ("error", "[cannot be shown]"),
        ("info", "c"),
        ("error", "e"),
        ("debug", "1"),
    ]


# ---- Results and errors


@pytest.mark.parametrize(
    ("returned", "expected"),
    [
        ("undefined", None),
        ("null", None),
        ("0", 0),
        ("-0", 0),
        ("NaN", None),
        ("'\\0'", "\0"),
        ("'\\ud800x'", "\ufffdx"),
        ("'\\\\ud800'", "\\ud800"),
        ("new Date(0)", "1970-01-01T00:00:00.000Z"),
        ("{ a: undefined, b: () => 1, c: [undefined] }", {"c": [None]}),
        ("new Map([[1, 2]])", {}),
        ("Promise.resolve(Promise.resolve(5))", 5),
        ("{ then(ok) { ok(6) } }", 6),
        ("{ toJSON: () => 7 }", 7),
        ("Object.create(null)", {}),
        ("JSON.parse('{\"__proto__\": 1}')", {"__proto__": 1}),
    ],
)
async def test_a_result_is_what_json_makes_of_it(any_pool, returned, expected):
    """From the engine's own JSON, whatever a script did to that name."""
    assert await run(any_pool, f"function run() {{ JSON.stringify = null; return {returned} }}") == expected


@pytest.mark.parametrize(
    ("returned", "words"),
    [
        ("() => 1", "function"),
        ("Symbol('x')", "symbol"),
        ("1n", "BigInt"),
        ("(() => { const o = {}; o.o = o; return o })()", "circular"),
    ],
)
async def test_a_result_that_is_no_json_is_told(pool, returned, words):
    """Rather than an empty answer."""
    thrown = await run(pool, f"function run() {{ return {returned} }}")

    assert isinstance(thrown, Thrown)
    assert "the result cannot be written as JSON" in thrown.message
    assert words.lower() in thrown.message.lower()


async def test_an_error_names_the_place_in_the_users_own_script(any_pool):
    """Line 1 is the first of theirs, and no frame is ours."""
    source = "// one\nfunction run() {\n  inner();\n}\nconst inner = () => {\n  throw Object.assign(new RangeError('no'), { code: 'mine' });\n};"
    thrown = await run(any_pool, source)

    assert (thrown.name, thrown.message, thrown.code, thrown.line) == ("RangeError", "no", "mine", 6)
    assert [frame.split("script.js:")[1].split(":")[0] for frame in thrown.stack.splitlines()] == ["6", "3"]
    assert "prelude" not in thrown.stack


@pytest.mark.parametrize(
    ("thrown", "message"),
    [
        ("'text'", "text"),
        ("5", "5"),
        ("null", "null"),
        ("undefined", "undefined"),
        ("{ a: 1 }", '{"a":1}'),
        ("{ message: 'm' }", "m"),
    ],
)
async def test_what_is_no_error_can_be_thrown_too(pool, thrown, message):
    """Its text is the message."""
    came = await run(pool, f"function run() {{ throw {thrown} }}")

    assert isinstance(came, Thrown)
    assert came.message == message


async def test_a_rejection_is_an_error_like_any_other(pool):
    """With the place where it arose."""
    came = await run(pool, "async function run() {\n  await null;\n  throw new Error('late');\n}")

    assert (came.message, came.line) == ("late", 3)


# ---- Functions of a script


async def test_the_functions_of_a_script_are_those_at_its_top(pool):
    """In its order, however they are written."""
    source = """
    function one() { function inner() {} }
    const two = () => 1, no = 5;
    let three = async function () {};
    var four = function* () {};
    async function five() {}
    class Six {}
    { const seven = () => 1; }
    globalThis.eight = () => 8;
    const ünï = () => 1;
    const nine = () => 1, ten = () => 2, eleven = 5, { twelve, x: thirteen } = { twelve() {}, x() {} };
    let local = (() => { const hidden = () => 1; return hidden })()();
    """
    checked = await pool.check(source)

    assert [name for name in checked.functions if name != "Six"] == [
        "one",
        "two",
        "three",
        "four",
        "five",
        "ünï",
        "nine",
        "ten",
        "twelve",
        "thirteen",
        "eight",
    ]


@pytest.mark.parametrize(
    "function", ["nope", "floh", "eval(1)", "a b", "", "delete", "later", "toString.call", "\0", "\ud800"]
)
async def test_only_functions_of_the_script_can_be_called(pool, function):
    """A name is a name, and no expression."""
    with pytest.raises(ScriptFunctionMissing):
        await run(pool, "function run() {} const later = 5;", function=function)


@pytest.mark.parametrize(
    ("source", "line", "words"),
    [
        ("let x = 1;\nlet x = 2;", 2, "SyntaxError"),
        ("\n\nfunction (", 3, "SyntaxError"),
        ("function run() {}\nnull.x;", 2, "TypeError"),
        ("floh.config.key;", 1, "only there while a command runs"),
        ("floh.http.get('https://a.example');", 1, "only there while a command runs"),
        ("Math.random();", 1, "only there while a command runs"),
        ("import x from 'y';", 1, "SyntaxError"),
        ("export function run() {}", 1, "SyntaxError"),
        ("await 1;", 1, "SyntaxError"),
        ("for (;;);", 1, "computes for too long"),
        ("const all = []; for (;;) all.push('x'.repeat(1000) + all.length);", 1, "too much memory"),
        ("'\\0", 1, "SyntaxError"),
    ],
)
async def test_a_script_that_does_not_load_says_where(pool, source, line, words):
    """It is said when it is saved."""
    with pytest.raises(ScriptInvalid) as raised:
        await pool.check(source)

    assert words in str(raised.value)
    assert raised.value.details["line"] == line


async def test_what_a_script_computes_when_loaded_is_there_in_each_execution(any_pool):
    """But no execution sees what another has made of it."""
    source = "const table = new Map([['a', 1]]); function run() { table.set(table.size, 1); return table.size }"

    assert [await run(any_pool, source) for _ in range(3)] == [2, 2, 2]


# ---- Randomness, time, digests


async def test_each_execution_has_its_own_randomness(any_pool):
    """All start from one image, but not from one seed."""
    source = "function run() { return [Math.random(), crypto.randomUUID(), [...crypto.getRandomValues(new Uint8Array(40))]] }"
    first, second = [await run(any_pool, source) for _ in range(2)]

    assert all(one != other for one, other in zip(first, second, strict=True))
    assert 0 <= first[0] < 1
    assert first[1][14] == "4"
    assert len(set(first[2])) > 10


async def test_the_clock_is_that_of_the_execution(pool):
    """Not that of the image."""
    now = datetime.now(UTC)
    came = await run(pool, "function run() { return new Date().toISOString() }")

    assert abs(datetime.fromisoformat(came) - now) < timedelta(minutes=2)


@OFTEN
@given(st.text(), st.binary(max_size=200))
async def test_digests_are_those_of_everybody_else(pool, text, data):
    """For signing requests."""
    sound = text.encode("utf-8", "replace").decode()
    source = """
    function run() {
      const data = new Uint8Array(floh.params.data);
      return [
        crypto.sha256(floh.params.text), crypto.hmacSha256(floh.params.text, data, "base64"), crypto.sha1(data),
        crypto.hmacSha512(data, floh.params.text), crypto.md5(data), [...crypto.sha512(data, "bytes")],
      ];
    }
    """
    came = await run(pool, source, params={"text": sound, "data": list(data)})
    key = sound.encode()

    assert came == [
        hashlib.sha256(key).hexdigest(),
        base64.b64encode(hmac.new(key, data, "sha256").digest()).decode(),
        hashlib.sha1(data).hexdigest(),
        hmac.new(data, key, "sha512").hexdigest(),
        hashlib.md5(data).hexdigest(),
        list(hashlib.sha512(data).digest()),
    ]


# ---- Texts and addresses


@OFTEN
@given(st.binary(max_size=100), st.text())
async def test_utf8_is_read_and_written_as_everywhere(pool, data, text):
    """What is no UTF-8 becomes replacement characters, as the Encoding standard counts them."""
    sound = text.encode("utf-8", "replace").decode()
    source = """
    function run() {
      const data = new Uint8Array(floh.params.data);
      let fatal = null;
      try { fatal = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(data) } catch {}
      return [new TextDecoder("utf-8", { ignoreBOM: true }).decode(data), fatal, [...new TextEncoder().encode(floh.params.text)], atob(btoa("\\xff\\0a"))];
    }
    """
    came = await run(pool, source, params={"data": list(data), "text": sound})
    try:
        strict = data.decode()
    except UnicodeDecodeError:
        strict = None

    assert came == [data.decode("utf-8", "replace"), strict, list(sound.encode()), "\xff\0a"]


RECORDED = json.loads((Path(__file__).parent / "urls.json").read_text())


async def test_addresses_are_taken_apart_as_elsewhere(pool):
    """What Node 20 makes of them was recorded."""
    source = """
    const PARTS = ["href", "origin", "protocol", "username", "password", "host", "hostname", "port", "pathname", "search", "hash"];
    function run() {
      const apart = ({ input, base }) => {
        try {
          const url = base === null ? new URL(input) : new URL(input, base);
          return Object.fromEntries(PARTS.map((part) => [part, url[part]]));
        } catch (error) {
          return error instanceof TypeError ? null : String(error);
        }
      };
      const query = ({ input }) => ({ input, pairs: [...new URLSearchParams(input)], text: `${new URLSearchParams(input)}` });
      return { urls: floh.params.urls.map(apart), params: floh.params.params.map(query) };
    }
    """
    came = await run(pool, source, params=RECORDED)

    assert [(each["input"], each["base"], url) for each, url in zip(RECORDED["urls"], came["urls"], strict=True)] == [
        (each["input"], each["base"], each["is"]) for each in RECORDED["urls"]
    ]
    assert came["params"] == RECORDED["params"]


async def test_an_address_can_be_changed_by_its_parts(pool):
    """And its query through `searchParams`."""
    source = """
    function run() {
      const url = new URL("https://user:pw@acme.example:8443/a/b?x=1#top");
      url.searchParams.append("y", "a b&c"); url.searchParams.set("x", "2"); url.pathname = "/c d"; url.port = "443"; url.hash = "";
      url.username = ""; url.password = ""; url.hostname = "other.example"; url.protocol = "http:";
      const removed = new URL(url); removed.searchParams.delete("x"); removed.search = "?only"; url.host = "bad host";
      return [url.href, removed.href, JSON.stringify({ url }), URL.canParse("x"), [...url.searchParams.keys()]];
    }
    """
    came = await run(pool, source)
    href = "http://other.example/c%20d?x=2&y=a+b%26c"  # 443 was the port of https

    assert came == [
        href,
        "http://other.example/c%20d?only",
        json.dumps({"url": href}, separators=(",", ":")),
        False,
        ["x", "y"],
    ]


async def test_globals_are_the_languages_and_no_more(pool):
    """A new name is something that scripts come to depend on."""
    came = await run(pool, "function run() { return Object.getOwnPropertyNames(globalThis).sort() }")
    names = (Path(__file__).parent / "globals.txt").read_text().split()

    assert came == names
