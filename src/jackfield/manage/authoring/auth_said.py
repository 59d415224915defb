"""How a service finds out who asks, as somebody described it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from jackfield.definition.errors import InvalidDefinition
from jackfield.definition.model import Schema

Kind: TypeAlias = Literal["bearer", "header", "query", "basic", "none"]

SCHEMA: Schema = {
    "type": "object",
    "additionalProperties": False,
    "required": ["type"],
    "description": "How requests are authenticated; without it, as the description says, or else a bearer token.",
    "properties": {
        "type": {"enum": ["bearer", "header", "query", "basic", "none"]},
        "name": {
            "type": "string",
            "maxLength": 100,
            "description": "Of the header or of the query param of an API key.",
        },
    },
}

_TOKEN = re.compile(r"[A-Za-z0-9!#$%&'*+.^_|~-]{1,100}")
_HEADER = re.compile(r"\b(X-[A-Za-z0-9-]*(?:Key|Token|Auth)[A-Za-z0-9-]*)\b", re.IGNORECASE)
_NONE = re.compile(r"\b(?:no auth\w*|without (?:auth\w*|a key|a token)|public api|unauthenticated)\b", re.IGNORECASE)
_QUERY = re.compile(r"\b(?:query (?:param\w*|string) [`'\"]?(?P<name>\w*(?:key|token)\w*))", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class Auth:
    """How requests are authenticated.

    Attributes:
        name: Of the header or query param, where one has a name of its own.
    """

    kind: Kind = "bearer"
    name: str = ""

    @property
    def fields(self) -> dict[str, dict[str, Any]]:
        """The connection fields that it needs, as in Floh's `connectionConfig`."""
        secret = {"type": "string", "required": True, "secret": True}
        known: dict[Kind, dict[str, dict[str, Any]]] = {
            "bearer": {"apiToken": {**secret, "description": "Access token of the service."}},
            "header": {"apiKey": {**secret, "description": f"API key, sent as the header {self.name}."}},
            "query": {"apiKey": {**secret, "description": f"API key, sent as the query param {self.name}."}},
            "basic": {
                "username": {"type": "string", "required": True, "description": "User name at the service."},
                "password": {**secret, "description": "Password at the service."},
            },
            "none": {},
        }
        return known[self.kind]


def read_auth(said: Mapping[str, Any] | None, description: str) -> Auth:
    """What is said, or else what can be read out of the description.

    Raises:
        InvalidDefinition: The name of a header or param is none.
    """
    if said is None:
        return _guessed(description)
    kind: Kind = said["type"]
    usual = {"header": "X-API-Key", "query": "api_key"}.get(kind, "")
    name = str(said.get("name") or usual)
    if usual and not _TOKEN.fullmatch(name):
        fault = {"pointer": "/auth/name", "message": "is no name of a header or param"}
        raise InvalidDefinition("`auth.name` cannot be sent", hint="use letters, digits and `-`", errors=[fault])
    return Auth(kind=kind, name=name if usual else "")


def _guessed(text: str) -> Auth:
    if header := _HEADER.search(text):
        return Auth(kind="header", name=header[1])
    if query := _QUERY.search(text):
        return Auth(kind="query", name=query["name"])
    if re.search(r"\bbasic auth", text, re.IGNORECASE):
        return Auth(kind="basic")
    if _NONE.search(text):
        return Auth(kind="none")
    return Auth()
