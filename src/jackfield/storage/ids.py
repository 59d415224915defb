"""Identifiers that sort by time."""

from __future__ import annotations

import os
import time
from collections import deque

_AT_ONCE = 256

_random: deque[bytes] = deque()
"""Asked for in advance: each question to the system gives up the interpreter lock, and waits to have it back."""

if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_random.clear)  # two processes with the same ones would make the same ids


def new_id() -> str:
    """A UUID of version 7: 48 bits of Unix milliseconds, then random bits. Source: RFC 9562, section 5.7."""
    time_ms, random = f"{time.time_ns() // 1_000_000:012x}", _ten_bytes().hex()
    variant = "89ab"[int(random[3], 16) & 3]
    return f"{time_ms[:8]}-{time_ms[8:]}-7{random[:3]}-{variant}{random[4:7]}-{random[8:]}"


def _ten_bytes() -> bytes:
    while True:
        try:
            return _random.popleft()
        except IndexError:  # also where another thread was faster
            fresh = os.urandom(10 * _AT_ONCE)
            _random.extend(fresh[at : at + 10] for at in range(0, len(fresh), 10))
