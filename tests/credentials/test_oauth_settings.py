"""What a type says of OAuth 2.0, with a connection filled in: whatever passed its check can be carried out."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jackfield.credentials.errors import CredentialInvalid
from jackfield.credentials.oauth.settings import OAuthSettings, read_settings
from jackfield.definition.auth import auth_faults, canonical
from jackfield.definition.auth.oauth2 import OAUTH2
from jackfield.definition.secret import Secret

FIELDS = ["tenant", "shop", "secretKey"]
TEXTS = st.sampled_from(
    [
        "",
        "a",
        "{tenant}",
        "{shop}.x",
        "https://{tenant}.a.example/{shop}",
        "https://a.example/t",
        "read write",
        "{",
        "}",
    ]
) | st.text(max_size=8)
PLAIN = st.none() | st.booleans() | st.integers(-1, 600) | TEXTS
ANYTHING = st.recursive(
    PLAIN,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["url", "path", "statuses", "codes", "issuer", "claims", "a", "field", "secret"]) | TEXTS,
            inner,
            max_size=3,
        )
    ),
    max_leaves=6,
)
WORDS = st.sampled_from(["authorization_code", "client_credentials", "jwt_bearer", "basic", "query", "{tenant}"])
AUTHS = st.dictionaries(st.sampled_from(sorted(OAUTH2.all_keys)), ANYTHING | WORDS, max_size=6)
VALUES = (
    st.none() | st.text(max_size=6) | st.integers() | st.sampled_from(["..", "a.b", "\ud800", "a/b@c", Secret("x")])
)


@given(auth=AUTHS, config=st.fixed_dictionaries(dict.fromkeys(FIELDS, VALUES)))
def test_no_auth_that_passed_its_check_raises_anything_but_what_is_documented(
    auth: dict[str, Any], config: dict[str, Any]
):
    """Neither does the check itself."""
    said = {"type": "oauth2", "issuer": "https://a.example", **auth}
    if list(auth_faults(said, fields=FIELDS, secret_fields=["secretKey"])):
        return
    try:
        settings = read_settings(canonical(said), config, type_name="x")
    except CredentialInvalid:
        return

    assert isinstance(settings, OAuthSettings)
    assert settings.refusal.statuses


@given(value=VALUES)
def test_a_connection_cannot_lead_elsewhere(value: Any):
    """Whoever fills in a connection must not send the installation's secret to a host of their own."""
    auth = {"type": "oauth2", "tokenUrl": "https://{tenant}.a.example/x/{tenant}/y"}
    try:
        url = read_settings(auth, {"tenant": value}, type_name="x").token_url
    except CredentialInvalid:
        return
    host, _, path = url.removeprefix("https://").partition("/")

    assert host.endswith(".a.example")
    assert not set(host) & set("@:/?#\\")
    assert path.count("/") == 2
    assert not set(path) & set("?#\\")
    assert not {".", ".."} & set(path.split("/"))


@pytest.mark.parametrize("value", ["\ud800", "..", ".", "a\nb", "", None, Secret("s3cret")])
def test_a_text_that_cannot_be_written_into_an_address_is_told(value: Any):
    """Half a character, as JSON can have it; a way up the path; a secret."""
    with pytest.raises(CredentialInvalid, match="tenant"):
        read_settings({"type": "oauth2", "tokenUrl": "https://a.example/{tenant}"}, {"tenant": value}, type_name="x")
