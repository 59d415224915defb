"""The keys of an issuer: which of them count, and how often anybody can make us ask for them."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from urllib.request import urlopen

import pytest

from jackfield.access.errors import IssuerTokenRefused, IssuerUnavailable
from jackfield.access.issuer.key_set import MAX_KEYS, read_keys
from jackfield.access.issuer.keys import BETWEEN_S, FRESH_S, KEPT_S, IssuerKeys
from jackfield.errors import UpstreamStatus
from oidc import WELL_KNOWN, Issuer, b64, issuing, jwk, private_key


class Clock:
    """Stands still until it is moved."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def issuer() -> Iterator[Issuer]:
    with issuing() as running:
        yield running


@pytest.fixture
def clock() -> Clock:
    return Clock()


async def fetch(url: str) -> bytes:
    def read() -> bytes:
        with urlopen(url, timeout=10) as answer:
            content: bytes = answer.read()
            return content

    try:
        return await asyncio.to_thread(read)
    except OSError as error:
        raise UpstreamStatus(status=503, url=url) from error


@pytest.fixture
async def keys(issuer, clock):
    opened = IssuerKeys(issuer.url, fetch, clock=clock)
    yield opened
    await opened.close()


def written(*entries) -> bytes:
    return json.dumps({"keys": list(entries)}).encode()


async def test_keys_are_fetched_once_however_many_ask(issuer, keys):
    """Through what the issuer says of itself; all who wait get the same answer."""
    found = await asyncio.gather(*(keys.find(id="first", alg="RS256") for _ in range(20)))

    assert len({id(key) for key in found}) == 1
    assert issuer.fetches == [WELL_KNOWN, "/keys"]


async def test_whoever_gives_up_waiting_does_not_end_it_for_others(issuer, keys):
    """A client that goes away must not make the next one wait anew."""
    first = asyncio.create_task(keys.find(id="first", alg="RS256"))
    second = asyncio.create_task(keys.find(id="first", alg="RS256"))
    await asyncio.sleep(0)
    first.cancel()

    assert (await second).id == "first"
    assert issuer.fetches == [WELL_KNOWN, "/keys"]


async def test_a_key_that_is_new_is_found(issuer, keys, clock):
    """Issuers change their keys, and say so nowhere else."""
    await keys.find(id="first", alg="RS256")
    issuer.rotate("second")
    clock.now += BETWEEN_S

    assert (await keys.find(id="second", alg="RS256")).id == "second"
    with pytest.raises(IssuerTokenRefused):
        await keys.find(id="first", alg="RS256")


async def test_strangers_with_unknown_keys_cannot_make_us_ask(issuer, keys, clock):
    """A thousand tokens that name keys which do not exist cost the issuer one look in ten seconds."""
    await keys.find(id="first", alg="RS256")
    for number in range(1000):
        clock.now += BETWEEN_S / 500  # 20 s in all
        with pytest.raises(IssuerTokenRefused, match="publishes no key"):
            await keys.find(id=f"stranger {number}", alg="RS256")

    assert issuer.fetches.count("/keys") <= 3


async def test_old_keys_count_while_new_ones_are_fetched(issuer, keys, clock):
    """Nobody waits for that, and an issuer that is down for a while is not noticed."""
    await keys.find(id="first", alg="RS256")
    issuer.down = True
    clock.now += FRESH_S + 1

    assert not keys.are_fresh
    assert (await keys.find(id="first", alg="RS256")).id == "first"


async def test_keys_that_could_not_be_fetched_for_an_hour_count_no_longer(issuer, keys, clock):
    """The issuer may have taken them back. It is asked again soon, not by everybody at once."""
    await keys.find(id="first", alg="RS256")
    issuer.down = True
    clock.now += KEPT_S + 1
    for _ in range(5):
        with pytest.raises(IssuerUnavailable) as raised:
            await keys.find(id="first", alg="RS256")
    asked = len(issuer.fetches)
    issuer.down = False
    clock.now += BETWEEN_S

    assert (raised.value.status, raised.value.retry) == (503, "later")
    assert asked == 3  # two when it was well, one since
    assert (await keys.find(id="first", alg="RS256")).id == "first"


@pytest.mark.parametrize(
    "said",
    [
        {"issuer": "https://other.example"},
        {"issuer": None},
        {"jwks_uri": "http://keys.example/keys"},
        {"jwks_uri": "file:///etc/passwd"},
        {"jwks_uri": ["http://127.0.0.1/"]},
        {"jwks_uri": None},
    ],
)
async def test_an_issuer_that_describes_another_is_not_believed(issuer, keys, said):
    """Else whoever answers in its place could send us to keys of their own."""
    issuer.said = said
    with pytest.raises(IssuerUnavailable):
        await keys.find(id="first", alg="RS256")

    assert "/keys" not in issuer.fetches


async def test_a_slash_at_the_end_is_a_difference(issuer, clock):
    """As it is for tokens: RFC 8414 compares character by character."""
    keys = IssuerKeys(f"{issuer.url}/", fetch, clock=clock)
    with pytest.raises(IssuerUnavailable, match="not exactly"):
        await keys.find(id="first", alg="RS256")
    issuer.said = {"issuer": f"{issuer.url}/"}
    clock.now += BETWEEN_S

    assert (await keys.find(id="first", alg="RS256")).id == "first"


async def test_without_a_name_only_the_one_key_that_fits_counts(issuer, keys, clock):
    """To try all of them would let a token choose."""
    assert (await keys.find(id="", alg="RS256")).id == "first"

    issuer.keys["other"] = private_key("RS256")
    clock.now += KEPT_S + 1
    with pytest.raises(IssuerTokenRefused):
        await keys.find(id="", alg="RS256")


RSA, EC = private_key("RS256"), private_key("ES256")


@pytest.mark.parametrize(
    "entry",
    [
        {"kty": "oct", "k": b64(b"a shared secret, which nobody should publish")},
        jwk(RSA, use="enc"),
        jwk(RSA, key_ops=["encrypt"]),
        jwk(private_key("RS256", bits=1024)),
        jwk(RSA) | {"n": 5},
        jwk(RSA) | {"n": "\u00fc" * 400},
        jwk(EC) | {"x": b64(b"\1" * 32)},
        jwk(EC) | {"crv": "secp999"},
        {"kty": "AKP", "alg": "ML-DSA-44", "pub": "AAAA"},
        {"kty": ["RSA"]},
        {},
        "RSA",
        None,
    ],
    ids=[f"entry-{number}" for number in range(13)],  # the keys are new each time
)
def test_keys_that_cannot_check_signatures_are_left_out(entry):
    """Without losing those beside them."""
    (found,) = read_keys(written(entry, jwk(RSA, kid="good")))

    assert found.id == "good"


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b'{"keys": 5}', b"\xff", b"[" * 100_000])
def test_what_is_no_key_set_is_refused(content):
    """However it is broken."""
    with pytest.raises(ValueError):
        read_keys(content)


def test_a_key_set_without_end_is_refused():
    """Each key costs time."""
    with pytest.raises(ValueError, match="more than"):
        read_keys(written(*([jwk(RSA)] * (MAX_KEYS + 1))))


def test_a_private_key_that_was_published_is_not_kept():
    """It is enough that the whole world has it."""
    numbers = RSA.private_numbers()
    (found,) = read_keys(written(jwk(RSA) | {"d": b64(numbers.d.to_bytes(256, "big"))}))

    assert not found.key.is_private


@pytest.mark.parametrize(
    ("entry", "alg", "fits"),
    [
        (jwk(RSA), "RS256", True),
        (jwk(RSA), "PS512", True),
        (jwk(RSA, alg="RS256"), "PS256", False),
        (jwk(RSA), "ES256", False),
        (jwk(EC), "ES256", True),
        (jwk(EC), "ES384", False),
        (jwk(EC), "RS256", False),
        (jwk(private_key("EdDSA")), "EdDSA", True),
        (jwk(private_key("EdDSA")), "Ed448", False),
    ],
)
def test_a_key_is_for_its_own_algorithms(entry, alg, fits):
    """RFC 8725, section 3.1: what a token says of itself does not decide."""
    (found,) = read_keys(written(entry))

    assert found.fits(alg) is fits
