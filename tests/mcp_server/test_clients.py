"""Clients of others, and on stdin."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from fastmcp import Client as FastClient
from fastmcp.client.transports import StdioTransport, StreamableHttpTransport
from mcp.client import Client
from mcp.client.stdio import StdioServerParameters, stdio_client

from mcp_server.conftest import CONNECTORS
from mcp_server.world import REVISIONS, initialize, text_of

COMMAND = ["-m", "jackfield", "mcp", "--connectors", str(CONNECTORS[0])]
PATIENCE_S = 30.0


async def test_fastmcps_client_lists_and_calls(shared):
    """The most used of the others."""
    transport = StreamableHttpTransport(f"{shared.url}/mcp", headers=shared.headers())
    async with FastClient(transport) as client:
        names = {tool.name for tool in await client.list_tools()}
        done = await client.call_tool("desk__add_note", {"ticket": 1, "text": "x"})

    assert "desk__add_note" in names
    assert done.structured_content == {"ticket": 1, "text": "x", "channel": "internal"}


def environment(folder: Path, **more: str) -> dict[str, str]:
    """Of a process that keeps what happens in `folder`."""
    others = {name: value for name, value in os.environ.items() if not name.startswith("JACKFIELD_")}
    return {**others, "HOME": str(folder), "JACKFIELD_DATA_DIR": str(folder), **more}


def parameters(folder: Path, *arguments: str, **more: str) -> StdioServerParameters:
    """How a client starts its server."""
    return StdioServerParameters(
        command=sys.executable, args=[*COMMAND, *arguments], env=environment(folder, **more), cwd=str(folder)
    )


@pytest.mark.slow
async def test_a_client_starts_its_own_server(tmp_path, revision):
    """N01, without any that runs already."""
    started = stdio_client(parameters(tmp_path, "--connector", "helping", "--read-only"))
    async with Client(started, mode=REVISIONS[revision]) as client:
        names = [tool.name for tool in (await client.list_tools()).tools]
        done = await client.call_tool("helping__list_tickets", {"count": 1})
        refused = await client.call_tool("helping__add_note", {"ticket": 1, "text": "x"})

    assert "helping__list_tickets" in names
    assert "helping__add_note" not in names
    assert json.loads(text_of(done))["tickets"][0]["id"] == 0
    assert "unknown-tool" in text_of(refused)


@pytest.mark.slow
async def test_fastmcps_client_starts_its_own_server(tmp_path):
    """Likewise."""
    arguments = [*COMMAND, "--connector", "helping"]
    transport = StdioTransport(
        sys.executable, arguments, env=environment(tmp_path), cwd=str(tmp_path), keep_alive=False
    )
    async with FastClient(transport) as client:
        done = await client.call_tool("helping__delete_ticket", {"id": 3})

    assert done.structured_content == {"deleted": 3}


@contextmanager
def speaking(folder: Path, *arguments: str, **more: str) -> Iterator[subprocess.Popen[bytes]]:
    """A process with which a test speaks itself."""
    process = subprocess.Popen(
        [sys.executable, "-m", "jackfield", "mcp", *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(folder, **more),
        cwd=folder,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait(PATIENCE_S)
        for stream in (process.stdin, process.stdout, process.stderr):
            stream.close()


def said(process: subprocess.Popen[bytes], message: Mapping[str, Any]) -> Any:
    """What it answers."""
    process.stdin.write(json.dumps(message).encode() + b"\n")
    process.stdin.flush()
    return json.loads(process.stdout.readline())


@pytest.mark.slow
@pytest.mark.parametrize("end", ["stdin is closed", "it is told to end"])
def test_it_ends_when_its_client_does(tmp_path, end):
    """Else a process would stay for each time that somebody starts an editor."""
    with speaking(tmp_path) as process:
        first = said(process, initialize())
        if end == "stdin is closed":
            process.stdin.close()
        else:
            process.send_signal(signal.SIGTERM)
        status = process.wait(PATIENCE_S)
        rest, words = process.stdout.read(), process.stderr.read()

    assert first["result"]["serverInfo"]["name"] == "jackfield"
    assert (status, rest, words) == (0, b"", b"")


@pytest.mark.slow
def test_what_is_printed_does_not_disturb(tmp_path):
    """A connector that prints would else break the connection."""
    (tmp_path / "loud.py").write_text(
        "from jackfield import Connector, Outcome, command, succeed\n"
        "class Loud(Connector, name='loud', version='1.0.0'):\n"
        "    @command(reads_only=True)\n"
        "    async def shout(self) -> Outcome:\n"
        "        print('SHOUTED')\n"
        "        return succeed('done')\n"
    )
    call = {"name": "loud__shout", "arguments": {}}
    with speaking(tmp_path, "--connectors", str(tmp_path / "loud.py"), "--connector", "loud") as process:
        said(process, initialize())
        answer = said(process, {"jsonrpc": "2.0", "id": 2, "method": "tools/call", "params": call})
        process.stdin.close()
        process.wait(PATIENCE_S)
        words = process.stderr.read()

    assert answer["result"]["content"][0]["text"] == "done"
    assert b"SHOUTED" in words


@pytest.mark.slow
@pytest.mark.parametrize(
    ("arguments", "words"),
    [(["--gateway", "none"], b"none"), (["--gateway", "x", "--read-only"], b"a gateway has its own choice")],
)
def test_what_cannot_be_is_said_on_stderr(tmp_path, arguments, words):
    """Where clients show it; stdout is the protocol's."""
    with speaking(tmp_path, *arguments) as process:
        status = process.wait(PATIENCE_S)
        out, error = process.stdout.read(), process.stderr.read()

    assert (status, out) == (2, b"")
    assert words in error


@pytest.mark.slow
async def test_a_client_works_with_a_server_through_its_own_process(shared, tmp_path, revision):
    """With the tools of a server of many, for clients that speak on stdin only."""
    path = shared.gateway(f"remote-{revision}", [{"connector": "desk", "operations": ["add_note", "draw"]}]).rpartition(
        "/"
    )[2]
    own = {"JACKFIELD_URL": shared.url, "JACKFIELD_TOKEN": shared.token}
    command = StdioServerParameters(
        command=sys.executable,
        args=["-m", "jackfield", "mcp", "--gateway", path],
        env=environment(tmp_path, **own),
        cwd=str(tmp_path),
    )
    async with Client(stdio_client(command), mode=REVISIONS[revision]) as client:
        names = [tool.name for tool in (await client.list_tools()).tools]
        drawn = await client.call_tool("desk__draw", {})
        done = await client.call_tool("desk__add_note", {"ticket": 1, "text": "x"})
    record = shared.rest("GET", "/api/executions?pageSize=1")["items"][0]

    assert names == ["desk__add_note", "desk__draw", "retrieve_tool_result"]
    assert (drawn.content[1].type, drawn.content[1].data) == ("image", "iVBORw==")
    assert done.structured_content["text"] == "x"
    assert (record["trigger"], record["chatId"]) == ("mcp", f"mcp:{path}")
