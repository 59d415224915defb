"""What a type's `auth` of type `oauth2` says, with the connection filled in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal
from urllib.parse import quote

from jackfield.credentials.building import Location
from jackfield.credentials.errors import CredentialInvalid
from jackfield.definition.names import find
from jackfield.definition.secret import Secret
from jackfield.egress.refusal import USUAL, Refusal

Grant = Literal["authorization_code", "client_credentials", "jwt_bearer", "device_code"]

_HOLE = re.compile(r"\{([A-Za-z][A-Za-z0-9_-]*)\}")
_HOST_PART = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?")


@dataclass(frozen=True, kw_only=True)
class OAuthSettings:
    """How tokens are got for one connector, and how they are sent.

    Attributes:
        type: Name of the connector type: platform apps are of that.
        issuer: Where endpoints are found that are not given.
        needs_person: Somebody has to sign in; without a refresh token, again and again.
        token_path: Where an answer has the token; empty for its top.
        expiry: Which answers mean that the token has expired; see `definition.auth.oauth2`.
    """

    type: str
    grant: Grant = "authorization_code"
    issuer: str = ""
    authorization_url: str = ""
    token_url: str = ""
    revocation_url: str = ""
    device_url: str = ""
    scopes: tuple[str, ...] = ()
    scope_separator: str = " "
    client_auth: str = ""
    authorization_params: Mapping[str, str] = field(default_factory=dict)
    token_params: Mapping[str, str] = field(default_factory=dict)
    switch_params: Mapping[str, str] = field(default_factory=dict)
    token_path: str = ""
    assertion: Mapping[str, Any] = field(default_factory=dict)
    account: Mapping[str, str] = field(default_factory=dict)
    expiry: Mapping[str, Any] = field(default_factory=dict)
    name: str = "Authorization"
    prefix: str = "Bearer "
    location: Location = "header"

    @property
    def needs_person(self) -> bool:
        """Whether somebody has to sign in."""
        return self.grant in {"authorization_code", "device_code"}

    @cached_property
    def asked_for(self) -> tuple[str, ...]:
        """Where an app asks for tokens of its own, and for what: others are other tokens."""
        params = (sorted(self.assertion.items()), sorted(self.token_params.items()))
        return (self.grant, self.issuer, self.token_url, *self.scopes, *map(repr, params))

    @cached_property
    def refusal(self) -> Refusal:
        """The signs of expiry that the type declares: 401 unless it says otherwise."""
        said = self.expiry
        if not said:
            return USUAL
        path = str(said.get("path") or "")
        return Refusal(
            statuses=frozenset(said.get("statuses") or (401,)),
            path=tuple(path.split(".")) if path else (),
            codes=frozenset(map(str, said.get("codes") or ())),
        )


def read_settings(auth: Mapping[str, Any], config: Mapping[str, Any], *, type_name: str) -> OAuthSettings:
    """The settings that an `auth` in its canonical form gives.

    Args:
        auth: Of the type; it was checked when the type was defined.
        config: The connection: fills in `{name}` in addresses. A secret field never is.

    Raises:
        CredentialInvalid: An address names a field that is empty, or that would lead to another host.
    """
    scopes = auth.get("scopes") or ()
    sends_plainly = "name" not in auth and "prefix" not in auth
    return OAuthSettings(
        type=type_name,
        grant=auth.get("grant", "authorization_code"),
        issuer=_filled(auth.get("issuer", ""), config),
        authorization_url=_filled(auth.get("authorizationUrl", ""), config),
        token_url=_filled(auth.get("tokenUrl", ""), config),
        revocation_url=_filled(auth.get("revocationUrl", ""), config),
        device_url=_filled(auth.get("deviceAuthorizationUrl", ""), config),
        scopes=tuple(scopes.split() if isinstance(scopes, str) else scopes),
        scope_separator=auth.get("scopeSeparator", " "),
        client_auth=auth.get("clientAuth", ""),
        authorization_params=_texts(auth.get("authorizationParams"), config),
        token_params=_texts(auth.get("tokenParams"), config),
        switch_params=_texts(auth.get("switchParams"), config),
        token_path=auth.get("tokenPath", ""),
        assertion=_assertion(auth.get("assertion"), config),
        account=_texts(auth.get("account"), config),
        expiry=auth.get("expiry") or {},
        name=auth.get("name") or "Authorization",
        prefix="Bearer " if sends_plainly else auth.get("prefix", ""),
        location=auth.get("location") or "header",
    )


def _texts(given: Any, config: Mapping[str, Any]) -> dict[str, str]:
    return {
        str(key): _filled(str(value), config) if "://" in str(value) else _plain(str(value), config)
        for key, value in (given or {}).items()
    }


def _assertion(given: Any, config: Mapping[str, Any]) -> dict[str, Any]:
    """Texts filled in; numbers, lists and objects as they are."""
    return {
        str(key): _plain(value, config) if isinstance(value, str) else value for key, value in (given or {}).items()
    }


def _plain(text: str, config: Mapping[str, Any]) -> str:
    return _HOLE.sub(lambda hole: _value(hole[1], config), text)


def _filled(text: str, config: Mapping[str, Any]) -> str:
    """`text` with the connection's values, so that none can change where an address leads but for its own part."""
    if "{" not in text:
        return text
    scheme, _, rest = text.partition("://")
    host, slash, path = rest.partition("/")
    host = _HOLE.sub(lambda hole: _host_part(hole[1], config), host)
    path = _HOLE.sub(lambda hole: _path_part(hole[1], config), path)
    return f"{scheme}://{host}{slash}{path}"


def _value(name: str, config: Mapping[str, Any]) -> str:
    found = config.get(find(name, config) or name)
    if found is None or found == "" or isinstance(found, Secret):
        raise CredentialInvalid(
            what=f"connection field `{name}`", reason="an address needs it, and it is not filled in"
        )
    text = str(found)
    if not text.isprintable():  # also half a character, which nothing can be written with
        raise CredentialInvalid(what=f"connection field `{name}`", reason="it has characters that nobody can see")
    return text


def _path_part(name: str, config: Mapping[str, Any]) -> str:
    value = _value(name, config)
    if not value.strip("."):
        raise CredentialInvalid(what=f"connection field `{name}`", reason="it would lead to another address")
    return quote(value, safe="")


def _host_part(name: str, config: Mapping[str, Any]) -> str:
    value = _value(name, config)
    if not _HOST_PART.fullmatch(value):
        raise CredentialInvalid(what=f"connection field `{name}`", reason="it stands in a host and is no part of one")
    return value
