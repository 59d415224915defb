"""Params of real documents, made small: the same values are valid as before, and nothing refers to nowhere."""

from __future__ import annotations

import gzip
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from random import Random
from typing import Any

import jsonschema_rs
import orjson
import pytest

from jackfield.definition.openapi.reader import read_openapi
from openapi_judge.values import CASES, Values

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif("JACKFIELD_SPECS" not in os.environ, reason="JACKFIELD_SPECS names no folder of documents"),
]

SCALE = float(os.environ.get("JACKFIELD_TEST_SCALE", "0.2"))
OF_EACH = max(5, round(150 * SCALE))
CHANGED = 6
META = jsonschema_rs.Draft202012Validator({"$ref": "https://json-schema.org/draft/2020-12/schema"})
OTHERS = (None, True, -1, 0, 0.5, 10**12, "", "x" * 6000, [], {}, [None], {"no-such-name": 1})


def documents() -> Iterator[tuple[str, Any]]:
    for path in sorted(Path(os.environ["JACKFIELD_SPECS"]).glob("*.json.gz")):
        yield path.name, orjson.loads(gzip.decompress(path.read_bytes()))


def changed(value: Any, random: Random) -> Any:
    """A copy of `value` with one thing in it left out, added, or replaced."""
    if isinstance(value, Mapping) and value and random.random() < 0.8:
        name = random.choice(sorted(value))
        rest = {key: inner for key, inner in value.items() if key != name}
        return rest if random.random() < 0.2 else {**rest, name: changed(value[name], random)}
    if isinstance(value, list) and value and random.random() < 0.8:
        at = random.randrange(len(value))
        return [*value[:at], changed(value[at], random), *value[at + 1 :]]
    return random.choice(OTHERS)


def test_the_same_values_are_valid_as_in_full():
    """Of each document some commands, each with values that fit and values that nearly do."""
    judged, valid, wrong = 0, 0, []
    for name, document in documents():
        read, random = read_openapi(document), Random(name)
        full = read.commands.in_full()
        for command in random.sample(sorted(read.commands), min(OF_EACH, len(read.commands))):
            small, whole = read.commands[command].params, full[command].params
            assert META.is_valid(small), (name, command)
            first, second = (jsonschema_rs.Draft202012Validator(dict(one)) for one in (whole, small))
            for case in CASES:
                fitting = Values(whole, random, case).params()
                for value in (fitting, *(changed(fitting, random) for _ in range(CHANGED))):
                    judged, valid = judged + 1, valid + first.is_valid(value)
                    if first.is_valid(value) != second.is_valid(value):
                        wrong.append((name, command, value))

    assert wrong == []
    assert judged / 10 < valid < judged * 9 / 10


def test_names_stay_when_a_document_is_read_again():
    """Whatever was asked for before."""
    for name, document in documents():
        first, second = read_openapi(document).commands, read_openapi(document).commands
        for command in sorted(second, reverse=True):
            second[command]

        assert all(repr(first[command].params) == repr(second[command].params) for command in first), name


def test_no_document_is_larger_than_in_full():
    """Each measure is taken only where it saves something."""
    for name, document in documents():
        read = read_openapi(document)
        full = read.commands.in_full()

        small, whole = ([orjson.dumps(one.params) for one in each.values()] for each in (read.commands, full))
        assert sum(map(len, small)) <= sum(map(len, whole)), name
