"""What a service calls the account that was connected. It is a label, and nothing is decided by it."""

from __future__ import annotations

import asyncio
import logging
from base64 import urlsafe_b64decode
from collections.abc import Mapping
from typing import Any

import orjson

from jackfield.credentials.oauth.tokens import Tokens
from jackfield.credentials.schemes import ApiKey
from jackfield.egress.client import Client
from jackfield.egress.pools import Pool
from jackfield.manage.sign_in_opening import Opening

ASK_S = 5.0
MAX_LABEL = 120
_MAX_BYTES = 256 * 1024
_TELLING = 16
"""Characters by which a token is known in a label, which may be cut off."""
_CLAIMS = ("email", "preferred_username", "name", "sub")

log = logging.getLogger("jackfield.credentials")


async def account_of(opening: Opening, tokens: Tokens, pool: Pool) -> str:
    """The name of the account; empty where nobody says. It never fails: an account without a name is connected too.

    Args:
        pool: Of the connector; the service is asked through it with the new token.
    """
    hidden = [token.reveal() for token in (tokens.access, tokens.refresh) if token]
    if opening.asking.settings.account.get("url"):
        try:
            if label := await _asked(opening, tokens, pool):
                return "" if _tells(label, hidden) else label
        except Exception as error:
            # Whatever a service answers here, the tokens are good. The error may quote it, so only its kind is told.
            log.info("the account of `%s` is not named: %s", opening.asking.connector, type(error).__name__)
    label = _of_id_token(tokens.answer.get("id_token"))
    return "" if _tells(label, hidden) else label


def _tells(label: str, hidden: list[str]) -> bool:
    """Whether a label has a token in it, or its beginning: some service may echo what it was asked with."""
    return any(token[:_TELLING] in label for token in hidden)


async def _asked(opening: Opening, tokens: Tokens, pool: Pool) -> str:
    said = opening.asking.settings
    auth = ApiKey(tokens.access, name=said.name, location=said.location, prefix=said.prefix)
    client = Client(pool, auth=auth, deadline=asyncio.get_running_loop().time() + ASK_S)
    answer = await client.get(said.account["url"], headers={"Accept": "application/json"})
    if answer.status != 200 or len(answer.content) > _MAX_BYTES:
        return ""
    found: Any = orjson.loads(answer.content)
    if path := said.account.get("path", ""):
        for name in path.split("."):
            found = found.get(name) if isinstance(found, Mapping) else None
        return label_of(found)
    return _first(found)


def _of_id_token(given: Any) -> str:
    """A claim of an ID token. Its signature is not looked at: it came from the token endpoint itself, over TLS.

    Source: OpenID Connect Core 1.0, section 3.1.3.7, point 6.
    """
    if not isinstance(given, str) or given.count(".") != 2:
        return ""
    part = given.split(".")[1]
    try:
        return _first(orjson.loads(urlsafe_b64decode(part + "=" * (-len(part) % 4))))
    except ValueError:
        return ""


def _first(claims: Any) -> str:
    if not isinstance(claims, Mapping):
        return ""
    return next((label for name in _CLAIMS if (label := label_of(claims.get(name)))), "")


def label_of(given: Any) -> str:
    """A text or a number of a service as one line for people."""
    if isinstance(given, bool) or not isinstance(given, str | int):
        return ""
    text = " ".join("".join(char if char.isprintable() else " " for char in str(given)[: 4 * MAX_LABEL]).split())
    return text[:MAX_LABEL].encode("utf-8", "ignore").decode()
