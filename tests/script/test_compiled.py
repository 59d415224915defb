"""The compiled engine is kept for the next process, and read only from where nobody else writes."""

from __future__ import annotations

import os

import pytest
import wasmtime

from jackfield.execution.script.pool import SandboxPool
from jackfield.execution.script.worker.compiled import compiled

from .conftest import run

WASM = bytes(wasmtime.wat2wasm('(module (func (export "f") (result i32) i32.const 1))'))
OTHER = bytes(wasmtime.wat2wasm('(module (func (export "f") (result i32) i32.const 2))'))


@pytest.fixture
def engine():
    return wasmtime.Engine()


def answer(engine: wasmtime.Engine, module: wasmtime.Module) -> int:
    store = wasmtime.Store(engine)
    return wasmtime.Instance(store, module, []).exports(store)["f"](store)


def test_what_was_kept_is_used(engine, tmp_path):
    """Once compiled, for ever."""
    folder = tmp_path / "sandbox"
    assert answer(engine, compiled(engine, WASM, kept=folder, name="a")) == 1
    (path,) = folder.iterdir()
    written = path.stat().st_mtime_ns

    assert path.stat().st_mode & 0o777 == 0o600
    assert folder.stat().st_mode & 0o777 == 0o700
    assert answer(engine, compiled(engine, WASM, kept=folder, name="a")) == 1
    assert path.stat().st_mtime_ns == written
    assert answer(engine, compiled(engine, OTHER, kept=folder, name="a")) == 2
    assert answer(engine, compiled(engine, WASM, kept=folder, name="b")) == 1
    assert len(list(folder.iterdir())) == 3


def planted(engine: wasmtime.Engine, folder) -> None:
    """The other module under the name of the first, whole and well-formed."""
    compiled(engine, WASM, kept=folder, name="a")
    (path,) = folder.iterdir()
    compiled(engine, OTHER, kept=folder, name="a")
    (other,) = set(folder.iterdir()) - {path}
    path.write_bytes(other.read_bytes())


@pytest.mark.skipif(os.name != "posix", reason="there are no such modes")
@pytest.mark.parametrize("loose", ["the file", "the folder"])
def test_what_others_could_have_written_is_not_used(engine, tmp_path, loose):
    """It is machine code, and runs."""
    folder = tmp_path / "sandbox"
    planted(engine, folder)
    assert answer(engine, compiled(engine, WASM, kept=folder, name="a")) == 2  # whoever may write there may do this
    if loose == "the folder":
        folder.chmod(0o777)
    else:
        for path in folder.iterdir():
            path.chmod(0o666)

    assert answer(engine, compiled(engine, WASM, kept=folder, name="a")) == 1


@pytest.mark.parametrize("damage", [b"", b"x" * 100, None])
def test_what_is_damaged_is_made_again(engine, tmp_path, damage):
    """A full disk leaves half a file."""
    folder = tmp_path / "sandbox"
    compiled(engine, WASM, kept=folder, name="a")
    (path,) = folder.iterdir()
    path.write_bytes(path.read_bytes()[:-5] if damage is None else damage)

    assert answer(engine, compiled(engine, WASM, kept=folder, name="a")) == 1
    assert len(path.read_bytes()) > 1000


def test_a_folder_that_cannot_be_written_is_no_problem(engine, tmp_path):
    """A container's root may be read-only."""
    (tmp_path / "file").touch()

    assert answer(engine, compiled(engine, WASM, kept=tmp_path / "file" / "x", name="a")) == 1


async def test_a_process_starts_from_what_was_kept(tmp_path):
    """Locked down as ever."""
    for _ in range(2):
        pool = SandboxPool(processes=1, kept=tmp_path / "sandbox")
        assert await run(pool, "function run() { return 1 }") == 1
        await pool.close()

        assert len(list((tmp_path / "sandbox").iterdir())) == 1
