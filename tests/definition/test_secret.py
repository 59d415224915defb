"""A secret never shows itself, and does what a value must do all the same."""

from __future__ import annotations

import json
import pickle
import traceback
from dataclasses import dataclass

import orjson
import pytest

from jackfield.definition import hints
from jackfield.definition.secret import MASK, Secret

VALUE = "sk-live-0123456789"


@dataclass
class Login:
    user: str
    password: Secret


SHOWN = {
    "repr": repr,
    "str": str,
    "f-string": lambda secret: f"{secret}",
    "conversion": lambda secret: f"{secret!r} {secret!s} {secret!a}",
    "format": lambda secret: "{} {!r}".format(secret, secret),  # noqa: UP032 - the method is what is tried
    "percent": lambda secret: "%s %r" % (secret, secret),  # noqa: UP031 - the operator is what is tried
    "in a list": lambda secret: str([secret, {"key": secret}]),
    "in a dataclass": lambda secret: repr(Login("zoe", secret)),
    "as JSON": lambda secret: json.dumps(hints.to_json({"login": Login("zoe", secret), "keys": [secret]})),
}


@pytest.mark.parametrize("show", SHOWN.values(), ids=SHOWN)
def test_what_is_shown_is_the_mask(show):
    """Logs, error texts and debuggers print whatever they are given."""
    shown = show(Secret(VALUE))

    assert MASK in shown
    assert VALUE not in shown


WRITTEN = {
    "pickle": pickle.dumps,
    "json": json.dumps,
    "orjson": orjson.dumps,
    "padded": lambda secret: f"{secret:>20}",
    "joined": lambda secret: "Bearer " + secret,
    "iterated": list,
}


@pytest.mark.parametrize("write", WRITTEN.values(), ids=WRITTEN)
def test_what_would_carry_the_value_away_fails_without_telling_it(write):
    """A mistake shows in a test, and the traceback can be pasted anywhere."""
    with pytest.raises(TypeError) as refused:
        write(Secret(VALUE))

    assert VALUE not in "".join(traceback.format_exception(refused.value))


def test_every_pickle_protocol_is_refused():
    """Queues choose their own."""
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        with pytest.raises(TypeError, match="reveal"):
            pickle.dumps([Secret(VALUE)], protocol)


def test_whoever_needs_the_value_asks_for_it():
    """One word to search the code for."""
    assert Secret(VALUE).reveal() == VALUE


def test_secrets_are_equal_by_value_and_to_nothing_else():
    """A plain string is not a secret, so comparing one with it is a mistake that must not answer yes."""
    assert Secret(VALUE) == Secret(VALUE)
    assert Secret(VALUE) != Secret(VALUE + "x")
    assert Secret(VALUE) != VALUE
    assert Secret("schlüssel") == Secret("schlüssel")
    assert {Secret(VALUE), Secret(VALUE)} == {Secret(VALUE)}


def test_an_empty_secret_is_false():
    """So that `if self.api_key:` tells whether it was filled in."""
    assert not Secret("")
    assert Secret("0")


def test_a_secret_has_no_place_for_notes():
    """An attribute added by accident would be printed by whatever prints `vars`."""
    with pytest.raises(AttributeError):
        Secret(VALUE).note = VALUE
