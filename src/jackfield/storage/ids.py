"""Identifiers that sort by time."""

from __future__ import annotations

import os
import time


def new_id() -> str:
    """A UUID of version 7: 48 bits of Unix milliseconds, then random bits. Source: RFC 9562, section 5.7."""
    time_ms, random = f"{time.time_ns() // 1_000_000:012x}", os.urandom(10).hex()
    variant = "89ab"[int(random[3], 16) & 3]
    return f"{time_ms[:8]}-{time_ms[8:]}-7{random[:3]}-{variant}{random[4:7]}-{random[8:]}"
