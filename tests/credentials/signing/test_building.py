"""From what a type says to what signs its requests."""

from __future__ import annotations

from typing import Any

import pytest

from jackfield.access.principal import LOCAL
from jackfield.credentials.building import BUILDERS
from jackfield.credentials.errors import CredentialInvalid, CredentialMissing
from jackfield.credentials.resolve import Access, Sources, authorize
from jackfield.definition.auth import SCHEMES
from jackfield.definition.secret import Secret
from jackfield.definition.wire import Outgoing

KEY = "a-shared-key-of-thirty-two-bytes!"


class Nothing:
    """A store without secrets."""

    async def find(self, name: str, **_: Any) -> None:
        return None

    def places(self, name: str) -> list[str]:
        return ["the store", name]


async def access(auth: dict[str, Any], *, values: dict[str, str] | None = None, **config: Any) -> Access:
    held = {name: Secret(value) for name, value in (values or {}).items()}
    return await authorize(auth, Sources(config=config, store=Nothing(), principal=LOCAL, values=held))


async def signed(auth: dict[str, Any], **options: Any) -> Outgoing:
    request = Outgoing(method="GET", url="https://a.example/x")
    await (await access(auth, **options)).scheme.sign(request)
    return request


def test_there_is_a_builder_for_each_scheme_of_this_folder():
    """One that is only declared would fail at the first call."""
    assert set(SCHEMES) - set(BUILDERS) <= {"none", "caller_token", "sinas_token", "oauth2"}


async def test_a_token_of_ones_own_goes_where_it_is_said():
    """With `Bearer` only where nothing else is said."""
    auth = {"type": "jwt", "field": "key", "algorithm": "HS256"}
    plain = (await signed(auth, key=KEY)).headers["Authorization"]
    named = (await signed(auth | {"name": "X-Token"}, key=KEY)).headers["X-Token"]
    both = (await signed(auth | {"name": "X-Token", "prefix": "T "}, key=KEY)).headers["X-Token"]
    query = (await signed(auth | {"location": "query", "name": "t"}, key=KEY)).query

    assert plain.startswith("Bearer ey")
    assert named.startswith("ey")
    assert both.startswith("T ey")
    assert query[0][1].startswith("ey")


async def test_parts_come_from_a_credential_the_connection_or_the_definition():
    """In that order; a part that may be empty is left out."""
    auth = {
        **{"type": "aws_sigv4", "accessKeyId": "AKID", "secretAccessKey": {"field": "key"}, "service": "sqs"},
        **{"region": {"field": "region"}},
    }
    config = {"key": Secret("from-the-connection"), "region": "eu-west-1"}
    plain = await signed(auth, **config)
    own = {"accessKeyId": "OTHER", "key": "another-key", "sessionToken": "temporary"}
    chosen = await signed(auth | {"accessKeyId": {"secret": "ID"}}, values=own, **config)

    assert "Credential=AKID/" in plain.headers["Authorization"]
    assert "/eu-west-1/sqs/" in plain.headers["Authorization"]
    assert "X-Amz-Security-Token" not in plain.headers
    assert "Credential=OTHER/" in chosen.headers["Authorization"]
    assert chosen.headers["X-Amz-Security-Token"] == "temporary"


MISSING = [
    ({"type": "digest", "username": "ann", "password": {"field": "password"}}, {"password": ""}),
    ({"type": "hmac", "field": "key", "text": "{body}"}, {}),
    (
        {
            **{"type": "aws_sigv4", "accessKeyId": "a", "secretAccessKey": {"field": "key"}, "service": "s"},
            **{"region": "r", "sessionToken": {"secret": "NOT_THERE"}},
        },
        {"key": KEY},
    ),
    ({"type": "mtls", "certificate": {"field": "certificate"}, "key": {"field": "key"}}, {"key": KEY}),
    ({"type": "hmac", "field": "key", "text": "{body}", "keyId": {"field": "key_id"}}, {"key": KEY}),
]


@pytest.mark.parametrize(("auth", "config"), MISSING)
async def test_what_is_declared_and_not_there_is_missed(auth: dict[str, Any], config: dict[str, Any]):
    """Nothing goes out that is signed with less than was said."""
    with pytest.raises(CredentialMissing):
        await access(auth, **config)


IMPERSONATING = [
    ({"type": "jwt", "secret": "KEY", "algorithm": "HS256"}, {"subject": "ceo@a.example"}),
    ({"type": "jwt", "field": "key", "algorithm": "HS256", "subject": {"field": "user"}}, {"user": "ceo@a.example"}),
    ({"type": "digest", "username": {"field": "user"}, "password": {"field": "key"}}, {"user": "ceo"}),
    ({"type": "basic", "username": {"field": "user"}, "password": {"field": "key"}}, {"USER": "ceo"}),
    ({"type": "hmac", "secret": "KEY", "text": "{keyId}"}, {"keyId": "another"}),
]


@pytest.mark.parametrize(("auth", "values"), IMPERSONATING)
async def test_nobody_signs_in_anothers_name_with_the_key_of_the_connection(
    auth: dict[str, Any], values: dict[str, str]
):
    """Everybody may have a credential of their own; with the company's key it would make them whom they like."""
    with pytest.raises(CredentialInvalid, match="to prove it"):
        await access(auth, values=values, key=Secret(KEY), user="me")


async def test_a_credential_with_a_key_of_its_own_may_say_whose_it_is():
    """That is what it is for."""
    auth = {"type": "jwt", "secret": "KEY", "algorithm": "HS256"}

    assert (await signed(auth, values={"subject": "me", "key": KEY})).headers["Authorization"]


async def test_what_a_call_must_not_show_is_known_before_it_runs():
    """The parts that are secret, and the token that is made of them."""
    jwt = await access({"type": "jwt", "field": "key", "algorithm": "HS256", "issuer": "known"}, key=KEY)
    digest = await access({"type": "digest", "username": "ann", "password": {"field": "key"}}, key=KEY)

    assert [secret.reveal()[:2] for secret in jwt.secrets] == [KEY[:2], "ey"]
    assert [secret.reveal() for secret in digest.secrets] == [KEY]
    with pytest.raises(CredentialInvalid):
        await access({"type": "jwt", "field": "key", "algorithm": "RS256"}, key=KEY)
