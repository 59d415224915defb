"""What a handler is told about its call."""

from __future__ import annotations

import dataclasses
import logging

import pytest

from jackfield import Context, SyncContext
from jackfield.definition.context import CallContext


def made(**parts):
    known = {"config": {}, "params": {}, "variables": {}, "http": None, "execution_id": "e"}
    return CallContext(log=logging.LoggerAdapter(logging.getLogger("t"), {}), **known | parts)


def test_outside_a_run_there_is_no_step_and_no_run():
    """The same handler serves a workflow and a plain call."""
    context = made()

    assert (context.step_id, context.run_id) == (None, None)


@pytest.mark.parametrize("name", [field.name for field in dataclasses.fields(CallContext)])
def test_a_handler_cannot_change_its_context(name):
    """A command that replaced `config` would only believe that it had."""
    with pytest.raises(dataclasses.FrozenInstanceError):
        setattr(made(), name, None)


def test_both_kinds_of_handler_get_the_same_facts():
    """A handler becomes `async` by adding two words, not by learning another context."""
    assert Context.__origin__ is SyncContext.__origin__ is CallContext
