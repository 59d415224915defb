"""Where a definition signs people in: `oauth_config`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jackfield.definition.auth import auth_faults
from jackfield.definition.auth.oauth2 import URLS
from jackfield.definition.fluxturn.addresses import with_fields
from jackfield.definition.fluxturn.known import Known
from jackfield.definition.fluxturn.notes import SECRET_NAMES, Notes
from jackfield.definition.names import find, folded

CONFIG = "oauth_config"

_NAMES: Mapping[str, str] = {
    **dict.fromkeys(("authorizationurl", "authurl", "authorizeurl", "authorizationendpoint"), "authorizationUrl"),
    **dict.fromkeys(("tokenurl", "accesstokenurl", "tokenendpoint"), "tokenUrl"),
    **dict.fromkeys(("revocationurl", "revokeurl", "revokeendpoint", "revocationendpoint"), "revocationUrl"),
    **dict.fromkeys(("scopes", "scope", "defaultscopes"), "scopes"),
    **dict.fromkeys(("scopeseparator", "scopedelimiter"), "scopeSeparator"),
    **dict.fromkeys(("authorizationparams", "additionalparams", "extraparams"), "authorizationParams"),
}
_CLIENT = {"clientId": "clientid", "clientSecret": "clientsecret"}
_SENT = ("name", "prefix", "field")


def with_sign_in(
    signed: Mapping[str, Any], config: Mapping[str, Any], fields: dict[str, dict[str, Any]], notes: Notes
) -> dict[str, Any] | None:
    """The `auth` of a definition whose people sign in; `None` where `config` does not say where.

    Args:
        signed: How a token is sent that somebody pastes: of type `bearer` or `api_key`, with a `field`.
        config: `oauth_config`.
        fields: The connection: what is for signing in is required no more.
    """
    said = _said(config)
    if not {"authorizationUrl", "tokenUrl"} <= said.keys():
        return None
    auth: dict[str, Any] = {"type": "oauth2", **{key: signed[key] for key in _SENT if key in signed}}
    if signed["type"] == "api_key":
        auth.setdefault("name", "X-API-Key")
    for key in URLS:
        if isinstance(said.get(key), str):
            said[key] = with_fields(said[key], Known(fields))
    for part, wanted in _CLIENT.items():
        if (name := find(wanted, fields)) is not None:
            auth[part] = {"field": name}
    auth |= said
    secret = [name for name, about in fields.items() if about.get("type") == "secret"]
    for at, what, _ in auth_faults(auth, fields=list(fields), secret_fields=secret):
        notes.add((CONFIG, *at), f"{what}, so signing in is not carried out")
        return None
    return auth


def kept_of(config: Mapping[str, Any]) -> dict[str, Any]:
    """What nothing here stands for."""
    return {key: value for key, value in config.items() if folded(str(key)) not in _NAMES}


def _said(config: Mapping[str, Any]) -> dict[str, Any]:
    said: dict[str, Any] = {}
    for key, value in config.items():
        ours = _NAMES.get(folded(str(key)))
        if ours is not None and value not in (None, "", [], {}):
            said.setdefault(ours, value)
    if isinstance(said.get("scopes"), str):
        said["scopes"] = said["scopes"].replace(",", " ").split()
    if isinstance(params := said.get("authorizationParams"), Mapping):
        said["authorizationParams"] = {
            str(key): value for key, value in params.items() if folded(str(key)) not in SECRET_NAMES
        }
    return said
