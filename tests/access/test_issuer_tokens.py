"""Which tokens of an issuer count, and the attacks on JWTs that everybody knows.

Source: RFC 8725, section 2.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from collections.abc import Iterator

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from access.test_issuer_keys import Clock, fetch
from jackfield.access.errors import IssuerTokenRefused
from jackfield.access.issuer.keys import IssuerKeys
from jackfield.access.issuer.tokens import LEEWAY_S, MAX_CHARACTERS, Claims, check, is_jwt
from oidc import AUDIENCE, Issuer, b64, issuing, jwk, part, private_key

NOW = int(time.time())


@pytest.fixture(scope="module")
def issuer() -> Iterator[Issuer]:
    with issuing() as running:
        yield running


async def checked(issuer: Issuer, text: str, *, now_s: float | None = None) -> Claims:
    """As a process that has just started."""
    keys = IssuerKeys(issuer.url, fetch, clock=Clock())
    try:
        return await check(
            text, keys, issuer=issuer.url, audience=AUDIENCE, now_s=time.time() if now_s is None else now_s
        )
    finally:
        await keys.close()


async def refusal(issuer: Issuer, text: str) -> str:
    with pytest.raises(IssuerTokenRefused) as raised:
        await checked(issuer, text)
    assert raised.value.status == 401
    assert text not in str(raised.value.to_json())
    return str(raised.value.details["reason"])


@pytest.mark.parametrize(
    "alg", ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]
)
async def test_each_algorithm_with_a_public_key_is_understood(alg):
    """Whatever the company's issuer signs with."""
    with issuing(alg) as issuer:
        claims = await checked(issuer, issuer.token("ann"))
        own, other = issuer.token("ann"), issuer.token("bob")
        forged = f"{other.rpartition('.')[0]}.{own.rpartition('.')[2]}"

        assert claims.subject == "ann"
        assert await refusal(issuer, forged) == "its signature is not the issuer's"


async def test_a_public_key_is_no_shared_secret(issuer):
    """The attack that gave JWTs their name: HS256, keyed with what everybody can read."""
    key = issuer.keys["first"]
    header, claims = (
        {"alg": "HS256", "kid": "first"},
        {"iss": issuer.url, "aud": AUDIENCE, "sub": "ann", "exp": NOW + 60},
    )
    content = f"{part(header)}.{part(claims)}"
    pem = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    for secret in (pem, pem.strip(), json.dumps(jwk(key)).encode(), b""):
        mac = b64(hmac.digest(secret, content.encode(), hashlib.sha256))

        assert "algorithm" in await refusal(issuer, f"{content}.{mac}")


@pytest.mark.parametrize("alg", ["none", "None", "NONE", "HS256", "HS512", "ES256K", "RSA1_5", "", None, 5, ["RS256"]])
async def test_only_algorithms_of_the_list_count(issuer, alg):
    """Unsigned tokens above all."""
    text = issuer.token(header={"alg": alg})

    assert "algorithm" in await refusal(issuer, text)
    assert "algorithm" in await refusal(issuer, text.rpartition(".")[0] + ".")


async def test_a_token_cannot_bring_its_own_key(issuer):
    """Neither in its header nor at an address in it."""
    own = private_key("RS256")
    asked = len(issuer.fetches)
    header = {"alg": "RS256", "kid": "first", "jwk": jwk(own), "jku": f"{issuer.url}/evil", "x5u": f"{issuer.url}/evil"}
    claims = {"iss": issuer.url, "aud": AUDIENCE, "sub": "ann", "exp": NOW + 60}

    assert await refusal(issuer, issuer.signed(header, claims, own)) == "its signature is not the issuer's"
    assert "/evil" not in issuer.fetches[asked:]


@pytest.mark.parametrize(
    ("claims", "reason"),
    [
        ({"iss": "https://other.example"}, "another issuer"),
        ({"iss": None}, "another issuer"),
        ({"aud": "another-service"}, "another audience"),
        ({"aud": ["one", "two"]}, "another audience"),
        ({"aud": {AUDIENCE: True}}, "another audience"),
        ({"aud": f"{AUDIENCE} and more"}, "another audience"),
        ({"aud": None}, "another audience"),
        ({"exp": None}, "never expires"),
        ({"exp": NOW - LEEWAY_S - 1}, "expired"),
        ({"exp": True}, "no time"),
        ({"exp": "tomorrow"}, "no time"),
        ({"exp": 1e300}, "no time"),
        ({"nbf": NOW + 600}, "only later"),
        ({"iat": NOW + 600}, "only later"),
        ({"nbf": "now"}, "no time"),
        ({"sub": None}, "whose it is"),
        ({"sub": ""}, "whose it is"),
        ({"sub": "a" * 256}, "whose it is"),
        ({"sub": "a\nb"}, "whose it is"),
        ({"sub": 5}, "whose it is"),
        ({"cnf": {"jkt": "AAAA"}}, "bound to a key"),
    ],
)
async def test_what_a_token_says_has_to_fit(issuer, claims, reason):
    """A token for another service, another time or nobody is none for this one."""
    assert reason in await refusal(issuer, issuer.token(**claims))


@pytest.mark.parametrize(
    ("header", "reason"),
    [
        ({"crit": ["b64"], "b64": False}, "extension"),
        ({"typ": "logout+jwt"}, "another type"),
        ({"typ": "secevent+jwt"}, "another type"),
        ({"typ": 5}, "another type"),
        ({"kid": 5}, "no text"),
        ({"kid": "second"}, "publishes no key"),
        ({"kid": "../../etc/passwd"}, "publishes no key"),
    ],
)
async def test_what_a_token_says_of_itself_has_to_fit(issuer, header, reason):
    """What was made for something else, or is not understood, does not count."""
    assert reason in await refusal(issuer, issuer.token(header=header))


@pytest.mark.parametrize("typ", [None, "JWT", "at+jwt", "AT+JWT", "application/at+jwt"])
async def test_types_that_issuers_use_for_access_tokens_count(issuer, typ):
    """RFC 9068 has one; many issuers still say `JWT`, or nothing."""
    assert (await checked(issuer, issuer.token(header={"typ": typ}))).subject == "ann-at-the-company"


async def test_clocks_may_differ_by_a_minute(issuer):
    """And no more."""
    ended, early = issuer.token(exp=NOW, iat=NOW - 60), issuer.token(nbf=NOW + 30, iat=NOW + 30)

    assert (await checked(issuer, ended, now_s=NOW + LEEWAY_S - 1)).expires == NOW
    assert (await checked(issuer, early, now_s=NOW)).subject
    with pytest.raises(IssuerTokenRefused):
        await checked(issuer, ended, now_s=NOW + LEEWAY_S)


async def test_one_audience_of_several_is_enough(issuer):
    """As issuers write them."""
    assert (await checked(issuer, issuer.token(aud=["other", AUDIENCE]))).subject


async def test_a_token_that_is_too_long_is_not_even_read(issuer):
    """Nobody is asked for a key because of it."""
    asked = len(issuer.fetches)

    assert "characters" in await refusal(issuer, issuer.token(padding="x" * MAX_CHARACTERS))
    assert len(issuer.fetches) == asked


@pytest.mark.parametrize(
    "text",
    [
        "eyJh.eyJh.AAAA",
        f"{part([])}.{part({})}.AAAA".replace("W10", "eyI"),
        f"{part({'alg': 'RS256', 'kid': 'first'})}.{part([1])}.AAAA",
        f"{part({'alg': 'RS256', 'kid': 'first'})}.ey.A",
        f"ey{'A' * 50}.{part({})}.",
    ],
)
async def test_what_cannot_be_read_is_refused(issuer, text):
    """Not an error of ours."""
    assert is_jwt(text)
    assert await refusal(issuer, text)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhIn0.AAAA", True),
        ("eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIn0.", True),
        ("jf_abc.def.ghi", False),
        ("jf_2f6Jc9A", False),
        ("admin.token.of-this-installation", False),
        ("eyJh.eyJh", False),
        ("eyJh.eyJh.AAAA.BBBB", False),
        ("eyJh.ey\nJh.AAAA", False),
        ("eyJh.eyJh.AA=", False),
        ("", False),
    ],
)
def test_tokens_of_jackfield_are_never_taken_for_one_of_the_issuer(text, found):
    """Each kind goes its own way, and no token is shown to the wrong one."""
    assert is_jwt(text) is found
