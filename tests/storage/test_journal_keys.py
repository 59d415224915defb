"""Names of effects."""

from __future__ import annotations

import hashlib
import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jackfield.storage.journal_keys import effect_key, effect_scope, params_hash, same_params

STEP = {"run_id": "run", "node": "charge", "iteration": "3", "generation": 1, "failures": 0}


def key(**given):
    return effect_key(**({"tenant": "default", "execution_id": "execution"} | given))


@pytest.mark.parametrize(
    "change",
    [
        {"node": "refund"},
        {"iteration": "4"},
        {"generation": 2},
        {"failures": 1},
        {"run_id": "another"},
        {"tenant": "b"},
    ],
    ids=lambda change: next(iter(change)),
)
def test_a_step_has_a_key_of_its_own(change):
    """A retry after an answered failure or from a step is another write; so is the next turn of a loop."""
    assert key(**STEP) != key(**(STEP | change))


def test_a_step_that_is_tried_again_after_silence_has_the_same_key():
    """Whatever its execution is called this time."""
    assert key(**STEP) == key(**STEP, execution_id="the second try")


def test_a_callers_key_goes_before_the_step():
    """Who gives one means it, inside a run too."""
    assert key(caller_key="order-7") == key(caller_key="order-7", **STEP) != key(**STEP)


def test_without_key_and_run_no_two_calls_share_a_key():
    """Nothing says that they are the same."""
    assert key(execution_id="a") != key(execution_id="b")


def test_nobody_can_give_a_key_that_is_a_steps():
    """Kinds of keys are apart, whatever a caller writes."""
    assert key(caller_key="run") != key(run_id="run") != key(execution_id="run")


@given(st.text(), st.text(), st.text(), st.text())
def test_parts_never_run_into_each_other(a, b, c, d):
    """`ab`, `c` is not `a`, `bc`: else a name could be chosen that reads another's outcome. Any text has a key."""
    one = effect_scope(connector=a, command=b, principal="ann")
    two = effect_scope(connector=c, command=d, principal="ann")

    assert (one == two) is ((a, b) == (c, d))
    assert key(caller_key=a) == key(caller_key=a)


def test_scopes_of_two_principals_differ():
    """Guessing another's key finds nothing."""
    mine = effect_scope(connector="c", command="send", principal="ann")

    assert mine != effect_scope(connector="c", command="send", principal="bob")


def test_lone_surrogates_have_a_key():
    """JSON allows them, so they arrive."""
    assert key(caller_key="\ud800") != key(caller_key="\ud801")


def test_params_are_hashed_with_the_deployments_secret():
    """Params such as a PIN could be tried out otherwise. HMAC-SHA-256, RFC 2104."""
    hashed = params_hash(b'{"pin":1234}', secret=b"secret")

    assert hashed == hmac.new(b"secret", b'{"pin":1234}', hashlib.sha256).digest()
    assert same_params(hashed, params_hash(b'{"pin":1234}', secret=b"secret"))
    assert not same_params(hashed, params_hash(b'{"pin":1235}', secret=b"secret"))
    assert not same_params(hashed, params_hash(b'{"pin":1234}', secret=b"other"))
