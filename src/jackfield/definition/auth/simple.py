"""The schemes that send a value as it is."""

from __future__ import annotations

from jackfield.definition.auth.spec import Part, SchemeSpec

LOCATIONS = ("header", "query", "cookie")

NONE = SchemeSpec(name="none")

BEARER = SchemeSpec(name="bearer", parts={"token": Part(label="Token")}, whole="token")

BASIC = SchemeSpec(
    name="basic",
    parts={
        "credential": Part(label="`user:password`"),
        "username": Part(label="User name", secret=False, required=False, goes_with="password"),
        "password": Part(label="Password"),
    },
    whole="credential",
)
"""Either one value, or two."""

API_KEY = SchemeSpec(
    name="api_key",
    parts={"key": Part(label="API key")},
    whole="key",
    keys={
        **{"name": (), "header": (), "prefix": ()},
        **dict.fromkeys(("location", "in", "position"), LOCATIONS),
    },
)

CALLER_TOKEN = SchemeSpec(name="caller_token")
SINAS_TOKEN = SchemeSpec(name="sinas_token")

SIMPLE = (NONE, BEARER, BASIC, API_KEY, CALLER_TOKEN, SINAS_TOKEN)
