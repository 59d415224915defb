"""Calls of connectors in JavaScript, in a whole runtime, against a real service."""

from __future__ import annotations

import logging
from typing import Any

import pytest

from jackfield import Jackfield
from jackfield.execution.script.errors import ScriptInvalid
from servers import Answer, Service, serve

from .conftest import Script
from .guides import KEY, PROTOCOL_1, PROTOCOL_2, my_crm


@pytest.mark.parametrize("source", [PROTOCOL_2, PROTOCOL_1], ids=["2.0", "1.x"])
def test_the_scripts_that_people_have_run_unchanged(jackfield: Jackfield, service: Service, source: str):
    """Those of 1.x where the connector says so."""
    jackfield.add(my_crm(source, url=service.url, protocol="1.x" if source is PROTOCOL_1 else "2.0"))
    listed = jackfield.connector("my-crm", "listContacts", {"limit": 1})
    person = {"email": "cy@example.com", "firstName": "Cy", "lastName": "Young"}
    created = jackfield.connector("my-crm", "create_contact", person)
    tested = jackfield.connector("my-crm", "test", {})

    assert listed.payload == {"contacts": [{"id": 1, "email": "ann@example.com"}], "total": 2}
    assert listed.variables == {"contactCount": 2}
    assert created.payload == {"contactId": 3}
    assert (tested.success, tested.payload) == (True, None)
    assert [(asked.method, asked.path) for asked in service.asked] == [
        ("GET", "/api/contacts"),
        ("POST", "/api/contacts"),
        ("GET", "/api/health"),
    ]
    assert service.asked[1].json() == {"email": "cy@example.com", "first_name": "Cy", "last_name": "Young"}
    assert service.asked[1].headers["content-type"].startswith("application/json")


def test_a_script_of_1_x_that_does_not_say_so_is_refused(jackfield: Jackfield, service: Service):
    """C08: the error names what to write instead."""
    jackfield.add(my_crm(PROTOCOL_1, url=service.url))
    outcome = jackfield.connector("my-crm", "listContacts", {})

    assert (outcome.success, outcome.code) == (False, "legacy-protocol")
    assert "`payload`" in (outcome.error or "")


def test_a_refusal_of_the_service_is_the_scripts_own_business(jackfield: Jackfield, service: Service):
    """4xx and 5xx do not throw."""
    jackfield.add(my_crm(PROTOCOL_2, url=service.url, config={"baseUrl": service.url, "apiKey": "wrong"}))
    outcome = jackfield.connector("my-crm", "listContacts", {})

    assert (outcome.success, outcome.error, outcome.code) == (False, "API returned 401", "command-failed")


def test_what_is_used_is_told(script: Script):
    """Whoever sets limits has to know what is needed."""
    used = script('function run() { floh.http.get(floh.config.url + "/x"); return {}; }').metadata["script"]

    assert used["hostCalls"] == 1
    assert used["wallMs"] >= used["cpuMs"] > 0
    assert used["memoryBytes"] > 0


def test_params_config_and_variables_are_views(script: Script):
    """C06: what a script does to them stays with it."""
    source = """
        function run() {
          var before = JSON.stringify([floh.params, floh.config.url, floh.variables]);
          try { floh.params.a = 2; floh.params.b.c = 2; floh.config.url = ""; delete floh.params.a; } catch (e) {}
          return { before: JSON.parse(before), after: [floh.params, floh.config.url, floh.variables] };
        }
    """
    payload = script(source, {"a": 1, "b": {"c": 1}}).payload

    assert payload["before"] == payload["after"]
    assert payload["before"][0] == {"a": 1, "b": {"c": 1}}


def test_a_secret_that_a_script_answers_is_masked(script: Script):
    """The script has it in the clear; nobody else does."""
    outcome = script("function run() { return { key: floh.config.key, n: floh.config.key.length }; }")

    assert outcome.payload == {"key": "********", "n": 20}


def test_a_secret_in_an_exception_is_masked(script: Script):
    """In its text, its stack and its code."""
    outcome = script("function run() { throw new Error('cannot use ' + floh.config.key); }")

    assert outcome.error == "cannot use ********"
    assert "sk-secret" not in str(outcome.to_json())


def test_an_exception_is_a_failure_with_its_place(script: Script):
    """C15."""
    outcome = script("function run() {\n  return help();\n}\nfunction help() {\n  var a = null;\n  a.x();\n}\n")

    assert (outcome.success, outcome.code) == (False, "command-failed")
    told = outcome.diagnostics
    assert (told["exception"], told["line"]) == ("TypeError", 6)
    assert "help" in told["stack"]
    assert "run" in told["stack"]


def test_a_mistake_that_is_first_seen_at_a_call_has_its_place(script: Script):
    """Scripts in files are not loaded before they are called. The engine's own column is that of a word before it."""
    with pytest.raises(ScriptInvalid) as raised:
        script("function run() {\n  return 1 +;\n}")

    assert (raised.value.details["line"], raised.value.details["column"]) == (2, 13)


def test_a_request_that_makes_no_sense_says_what_to_do(script: Script):
    """It is refused before it is one, and tells no less than a request that is refused later."""
    outcome = script("function run() { floh.http.request({ url: 'https://a.example', method: 'GET /' }) }")

    assert outcome.code == "script-request-invalid"
    assert outcome.diagnostics["hint"] == "give method, address and headers as texts, and the timeout in milliseconds"
    assert outcome.diagnostics["line"] == 1


def test_the_code_of_an_exception_is_that_of_the_failure(script: Script):
    """Programs branch on it."""
    outcome = script("function run() { var e = new Error('no'); e.code = 'no-channel'; throw e; }")

    assert (outcome.error, outcome.code) == ("no", "no-channel")


def test_a_promise_is_awaited(script: Script):
    """`async` functions work too, and what they reject with is a failure."""
    assert script("async function run() { return { n: await Promise.resolve(7) }; }").payload == {"n": 7}
    assert script("async function run() { throw new Error('late'); }").error == "late"


@pytest.mark.parametrize(
    "address", ["http://127.0.0.1:1/", "http://localhost/", "http://169.254.169.254/", "http://[::1]/"]
)
def test_a_script_reaches_what_its_connector_may_reach(script: Script, address: str):
    """C14: a script that lets the refusal pass fails with its code; one that catches it sees that code."""
    passed = script(f"function run() {{ floh.http.get({address!r}); }}")
    caught = script(
        f"function run() {{ try {{ floh.http.get({address!r}); }} catch (e) {{ return {{ c: e.code }}; }} }}"
    )

    assert (passed.success, passed.code, passed.diagnostics["line"]) == (False, "url-refused", 1)
    assert "JACKFIELD_EGRESS_ALLOW" in passed.diagnostics["hint"] or "169.254" in address
    assert caught.payload == {"c": "url-refused"}


def test_a_service_that_does_not_answer_is_retryable(script: Script, nobody: str, jackfield: Jackfield):
    """What the error of the request knows is not lost on its way through the script."""
    source = f"function run() {{ floh.http.get('http://{nobody}/'); }}"
    outcome = script(source, egress={"allow": nobody})

    assert (outcome.code, outcome.diagnostics["line"]) == ("unreachable", 1)
    assert outcome.metadata["retryable"] is True


def test_a_request_may_have_a_time_limit_of_its_own(script: Script, silent: str):
    """A script can do something else then."""
    source = f"""
        function run() {{
          try {{ floh.http.request({{ method: "GET", url: "http://{silent}/", timeout: 100 }}); }}
          catch (e) {{ return {{ code: e.code }}; }}
        }}
    """
    assert script(source, egress={"allow": silent}).payload == {"code": "timeout"}


def test_headers_bodies_and_statuses_arrive_as_they_are(script: Script):
    """C02, C03, C04: JSON parsed, text kept, bytes flagged; PATCH works."""

    def echo(asked: Any) -> Answer:
        if asked.path == "/bytes":
            return Answer(body=b"\xff\x00", headers={"Content-Type": "image/png"})
        if asked.path == "/text":
            return Answer(status=418, body=b"short and stout", headers={"Content-Type": "text/plain", "X-One": "1"})
        return Answer(
            body={"method": asked.method, "type": asked.headers.get("content-type"), "body": asked.body.decode()}
        )

    source = """
        function run() {
          var u = floh.params.url, text = floh.http.get(u + "/text");
          return {
            text: [text.status, text.body, text.headers["x-one"]],
            bytes: typeof floh.http.get(u + "/bytes").body,
            sent: [
              floh.http.post(u, { a: 1 }).body,
              floh.http.put(u, '{"a":1}').body,
              floh.http.patch(u, "plain").body,
              floh.http.post(u, "<a/>", { "Content-Type": "application/xml" }).body,
              floh.http.delete(u).body,
            ],
          };
        }
    """
    with serve(echo) as other:
        payload = script(source, {"url": other.url}, egress={"allow": other.address}).payload

    assert payload["text"] == [418, "short and stout", "1"]
    assert payload["bytes"] == "object"
    assert [(sent["method"], (sent["type"] or "").partition(";")[0], sent["body"]) for sent in payload["sent"]] == [
        ("POST", "application/json", '{"a":1}'),
        ("PUT", "application/json", '{"a":1}'),
        ("PATCH", "text/plain", "plain"),
        ("POST", "application/xml", "<a/>"),
        ("DELETE", "", ""),
    ]


@pytest.mark.parametrize(
    ("source", "limits", "code"),
    [
        ("function run() { while (true) {} }", {"cpuMs": 100}, "script-timeout"),
        ("function run() { var a = []; while (true) a.push(new Array(100000).fill(1)); }", {"memoryMb": 16}, None),
        ("function run() { return run(); }", {}, None),
    ],
)
def test_limits_are_typed_errors(script: Script, source: str, limits: dict[str, int], code: str | None):
    """C11: and the next call works."""
    outcome = script(source, limits=limits)
    codes = {code} if code else {"script-out-of-memory", "script-stack-exceeded", "command-failed"}

    assert (outcome.success, outcome.code in codes) == (False, True), outcome
    assert script("function run() { return { ok: 1 }; }").payload == {"ok": 1}


def test_a_call_that_takes_too_long_is_ended_by_its_deadline(script: Script, silent: str):
    """The call's own words: its caller has set the limit."""
    source = f"function run() {{ floh.http.get('http://{silent}/'); }}"
    outcome = script(source, egress={"allow": silent}, options={"timeout": 1000})

    assert (outcome.code, outcome.metadata["retryable"]) == ("timeout", True)


def test_a_limit_of_the_connector_below_the_deadline_counts(script: Script, silent: str):
    """Waiting included."""
    source = f"function run() {{ floh.http.get('http://{silent}/'); }}"

    assert script(source, egress={"allow": silent}, limits={"wallMs": 200}).code == "script-timeout"


def test_the_level_of_a_connector_filters_its_log(script: Script, caplog: pytest.LogCaptureFixture):
    """C05: `trace` is the least important."""
    source = "function run() { for (var l of ['trace', 'debug', 'info', 'warn', 'error']) floh.log[l](l + ' line'); }"
    with caplog.at_level(logging.ERROR):
        caplog.handler.setLevel(0)
        script(source, logLevel="info")

    assert [record.getMessage() for record in caplog.records] == ["info line", "warn line", "error line"]


def test_a_call_can_ask_for_all_of_its_log(script: Script):
    """C05: the debug switch. Secrets are masked in it."""
    source = "function run() { floh.log.trace('with ' + floh.config.key); console.log('from console'); }"
    outcome = script(source, logLevel="error", options={"debug": True})

    assert outcome.metadata["log"][0] == {"level": "trace", "message": "with ********"}
    assert outcome.metadata["log"][1]["message"] == "from console"


def test_commands_are_found_in_any_case_style(jackfield: Jackfield):
    """C01: and a name that no function can have is that of one in camel case."""
    commands = {"list-items": {}, "get_item": {}}
    jackfield.add(
        {
            "name": "names",
            "scriptSource": "function listItems() { return { n: 1 }; } function get_item() { return { n: 2 }; }",
            "configSchema": {"commands": commands},
        }
    )

    assert jackfield.connector("names", "listItems", {}).n == 1
    assert jackfield.connector("names", "getItem", {}).n == 2


def test_a_connector_may_be_called_jackfield_in_its_script(script: Script):
    """The alias of `floh`."""
    assert script("function run() { return { same: jackfield === floh }; }").payload == {"same": True}


def test_nothing_of_one_call_is_left_for_the_next(jackfield: Jackfield, service: Service):
    """Each begins with what the script itself leaves behind when it is loaded."""
    source = """
        var count = 0;
        function run() { count++; globalThis.left = (globalThis.left || 0) + 1; return { count: count, left: left }; }
    """
    jackfield.add({"name": "counting", "scriptSource": source})

    assert [jackfield.connector("counting", "run", {}).payload for _ in range(3)] == [{"count": 1, "left": 1}] * 3


def test_no_secret_is_in_what_goes_wrong(jackfield: Jackfield, service: Service, caplog: pytest.LogCaptureFixture):
    """Not in a limit's error, and not in the log."""
    jackfield.add(
        my_crm(
            "function listContacts() { while (1) {} }",
            url=service.url,
            limits={"cpuMs": 50},
            configSchema={
                "connectionConfig": {"baseUrl": {"type": "string"}, "apiKey": {"type": "string", "secret": True}},
            },
        )
    )
    outcome = jackfield.connector("my-crm", "listContacts", {})

    assert outcome.code == "script-timeout"
    assert KEY not in str(outcome.to_json()) + caplog.text
