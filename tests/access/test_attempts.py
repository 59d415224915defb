"""How often somebody may fail."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jackfield.access.attempts import Attempts


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def failures(attempts: Attempts, address: str, times: int) -> list[int]:
    return [attempts.failed(address) for _ in range(times)]


def test_some_failures_are_let_through_at_once_and_then_one_at_a_time():
    clock = Clock()
    attempts = Attempts(burst=3, every_s=6, clock=clock)

    assert failures(attempts, "192.0.2.1", 5) == [0, 0, 0, 6, 6]
    clock.now += 4
    assert failures(attempts, "192.0.2.1", 1) == [2]
    clock.now += 2
    assert failures(attempts, "192.0.2.1", 2) == [0, 6]
    clock.now += 1000
    assert failures(attempts, "192.0.2.1", 4) == [0, 0, 0, 6]


def test_addresses_count_for_themselves():
    attempts = Attempts(burst=1, clock=Clock())

    assert failures(attempts, "192.0.2.1", 2) == [0, 6]
    assert failures(attempts, "192.0.2.2", 1) == [0]


@pytest.mark.parametrize(
    "same",
    [("2001:db8::1", "2001:db8::ffff:1"), ("::ffff:192.0.2.1", "192.0.2.1"), ("fe80::1%eth0", "fe80::2"), ("", "")],
)
def test_addresses_of_one_household_count_together(same: tuple[str, str]):
    """Whoever has one of IPv6 has 2^64."""
    attempts = Attempts(burst=1, clock=Clock())

    assert attempts.failed(same[0]) == 0
    assert attempts.failed(same[1]) > 0


def test_the_memory_of_addresses_is_bounded():
    """A stranger with many addresses fills nothing; who was seen longest ago is forgotten."""
    attempts = Attempts(burst=1, most=10, clock=Clock())
    for number in range(50):
        attempts.failed(f"192.0.2.{number}")

    assert len(attempts._until) == 10
    assert attempts.failed("192.0.2.49") > 0
    assert attempts.failed("192.0.2.0") == 0


@given(st.lists(st.floats(0, 100), min_size=1, max_size=60))
def test_who_waits_as_long_as_told_is_let_through(pauses: list[float]):
    clock = Clock()
    attempts = Attempts(burst=2, every_s=6, clock=clock)
    for pause in pauses:
        clock.now += pause
        if wait := attempts.failed("192.0.2.1"):
            clock.now += wait
            assert attempts.failed("192.0.2.1") == 0


@given(st.text())
def test_an_address_may_be_anything(address: str):
    assert Attempts().failed(address) == 0
