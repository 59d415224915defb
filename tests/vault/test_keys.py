"""Keys are read strictly and shown never."""

from __future__ import annotations

import base64
import copy
import pickle
import secrets
import traceback

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jackfield.vault.errors import InvalidKey, MissingKey, WrongKey
from jackfield.vault.keys import KEY_BYTES, KeyRing, parse_keys, require_keys

names = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._-]{0,31}", fullmatch=True)
many_keys = st.dictionaries(names, st.binary(min_size=32, max_size=32), min_size=1, max_size=4).filter(
    lambda keys: len(set(keys.values())) == len(keys) and all(len(set(key)) >= 12 for key in keys.values())
)

KEY = base64.b64encode(bytes(range(32))).decode()
OTHER = base64.b64encode(bytes(range(100, 132))).decode()


@given(many_keys, st.sampled_from([",", "\n", " , ", "\r\n"]), st.booleans(), st.booleans())
def test_every_way_to_write_keys_is_read(keys, separator, url_safe, padded):
    """`openssl rand -base64 32`, `secrets.token_urlsafe(32)`, one a line or with commas."""
    encode = base64.urlsafe_b64encode if url_safe else base64.b64encode
    written = {name: encode(key).decode() for name, key in keys.items()}
    ring = parse_keys(
        separator.join(f"{name}:{text if padded else text.rstrip('=')}" for name, text in written.items())
    )

    assert ring.ids == tuple(keys)
    assert ring.primary == next(iter(keys))
    assert [ring.fingerprint(name) for name in keys] == [KeyRing([item]).fingerprint(item[0]) for item in keys.items()]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "`JACKFIELD_KEY` has no key"),
        (" \n", "`JACKFIELD_KEY` has no key"),
        (KEY, "key 1 of `JACKFIELD_KEY` has no name"),
        (f":{KEY}", "key 1 of `JACKFIELD_KEY` has no name of 1 to 32 letters, digits, `.`, `_` and `-`"),
        (f"{KEY}:main", "key 1 of `JACKFIELD_KEY` has no name of"),
        (f"a b:{KEY}", "key 1 of `JACKFIELD_KEY` has no name of"),
        (f"{'n' * 33}:{KEY}", "key 1 of `JACKFIELD_KEY` has no name of"),
        (f"main:{KEY},", "key 2 of `JACKFIELD_KEY` is empty"),
        (f"main:{KEY},old:", "key 2 of `JACKFIELD_KEY` has 0 bytes instead of 32"),
        (f"main:{KEY[:-4]}", "key 1 of `JACKFIELD_KEY` has 30 bytes instead of 32"),
        (f"main:{KEY[:-1]}A", "key 1 of `JACKFIELD_KEY` has 33 bytes instead of 32"),
        (f"main:{KEY[:20]}!{KEY[21:]}", "key 1 of `JACKFIELD_KEY` is not base64"),
        (f"main:{KEY[:20]}é{KEY[21:]}", "key 1 of `JACKFIELD_KEY` is not base64"),
        (f"main:{KEY[:41]}", "key 1 of `JACKFIELD_KEY` is not base64"),
        (f"main:{base64.b64encode(bytes(32)).decode()}", "key 1 of `JACKFIELD_KEY` is not random"),
        (f"main:{KEY},main:{OTHER}", "key 2 of `JACKFIELD_KEY` is another one called `main`"),
        (f"main:{KEY},old:{KEY}", "key 2 of `JACKFIELD_KEY` is the same key as `main`"),
    ],
)
def test_a_key_that_cannot_be_used_is_refused_without_showing_it(text, problem):
    """The place of the name may hold a key, and a cut key is still most of one."""
    with pytest.raises(InvalidKey) as refused:
        parse_keys(text)
    shown = "".join(traceback.format_exception(refused.value)) + repr(refused.value.to_json())

    assert problem in refused.value.message
    assert not any(KEY[start : start + 6] in shown for start in range(len(KEY) - 6))


def test_a_ring_shows_ids_and_cannot_be_written():
    """Not by a debugger, a queue or a copy."""
    ring = parse_keys(f"main:{KEY},old:{OTHER}")

    assert repr(ring) == "KeyRing(main, old)"
    for write in (pickle.dumps, copy.copy, copy.deepcopy):
        with pytest.raises(TypeError, match="not written anywhere"):
            write(ring)


def test_a_fingerprint_tells_keys_apart_and_does_not_hold_them():
    """It is stored in the clear."""
    key = secrets.token_bytes(KEY_BYTES)
    first, same, other = KeyRing([("a", key)]), KeyRing([("b", key)]), KeyRing.generate("a")

    assert first.fingerprint("a") == same.fingerprint("b") != other.fingerprint("a")
    assert len(first.fingerprint("a")) == 32
    assert first.fingerprint("a") not in key.hex()


def test_a_missing_key_is_named_with_every_place_that_was_searched():
    """A new key made in silence would read nothing, and hide the loss until somebody needs the data."""
    ring = KeyRing.generate("new")
    known = {"new": ring.fingerprint("new"), "main": "0" * 32}

    with pytest.raises(MissingKey) as one:
        require_keys(ring, known, searched=["JACKFIELD_KEY", "/data/key"])
    with pytest.raises(MissingKey) as none:
        require_keys(None, known)

    assert one.value.message == "data is encrypted with the key `main`, not found in `JACKFIELD_KEY`, `/data/key`"
    assert one.value.status == 503
    assert none.value.details["keys"] == ["new", "main"]


def test_another_key_of_the_same_name_is_refused():
    """It would encrypt new rows that the right one cannot read."""
    ring = KeyRing.generate("main")

    with pytest.raises(WrongKey, match="the key `main` is not the one"):
        require_keys(ring, {"main": KeyRing.generate("main").fingerprint("main")})


def test_nothing_encrypted_needs_no_key():
    """The first start, and an installation that stores no secret."""
    ring = KeyRing.generate("main")

    require_keys(None, {})
    require_keys(ring, {})
    require_keys(ring, {"main": ring.fingerprint("main")})
