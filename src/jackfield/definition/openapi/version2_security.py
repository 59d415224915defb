"""Security definitions of version 2.0 as 3.0 has them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_FLOWS = {
    "implicit": "implicit",
    "password": "password",
    "application": "clientCredentials",
    "accessCode": "authorizationCode",
}


def convert_scheme(old: Any) -> Any:
    """One security scheme. What is no object, or of another kind, stays as it is."""
    if not isinstance(old, Mapping):
        return old
    if old.get("type") == "basic":
        return {**old, "type": "http", "scheme": "basic"}
    if old.get("type") != "oauth2":
        return dict(old)
    said = old.get("flow")
    flow = {key: old[key] for key in ("authorizationUrl", "tokenUrl") if key in old}
    flow["scopes"] = old["scopes"] if isinstance(old.get("scopes"), Mapping) else {}
    kept = {key: value for key, value in old.items() if key not in ("flow", "authorizationUrl", "tokenUrl", "scopes")}
    return {**kept, "flows": {_FLOWS.get(said if isinstance(said, str) else "", "authorizationCode"): flow}}
