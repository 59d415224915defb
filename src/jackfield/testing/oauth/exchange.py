"""Requests and answers, apart from the web framework."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from jackfield.testing.oauth.refusal import Refused, need


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A request.

    Attributes:
        method: In capitals.
        path: Without the query.
        query: Names and values, in order.
        form: The same of a body that is a form; `None` for any other body.
        headers: Names are lower-case.
        cookies: By name.
    """

    method: str
    path: str
    query: Sequence[tuple[str, str]] = ()
    form: Sequence[tuple[str, str]] | None = None
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    cookies: Mapping[str, str] = field(default_factory=dict, repr=False)

    def params(self) -> Mapping[str, str]:
        """The form of a request to an endpoint that only programs call.

        Raises:
            Refused: It is no form, or says something twice.

        Source: RFC 6749, section 3.2.
        """
        need(self.method == "POST", "invalid_request", "this endpoint takes POST")
        need(self.form is not None, "invalid_request", "the body has to be a form")
        assert self.form is not None  # noqa: S101 - for the type checker
        return once(self.form)

    def credentials(self, scheme: str) -> str | None:
        """What stands in `Authorization` after `scheme`, whose case does not matter."""
        found, _, rest = self.headers.get("authorization", "").partition(" ")
        return rest.strip() if found.lower() == scheme else None

    def basic(self) -> tuple[str, str] | None:
        """Name and secret of HTTP Basic, as they were sent: still in their encoding as a form.

        Raises:
            Refused: The header is no such thing.
        """
        sent = self.credentials("basic")
        if sent is None:
            return None
        try:
            name, colon, secret = base64.b64decode(sent, validate=True).decode().partition(":")
        except ValueError as error:
            raise Refused("invalid_client", "the Authorization header is not HTTP Basic", status=401) from error
        need(bool(colon), "invalid_client", "the Authorization header has no colon")
        return name, secret


@dataclass(frozen=True, kw_only=True)
class Answer:
    """An answer.

    Attributes:
        status: The HTTP status.
        body: What is written as JSON, where there is no `text`.
        text: Any other body.
        content_type: Of the body.
        location: Where a redirect goes.
        params: What is added to the query of `location`.
        headers: More of them.
        cookies: Set in the browser.
        granted: The access token that it gives, if it does.
    """

    status: int = 200
    body: Any = None
    text: str | None = None
    content_type: str = "application/json"
    location: str | None = None
    params: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    cookies: Mapping[str, str] = field(default_factory=dict)
    granted: str | None = field(default=None, repr=False)


def once(pairs: Sequence[tuple[str, str]]) -> Mapping[str, str]:
    """Pairs as a mapping; those without a value are left out.

    Raises:
        Refused: A name comes twice.

    Source: RFC 6749, sections 3.1 and 3.2.
    """
    names = [name for name, _ in pairs]
    twice = sorted({name for name in names if names.count(name) > 1})
    need(not twice, "invalid_request", f"given more than once: {', '.join(twice)}")
    return {name: value for name, value in pairs if value}


def refused(refusal: Refused) -> Answer:
    """A refusal as JSON.

    Source: RFC 6749, section 5.2.
    """
    body = {"error": refusal.error, "error_description": str(refusal)}
    return Answer(status=refusal.status, body=body, headers={"Cache-Control": "no-store", **refusal.headers})
