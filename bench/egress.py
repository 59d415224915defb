"""CPU time per warm GET: bare aiohttp against the egress client with its policy.

The service runs in a process of its own on loopback and answers 2 KB of JSON over kept connections. Both clients take
turns in every round, so that whatever else the machine does hits them alike; the ratio is the median over rounds.
Budget: at most 1.15 times bare aiohttp.

    python bench/egress.py --rounds 9 --requests 2560

Seen on 2 shared cores, ratios at 1 / 32 / 256: asyncio 1.09 / 1.08 / 1.08, uvloop 1.08 / 1.10 / 1.04. What lost or won:

- Judging every URL anew (an expression, and the origin's remembered verdict): 1.1 us against 0.1 us for a remembered
  URL; with a second dictionary of keyword arguments and two helper calls per request 1.12 / 1.15 / 1.10 in all. URLs
  with a query are still judged anew: they are rarely the same twice, and may hold secrets.
- The middleware that keeps aiohttp from sending twice costs 1 to 2 %.
- What pays for it: no cookie jar, no context manager around the answer, and a body that has arrived is taken without
  waiting. aiohttp used like that needs 0.96 to 0.98 of its ordinary self.
"""

from __future__ import annotations

import argparse
import asyncio
import multiprocessing
import time
from collections.abc import Awaitable, Callable
from multiprocessing.connection import Connection
from statistics import median

from aiohttp import ClientSession, TCPConnector

from jackfield.egress.client import Client
from jackfield.egress.policy import Policy, parse_allow
from jackfield.egress.pools import Pools

CONCURRENCY = (1, 32, 256)
BODY = b'{"items":"' + b"x" * 2034 + b'"}'
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s" % (len(BODY), BODY)

Get = Callable[[int], Awaitable[None]]


class Service(asyncio.Protocol):
    """Answers each request head at once."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport
        self.unread = b""

    def data_received(self, data: bytes) -> None:
        self.unread += data
        while b"\r\n\r\n" in self.unread:
            _, _, self.unread = self.unread.partition(b"\r\n\r\n")
            self.transport.write(ANSWER)


def serve(port: Connection) -> None:
    """Run the service until the process is ended."""

    async def main() -> None:
        server = await asyncio.get_running_loop().create_server(Service, "127.0.0.1", 0)
        port.send(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(main())


async def cpu_us(get: Get, *, requests: int, concurrency: int) -> float:
    """CPU microseconds of this process per request."""
    each = max(1, requests // concurrency)
    before = time.process_time()
    await asyncio.gather(*[get(each) for _ in range(concurrency)])
    return (time.process_time() - before) / (each * concurrency) * 1e6


async def compare(port: int, *, loop: str, rounds: int, requests: int) -> None:
    """Print one line per concurrency."""
    url = f"http://127.0.0.1:{port}/v1/items"
    connector = TCPConnector(limit=max(CONCURRENCY))
    async with ClientSession(connector=connector) as session, Pools(connections=max(CONCURRENCY)) as pools:
        pool = pools.get(Policy(allow=parse_allow("127.0.0.1")))

        async def bare(times: int) -> None:
            for _ in range(times):
                async with session.get(url) as response:
                    await response.read()

        async def ours(times: int) -> None:
            client = Client(pool)
            for _ in range(times):
                await client.get(url)

        for concurrency in CONCURRENCY:
            figures: list[tuple[float, float]] = []
            for _ in range(rounds + 1):
                pair = [await cpu_us(get, requests=requests, concurrency=concurrency) for get in (bare, ours)]
                figures.append((pair[0], pair[1]))
            del figures[0]  # the first round opens the connections
            one, other = median(figure[0] for figure in figures), median(figure[1] for figure in figures)
            ratio = median(figure[1] / figure[0] for figure in figures)
            print(f"{loop:8} {concurrency:11} {one:12.1f} {other:12.1f} {ratio:8.3f}")


def main() -> None:
    """Run both event loops."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter, prog="python bench/egress.py"
    )
    parser.add_argument("--rounds", type=int, default=9, help="turns of both clients per figure (default: 9)")
    parser.add_argument("--requests", type=int, default=2560, help="requests per turn (default: 2560)")
    options = parser.parse_args()

    runners: list[tuple[str, Callable[..., object]]] = [("asyncio", asyncio.run)]
    try:
        import uvloop
    except ImportError:
        pass
    else:
        runners.append(("uvloop", uvloop.run))

    receiver, sender = multiprocessing.Pipe(duplex=False)
    process = multiprocessing.get_context("spawn").Process(target=serve, args=(sender,), daemon=True)
    process.start()
    try:
        port = receiver.recv()
        print("loop     concurrency   aiohttp us    egress us    ratio")
        for loop, run in runners:
            run(compare(port, loop=loop, rounds=options.rounds, requests=options.requests))
    finally:
        process.terminate()
        process.join()


if __name__ == "__main__":
    main()
