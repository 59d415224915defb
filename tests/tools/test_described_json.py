"""Described commands on their way to a program elsewhere."""

from __future__ import annotations

import json

import pytest

from jackfield.agents.described_json import answered_json, read_answered
from jackfield.agents.describing import Described, Lookup
from jackfield.definition.model import ConnectorDefinition
from jackfield.errors import JackfieldError
from jackfield.registry.errors import UnknownCommand
from tools.making import command

DEFINITION = ConnectorDefinition(
    name="acme",
    version="1.2.0",
    commands={name: command(name, tool=name != "hidden", reads_only=True) for name in ("list", "send", "hidden")},
    source={"secret": "inner matter"},
)
DESCRIBED = [Described(connector="default/acme", definition=DEFINITION)]


def sent(answered, lookup, **settings):
    return json.loads(json.dumps(answered_json(answered, lookup, **settings)))


def test_what_was_wanted_arrives_and_nothing_else():
    """Neither other commands nor what a type is made of."""
    document = sent(DESCRIBED, Lookup(connector="acme", command="SEND"))
    (read,) = read_answered(document)

    assert read.connector == "default/acme"
    assert (read.definition.name, read.definition.version) == ("acme", "1.2.0")
    assert dict(read.definition.commands) == {"send": DEFINITION.commands["send"]}
    assert "inner matter" not in json.dumps(document)


def test_all_are_all_that_may_be_offered():
    """What an author keeps from models is not described."""
    (read,) = read_answered(sent(DESCRIBED, Lookup(connector="acme")))

    assert list(read.definition.commands) == ["list", "send"]


def test_what_is_known_is_not_sent_again():
    """The tag is another one when anything has changed."""
    lookup = Lookup(connector="acme", command="send")
    first = sent(DESCRIBED, lookup)

    assert sent(DESCRIBED, lookup, tag=first["tag"]) == {"tag": first["tag"], "unchanged": True}
    assert sent(DESCRIBED, Lookup(connector="acme", command="list"), tag=first["tag"])["tag"] != first["tag"]


def test_errors_arrive_as_they_were():
    """With class, words and hint."""
    error = UnknownCommand(connector="acme", command="lst", known=["list"])
    read = read_answered(sent(error, Lookup(connector="acme", command="lst")))

    assert type(read) is UnknownCommand
    assert (read.message, read.hint) == (error.message, error.hint)


@pytest.mark.parametrize(
    "change",
    [
        {"described": None},
        {"described": [1]},
        {"described": [{"connector": "a"}]},
        {"described": [{"connector": "a", "type": "a", "version": "1.0.0", "executionModel": "magic", "commands": {}}]},
        {"described": [{"connector": "a", "type": "a", "version": "1", "executionModel": "http", "commands": {}}]},
        {"described": [{"connector": "a", "type": "a", "version": "1.0.0", "executionModel": "http", "commands": 7}]},
    ],
)
def test_what_cannot_be_read_is_refused(change):
    """A server may be another version, or something else."""
    with pytest.raises((ValueError, JackfieldError)):
        read_answered(change)
