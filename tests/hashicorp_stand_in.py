"""A stand-in of HashiCorp Vault's HTTP API: KV version 2, AppRole, tokens that end and are renewed, a seal.

It answers as the documentation of the API says (https://developer.hashicorp.com/vault/api-docs) and as people quote its
errors. It is no Vault: what a real one does otherwise, no test here would tell.
"""

from __future__ import annotations

import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Any
from urllib.parse import unquote

from servers import Answer, Asked, Service, serve

DENIED = {"errors": ["permission denied"]}


@dataclass(kw_only=True)
class Token:
    """A token that the server has given.

    Attributes:
        ttl_s: That it lives, each time it is renewed; 0 for ever.
        lives_s: That it can live in all.
        reads: What begins like this it may read.
    """

    ttl_s: int = 0
    renewable: bool = False
    lives_s: int = 10**9
    reads: str = "secret/data/jackfield/"
    looks_at_itself: bool = True
    made: float = 0.0
    until: float = 0.0


@dataclass
class StandIn:
    """The server's state, which a test changes.

    Attributes:
        entries: Versions by namespace and path; the newest last, `None` where it was deleted.
        roles: Secret ids by role id.
        fails: Instead of any answer.
        now: Its clock, in seconds.
        hold: Answers to reads wait for it.
    """

    service: Service | None = None
    entries: dict[tuple[str, str], list[Any]] = field(default_factory=dict)
    tokens: dict[str, Token] = field(default_factory=dict)
    roles: dict[str, str] = field(default_factory=dict)
    role_token: Token = field(default_factory=lambda: Token(ttl_s=3600, renewable=True))
    mounts: tuple[str, ...] = ("secret",)
    version: str = "2"
    sealed: bool = False
    fails: Answer | None = None
    now: float = 0.0
    hold: threading.Event = field(default_factory=threading.Event)
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    @property
    def url(self) -> str:
        return self.service.url

    @property
    def asked(self) -> list[tuple[str, str]]:
        """Every request so far."""
        return [(asked.method, asked.path.removeprefix("/v1/")) for asked in self.service.asked]

    @property
    def reads(self) -> list[str]:
        return [path for method, path in self.asked if "/data/" in path]

    def put(self, path: str, value: Any, *, namespace: str = "") -> None:
        """A new version of an entry, with the field `value`, or with the fields of an object."""
        fields = value if isinstance(value, dict) else {"value": value}
        self.entries.setdefault((namespace, path), []).append(fields)

    def delete(self, path: str) -> None:
        self.entries[("", path)].append(None)

    def token(self, text: str, **given: Any) -> str:
        made = Token(made=self.now, **given)
        made.until = self.now + made.ttl_s
        self.tokens[text] = made
        return text

    def answer(self, asked: Asked) -> Answer:
        if self.fails is not None:
            return self.fails
        if self.sealed:
            return Answer(status=503, body={"errors": ["Vault is sealed"]})
        if asked.path == "/v1/auth/approle/login":
            return self._login(asked.json())
        return self._answer(asked, unquote(asked.path).removeprefix("/v1/"))

    def _answer(self, asked: Asked, path: str) -> Answer:
        """What takes a token."""
        text = asked.headers.get("x-vault-token", "")
        token = self.tokens.get(text)
        if token is None or (token.ttl_s and self.now >= token.until):
            return Answer(status=403, body=DENIED)
        match asked.method, path:
            case "GET", "auth/token/lookup-self":
                return self._looked(token)
            case "POST", "auth/token/renew-self":
                return self._renewed(text, token)
            case "GET", _ if path.startswith("sys/internal/ui/mounts/"):
                return self._mount(path.removeprefix("sys/internal/ui/mounts/"))
            case "GET", _:
                self.hold.wait(10)
                return self._read(path, asked.headers.get("x-vault-namespace", ""), token)
        return Answer(status=405, body={"errors": ["unsupported operation"]})

    def _login(self, body: dict[str, str]) -> Answer:
        if body.get("secret_id") is None or self.roles.get(body.get("role_id", "")) != body["secret_id"]:
            return Answer(status=400, body={"errors": ["invalid role or secret ID"]})
        role = self.role_token
        given = {"ttl_s": role.ttl_s, "renewable": role.renewable, "lives_s": role.lives_s, "reads": role.reads}
        text = self.token(f"hvs.stand-in-token-{next(self._numbers)}", **given)
        return Answer(body={"auth": {"client_token": text, "lease_duration": role.ttl_s, "renewable": role.renewable}})

    def _mount(self, name: str) -> Answer:
        if name not in self.mounts:
            return Answer(status=403, body={"errors": ["preflight capability check returned 403"]})
        return Answer(body={"data": {"path": f"{name}/", "type": "kv", "options": {"version": self.version}}})

    def _looked(self, token: Token) -> Answer:
        if not token.looks_at_itself:
            return Answer(status=403, body=DENIED)
        ttl = int(token.until - self.now) if token.ttl_s else 0
        data = {"ttl": ttl, "renewable": token.renewable, "policies": ["default", "jackfield"]}
        return Answer(body={"data": data})

    def _renewed(self, text: str, token: Token) -> Answer:
        if not token.renewable:
            return Answer(status=400, body={"errors": ["lease is not renewable"]})
        token.until = min(self.now + token.ttl_s, token.made + token.lives_s)
        left = int(token.until - self.now)
        return Answer(body={"auth": {"client_token": text, "lease_duration": left, "renewable": True}})

    def _read(self, path: str, namespace: str, token: Token) -> Answer:
        if not path.startswith(token.reads):
            return Answer(status=403, body=DENIED)
        if path.partition("/")[0] not in self.mounts:
            return Answer(status=404, body={"errors": [f'no handler for route "{path}". route entry not found.']})
        versions = self.entries.get((namespace, path))
        if versions is None:
            return Answer(status=404, body={"errors": []})
        metadata = {"version": len(versions), "deletion_time": "", "destroyed": False}
        if versions[-1] is None:
            body = {"data": {"data": None, "metadata": metadata | {"deletion_time": "2026-11-21T10:00:00Z"}}}
            return Answer(status=404, body=body)
        return Answer(body={"data": {"data": versions[-1], "metadata": metadata}})


@contextmanager
def stand_in(*, tls: ssl.SSLContext | None = None) -> Iterator[StandIn]:
    """Such a server, with the token `root-token` that may read everything and never ends."""
    server = StandIn()
    server.hold.set()
    with serve(server.answer, tls=tls) as service:
        server.service = service
        server.token("root-token", reads="")
        yield server
