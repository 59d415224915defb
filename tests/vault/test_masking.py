"""Secrets stay out of what is shown."""

from __future__ import annotations

import base64
from typing import Any
from urllib.parse import quote, quote_plus

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


def test_a_short_value_is_not_searched_for():
    """`on` or `42` as a secret would destroy every answer."""
    assert Mask([Secret("42")]).text("42 is the answer") == "42 is the answer"
