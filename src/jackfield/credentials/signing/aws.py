"""AWS Signature Version 4.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
"""

from __future__ import annotations

import hashlib
import hmac
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Literal
from urllib.parse import quote, unquote_to_bytes

from jackfield.credentials.errors import CredentialInvalid
from jackfield.credentials.schemes import ApiKey, Scheme, Value, header_text, text_of
from jackfield.credentials.signing.remembered import Remembered, key_of
from jackfield.definition.secret import MASK, Secret
from jackfield.definition.wire import Answer, Outgoing
from jackfield.egress.urls import OnTheWire, on_the_wire

ALGORITHM = "AWS4-HMAC-SHA256"

_SCOPE = re.compile(r"[a-z0-9-]{1,64}", re.IGNORECASE)
_UNSIGNED_TYPE = "application/octet-stream"

# A signature holds for five minutes before and after; below four the clock is not what is wrong.
_TOLERATED_S = 240.0
_REFUSALS = frozenset({400, 401, 403})

_OFFSETS: Remembered[float] = Remembered(1024)
"""Seconds that the clocks of services are ahead of ours, by origin."""


class _Skewed:
    """Says of an answer that it may have been refused for the time in the signature."""

    @staticmethod
    def means(answer: Answer) -> bool:
        return answer.status in _REFUSALS and abs(_ahead(answer, time.time()) - _offset(answer.url)) > _TOLERATED_S


@dataclass(frozen=True, slots=True)
class AwsSigV4:
    """`Authorization: AWS4-HMAC-SHA256 ...`, over the request as it goes out, body included.

    Signed are `Host`, `Content-Type` and what begins with `X-Amz-`: other headers may be changed on their way. The URL
    is written anew with every character encoded that may be, so that all agree on what was signed.

    Attributes:
        access_key_id: Which key it is.
        secret_access_key: The key.
        region: For example `eu-central-1`.
        service: As it is called in signatures: `execute-api`, `s3`, `dynamodb`.
        session_token: Goes with temporary keys.
        mode: `s3` encodes the path once, and sends a digest of the body; `auto` is that for the service `s3`.
    """

    access_key_id: Value = field(repr=False)
    secret_access_key: Value = field(repr=False)
    region: str = field(kw_only=True)
    service: str = field(kw_only=True)
    session_token: Value = field(default="", repr=False, kw_only=True)
    mode: Literal["auto", "standard", "s3"] = field(default="auto", kw_only=True)
    now: Callable[[], float] = field(default=time.time, repr=False, kw_only=True, compare=False)

    refusal = _Skewed()

    def __post_init__(self) -> None:
        for name, value in (("region", self.region), ("service", self.service)):
            if not _SCOPE.fullmatch(value):
                raise CredentialInvalid(what=name, reason="it has other characters than letters, digits and `-`")

    @property
    def identity(self) -> str:
        """Tells this credential from others."""
        key, token = text_of(self.secret_access_key), text_of(self.session_token)
        return key_of("aws", text_of(self.access_key_id), key, token, self.region, self.service, self.mode)

    async def sign(self, request: Outgoing) -> None:
        """Add the headers.

        Raises:
            CredentialInvalid: The key or the token cannot stand in a header.
            UrlRefused: The URL is not written plainly.
        """
        key_id = header_text(self.access_key_id, "access key ID")
        if not key_id or not text_of(self.secret_access_key):
            raise CredentialInvalid(what="access key", reason="it is empty")
        wire = _strict(on_the_wire(request.url, request.query))
        request.url, request.query = wire.origin.prefix + wire.target, []
        moment = datetime.fromtimestamp(self.now() + (_OFFSETS.get(wire.origin.prefix) or 0.0), UTC)
        body = hashlib.sha256(request.content or b"").hexdigest()
        self._add_headers(request, f"{moment:%Y%m%dT%H%M%SZ}", body)
        scope = f"{moment:%Y%m%d}/{self.region}/{self.service}/aws4_request"
        names, canonical = self._canonical(request, wire, body)
        text = f"{ALGORITHM}\n{moment:%Y%m%dT%H%M%SZ}\n{scope}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
        signature = hmac.new(self._key(scope), text.encode(), hashlib.sha256).hexdigest()
        request.headers["Authorization"] = (
            f"{ALGORITHM} Credential={key_id}/{scope}, SignedHeaders={names}, Signature={signature}"
        )

    async def on_refused(self, answer: Answer) -> bool:
        """`True` when the service's clock is another: it goes by its time from now on. Nothing else can be renewed."""
        if not self.refusal.means(answer):
            return False
        _OFFSETS.put(_origin(answer.url), _ahead(answer, time.time()))
        return True

    def masked(self) -> Scheme:
        """`AWS4-HMAC-SHA256 ********`."""
        return ApiKey(MASK, name="Authorization", prefix=f"{ALGORITHM} ")

    @property
    def _is_s3(self) -> bool:
        return self.mode == "s3" or (self.mode == "auto" and self.service == "s3")

    def _add_headers(self, request: Outgoing, moment: str, body: str) -> None:
        given = {"X-Amz-Date": moment}
        if token := header_text(self.session_token, "session token"):
            given["X-Amz-Security-Token"] = token
        if self._is_s3:
            given["X-Amz-Content-SHA256"] = body
        if request.content is not None and not any(name.lower() == "content-type" for name in request.headers):
            given["Content-Type"] = _UNSIGNED_TYPE  # it would be added later on, and has to be signed
        ours = {name.lower() for name in given} | {"authorization"}
        for name in [name for name in request.headers if name.lower() in ours]:
            del request.headers[name]
        request.headers.update(given)

    def _canonical(self, request: Outgoing, wire: OnTheWire, body: str) -> tuple[str, str]:
        """The names of the signed headers, and the request as it is signed."""
        signed = {"host": wire.host}
        for name, value in request.headers.items():
            if name.lower() == "content-type" or name.lower().startswith("x-amz-"):
                signed[name.lower()] = " ".join(value.split())
        headers = sorted(signed.items())
        path = wire.path if self._is_s3 else quote(_without_dots(wire.path), safe="/~")
        query = "&".join(f"{name}={value}" for name, _, value in sorted(_pairs(wire.query)))
        names = ";".join(name for name, _ in headers)
        lines = [request.method.upper(), path, query, *(f"{name}:{value}" for name, value in headers), "", names, body]
        return names, "\n".join(lines)

    def _key(self, scope: str) -> bytes:
        key = f"AWS4{text_of(self.secret_access_key)}".encode()
        for part in scope.split("/"):
            key = hmac.new(key, part.encode(), hashlib.sha256).digest()
        return key


def build(auth: Mapping[str, Any], values: Mapping[str, Secret]) -> Scheme:
    """From an `auth` and its parts.

    Raises:
        CredentialInvalid: The region or the service is none.
    """
    return AwsSigV4(
        values["accessKeyId"],
        values["secretAccessKey"],
        region=values["region"].reveal(),
        service=values["service"].reveal(),
        session_token=values.get("sessionToken", ""),
        mode=auth.get("mode", "auto"),
    )


def _strict(wire: OnTheWire) -> OnTheWire:
    """`wire` with every character encoded that AWS encodes when it checks."""
    query = "&".join(map("".join, _pairs(wire.query)))
    return OnTheWire(wire.origin, "/".join(map(_segment, wire.path.split("/"))), query)


def _segment(text: str) -> str:
    """Encoded dots stay encoded: plain ones would lead out of the path that they stand in."""
    encoded = _encoded(text)
    return text if encoded in {".", ".."} else encoded


def _pairs(query: str) -> list[tuple[str, str, str]]:
    """Name, `=` where it is there, and value of each parameter. A plus is a space, as in forms."""
    parts = (part.replace("+", "%20").partition("=") for part in query.split("&") if part)
    return [(_encoded(name), equals, _encoded(value)) for name, equals, value in parts]


def _encoded(text: str) -> str:
    return quote(unquote_to_bytes(text), safe="")


def _without_dots(path: str) -> str:
    """RFC 3986, section 5.2.4; AWS takes repeated slashes for one, too."""
    kept: list[str] = []
    for part in path.split("/"):
        if part == "..":
            del kept[-1:]
        elif part and part != ".":
            kept.append(part)
    return "/" + "/".join(kept) + ("/" if kept and path.endswith("/") else "")


def _origin(url: str) -> str:
    return on_the_wire(url).origin.prefix


def _offset(url: str) -> float:
    return _OFFSETS.get(_origin(url)) or 0.0


def _ahead(answer: Answer, now: float) -> float:
    """Seconds that the service's clock is ahead of `now`, by the `Date` of its answer."""
    try:
        return parsedate_to_datetime(answer.headers.get("Date", "")).timestamp() - now
    except (TypeError, ValueError, OverflowError):
        return _offset(answer.url)
