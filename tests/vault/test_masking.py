"""Secrets stay out of what is shown."""

from __future__ import annotations

import base64
import json
from typing import Any
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jackfield.definition.secret import MASK, Secret
from jackfield.vault.masking import MIN_LENGTH, Mask

secrets = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), min_size=MIN_LENGTH, max_size=40)
around = st.text(max_size=12)
json_values = st.recursive(
    st.none() | st.integers() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)
)


@given(secrets, around, around)
def test_a_secret_is_masked_wherever_it_stands(secret: str, before: str, after: str):
    """Plain, and as a URL has it."""
    mask = Mask([Secret(secret)])

    for form in (secret, quote(secret, safe=""), quote_plus(secret)):
        assert form not in mask.text(before + form + after).replace(MASK, "")


@given(secrets, st.binary(max_size=7), st.binary(max_size=7))
def test_a_secret_is_masked_inside_base64(secret: str, before: bytes, after: bytes):
    """Basic credentials, data URLs: the value is shifted by what stands before it."""
    inside = before + secret.encode() + after
    mask = Mask([Secret(secret)])

    for encode in (base64.b64encode, base64.urlsafe_b64encode):
        assert MASK in mask.text(encode(inside).decode())


@given(
    st.recursive(
        st.none() | st.integers() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)
    )
)
def test_json_without_secrets_is_unchanged(value: Any):
    """Masking must not damage answers."""
    assert Mask([Secret("a value that stands nowhere")]).json(value) == value
    assert Mask([]).json(value) is value


def test_keys_and_nested_values_are_masked():
    """Services answer in all shapes."""
    mask = Mask([Secret("sk-0123456789"), Secret("sk-0123456789-longer")])

    assert mask.json({"sk-0123456789": [{"x": "a sk-0123456789-longer b"}]}) == {MASK: [{"x": f"a {MASK} b"}]}


def test_a_secret_of_digits_is_masked_as_a_number_too():
    """A service that knows it as a number, an account's for one, answers it as one."""
    mask = Mask([Secret("123456789012")])

    shown = mask.json({"id": 123456789012, "as_float": 123456789012.0, "other": [123456789013, 1.5, True, None]})

    assert "123456789012" not in str(shown)
    assert shown == {"id": MASK, "as_float": MASK, "other": [123456789013, 1.5, True, None]}


def test_a_short_value_is_not_searched_for():
    """`on` or `42` as a secret would destroy every answer."""
    assert Mask([Secret("42")]).text("42 is the answer") == "42 is the answer"


@pytest.mark.parametrize("secret", ["a-key-of-a-file\n", " padded key ", "-----BEGIN-----\nline\n-----END-----\n"])
def test_a_secret_is_masked_without_the_white_space_around_it(secret: str):
    """Whoever passes a key on that ends in a line break often takes that away."""
    assert Mask([Secret(secret)]).text(f"key={secret.strip()};") == f"key={MASK};"


@given(secrets, st.text(max_size=5))
def test_a_secret_is_masked_where_a_json_document_is_encoded(secret: str, before: str):
    """Its quotes and line breaks are escaped first."""
    document = json.dumps({before: secret})
    mask = Mask([Secret(secret)])

    for encoded in (quote(document), quote_plus(document), base64.b64encode(document.encode()).decode()):
        assert MASK in mask.text(encoded)


@given(st.lists(secrets, max_size=3), st.data())
def test_what_needs_no_mask_is_found_out_without_a_walk(found: list[str], data: st.DataObject):
    """The short way is only a short way: it gives what the walk gives, whatever the secret is made of."""
    hiding = st.recursive(
        st.none()
        | st.integers(-(2**53), 2**53)
        | st.floats(allow_nan=False, allow_infinity=False)
        | _texts_with(found),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_texts_with(found), inner, max_size=3),
        max_leaves=6,
    )
    value = data.draw(hiding)
    mask = Mask([Secret(each) for each in found])

    assert mask.clean(value) == mask.json(value)


def _texts_with(found: list[str]) -> st.SearchStrategy[str]:
    forms = [form for each in found for form in (each, quote(each), base64.b64encode(each.encode()).decode())]
    return st.builds(lambda *parts: "".join(parts), around, st.sampled_from([*forms, ""]), around)


def test_what_cannot_be_json_is_masked_all_the_same():
    """Half a character, as aiohttp reads bytes that are no UTF-8."""
    mask = Mask([Secret("sk-0123456789")])

    assert mask.clean({"x": "\udcff sk-0123456789"}) == {"x": f"\udcff {MASK}"}


def test_a_secret_that_cannot_be_json_makes_no_call_fail():
    """It came from a variable with bytes that are no UTF-8; it is in no JSON, and masked in text."""
    mask = Mask([Secret("\udcff sk-0123456789")])

    assert mask.clean({"x": "fine"}) == {"x": "fine"}
    assert mask.text("\udcff sk-0123456789") == MASK
    assert MASK in mask.clean({"x": "\udcff sk-0123456789"})["x"]


PEM = (
    "-----BEGIN PRIVATE KEY-----\n"
    + "\n".join(base64.b64encode(bytes(range(at, at + 48))).decode() for at in range(0, 144, 48))
    + "\nQUJDRA==\n-----END PRIVATE KEY-----\n"
)


@pytest.mark.parametrize("kept", [PEM, PEM.strip(), PEM.replace("\n", "\r\n"), PEM.replace("\n", "\\n")])
def test_a_private_key_is_masked_however_it_is_quoted(kept: str):
    """It has many lines: JSON, Python, a form and a log each write them in their own way, or show one of them."""
    mask = Mask([Secret(kept)])
    texts = [
        *(PEM, PEM.strip(), PEM.replace("\n", "\r\n"), PEM.replace("\n", "\\n"), PEM.replace("\n", "")),
        *(json.dumps({"key": PEM}), json.dumps(json.dumps({"key": PEM})), repr(PEM), quote(PEM), quote_plus(PEM)),
        *(base64.b64encode(PEM.encode()).decode(), f"cannot read {PEM.splitlines()[2]} of the key"),
    ]
    secret_lines = PEM.splitlines()[1:4]

    for text in texts:
        shown = mask.text(text)
        assert MASK in shown
        assert not any(line in shown or quote(line, safe="") in shown for line in secret_lines)
        assert not any(line in str(mask.clean({"a": [text]})) for line in secret_lines)
    assert mask.text("-----BEGIN CERTIFICATE-----") == "-----BEGIN CERTIFICATE-----"
