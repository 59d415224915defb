"""What schemes keep between calls: a nonce, a token, how far a clock is off. A bounded number, in memory only."""

from __future__ import annotations

import hashlib
import secrets
import threading
from typing import Generic, TypeVar

import orjson

_T = TypeVar("_T")

_OURS = secrets.token_bytes(32)


def key_of(*parts: object) -> str:
    """What stands for `parts`, which may be secrets: nothing can be found out from it, in this process or another."""
    return hashlib.blake2b(orjson.dumps(parts), digest_size=32, key=_OURS).hexdigest()


class Remembered(Generic[_T]):
    """Values by what they belong to; the one that was not used for longest goes first. For all threads.

    Args:
        size: How many are kept.
    """

    def __init__(self, size: int) -> None:
        self._size = size
        self._values: dict[str, _T] = {}
        self._lock = threading.Lock()

    def get(self, key: str) -> _T | None:
        """The value, if it is still there."""
        with self._lock:
            if key not in self._values:
                return None
            value = self._values[key] = self._values.pop(key)
            return value

    def put(self, key: str, value: _T) -> _T:
        """Keep `value`."""
        with self._lock:
            self._values.pop(key, None)
            self._values[key] = value
            if len(self._values) > self._size:
                del self._values[next(iter(self._values))]
        return value

    def forget(self, key: str, value: _T) -> None:
        """Let go of `value`, if it is what is kept."""
        with self._lock:
            if self._values.get(key) is value:
                del self._values[key]
