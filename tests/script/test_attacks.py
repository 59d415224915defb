"""What a hostile script tries. Each is contained in one execution, and the next call is right, in the same process."""

# ruff: noqa: E501 - one attack a line
from __future__ import annotations

import pytest

from jackfield.execution.script.errors import (
    SandboxLost,
    ScriptHostCallsExceeded,
    ScriptOutOfMemory,
    ScriptResultTooLarge,
    ScriptStackExceeded,
    ScriptTimeout,
)
from jackfield.execution.script.sandbox import Thrown

from .conftest import run

pytestmark = pytest.mark.asyncio(loop_scope="session")

TIME, MEMORY, STACK, RESULT, CALLS = (
    ScriptTimeout,
    ScriptOutOfMemory,
    ScriptStackExceeded,
    ScriptResultTooLarge,
    ScriptHostCallsExceeded,
)
MIB = 1024 * 1024
LIMITS = {"memory_bytes": 24 * MIB, "cpu_s": 0.3, "result_bytes": MIB, "host_calls": 20, "log_lines": 20}

# Name, body of the function, and what may come of it: an error, or a value that is returned.
ATTACKS = [
    ("a loop", "for (;;);", TIME),
    ("a loop that catches", "for (;;) { try { for (;;); } catch {} }", TIME),
    ("a loop that finishes", "for (;;) { try { for (;;); } finally { continue; } }", TIME),
    ("a loop in a generator's return", "function* g() { try { yield 1; } finally { for (;;); } } for (const x of g()) return x;", TIME),
    ("an async loop", "return (async () => { for (;;) await null; })()", TIME),
    ("a chain of promises", "const f = () => Promise.resolve().then(f); return f();", (TIME, MEMORY)),
    ("a tree of promises", "const f = () => { Promise.resolve().then(f); Promise.resolve().then(f); }; f();", (TIME, MEMORY)),
    ("a thenable without end", "return { then(resolve) { resolve(this); } }", (TIME, MEMORY)),
    ("a regular expression", "return /^(a+)+$/.test('a'.repeat(40) + 'b')", TIME),
    ("a regular expression with look-behind", "return /(?<=(a|aa)+)c/.test('a'.repeat(60))", (TIME, False)),
    ("a regular expression that replaces", "return 'a'.repeat(50000).replace(/(a*)*b/g, '').length", (TIME, STACK, MEMORY, 50000)),
    ("an array", "return new Array(1e9).fill(0).length", MEMORY),
    ("an array by its length", "const a = []; a.length = 4294967295; return a.fill(1).length", (MEMORY, TIME)),
    ("an array that grows", "const a = []; for (;;) a.push(a.length);", MEMORY),
    ("arrays in arrays", "let a = [1]; for (;;) a = [...a, ...a];", MEMORY),
    ("a text", "return 'x'.repeat(2 ** 29).length", (MEMORY, Thrown)),
    ("a text that doubles", "let s = 'x'; for (;;) s += s;", (MEMORY, Thrown)),
    ("a text that is padded", "return 'x'.padEnd(1e9, 'yz').length", (MEMORY, Thrown)),
    ("a text that is joined", "return new Array(1e7).join('abc').length", (MEMORY, TIME, Thrown)),
    ("bytes", "return new Uint8Array(1e9).length", (MEMORY, Thrown)),
    ("many bytes", "const all = []; for (;;) all.push(new Uint8Array(1e6));", MEMORY),
    ("bytes that are resized", "const b = new ArrayBuffer(8, { maxByteLength: 2 ** 30 }); b.resize(2 ** 30); return 1", (MEMORY, Thrown)),
    ("a map", "const m = new Map(); for (let i = 0; ; i++) m.set(i, 'v' + i);", (MEMORY, TIME)),
    ("closures", "let f = () => 0; for (;;) { const g = f; f = () => g; }", (MEMORY, TIME)),
    ("symbols", "const o = {}; for (let i = 0; ; i++) o[Symbol.for('s' + i)] = i;", (MEMORY, TIME)),
    ("a number", "let n = 2n; for (;;) n = n * n;", (MEMORY, TIME, Thrown)),
    ("recursion", "const f = () => f() + 1; return f()", STACK),
    ("recursion through toString", "const o = { toString() { return '' + o; } }; return '' + o", STACK),
    ("recursion through a getter", "const o = { get a() { return this.a; } }; return o.a", STACK),
    ("recursion through a Proxy", "const p = new Proxy({}, { get(t, n, r) { return r[n]; } }); return p.a", STACK),
    ("recursion through sort", "const f = () => [2, 1].sort(f); return f()", STACK),
    ("recursion through toJSON", "const o = { toJSON() { return { o: JSON.parse(JSON.stringify(o)) }; } }; return o", STACK),
    ("recursion through eval", "const f = () => eval('f()'); return f()", STACK),
    ("recursion through a regular expression", "return new RegExp('('.repeat(20000) + ')'.repeat(20000)).test('')", (STACK, Thrown, MEMORY)),
    ("nested source", "return eval('['.repeat(50000) + ']'.repeat(50000))", (STACK, Thrown, MEMORY)),
    ("a deep result", "let a = []; for (let i = 0; i < 100000; i++) a = [a]; return a", (STACK, MEMORY, TIME)),
    ("a result that is itself", "const o = {}; o.o = o; return o", Thrown),
    ("a result with loops in it", "return { get a() { for (;;); } }", TIME),
    ("a result whose toJSON loops", "return { toJSON() { for (;;); } }", TIME),
    ("a result whose toJSON throws", "return { toJSON() { throw 1; } }", Thrown),
    ("a Proxy with many keys", "return new Proxy({}, { ownKeys: () => Array.from({ length: 1e7 }, (_, i) => 'k' + i) })", (MEMORY, TIME)),
    ("a large result", "return 'x'.repeat(2e6)", RESULT),
    ("a result that shares", "const s = 'x'.repeat(1e5); return Array(1000).fill(s)", (RESULT, MEMORY)),
    ("a result of holes", "return new Array(1e8)", (MEMORY, RESULT, TIME)),
    ("a flood of log lines", "for (let i = 0; i < 5000; i++) floh.log.info('x'.repeat(1000)); return 1", 1),
    ("a log line without end", "floh.log.info('x'.repeat(1e7)); return 1", (1, MEMORY)),
    ("a log line that loops", "floh.log.info({ toJSON() { for (;;); } }); return 1", TIME),
    ("a flood of requests", "for (;;) { try { floh.http.get('https://acme.example'); } catch {} }", CALLS),
    ("a large request", "return floh.http.post('https://acme.example', 'x'.repeat(5e6)).status", (200, MEMORY)),
    ("an error that is large", "throw new Error('x'.repeat(5e6))", (Thrown, MEMORY)),
    ("an error that loops", "throw { get message() { for (;;); } }", TIME),
    ("an error that is a Proxy", "throw new Proxy(new Error('x'), { get() { throw 2; } })", Thrown),
    ("an error with a stack that loops", "Error.prepareStackTrace = () => { for (;;); }; throw new Error('x')", TIME),
    ("no error", "throw undefined", Thrown),
    ("a rejection nobody handles", "Promise.reject(new Error('nobody')); return 1", Thrown),
    ("a promise without end", "return new Promise(() => {})", Thrown),
    ("waiting for a lock", "return typeof Atomics + typeof SharedArrayBuffer", "undefinedundefined"),
    ("importing", "return import('os').then((m) => Object.keys(m), () => 'refused')", "refused"),
    ("importing the engine's own", "return import('qjs:std').then((m) => Object.keys(m), () => 'refused')", "refused"),
    ("the function constructor", "return (function () {}).constructor('return typeof process + typeof require + typeof std')()", "undefinedundefinedundefined"),
    ("the global object of a constructor", "return Object.keys(floh.http.get.constructor('return this')()).includes('host')", False),
    ("the host function by its stack", "Error.prepareStackTrace = (e, s) => s.map((c) => typeof c.getFunction?.()).join(); const t = new Error().stack; return /host/.test(t)", False),
    ("freeing what is in use", "const a = [1, 2, 3]; a.sort(() => { a.length = 0; gc?.(); return 0; }); return a.length", (0, 3, Thrown)),
    ("freeing bytes in use", "const b = new ArrayBuffer(64); const u = new Uint8Array(b); structuredClone?.(b); b.transfer?.(); u[0] = 1; return u.length", (0, Thrown)),
]  # fmt: skip


async def contained(pool, service, body, allowed):
    """Run an attack, which has to end in one of the ways that are `allowed`; the next call is right, in the same process.

    Args:
        allowed: Kinds of errors and outcomes, or values that are returned.
    """
    await run(pool, GOOD)
    before = pool.pids()
    try:
        came = await run(pool, f"function run() {{ {body} }}", service=service, **LIMITS)
    except (TIME, MEMORY, STACK, RESULT, CALLS, SandboxLost) as error:
        came = error

    kinds = tuple(each for each in allowed if isinstance(each, type))
    assert isinstance(came, kinds) or any(came == each and type(came) is type(each) for each in allowed), came
    assert len(service.lines) <= LIMITS["log_lines"]
    assert len(service.requests) <= LIMITS["host_calls"]
    assert await run(pool, GOOD, params={"n": 20}) == {"n": 21, "left": []}
    assert pool.pids() == before


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack[0])
async def test_an_attack_ends_where_it_began(any_pool, service, attack):
    """One process serves many tenants: what one of them tries may cost nobody else anything."""
    _, body, expected = attack

    await contained(any_pool, service, body, expected if isinstance(expected, tuple) else (expected,))


GOOD = """
const standard = Object.getOwnPropertyNames(globalThis);
function run() {
  const left = Object.getOwnPropertyNames(globalThis).filter((name) => !standard.includes(name) && name !== "run");
  if (JSON.stringify([1]) !== "[1]" || [].concat(2).length !== 1 || `${new Error("x")}` !== "Error: x") left.push("broken");
  return { n: (floh.params.n ?? 0) + 1, left };
}
"""


POLLUTIONS = [
    "Object.prototype.leaked = SECRET",
    "Array.prototype.push = () => SECRET",
    "JSON.stringify = () => SECRET",
    "JSON.parse = () => SECRET",
    "globalThis.leaked = SECRET",
    "Promise.prototype.then = () => SECRET",
    "Object.defineProperty(globalThis, 'undefined2', { get: () => SECRET })",
    "floh.http.get.leaked = SECRET",
    "Function.prototype.call = () => SECRET",
    "Symbol.iterator.constructor.prototype.leaked = SECRET",
    "String.prototype.toString = () => SECRET",
    "globalThis.eval = () => SECRET",
    "Math.random = () => SECRET",
    "Error.prepareStackTrace = () => SECRET",
    "kept = SECRET",
]


@pytest.mark.slow
async def test_nothing_of_one_tenant_is_seen_by_the_next(any_pool):
    """Three hundred rounds of everything that a script can change, each followed by another tenant's call."""
    polluting = """
    let kept;
    const late = new FinalizationRegistry(() => {});
    function run() {
      const SECRET = floh.config.secret;
      POLLUTE;
      late.register({}, SECRET);
      return 1;
    }
    """
    looking = """
    const before = JSON.stringify(Object.getOwnPropertyNames(globalThis).sort());
    let kept;
    function run() {
      const found = [];
      const seen = new Set();
      const look = (value, path) => {
        if (typeof value === "string" && value.includes("hunter2")) found.push(path);
        if ((typeof value !== "object" && typeof value !== "function") || value === null || seen.has(value)) return;
        seen.add(value);
        for (const name of Reflect.ownKeys(value)) {
          const { value: inner, get } = Object.getOwnPropertyDescriptor(value, name) ?? {};
          look(inner, path + "." + String(name));
          look(get, path + ".get " + String(name));
        }
        look(Object.getPrototypeOf(value), path + ".__proto__");
      };
      look(globalThis, "globalThis");
      if (kept !== undefined || JSON.stringify(Object.getOwnPropertyNames(globalThis).sort()) !== before) found.push("globals");
      return found;
    }
    """
    for number in range(300):
        pollution = POLLUTIONS[number % len(POLLUTIONS)]
        await run(any_pool, polluting.replace("POLLUTE", pollution), config={"secret": f"hunter2-{number}"})

        assert await run(any_pool, looking, config={"secret": "mine"}) == []
