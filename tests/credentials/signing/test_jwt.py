"""Tokens that are signed here, judged by another library."""

from __future__ import annotations

import jwt as pyjwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

from jackfield import Jwt
from jackfield.credentials.errors import CredentialInvalid
from jackfield.definition.wire import Outgoing

SHARED = "a-shared-key-of-thirty-two-bytes!"
MOMENT = 1_800_000_000


def pem(key) -> tuple[str, str]:
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    public = key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    return private.decode(), public.decode()


@pytest.fixture(scope="module")
def keys():
    return {
        "HS256": (SHARED, SHARED),
        "RS256": pem(rsa.generate_private_key(public_exponent=65537, key_size=2048)),
        "ES256": pem(ec.generate_private_key(ec.SECP256R1())),
        "EdDSA": pem(ed25519.Ed25519PrivateKey.generate()),
    }


async def token_of(auth: Jwt) -> str:
    request = Outgoing(method="GET", url="https://a.example/")
    await auth.sign(request)
    return request.headers["Authorization"].removeprefix("Bearer ")


def read(token: str, key: str, algorithm: str, **options):
    checks = {"verify_exp": False, "verify_iat": False}
    return pyjwt.decode(token, key, algorithms=[algorithm], options=checks, **options)


@pytest.mark.parametrize("algorithm", ["HS256", "RS256", "ES256", "EdDSA"])
async def test_another_library_accepts_the_token(keys, algorithm):
    """With all that it is to say."""
    private, public = keys[algorithm]
    said = {"issuer": "us", "subject": "app-7", "audience": "https://a.example", "key_id": "k-1"}
    auth = Jwt(private, algorithm=algorithm, claims={"scope": ["a", "b"]}, lifetime=600, now=lambda: MOMENT, **said)
    token = await token_of(auth)

    claims = read(token, public, algorithm, audience="https://a.example", issuer="us")
    assert claims | {"jti": ""} == {
        **{"iss": "us", "sub": "app-7", "aud": "https://a.example", "scope": ["a", "b"], "jti": ""},
        **{"iat": MOMENT - 30, "exp": MOMENT + 570},
    }
    assert pyjwt.get_unverified_header(token) == {"alg": algorithm, "kid": "k-1", "typ": "JWT"}


async def test_a_key_may_come_from_the_json_of_a_service_account(keys):
    r"""There its line breaks are written `\n`."""
    private, public = keys["RS256"]

    assert read(await token_of(Jwt(private.replace("\n", "\\n"), algorithm="RS256")), public, "RS256")


async def test_one_token_is_sent_until_shortly_before_it_ends():
    """Signing is slow, and some services count tokens; a token that ends on the way is refused."""
    clock = [MOMENT]

    def auth(**said) -> Jwt:
        return Jwt(SHARED, algorithm="HS256", issuer="cached", lifetime=100, now=lambda: clock[0], **said)

    first, same, other = await token_of(auth()), await token_of(auth()), await token_of(auth(subject="else"))
    clock[0] += 75
    still = await token_of(auth())
    clock[0] += 10
    later = await token_of(auth())

    assert first == same == still
    assert len({first, other, later}) == 3


async def test_where_it_goes_can_be_said():
    """A header of its own, or the query, which redirects must not take along."""
    request = Outgoing(method="GET", url="https://a.example/")
    await Jwt(SHARED, algorithm="HS256", name="X-Assertion", prefix="").sign(request)
    auth = Jwt(SHARED, algorithm="HS256", name="jwt", prefix="", location="query")
    await auth.sign(request)

    assert read(request.headers["X-Assertion"], SHARED, "HS256")
    assert read(dict(request.query)["jwt"], SHARED, "HS256")
    assert auth.query_names == {"jwt"}


async def test_the_token_is_a_secret_too():
    """A service that echoes it must not put it into an outcome."""
    auth = Jwt(SHARED, algorithm="HS256", issuer="echo")
    token = await token_of(auth)

    assert [secret.reveal() for secret in auth.secrets] == [token]
    assert token not in repr(auth)
    assert SHARED not in repr(auth)


async def test_a_key_that_is_none_for_the_algorithm_is_refused_and_not_shown(keys):
    """A public key as a shared one would let everybody sign."""
    wrong = [
        *(("RS256", "-----BEGIN nothing-to-see"), ("RS256", keys["ES256"][0]), ("ES256", keys["RS256"][0])),
        *(("RS256", keys["RS256"][1]), ("HS256", "short"), ("HS256", keys["RS256"][1]), ("EdDSA", keys["ES256"][0])),
    ]
    for algorithm, key in wrong:
        with pytest.raises(CredentialInvalid) as refused:
            await token_of(Jwt(key, algorithm=algorithm))
        assert key not in str(refused.value.to_json())
    with pytest.raises(CredentialInvalid):
        Jwt(SHARED, algorithm="HS256", lifetime=3601)
