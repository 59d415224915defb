"""Recursion of every kind ends in an error of the script's, well within the stack that the engine has."""

# ruff: noqa: E501 - one recursion a line
from __future__ import annotations

import select
import time

import pytest

from jackfield.execution.script.frames import End, How, Order
from jackfield.execution.script.sandbox import Limits
from jackfield.execution.script.worker.execution import Execution
from jackfield.execution.script.worker.fibers import C_STACK, JS_STACK, Fibers
from jackfield.execution.script.worker.machine import STACK_TOP
from jackfield.execution.script.worker.threads import Threads

UNTOUCHED = (C_STACK - JS_STACK) // 2
"""Bytes at the far end of the stack that nothing may come near."""

LIMITS = Limits(memory_bytes=256 * 1024 * 1024, cpu_s=20.0)

# Name, and body of a function that never comes back by itself.
RECURSIONS = [
    ("calls", "const f = () => f() + 1; return f()"),
    ("calls with many arguments", "const f = (...a) => f(...a, 1, 2, 3, 4, 5, 6, 7, 8) + 1; return f()"),
    ("large arguments", "const f = function () { return f.apply(null, new Array(15000)) + 1 }; return f()"),
    ("bound arguments", "let g; const f = () => g() + 1; g = f.bind(null, ...new Array(5000)); return f()"),
    ("frames of many variables", "const all = Array.from({ length: 2000 }, (_, i) => 'a' + i); return eval(`(function f() { let ${all.map((n) => n + ' = 1').join()}; return f() + ${all.join('+')} })`)()"),
    ("toString", "const o = { toString() { return '' + o } }; return '' + o"),
    ("toPrimitive", "const o = { [Symbol.toPrimitive]() { return `${o}` } }; return `${o}`"),
    ("a getter", "const o = { get a() { return this.a } }; return o.a"),
    ("a setter", "const o = { set a(x) { this.a = x } }; o.a = 1"),
    ("a Proxy", "const p = new Proxy({}, { get: (t, n, r) => r[n] }); return p.a"),
    ("a chain of Proxies", "let p = () => 1; for (let i = 0; i < 2e5; i++) p = new Proxy(p, {}); return p()"),
    ("keys of a chain of Proxies", "let p = {}; for (let i = 0; i < 2e5; i++) p = new Proxy(p, {}); return Object.keys(p)"),
    ("a Proxy that is its own prototype", "const t = {}, p = new Proxy(t, {}); Object.setPrototypeOf(t, p); return p.a"),
    ("sort", "const f = () => [2, 1].sort(f); return f()"),
    ("sort of bytes", "const f = () => new Float64Array([2, 1, 4, 3]).sort(f); return f()"),
    ("toJSON", "const o = { toJSON() { return { o: JSON.parse(JSON.stringify(o)) } } }; return JSON.stringify(o)"),
    ("a replacer", "const f = (k, v) => JSON.stringify({ v }, f); return JSON.stringify({ a: 1 }, f)"),
    ("a reviver", "const f = () => JSON.parse('[1]', f); return f()"),
    ("a deep value as JSON", "let a = []; for (let i = 0; i < 1e5; i++) a = [a]; return JSON.stringify(a)"),
    ("deep JSON", "return JSON.parse('['.repeat(5e5) + ']'.repeat(5e5))"),
    ("a regular expression's replacement", "const r = new RegExp('(a)'.repeat(250)), s = 'a'.repeat(300), f = () => s.replace(r, f); return f()"),
    ("a regular expression's exec", "class R extends RegExp { exec(s) { return this.test(s) } } return new R('a').test('a')"),
    ("nested look-ahead", "try { new RegExp('(?='.repeat(2e4) + ')'.repeat(2e4)) } catch (e) { if (e.message !== 'stack overflow') throw e; throw new RangeError('Maximum call stack size exceeded') }"),
    ("eval", "const f = () => eval('f()'); return f()"),
    ("the function constructor", "globalThis.g = () => Function('return g()')(); return g()"),
    ("nested arrays", "return eval('['.repeat(5e4) + ']'.repeat(5e4))"),
    ("nested blocks", "return eval('{'.repeat(5e4) + '}'.repeat(5e4))"),
    ("nested templates", "return eval('`${'.repeat(2e4) + '1' + '}`'.repeat(2e4))"),
    ("nested classes", "return eval('class A { static {'.repeat(2e4) + '}}'.repeat(2e4))"),
    ("nested operators", "return eval('!'.repeat(1e5) + '1')"),
    ("nested conditions", "return eval('if (0); else '.repeat(1e5) + ';')"),
    ("a flat array", "let a = [1]; for (let i = 0; i < 1e5; i++) a = [a]; return a.flat(Infinity)"),
    ("an array as text", "let a = [1]; for (let i = 0; i < 1e5; i++) a = [a]; return '' + a"),
    ("a generator", "function* g() { yield* g() } return [...g()]"),
    ("an async function", "const f = async () => { await f() }; return f()"),
    ("a constructor", "class A { constructor() { new A() } } new A()"),
    ("a field", "class A { a = new A() } new A()"),
    ("a chain of classes", "let C = class {}; for (let i = 0; i < 5000; i++) C = class extends C {}; return new C()"),
    ("an iterator", "const o = { [Symbol.iterator]: () => [...o] }; return [...o]"),
    ("call of call", "const f = () => Function.prototype.call.call(f); return f()"),
    ("Reflect", "function F() { Reflect.construct(F, []) } new F()"),
    ("headers", "const o = { toString() { floh.http.get('https://a.example', { o }); return 'x' } }; return '' + o"),
    ("an address", "const o = { toString: () => new URL(o).href }; return new URL(o)"),
]  # fmt: skip

# Work of the engine's own where a script has no stack left: 5 KB are all that it needs beyond what it counts.
AT_THE_END = [
    ("numbers", "(1 / 3).toFixed(100) + (1e300).toString(36) + parseFloat('1'.repeat(400))"),
    ("dates", "new Date().toString() + Date.parse('2020-01-01T00:00:00Z')"),
    ("texts", "'\\u00e9\\ufdfa'.repeat(99).normalize('NFKD') + 'a'.localeCompare('b') + '\\u0130'.toLowerCase()"),
    ("sorting", "Array.from({ length: 20000 }, (_, i) => i * 7919 % 20001).sort().length"),
    ("expressions", "new RegExp('(a)'.repeat(254) + '(?=a'.repeat(60) + ')'.repeat(60)).test('a'.repeat(1000))"),
    ("large numbers", "String((2n ** 3000n * 3n ** 900n) / 7n).length"),
    ("JSON", "JSON.stringify({ a: [1.5, { b: 2e300 }] }, null, 4) + JSON.parse('[[[[1e5]]]]')"),
    ("the host", "crypto.sha256('x') + floh.log.info('y') + Math.random()"),
]  # fmt: skip


@pytest.fixture(params=[Fibers, Threads], scope="module")
def runner(request):
    """The engine itself, in this process."""
    made = request.param()
    yield made
    made.close()


@pytest.mark.parametrize("recursion", RECURSIONS, ids=lambda recursion: recursion[0])
def test_recursion_ends_in_an_error_far_from_the_end_of_the_stack(runner, recursion):
    """Below it lies the heap of the isolate, which recursion would write over."""
    end, untouched = ended(runner, recursion[1])

    assert end.how is How.STACK, end
    assert untouched


@pytest.mark.parametrize("work", AT_THE_END, ids=lambda work: work[0])
def test_what_the_engine_does_where_the_stack_ends_stays_within_it(runner, work):
    """It asks whether there is room where functions are called, and not in all of its own code."""
    _, untouched = ended(
        runner, f"const f = () => {{ try {{ return f() + 1 }} catch {{ return {work[1]} }} }}; return f()"
    )

    assert untouched


def ended(runner, body: str) -> tuple[End, bool]:
    """How a function ends, and whether the far end of its stack is as it was."""
    came = []

    def take(execution: Execution, end: End) -> None:
        loaded = execution.order is None and end.how is How.RETURNED
        image = runner.machine.image(execution.isolate) if loaded else None
        low = execution.isolate.word(runner.machine.block + STACK_TOP) - C_STACK + 32
        came.append((end, image, not any(execution.isolate.read(low, UNTOUCHED))))

    runner.ended = take
    image, order, text = runner.machine.first_image, None, f"function run() {{ {body} }}".encode()
    for _ in range(2):
        came.clear()
        execution = Execution(runner.machine, number=1, image=image, text=text, order=order, send=lambda data: None)
        runner.start(execution)
        until = time.monotonic() + 60
        while not came and time.monotonic() < until:
            if runner.busy:
                runner.turn()
            else:
                poll = select.poll()
                poll.register(runner.wake, select.POLLIN)
                poll.poll(1000)
        end, image, untouched = came[0]
        order, text = (
            Order(script=1, function=b"run", config=b"{}", params=b"{}", variables=b"{}", limits=LIMITS),
            b"run",
        )
    return end, untouched
