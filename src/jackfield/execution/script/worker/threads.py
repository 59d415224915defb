"""Scripts in threads: one that waits for the server blocks its thread. For where `fibers` do not work.

It needs less of the engine's library: no suspended calls and no pooling allocator.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import queue
import threading
import time
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from ctypes import byref
from pathlib import Path
from typing import Any

import wasmtime
from wasmtime import _bindings as ffi

from jackfield.execution.script.frames import End, How
from jackfield.execution.script.worker.execution import Execution
from jackfield.execution.script.worker.fibers import C_STACK, FIBER_STACK, JS_STACK, SLICE_S, WASM_STACK
from jackfield.execution.script.worker.machine import Machine
from jackfield.execution.script.worker.native import NO_FINALIZER, Broken, Errors, numbers
from jackfield.execution.script.worker.runner import Ended, nobody

THREADS = 32
"""Executions at once in one process."""

_Late = ctypes.CFUNCTYPE(
    ctypes.c_size_t,
    ctypes.POINTER(ffi.wasmtime_context_t),
    ctypes.c_void_p,
    ctypes.POINTER(ctypes.c_uint64),
    ctypes.POINTER(ffi.wasmtime_update_deadline_kind_t),
)


class _Call:
    """An execution in its thread."""

    def __init__(self, execution: Execution) -> None:
        self.execution = execution
        self.answers: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self.cancelled = False
        self._counted = 0.0

    def begin(self) -> None:
        """Count processor time from here on; the thread has had other calls before."""
        self._counted = time.thread_time()

    def count(self) -> None:
        """Count the processor time since the last look."""
        now = time.thread_time()
        self.execution.used(now - self._counted)
        self._counted = now


class Threads:
    """Runs executions in a bounded pool of threads. Implements `runner.Runner`."""

    name = "threads"
    most = THREADS

    def __init__(self, kept: Path | None = None) -> None:
        self.ended: Ended = nobody
        self._local = threading.local()
        self._calls: dict[int, _Call] = {}
        self._finished: deque[tuple[_Call, End]] = deque()
        reader, self._waker = os.pipe()
        self.wake: int | None = reader
        self._reader, self._signalled, self._closed = reader, False, False
        os.set_blocking(reader, False)
        os.set_blocking(self._waker, False)
        config = wasmtime.Config()
        ffi.wasmtime_config_async_stack_size_set(config.ptr(), FIBER_STACK)  # the library compares it with the next
        config.max_wasm_stack = WASM_STACK
        self.machine = Machine(
            config,
            c_stack=C_STACK,
            js_stack=JS_STACK,
            kept=kept,
            name=self.name,
            current=self._current,
            define_wait=self._define_wait,
        )
        self._late = _Late(self._tick_in_script)
        self._pool = _all_started(THREADS)
        threading.Thread(target=self._tick, name="epoch", daemon=True).start()

    @property
    def busy(self) -> bool:
        """Whether something has happened in a thread."""
        return self._signalled

    def start(self, execution: Execution) -> None:
        """Begin an execution, as soon as a thread is free."""
        call = _Call(execution)
        self._calls[id(execution)] = call
        self._pool.submit(self._run, call)

    def answer(self, execution: Execution, answer: bytes) -> None:
        """Give a waiting script what it waits for."""
        call = self._calls.get(id(execution))
        if call is not None:
            call.answers.put(answer)

    def cancel(self, execution: Execution) -> None:
        """Have an execution end: at once if it waits, and else at its next step."""
        call = self._calls.get(id(execution))
        if call is not None:
            call.cancelled = True
            execution.stop(How.CANCELLED)
            call.answers.put(None)

    def close(self) -> None:
        """Let go of everything, for a process that goes on."""
        for call in list(self._calls.values()):
            self.cancel(call.execution)
        self._pool.shutdown(wait=True)
        self.turn()
        self.machine.close()
        self._closed = True
        os.close(self._waker)
        os.close(self._reader)

    def signal(self) -> None:
        """Have `wake` say that something has happened."""
        self._signalled = True
        with contextlib.suppress(BlockingIOError):  # full: it says so already
            os.write(self._waker, b"\0")

    def turn(self) -> None:
        """Tell of the executions that have ended."""
        self._signalled = False  # before looking: what comes now says so again
        with contextlib.suppress(BlockingIOError):
            os.read(self._reader, 65536)
        while self._finished:
            call, end = self._finished.popleft()
            del self._calls[id(call.execution)]
            self.ended(call.execution, end)
            call.execution.isolate.close()

    def _run(self, call: _Call) -> None:
        self._local.call = call
        try:
            end = self._result(call)
        except Exception as error:  # a broken isolate is one failed execution, whatever broke
            end = call.execution.dropped(error=error)
        self._finished.append((call, end))
        self.signal()

    def _result(self, call: _Call) -> End:
        execution, isolate = call.execution, call.execution.isolate
        call.begin()
        ffi.wasmtime_store_epoch_deadline_callback(isolate.store, self._late, None, NO_FINALIZER)
        ffi.wasmtime_context_set_epoch_deadline(isolate.context, 1)
        function, arguments = isolate.function(execution.entry), numbers(*execution.arguments)
        results, errors = numbers(0), Errors()
        failed = ffi.wasmtime_func_call(
            isolate.context, byref(function), arguments, len(execution.arguments), results, 1, byref(errors.trap)
        )
        call.count()
        errors.check(failed)
        return execution.ended(results[0].of.i32)

    def _current(self) -> Execution:
        return self._step().execution

    def _step(self) -> _Call:
        call: _Call | None = getattr(self._local, "call", None)
        if call is None:
            raise Broken("the engine calls while no script runs")
        return call

    def _define_wait(self, machine: Machine, name: str, kind: Any) -> None:
        machine.code.define(name, kind, machine.callback(self._wait))

    def _wait(self, given: Any) -> int:
        call = self._step()
        execution = call.execution
        if not execution.ask(execution.isolate.read(given[0].of.i32, given[1].of.i32)):
            return -1
        answer = call.answers.get()
        return -1 if answer is None else execution.answered(answer)

    def _tick_in_script(self, _context: Any, _data: Any, delta: Any, kind: Any) -> int:
        """What the engine calls in the script's thread when the epoch has moved on: an error ends the call."""
        try:
            call = self._step()
            call.count()
            if not (call.execution.overdue or call.cancelled):
                delta[0], kind[0] = 1, 0
                return 0
        except Exception as error:  # there is nobody above but the engine
            self._current().broke(error)
        ended = wasmtime.WasmtimeError("it did not end when it was told to")._consume()
        return ctypes.cast(ended, ctypes.c_void_p).value or 0

    def _tick(self) -> None:
        while not self._closed:
            time.sleep(SLICE_S)
            self.machine.engine.increment_epoch()


def _all_started(count: int) -> ThreadPoolExecutor:
    """A pool with all of its threads running: a locked process starts none."""
    usual = threading.stack_size(FIBER_STACK * 2)
    try:
        pool = ThreadPoolExecutor(count, "script")
        barrier = threading.Barrier(count + 1)
        for _ in range(count):
            pool.submit(barrier.wait)
        barrier.wait()
    finally:
        threading.stack_size(usual)
    return pool
