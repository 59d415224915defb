"""Secrets are found where their schema says they are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from jackfield.definition.hints import schemas
from jackfield.definition.secret import MASK, Secret
from jackfield.definition.sensitive import has_secrets, hide_secrets, secrets_in


@dataclass
class Login:
    """A secret inside."""

    user: str
    password: Secret
    before: Login | None = None


def schema_of(hint: Any) -> dict[str, Any]:
    found, definitions = schemas({"login": hint})
    return {"type": "object", "properties": found, "$defs": definitions}


LOGIN = {"user": "ann", "password": "hunter2", "before": {"user": "ann", "password": "old", "before": None}}
HIDDEN = {"user": "ann", "password": MASK, "before": {"user": "ann", "password": MASK, "before": None}}


@pytest.mark.parametrize(
    ("hint", "value", "hidden"),
    [
        (Secret, "hunter2", MASK),
        (Secret | None, "hunter2", MASK),
        (Secret | None, None, None),
        (Login, LOGIN, HIDDEN),
        (list[Login], [LOGIN], [HIDDEN]),
        (dict[str, Secret], {"a": "hunter2"}, {"a": MASK}),
        (dict[str, list[Login | None]], {"a": [None, LOGIN]}, {"a": [None, HIDDEN]}),
    ],
)
def test_a_secret_is_found_however_deep(hint: Any, value: Any, hidden: Any):
    """References, choices, lists and maps lead to it."""
    schema = schema_of(hint)

    assert has_secrets(schema)
    assert hide_secrets({"login": value}, schema) == {"login": hidden}
    assert ("hunter2" in secrets_in({"login": value}, schema)) is (value is not None)


def test_values_that_are_no_secrets_are_left_alone():
    """And the given value is not changed."""
    given = {"login": LOGIN, "other": [1, {"password": "not by name"}]}
    hidden = hide_secrets(given, schema_of(Login))

    assert hidden["other"] == [1, {"password": "not by name"}]
    assert given["login"]["password"] == "hunter2"


@pytest.mark.parametrize(
    "schema",
    [
        {"$ref": "#/$defs/A", "$defs": {"A": {"$ref": "#/$defs/A"}}},
        {
            "$ref": "#/$defs/A",
            "$defs": {"A": {"anyOf": [{"$ref": "#/$defs/B"}]}, "B": {"allOf": [{"$ref": "#/$defs/A"}]}},
        },
        {"$ref": "#/$defs/None", "$defs": {}},
        {"$ref": "https://example.com/schema"},
        {"anyOf": [True, False]},
    ],
)
def test_references_that_lead_nowhere_end(schema: dict[str, Any]):
    """Schemas are written by users."""
    assert hide_secrets({"a": 1}, schema) == {"a": 1}
