"""The engine, compiled once, and the image in which its prelude has run.

What differs between the ways to run a script, whether it is suspended on a fiber or blocks a thread, is in `fibers` and
`threads`; both make their isolates here.
"""

from __future__ import annotations

import ctypes
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

import wasmtime
from wasmtime import _bindings as ffi

from jackfield.execution.script.worker.artifact import engine_module
from jackfield.execution.script.worker.compiled import compiled
from jackfield.execution.script.worker.module import HOST, PAGE, image_of, memory_module, take_apart
from jackfield.execution.script.worker.native import Broken, Isolate, Linked

MOST_MEMORY = 4 * 1024 * 1024 * 1024 - PAGE
"""Bytes that an isolate can be given at all."""

BESIDES_HEAP = 2 * 1024 * 1024
"""Bytes of an isolate that are not its heap: C stack, constants, what the allocator cannot hand out."""

LOAD_HEAP = 16 * 1024 * 1024
"""Bytes of heap while a script is loaded. What is left then goes into the image that its executions start from."""

FLAG, STACK_TOP, TEXT, TEXT_SIZE, NAME = 0, 12, 56, 60, 128
"""Offsets in the block that `shim.wat` keeps its state in."""

LONGEST_NAME = 255

_BAD_DESCRIPTOR = 8
_CLOCK_STEP_NS = 1_000_000  # finer clocks measure what others leave in caches


class Guest(Protocol):
    """The execution whose script is running: what its script asks of the host comes here."""

    isolate: Isolate

    def now(self, operation: int, text: bytes) -> int:
        """Ask for what is there: the length of the answer, or -1 for none."""

    def take(self) -> bytes:
        """The answer whose length was told."""

    def broke(self, error: BaseException) -> None:
        """Asking has failed: the script must not go on."""


class _Boot:
    """The guest while the prelude is set up, which asks for nothing."""

    def __init__(self, isolate: Isolate) -> None:
        self.isolate = isolate

    def now(self, operation: int, text: bytes) -> int:
        return -1

    def take(self) -> bytes:
        return b""

    def broke(self, error: BaseException) -> None:
        raise SystemExit(f"the engine does not start: {error}")


class Machine:
    """Makes isolates.

    Args:
        config: How isolates are made.
        c_stack, js_stack: Bytes; the rest of the C stack is for calls that QuickJS does not count.
        kept: Folder for the compiled engine, if there is one; `name` is that of the configuration.
        current: The guest that runs in this thread.
        define_wait: Gives the one import that may take long its function, by its name and type.
    """

    def __init__(
        self,
        config: wasmtime.Config,
        *,
        c_stack: int,
        js_stack: int,
        kept: Path | None,
        name: str,
        current: Callable[[], Guest],
        define_wait: Callable[[Machine, str, Any], None],
    ) -> None:
        config.epoch_interruption = True
        config.wasm_threads = False
        self.engine = wasmtime.Engine(config)
        self._c_stack, self._current, self._lock = c_stack, current, threading.Lock()
        self._booting: _Boot | None = None
        self._spare: Isolate | None = None
        here = Path(__file__).parent
        assemble: Callable[[str], bytes] = lambda text: bytes(wasmtime.wat2wasm(text))  # noqa: E731
        parts = take_apart(engine_module(), (here / "shim.wat").read_text(), assemble)
        self.code = Linked(self.engine, compiled(self.engine, parts.code, kept=kept, name=name))
        for wanted, kind in self.code.functions():
            if wanted == HOST["host_wait"]:
                define_wait(self, wanted, kind)
            else:
                self.code.define(wanted, kind, self.callback(self._import(wanted)))
        self.block = 0
        prelude = (here / "text.js").read_text() + (here / "prelude.js").read_text()
        self.first_image = self._boot(self._image(parts.segments, parts.pages), prelude.encode(), js_stack)

    def isolate(self, image: wasmtime.Module, memory_bytes: int) -> Isolate:
        """A fresh isolate, as it was when the image was taken."""
        made, self._spare = self._spare, None
        if made is not None and made.image is image:
            made.limit(min(memory_bytes, MOST_MEMORY))
            return made
        if made is not None:
            made.close()
        return self._isolate(image, min(memory_bytes, MOST_MEMORY))

    def prepare(self, image: wasmtime.Module) -> None:
        """Make the next isolate of an image ahead of time: nobody has used it, and nobody waits for it."""
        if self._spare is None:
            self._spare = self._isolate(image, MOST_MEMORY)

    def _isolate(self, image: wasmtime.Module, memory_bytes: int) -> Isolate:
        made = Isolate(self.engine, memory_bytes)
        try:
            with self._lock:
                made.fill(image, self.code)
        except BaseException:
            made.close()
            raise
        return made

    def image(self, isolate: Isolate) -> wasmtime.Module:
        """What an isolate has become, for others to start from."""
        memory = bytearray(isolate.read(0, isolate.size))
        top = isolate.word(self.block + STACK_TOP)
        below = self._c_stack - 32
        memory[top - below : top] = bytes(below)  # nothing runs: what lies there is left over
        return self._image(image_of(bytes(memory)), len(memory) // PAGE)

    def close(self) -> None:
        """Give back what is ready for the next execution."""
        if self._spare is not None:
            self._spare.close()
            self._spare = None

    def put(self, isolate: Isolate, text: bytes) -> int:
        """Hand a text to the guest."""
        room = isolate.call(b"room", self.block, len(text))
        if room == 0:
            raise MemoryError
        isolate.write(room, text)
        return room

    def name(self, isolate: Isolate, name: bytes) -> int:
        """Hand the name of a function to the guest: its size. One that is too long is nobody's."""
        name = name if len(name) <= LONGEST_NAME else b""
        isolate.write(self.block + NAME, name)
        return len(name)

    def text(self, isolate: Isolate, *, most: int) -> bytes | None:
        """The text that an entry has left; `None` if it is longer than `most` bytes."""
        size = isolate.word(self.block + TEXT_SIZE)
        return None if size > most else isolate.read(isolate.word(self.block + TEXT), size)

    def interrupt(self, isolate: Isolate) -> None:
        """Make the script end at its next step, by an error that it cannot catch."""
        ctypes.memmove(isolate.base + self.block + FLAG, b"\x01", 1)

    def _image(self, segments: Any, pages: int) -> wasmtime.Module:
        return wasmtime.Module(self.engine, memory_module(segments, pages=pages, most_pages=MOST_MEMORY // PAGE))

    def _boot(self, image: wasmtime.Module, prelude: bytes, js_stack: int) -> wasmtime.Module:
        isolate = self.isolate(image, MOST_MEMORY)
        self._booting = _Boot(isolate)
        try:
            isolate.call(b"_initialize", results=0)
            self.block = isolate.call(b"boot", self._c_stack, js_stack, LOAD_HEAP)
            if isolate.call(b"setup", self.block, self.put(isolate, prelude), len(prelude)):
                raise Broken("the prelude does not run")
            return self.image(isolate)
        finally:
            self._booting = None
            isolate.close()

    def _guest(self) -> Guest:
        return self._booting or self._current()

    def _import(self, name: str) -> Callable[[Any], int]:
        mine = {
            "environ_sizes_get": self._no_environment,
            "clock_time_get": self._clock,
            HOST["host_now"]: self._now,
            HOST["host_take"]: self._take,
        }
        return mine.get(name, lambda given: _BAD_DESCRIPTOR)

    def callback(self, answer: Callable[[Any], int]) -> Any:
        """A callback of C: nothing may be raised through it."""

        def callback(_env: Any, caller: Any, given: Any, count: int, results: Any, wanted: int) -> int:
            try:
                number = answer(given)
            except BaseException as error:  # there is nobody above but the engine
                self._guest().broke(error)
                number = -1
            if wanted:
                results[0].kind, results[0].of.i32 = 0, number
            return 0

        return ffi.wasmtime_func_callback_t(callback)

    def _now(self, given: Any) -> int:
        guest = self._guest()
        at, size = given[1].of.i32, given[2].of.i32
        return guest.now(given[0].of.i32, guest.isolate.read(at, size))

    def _take(self, given: Any) -> int:
        guest = self._guest()
        answer = guest.take()
        if len(answer) > given[1].of.i32:
            raise Broken("the guest has no room for an answer that it was told the length of")
        guest.isolate.write(given[0].of.i32, answer)
        return 0

    def _clock(self, given: Any) -> int:
        now = time.time_ns() if given[0].of.i32 == 0 else time.monotonic_ns()
        self._guest().isolate.write(given[2].of.i32, (now - now % _CLOCK_STEP_NS).to_bytes(8, "little"))
        return 0

    def _no_environment(self, given: Any) -> int:
        for at in (given[0].of.i32, given[1].of.i32):
            self._guest().isolate.write(at, bytes(4))
        return 0
