"""What the server and a sandbox process say to each other, as bytes on a stream.

A frame is its length, its kind, the number of the execution or script that it is about, and a body. The server reads
with the same care as from a network: whoever breaks out of an isolate can write anything here.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import IntEnum
from typing import NamedTuple

from jackfield.execution.script.sandbox import Limits
from jackfield.execution.script.turns import NOBODY, Owner

MOST_BODY = 64 * 1024 * 1024
"""Bytes of one body: more than any limit of a script lets through."""

MOST_DESCRIPTION = 256 * 1024
"""Bytes of an error that a script let pass."""

_HEAD = struct.Struct("<IBI")
_JOB = struct.Struct("<IIIQdQIIIIIII")
_OWNER = struct.Struct("<II")
_END = struct.Struct("<BdQII")


class Malformed(ValueError):
    """The bytes are no frame, or a frame's body is not what its kind says."""


class Kind(IntEnum):
    """What a frame is about; the first five go to the sandbox, the others come from it."""

    LOAD = 1
    FORGET = 2
    RUN = 3
    ANSWER = 4
    CANCEL = 5
    READY = 16
    LOADED = 17
    ASK = 18
    LOG = 19
    ENDED = 20


class How(IntEnum):
    """How an execution, or the loading of a script, ended."""

    RETURNED = 0
    NOTHING = 1
    MISSING = 2
    THROWN = 3
    CPU = 4
    MEMORY = 5
    STACK = 6
    RESULT = 7
    CALLS = 8
    CANCELLED = 9
    BROKEN = 10


class Frame(NamedTuple):
    """One thing that is said."""

    kind: Kind
    about: int
    body: bytes


@dataclass(frozen=True, kw_only=True)
class Order:
    """The body of `RUN`.

    Attributes:
        script: Number of a script that was sent before.
        owner: Numbers that stand for tenant and connector.
    """

    script: int
    owner: Owner = NOBODY
    function: bytes
    config: bytes = field(repr=False)
    params: bytes = field(repr=False)
    variables: bytes = field(repr=False)
    limits: Limits


@dataclass(frozen=True, kw_only=True)
class End:
    """The body of `ENDED` and `LOADED`.

    Attributes:
        text: JSON: a result, an error, or names of functions.
    """

    how: How
    cpu_s: float = 0.0
    memory_bytes: int = 0
    host_calls: int = 0
    logs_left_out: int = 0
    text: bytes = b""


def frame(kind: Kind, about: int, body: bytes = b"") -> bytes:
    """A frame as bytes."""
    return _HEAD.pack(len(body), kind, about) + body


class Reader:
    """Takes bytes as they come and gives whole frames.

    Args:
        most: Bytes of a body. A frame that claims more is refused before any of it is kept.
    """

    def __init__(self, *, most: int = MOST_BODY) -> None:
        self._held = bytearray()
        self._most = most

    def feed(self, data: bytes) -> Iterator[Frame]:
        """The frames that are complete by now.

        Raises:
            Malformed: What came is no frame. Nothing after it can be understood either.
        """
        self._held += data
        at = 0
        try:
            while len(self._held) - at >= _HEAD.size:
                size, kind, about = _HEAD.unpack_from(self._held, at)
                if size > self._most:
                    raise Malformed(f"a frame of {size} bytes")
                end = at + _HEAD.size + size
                if len(self._held) < end:
                    break
                body = bytes(self._held[at + _HEAD.size : end])
                at = end
                yield Frame(_kind(kind), about, body)
        finally:
            del self._held[:at]


def pack_order(order: Order) -> bytes:
    """The body of `RUN`."""
    limits = order.limits
    parts = (order.function, order.config, order.params, order.variables)
    head = _JOB.pack(
        order.script,
        *order.owner,
        limits.memory_bytes,
        limits.cpu_s,
        limits.result_bytes,
        limits.host_calls,
        limits.log_lines,
        limits.log_bytes,
        *map(len, parts),
    )
    return b"".join((head, *parts))


def unpack_order(body: bytes) -> Order:
    """The order that `pack_order` wrote."""
    script, tenant, connector, memory, cpu, result, calls, lines, log, *sizes = _unpack(_JOB, body)
    if _JOB.size + sum(sizes) != len(body):
        raise Malformed("an order of another length than it says")
    parts, at = [], _JOB.size
    for size in sizes:
        parts.append(body[at : at + size])
        at += size
    limits = Limits(
        memory_bytes=memory, cpu_s=cpu, result_bytes=result, host_calls=calls, log_lines=lines, log_bytes=log
    )
    function, config, params, variables = parts
    return Order(
        script=script,
        owner=Owner(tenant, connector),
        function=function,
        config=config,
        params=params,
        variables=variables,
        limits=limits,
    )


def pack_load(owner: Owner, source: bytes) -> bytes:
    """The body of `LOAD`: a script, and whose processor time it takes to load it."""
    return _OWNER.pack(*owner) + source


def unpack_load(body: bytes) -> tuple[Owner, bytes]:
    """What `pack_load` wrote."""
    return Owner(*_unpack(_OWNER, body)), body[_OWNER.size :]


def pack_end(end: End) -> bytes:
    """The body of `ENDED` and `LOADED`."""
    return _END.pack(end.how, end.cpu_s, end.memory_bytes, end.host_calls, end.logs_left_out) + end.text


def unpack_end(body: bytes) -> End:
    """The end that `pack_end` wrote."""
    how, cpu, memory, calls, left_out = _unpack(_END, body)
    try:
        kind = _HOWS[how]
    except KeyError:
        raise Malformed(f"an end of kind {how}") from None
    if not 0 <= cpu < 1e9:  # not a number neither
        raise Malformed("an end with impossible time")
    return End(
        how=kind, cpu_s=cpu, memory_bytes=memory, host_calls=calls, logs_left_out=left_out, text=body[_END.size :]
    )


def _unpack(layout: struct.Struct, body: bytes) -> tuple[int, ...]:
    if len(body) < layout.size:
        raise Malformed("a body that ends too early")
    return layout.unpack_from(body)


_KINDS = {kind.value: kind for kind in Kind}  # an enumeration's own look-up costs several times this
_HOWS = {how.value: how for how in How}


def _kind(number: int) -> Kind:
    try:
        return _KINDS[number]
    except KeyError:
        raise Malformed(f"a frame of kind {number}") from None
