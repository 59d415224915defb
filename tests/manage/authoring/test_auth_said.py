"""How a service finds out who asks."""

from __future__ import annotations

import pytest

from jackfield.definition.errors import InvalidDefinition
from jackfield.manage.authoring.auth_said import read_auth


@pytest.mark.parametrize(
    ("text", "kind", "name"),
    [
        ("With a bearer token.", "bearer", ""),
        ("Send X-Acme-Key.", "header", "X-Acme-Key"),
        ("Uses basic auth.", "basic", ""),
        ("A query parameter `api_key`.", "query", "api_key"),
        ("It is a public API.", "none", ""),
        ("", "bearer", ""),
    ],
)
def test_words_are_enough(text, kind, name):
    auth = read_auth(None, text)

    assert (auth.kind, auth.name) == (kind, name)


def test_what_is_said_wins_and_has_a_usual_name():
    assert read_auth({"type": "header"}, "bearer token").name == "X-API-Key"
    assert all(field.get("secret") for field in read_auth({"type": "query"}, "").fields.values())


def test_a_name_that_cannot_be_sent_is_refused():
    """It would end up in a script."""
    with pytest.raises(InvalidDefinition):
        read_auth({"type": "header", "name": 'X"\r\n'}, "")
