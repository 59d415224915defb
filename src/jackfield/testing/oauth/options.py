"""The options of a test, as keyword arguments: each class here has the names of the one that it is for.

A test compares them with it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal, TypedDict

from jackfield.testing.oauth.faults import Style
from jackfield.testing.oauth.parties import Method


class ClientOptions(TypedDict, total=False):
    """Those of `OAuthClient`."""

    secret: str | None
    redirect_uris: Sequence[str]
    methods: Sequence[Method]
    grants: Sequence[str]
    public_key: str | None


class RuleOptions(TypedDict, total=False):
    """Those of `Rules`."""

    access_lifetime_s: int
    refresh_lifetime_s: int | None
    code_lifetime_s: int
    device_lifetime_s: int
    device_interval_s: int
    rotates: bool
    grace_s: float
    reuse_revokes: bool
    ends_old_access: bool
    gives_refresh: Literal["always", "asked", "never"]
    tells_expiry: bool
    needs_pkce: bool
    names_issuer: bool
    discoverable: bool
    consent: Literal["ask", "allow", "deny"]
    account: str
    grants_scopes: Sequence[str] | None
    api_refusal: Literal["401", "403", "body"]


class FaultOptions(TypedDict, total=False):
    """Those of `Fault`."""

    grant: str | None
    status: int
    error: str
    style: Style
    body: str
    headers: Mapping[str, str]
    retry_after: float
    retry_after_as: Literal["seconds", "date"]
    redirect: str
    drop: bool
    hold: str
    delay_s: float
    when: Literal["before", "after"]
    changes: Mapping[str, Any]
    without: Sequence[str]
    skew_s: float
    size: int
    refused: bool
