"""Every surface says the same, about good input and bad."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from jackfield import Jackfield, JackfieldError
from servers import Service


@dataclass(frozen=True, kw_only=True)
class Bad:
    """One bad call, and what is said about it. `{service}`, `{silent}` and `{nobody}` stand for addresses."""

    id: str
    target: str = "trial"
    command: str | None
    params: dict[str, Any] = field(default_factory=dict)
    started: bool
    code: str
    message: str
    hint: str = ""
    sent: int = 0


BAD = [
    Bad(
        id="unknown connector",
        target="trail",
        command="list_items",
        started=False,
        code="unknown-connector",
        message="there is no connector `trail`",
        hint="did you mean `trial`?",
    ),
    Bad(
        id="unknown command",
        command="list_itms",
        started=False,
        code="unknown-command",
        message="connector `trial` has no command `list_itms`",
        hint="did you mean `list_items`?",
    ),
    Bad(
        id="no command",
        command=None,
        started=False,
        code="command-missing",
        message="the call to `trial` names no command, and there is no default one",
        hint="name one of `list_items`, `fetch`",
    ),
    Bad(
        id="missing and wrong params, all at once",
        command="list_items",
        params={"limit": 500, "chanel": "general"},
        started=False,
        code="invalid-params",
        message="Missing required field(s): channel; `/chanel`: unknown `chanel`; did you mean `channel`?; "
        "`/limit`: 500 is greater than the maximum of 200",
        hint="`list_items` takes `channel` (required), `limit`",
    ),
    Bad(
        id="private address",
        command="fetch",
        params={"url": "http://10.0.0.1/"},
        started=False,
        code="url-refused",
        message="`http://10.0.0.1` may not be called: 10.0.0.1 is not a public address",
        hint="name the host or address in `JACKFIELD_EGRESS_ALLOW`",
    ),
    Bad(
        id="cloud metadata",
        command="fetch",
        params={"url": "http://169.254.169.254/latest/meta-data/"},
        started=False,
        code="url-refused",
        message="169.254.169.254 is a metadata or link-local address",
    ),
    Bad(
        id="unreachable host",
        command="fetch",
        params={"url": "http://{nobody}/"},
        started=True,
        code="unreachable",
        message="no connection to `{nobody}`",
        hint="check the name, the port, and that the service runs",
    ),
    Bad(
        id="slow host",
        command="fetch",
        params={"url": "http://{silent}/"},
        started=True,
        code="timeout",
        message="did not finish within `0.2` s",
        hint="raise the call's `timeout`",
    ),
    Bad(
        id="500 from upstream",
        command="get",
        params={"path": "/broken"},
        started=True,
        code="upstream-status",
        message="the service answered `500` to http://{service}/broken",
        hint="the service's own answer is in `diagnostics.body`",
        sent=1,
    ),
    Bad(
        id="oversized body",
        command="get",
        params={"path": "/big"},
        started=True,
        code="response-too-large",
        message="is larger than `16777216` bytes",
        hint="ask the service for less",
        sent=1,
    ),
    Bad(
        id="template injection in a param",
        target="declared",
        command="get_file",
        params={"id": "..", "name": "{{ ''.__class__ }}"},
        started=False,
        code="path-escape",
        message="`id`",
    ),
    Bad(
        id="a failure in the connector's own words",
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
]


@pytest.mark.parametrize("bad", BAD, ids=lambda bad: bad.id)
def test_bad_input_is_answered_with_the_same_code_message_and_hint(
    bad: Bad, surface: Any, service: Service, silent: str, nobody: str
):
    """People and programs see the same words wherever they call from."""

    def filled(text: str) -> str:
        for name, address in {"service": service.address, "silent": silent, "nobody": nobody}.items():
            text = text.replace(f"{{{name}}}", address)
        return text

    params = {name: filled(value) if isinstance(value, str) else value for name, value in bad.params.items()}
    said = surface(bad.target, bad.command, params)

    assert (said.started, said.success, said.code) == (bad.started, False, bad.code)
    assert filled(bad.message) in (said.message or "")
    assert bad.hint in (said.hint or "")
    assert len(service.asked) == bad.sent


def test_success_is_the_same_outcome_everywhere(surface: Callable[..., Any], service: Service):
    """Everything but the identity and the time of a call."""
    said = surface("trial", "listItems", {"channel": "général/ü", "limit": 3})

    assert said.outcome["payload"] == {
        "items": [{"path": "/items/g%C3%A9n%C3%A9ral/%C3%BC", "query": {"limit": ["3"]}}]
    }
    assert said.outcome["variables"] == {"total": 1}
    metadata = said.outcome["metadata"]
    assert metadata["connector"] == "trial"
    assert (metadata["command"], metadata["resource"], metadata["version"]) == ("list_items", "list_items", "1.2.0")
    assert (metadata["status"], metadata["attempts"]) == (200, 1)
    assert metadata["durationMs"] >= metadata["elapsedMs"] > 0
    assert metadata["headers"]["content-type"] == "application/json"


def test_a_body_that_is_not_json_is_kept_as_text(surface: Callable[..., Any]):
    """Losing what a service said is worse than its mistake."""
    said = surface("trial", "get", {"path": "/text"})

    assert said.outcome["payload"] == {"body": "not JSON at all"}


def test_a_failure_keeps_its_diagnostics_and_variables(surface: Callable[..., Any]):
    """Operators need the first, workflows the second."""
    said = surface("trial", "refuse", {})

    assert said.outcome["diagnostics"] == {"channel": "x"}
    assert said.outcome["variables"] == {"tried": 1}


def test_values_cannot_leave_the_path_they_stand_in(surface: Callable[..., Any], service: Service):
    """A param is data: it can neither end the path nor add a query."""
    said = surface("declared", "get_file", {"id": "../admin?x=1#y", "name": "{{ 7*7 }} & co"})

    assert said.success
    assert service.asked[0].path == "/v1/users/..%2Fadmin%3Fx%3D1%23y/files/%7B%7B%207%2A7%20%7D%7D%20%26%20co"
    assert service.asked[0].query == {}


def test_a_call_that_takes_too_long_is_a_typed_timeout(surface: Callable[..., Any], silent: str):
    """The call's own limit, which no command can exceed."""
    said = surface("http", None, {"url": f"http://{silent}/"}, timeout_s=1.0)

    assert (said.started, said.code) == (True, "timeout")
    assert said.outcome["metadata"]["retryable"] is True


def test_what_a_command_logs_is_answered_where_it_is_asked_for(surface: Callable[..., Any]):
    """C05: whoever looks for a fault need not be able to read the server's log. Secrets stay out of it."""
    asked, usual = surface("trial", "talk", {}, debug=True), surface("trial", "talk", {})

    assert asked.outcome["metadata"]["log"] == [
        {"level": "debug", "message": "the key is ********"},
        {"level": "warn", "message": "enough"},
    ]
    assert "log" not in usual.outcome["metadata"]


def test_a_secret_that_a_service_echoes_is_masked(surface: Callable[..., Any]):
    """Outcomes are shown, logged and handed to models."""
    said = surface("trial", "shown", {})

    assert said.outcome["payload"]["headers"]["authorization"] == "Bearer ********"


def test_two_names_that_fall_together_are_refused_when_they_are_defined(folder: Path):
    """A caller could never reach the second."""
    operations = [{"name": name, "method": "GET", "path": "/a"} for name in ("list_items", "listItems")]
    twins = {"name": "twins", "baseUrl": "http://twins.example", "operations": operations}
    (folder / "twins.json").write_text(json.dumps(twins))
    with Jackfield(folder=folder, types=[]) as jackfield:
        (problem,) = jackfield.problems
        with pytest.raises(JackfieldError) as caught:
            jackfield.add(twins)
        with pytest.raises(JackfieldError, match="there is no connector `twins`"):
            jackfield.connector("twins", "list_items", {})

    assert "`operations[1].name`: `listItems` is the name of `operations[0]` already" in caught.value.message
    assert caught.value.message in problem.message


@pytest.mark.parametrize("path", ["{{ ''.__class__ }}", "{{ cycler.__init__.__globals__ }}", "{{ config|attr('x') }}"])
def test_a_template_that_walks_attributes_is_refused(folder: Path, path: str, service: Service):
    """Z01: the way out of a sandbox begins with an attribute."""
    with Jackfield(folder=folder, types=[]) as jackfield, pytest.raises(JackfieldError) as caught:
        jackfield.add(
            {
                "name": "walk",
                "baseUrl": service.url,
                "operations": [{"name": "go", "method": "GET", "path": f"/{path}"}],
            }
        )
        jackfield.connector("walk", "go", {})

    assert caught.value.code in {"template-refused", "invalid-definition"}
    assert service.asked == []
