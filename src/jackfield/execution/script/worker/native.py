"""The part of wasmtime's library that an execution needs, by its C interface.

`wasmtime` wraps it in many Python objects, which costs more than a short script, and leaves out suspended calls and the
pooling allocator. `wasmtime._bindings` has the prototypes of all. That module is nobody's promise: the version is
pinned, and `selftest` tries what is used.
"""

from __future__ import annotations

import ctypes
from ctypes import byref
from typing import Any

import wasmtime
from wasmtime import _bindings as ffi

NO_FINALIZER = ctypes.cast(0, ctypes.CFUNCTYPE(None, ctypes.c_void_p))
_FAR = 1 << 40


class Broken(Exception):
    """An isolate did what it never does, and cannot be used any more."""


class Errors:
    """Where a call leaves what went wrong. It has to live as long as the call."""

    def __init__(self) -> None:
        self.trap = ctypes.POINTER(ffi.wasm_trap_t)()
        self.error = ctypes.POINTER(ffi.wasmtime_error_t)()

    def check(self, returned: Any = None) -> None:
        """Raise what went wrong, if something did."""
        error = returned or self.error
        if error:
            raise Broken(str(wasmtime.WasmtimeError._from_ptr(error)))
        if self.trap:
            raise Broken(str(wasmtime.Trap._from_ptr(self.trap)))


def numbers(*given: int) -> Any:
    """Arguments of a call, all of them i32."""
    values = (ffi.wasmtime_val_t * max(1, len(given)))()
    for value, number in zip(values, given, strict=False):
        value.of.i32 = number  # the kind is 0 already
    return values


def finish(future: Any) -> None:
    """See a call through that has nothing to wait for."""
    while not ffi.wasmtime_call_future_poll(future):
        pass
    ffi.wasmtime_call_future_delete(future)


class Isolate:
    """An instance of the engine on an image, in a store of its own."""

    def __init__(self, engine: wasmtime.Engine, memory_bytes: int) -> None:
        self._open = True
        self.store = ffi.wasmtime_store_new(engine.ptr(), None, NO_FINALIZER)
        self.context = ffi.wasmtime_store_context(self.store)
        self.limit(memory_bytes)
        ffi.wasmtime_context_set_epoch_deadline(self.context, _FAR)
        self.instance = ffi.wasmtime_instance_t()

    def limit(self, memory_bytes: int) -> None:
        """How far the memory may grow."""
        ffi.wasmtime_store_limiter(self.store, memory_bytes, -1, -1, -1, -1)

    def fill(self, image: wasmtime.Module, code: Linked) -> None:
        """Map the image, and instantiate the code on it."""
        self.image = image
        errors = Errors()
        made = ffi.wasmtime_instance_new(self.context, image.ptr(), None, 0, byref(self.instance), byref(errors.trap))
        errors.check(made)
        self._suspends = code.suspends
        memory = self._export(b"memory")
        self.memory = memory.of.memory
        code.instantiate(self.context, memory, self.instance)
        self.base = ctypes.addressof(ffi.wasmtime_memory_data(self.context, byref(self.memory)).contents)

    def function(self, name: bytes) -> Any:
        """A function that the engine or the shim exports."""
        return self._export(name).of.func

    def _export(self, name: bytes) -> Any:
        extern = ffi.wasmtime_extern_t()
        if not ffi.wasmtime_instance_export_get(self.context, byref(self.instance), name, len(name), byref(extern)):
            raise Broken(f"the engine has no `{name.decode()}`")
        return extern

    def call(self, name: bytes, *given: int, results: int = 1) -> int:
        """Call a function that does not wait for the host, and wait for it."""
        function, arguments, answers, errors = self.function(name), numbers(*given), numbers(0), Errors()
        call = self.context, byref(function), arguments, len(given), answers, results, byref(errors.trap)
        if self._suspends:
            finish(ffi.wasmtime_func_call_async(*call, byref(errors.error)))
            errors.check()
        else:
            errors.check(ffi.wasmtime_func_call(*call))
        return int(answers[0].of.i32)

    @property
    def size(self) -> int:
        """Bytes of memory that the isolate has by now."""
        return int(ffi.wasmtime_memory_data_size(self.context, byref(self.memory)))

    def read(self, at: int, size: int) -> bytes:
        """Part of the guest's memory. Both numbers are the guest's and may be anything."""
        at, size = at & 0xFFFFFFFF, size & 0xFFFFFFFF
        if at + size > self.size:
            raise Broken("the engine points outside of its memory")
        return ctypes.string_at(self.base + at, size)

    def word(self, at: int) -> int:
        """A number in the guest's memory."""
        return int.from_bytes(self.read(at, 4), "little")

    def write(self, at: int, data: bytes) -> None:
        """Change the guest's memory, at a place that the guest has named."""
        at &= 0xFFFFFFFF
        if at + len(data) > self.size:
            raise Broken("the engine points outside of its memory")
        ctypes.memmove(self.base + at, data, len(data))

    def close(self) -> None:
        """Give everything back."""
        if self._open:
            self._open = False
            ffi.wasmtime_store_delete(self.store)


class Linked:
    """A module whose imports are known but for its memory, which each instance brings."""

    def __init__(self, engine: wasmtime.Engine, module: wasmtime.Module) -> None:
        self.module = module
        self._linker = wasmtime.Linker(engine)
        self._linker.allow_shadowing = True
        self._memory = ctypes.create_string_buffer(b"image"), ctypes.create_string_buffer(b"memory")
        self._callbacks: list[Any] = []  # the library does not keep them alive
        self.suspends = False

    def functions(self) -> list[tuple[str, Any]]:
        """Name and type of each function that the module imports."""
        return [
            (each.name or "", each.type) for each in self.module.imports if isinstance(each.type, wasmtime.FuncType)
        ]

    def define(self, name: str, kind: Any, callback: Any, *, waits: bool = False) -> None:
        """Give an import its function, which must never raise."""
        self._callbacks.append(callback)
        self.suspends = self.suspends or waits
        define = ffi.wasmtime_linker_define_async_func if waits else ffi.wasmtime_linker_define_func
        module, text = b"wasi_snapshot_preview1", name.encode()
        failed = define(
            self._linker.ptr(), module, len(module), text, len(text), kind.ptr(), callback, None, NO_FINALIZER
        )
        Errors().check(failed)

    def instantiate(self, context: Any, memory: Any, instance: Any) -> None:
        """Make an instance on a memory of the same store."""
        module, name = self._memory
        errors = Errors()
        errors.check(ffi.wasmtime_linker_define(self._linker.ptr(), context, module, 5, name, 6, byref(memory)))
        make = self._linker.ptr(), context, self.module.ptr(), byref(instance), byref(errors.trap)
        if self.suspends:  # then the library takes every call in such a store for one that may be suspended
            finish(ffi.wasmtime_linker_instantiate_async(*make, byref(errors.error)))
            errors.check()
        else:
            errors.check(ffi.wasmtime_linker_instantiate(*make))
