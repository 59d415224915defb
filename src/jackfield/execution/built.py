"""A request that is written and not sent."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson

from jackfield.definition.openapi.media_types import is_json


@dataclass(frozen=True, kw_only=True)
class Built:
    """A request, as it goes out byte for byte. The client adds `Host`, `Content-Length`, `User-Agent` and the like.

    Attributes:
        content: `None` where there is no body.
        signed: All that says who asks is in it: the client adds no credential.
    """

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    content: bytes | None = None
    signed: bool = False

    def to_json(self) -> dict[str, Any]:
        """`{method, url, headers, body?}`: a body is JSON where it is JSON, else text, else `{base64}`."""
        said: dict[str, Any] = {"method": self.method, "url": self.url, "headers": dict(self.headers)}
        if self.content is not None:
            said["body"] = self._body(self.content)
        return said

    def _body(self, content: bytes) -> Any:
        media_type = next((value for name, value in self.headers.items() if name.lower() == "content-type"), "")
        try:
            return orjson.loads(content) if is_json(media_type) else content.decode()
        except UnicodeDecodeError:
            return {"base64": b64encode(content).decode()}
        except orjson.JSONDecodeError:  # also a number or a depth that is beyond it
            return content.decode("utf-8", "replace")
