"""Attacks at the edges of the language: what runs by itself, what is converted, what has an odd name or size."""

# ruff: noqa: E501 - one attack a line
from __future__ import annotations

import contextlib

import pytest

from jackfield.execution.script.errors import (
    ScriptFunctionMissing,
    ScriptInvalid,
)
from jackfield.execution.script.sandbox import Thrown
from script.conftest import run
from script.test_attacks import CALLS, GOOD, MEMORY, MIB, STACK, TIME, contained

pytestmark = pytest.mark.asyncio(loop_scope="session")

# Name, body of the function, and what may come of it: an error, or a value that is returned.
ATTACKS = [
    ("a generator that is closed by the interrupt", "function* g() { try { for (;;) yield 1; } finally { for (;;); } } for (const x of g());", TIME),
    ("an iterator whose return never comes back", "const i = { next: () => ({ value: 1 }), return() { for (;;); }, [Symbol.iterator]() { return this } }; for (const x of i) break;", TIME),
    ("an iterator that throws out of return", "const i = { next: () => ({ value: 1 }), return() { throw new Error('closed') }, [Symbol.iterator]() { return this } }; const [a] = i;", Thrown),
    ("a storm of weak references", "const r = new FinalizationRegistry((n) => { for (;;); }); for (let i = 0; ; i++) { const o = { i }; new WeakRef(o); r.register(o, i); }", (TIME, MEMORY)),
    ("finalizers that make more", "const r = new FinalizationRegistry(() => make()); const make = () => { for (let i = 0; i < 10; i++) r.register({}, i) }; for (;;) make();", (TIME, MEMORY)),
    ("an error whose stack is a getter", "const e = new Error('x'); Object.defineProperty(e, 'stack', { get() { for (;;); } }); throw e", TIME),
    ("an error whose name throws", "const e = new Error('x'); Object.defineProperty(e, 'name', { get() { throw e } }); throw e", Thrown),
    ("an error whose code is an object", "throw Object.assign(new Error('x'), { code: { toString() { for (;;); } } })", Thrown),
    ("an error whose toString loops", "throw { toString() { for (;;); } }", Thrown),
    ("an error that grows while it is read", "let s = 'x'; throw { get message() { for (;;) s += s; } }", (Thrown, MEMORY, TIME)),
    ("an error that says it is a limit", "throw Object.assign(new Error('Maximum call stack size exceeded'), { name: 'RangeError' })", (STACK, Thrown)),
    ("an error with a stack of a million lines", "const e = new Error('x'); e.stack = 'at f (script.js:1:1)\\n'.repeat(1e5); throw e", (Thrown, MEMORY)),
    ("an error with impossible places", "const e = new Error('x'); e.stack = 'at f (script.js:' + '9'.repeat(500) + ':' + '8'.repeat(500) + ')\\nat script.js:-1:-1\\nat script.js:0:0'; throw e", Thrown),
    ("a promise of a class of its own", "class P extends Promise { then(a, b) { for (let i = 0; i < 9; i++) super.then(a, b); return this } } return P.resolve(5)", (5, TIME)),
    ("a promise whose then is evil", "Promise.prototype.then = function () { for (;;); }; return Promise.resolve(5)", (5, TIME)),
    ("a thenable that settles twice", "return { then(ok, no) { ok(1); ok(2); no(new Error('late')); throw new Error('later') } }", 1),
    ("a thenable that never settles", "return { then() {} }", Thrown),
    ("a thenable whose then is a getter", "let n = 0; return { get then() { if (n++) throw new Error('twice'); return (ok) => ok(7) } }", (7, Thrown)),
    ("a species that is no constructor", "const p = Promise.resolve(1); p.constructor = { [Symbol.species]: () => { for (;;); } }; return p", (1, Thrown)),
    ("work after the result", "(async () => { await null; for (;;) await null; })(); return 1", TIME),
    ("requests after the result", "(async () => { for (;;) { await null; try { floh.http.get('https://acme.example') } catch {} } })(); return 1", (CALLS, TIME)),
    ("many promises that wait for each other", "const a = new Promise((ok) => { globalThis.go = ok }); for (let i = 0; i < 1e6; i++) a.then(() => a); go(a); return a", (MEMORY, TIME, Thrown)),
    ("JSON that names a prototype", "const o = JSON.parse('{\"__proto__\": {\"polluted\": 1}, \"constructor\": {\"prototype\": {\"polluted\": 1}}}'); return [{}.polluted, Object.keys(o)]", [None, ["__proto__", "constructor"]]),
    ("labels and jumps", "a: for (;;) { b: for (;;) { try { continue a } finally { continue b } } }", TIME),
    ("a look-behind that counts", "return /(?<=(?:a?){30}a{30})b/.test('a'.repeat(35) + 'c'.repeat(9))", (False, TIME)),
    ("a sticky expression on a long text", "const r = /(x+x+)+y/y; return r.test('x'.repeat(30))", TIME),
    ("a text that normalizes to more", "let s = '\\ufdfa'.repeat(1e5); for (let i = 0; i < 9; i++) s = s.normalize('NFKD') + s; return s.length", (MEMORY, TIME, Thrown)),
    ("a comparison of long texts", "const s = 'é'.repeat(3e5); let n = 0; for (;;) n += s.localeCompare(s + 'x');", (TIME, MEMORY)),
    ("a replacement that grows", "let s = 'ab'; for (;;) s = s.replace(/(.)/g, \"$1$1$`$'\");", (MEMORY, TIME, Thrown)),
    ("a replacement function that changes the text's expression", "const r = /a/g; let n = 0; 'aaaa'.replace(r, () => { r.lastIndex = 0; r.compile?.('b', 'g'); return ++n }); return n", (4, Thrown)),
    ("a comparator that changes its array", "const a = Array.from({ length: 1000 }, (_, i) => i); a.sort((x, y) => { a.length = 0; a.push(...Array(2000).fill(9)); return x - y }); return a.length", (2000, 1000, MEMORY, TIME)),
    ("a comparator that never decides", "return Array.from({ length: 3e4 }, (_, i) => i).sort(() => Math.sign(Math.random() - 0.5)).length", (30000, TIME)),
    ("bytes that shrink while they are filled", "const b = new ArrayBuffer(4096, { maxByteLength: 8192 }), u = new Uint8Array(b); u.fill({ valueOf() { b.resize(0); return 65 } }); b.resize(8192); return u.every((x) => x === 0 || x === 65)", (True, Thrown)),
    ("bytes that shrink while they are sorted", "const b = new ArrayBuffer(4096, { maxByteLength: 8192 }), u = new Int16Array(b); u.sort(() => { b.resize(2); return 1 }); return u.length", (1, 2048, Thrown)),
    ("bytes that go away while they are copied", "const b = new ArrayBuffer(64), u = new Uint8Array(b); u.set({ length: 64, get 0() { b.transfer?.(0); return 1 } }); return u.length", (0, 64, Thrown)),
    ("bytes that shrink while they are hashed", "const b = new ArrayBuffer(4096, { maxByteLength: 8192 }); const u = new Uint8Array(b); Object.defineProperty(u, 'length', { get() { b.resize(0); return 1e9 } }); return crypto.sha256(u).length", (64, MEMORY, TIME, Thrown)),
    ("bytes with a length of their own", "class B extends Uint8Array { get length() { return 2 ** 31 } } return floh.http.post('https://acme.example', new B(4)).status", (200, MEMORY, TIME, Thrown)),
    ("a slice of bytes by its species", "const u = new Uint8Array(8); u.constructor = { [Symbol.species]: function () { return new Uint8Array(1) } }; return u.slice().length", (1, Thrown)),
    ("a copy of what is itself", "const copy = (o) => Array.isArray(o) ? o.map(copy) : typeof o === 'object' ? Object.fromEntries(Object.entries(o).map(([k, v]) => [k, copy(v)])) : o; const o = { a: [] }; o.a.push(o); return copy(o)", STACK),
    ("an address that converts itself", "return floh.http.get({ [Symbol.toPrimitive]() { for (;;); } })", Thrown),
    ("a header that converts itself", "return floh.http.get('https://acme.example', { a: { [Symbol.toPrimitive]() { for (;;); } } })", TIME),
    ("a header that is a symbol", "return floh.http.get('https://acme.example', { a: Symbol('x') })", Thrown),
    ("a body whose toJSON asks", "return floh.http.post('https://acme.example', { toJSON() { return floh.http.post('https://acme.example', this) } })", (STACK, CALLS)),
    ("headers that are a Proxy", "return floh.http.get('https://acme.example', new Proxy({}, { ownKeys: () => { for (;;); } }))", TIME),
    ("headers that are many", "return floh.http.get('https://acme.example', Object.fromEntries(Array.from({ length: 1e5 }, (_, i) => ['h' + i, i]))).status", (200, MEMORY, TIME)),
    ("a date far away", "return [new Date(8.64e15).toISOString(), String(new Date(8.64e15 + 1)), new Date(-8.64e15).getTime()]", [["+275760-09-13T00:00:00.000Z", "Invalid Date", -8.64e15]]),
    ("a date that is wrong as JSON", "return { a: new Date(NaN) }", [{"a": None}]),
    ("international", "return typeof Intl", "undefined"),
    ("a power", "return String(2n ** 10000000n).length", (MEMORY, TIME, Thrown)),
    ("a shift", "return (1n << 2n ** 62n) > 0n", (MEMORY, TIME, Thrown)),
    ("a division of giants", "let n = 3n ** 200000n; for (;;) n = (n * n) / 7n;", (MEMORY, TIME, Thrown)),
    ("a number from a long text", "return BigInt('9'.repeat(1e6)) > 0n", (True, MEMORY, TIME, Thrown)),
    ("stack frames of its own", "Error.prepareStackTrace = (e, frames) => { for (const f of frames) f.getThis?.(); return { toString() { for (;;); } } }; throw new Error('x')", (Thrown, TIME)),
    ("a stack without end", "Error.stackTraceLimit = Infinity; const f = (n) => { if (n === 0) throw new Error('x'); f(n - 1) }; f(500)", Thrown),
    ("a log of what is itself", "const o = {}; o.o = o; console.log(o, new Proxy({}, { get() { throw 1 } }), { get a() { throw 2 } }); return 1", 1),
    ("a log that loops in a getter", "console.log({ get a() { for (;;); } })", TIME),
    ("a log of a million parts", "console.log(...new Array(60000).fill('x')); console.log(new Array(1e6).fill('y').join('')); return 1", (1, STACK, MEMORY, TIME)),
    ("a log whose parts are joined by a script", "Array.prototype.join = () => { for (;;); }; console.log('a'); return 1", TIME),
    ("a regular expression of a million groups", "return new RegExp('(?:a|'.repeat(2e4) + ')'.repeat(2e4)).test('b')", (True, False, STACK, Thrown, MEMORY)),
    ("a set of all characters", "return new RegExp('[' + '\\\\u{0}-\\\\u{10ffff}'.repeat(2e4) + ']', 'u').test('b')", (True, TIME, MEMORY)),
    ("a function of a million arguments", "return Math.max(...new Array(1e6).fill(1))", (STACK, MEMORY, Thrown)),
    ("a million properties of a function", "const f = () => 1; for (let i = 0; ; i++) f['p' + i] = f;", (MEMORY, TIME)),
    ("the prelude's own sorting", "Array.prototype.sort = Array.prototype.filter = () => { for (;;); }; String.prototype.matchAll = null; return 1", 1),
    ("a result that changes while it is written", "const o = { a: 1, get b() { for (let i = 0; i < 1000; i++) o['k' + i] = i; delete o.a; return 2 }, c: 3 }; return Object.keys(JSON.parse(JSON.stringify(o))).length", (3, 2)),
]  # fmt: skip


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack[0])
async def test_an_attack_at_an_edge_ends_where_it_began(any_pool, service, attack):
    """The next call is right, in the same process."""
    _, body, expected = attack
    allowed = expected if isinstance(expected, tuple) else (expected,)
    if isinstance(expected, list) and len(expected) == 1:
        allowed = (expected[0],)

    await contained(any_pool, service, body, allowed)


@pytest.mark.parametrize(
    "name",
    ["__proto__", "constructor", "toString", "then", "floh", "valueOf", "hasOwnProperty", "x" * MIB, "\ud800", "a\0b", "é" * 200, "eval", "Function", "this", "arguments", "undefined"],
)  # fmt: skip
async def test_a_name_that_is_none_of_the_scripts_is_missing(any_pool, name):
    """Whatever the language has by that name."""
    with pytest.raises(ScriptFunctionMissing):
        await run(any_pool, "function run() { return 1 }", function=name)


@pytest.mark.parametrize(
    "name", ["constructor", "then", "valueOf", "hasOwnProperty", "async", "of", "get", "escape", "isNaN"]
)
@pytest.mark.parametrize("how", ["const {} = () => 5", "function {}() {{ return 5 }}", "globalThis.{} = () => 5"])
async def test_a_function_may_have_an_odd_name(pool, name, how):
    """It is the script's own, also where the language has one of that name."""
    source = f"{how.format(name)}; function other() {{}}"

    assert await run(pool, source, function=name) == 5
    if "globalThis" not in how:  # which may be a repair of what is there
        assert name in (await pool.check(source)).functions


async def test_params_may_be_called_like_parts_of_the_language(any_pool):
    """They are keys, and no prototypes."""
    params = {
        "__proto__": {"admin": True},
        "constructor": {"prototype": {"admin": True}},
        "toJSON": "x",
        "then": "y",
        "toString": 1,
        "\ud800": "\udfff",
        "": {"__proto__": None},
    }
    came = await run(
        any_pool,
        "function run() { return [floh.params, floh.params.admin, ({}).admin, Object.getPrototypeOf(floh.params) === Object.prototype] }",
        params=params,
    )
    sound = {key.replace("\ud800", "\ufffd"): value for key, value in params.items()} | {"\ufffd": "\ufffd"}

    assert came == [sound, None, None, True]


@pytest.mark.parametrize("timeout", ["NaN", "-1", "-0", "Infinity", "1e308", "0.0001", "2 ** 53", "'1'", "1n", "{}", "[5]", "null", "new Number(5)"])  # fmt: skip
async def test_an_absurd_timeout_ends_no_process(pool, service, timeout):
    """It is refused, or sent as a number of milliseconds."""
    before = await run(pool, GOOD), pool.pids()
    came = await run(
        pool, f"function run() {{ return floh.http.request({{ url: 'https://a.example', timeout: {timeout} }}).status }}", service=service
    )  # fmt: skip

    assert came == 200 or isinstance(came, Thrown)
    assert all(asked.timeout_ms is None or 0 < asked.timeout_ms < 10**309 for asked in service.requests)
    assert (await run(pool, GOOD), pool.pids()) == before


async def test_headers_arrive_as_they_are_written_and_are_refused_where_requests_are_sent(pool, service):
    """A line break is no affair of the isolate: the client refuses it, for connectors of every kind."""
    source = """
    function run() {
      floh.http.get('https://a.example', { 'x-A': 'a\\r\\nX-Evil: 1', 'X-a': 'b', 'cOnTent-TYPE': 'c', '\\r\\n': 'd', '__proto__x': 'e' });
      floh.http.post('https://a.example', '{}', { 'cOnTent-TYPE': 'text/odd' });
      floh.http.get('https://a.example', JSON.parse('{"__proto__": "f", "constructor": "g"}'));
    }
    """
    await run(pool, source, service=service)

    assert service.requests[0].headers["x-A"] == "a\r\nX-Evil: 1"
    assert dict(service.requests[1].headers) == {"cOnTent-TYPE": "text/odd"}
    assert dict(service.requests[2].headers) == {"__proto__": "f", "constructor": "g"}


async def test_halves_of_characters_are_replaced_wherever_they_leave(any_pool, service):
    """Nobody else reads them."""
    source = """
    function run() {
      floh.log.info('\\ud800'); floh.http.post('https://a.example/\\udfff', { '\\ud800': '\\udc00' }, { '\\ud800': '\\udfff' });
      const error = new Error('\\ud800'); error.code = '\\udc00'; error.name = '\\udfff'; throw error;
    }
    """
    thrown = await run(any_pool, source, service=service)

    assert isinstance(thrown, Thrown)
    for text in (thrown.name, thrown.message, thrown.code, service.lines[0][1], service.requests[0].url):
        text.encode()
    assert all((name + value).encode() for name, value in service.requests[0].headers.items())
    assert service.requests[0].body.decode()


@pytest.mark.parametrize(
    "source",
    [
        "Object.defineProperty(globalThis, 'run', { get() { for (;;); } })",
        "var " + "x" * 500_000 + " = 1; function run() {}",
        "function " + "f" * 500_000 + "() {}",
        "globalThis['\\ud800'] = () => 1; globalThis['__proto__'] = null; function run() { return 1 }",
        "new FinalizationRegistry(() => { for (;;); }).register({}, 1); Promise.resolve().then(() => { for (;;); })",
        "Array.prototype.sort = Array.prototype.filter = () => { for (;;); }; function run() {}",
        "Map.prototype.has = Map.prototype.set = () => { for (;;); }; function run() {}",
        "String.prototype.matchAll = function* () { for (;;) yield ['a', 'a']; }; function run() {}",
        "Object.getOwnPropertyNames = () => { for (;;); }; Symbol.iterator = null; function run() {}",
        "const a = " + ", ".join(f"a{n} = () => 1" for n in range(9000)) + "; function run() {}",
        "throw { get stack() { for (;;); } }",
        "throw new Proxy({}, { get() { for (;;); } })",
        "await " * 1000,
    ],
    ids=range(13),
)  # fmt: skip
async def test_a_script_that_is_hostile_while_it_is_loaded_is_refused_or_harmless(any_pool, source):
    """It is loaded in the process of everybody, once for each of its versions."""
    before = await run(any_pool, GOOD), any_pool.pids()
    with contextlib.suppress(ScriptInvalid):
        checked = await any_pool.check(source)
        assert all(isinstance(name, str) for name in checked.functions)

    assert (await run(any_pool, GOOD), any_pool.pids()) == before
