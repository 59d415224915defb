"""CPU time per call of what signs requests: OAuth 2.0 and every other scheme over a bearer token, a GET each.

The calls go through dispatch, are recorded durably, and reach a service in a process of its own on loopback. Every line
runs in short turns, in another order in each round, so that neither a busy machine nor what the line before it left
behind weighs on one of them alone; the ratio is the median over rounds. The bearer token is there twice: by how much
the second differs from the first, nothing is known of the others. In seven long rounds in one order that was 15 %.
The service answers everything with tokens: it is the authorization server too. Besides: what it costs to choose a
credential among many, and to get new tokens, beside the request for them alone.

Budget: a call with OAuth 2.0 while the token lives 1.1 times one with a bearer token.

    python bench/credentials.py --rounds 120 --calls 160
"""

from __future__ import annotations

import argparse
import asyncio
import multiprocessing
import random
import tempfile
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from statistics import median
from typing import Any

from sqlalchemy import Connection as Sql

from jackfield.access.principal import LOCAL
from jackfield.app.embedded import Embedded
from jackfield.credentials.oauth.refreshing import Source
from jackfield.credentials.oauth.stored_grants import StoredGrants
from jackfield.credentials.oauth.tokens import Tokens
from jackfield.definition.secret import Secret
from jackfield.definition.wire import Outgoing
from jackfield.dispatch.call import Call
from jackfield.dispatch.connect import asking_of, connect, sources_of
from jackfield.egress.client import Client
from jackfield.egress.policy import Policy, parse_allow
from jackfield.settings import Settings
from jackfield.storage import credentials, oauth_grants
from jackfield.storage.credentials import CredentialRow

BODY = b'{"access_token":"t-%s","token_type":"Bearer","expires_in":3600,"refresh_token":"r-%s"}' % (
    b"a" * 40,
    b"b" * 40,
)
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s" % (len(BODY), BODY)
HEAD_END = b"\r\n\r\n"

BEARER = "bearer"
AGAIN = "bearer, once more"
MANY = (1, 100, 10_000)
SECRETS: Mapping[str, str] = {"token": "k" * 40, "user": "ada", "password": "p" * 20, "key": "k" * 40, "id": "AKIA0123"}
AUTHS: Mapping[str, Mapping[str, Any]] = {
    "none": {"type": "none"},
    BEARER: {"type": "bearer", "field": "token"},
    "api key": {"type": "api_key", "field": "key", "name": "X-Key"},
    "basic": {"type": "basic", "username": {"field": "user"}, "password": {"field": "password"}},
    "hmac": {"type": "hmac", "field": "key", "text": "{method}{path}{body}", "header": "X-Signed"},
    "AWS SigV4": {
        "type": "aws_sigv4",
        "accessKeyId": {"field": "id"},
        "secretAccessKey": {"field": "key"},
        "region": "eu-west-1",
        "service": "execute-api",
    },
}

Once = Callable[[], Awaitable[object]]


class Service(asyncio.Protocol):
    """Answers each request at once: with tokens."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport
        self.unread = b""

    def data_received(self, data: bytes) -> None:
        self.unread += data
        while HEAD_END in self.unread:
            head, _, rest = self.unread.partition(HEAD_END)
            length = next(
                (int(line[15:]) for line in head.lower().split(b"\r\n") if line[:15] == b"content-length:"), 0
            )
            if len(rest) < length:
                return
            self.unread = rest[length:]
            self.transport.write(ANSWER)  # type: ignore[attr-defined]


def serve(port: Connection) -> None:
    """Run the service until the process is ended."""

    async def main() -> None:
        server = await asyncio.get_running_loop().create_server(Service, "127.0.0.1", 0)
        port.send(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(main())


class Bench:
    """A runtime with a connector for each scheme."""

    def __init__(self, folder: Path, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self.runtime = Embedded(Settings(data=folder / "data", egress_allow=f"127.0.0.1:{port}"), types=[])

    async def open(self, only: Sequence[str]) -> dict[str, Once]:
        """A call of each connector, by scheme."""
        opened: Any = await self.runtime.opened()
        self.opened, self.dispatcher = opened, opened.dispatcher
        stored: Any = self.dispatcher.credentials.credentials
        self.database = stored._database
        oauth = {
            "type": "oauth2",
            "authorizationUrl": f"{self.url}/authorize",
            "tokenUrl": f"{self.url}/token",
            "clientId": "c",
            "clientSecret": {"field": "key"},
        }
        lines: dict[str, Once] = {}
        auths = {**AUTHS, "oauth2": oauth, "oauth2, own client": oauth | {"grant": "client_credentials"}}
        for name, auth in auths.items():
            if only and name not in {*only, BEARER, "oauth2"}:
                continue
            try:
                id_ = await self._connector(name, auth)
            except Exception as error:
                print(f"{name}: left out, {type(error).__name__}: {error}")
                continue
            lines[name] = partial(self.runtime.run, Call(principal=LOCAL, target=_slug(name), command="get"))
            if name == "oauth2":
                self.connector_id = id_
                self.credential = await self._connected(id_, "main")
        for name, once in list(lines.items()):
            outcome: Any = await once()
            if not outcome.success:
                print(f"{name}: left out, {outcome.error}")
                del lines[name]
        lines[AGAIN] = lines[BEARER]
        return lines

    async def _connector(self, name: str, auth: Mapping[str, Any]) -> str:
        field = {"type": "secret", "required": False}
        body = {
            "name": _slug(name),
            "baseUrl": self.url,
            "connectionConfig": dict.fromkeys(SECRETS, field) | {"user": {"type": "string"}},
            "auth": auth,
            "operations": [{"name": "get", "method": "GET", "path": "/things"}],
            "config": dict(SECRETS),
        }
        return str((await self.opened.resources.connectors.create(LOCAL, body)).id)

    async def _connected(self, connector_id: str, name: str) -> str:
        """The id of a credential with tokens."""
        row = CredentialRow(
            tenant="default", connector_id=connector_id, name=name, mode="platform", is_default=name == "main"
        )
        grants: StoredGrants = self.dispatcher.credentials.oauth.refresher.grants
        tokens = Tokens(access=Secret("t" * 42), refresh=Secret("r" * 42), lives_s=86_400.0)
        sealed = grants.sealed("default", row.id, tokens, generation=1, refreshable=True)

        def work(connection: Sql) -> None:
            credentials.add(connection, row)
            oauth_grants.put(connection, sealed, lives_us=86_400_000_000, after=0)

        await self.database.write(work)
        return row.id

    async def add(self, count: int) -> None:
        """So many credentials of the connector in all."""

        def work(connection: Sql) -> None:
            there = len(credentials.every(connection, tenant="default"))
            for number in range(there, count):
                credentials.add(
                    connection,
                    CredentialRow(tenant="default", connector_id=self.connector_id, name=f"account-{number}"),
                )

        await self.database.write(work)

    async def connecting(self, name: str) -> Once:
        """Choosing what signs the requests of a call, and a signature, without the rest of the call."""
        call = Call(principal=LOCAL, target=_slug(name), command="get")
        ready = await self.dispatcher.commands.get(call)

        async def once() -> None:
            connected = await connect(ready, self.dispatcher.credentials, call)
            await connected.authorizer.sign(Outgoing(method="GET", url=self.url))

        return once

    def choice(self, wanted: str | None) -> Once:
        """A choice among those that there are."""
        chosen = self.dispatcher.credentials.credentials.choose
        return lambda: chosen(LOCAL, self.connector_id, wanted=wanted)

    async def refresh(self) -> dict[str, Once]:
        """New tokens, and the request for them alone."""
        commands, service = self.dispatcher.commands, self.dispatcher.credentials
        ready = await commands.connection(LOCAL, "oauth2")
        credential = await service.credentials.choose(LOCAL, self.connector_id)
        config, sources, _ = await sources_of(ready, service, LOCAL, credential)
        asking = asking_of(ready, LOCAL, config)
        app = await service.oauth.app(asking, await sources.parts(asking.auth), credential)
        source: Source = service.oauth.source(asking, app, credential)
        pool = service.oauth.pools.get(Policy(allow=parse_allow(self.url.removeprefix("http://"))))
        form = {"grant_type": "refresh_token", "refresh_token": "r" * 42}
        return {
            "the request alone": lambda: Client(pool).post(f"{self.url}/token", form=form),
            "the exchange, not kept": lambda: source.obtain(Secret("r" * 42)),
            "new tokens, kept": lambda: service.oauth.refresher.now(source),
        }


def _slug(name: str) -> str:
    return name.lower().replace(" ", "-").replace(",", "")


async def measure(lines: Mapping[str, Once], *, callers: int, rounds: int, calls: int) -> dict[str, list[float]]:
    """CPU microseconds a call of each line, round by round. A round before them does not count."""
    taken: dict[str, list[float]] = defaultdict(list)
    each = max(1, calls // callers)
    order = list(lines)
    for _ in range(rounds + 1):
        random.shuffle(order)
        for name in order:
            started = time.process_time()
            await asyncio.gather(*(_repeat(lines[name], each) for _ in range(callers)))
            taken[name].append((time.process_time() - started) / (each * callers) * 1e6)
    return {name: taken[name][1:] for name in lines}


async def _repeat(once: Once, times: int) -> None:
    for _ in range(times):
        await once()


def show(taken: Mapping[str, list[float]], *, over: str, callers: int) -> None:
    """A line each, with its ratio to the baseline of the same round."""
    for name, times in taken.items():
        ratio = median(mine / base for mine, base in zip(times, taken[over], strict=True))
        print(f"{name:28}{callers:8}{median(times):10.1f}{min(times):10.1f}{ratio:9.3f}  {over}")


async def compare(port: int, asked: argparse.Namespace) -> None:
    """Print the tables."""
    with tempfile.TemporaryDirectory(dir=Path.cwd()) as folder:
        bench = Bench(Path(folder), port)
        lines = await bench.open(asked.only)
        print(f"{'':28}{'callers':>8}{'CPU us':>10}{'fastest':>10}{'ratio':>9}  its baseline")
        for callers in asked.callers:
            show(
                await measure(lines, callers=callers, rounds=asked.rounds, calls=asked.calls),
                over=BEARER,
                callers=callers,
            )
        alone = {
            f"{name}, signing alone": await bench.connecting(name) for name in lines if name not in {"none", AGAIN}
        }
        taken = await measure(alone, callers=1, rounds=asked.rounds, calls=asked.calls)
        show(taken, over=f"{BEARER}, signing alone", callers=1)
        taken = {}
        for count in MANY:
            await bench.add(count)
            for wanted in (None, "main"):
                name = f"choose among {count}" + (", by name" if wanted else "")
                taken |= await measure({name: bench.choice(wanted)}, callers=1, rounds=asked.rounds, calls=asked.calls)
        show(taken, over=f"choose among {MANY[0]}", callers=1)
        refreshes = await measure(
            await bench.refresh(), callers=1, rounds=asked.rounds, calls=max(5, asked.calls // 20)
        )
        show(refreshes, over="the request alone", callers=1)
        await bench.runtime.close()
    print("\nbudget: oauth2 1.1x of bearer")


def main() -> None:
    """Run all of it against a service in a process of its own."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=80, help="turns of each line that count (default: %(default)s)")
    parser.add_argument("--calls", type=int, default=160, help="calls in each turn (default: %(default)s)")
    parser.add_argument("--callers", type=int, nargs="+", default=(1, 32), help="at once (default: %(default)s)")
    parser.add_argument("--only", nargs="*", default=(), help="schemes beside bearer and oauth2 (default: all)")
    asked = parser.parse_args()
    receiver, sender = multiprocessing.Pipe(duplex=False)
    process = multiprocessing.get_context("spawn").Process(target=serve, args=(sender,), daemon=True)
    process.start()
    try:
        asyncio.run(compare(receiver.recv(), asked))
    finally:
        process.terminate()
        process.join()


if __name__ == "__main__":
    main()
