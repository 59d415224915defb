"""Endpoints that a description has in it: `GET /customers/{id} - one customer`, each on a line or inside a sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from jackfield.definition.errors import InvalidDefinition
from jackfield.manage.authoring.endpoint import METHODS, MOST, Endpoint, Param, endpoint_at, read_params

_ENDPOINT = re.compile(
    rf"\b(?P<method>{'|'.join(METHODS)})\b[`*]*[ \t]+[`]?(?P<address>(?:https?://|/)[^\s`]*)", re.IGNORECASE
)
_URL = re.compile(r"https?://[A-Za-z0-9][^\s`'\"<>(),;]*")
_FIELDS = re.compile(
    r"^\W{0,3}(?:(?:with|takes|body|json)\b\W{0,3}){0,2}\{(?P<names>[\w\s,*?.\[\]-]{1,1000})\}", re.IGNORECASE
)
_QUERY = re.compile(r"\bquery:\s*(?P<names>[\w.\[\]-]+\*?(?:\s*,\s*[\w.\[\]-]+\*?)*)", re.IGNORECASE)
_BODY = re.compile(r"\bbody:\s*(?P<names>[\w.\[\]-]+\*?(?:\s*,\s*[\w.\[\]-]+\*?)*)", re.IGNORECASE)
_AFTER_ADDRESS = ".,;:)]*"
_LONGEST = 200
_CAPITALS = r"((?:[A-Z][\w.&-]*\s?){1,4})"
_NAMED = re.compile(rf"\b(?:[Ff]or|to|of)\s+(?:the\s+)?{_CAPITALS}")
_NO_TITLE = "|".join((*METHODS, "A", "An", "Build", "Create", "For", "Generate", "Make", "The", "This", "Write"))
_BEGINS = re.compile(rf"\s*(?:The\s+)?(?!(?:{_NO_TITLE})\b){_CAPITALS}")


@dataclass(frozen=True, kw_only=True)
class Found:
    """What a description says.

    Attributes:
        base_url: Of the service; empty where it is not said.
        title: What the service is called; empty where it is not said.
        summary: What stands before the first endpoint, where that is short.
    """

    endpoints: tuple[Endpoint, ...]
    base_url: str = ""
    title: str = ""
    summary: str = ""


def endpoints_in(text: str) -> Found:
    """What `text` says of endpoints, and of the service."""
    found = list(_endpoints(text))[:MOST]
    endpoints = {(one.method, one.path): one for one in reversed(found)}
    base_url = next((one.origin for one in found if one.origin), "") or _base_url(text)
    return Found(
        endpoints=tuple(endpoints.values())[::-1], base_url=base_url, title=_title(text), summary=_summary(text)
    )


def _endpoints(text: str) -> Iterator[Endpoint]:
    matches = list(_ENDPOINT.finditer(text))
    for at, match in enumerate(matches):
        end = matches[at + 1].start() if at + 1 < len(matches) else len(text)
        rest = text[match.end() : end].partition("\n")[0]
        address = match["address"].rstrip(_AFTER_ADDRESS)
        try:
            yield _endpoint(match["method"], address, rest)
        except InvalidDefinition:
            continue  # a sentence that only looks like one


def _endpoint(method: str, address: str, rest: str) -> Endpoint:
    body, query = _FIELDS.search(rest) or _BODY.search(rest), _QUERY.search(rest)
    for used in (body, query):
        rest = rest.replace(used[0], " ") if used else rest
    return endpoint_at(
        method,
        address,
        description=_words(rest),
        query=_params(query),
        body=_params(body) if body else None,
    )


def _params(names: re.Match[str] | None) -> tuple[Param, ...]:
    return read_params([name for name in names["names"].split(",") if name.strip()]) if names else ()


def _words(rest: str) -> str:
    """What is said of an endpoint after it, as a sentence."""
    words = " ".join(rest.strip(" \t`*-–—:|.,;()").split())[:_LONGEST]
    words = re.sub(r"[\s,;]*\b(?:and|or|then)$", "", words).strip(" ,;(")
    return f"{words[0].upper()}{words[1:]}." if len(words) > 2 else ""


def _base_url(text: str) -> str:
    """The first address in the text that belongs to no endpoint."""
    taken = [(match.start("address"), match.end()) for match in _ENDPOINT.finditer(text)]
    for match in _URL.finditer(text):
        if not any(start <= match.start() < end for start, end in taken):
            return match[0].rstrip(f"{_AFTER_ADDRESS}/")
    return ""


def _title(text: str) -> str:
    """`Acme CRM`, of "a connector for the Acme CRM API"."""
    named = _NAMED.search(text) or _BEGINS.match(text)
    return re.sub(r"\s+(?:API|REST|HTTP)\b", "", named[1].strip(" .")).strip() if named else ""


def _summary(text: str) -> str:
    """What stands before the first endpoint, without the address."""
    first = _ENDPOINT.search(text)
    before = " ".join(re.split(r"[\s,;:(]*\b(?:at )?https?://", text[: first.start() if first else None])[0].split())
    words = before.strip(" -*`:,.") if len(before) <= _LONGEST else ""
    return f"{words}." if len(words) > 2 else ""
