"""What a service asks for in `WWW-Authenticate`.

Source: RFC 9110, section 11.6.1; RFC 7616, section 3.3.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

# The strongest first: a service that also offers MD5 does so for older clients.
ALGORITHMS = ("SHA-512-256", "SHA-256", "MD5")

_TOKEN = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"  # noqa: S105  # as in RFC 9110
_PARAM = re.compile(rf'({_TOKEN})[ \t]*=[ \t]*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]*))')
_SCHEME = re.compile(_TOKEN)
_BETWEEN = re.compile(r"[\s,]*")
_ESCAPED = re.compile(r"\\(.)")


@dataclass(frozen=True, kw_only=True)
class Challenge:
    """One way in which a service takes a digest.

    Attributes:
        algorithm: One of `ALGORITHMS`.
        session: Whether it is the variant with `-sess`.
        qop: `auth`, `auth-int`, or empty for a service from before RFC 2617.
        opaque: Sent back as it came; `None` where there is none.
        stale: The nonce is what was refused, not the password.
    """

    realm: str
    nonce: str
    algorithm: str
    session: bool
    qop: str
    opaque: str | None
    stale: bool
    userhash: bool


def best_challenge(headers: Mapping[str, str]) -> Challenge | None:
    """The strongest digest that the headers of an answer ask for and that can be given."""
    found = [challenge for said in _said(headers) for challenge in _digests(said)]
    return min(found, key=lambda challenge: ALGORITHMS.index(challenge.algorithm), default=None)


def _said(headers: Mapping[str, str]) -> list[str]:
    every = getattr(headers, "getall", None)
    if every is not None:
        return list(every("WWW-Authenticate", []))
    return [value for name, value in headers.items() if name.lower() == "www-authenticate"]


def _digests(said: str) -> Iterator[Challenge]:
    for scheme, params in _challenges(said):
        if scheme == "digest" and (challenge := _read(params)):
            yield challenge


def _challenges(said: str) -> Iterator[tuple[str, dict[str, str]]]:
    at, scheme, params = 0, "", dict[str, str]()
    while (at := _end(_BETWEEN, said, at)) < len(said):
        if param := _PARAM.match(said, at):
            quoted = _ESCAPED.sub(r"\1", param[2]) if param[2] is not None else param[3]
            params.setdefault(param[1].lower(), quoted)
            at = param.end()
        elif name := _SCHEME.match(said, at):
            if scheme:
                yield scheme, params
            at, scheme, params = name.end(), name[0].lower(), {}
        else:
            break
    if scheme:
        yield scheme, params


def _end(pattern: re.Pattern[str], text: str, at: int) -> int:
    found = pattern.match(text, at)
    return found.end() if found else at


def _read(params: Mapping[str, str]) -> Challenge | None:
    algorithm, dash, variant = params.get("algorithm", "MD5").upper().rpartition("-SESS")
    name = algorithm if dash else variant
    offered = [word.strip().lower() for word in params.get("qop", "").split(",") if word.strip()]
    qop = next((wanted for wanted in ("auth", "auth-int") if wanted in offered), "")
    text = "".join(params.values())
    if name not in ALGORITHMS or (dash and variant) or (offered and not qop) or (dash and not qop):
        return None
    if "realm" not in params or not params.get("nonce") or not (text.isascii() and text.isprintable()):
        return None  # it is sent back, and what breaks a line could begin another header
    return Challenge(
        realm=params["realm"],
        nonce=params["nonce"],
        algorithm=name,
        session=bool(dash),
        qop=qop,
        opaque=params.get("opaque"),
        stale=params.get("stale", "").lower() == "true",
        userhash=params.get("userhash", "").lower() == "true",
    )
