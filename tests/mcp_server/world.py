"""Servers that speak MCP, and real clients of them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx2 as httpx
from mcp.client import Client
from mcp.client.streamable_http import streamable_http_client

from surfaces.served import ADMIN_TOKEN

REVISIONS = {"2026-07-28": "auto", "2025-11-25": "legacy"}
"""Each revision of the protocol, and what the SDK's client calls it."""

NEW, OLD = REVISIONS


@dataclass(frozen=True, kw_only=True)
class Served:
    """A server.

    Attributes:
        url: Its address.
        token: Of an administrator.
    """

    url: str
    token: str = ADMIN_TOKEN

    def rest(self, method: str, path: str, body: Any = None, *, status: int | None = None) -> Any:
        """What is answered over REST."""
        answer = httpx.request(method, f"{self.url}{path}", json=body, headers=self.headers(), timeout=30)
        if status is None:
            assert answer.status_code < 300, answer.text
        else:
            assert answer.status_code == status, answer.text
        return answer.json() if answer.content else None

    def headers(self, token: str | None = None) -> dict[str, str]:
        """Of a caller."""
        return {"Authorization": f"Bearer {token or self.token}"}

    def user_token(self, *scopes: str, name: str = "someone") -> str:
        """The token of a user of that name, who is made if there is none."""
        if name not in {user["name"] for user in self.rest("GET", "/api/users")["items"]}:
            self.rest("POST", "/api/users", {"name": name})
        made = self.rest("POST", "/api/tokens", {"name": "for tests", "user": name, "scopes": list(scopes)})
        return str(made["text"])

    def gateway(self, name: str, choice: Any, **more: Any) -> str:
        """Make one; its path."""
        said = {} if choice is None else {"choice": choice}
        self.rest("POST", "/api/gateways", {"name": name, **said, **more})
        return f"/mcp/{name}"

    @asynccontextmanager
    async def client(
        self, revision: str = NEW, *, path: str = "/mcp", token: str | None = None, **more: Any
    ) -> AsyncIterator[Client]:
        """The SDK's own client."""
        async with httpx.AsyncClient(headers=self.headers(token), timeout=30) as http:
            transport = streamable_http_client(f"{self.url}{path}", http_client=http)
            async with Client(transport, mode=REVISIONS[revision], **more) as client:
                yield client

    def post(
        self, message: Mapping[str, Any], *, path: str = "/mcp", headers: Mapping[str, str] | None = None
    ) -> httpx.Response:
        """The answer to one message, as no client would send it."""
        usual = {"accept": "application/json, text/event-stream", **self.headers()}
        return httpx.post(f"{self.url}{path}", json=dict(message), headers={**usual, **(headers or {})}, timeout=30)


def initialize(**more: Any) -> dict[str, Any]:
    """The first message of a session."""
    about = {"protocolVersion": OLD, "capabilities": {}, "clientInfo": {"name": "tests", "version": "1"}}
    return {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {**about, **more}}


def listing(id: int = 2) -> dict[str, Any]:
    """Asks for the tools."""
    return {"jsonrpc": "2.0", "id": id, "method": "tools/list"}


def text_of(result: Any) -> str:
    """What a model reads first."""
    return str(result.content[0].text)
