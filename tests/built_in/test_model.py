"""The model `built_in`: what a method gets, and what becomes of what it returns or raises."""

from __future__ import annotations

import asyncio
import datetime
import functools
import logging
import sys
from dataclasses import dataclass
from typing import Any

import pytest

from jackfield import (
    CommandFailed,
    Connector,
    Context,
    InvalidParams,
    Jackfield,
    Outcome,
    Secret,
    SyncContext,
    command,
    fail,
    field,
    run_command,
    run_command_async,
    succeed,
)
from jackfield.egress.errors import UrlRefused
from servers import Answer, serve, todos


@dataclass
class Period:
    """A type with a rule of its own, which JSON Schema cannot say."""

    first: datetime.date
    last: datetime.date

    def __post_init__(self):
        if self.first > self.last:
            raise ValueError("`first` is after `last`")


class Echo(Connector, name="built-echo", default_command="echo"):
    base_url: str = field("API address.", default="https://one.example")
    api_key: Secret = field("Key.", default="")
    region: str = "eu"

    @command
    async def echo(self, ctx: Context, text: str = "hello", **more: Any) -> Outcome:
        return succeed(self._seen(ctx, text, more))

    @command
    def echo_in_a_thread(self, ctx: SyncContext, text: str = "hello", **more: Any) -> Outcome:
        return succeed(self._seen(ctx, text, more))

    @command
    async def without_context(self, text: str = "hello"):
        return succeed(text)

    @command
    async def describe(self, day: datetime.date, period: Period | None = None, key: Secret | None = None):
        return succeed([type(value).__name__ for value in (day, period, key)])

    def _seen(self, ctx, text, more):
        ctx.log.info("echoing %s", text)
        return {
            "config": dict(ctx.config),
            "own": [self.base_url, self.region],
            "params": dict(ctx.params),
            "variables": dict(ctx.variables),
            "step": ctx.step_id,
            "run": ctx.run_id,
            "execution": ctx.execution_id,
            "text": text,
            "more": more,
        }


@pytest.mark.parametrize("method", ["echo", "echo_in_a_thread"])
def test_a_handler_is_told_all_about_its_call(method, caplog):
    """Both kinds: config with defaults, params, variables, the step and the run, and a log."""
    caplog.set_level(logging.INFO, "jackfield.connector")
    outcome = run_command(
        Echo,
        method,
        {"text": "hi", "colour": "red"},
        config={"region": "us"},
        variables={"user": "zoe"},
        step_id="step-1",
        run_id="run-123",
    )

    assert outcome["config"] == {"base_url": "https://one.example", "api_key": "********", "region": "us"}
    assert outcome["own"] == ["https://one.example", "us"]
    assert outcome["params"] == {"text": "hi", "colour": "red"}
    assert outcome["variables"] == {"user": "zoe"}
    assert (outcome["step"], outcome["run"]) == ("step-1", "run-123")
    assert outcome["execution"] == outcome.metadata["executionId"]
    assert (outcome["text"], outcome["more"]) == ("hi", {"colour": "red"})
    assert [record.getMessage() for record in caplog.records] == ["echoing hi"]


def test_outside_a_run_there_are_no_variables_and_no_step():
    """The same handler serves a plain call."""
    outcome = run_command(Echo)

    assert (outcome["variables"], outcome["step"], outcome["run"]) == ({}, None, None)
    assert outcome["text"] == "hello"


def test_a_handler_may_do_without_a_context():
    """Many need nothing but their params."""
    assert run_command(Echo, "without_context", {"text": "x"}).payload == "x"


def test_two_connectors_of_one_type_have_their_own_config():
    """One type, two accounts."""
    entries = [
        {
            "name": f"echo-{region}",
            "type": "built-echo",
            "config": {"region": region, "base_url": f"https://{region}.example"},
        }
        for region in ("eu", "us")
    ]
    with Jackfield(types=[Echo], connectors=entries) as jf:
        seen = {region: jf.connector(f"echo-{region}", "echo", {}).own for region in ("eu", "us")}

    assert seen == {"eu": ["https://eu.example", "eu"], "us": ["https://us.example", "us"]}


def test_handlers_get_typed_objects():
    """What the signature says is what arrives."""
    params = {"day": "2024-02-29", "period": {"first": "2024-01-01", "last": "2024-02-01"}, "key": "hunter2"}

    assert run_command(Echo, "describe", params).payload == ["date", "Period", "Secret"]


def test_what_a_type_itself_refuses_is_a_bad_param():
    """Its author's rule counts like one of the schema, and nothing was started."""
    with pytest.raises(InvalidParams, match="`first` is after `last`") as refused:
        run_command(Echo, "describe", {"day": "2024-02-29", "period": {"first": "2024-02-02", "last": "2024-02-01"}})

    assert refused.value.details["errors"][0]["pointer"] == "/period"


def test_a_missing_param_starts_nothing():
    """The sentence is the guide's."""
    with pytest.raises(InvalidParams) as refused:
        run_command(Echo, "describe", {})

    assert refused.value.message == "Missing required field(s): day"


class Returns(Connector, name="built-returns"):
    """Methods that return what `value` says."""

    def _value(self, name):
        return {
            "built": succeed({"id": 1}, variables={"n": 1}),
            "literal": {"payload": {"id": 1}, "variables": {"n": 1}},
            "failure": fail("no channel", diagnostics={"status": 404}, variables={"missed": True}),
            "literal failure": {"error": "no channel", "diagnostics": {"status": 404}, "variables": {"missed": True}},
            "bare failure": {"success": False},
            "nothing": None,
            "number": 42,
            "diagnostics on success": {"payload": 1, "diagnostics": {"a": 1}},
            "legacy": {"success": True, "data": {"id": 1}},
            "no outcome": {"id": 1},
            "object": succeed({"deep": [object()]}),
            "object variable": succeed(None, variables={"x": object()}),
            "object diagnostics": fail("no", diagnostics={"x": object()}),
            "endless": succeed(_endless()),
            "models": succeed({"day": datetime.date(2024, 2, 29), "key": Secret("hunter2")}),
            "error object": {"error": ValueError("no")},
        }[name]

    @command
    async def give(self, name: str):
        return self._value(name)

    @command
    def give_in_a_thread(self, name: str):
        return self._value(name)


def _endless():
    found: dict[str, Any] = {}
    found["self"] = found
    return found


def without_facts(outcome):
    return {key: value for key, value in outcome.to_json().items() if key != "metadata"}


@pytest.mark.parametrize("method", ["give", "give_in_a_thread"])
@pytest.mark.parametrize(
    ("name", "answered"),
    [
        ("built", {"success": True, "payload": {"id": 1}, "variables": {"n": 1}}),
        ("literal", {"success": True, "payload": {"id": 1}, "variables": {"n": 1}}),
        (
            "failure",
            {
                "success": False,
                "error": "no channel",
                "code": "command-failed",
                "diagnostics": {"status": 404},
                "variables": {"missed": True},
            },
        ),
        ("nothing", {"success": True, "payload": None, "variables": {}}),
        ("number", {"success": True, "payload": None, "variables": {}}),
        ("diagnostics on success", {"success": True, "payload": 1, "variables": {}}),
        ("models", {"success": True, "payload": {"day": "2024-02-29", "key": "********"}, "variables": {}}),
    ],
)
def test_what_a_handler_returns_is_answered(method, name, answered):
    """Builders, literals, nothing at all, and objects that have a JSON form."""
    assert without_facts(run_command(Returns, method, {"name": name})) == answered


def test_builders_and_literals_are_answered_alike():
    """Nobody can tell which one the author used."""
    for built, literal in [("built", "literal"), ("failure", "literal failure")]:
        one, other = (run_command(Returns, "give", {"name": name}) for name in (built, literal))

        assert without_facts(one) == without_facts(other)


def test_a_failure_without_words_stays_without():
    """Legal, and not ours to make up."""
    outcome = run_command(Returns, "give", {"name": "bare failure"})

    assert (outcome.success, outcome.error) == (False, None)


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("legacy", "data"),
        ("no outcome", "id"),
        ("object", "payload"),
        ("object variable", "variables"),
        ("object diagnostics", "diagnostics"),
        ("endless", "payload"),
        ("error object", "error"),
    ],
)
def test_what_is_no_outcome_is_a_failure_that_says_so(name, key):
    """The command may have done its work: the call ran, so it has an outcome and is recorded."""
    outcome = run_command(Returns, "give", {"name": name})

    assert (outcome.success, outcome.code) == (False, "bad-outcome")
    assert outcome.diagnostics["keys"] == [key]
    assert f"`{key}`" in outcome.error
    assert outcome.diagnostics["hint"]


class AcmeError(Exception):
    def __init__(self, status):
        super().__init__(f"Acme said {status}")
        self.status = status


class Raises(Connector, name="built-raises"):
    """Raises what it is told to; its map knows `AcmeError` only."""

    how: str = "outcome"

    def error_map(self, error):
        if not isinstance(error, AcmeError):
            return None
        return {
            "outcome": fail("Acme is closed", code="acme-closed", diagnostics={"status": error.status}),
            "mapping": {"error": "Acme is closed", "code": "acme-closed", "diagnostics": {"status": error.status}},
            "diagnostics only": {"diagnostics": {"status": error.status}, "variables": {"closed": True}},
            "success": succeed({"id": 1}),
            "text": "Acme is closed",
            "nothing": None,
        }[self.how]

    @command
    async def go(self, what: str):
        return _raise(what)

    @command
    def go_in_a_thread(self, what: str):
        return _raise(what)


def _raise(what):
    if what == "returned":
        return fail("as I said", code="mine")
    if what == "legacy":
        return {"data": 1}
    if what == "exit":
        sys.exit(3)
    raise {
        "acme": AcmeError(503),
        "value": ValueError("no channel"),
        "empty": KeyError(),
        "stop": StopIteration("enough"),
        "stop async": StopAsyncIteration("enough"),
        "timeout": TimeoutError("the socket gave up"),
        "assertion": AssertionError(),
    }[what]


class CatchAll(Raises, name="built-catch-all"):
    def error_map(self, error):
        return {"error": f"mapped {type(error).__name__}", "code": "mapped"}


class MapFails(Raises, name="built-map-fails"):
    def error_map(self, error):
        raise RuntimeError("the map itself")


each_kind = pytest.mark.parametrize("method", ["go", "go_in_a_thread"])


@each_kind
@pytest.mark.parametrize("how", ["outcome", "mapping"])
def test_a_raised_error_is_what_the_error_map_says(method, how):
    """One place turns a vendor's exceptions into words and facts."""
    outcome = run_command(Raises, method, {"what": "acme"}, config={"how": how})

    assert (outcome.success, outcome.error, outcome.code) == (False, "Acme is closed", "acme-closed")
    assert outcome.diagnostics == {"status": 503}


def test_an_error_map_may_add_facts_only():
    """The exception's own words are often good enough; the facts must not be lost for it."""
    outcome = run_command(Raises, "go", {"what": "acme"}, config={"how": "diagnostics only"})

    assert (outcome.error, outcome.code) == ("Acme said 503", "command-failed")
    assert outcome.diagnostics == {"status": 503}
    assert outcome.variables == {"closed": True}


@pytest.mark.parametrize("how", ["success", "text", "nothing"])
def test_a_raised_error_stays_a_failure_whatever_the_map_returns(how):
    """A map that slips must not turn an outage into a success."""
    outcome = run_command(Raises, "go", {"what": "acme"}, config={"how": how})

    assert (outcome.success, outcome.error) == (False, "Acme said 503")


def test_a_map_that_fails_does_not_hide_the_error(caplog):
    """The first error is the one that matters; the second is in the log."""
    outcome = run_command(MapFails, "go", {"what": "acme"})

    assert (outcome.success, outcome.error) == (False, "Acme said 503")
    assert "the map itself" in caplog.text


@each_kind
def test_a_returned_failure_is_not_mapped(method):
    """The author has said what it means."""
    outcome = run_command(CatchAll, method, {"what": "returned"})

    assert (outcome.error, outcome.code) == ("as I said", "mine")


def test_a_bad_outcome_is_not_mapped():
    """It is a mistake of the code, not of the service: a map that catches all would hide it."""
    assert run_command(CatchAll, "go", {"what": "legacy"}).code == "bad-outcome"


@each_kind
@pytest.mark.parametrize(
    ("what", "words", "kind"),
    [
        ("value", "no channel", "ValueError"),
        ("empty", "KeyError", "KeyError"),
        ("assertion", "AssertionError", "AssertionError"),
        ("timeout", "the socket gave up", "TimeoutError"),
        ("stop async", "enough", "StopAsyncIteration"),
    ],
)
def test_an_unmapped_error_is_told_in_its_own_words(method, what, words, kind):
    """Better than nothing, and without a stack trace."""
    outcome = run_command(Raises, method, {"what": what})

    assert (outcome.success, outcome.code, outcome.diagnostics["exception"]) == (False, "command-failed", kind)
    assert words in outcome.error
    assert "Traceback" not in str(outcome.to_json())


@each_kind
def test_the_stack_of_an_unmapped_error_is_in_the_log(method, caplog):
    """Operators need the line, callers must not see it."""
    run_command(Raises, method, {"what": "value"})

    assert "Traceback" in caplog.text
    assert "_raise(what)" in caplog.text


@each_kind
@pytest.mark.parametrize("what", ["exit", "stop"])
def test_no_exception_of_a_handler_ends_the_server(method, what):
    """`sys.exit` is a habit of scripts, and a future cannot carry a `StopIteration`."""
    entry = {"name": "r", "type": "built-raises"}
    with Jackfield(types=[Raises], connectors=[entry]) as jf:
        assert not jf.connector("r", method, {"what": what}).success
        assert jf.connector("r", method, {"what": "returned"}).code == "mine"


def test_a_failure_can_be_raised():
    """For code that prefers exceptions."""
    with pytest.raises(CommandFailed, match="no channel"):
        run_command(Raises, "go", {"what": "value"}).raise_on_error()


def passed_on(function):
    @functools.wraps(function)
    def wrapper(*args, **kwargs):
        return function(*args, **kwargs)

    return wrapper


class Forgetful(Connector, name="built-forgetful"):
    @command
    async def no_await(self):
        return self._later()

    @command
    def no_async(self):
        return self._later()

    @command
    @passed_on
    async def wrapped(self, ctx: Context):
        await asyncio.sleep(0)
        return succeed(type(ctx.http).__name__)

    async def _later(self):
        return succeed("done")


@pytest.mark.parametrize("method", ["no_await", "no_async"])
def test_a_coroutine_that_nobody_waits_for_is_a_failure(method):
    """It would look like a success without payload, and nothing would have been done."""
    outcome = run_command(Forgetful, method)

    assert not outcome.success
    assert "await" in outcome.error


def test_an_async_method_behind_a_plain_decorator_runs_on_the_loop():
    """Decorators for logging or timing often just pass on what they get."""
    outcome = run_command(Forgetful, "wrapped")

    assert outcome.success
    assert outcome.payload == "Client"


class Todos(Connector, name="built-todos", default_command="list"):
    """The helper's promises: a status is an answer, what never arrived is an error."""

    base_url: str = field("API address.")

    @command
    async def list(self, ctx: Context):
        answer = await ctx.http.get(f"{self.base_url}/todos")
        return succeed({"status": answer.status, "is_successful": answer.is_successful, "body": answer.body})

    @command
    def list_in_a_thread(self, ctx: SyncContext):
        answer = ctx.http.get(f"{self.base_url}/todos")
        return succeed({"status": answer.status, "is_successful": answer.is_successful, "body": answer.body})

    @command
    async def ask(self, ctx: Context, path: str, insist: bool = False):
        answer = await ctx.http.get(self.base_url + path)
        if insist:
            answer.raise_for_status()
        return succeed({"status": answer.status, "is_successful": answer.is_successful, "body": answer.body})

    @command
    async def test(self, ctx: Context):
        answer = await ctx.http.get(f"{self.base_url}/todos")
        return {"success": answer.is_successful}


@pytest.fixture(scope="module")
def service():
    with serve(todos()) as running:
        yield running


def asked(service, method, params=None):
    return run_command(Todos, method, params, config={"base_url": service.url}, allow=service.address)


@pytest.mark.parametrize("method", ["list", "list_in_a_thread"])
def test_an_answer_has_status_success_and_body(service, method):
    """What the guide's helper gives, in both kinds of handler."""
    outcome = asked(service, method)

    assert (outcome["status"], outcome["is_successful"]) == (200, True)
    assert [item["id"] for item in outcome["body"]] == [1, 2]
    assert outcome.metadata["status"] == 200


def test_a_status_of_400_or_more_does_not_raise(service):
    """Often it is the answer: there is no such thing."""
    outcome = asked(service, "ask", {"path": "/nowhere"})

    assert (outcome.success, outcome["status"], outcome["is_successful"]) == (True, 404, False)
    assert outcome["body"] == {"error": "there is nothing at /nowhere"}


def test_a_status_raises_where_the_handler_insists(service):
    """One line instead of an `if` in each command."""
    outcome = asked(service, "ask", {"path": "/nowhere", "insist": True})

    assert (outcome.success, outcome.code) == (False, "upstream-status")
    assert outcome.diagnostics["status"] == 404
    assert outcome.diagnostics["body"] == {"error": "there is nothing at /nowhere"}


def test_a_network_failure_is_a_typed_failure():
    """It ran, nobody answered, and trying later may help."""
    with serve(lambda asked: Answer()) as gone:
        pass
    outcome = asked(gone, "ask", {"path": "/x"})

    assert (outcome.success, outcome.code) == (False, "unreachable")
    assert outcome.metadata["retryable"] is True


def test_a_forbidden_address_is_refused(service):
    """The policy of the process wins over whatever a connection says; nothing was sent."""
    before = len(service.asked)

    with pytest.raises(UrlRefused):
        run_command(Todos, "list", config={"base_url": service.url})

    assert len(service.asked) == before


def test_a_command_called_test_shows_whether_a_connection_works(service):
    """It is an ordinary command, which health checks know by the definition."""
    assert Todos.definition.test_command == "test"
    assert asked(service, Todos.definition.test_command).success


class Mocked(Connector, name="built-mocked"):
    @command(
        mock={
            "default": succeed({"id": 1}),
            "literal": {"payload": {"id": 2}},
            "refused": lambda: fail("no", code="refused"),
            "echo": lambda params: succeed(dict(params)),
            "broken": lambda: {}["x"],
        }
    )
    async def get(self, id: int = 7):
        raise AssertionError("the handler must not run")


@pytest.mark.parametrize(("scenario", "payload"), [("default", {"id": 1}), ("literal", {"id": 2}), ("echo", {"id": 7})])
def test_a_scenario_answers_instead_of_the_handler(scenario, payload):
    """An outcome, a literal, or a function of the params."""
    outcome = run_command(Mocked, "get", mock=scenario)

    assert outcome.payload == payload
    assert outcome.metadata["mock"] is True


def test_a_scenario_may_be_a_failure():
    """Outages are what mocks are for."""
    assert run_command(Mocked, "get", mock="refused").code == "refused"


def test_a_scenario_that_raises_is_a_failure():
    """As a handler's would be."""
    outcome = run_command(Mocked, "get", mock="broken")

    assert (outcome.success, outcome.diagnostics["exception"]) == (False, "KeyError")


async def test_a_mock_is_validated_like_a_call():
    """Otherwise a test would pass with params that the real command refuses."""
    with pytest.raises(InvalidParams):
        await run_command_async(Mocked, "get", {"id": "x"}, mock="default")
