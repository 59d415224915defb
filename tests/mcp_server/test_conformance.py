"""The server as programs of others see it: the protocol's own conformance suite, and its inspector.

A real `jackfield serve`, and real Node. The suite looks for tools of certain names; a gateway has them.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from mcp_server.bearer import with_token
from mcp_server.programs import Programs, installed
from mcp_server.world import Served
from server.processes import place

pytestmark = pytest.mark.slow

HERE = Path(__file__).parent
CONNECTOR = HERE / "conforming.py"
NOT_OFFERED = yaml.safe_load((HERE / "not_offered.yaml").read_text())

_LINE = re.compile(r"^([✓✗]) ([\w-]+): \d+ passed, \d+ failed", re.MULTILINE)


@pytest.fixture(scope="module")
def programs(tmp_path_factory: pytest.TempPathFactory) -> Programs:
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    return installed(shared / "mcp-programs")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with place(tmp_path_factory.mktemp("conforming")).running(str(CONNECTOR)) as process:
        server = Served(url=process.at.url)
        server.rest("POST", "/api/connectors", {"name": "conforming", "type": "conforming"})
        names = re.findall(r"async def (test_\w+)", CONNECTOR.read_text())
        tools = {name: {"name": name} for name in names}
        server.gateway("conforming", [{"connector": "conforming", "tools": tools}])
        yield server
        assert "Traceback" not in process.stderr


def failed_checks(folder: Path, scenario: str) -> list[str]:
    """Ids of the checks of a scenario that failed."""
    (file,) = folder.glob(f"server-{scenario}-2*/checks.json")
    return sorted(check["id"] for check in json.loads(file.read_text()) if check["status"] == "FAILURE")


def verdicts(done: subprocess.CompletedProcess[str]) -> Mapping[str, bool]:
    """Whether each scenario passed."""
    return {name: mark == "✓" for mark, name in _LINE.findall(done.stdout)}


@pytest.mark.parametrize("revision", list(NOT_OFFERED))
def test_the_server_conforms_to_the_protocol(programs: Programs, server: Served, tmp_path: Path, revision: str) -> None:
    """In all that it offers. What it does not offer is listed with the reason, and nothing else is."""
    with with_token(server.url, server.token) as url:
        done = programs.conformance(
            "server", "--url", f"{url}/mcp/conforming", "--requirements", revision, "-o", str(tmp_path)
        )
    said, listed = verdicts(done), NOT_OFFERED[revision]

    assert len(said) > 30, done.stdout[-2000:] + done.stderr[-2000:]
    assert {name for name, passed in said.items() if not passed} == set(listed)
    for name, why in listed.items():
        assert why["reason"]
        if "checks" in why:
            assert failed_checks(tmp_path, name) == sorted(why["checks"])


def inspected(programs: Programs, server: Served, *arguments: str) -> dict[str, Any]:
    """What the inspector's command line prints."""
    header = f"Authorization: Bearer {server.token}"
    target = [f"{server.url}/mcp/conforming", "--transport", "http", "--header", header]
    done = programs.inspector(*target, *arguments)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_the_inspector_lists_and_calls_tools(programs: Programs, server: Served) -> None:
    """With which people try a server before they trust it."""
    listed = inspected(programs, server, "--method", "tools/list")
    called = inspected(programs, server, "--method", "tools/call", "--tool-name", "test_simple_text")

    assert "test_simple_text" in [tool["name"] for tool in listed["tools"]]
    assert called["content"] == [{"type": "text", "text": "This is a simple text response for testing."}]
