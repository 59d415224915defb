"""What a type says that its credentials may be: forms are made of it, so that no page knows schemes by heart."""

from __future__ import annotations

import pytest

from jackfield.definition.auth import SCHEMES, accepted

SIGN_IN = {
    "type": "oauth2",
    "authorizationUrl": "https://accounts.example/authorize",
    "tokenUrl": "https://accounts.example/token",
}


def names(auth: dict[str, object]) -> list[str]:
    return [part["name"] for part in accepted(auth)["parts"]]


@pytest.mark.parametrize("kind", SCHEMES)
def test_every_scheme_says_what_it_takes(kind: str):
    said = accepted({"type": kind})

    assert said["scheme"] == kind
    assert {part["name"] for part in said["parts"]} <= set(SCHEMES[kind].parts)
    assert all(part["label"] and "`" not in part["label"] for part in said["parts"])


def test_a_type_without_a_scheme_takes_nothing_but_its_fields():
    assert accepted({}) == accepted({"type": "none"})
    assert accepted({})["parts"] == []


def test_a_part_that_is_a_connection_field_is_given_as_that():
    """Asked for twice, one of both would be ignored."""
    assert names({"type": "bearer", "field": "token"}) == []
    assert names({"type": "bearer", "secret": "TOKEN"}) == ["token"]


def test_what_is_secret_is_said_to_be():
    parts = {part["name"]: part["secret"] for part in accepted({"type": "aws_sigv4"})["parts"]}

    assert parts["secretAccessKey"] is True
    assert parts["accessKeyId"] is False


def test_people_sign_in_where_the_service_has_a_page_for_it():
    said = accepted(SIGN_IN | {"scopes": "read write"})

    assert (said["signIn"], said["device"], said["paste"]) == (True, False, True)
    assert said["scopes"] == ["read", "write"]


@pytest.mark.parametrize(
    ("auth", "ways"),
    [
        (SIGN_IN | {"deviceAuthorizationUrl": "https://accounts.example/device"}, (True, True)),
        ({"type": "oauth2", "issuer": "https://accounts.example"}, (True, True)),
        ({"type": "oauth2", "grant": "device_code", "issuer": "https://accounts.example"}, (False, True)),
        (
            {"type": "oauth2", "grant": "client_credentials", "tokenUrl": "https://accounts.example/token"},
            (False, False),
        ),
        ({"type": "bearer", "field": "token"}, (False, False)),
    ],
    ids=["both", "found by the issuer", "devices only", "an app alone", "a key"],
)
def test_no_way_is_offered_that_a_sign_in_would_be_refused(auth: dict[str, object], ways: tuple[bool, bool]):
    said = accepted(auth)

    assert (said["signIn"], said["device"]) == ways
    assert said["paste"] is any(ways)


def test_the_access_token_of_an_account_is_pasted_and_not_typed_among_values():
    """It is kept as what a service granted, and renewed."""
    assert "accessToken" not in names(SIGN_IN)
    assert {"clientId", "clientSecret"} <= set(names(SIGN_IN))


def test_keys_are_read_in_any_case_style():
    snake = {"type": "oauth2", "authorization_url": SIGN_IN["authorizationUrl"], "token_url": SIGN_IN["tokenUrl"]}

    assert accepted(snake) == accepted(SIGN_IN)
