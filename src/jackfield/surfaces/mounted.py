"""Another surface in the same server: it gets its requests from the edge, with the caller known."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from starlette.types import Receive, Scope, Send

from jackfield.errors import JackfieldError


class Mounted(Protocol):
    """An ASGI application that owns some paths.

    The state of its requests has `caller`, and `again`, which finds the caller once more and raises when there is none
    any more.
    """

    def owns(self, path: str) -> bool:
        """Whether requests for `path` are its."""

    def is_open(self, path: str) -> bool:
        """Whether they are answered without a token."""

    def admit(self, scope: Scope) -> None:
        """Do nothing if a request may come at all, before it is known who asks. Else raises why not."""

    def headers_of(self, scope: Scope, error: JackfieldError) -> Mapping[str, str]:
        """Beside the usual ones, for the answer to a request that was refused."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
