"""What a client is told that comes without a token, or with too weak a one.

Source: RFC 9728 (protected resource metadata), RFC 6750, section 3 (challenges).
"""

from __future__ import annotations

from typing import Any

from jackfield.errors import JackfieldError

ENDPOINT = "/mcp"
WELL_KNOWN = "/.well-known/oauth-protected-resource"
SCOPES = ("read", "execute", "manage")


def metadata(base: str, path: str) -> dict[str, Any]:
    """The metadata of an endpoint. Nobody is named who gives out tokens: an administrator does.

    Args:
        base: The server's address.
        path: As asked for, below `WELL_KNOWN`. Nothing there stands for the endpoint of everything.
    """
    return {
        "resource": f"{base}{path.removeprefix(WELL_KNOWN) or ENDPOINT}",
        "resource_name": "Jackfield",
        "scopes_supported": list(SCOPES),
        "bearer_methods_supported": ["header"],
    }


def challenge(error: JackfieldError, *, base: str, path: str) -> str:
    """The value of `WWW-Authenticate` for a request that was refused; empty where it does not matter who asks."""
    where = f'resource_metadata="{base}{WELL_KNOWN}{path}"'
    if error.status == 401:
        wrong = "" if error.code == "token-missing" else 'error="invalid_token", '
        return f'Bearer realm="jackfield", {wrong}{where}'
    if error.code == "scope-missing":
        scope = error.details.get("scope", "")
        return f'Bearer realm="jackfield", error="insufficient_scope", scope="{scope}", {where}'
    return ""
