"""What a command sees of HTTP: the client it is handed, and the answer it gets.

Protocols and plain data only; `egress` implements them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeAlias

import orjson

from jackfield.definition.secret import Secret
from jackfield.errors import UpstreamStatus

Query: TypeAlias = Mapping[str, Any] | Sequence[tuple[str, Any]]
"""Values may be strings, numbers, booleans, `None` (left out) or lists of them (the name is repeated)."""

_TEXT_TYPES = frozenset({"application/xml", "application/javascript", "application/x-www-form-urlencoded"})
_PREVIEW = 65_536


@dataclass(slots=True, kw_only=True)
class Outgoing:
    """One request that is about to leave. An authorizer signs it by changing `headers` or `query` in place.

    Attributes:
        mark: What the authorizer wants to find again in the answer.
    """

    method: str
    url: str
    headers: dict[str, str] = field(default_factory=dict)
    query: list[tuple[str, str]] = field(default_factory=list)
    content: bytes | None = None
    mark: Any = None


@dataclass(slots=True, kw_only=True, eq=False)
class Answer:
    """What a service answered.

    Attributes:
        status: HTTP status. A status of 400 or more does not raise by itself.
        headers: Names are matched without regard to case.
        content: The decoded bytes.
        url: The address that answered, after redirects, without query and fragment (they may hold secrets).
        elapsed_ms: From the call to the last byte.
        mark: What the authorizer has left on the request.
    """

    status: int
    headers: Mapping[str, str]
    content: bytes
    url: str
    elapsed_ms: float = 0.0
    mark: Any = field(default=None, repr=False)
    _body: Any = field(default=..., repr=False)
    _mask: Callable[[str], str] = field(default=str, repr=False)

    @property
    def is_successful(self) -> bool:
        """Whether the status is 2xx."""
        return 200 <= self.status < 300

    @property
    def body(self) -> Any:
        """Parsed JSON, else text, else bytes, judged by `Content-Type` and then by the bytes themselves.

        JSON that does not parse is given as text, so nothing is lost. `None` for an empty body.
        """
        if self._body is ...:
            self._body = _parse(self.content, self.headers.get("content-type", ""))
        return self._body

    @property
    def text(self) -> str:
        """The content as text; bytes that are not UTF-8 are replaced."""
        return self.content.decode("utf-8", "replace")

    def raise_for_status(self) -> None:
        """Do nothing below 400.

        Raises:
            UpstreamStatus: The status is 400 or more; the body is in its details.
        """
        if self.status >= 400:
            raise UpstreamStatus(status=self.status, url=self.url, body=self.preview())

    def preview(self) -> Any:
        """The body if it is JSON or text of at most 64 KiB, else a line that says what it is."""
        if len(self.content) > _PREVIEW:
            # Masked before it is cut: nobody would recognise half a secret later on.
            return f"{len(self.content)} bytes, beginning {self._mask(self.text)[:500]!r}"
        return f"{len(self.content)} bytes" if isinstance(self.body, bytes) else self.body


def _parse(content: bytes, content_type: str) -> Any:
    if not content:
        return None
    kind, _, options = content_type.partition(";")
    kind = kind.strip().lower()
    if kind == "application/json" or kind.endswith("+json"):
        return _json_or_text(content)
    if kind.startswith("text/") or kind in _TEXT_TYPES or kind.endswith("+xml"):
        return _text(content, options)
    if not kind:
        return _json_or_text(content)
    return content


def _json_or_text(content: bytes) -> Any:
    try:
        return orjson.loads(content)
    except orjson.JSONDecodeError:
        return _text(content, "")


def _text(content: bytes, options: str) -> str | bytes:
    charset = next((part[8:].strip('"') for part in options.lower().split() if part.startswith("charset=")), "utf-8")
    try:
        return content.decode(charset)
    except (UnicodeDecodeError, LookupError):
        return content


@dataclass(frozen=True, kw_only=True)
class Certificate:
    """What a client shows of itself when a connection is made.

    Attributes:
        chain: Its certificate and those above it, in PEM.
        key: Its private key in PEM, without a passphrase.
        digest: Tells it from others, and nothing of the key.
    """

    chain: str = field(repr=False)
    key: Secret = field(repr=False)
    digest: str


class Authorizer(Protocol):
    """Adds what a service wants to see before it answers.

    It may have further attributes: `query_names`, the query parameters that hold its secret; `identity`, which tells
    it from others where it writes something else each time; and `certificate` (`Certificate`), which is shown when a
    connection is made, and to the first origin only.
    """

    async def sign(self, request: Outgoing) -> None:
        """Add the credential to `request`. Called for each hop that stays on the first origin."""

    async def on_refused(self, answer: Answer) -> bool:
        """Called on a 401, or on what the attribute `refusal` (see `egress.refusal`) names instead.

        `True` when the credential was renewed and the request should be sent once more. How that went is told to
        `judge(accepted=...)`, where there is such a method.
        """


class Http(Protocol):
    """The client a command is handed, bound to its connector's policy, credential, limits and deadline.

    `auth` overrides the connector's credential for one request. Of `json`, `form` and `content` at most one
    is given. 4xx and 5xx answers are returned, not raised.

    Raises:
        UrlRefused: The network policy forbids the address, or a redirect to it.
        Unreachable: No connection could be made.
        CallTimeout: No complete answer in time.
        ResponseTooLarge: The answer exceeded the size cap.
    """

    async def request(
        self,
        method: str,
        url: str,
        *,
        query: Query | None = None,
        headers: Mapping[str, str] | None = None,
        json: Any = ...,
        form: Query | None = None,
        content: bytes | str | None = None,
        auth: Authorizer | None = None,
        timeout_s: float | None = None,
    ) -> Answer:
        """Send one request and read the whole answer."""

    async def get(self, url: str, **options: Any) -> Answer:
        """GET; options as for `request`."""

    async def head(self, url: str, **options: Any) -> Answer:
        """HEAD; options as for `request`."""

    async def post(self, url: str, **options: Any) -> Answer:
        """POST; options as for `request`."""

    async def put(self, url: str, **options: Any) -> Answer:
        """PUT; options as for `request`."""

    async def patch(self, url: str, **options: Any) -> Answer:
        """PATCH; options as for `request`."""

    async def delete(self, url: str, **options: Any) -> Answer:
        """DELETE; options as for `request`."""
