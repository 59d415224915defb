"""A connector's log."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest

from jackfield.definition.levels import TRACE
from jackfield.definition.secret import Secret
from jackfield.dispatch.logs import MAX_LINES, Lines, MaskedLogger
from jackfield.vault.masking import Mask

KEY = "sk-live-0123456789"


@pytest.fixture
def log(caplog: pytest.LogCaptureFixture) -> Iterator[MaskedLogger]:
    with caplog.at_level(logging.INFO):
        yield MaskedLogger(logging.getLogger("jackfield.connector.test"), Mask([Secret(KEY)]))


def test_messages_arguments_and_extras_are_masked(log: MaskedLogger, caplog: pytest.LogCaptureFixture):
    """A log goes to more places than an answer."""
    log.info("key %s of %s", KEY, {"k": KEY}, extra={"header": f"Bearer {KEY}"})
    (record,) = caplog.records

    assert record.getMessage() == "key ******** of {'k': '********'}"
    assert record.header == "Bearer ********"


@pytest.mark.parametrize("how", ["current", "given"])
def test_tracebacks_are_masked(log: MaskedLogger, caplog: pytest.LogCaptureFixture, how: str):
    """Exceptions quote what they were given, also when they are logged outside their `except`."""
    try:
        raise ValueError(KEY)
    except ValueError as caught:
        error = caught
        if how == "current":
            log.exception("failed")
    if how == "given":
        log.error("failed", exc_info=error)
    text = caplog.text

    assert "ValueError: ********" in text
    assert KEY not in text


def test_named_places_are_filled(log: MaskedLogger, caplog: pytest.LogCaptureFixture):
    """As `logging` does it."""
    log.info("%(a)s and %(b)d", {"a": "x", "b": 2})

    assert caplog.records[0].getMessage() == "x and 2"


@pytest.mark.parametrize("arguments", [("%d", "x"), ("%s %s", 1), ("%s", 1, 2), ("100%", 1), ("%(no)s", {"a": 1})])
def test_a_wrong_log_line_never_fails_a_command(log: MaskedLogger, caplog: pytest.LogCaptureFixture, arguments: tuple):
    """`logging` prints a complaint and goes on; a call must not end because of one."""
    log.info(*arguments)

    assert len(caplog.records) == 1


def test_a_line_below_the_level_costs_nothing(log: MaskedLogger, caplog: pytest.LogCaptureFixture):
    """Not even the formatting."""

    class Loud:
        def __str__(self) -> str:
            raise AssertionError

    log.debug("%s", Loud())

    assert caplog.records == []


def test_names_of_a_record_are_no_trap(log: MaskedLogger, caplog: pytest.LogCaptureFixture):
    """`logging` raises for them; and the line that is told is the connector's."""
    log.info("x", extra={"name": "n", "message": "m", "mine": 1})
    (record,) = caplog.records

    assert (record.name_, record.message_, record.mine) == ("n", "m", 1)
    assert record.filename == "test_logs.py"


@pytest.mark.parametrize(("level", "kept"), [("", ["b", "c"]), ("trace", ["t", "a", "b", "c"]), ("error", ["c"])])
def test_the_level_of_a_connector_wins_over_that_of_the_process(
    caplog: pytest.LogCaptureFixture, level: str, kept: list[str]
):
    """V03: one noisy connector can be silenced, and one that is looked at be heard, without all others."""
    with caplog.at_level(logging.INFO):
        caplog.handler.setLevel(0)
        log = MaskedLogger(logging.getLogger("jackfield.connector.one"), Mask(()), level=level)
        log.log(TRACE, "t")
        log.debug("a")
        log.info("b")
        log.error("c")

    assert [record.getMessage() for record in caplog.records] == kept


def test_the_lines_of_a_call_are_kept_for_its_caller_whatever_the_level(caplog: pytest.LogCaptureFixture):
    """C05: the switch for one call. They are masked, and bounded."""
    lines = Lines()
    log = MaskedLogger(logging.getLogger("jackfield.connector.one"), Mask([Secret(KEY)]), level="error", lines=lines)
    log.log(TRACE, "with %s", KEY)
    log.warning("x" * 300_000)
    for _ in range(MAX_LINES):
        log.warning("more")

    assert lines.kept[:2] == [{"level": "trace", "message": "with ********"}, {"level": "warn", "message": "more"}]
    assert (len(lines.kept), lines.left_out) == (MAX_LINES, 2)
    assert caplog.records == []
