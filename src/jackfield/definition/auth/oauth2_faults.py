"""What is wrong with an `auth` of type `oauth2`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlsplit

from jackfield.definition.auth.spec import Faults

GRANTS = ("authorization_code", "client_credentials", "jwt_bearer", "device_code")
URLS = ("authorizationUrl", "tokenUrl", "revocationUrl", "deviceAuthorizationUrl")
PARAMS = ("authorizationParams", "tokenParams", "switchParams")
OBJECTS = (*PARAMS, "assertion", "expiry", "account")
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
LONGEST_ASSERTION_S = 3600

_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_SCOPE = re.compile(r"[\x21\x23-\x5b\x5d-\x7e]+")
_ASSERTION = ("issuer", "subject", "audience", "algorithm", "keyId", "lifetime", "claims")
_CLAIMS_OF_OURS = frozenset({"iss", "sub", "aud", "iat", "exp", "jti"})
_EXPIRY = ("statuses", "path", "codes")
_ACCOUNT = ("url", "path")
_OF_THE_PROTOCOL = frozenset(
    {
        *("client_id", "client_secret", "client_assertion", "client_assertion_type", "redirect_uri", "state", "code"),
        *("code_challenge", "code_challenge_method", "code_verifier", "response_type", "grant_type", "scope"),
        *("refresh_token", "assertion", "device_code"),
    }
)
_OF_THE_LIBRARY = frozenset(  # which sends the token request: these would change how, and not what
    {
        *("url", "body", "method", "headers", "auth", "cookies", "verify", "cert", "http1", "http2", "proxy", "mounts"),
        *("timeout", "follow_redirects", "limits", "max_redirects", "event_hooks", "base_url", "transport"),
        *("trust_env", "default_encoding", "authorization_response"),
    }
)


def oauth2_faults(auth: Mapping[str, Any]) -> Faults:
    """What is wrong with an `auth` in its canonical form, beside its parts."""
    yield from _url_faults(auth)
    yield from _endpoint_faults(auth)
    yield from _text_faults(auth)
    yield from _client_faults(auth)
    for key in OBJECTS:
        if not isinstance(auth.get(key, {}), Mapping):
            yield (key,), "it is no object", 'for example `{"access_type": "offline"}`'
    for key in PARAMS:
        yield from _param_faults(auth, key)
    yield from _assertion_faults(auth)
    yield from _expiry_faults(_object(auth, "expiry"))
    yield from _account_faults(_object(auth, "account"))


def is_scope(text: str) -> bool:
    """Whether `text` is one scope. Source: RFC 6749, section 3.3."""
    return _SCOPE.fullmatch(text) is not None


def _object(auth: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    found = auth.get(key)
    return found if isinstance(found, Mapping) else {}


def _text_faults(auth: Mapping[str, Any]) -> Faults:
    scopes = auth.get("scopes", [])
    words = scopes.split() if isinstance(scopes, str) else scopes
    if not isinstance(words, list | tuple) or not all(isinstance(s, str) and is_scope(s) for s in words):
        yield ("scopes",), "it is no list of scopes", 'for example `["read", "write"]`'
    for key in ("scopeSeparator", "tokenPath", "name", "prefix"):
        if not isinstance(auth.get(key, ""), str):
            yield (key,), "it is no text", "write it in quotes"
    if not isinstance(auth.get("optional", False), bool):
        yield ("optional",), "it is neither `true` nor `false`", "leave it out where a token is needed"


def _url_faults(auth: Mapping[str, Any]) -> Faults:
    for key in ("issuer", *URLS):
        if key in auth and (problem := url_problem(auth[key])):
            yield (key,), problem, "give the whole address, for example `https://accounts.example.com/token`"


def url_problem(given: Any) -> str:
    """Why a secret may not be sent to an address; empty where it may."""
    if not isinstance(given, str):
        return "it is no text"
    try:
        url = urlsplit(given)
        host = url.hostname
    except ValueError:
        return "it is no URL"
    if not host or "@" in url.netloc or url.fragment or not given.isprintable() or " " in given:
        return "it is no URL with a host, or it has a user or a fragment"
    if url.scheme != "https" and not (url.scheme == "http" and host in _LOOPBACK):
        return "it is not https, so that others could read along"
    return ""


def _endpoint_faults(auth: Mapping[str, Any]) -> Faults:
    pasted = "field" in auth or "secret" in auth
    if auth.get("issuer") or (pasted and not any(auth.get(key) for key in ("grant", *URLS))):
        return  # found later, or nobody signs in
    grant = auth.get("grant", GRANTS[0])
    needed = {
        "authorization_code": ("authorizationUrl", "tokenUrl"),
        "device_code": ("deviceAuthorizationUrl", "tokenUrl"),
    }
    for key in needed.get(str(grant), ("tokenUrl",)):
        if not auth.get(key):
            yield (key,), "it is missing, and there is no `issuer` to find it by", "give it, or `issuer`"


def _client_faults(auth: Mapping[str, Any]) -> Faults:
    """How the app shows who it is, against what it has for that."""
    way, grant = auth.get("clientAuth"), auth.get("grant", GRANTS[0])
    if way in ("none", "private_key_jwt") and "clientSecret" in auth:
        yield ("clientSecret",), f"`clientAuth` is `{way}`, which takes none", "leave one of the two out"
    if way == "none" and grant == "client_credentials":
        hint = "use `basic`, `body` or `private_key_jwt` (RFC 6749, section 4.4)"
        yield ("clientAuth",), "an app that asks for itself has to show who it is", hint
    if "key" in auth and way in ("basic", "body", "none") and grant != "jwt_bearer":
        yield ("key",), f"nothing is signed with it: `clientAuth` is `{way}`", "use `private_key_jwt`, or leave it out"


def _param_faults(auth: Mapping[str, Any], key: str) -> Faults:
    """Of further parameters: none may take the place of one of the protocol, such as `state`."""
    for name, value in _object(auth, key).items():
        if name in _OF_THE_PROTOCOL or (key == "tokenParams" and name in _OF_THE_LIBRARY):
            yield (key, str(name)), "it is written from the other keys", "leave it out"
        elif isinstance(value, bool) or not isinstance(value, str | int | float):
            yield (key, str(name)), "it is no text", 'write it in quotes: `"true"`'


def _assertion_faults(auth: Mapping[str, Any]) -> Faults:
    said = _object(auth, "assertion")
    if said and auth.get("grant") != "jwt_bearer" and auth.get("clientAuth") != "private_key_jwt":
        yield ("assertion",), "nothing is signed", "it is for the grant `jwt_bearer`, and `clientAuth: private_key_jwt`"
    yield from _unknown(said, "assertion", _ASSERTION)
    for key in ("issuer", "subject", "audience", "keyId"):
        if not isinstance(said.get(key, ""), str):
            yield ("assertion", key), "it is no text", "write it in quotes"
    if "algorithm" in said and said["algorithm"] not in ALGORITHMS:
        yield ("assertion", "algorithm"), "there is no such algorithm for signing", f"one of {', '.join(ALGORITHMS)}"
    if "lifetime" in said and not _is_whole(said["lifetime"], 1, LONGEST_ASSERTION_S):
        what = f"it is no number of seconds from 1 to {LONGEST_ASSERTION_S}"
        yield ("assertion", "lifetime"), what, "300 is usual"
    claims = said.get("claims", {})
    if not isinstance(claims, Mapping):
        yield ("assertion", "claims"), "it is no object", 'for example `{"scope": "read"}`'
    elif taken := _CLAIMS_OF_OURS & set(claims):
        hint = "use `issuer`, `subject`, `audience` or `lifetime`"
        yield ("assertion", "claims", min(taken)), "it is written from the other keys", hint


def _expiry_faults(said: Mapping[str, Any]) -> Faults:
    yield from _unknown(said, "expiry", _EXPIRY)
    statuses = said.get("statuses", [401])
    if not isinstance(statuses, list | tuple) or not statuses or not all(_is_whole(s, 400, 599) for s in statuses):
        yield ("expiry", "statuses"), "it is no list of statuses from 400 to 599", "for example `[401, 403]`"
    if not isinstance(said.get("path", ""), str):
        yield ("expiry", "path"), "it is no text", 'for example `"error.code"`'
    codes = said.get("codes", [""])
    if not isinstance(codes, list | tuple) or not codes or not all(_is_code(code) for code in codes):
        yield ("expiry", "codes"), "it is no list of codes", 'for example `["token_expired"]`'
    for one, other in (("path", "codes"), ("codes", "path")):
        if said.get(one) and not said.get(other):
            yield ("expiry", other), f"it is missing, and without it `{one}` means nothing", "give both, or neither"


def _account_faults(said: Mapping[str, Any]) -> Faults:
    if not said:
        return
    yield from _unknown(said, "account", _ACCOUNT)
    if problem := url_problem(said.get("url")):
        hint = "an address that tells who has signed in, for example `https://api.example.com/me`"
        yield ("account", "url"), problem, hint
    if not isinstance(said.get("path"), str) or not said["path"]:
        yield ("account", "path"), "it does not say where the name stands", 'for example `"user.email"`'


def _unknown(said: Mapping[str, Any], key: str, known: Iterable[str]) -> Faults:
    for name in said:
        if name not in known:
            yield (key, str(name)), "there is no such key", f"it has {', '.join(f'`{each}`' for each in known)}"


def _is_whole(value: Any, least: int, most: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most


def _is_code(value: Any) -> bool:
    return isinstance(value, str | int) and not isinstance(value, bool)
