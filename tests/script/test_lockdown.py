"""What a sandbox process can still do, and that it says so where it is more than it should be."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from jackfield.execution.script.errors import SandboxUnavailable
from jackfield.execution.script.pool import SandboxPool
from jackfield.execution.script.worker import lockdown

from .conftest import linux, run

pytestmark = [linux, pytest.mark.asyncio(loop_scope="session")]


async def test_a_process_is_locked_down_and_says_so(pools):
    """It has tried to open files and sockets, to run programs, and to reach other processes."""
    report = await pools["fibers"].report()

    assert report["process"]
    assert report["locked"], report
    assert report["engine"] == "fibers"


@pytest.mark.parametrize(
    ("variant", "reason"), [("unlocked", "not asked for"), ("in-process", "the server's own process")]
)
async def test_less_protection_is_told(pools, variant, reason):
    """`jackfield doctor` shows it."""
    report = await pools[variant].report()

    assert not report["locked"]
    assert reason in report["unlocked"]


async def test_locked_or_not_at_all():
    """Who asks for it gets it."""
    pool = SandboxPool(mode="locked", processes=1)
    try:
        assert await run(pool, "function run() { return 1 }") == 1
    finally:
        await pool.close()


async def test_where_the_machines_memory_ends_the_kernel_takes_a_sandbox_first(pools):
    """And not the server, or the database beside it. Scripts can ask for much, all at once."""
    for name in ("fibers", "threads", "unlocked"):
        report, (pid,) = await pools[name].report(), pools[name].pids()
        told = Path(f"/proc/{pid}/oom_score_adj").read_text().strip()

        assert report["expendable"] is (told == "1000")
        assert report["expendable"] or not os.access("/proc/self/oom_score_adj", os.W_OK)
    before = Path("/proc/self/oom_score_adj").read_text()
    assert "expendable" not in await pools["in-process"].report()
    assert Path("/proc/self/oom_score_adj").read_text() == before


async def test_a_system_that_cannot_be_told_changes_nothing_else(monkeypatch):
    """A container may have that file read-only."""

    def refused(*args, **kwargs):
        raise PermissionError

    monkeypatch.setattr("builtins.open", refused)

    assert lockdown.expendable() is False


ATTEMPTS = {
    "open": "open('/etc/passwd')",
    "write a file": "open('/tmp/jackfield-escape', 'w')",
    "list": "os.listdir('/')",
    "stat": "os.stat('/etc/passwd')",
    "socket": "socket.socket(socket.AF_INET)",
    "unix socket": "socket.socketpair()",
    "fork": "os.fork()",
    "exec": "os.execv('/bin/true', ['true'])",
    "spawn": "subprocess.run(['/bin/true'])",
    "kill": "os.kill(os.getppid(), 9)",
    "own kill": "os.kill(os.getpid(), 9)",
    "pipe": "os.pipe()",
    "chdir": "os.chdir('/tmp')",
    "unlink": "os.unlink('/tmp/jackfield-escape')",
    "ptrace": "check(libc.ptrace(0, 0, 0, 0))",
    "process_vm_readv": "check(libc.process_vm_readv(os.getppid(), None, 0, None, 0, 0))",
    "io_uring": "check(libc.syscall(425, 1, 0))",
    "bpf": "check(libc.syscall(321, 0, 0, 0))",
    "userfaultfd": "check(libc.syscall(323, 0))",
    "unshare": "check(libc.unshare(0x10000000))",
    "mount": "check(libc.mount(b'x', b'/tmp', b'tmpfs', 0, None))",
    "prctl": "check(libc.prctl(4, 1, 0, 0, 0))",
    "map code": "mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_EXEC)",
    "writable code": "check(libc.mprotect(page, 4096, 7))",
    "thread": "threading.Thread(target=print).start()",
    "ioctl": "check(libc.ioctl(0, 0x5412, b'x'))",
    "send a file": "socket.send_fds(connection, [b'x'], [0])",
}


async def test_what_remains_is_a_list(tmp_path):
    """Every attempt is refused by the kernel, with an error that the process survives."""
    program = tmp_path / "locked.py"
    program.write_text(
        textwrap.dedent(
            f"""
            import ctypes, json, mmap, os, socket, subprocess, sys, threading
            from jackfield.execution.script.worker import lockdown

            libc = ctypes.CDLL(None, use_errno=True)
            libc.mmap.restype = ctypes.c_void_p
            page = ctypes.c_void_p(libc.mmap(None, 4096, 3, 34, -1, 0))
            connection, _ = socket.socketpair()
            idle = threading.Event()
            threading.Thread(target=idle.wait, daemon=True).start()

            def check(returned):
                if returned == -1:
                    raise OSError(ctypes.get_errno(), "refused")

            lockdown.limit()
            lockdown.lock()
            done = []
            for name, attempt in json.loads({json.dumps(json.dumps(ATTEMPTS))}).items():
                try:
                    eval(attempt)
                except (OSError, RuntimeError):
                    continue
                done.append(name)
            sys.stdout.write(json.dumps(done))
            sys.stdout.flush()
            os._exit(0)
            """
        )
    )
    ended = await finished(str(program))

    assert ended.returncode == 0, ended.stderr.decode()[-500:]
    assert json.loads(ended.stdout) == []


async def test_the_filter_is_one_for_both_architectures():
    """No call is allowed on one that is another on the other, by a slip of the table."""
    for column, audit in ((0, 0xC000003E), (1, 0xC00000B7)):
        filters = lockdown.program(column, audit)

        assert len(filters) % 8 == 0
        assert len(filters) // 8 < 4096


WITHOUT = """
import asyncio, ctypes, json, struct
from jackfield.execution.script.errors import SandboxUnavailable
from jackfield.execution.script.pool import SandboxPool
from jackfield.execution.script.sandbox import Job

# Refuses some system calls from here on, also to the processes that are started.
step = lambda code, value, yes=0, no=0: struct.pack("HBBI", code, yes, no, value)
REFUSE, ALLOW = step(6, 0x50001), step(6, 0x7FFF0000)
filters = {filters}
code = ctypes.create_string_buffer(filters, len(filters))
libc = ctypes.CDLL(None, use_errno=True)
assert libc.prctl(38, 1, 0, 0, 0) == 0
assert libc.prctl(22, 2, struct.pack("HxxxxxxQ", len(filters) // 8, ctypes.addressof(code)), 0, 0) == 0

async def main(mode):
    pool = SandboxPool(mode=mode, processes=1)
    try:
        ended = await pool.run(Job(source="function run() {{ return 1 }}", function="run"), None)
        return ended.value.decode(), dict(await pool.report())
    except SandboxUnavailable as error:
        return str(error), error.hint
    finally:
        await pool.close()

for mode in {modes}:
    print(json.dumps(asyncio.run(main(mode))))
"""
SECCOMP = "step(0x20, 0) + step(0x15, 317, 0, 1) + REFUSE + ALLOW"
# fork and vfork; clone unless it makes a thread; clone3 is said not to exist, so that the C library uses clone.
FORK = (
    'step(0x20, 0) + step(0x15, 57, 0, 1) + REFUSE + step(0x15, 58, 0, 1) + REFUSE'
    ' + step(0x15, 435, 0, 1) + step(6, 0x50026)'
    ' + step(0x15, 56, 0, 3) + step(0x20, 16) + step(0x45, 0x10000, 1, 0) + REFUSE + ALLOW'
)  # fmt: skip
x86_64 = pytest.mark.skipif(lockdown.platform.machine() != "x86_64", reason="the numbers are those of x86-64")


async def finished(*arguments: str) -> subprocess.CompletedProcess[bytes]:
    return await asyncio.to_thread(
        subprocess.run, [sys.executable, *arguments], capture_output=True, timeout=100, check=False
    )


async def without(filters: str, *modes: str) -> list[list[object]]:
    program = WITHOUT.format(filters=filters, modes=list(modes))
    ended = await finished("-c", program)
    assert ended.returncode == 0, ended.stderr.decode()[-800:]
    return [json.loads(line) for line in ended.stdout.splitlines()]


@x86_64
async def test_without_seccomp_scripts_run_and_the_report_says_so():
    """Some containers forbid it. Who has asked for the lock gets no sandbox instead."""
    usual, locked = await without(SECCOMP, "auto", "locked")

    assert usual[0] == "1"
    assert usual[1]["locked"] is False
    assert "the filter is refused" in usual[1]["unlocked"]
    assert "cannot be locked down" in locked[0]


@x86_64
async def test_without_new_processes_scripts_run_in_this_one_if_asked_to():
    """That is less protection, so it does not happen by itself."""
    usual, thread = await without(FORK, "auto", "thread")

    assert "does not start" in usual[0]
    assert "JACKFIELD_SANDBOX=thread" in usual[1]
    assert thread[0] == "1"


async def test_a_broken_installation_is_said(monkeypatch):
    """The engine's file is checked at every start."""
    from jackfield.execution.script.worker import artifact

    monkeypatch.setattr(artifact, "SHA256", "0" * 64)
    pool = SandboxPool(mode="thread")
    with pytest.raises(SandboxUnavailable, match="is not that of version"):
        await run(pool, "function run() {}")
    await pool.close()
