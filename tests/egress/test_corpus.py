"""A corpus of hostile URLs, names, redirects and answers, each run as a real request.

It is kept outside the repository, in two halves; `JACKFIELD_CHECKS` names its folder.
"""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import json
import os
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from jackfield.credentials.schemes import Bearer
from jackfield.egress.addresses import is_public
from jackfield.egress.client import Client
from jackfield.egress.policy import Policy
from jackfield.errors import CallTimeout, JackfieldError

from .world import PUBLIC, Seen, World, ok

FOLDER = os.environ.get("JACKFIELD_CHECKS", "")
FILES = sorted(Path(FOLDER).glob("ssrf_*.json")) if FOLDER else []
CASES = [case for file in FILES for case in json.loads(file.read_text(encoding="utf-8"))["cases"]]

pytestmark = pytest.mark.skipif(not CASES, reason="JACKFIELD_CHECKS names no folder with ssrf_*.json")

# A hosts file as machines have it: refusals must come from the policy, not from a name that happens to be unknown.
HOSTS = {"localhost", "localhost.localdomain", "ip6-localhost", "metadata", "metadata.google.internal", "intranet"}

SECRET = {"Authorization": "geheim", "X-Api-Key": "geheim", "Cookie": "geheim", "X-Custom": "geheim"}


class Outside(World):
    """A world in which every name and every public address leads to one service."""

    def __init__(self, case: dict) -> None:
        super().__init__()
        self.answers = [list(answer) for answer in case.get("dns", [])]
        self.port = 0
        self.tls_port = 0

    async def lookup(self, host):
        self.lookups.append(host)
        if self.answers:
            return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        return ["127.0.0.1"] if host in HOSTS else [PUBLIC]

    def port_of(self, address, port):
        return self.tls_port if port == 443 else self.port


def service(case: dict):
    """What the service of `case` answers."""
    chain = case.get("redirect_chain", [])
    response = case.get("response", {})
    hops = 0

    async def answer(seen: Seen, writer: asyncio.StreamWriter) -> bytes | None:
        nonlocal hops
        hops += 1
        if hops < len(chain):
            # As it would come in: UTF-8 on the wire.
            return b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: " + chain[hops].encode() + b"\r\n\r\n"
        if response:
            return await hostile(response, writer)
        return ok(b"" if seen.method == "HEAD" else b"{}")

    return answer


async def hostile(response: dict, writer: asyncio.StreamWriter) -> bytes | None:
    """The abuse that `response` describes."""
    head = "HTTP/1.1 200 OK\r\n"
    if response.get("endless"):
        writer.write(f"{head}Transfer-Encoding: chunked\r\n\r\n".encode())
        while True:
            writer.write(b"10000\r\n" + b"x" * 65_536 + b"\r\n")
            await writer.drain()
    if "content_length" in response:
        return f"{head}Content-Length: {response['content_length']}\r\n\r\nx".encode()
    if "header_bytes" in response:
        return f"{head}X-Long: {'a' * response['header_bytes']}\r\nContent-Length: 0\r\n\r\n".encode()
    if "smuggle" in response:
        framing = ["Content-Length: 5", "Transfer-Encoding: chunked"]
        framing = framing if response["smuggle"].startswith("CL") else framing[::-1]
        return (head + "\r\n".join(framing) + "\r\n\r\n0\r\n\r\nHTTP/1.1 200 OK\r\n\r\n").encode()
    if any("gzip" in str(part) or "encod" in str(part) for part in (*response, *response.values())):
        bomb = gzip.compress(gzip.compress(b"\0" * 64 * 1024 * 1024))
        return ok(bomb, headers="Content-Encoding: gzip, gzip\r\n")
    if "headers" in response or "header_count" in response:
        count = response.get("header_count", response.get("headers"))
        return (head + "".join(f"X-{n}: a\r\n" for n in range(int(count))) + "\r\n").encode()
    pytest.skip(f"this test does not know how to answer {response}")


@contextlib.asynccontextmanager
async def outside(case: dict, tls):
    world = Outside(case)
    try:
        plain = await world.serve(service(case))
        secure = await world.serve(service(case), port=443, tls=tls)
        world.port, world.tls_port = plain.port, secure.port
        yield world, plain, secure
    finally:
        await world.close()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
async def test_the_corpus_holds(case, certified, trusting):
    """Each case got past the checks of some client."""
    names = {
        urlsplit(url).hostname for url in [case["url"], *case.get("redirect_chain", [])] if url.startswith("https:")
    }
    async with outside(case, certified(*sorted(names or {"example.com"}))) as (world, plain, secure):
        headers = dict([case["header"]]) if "header" in case else {}
        if case["expected"] == "allow-strip-credentials":
            headers = SECRET
        client = Client(world.pool(Policy(), tls=trusting), auth=Bearer("geheim"))
        outcome = await attempt(client, case["url"], headers)

        assert all(is_public(ip_address(address)) for address, _ in world.dialled)
        match case["expected"]:
            case "deny":
                assert isinstance(outcome, JackfieldError)
                assert not isinstance(outcome, CallTimeout)
            case "allow":
                assert outcome == 200
            case "allow-pinned":
                assert outcome == 200
                assert {address for address, _ in world.dialled} <= set(case["dns"][0])
                assert len(world.lookups) == 1
            case "allow-strip-credentials":
                last = (plain.seen + secure.seen)[-1]
                assert outcome == 200
                assert "geheim" not in str(last)
            case "no-private-contact" | "name-policy":
                pass
            case other:
                pytest.fail(f"the corpus expects `{other}`, which this test does not know")


async def attempt(client: Client, url: str, headers: dict[str, str]) -> int | JackfieldError:
    try:
        answer = await client.get(url, headers=headers, timeout_s=5)
    except JackfieldError as error:
        return error
    return answer.status
