"""Requests signed with a shared key, byte for byte."""

from __future__ import annotations

import base64
import hashlib
import hmac

import pytest

from jackfield import Hmac
from jackfield.credentials.errors import CredentialInvalid
from jackfield.definition.wire import Outgoing

from .services import bench

MOMENT = 1_614_265_330.25
KEY = "a-shared-key-of-some-length"


def digest(text: bytes, *, key: bytes = KEY.encode(), name: str = "sha256") -> bytes:
    return hmac.new(key, text, name).digest()


WRITTEN = [
    ({"text": "{body}"}, b'{"a":1}', lambda raw: raw.hex(), "sha256"),
    ({"text": "{method}\\n{path}\\n{query}", "algorithm": "sha512"}, b"POST\n/a%20b\nx=1&y=%26", bytes.hex, "sha512"),
    ({"text": "{method}\n{target}", "algorithm": "sha1"}, b"POST\n/a%20b?x=1&y=%26", bytes.hex, "sha1"),
    (
        {"text": "{timestamp}.{body}", "encoding": "base64", "prefix": "v0="},
        b'1614265330.{"a":1}',
        lambda raw: "v0=" + base64.b64encode(raw).decode(),
        "sha256",
    ),
    (
        {"text": "{timestamp}{nonce}", "timestamp_format": "milliseconds", "encoding": "base64url"},
        b"1614265330250abc",
        lambda raw: base64.urlsafe_b64encode(raw).decode().rstrip("="),
        "sha256",
    ),
    ({"text": "{timestamp}", "timestamp_format": "iso"}, b"2021-02-25T15:02:10Z", bytes.hex, "sha256"),
    (
        {"text": "{header:content-type}|{bodyHash}"},
        b"application/json|" + hashlib.sha256(b'{"a":1}').hexdigest().encode(),
        bytes.hex,
        "sha256",
    ),
    (
        {"text": "{bodyHash:base64}", "algorithm": "sha512"},
        base64.b64encode(hashlib.sha512(b'{"a":1}').digest()),
        bytes.hex,
        "sha512",
    ),
    (
        {"text": "{keyId}", "key_id": "k-7", "value": "id={keyId},ts={timestamp},sig={signature}"},
        b"k-7",
        lambda raw: f"id=k-7,ts=1614265330,sig={raw.hex()}",
        "sha256",
    ),
]


@pytest.mark.parametrize(
    ("said", "text", "written", "name"), WRITTEN, ids=lambda value: "" if callable(value) else str(value)[:40]
)
async def test_the_text_is_signed_as_it_goes_out(said, text, written, name):
    """Escapes of the URL and bytes of the body are those on the wire."""
    auth = Hmac(KEY, now=lambda: MOMENT, random=lambda: "abc", **said)
    async with bench() as here:
        await here.client(auth).post(f"{here.url}/a b?x=1", query={"y": "&"}, json={"a": 1})

    (seen,) = here.seen
    assert seen.headers["x-signature"] == written(digest(text, name=name))


async def test_time_nonce_and_key_have_headers_of_their_own():
    """And all parts of the address can be signed."""
    auth = Hmac(
        "00ff" * 8,
        text="{scheme}|{host}|{url}|{nonce}",
        key_encoding="hex",
        header="Authorization",
        prefix="Acme ",
        timestamp_header="X-Time",
        nonce_header="X-Nonce",
        key_id="k-7",
        key_id_header="X-Key",
    )
    async with bench() as here:
        await here.client(auth).get(f"{here.url}/a")
        await here.client(auth).get(f"{here.url}/a", headers={"x-nonce": "mine"})

    first, second = here.seen
    nonce = first.headers["x-nonce"]
    right = digest(f"http|{here.host}|{here.url}/a|{nonce}".encode(), key=bytes.fromhex("00ff" * 8)).hex()
    assert first.headers["authorization"] == f"Acme {right}"
    assert (first.headers["x-key"], first.headers["x-time"].isdigit()) == ("k-7", True)
    assert len({nonce, second.headers["x-nonce"], "mine"}) == 3


async def test_standard_webhooks_are_signed_as_its_authors_sign():
    """The example of their own libraries."""
    auth = Hmac.standard_webhooks("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    object.__setattr__(auth, "now", lambda: MOMENT)
    object.__setattr__(auth, "random", lambda: "p5jXN8AQM9LWM0D4loKWxJek")
    request = Outgoing(method="POST", url="https://a.example/", content=b'{"test": 2432232314}')
    await auth.sign(request)

    assert request.headers == {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }


async def test_a_call_cannot_have_another_text_signed():
    """A header of the call is what the service sees, so it is what is signed."""
    auth = Hmac(KEY, text="{header:X-Account}")
    async with bench() as here:
        client = here.client(auth, headers={"x-account": "mine"})
        await client.get(here.url, headers={"X-Account": "theirs"})

    assert here.seen[0].headers["x-signature"] == digest(b"mine").hex()


@pytest.mark.parametrize(
    ("said", "word"),
    [
        ({"text": "{header:X-Missing}"}, "X-Missing"),
        ({"text": "{body}", "key_encoding": "hex"}, "not hex"),
        ({"text": "{body}", "key_encoding": "base64"}, "not base64"),
        ({"text": "{boddy}"}, "{boddy}"),
        ({"text": "{body"}, "brace"),
        ({"text": "{body}", "value": "{body}"}, "{body}"),
        ({"text": "{body}", "key": ""}, "empty"),
        ({"text": "{body}", "key_id": "a\r\nb"}, "key ID"),
    ],
)
async def test_what_cannot_be_signed_is_refused_and_the_key_not_shown(said, word):
    """A signature over less than was meant would be worth less."""
    key = said.pop("key", "not-hex-and-not-base64!")
    with pytest.raises(CredentialInvalid) as refused:
        await Hmac(key, **said).sign(Outgoing(method="GET", url="https://a.example/"))

    assert word in str(refused.value)
    assert "not-hex-and" not in str(refused.value.to_json())
