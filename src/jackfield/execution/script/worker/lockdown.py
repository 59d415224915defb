"""Gives up what a process of scripts does not need: files, sockets, other programs, other processes.

Scripts are kept in by WebAssembly. This is for the day when somebody finds a way out of it: what they find themselves
in can talk to the server, over the one socket that is open, and compute.

The filter is a list of the system calls that remain; every other answers EPERM. It is raw BPF, as the kernel takes it.
Source: Linux, Documentation/userspace-api/seccomp_filter.rst, and the tables of system calls of both architectures.
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import struct
import sys
from dataclasses import dataclass

_LOAD, _JUMP_EQUAL, _JUMP_GREATER, _AND, _RETURN = 0x20, 0x15, 0x35, 0x54, 0x06
_NUMBER, _ARCHITECTURE, _ARGUMENTS = 0, 4, 16
_ALLOW, _REFUSE = 0x7FFF0000, 0x00050000 | errno.EPERM
_PR_SET_DUMPABLE, _PR_SET_NO_NEW_PRIVS = 4, 38
_FILTER, _ALL_THREADS = 1, 1
_PAGEMAP_SCAN = 0xC0606610  # how wasmtime finds the pages that a script has written to

_MOST_FILES = 1024
_FIRST_TO_END = "1000"

# Numbers on x86-64 and aarch64; -1 where there is none.
_ALLOWED = {
    "read": (0, 63),
    "write": (1, 64),
    "close": (3, 57),
    "fstat": (5, 80),
    "poll": (7, -1),
    "ppoll": (271, 73),
    "lseek": (8, 62),
    "munmap": (11, 215),
    "brk": (12, 214),
    "rt_sigaction": (13, 134),
    "rt_sigprocmask": (14, 135),
    "rt_sigreturn": (15, 139),
    "sched_yield": (24, 124),
    "mremap": (25, 216),
    "madvise": (28, 233),
    "nanosleep": (35, 101),
    "getpid": (39, 172),
    "sendto": (44, 206),
    "recvfrom": (45, 207),
    "exit": (60, 93),
    "fcntl": (72, 25),
    "ftruncate": (77, 46),
    "gettimeofday": (96, 169),
    "getrusage": (98, 165),
    "sigaltstack": (131, 132),
    "gettid": (186, 178),
    "futex": (202, 98),
    "sched_getaffinity": (204, 123),
    "restart_syscall": (219, 128),
    "clock_gettime": (228, 113),
    "clock_getres": (229, 114),
    "clock_nanosleep": (230, 115),
    "exit_group": (231, 94),
    "set_robust_list": (273, 99),
    "getrandom": (318, 278),
    "memfd_create": (319, 279),  # images of scripts; nothing can be executed from them
    "membarrier": (324, 283),
    "rseq": (334, 293),
}
# Third argument. The engine makes a page of code for each image, which is first written and then executable; nothing is
# both at once, and nothing is mapped as executable.
_FORBIDDEN_TOGETHER = {"mmap": (9, 222, 4), "mprotect": (10, 226, 2 | 4)}
_ONE_REQUEST = {"ioctl": (16, 29)}  # second argument


@dataclass(frozen=True, kw_only=True)
class _Architecture:
    column: int
    audit: int
    seccomp: int


_ARCHITECTURES = {
    "x86_64": _Architecture(column=0, audit=0xC000003E, seccomp=317),
    "aarch64": _Architecture(column=1, audit=0xC00000B7, seccomp=277),
}


class NotLocked(Exception):
    """This system does not lock the process down."""


def expendable() -> bool:
    """Have the kernel end this process before all others where the machine's memory ends. Whether it will.

    Source: Linux, Documentation/filesystems/proc.rst, `oom_score_adj`.
    """
    try:
        with open("/proc/self/oom_score_adj", "r+") as told:
            told.write(_FIRST_TO_END)
            told.seek(0)
            return told.read().strip() == _FIRST_TO_END
    except OSError:  # another system, or one that does not let itself be told
        return False


def limit() -> None:
    """Leave nothing behind in files, and nothing to be read by other processes of the user."""
    if sys.platform != "linux":
        return
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    files = min(_MOST_FILES, resource.getrlimit(resource.RLIMIT_NOFILE)[1])
    resource.setrlimit(resource.RLIMIT_NOFILE, (files, files))
    _libc().prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)


def lock() -> None:
    """Filter the system calls of all threads of this process, for good.

    Raises:
        NotLocked: It cannot be done here. The process is as it was.
    """
    architecture = _ARCHITECTURES.get(platform.machine())
    if sys.platform != "linux" or architecture is None:
        raise NotLocked(f"there is no filter for {sys.platform} on {platform.machine()}")
    filters = program(architecture.column, architecture.audit)
    code = ctypes.create_string_buffer(filters, len(filters))
    described = struct.pack("HxxxxxxQ", len(filters) // 8, ctypes.addressof(code))
    libc = _libc()
    if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        raise NotLocked(f"no_new_privs is refused: {os.strerror(ctypes.get_errno())}")
    if libc.syscall(architecture.seccomp, _FILTER, _ALL_THREADS, described) != 0:
        raise NotLocked(f"the filter is refused: {os.strerror(ctypes.get_errno())}")


def program(column: int, audit: int) -> bytes:
    """The filter for one architecture."""
    steps = [
        _step(_LOAD, _ARCHITECTURE),
        _step(_JUMP_EQUAL, audit, 1, 0),
        _step(_RETURN, _REFUSE),
        _step(_LOAD, _NUMBER),
    ]
    # Numbers above this are those of x86-64's second table, which the list below does not mean.
    steps += [_step(_JUMP_GREATER, 0x40000000, 0, 1), _step(_RETURN, _REFUSE)]
    for numbers in _ALLOWED.values():
        if numbers[column] >= 0:
            steps += [_step(_JUMP_EQUAL, numbers[column], 0, 1), _step(_RETURN, _ALLOW)]
    for *calls, forbidden in _FORBIDDEN_TOGETHER.values():
        steps += [
            _step(_JUMP_EQUAL, calls[column], 0, 5),
            _step(_LOAD, _argument(2)),
            _step(_AND, forbidden),
            _step(_JUMP_EQUAL, forbidden, 0, 1),
            _step(_RETURN, _REFUSE),
            _step(_RETURN, _ALLOW),
        ]
    for numbers in _ONE_REQUEST.values():
        steps += [
            _step(_JUMP_EQUAL, numbers[column], 0, 3),
            _step(_LOAD, _argument(1)),
            _step(_JUMP_EQUAL, _PAGEMAP_SCAN, 0, 1),
            _step(_RETURN, _ALLOW),
        ]
    return b"".join([*steps, _step(_RETURN, _REFUSE)])


def _step(code: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
    return struct.pack("HBBI", code, if_true, if_false, value)


def _argument(index: int) -> int:
    """Where the lower half of an argument lies; both architectures are little-endian."""
    return _ARGUMENTS + 8 * index


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)
