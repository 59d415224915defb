"""Compiling the engine takes a second; what came of it is kept in a file for the next process.

Such a file is as trusted as the program itself: it is only read if nobody but this user can have written it. wasmtime
refuses what another version, configuration or processor has compiled.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
from pathlib import Path

import wasmtime

from jackfield.execution.script.worker.artifact import WASMTIME

_DIGEST = 32
_OTHERS_MAY_WRITE = 0o022


def compiled(engine: wasmtime.Engine, wasm: bytes, *, kept: Path | None, name: str) -> wasmtime.Module:
    """The module, from the folder `kept` if it is there.

    Args:
        name: Of the configuration: each compiles to something else.
    """
    if kept is None:
        return wasmtime.Module(engine, wasm)
    identity = hashlib.sha256(b"\0".join((wasm, WASMTIME.encode(), name.encode()))).hexdigest()
    path = kept / f"engine-{identity[:32]}.bin"
    held = _read(path)
    if held is not None:
        with contextlib.suppress(wasmtime.WasmtimeError):
            return wasmtime.Module.deserialize(engine, held)
    module = wasmtime.Module(engine, wasm)
    with contextlib.suppress(OSError):  # then the next process compiles it again
        _write(path, bytes(module.serialize()))
    return module


def _read(path: Path) -> bytes | None:
    try:
        if not (_private(path.parent) and _private(path)):
            return None
        data = path.read_bytes()
    except OSError:
        return None
    digest, module = data[:_DIGEST], data[_DIGEST:]
    return module if hashlib.sha256(module).digest() == digest else None


def _private(path: Path) -> bool:
    """Whether nobody else can have put it there."""
    if os.name != "posix":
        return False
    told = path.lstat()
    return told.st_uid == os.geteuid() and not told.st_mode & _OTHERS_MAY_WRITE


def _write(path: Path, module: bytes) -> None:
    path.parent.mkdir(mode=0o700, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".engine-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(hashlib.sha256(module).digest() + module)
        os.replace(temporary, path)
    except OSError:
        Path(temporary).unlink(missing_ok=True)
        raise
