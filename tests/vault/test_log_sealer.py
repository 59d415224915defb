"""The data key of a log is changed before it has been used too often."""

from __future__ import annotations

import os

import pytest

from jackfield.vault.log_sealer import LogSealer
from jackfield.vault.sealed import split


@pytest.fixture
def now() -> list[float]:
    return [1000.0]


def data_keys(sealed: list[bytes]) -> list[int]:
    """Which data key each entry has, numbered as they come."""
    heads = [parts.wrapped for one in sealed if (parts := split(one))]
    order = list(dict.fromkeys(heads))
    return [order.index(one) for one in heads]


def test_a_data_key_serves_a_day(envelope, context, now):
    """Wrapping is the costlier half."""
    sealer = LogSealer(envelope, max_age_s=60, clock=lambda: now[0])
    sealed = [sealer.seal(b"1", context), sealer.seal(b"2", context)]
    now[0] += 59.9
    sealed.append(sealer.seal(b"3", context))
    now[0] += 0.1
    sealed += [sealer.seal(b"4", context), sealer.seal(b"5", context)]

    assert data_keys(sealed) == [0, 0, 0, 1, 1]
    assert [sealer.open(one, context) for one in sealed] == [b"1", b"2", b"3", b"4", b"5"]


def test_a_data_key_is_not_used_beyond_its_bound(envelope, context):
    """Random nonces repeat in the end: NIST SP 800-38D allows 2^32 of them."""
    sealer = LogSealer(envelope, max_uses=3)
    sealed = [sealer.seal(b"x", context) for _ in range(7)]

    assert data_keys(sealed) == [0, 0, 0, 1, 1, 1, 2]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
@pytest.mark.filterwarnings("ignore:.*multi-threaded, use of fork:DeprecationWarning")
def test_a_forked_process_has_a_data_key_of_its_own(envelope, context):
    """Ten workers would use up the bound ten times as fast, and none would know."""
    sealer = LogSealer(envelope)
    before = sealer.seal(b"x", context)
    reader, writer = os.pipe()
    if (child := os.fork()) == 0:
        os.write(writer, sealer.seal(b"x", context))
        os._exit(0)
    os.close(writer)
    with open(reader, "rb") as pipe:
        inside = pipe.read()
    os.waitpid(child, 0)

    assert data_keys([before, inside, sealer.seal(b"x", context)]) == [0, 1, 0]
    assert sealer.open(inside, context) == b"x"
