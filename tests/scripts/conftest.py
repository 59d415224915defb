"""A runtime that calls scripts, and a service for them to call."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from jackfield import Jackfield, Outcome
from jackfield.settings import MEMORY, Settings
from servers import Service, serve

from .guides import crm

Script = Callable[..., Outcome[Any]]


@pytest.fixture
def service() -> Iterator[Service]:
    """Fresh for each test."""
    with serve(crm()) as running:
        yield running


@pytest.fixture
def jackfield(tmp_path: Path, service: Service) -> Iterator[Jackfield]:
    """It keeps nothing, and may call the service."""
    settings = Settings(data=tmp_path, database_url=MEMORY, connectors=(), egress_allow=service.address)
    with Jackfield(settings=settings, types=[]) as made:
        yield made


@pytest.fixture
def script(jackfield: Jackfield, service: Service) -> Script:
    """Calls `run` of a script: `script("function run() {...}", {"a": 1}, limits={...})`."""
    made = iter(f"script-{number}" for number in range(100))

    def call(source: str, params: dict[str, Any] | None = None, **connector: Any) -> Outcome[Any]:
        name, options = next(made), connector.pop("options", {})
        fields = {"url": {"type": "string"}, "key": {"type": "string", "secret": True}}
        body = {
            "name": name,
            "scriptSource": source,
            "configSchema": {"connectionConfig": fields},
            "config": {"url": service.url, "key": "sk-secret-0123456789"},
        }
        jackfield.add(body | connector)
        return jackfield.connector(name, "run", params or {}, options)

    return call


@pytest.fixture
def silent() -> Iterator[str]:
    """Address of a service that accepts connections and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield f"127.0.0.1:{listening.getsockname()[1]}"


@pytest.fixture
def nobody() -> str:
    """Address at which nobody listens."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"127.0.0.1:{free.getsockname()[1]}"
