"""One call, from start to finish."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from typing import Any, Literal, TypedDict

import pytest

from jackfield import (
    Connector,
    Context,
    InvalidParams,
    JackfieldError,
    Outcome,
    Secret,
    UpstreamStatus,
    command,
    fail,
    field,
    succeed,
)
from jackfield.access.errors import ScopeMissing
from jackfield.access.principal import LOCAL, Principal
from jackfield.app.embedded import Embedded
from jackfield.dispatch.call import Call, CallOptions, Origin
from jackfield.dispatch.errors import ConnectorDisabled
from jackfield.registry.errors import ConnectorNotConfigured, ExecutionModelMissing, UnknownConnector
from jackfield.settings import Settings
from records import recorded
from servers import Answer, Service, serve

KEY = "sk-live-0123456789abcdef"


class Page(TypedDict):
    """What `strict` promises."""

    total: int


class Desk(Connector, name="desk", version="3.1.4", default_command="add"):
    """A desk."""

    base_url: str = field("Address.", default="http://127.0.0.1:9")
    api_key: Secret = field("Key.")
    seat: str = field("Seat.", default="window")

    @command
    async def add(self, a: int, b: int = 2) -> Outcome:
        """Add."""
        return succeed({"sum": a + b})

    @command(deprecated="Use `add` instead")
    async def old_add(self, a: int) -> Outcome:
        """Add, as it was done."""
        return succeed({"sum": a})

    @command(strict_outputs=True)
    async def strict(self, total: Any) -> Outcome[Page]:
        """Answer what is given."""
        return succeed({"total": total})

    @command(outputs=["total", "items"])
    async def loose(self) -> Outcome:
        """Answer something else than promised."""
        return succeed({"surprise": 1})

    @command
    async def fetch(self, ctx: Context, path: str = "/") -> Outcome:
        """Fetch."""
        answer = await ctx.http.get(self.base_url + path)
        answer.raise_for_status()
        return succeed(answer.body)

    @command(reads_only=True)
    async def wait(self) -> Outcome:
        """Wait for ever."""
        await asyncio.Event().wait()
        return succeed()

    @command
    async def keep(self, password: Secret, note: str) -> Outcome:
        """Take a secret param."""
        return succeed({"length": len(password.reveal()), "note": note})

    @command
    async def fetch_then_stray(self, ctx: Context) -> Outcome:
        """Do something, then call what may not be called."""
        await ctx.http.post(self.base_url, json={"order": 1})
        await ctx.http.get("http://10.0.0.1/")
        return succeed()

    @command
    async def cling(self) -> Outcome:
        """Go on whatever happens."""
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.Event().wait()
        return succeed("late")

    @command
    async def sit(self) -> Outcome:
        """Say where."""
        return succeed({"seat": self.seat})

    @command
    async def repeat(self, password: Secret) -> Outcome:
        """Say what was given."""
        return succeed({"said": f"wrong password {password.reveal()}"})

    @command
    async def no(self) -> Outcome:
        """Refuse."""
        return fail("no", variables={"asked": True})


@pytest.fixture
def service() -> Iterator[Service]:
    with serve(
        lambda asked: Answer(status=404 if asked.path == "/gone" else 200, body={"path": asked.path})
    ) as running:
        yield running


@pytest.fixture
async def desk(service: Service) -> AsyncIterator[Embedded]:
    runtime = Embedded(Settings(database_url="memory", egress_allow=service.address), types=[Desk])
    config = {"base_url": service.url, "api_key": KEY}
    await runtime.add({"name": "my-desk", "type": "desk", "config": config})
    yield runtime
    await runtime.close()


def call(command: str | None, params: dict[str, Any] | None = None, **more: Any) -> Call:
    return Call(**{"principal": LOCAL, "target": "my-desk", "command": command, "params": params or {}} | more)


async def test_every_call_is_recorded_with_who_what_and_how_it_ended(desk: Embedded):
    """Q01: operators answer questions from this."""
    outcome = await desk.run(call("add", {"a": 1}, origin=Origin(trigger="test")))
    await desk.run(call("no"))
    with pytest.raises(InvalidParams):
        await desk.run(call("add", {"a": "x"}))
    refused, failed, added = await recorded(desk)

    assert (added.id, added.caller, added.trigger) == (outcome.metadata["executionId"], "local", "test")
    assert (added.connector, added.command, added.version) == ("default/my-desk", "add", "3.1.4")
    assert (added.status, added.params) == ("COMPLETED", {"a": 1, "b": 2})
    assert added.outcome == outcome.to_json()
    assert (failed.status, failed.outcome["error"]) == ("FAILED", "no")
    assert (refused.status, refused.outcome["code"]) == ("FAILED", "invalid-params")


async def test_records_are_the_tenants_own(desk: Embedded):
    """V02."""
    await desk.run(call("add", {"a": 1}))

    assert await recorded(desk, principal=Principal(user="x", tenant="other", admin=True)) == []


async def test_another_tenant_does_not_see_the_connector(desk: Embedded):
    """V02, Z17: names and ids of other tenants do not exist."""
    (connector,) = desk.base.connectors("default")
    for target in ("my-desk", "default/my-desk", connector.id):
        with pytest.raises(UnknownConnector):
            await desk.run(call("add", {"a": 1}, target=target, principal=Principal(user="eve", tenant="other")))


async def test_a_call_without_command_runs_the_default_one_with_all_data_as_params(desk: Embedded):
    """A13."""
    assert (await desk.run(call(None, {"a": 40}))).sum == 42


async def test_nothing_is_sent_when_params_are_wrong(desk: Embedded, service: Service):
    """A09."""
    with pytest.raises(InvalidParams) as caught:
        await desk.run(call("fetch", {"path": 7, "extra": 1}))

    assert [error["pointer"] for error in caught.value.details["errors"]] == ["/extra", "/path"]
    assert service.asked == []


async def test_tenants_with_equal_names_never_share_an_instance(desk: Embedded):
    """The instance holds the connection: one tenant's key would sign the other's calls."""
    (mine,) = desk.base.connectors("default")
    config = {"base_url": "http://127.0.0.1:9", "api_key": "sk-other-0123456789", "seat": "aisle"}
    desk.base.add_connector(replace(mine, id="another-id", tenant="other", config=config))

    callers = (LOCAL, Principal(user="eve", tenant="other"))
    seats = [(await desk.run(call("sit", principal=caller))).seat for caller in callers]

    assert seats == ["window", "aisle"]


async def test_a_token_that_only_reads_cannot_call(desk: Embedded):
    """N06: it was made for looking."""
    reader = Principal(user="ann", scopes=frozenset({"read", "manage"}))
    with pytest.raises(ScopeMissing, match="`ann` does not allow `execute`"):
        await desk.run(call("add", {"a": 1}, principal=reader))


async def test_a_disabled_connector_refuses_calls(desk: Embedded):
    """A12."""
    desk.base.change_connector("default/my-desk", tenant="default", enabled=False)

    with pytest.raises(ConnectorDisabled, match="`default/my-desk` is disabled"):
        await desk.run(call("add", {"a": 1}))


async def test_a_change_is_seen_by_the_next_call(desk: Embedded, service: Service):
    """K15: no restart."""
    with serve(lambda _: Answer(body={"from": "new"})) as new:
        before = await desk.run(call("fetch"))
        config = {"base_url": new.url, "api_key": KEY}
        egress = {"allow": new.address}
        desk.base.change_connector("default/my-desk", tenant="default", config=config, egress=egress)
        after = await desk.run(call("fetch"))

    assert (before.path, after["from"]) == ("/", "new")


async def test_what_one_connector_may_reach_is_not_opened_for_others(desk: Embedded):
    """The allow list of a connector is its own."""
    with serve(lambda _: Answer(body={})) as private:
        config = {"base_url": private.url, "api_key": KEY}
        own = {"name": "inside", "type": "desk", "config": config, "egress": {"allow": [private.address]}}
        await desk.add(own)
        await desk.add(own | {"name": "outside", "egress": {}})

        assert (await desk.run(call("fetch", target="inside"))).success
        with pytest.raises(JackfieldError, match="is not a public address"):
            await desk.run(call("fetch", target="outside"))


async def test_an_unfinished_connector_names_what_is_missing(desk: Embedded):
    """H10, B04: it may exist before it works."""
    await desk.add({"name": "unfinished", "type": "desk"})

    with pytest.raises(ConnectorNotConfigured, match=r"Missing required field\(s\): api_key"):
        await desk.run(call("add", {"a": 1}, target="unfinished"))


async def test_a_field_of_the_wrong_kind_is_told(desk: Embedded):
    """A06."""
    await desk.add({"name": "crooked", "type": "desk", "config": {"api_key": KEY, "seat": 7, "colour": "red"}})

    with pytest.raises(InvalidParams) as caught:
        await desk.run(call("add", {"a": 1}, target="crooked"))

    assert [error["pointer"] for error in caught.value.details["errors"]] == ["/colour", "/seat"]


async def test_a_deprecated_command_runs_and_warns_once(desk: Embedded, caplog: pytest.LogCaptureFixture):
    """A14: one structured warning with message and version."""
    with caplog.at_level(logging.WARNING):
        outcome = await desk.run(call("old_add", {"a": 3}))
    (record,) = caplog.records

    assert outcome.sum == 3
    assert "Use `add` instead" in record.getMessage()
    assert (record.connector, record.command, record.connector_version) == ("default/my-desk", "old_add", "3.1.4")


@pytest.mark.parametrize("total", ["seven", None, 1.5])
async def test_a_promise_that_is_strict_is_kept_or_reported(desk: Embedded, total: Any):
    """A11."""
    outcome = await desk.run(call("strict", {"total": total}))

    assert (outcome.success, outcome.code) == (False, "outputs-mismatch")
    assert "`/total`" in (outcome.error or "")
    assert (await desk.run(call("strict", {"total": 7}))).total == 7


async def test_declared_outputs_never_filter_a_result(desk: Embedded):
    """A11."""
    assert (await desk.run(call("loose"))).payload == {"surprise": 1}


async def test_the_calls_own_time_limit_ends_it(desk: Embedded):
    """J01: whatever the command does."""
    outcome = await desk.run(call("wait", options=CallOptions(timeout_s=0.01)))

    assert (outcome.code, outcome.metadata["retryable"]) == ("timeout", True)
    assert outcome.diagnostics["timeout_s"] == 0.01


async def test_a_handler_that_swallows_its_cancellation_has_timed_out_all_the_same(desk: Embedded):
    """It was told to stop; what it says afterwards came too late."""
    outcome = await desk.run(call("cling", options=CallOptions(timeout_s=0.01)))

    assert (outcome.success, outcome.code) == (False, "timeout")


async def test_a_connector_may_have_its_own_time_limit(desk: Embedded):
    """J01: per connector; the call's own wins."""
    await desk.add({"name": "slow-desk", "type": "desk", "config": {"api_key": KEY}, "timeout": 1000})
    desk.base.change_connector("default/slow-desk", tenant="default", timeout_s=0.01)

    assert (await desk.run(call("wait", target="slow-desk"))).diagnostics["timeout_s"] == 0.01


async def test_a_call_that_is_given_up_is_recorded_as_cancelled(desk: Embedded):
    """Q04."""
    waiting = asyncio.ensure_future(desk.run(call("wait")))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    (execution,) = await recorded(desk)

    assert execution.status == "CANCELLED"


async def test_metadata_tells_what_the_service_answered(desk: Embedded):
    """J14."""
    outcome = await desk.run(call("fetch", {"path": "/gone"}))

    assert outcome.metadata["status"] == 404
    assert outcome.metadata["headers"]["content-type"] == "application/json"
    assert 0 < outcome.metadata["elapsedMs"] <= outcome.metadata["durationMs"]
    assert (outcome.code, outcome.metadata["retryable"]) == ("upstream-status", False)
    with pytest.raises(UpstreamStatus):
        outcome.raise_on_error()


async def test_secret_params_are_masked_in_the_record_and_the_answer(desk: Embedded):
    """H11: from the schema, whatever their length."""
    outcome = await desk.run(call("keep", {"password": "short", "note": f"key {KEY}"}))
    (execution,) = await recorded(desk)

    assert outcome.payload == {"length": 5, "note": "key ********"}
    assert execution.params == {"password": "********", "note": "key ********"}


async def test_a_wrong_secret_param_is_not_repeated_in_the_error(desk: Embedded):
    """Errors are logged and shown to models."""
    with pytest.raises(InvalidParams) as caught:
        await desk.run(call("keep", {"password": 123456789, "note": "x"}))

    assert "123456789" not in str(caught.value.to_json())


async def test_what_was_sent_before_a_refusal_is_not_forgotten(desk: Embedded, service: Service):
    """An error that is raised says that nothing happened; here something did."""
    outcome = await desk.run(call("fetch_then_stray"))

    assert (outcome.success, outcome.code) == (False, "url-refused")
    assert outcome.metadata["status"] == 200
    assert len(service.asked) == 1


async def test_a_secret_field_that_is_not_shown_is_not_used():
    """What was filled in before the choice was changed must not travel along."""
    runtime = Embedded(Settings(database_url="memory"), types=[Choice])
    await runtime.add({"name": "c", "type": "choice", "config": {"auth": "none", "token": "tok-0123456789"}})
    outcome = await runtime.run(call("show", target="c"))
    await runtime.close()

    assert outcome.payload == {"token": None, "config": {"auth": "none", "token": None}}


async def test_a_secret_param_is_masked_wherever_it_comes_back(desk: Embedded):
    """A service that repeats a password in its answer."""
    outcome = await desk.run(call("repeat", {"password": "hunter2-0123456789"}))
    (execution,) = await recorded(desk)

    assert outcome.payload == {"said": "wrong password ********"}
    assert "hunter2" not in str(execution)


@pytest.mark.parametrize(("method", "retryable"), [("GET", True), ("PUT", True), ("POST", False), ("PATCH", False)])
async def test_a_write_that_may_have_happened_is_not_called_retryable(method: str, retryable: bool):
    """Whoever repeats it blindly may order twice."""

    async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.close()

    server = await asyncio.start_server(hang_up, "127.0.0.1", 0)
    address = f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
    runtime = Embedded(Settings(database_url="memory", egress_allow=address), types=[])
    params = {"url": f"http://{address}/", "method": method}
    outcome = await runtime.run(call("request", params, target="http"))
    await runtime.close()
    server.close()

    assert outcome.code == "disconnected"
    assert (outcome.diagnostics["sent"], outcome.metadata["retryable"]) == ("maybe", retryable)


async def test_a_class_that_is_defined_again_is_used_from_then_on():
    """Notebooks: edit the cell, run it, call again."""
    runtime = Embedded(Settings(database_url="memory"))

    def define(n: int) -> None:
        class Again(Connector, name="again-and-again"):
            """Again."""

            @command
            async def go(self) -> Outcome:
                """Go."""
                return succeed({"n": n})

    found = []
    for n in (1, 2):
        define(n)
        found.append((await runtime.run(call("go", target="again-and-again"))).n)
    await runtime.close()

    assert found == [1, 2]


class Choice(Connector, name="choice"):
    """A field that depends on another."""

    auth: Literal["none", "token"] = "none"
    token: Secret = field("Token.", shown_when={"auth": "token"})

    @command
    async def show(self, ctx: Context) -> Outcome:
        """Show."""
        return succeed({"token": self.token, "config": dict(ctx.config)})


async def test_a_missing_execution_model_is_told(desk: Embedded):
    """A stored type may outlive what runs it."""
    from jackfield.definition.model import CommandDefinition, ConnectorDefinition
    from jackfield.registry.catalogue import ConnectorType

    commands = {"go": CommandDefinition(name="go")}
    desk.base.add_type(
        ConnectorType(definition=ConnectorDefinition(name="outside", execution_model="external", commands=commands))
    )

    with pytest.raises(ExecutionModelMissing, match="`external`, which is not installed"):
        await desk.run(call("go", target="outside"))


async def test_a_mock_needs_neither_connection_nor_credential():
    """R05: work begins before anybody has a key."""
    runtime = Embedded(Settings(database_url="memory", mock=True), types=[Mocked])
    outcome = await runtime.run(call("ask", target="mocked"))
    await runtime.close()

    assert (outcome.payload, outcome.metadata["mock"]) == ({"answer": 42}, True)


class Mocked(Connector, name="mocked"):
    """Has a mock, and needs a key."""

    api_key: Secret = field("Key.")

    @command(mock={"default": {"payload": {"answer": 42}}})
    async def ask(self) -> Outcome:
        """Ask."""
        return fail("never called")
