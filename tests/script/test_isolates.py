"""What lies below the language: memory of one execution never shows in another's."""

# ruff: noqa: E501 - scripts read better in one line
from __future__ import annotations

import select
import time

import pytest

from jackfield.execution.script.frames import End, How, Order
from jackfield.execution.script.sandbox import Limits
from jackfield.execution.script.worker.artifact import engine_module
from jackfield.execution.script.worker.execution import Execution
from jackfield.execution.script.worker.fibers import Fibers
from jackfield.execution.script.worker.machine import MOST_MEMORY
from jackfield.execution.script.worker.module import image_of, memory_module, take_apart
from jackfield.execution.script.worker.native import Broken
from jackfield.execution.script.worker.threads import Threads

SECRET = b"hunter2-in-clear-and-nowhere-else"


@pytest.fixture(params=[Fibers, Threads], scope="module")
def runner(request):
    """The engine itself, in this process."""
    return request.param()


def ended(runner, source: str, *, image=None, config: bytes = b"{}", send=None) -> tuple[End, object]:
    """Load a script, or run its function `run`, to the end."""
    came: list[tuple[End, object]] = []

    def take(execution: Execution, end: End) -> None:
        loaded = execution.order is None and end.how is How.RETURNED
        came.append((end, runner.machine.image(execution.isolate) if loaded else None))

    runner.ended = take
    order, text = None, source.encode()
    if image is not None:
        order = Order(script=1, function=b"run", config=config, params=b"{}", variables=b"{}", limits=Limits())
        text = b"run"
    execution = Execution(
        runner.machine,
        number=1,
        image=image or runner.machine.first_image,
        text=text,
        order=order,
        send=send or (lambda data: None),
    )
    runner.start(execution)
    until = time.monotonic() + 30
    while not came and time.monotonic() < until:
        if runner.busy:
            runner.turn()
        else:
            poll = select.poll()
            poll.register(runner.wake, select.POLLIN)
            poll.poll(1000)
    return came[0]


def test_no_byte_of_a_secret_is_in_a_fresh_isolate(runner):
    """Slots of memory are used again; an isolate starts from its image and from nothing else."""
    _, image = ended(
        runner,
        "let all = []; function run() { const s = floh.config.s; for (let i = 0; i < 3e4; i++) all.push(s + i); return s }",
    )
    clean = runner.machine.isolate(image, MOST_MEMORY)
    expected = clean.read(0, clean.size)
    clean.close()
    for _ in range(20):
        end, _ = ended(runner, "", image=image, config=b'{"s":"%s"}' % SECRET)
        assert SECRET in end.text
        isolates = [runner.machine.isolate(image, MOST_MEMORY) for _ in range(3)]
        memories = [isolate.read(0, isolate.size) for isolate in isolates]
        for isolate in isolates:
            isolate.close()

        assert all(memory == expected for memory in memories)
        assert SECRET not in expected


def test_memory_that_was_grown_is_gone(runner):
    """An isolate that grows to where another has been finds zeros there, as the language's host expects."""
    _, image = ended(
        runner,
        "function run() { const b = new Uint8Array(8e6); let n = 0; for (const x of b) n += x; b.fill(165); return n }",
    )
    for _ in range(5):
        end, _ = ended(runner, "", image=image)

        assert end.text == b"0"


@pytest.mark.parametrize(("at", "size"), [(-1, 1), (0, 2**31), (2**31, 2**31), (0, -1), (2**32 - 1, 2)])
def test_no_address_of_the_guests_leads_out_of_its_memory(runner, at, size):
    """Both numbers are what somebody may have written over in there."""
    isolate = runner.machine.isolate(runner.machine.first_image, MOST_MEMORY)
    try:
        with pytest.raises(Broken):
            isolate.read(at, size)
        with pytest.raises(Broken):
            isolate.write(isolate.size - 1, b"xx")
    finally:
        isolate.close()


def test_an_image_is_what_the_memory_was():
    """Pages of zeros are left out, and come back as zeros."""
    memory = bytearray(64 * 1024)
    memory[5000:5003], memory[20000:29000], memory[-1:] = b"abc", b"x" * 9000, b"z"
    rebuilt = bytearray(len(memory))
    parts = list(image_of(bytes(memory)))
    for offset, data in parts:
        rebuilt[offset : offset + len(data)] = data

    assert rebuilt == memory
    assert sum(len(data) for _, data in parts) <= 24 * 1024
    assert memory_module(parts, pages=1, most_pages=2).startswith(b"\0asm")


def test_the_engine_cannot_ask_for_more_than_it_is_given(runner):
    """Of all that WASI has, nothing is granted: no file, no environment, no arguments."""
    import wasmtime

    parts = take_apart(
        engine_module(), (module_folder() / "shim.wat").read_text(), lambda text: bytes(wasmtime.wat2wasm(text))
    )
    imported = {each.name for each in wasmtime.Module(runner.machine.engine, parts.code).imports}

    assert "memory" in imported
    assert not {name for name in imported if name.startswith(("sock_", "args_", "random_"))}


def module_folder():
    """Where the parts lie."""
    from pathlib import Path

    from jackfield.execution.script import worker

    return Path(worker.__file__).parent
