"""`run_command`: the test kit runs a command as it will run, without server or database."""

from __future__ import annotations

import threading

import pytest

from jackfield import (
    Connector,
    Context,
    InvalidParams,
    Secret,
    WrongUse,
    command,
    field,
    run_command,
    run_command_async,
    succeed,
)
from jackfield.dispatch.errors import InvalidOption, MockMissing
from jackfield.registry.errors import CommandMissing, ConnectorNotConfigured, UnknownCommand

CLOSED: list[str] = []


class Widget(Connector, name="runner-widget", default_command="list_widgets"):
    """The guide's example, in Python."""

    base_url: str = field("API base URL.", default="https://widgets.example")
    api_key: Secret = field("API key.")

    @command(
        outputs=["widgets", "total"],
        mock={
            "default": lambda: succeed({"widgets": [{"id": 1}], "total": 1}),
            "empty": lambda: succeed({"widgets": [], "total": 0}),
        },
    )
    async def list_widgets(self, ctx: Context, limit: int = 50):
        """List widgets."""
        return succeed({"widgets": [], "total": limit}, variables={"widget_count": 0})

    async def close(self):
        CLOSED.append(self.base_url)


class Bare(Connector, name="runner-bare"):
    @command
    async def get_thing(self):
        return succeed("thing")


CONFIG = {"api_key": "key-0123456789"}


def test_a_command_runs_without_server_and_database():
    """One line in a unit test."""
    outcome = run_command(Widget, "list_widgets", {"limit": 10}, config=CONFIG)

    assert (outcome.success, outcome["total"]) == (True, 10)
    assert outcome.variables == {"widget_count": 0}
    assert outcome.metadata["command"] == "list_widgets"
    assert outcome.metadata["version"] == "1.0.0"


def test_without_a_name_the_default_command_runs():
    """The whole data is then its params."""
    assert run_command(Widget, params={"limit": 3}, config=CONFIG)["total"] == 3


def test_without_a_name_and_a_default_command_the_commands_are_listed():
    """Nothing is guessed."""
    with pytest.raises(CommandMissing, match="no command") as refused:
        run_command(Bare)

    assert "`get_thing`" in refused.value.hint


@pytest.mark.parametrize("name", ["list_widgets", "listWidgets", "list-widgets"])
def test_the_command_may_be_named_in_any_case_style(name):
    """As in every call."""
    assert run_command(Widget, name, config=CONFIG).success


def test_a_command_that_is_not_there_is_told_with_what_was_meant():
    """As in every call."""
    with pytest.raises(UnknownCommand) as refused:
        run_command(Widget, "list_widget", config=CONFIG)

    assert "`list_widgets`" in refused.value.hint


def test_params_are_checked():
    """A test that passes with params that the server refuses would be no test."""
    with pytest.raises(InvalidParams, match="limit"):
        run_command(Widget, "list_widgets", {"limit": "many"}, config=CONFIG)


def test_the_connection_must_be_filled_in():
    """As a configured connector's must."""
    with pytest.raises(ConnectorNotConfigured, match=r"^Missing required field\(s\): api_key"):
        run_command(Widget, "list_widgets")


@pytest.mark.parametrize(("scenario", "total"), [("default", 1), ("empty", 0)])
def test_a_mock_needs_no_connection(scenario, total):
    """That is what it is for."""
    assert run_command(Widget, "list_widgets", mock=scenario)["total"] == total


def test_a_scenario_that_is_not_there_is_told_with_those_that_are():
    """It does not fall through to the real service."""
    with pytest.raises(MockMissing) as refused:
        run_command(Widget, "list_widgets", config=CONFIG, mock="full")

    assert "`default`" in refused.value.hint
    assert "`empty`" in refused.value.hint


async def test_asynchronous_tests_have_their_own_form():
    """With equal outcomes."""
    outcome = await run_command_async(Widget, "list_widgets", {"limit": 10}, config=CONFIG)

    assert outcome["total"] == 10


async def test_the_waiting_form_refuses_to_stop_a_running_loop():
    """It would hang for ever; the error names the other form."""
    with pytest.raises(WrongUse) as refused:
        run_command(Widget, "list_widgets", config=CONFIG)

    assert "run_command_async" in refused.value.hint


def test_what_the_command_opened_is_closed():
    """A test suite calls it a thousand times."""
    CLOSED.clear()
    before = threading.active_count()

    run_command(Widget, "list_widgets", config=CONFIG | {"base_url": "https://closed.example"})

    assert CLOSED == ["https://closed.example"]
    assert threading.active_count() <= before


def test_calls_know_nothing_of_each_other():
    """Tests may run in any order."""
    first = run_command(Widget, "list_widgets", config=CONFIG)
    second = run_command(Widget, "list_widgets", config=CONFIG)

    assert first.metadata["executionId"] != second.metadata["executionId"]


@pytest.mark.parametrize("timeout_s", [0, 0.5, 301])
def test_a_time_out_has_the_bounds_of_every_call(timeout_s):
    """1 to 300 seconds."""
    with pytest.raises(InvalidOption, match="timeout_s"):
        run_command(Widget, "list_widgets", config=CONFIG, timeout_s=timeout_s)
