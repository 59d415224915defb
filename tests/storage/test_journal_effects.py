"""The decision table of the effect ledger, line by line, without a database."""

from __future__ import annotations

from dataclasses import replace

import pytest

from jackfield.storage.journal_effects import Held, judge
from storage.journal_world import ME, NOW, OTHER, an_effect

HELD = Held(
    tenant="default",
    scope="scope",
    key="key",
    params_hash=b"hash",
    execution_id="first",
    state="CLAIMED",
    native=False,
    owner=OTHER,
    fence=1,
    expires=NOW + 1,
)


def verdict(asked=None, *, alive=(), abandoned=None, **held):
    return judge(replace(HELD, **held), asked or an_effect(), alive=lambda: set(alive), abandoned=abandoned)


@pytest.mark.parametrize("state", ["CLAIMED", "SETTLED", "RELEASED", "UNKNOWN"])
def test_other_params_are_another_call(state):
    """Whatever became of the first: its outcome would answer a question that was not asked."""
    assert verdict(an_effect(params_hash=b"other"), state=state, alive=[OTHER]) == "key_reused"


@pytest.mark.parametrize(
    ("state", "answer"), [("SETTLED", "replay"), ("RELEASED", "claim_again"), ("UNKNOWN", "unknown")]
)
def test_what_was_ended_is_answered_whoever_lives(state, answer):
    """The owner has done its part."""
    assert verdict(state=state) == verdict(state=state, alive=[OTHER]) == verdict(state=state, owner=ME) == answer


def test_what_a_living_owner_does_is_in_progress():
    """It will settle it."""
    assert verdict(alive=[OTHER]) == "in_progress"


def test_the_asking_process_lives():
    """Also when it has not been seen yet: it joins its own call."""
    assert verdict(owner=ME) == "in_progress"


@pytest.mark.parametrize(
    ("first", "now", "answer"),
    [(True, True, "take_over"), (False, True, "give_up"), (True, False, "give_up"), (False, False, "give_up")],
)
def test_what_a_dead_owner_did_is_sent_again_only_with_a_key_that_the_service_knows(first, now, answer):
    """Both times: a key that was not sent the first time protects nobody, nor one that will not be sent."""
    assert verdict(an_effect(native=now), native=first) == answer


def test_what_this_process_has_given_up_counts_as_a_dead_owners():
    """A row whose end could not be kept would answer `in progress` until the process ends."""
    assert verdict(owner=ME, abandoned="first") == "give_up"
    assert verdict(an_effect(native=True), owner=ME, native=True, abandoned="first") == "take_over"
    assert verdict(owner=ME, abandoned="another") == "in_progress"


@pytest.mark.parametrize("state", ["SETTLED", "RELEASED", "UNKNOWN"])
@pytest.mark.parametrize("params", [b"hash", b"other"])
def test_an_expired_key_is_free(state, params):
    """Whether retention came by yet makes no difference."""
    assert verdict(an_effect(params_hash=params), state=state, expires=NOW) == "claim_again"


def test_a_claim_does_not_expire():
    """It may be on its way."""
    assert verdict(expires=NOW, alive=[OTHER]) == "in_progress"
    assert verdict(expires=NOW) == "give_up"


@pytest.mark.parametrize("state", ["SETTLED", "RELEASED", "UNKNOWN"])
def test_nobody_is_asked_who_lives_unless_it_matters(state):
    """That is a statement inside a commit that others wait for."""

    def ask():
        raise AssertionError("asked")

    assert judge(replace(HELD, state=state), an_effect(), alive=ask) != "in_progress"
