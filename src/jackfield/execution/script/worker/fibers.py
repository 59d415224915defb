"""Scripts on fibers: one that waits holds no thread, and one that computes gives way every few milliseconds.

wasmtime runs a call on a stack of its own. It comes back unfinished when the script waits, or when the epoch has moved
on; then it is polled again.
"""

from __future__ import annotations

import threading
import time
from ctypes import byref
from pathlib import Path
from typing import Any

import wasmtime
from wasmtime import _bindings as ffi

from jackfield.execution.script.frames import End, How
from jackfield.execution.script.turns import Turns
from jackfield.execution.script.worker.execution import Execution
from jackfield.execution.script.worker.machine import MOST_MEMORY, Machine
from jackfield.execution.script.worker.native import NO_FINALIZER, Broken, Errors, numbers
from jackfield.execution.script.worker.runner import Ended, nobody

SLOTS = 640
"""Isolates at once in one process. Each reserves address space, and uses memory only as it needs it."""

WARM_SLOTS = 16
"""Slots that keep their pages for the next execution; a thousand waiting scripts shall not."""

KEEP_RESIDENT = 3 * 1024 * 1024
"""Bytes of a warm slot that are set back instead of given back."""

SLICE_S = 0.005
SHORT_S = 0.01
"""Processor time by which a script is no short one any more. Most are never asked to give way."""

_IDLE_TICKS = 20
_MOST_OVER = 8
FIBER_STACK = 8 * 1024 * 1024
WASM_STACK = 6 * 1024 * 1024
C_STACK = 384 * 1024
JS_STACK = 256 * 1024
"""Each stack in proportion to the next, so that recursion ends in an error of the script's. QuickJS counts all but 5 KB
of what it takes of the C stack; each 64 KB of it costs 6 us, for it is set back after every execution."""


def configuration() -> wasmtime.Config:
    """The pooling allocator: isolates are made in address space that is there already."""
    config = wasmtime.Config()
    pooling = ffi.wasmtime_pooling_allocation_config_new()
    settings = {
        "total_memories": SLOTS,
        "total_tables": SLOTS,
        "total_stacks": SLOTS,
        "total_core_instances": SLOTS * 2,
        "max_memory_size": MOST_MEMORY,
        "max_unused_warm_slots": WARM_SLOTS,
        "linear_memory_keep_resident": KEEP_RESIDENT,
        "table_keep_resident": 64 * 1024,
        "async_stack_keep_resident": 0,
        "table_elements": 1024,
    }
    for name, value in settings.items():
        getattr(ffi, f"wasmtime_pooling_allocation_config_{name}_set")(pooling, value)
    ffi.wasmtime_pooling_allocation_strategy_set(config.ptr(), pooling)
    ffi.wasmtime_pooling_allocation_config_delete(pooling)
    config.max_wasm_stack = WASM_STACK
    ffi.wasmtime_config_async_stack_size_set(config.ptr(), FIBER_STACK)
    return config


class Fiber:
    """An execution on its own stack."""

    def __init__(self, execution: Execution) -> None:
        self.execution = execution
        isolate = execution.isolate
        ffi.wasmtime_context_epoch_deadline_async_yield_and_update(isolate.context, 1)
        self._function = isolate.function(execution.entry)
        self._arguments, self._results, self._errors = numbers(*execution.arguments), numbers(0), Errors()
        self._future = ffi.wasmtime_func_call_async(
            isolate.context,
            byref(self._function),
            self._arguments,
            len(execution.arguments),
            self._results,
            1,
            byref(self._errors.trap),
            byref(self._errors.error),
        )
        self.waits = False
        self.length: int | None = None
        self.answer_at: Any = None

    def step(self) -> bool:
        """Go on until the end, the next wait, or the end of the time slice. Whether it is the end."""
        # The epoch has moved while it waited for its turn, which would be over at once.
        ffi.wasmtime_context_set_epoch_deadline(self.execution.isolate.context, 1)
        return bool(ffi.wasmtime_call_future_poll(self._future))

    def outcome(self) -> End:
        """What came of it, after the last step."""
        try:
            self._errors.check()
            return self.execution.ended(self._results[0].of.i32)
        except Exception as error:  # a broken isolate is one failed execution, whatever broke
            return self.execution.dropped(error=error)

    def close(self) -> None:
        """Give back stack and isolate, wherever the script is."""
        ffi.wasmtime_call_future_delete(self._future)
        self.execution.isolate.close()


class Ready:
    """Fibers that can go on. Those that have used little and those that have used more are served by turns, so that a
    short script does not wait for a round of long ones, and these go on however many short ones come.
    """

    def __init__(self) -> None:
        self._short: Turns[Fiber] = Turns()
        self._long: Turns[Fiber] = Turns()
        self._last = self._long

    def __bool__(self) -> bool:
        return bool(self._short or self._long)

    def put(self, fiber: Fiber) -> None:
        """Add one that has just begun, been answered, or used its slice."""
        self._of(fiber).put(fiber.execution.owner, fiber)

    def take(self) -> Fiber | None:
        """The one that is to go on; `None` if there is none."""
        others = self._long if self._last is self._short else self._short
        if others:
            self._last = others
        return self._last.take()

    def discard(self, fiber: Fiber) -> None:
        """Take one out that is not to go on."""
        self._of(fiber).discard(fiber.execution.owner, fiber)

    def _of(self, fiber: Fiber) -> Turns[Fiber]:
        return self._short if fiber.execution.cpu_s < SHORT_S else self._long


class Fibers:
    """Runs executions in turns, in one thread. Implements `runner.Runner`."""

    name = "fibers"
    most = SLOTS - 8
    wake: int | None = None

    def __init__(self, kept: Path | None = None) -> None:
        self.ended: Ended = nobody
        self._running: Fiber | None = None
        self._fibers: dict[int, Fiber] = {}
        self._ready = Ready()
        self._over: list[Fiber] = []
        self._closed = False
        self._resumed = ffi.wasmtime_func_async_continuation_callback_t(self._resume)
        self.machine = Machine(
            configuration(),
            c_stack=C_STACK,
            js_stack=JS_STACK,
            kept=kept,
            name=self.name,
            current=self._current,
            define_wait=self._define_wait,
        )
        self._work = threading.Event()
        threading.Thread(target=self._tick, name="epoch", daemon=True).start()

    @property
    def busy(self) -> bool:
        """Whether there is something to do that needs no news."""
        return bool(self._ready or self._over)

    def start(self, execution: Execution) -> None:
        """Begin an execution, at the end of the queue."""
        fiber = Fiber(execution)
        self._fibers[id(execution)] = fiber
        self._ready.put(fiber)
        self._work.set()

    def answer(self, execution: Execution, answer: bytes) -> None:
        """Give a waiting script what it waits for."""
        fiber = self._fibers.get(id(execution))
        if fiber is not None and fiber.waits:
            fiber.waits, fiber.length = False, execution.answered(answer)
            self._ready.put(fiber)
            self._work.set()

    def cancel(self, execution: Execution) -> None:
        """Drop an execution where it is."""
        fiber = self._fibers.get(id(execution))
        if fiber is not None:
            if not fiber.waits:
                self._ready.discard(fiber)
            execution.stop(How.CANCELLED)
            self._finish(fiber, execution.dropped())

    def close(self) -> None:
        """Let go of everything, for a process that goes on."""
        for fiber in list(self._fibers.values()):
            self.cancel(fiber.execution)
        if self._over:
            self._put_away()
        self.machine.close()
        self._closed = True
        self._work.set()

    def signal(self) -> None:
        """Nothing: whoever runs a script sends what it says."""

    def turn(self) -> None:
        """Let the next script go on for a while; if there is none, put away what is over."""
        fiber = self._ready.take()
        if fiber is None:
            self._put_away()
            return
        execution = fiber.execution
        self._running = fiber
        before = time.thread_time()
        done = fiber.step()
        execution.used(time.thread_time() - before)
        if done:
            self._finish(fiber, fiber.outcome())
        elif execution.overdue:
            self._finish(fiber, execution.dropped())
        elif not fiber.waits:
            self._ready.put(fiber)
        self._running = None

    def _finish(self, fiber: Fiber, end: End) -> None:
        del self._fibers[id(fiber.execution)]
        self.ended(fiber.execution, end)
        self._over.append(fiber)
        if len(self._over) > _MOST_OVER:
            self._put_away()

    def _put_away(self) -> None:
        """Give back what has ended, after its answer has gone out, and make ready for one like the last."""
        image = self._over[-1].execution.image
        for fiber in self._over:
            self._running = fiber  # dropping a stack unwinds it, through the engine
            fiber.close()
        self._running = None
        self._over.clear()
        if not self._ready and image is not self.machine.first_image:
            self.machine.prepare(image)

    def _current(self) -> Execution:
        return self._step().execution

    def _step(self) -> Fiber:
        if self._running is None:
            raise Broken("the engine calls while no script runs")
        return self._running

    def _define_wait(self, machine: Machine, name: str, kind: Any) -> None:
        callback = ffi.wasmtime_func_async_callback_t(self._wait)
        machine.code.define(name, kind, callback, waits=True)

    def _wait(self, _env: Any, _caller: Any, given: Any, _n: int, results: Any, _m: int, _trap: Any, then: Any) -> None:
        fiber = self._step()
        asked = False
        try:
            execution = fiber.execution
            asked = execution.ask(execution.isolate.read(given[0].of.i32, given[1].of.i32))
        except BaseException as error:  # there is nobody above but the engine
            fiber.execution.broke(error)
        fiber.waits, fiber.length = asked, None if asked else -1
        fiber.answer_at = results
        then[0].callback, then[0].env, then[0].finalizer = self._resumed, None, NO_FINALIZER

    def _resume(self, _env: Any) -> bool:
        fiber = self._running
        if fiber is None or fiber.length is None:
            return False
        fiber.answer_at[0].kind, fiber.answer_at[0].of.i32 = 0, fiber.length
        return True

    def _tick(self) -> None:
        idle = 0
        while not self._closed:
            time.sleep(SLICE_S)
            self.machine.engine.increment_epoch()
            idle = 0 if self._ready or self._running else idle + 1
            if idle > _IDLE_TICKS:
                self._work.clear()
                if not (self._ready or self._closed):  # looked at after clearing: who comes now sets it again
                    self._work.wait()
                idle = 0
