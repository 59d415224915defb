"""Tokens, as an authorization server gives them.

Source: RFC 6749, section 5.1.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

import orjson

from jackfield.credentials.oauth.failures import ExchangeFailed
from jackfield.definition.secret import Secret
from jackfield.vault.masking import Mask

MAX_LIFE_S = 10 * 365 * 86_400.0
_MAX_TOKEN = 64 * 1024
_MAX_REASON = 300
_MAX_SCOPES, _MAX_SCOPE = 200, 300
MIN_LIFE_S = 1.0
"""Whatever a service says: a token that is over at once would be exchanged by every call that looks at it."""


@dataclass(frozen=True, kw_only=True)
class Tokens:
    """What one exchange gave.

    Attributes:
        lives_s: How long the access token lives, in seconds from when it was asked for; `None` where nobody knows.
        scopes: What was granted; `None` where the service did not say, which means what was asked for.
        answer: All of the answer but the tokens, for naming the account.
    """

    access: Secret
    refresh: Secret | None = None
    lives_s: float | None = None
    scopes: tuple[str, ...] | None = None
    answer: Mapping[str, Any] = field(default_factory=dict, repr=False)

    def to_bytes(self) -> bytes:
        """As they are sealed."""
        refresh = self.refresh.reveal() if self.refresh else None
        return orjson.dumps({"access": self.access.reveal(), "refresh": refresh})


def from_bytes(opened: bytes) -> tuple[Secret, Secret | None]:
    """The access and the refresh token of `Tokens.to_bytes`."""
    kept = orjson.loads(opened)
    return Secret(kept["access"]), Secret(kept["refresh"]) if kept["refresh"] else None


def read_tokens(
    status: int,
    content: bytes,
    *,
    path: str = "",
    retry_after_s: float | None = None,
    mask: Callable[[str], str] = str,
) -> Tokens:
    """The tokens in an answer of a token endpoint.

    Errors are found whatever the status: some services answer 200 with one.

    Args:
        content: JSON, or a form as some services still answer.
        path: Where the tokens are in the answer, with dots; empty for its top.
        mask: Takes what was sent out of what is told of a failure, before that is cut.

    Raises:
        ExchangeFailed: There are none.
    """
    answer = _parsed(content)
    found = _at(answer, path)
    hidden = _tokens_in({**answer, **found})

    def told(text: str) -> str:
        return mask(hidden.text(text))

    if status == 429 or status >= 500:
        raise ExchangeFailed(
            f"http_{status}", _reason(answer, status, told), kind="passing", retry_after_s=retry_after_s
        )
    if error := _error(answer, told):
        raise ExchangeFailed(error, _reason(answer, status, told), retry_after_s=retry_after_s)
    access, refresh = found.get("access_token"), _refresh(found.get("refresh_token") or answer.get("refresh_token"))
    if status >= 400 or not isinstance(access, str) or not access:
        error = "no_token" if status < 400 and answer else f"http_{status}"
        raise ExchangeFailed(
            error, _reason(answer, status, told), kind="passing", retry_after_s=retry_after_s, refresh=refresh
        )
    if not _is_token(access):
        raise ExchangeFailed("no_token", "what the service gave as a token cannot be sent", refresh=refresh)
    kind = str(found.get("token_type") or answer.get("token_type") or "Bearer").lower()
    if kind in {"mac", "dpop", "pop"}:
        raise ExchangeFailed(
            "unsupported_token_type",
            f"the service gave a token of type `{ascii(kind)[1:41]}`, which is not bearer",
            refresh=refresh,
        )
    return Tokens(
        access=Secret(access),
        refresh=refresh,
        lives_s=_life(found.get("expires_in", answer.get("expires_in"))),
        scopes=_scopes(found.get("scope", answer.get("scope")), told),
        answer={key: value for key, value in answer.items() if key not in {"access_token", "refresh_token"}},
    )


def _refresh(given: Any) -> Secret | None:
    return Secret(given) if isinstance(given, str) and _is_token(given) else None


def _parsed(content: bytes) -> dict[str, Any]:
    try:
        answer = orjson.loads(content)
    except orjson.JSONDecodeError:
        text = content[:_MAX_TOKEN].decode("utf-8", "replace").strip()
        is_form = "=" in text and not text.startswith("<") and not any(char.isspace() for char in text)
        answer = dict(parse_qsl(text)) if is_form else {}
    return answer if isinstance(answer, dict) else {}


def _error(answer: Mapping[str, Any], told: Callable[[str], str]) -> str:
    error = answer.get("error")
    if isinstance(error, Mapping):  # {"error": {"code": ...}}
        error = error.get("code") or error.get("type") or "error"
    if error:
        return re.sub(r"[^A-Za-z0-9_.:-]+", "_", told(str(error)))[:100]
    return "error" if answer.get("ok") is False else ""


def _reason(answer: Mapping[str, Any], status: int, told: Callable[[str], str]) -> str:
    said = answer.get("error_description") or answer.get("message")
    if isinstance(said, str) and said:
        said = told(said)
        return said[:_MAX_REASON] if said.isprintable() else ascii(said)[1 : _MAX_REASON + 1]
    return f"the service answered {status} without saying why"


def _tokens_in(answer: Mapping[str, Any]) -> Mask:
    """Takes the tokens of an answer out of what else it says: that is kept in the clear, and shown."""
    given = (answer.get(name) for name in ("access_token", "refresh_token", "id_token"))
    return Mask(tuple(Secret(token) for token in given if isinstance(token, str) and token))


def _at(answer: Mapping[str, Any], path: str) -> Mapping[str, Any]:
    found: Any = answer
    for name in path.split(".") if path else ():
        found = found.get(name) if isinstance(found, Mapping) else None
    return found if isinstance(found, Mapping) else {}


def _is_token(text: str) -> bool:
    return len(text) <= _MAX_TOKEN and text.isascii() and text.isprintable()


def _life(given: Any) -> float | None:
    """Seconds. Nothing that makes no sense is believed: then only the service's refusal tells."""
    if isinstance(given, bool) or not isinstance(given, int | float | str):
        return None
    try:
        seconds = float(given)
    except ValueError:
        return None
    return min(max(seconds, MIN_LIFE_S), MAX_LIFE_S) if math.isfinite(seconds) and seconds > 0 else None


def _scopes(given: Any, told: Callable[[str], str]) -> tuple[str, ...] | None:
    """They are shown in every list of credentials, so what is no scope is left out."""
    if isinstance(given, str):
        found: Sequence[str] = given.replace(",", " ").split()
    elif isinstance(given, Sequence) and all(isinstance(scope, str) for scope in given):
        found = given
    else:
        return None
    fitting = (scope for scope in found if 0 < len(scope) <= _MAX_SCOPE and scope.isascii() and scope.isprintable())
    few = tuple(dict.fromkeys(fitting))[:_MAX_SCOPES]
    return tuple(scope for scope in few if told(scope) == scope)
