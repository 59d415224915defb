"""Tokens of a call are in nothing that it leaves behind, also those that it got on the way."""

from __future__ import annotations

import json
import logging
from pathlib import Path

import pytest

from jackfield.access.principal import LOCAL
from jackfield.app.embedded import Embedded
from jackfield.dispatch.call import Call
from jackfield.dispatch.options import read_options
from jackfield.testing import FakeOAuth
from oauth_refresh.account import CLIENT, CONNECTOR, install
from oauth_refresh.world import exchanges


def everything(folder: Path) -> bytes:
    """All bytes of all files."""
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


async def test_no_token_old_or_new_is_in_outcomes_traces_logs_or_files(
    sqlite_url: str,
    tmp_path: Path,
    server: FakeOAuth,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
):
    """Even where the service quotes what it was sent."""
    caplog.set_level(logging.DEBUG)
    here = install(tmp_path, sqlite_url, server)
    for name, value in zip(CLIENT, (server.client_id, server.client_secret), strict=True):
        monkeypatch.setenv(name, value)
    runtime = Embedded(here.settings, types=[])
    call = Call(principal=LOCAL, target=CONNECTOR, command="me", options=read_options({"trace": True}))
    said = []
    for fault in (None, {"style": "html"}, {"status": 503}, {"error": "invalid_grant"}):
        server.expire_access_tokens()
        if fault:
            server.faults.next("token", **fault)
        try:
            recorded = await runtime.carry_out(call)
            said.append(json.dumps(recorded.outcome.to_json(), default=repr) + repr(recorded))
        except Exception as error:
            said.append(f"{error!r} {error} {vars(error)}")
    resources = await runtime.open()
    page = await resources.executions.list(LOCAL)
    said.append(repr(page))
    await runtime.close()
    found = everything(tmp_path).decode("latin-1") + caplog.text + "".join(said)

    assert len(exchanges(server)) >= 4
    assert "invalid_grant" in found
    assert [secret for secret in server.secrets() if secret in found] == []
