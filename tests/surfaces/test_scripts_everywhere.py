"""Connectors in JavaScript say the same on every surface, and what connectors in Python say."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from servers import Service
from surfaces.conftest import EVERY_SURFACE, SURFACES, Surface
from surfaces.kept import KEY
from surfaces.test_every_surface import Bad

FIELDS = {"base_url": {"type": "string"}, "api_key": {"type": "string", "secret": True}}
LIMIT = {"type": "integer", "default": 50, "minimum": 1, "maximum": 200}
COMMANDS = {
    "list_items": {"params": {"channel": {"type": "string", "required": True}, "limit": LIMIT}, "readsOnly": True},
    "fetch": {"params": ["url"]},
    **{name: {} for name in ("refuse", "leak", "endless", "old")},
}

BAD = [
    Bad(
        id="unknown command",
        command="list_itms",
        started=False,
        code="unknown-command",
        message="connector `default/scripted` has no command `list_itms`",
        hint="did you mean `list_items`?",
    ),
    Bad(
        id="missing and wrong params, all at once",
        command="list_items",
        params={"limit": 500},
        started=False,
        code="invalid-params",
        message="Missing required field(s): channel; `/limit`: 500 is greater than the maximum of 200",
        hint="`list_items` takes `channel` (required), `limit`",
    ),
    Bad(
        id="private address, inside of the script",
        command="fetch",
        params={"url": "http://10.0.0.1/"},
        started=True,
        code="url-refused",
        message="`http://10.0.0.1` may not be called: 10.0.0.1 is not a public address",
        hint="name the host or address in `JACKFIELD_EGRESS_ALLOW`",
    ),
    Bad(
        id="a failure in the script's own words",
        command="refuse",
        started=True,
        code="no-channel",
        message="there is no such channel",
    ),
    Bad(
        id="an exception with a secret in it",
        command="leak",
        started=True,
        code="command-failed",
        message="cannot use ********",
    ),
    Bad(
        id="a loop without end",
        command="endless",
        started=True,
        code="script-timeout",
        message="the script computed for longer than `0.2` s",
        hint="look for a loop without end, or raise `limits.cpuMs`",
    ),
    Bad(
        id="keys of protocol 1.x",
        command="old",
        started=True,
        code="legacy-protocol",
        message="protocol 2.0 has `payload`",
        hint="docs/errors/legacy-protocol.md",
    ),
]


@pytest.fixture(params=EVERY_SURFACE)
def scripted(
    request: pytest.FixtureRequest, folder: Path, service: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Surface:
    """A way to call, with the connector `scripted`."""
    monkeypatch.setenv("JACKFIELD_DATABASE_URL", "memory")
    monkeypatch.setenv("JACKFIELD_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("JACKFIELD_KEY", KEY)
    shutil.copy(Path(__file__).with_name("scripted.js"), folder)
    document: dict[str, Any] = {
        "name": "scripted",
        "scriptSource": "./scripted.js",
        "limits": {"cpuMs": 200},
        "configSchema": {"connectionConfig": FIELDS, "commands": COMMANDS},
        "config": {"base_url": service.url, "api_key": "sk-script-0123456789"},
    }
    (folder / "scripted.json").write_text(json.dumps(document))
    return SURFACES[request.param](folder)


@pytest.mark.parametrize("bad", BAD, ids=lambda bad: bad.id)
def test_bad_calls_of_scripts_are_answered_alike(bad: Bad, scripted: Surface, service: Service):
    """The same code, message and hint, wherever it is called from."""
    said = scripted("scripted", bad.command, bad.params)

    assert (said.started, said.success, said.code) == (bad.started, False, bad.code)
    assert bad.message in (said.message or "")
    assert bad.hint in (said.hint or "")
    assert service.asked == []
    assert "sk-script" not in str(said)


def test_a_success_of_a_script_is_that_of_any_connector(scripted: Surface, service: Service):
    """Payload, variables and metadata."""
    said = scripted("scripted", "listItems", {"channel": "général/ü", "limit": 3})

    assert said.outcome["payload"] == {
        "items": [{"path": "/items/g%C3%A9n%C3%A9ral%2F%C3%BC", "query": {"limit": ["3"]}}]
    }
    assert said.outcome["variables"] == {"total": 1}
    metadata = said.outcome["metadata"]
    assert (metadata["command"], metadata["version"], metadata["status"]) == ("list_items", "1.0.0", 200)
    assert metadata["script"]["hostCalls"] == 1


def test_the_place_and_the_log_of_a_failure_are_answered(scripted: Surface):
    """For who has written the script, and may not read the server's log. Without the secret."""
    said = scripted("scripted", "leak", {}, debug=True)

    assert (said.outcome["diagnostics"]["exception"], said.outcome["diagnostics"]["line"]) == ("Error", 25)
    assert "leak (script.js:25" in said.outcome["diagnostics"]["stack"]
    assert said.outcome["metadata"]["log"] == [{"level": "debug", "message": "about to leak ********"}]
