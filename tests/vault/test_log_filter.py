"""No log record shows a secret, whoever writes it and however it is formatted."""

from __future__ import annotations

import base64
import io
import json
import logging
import logging.handlers
import queue
from collections.abc import Iterator
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jackfield.definition.secret import MASK, Secret
from jackfield.vault import log_filter
from jackfield.vault.log_filter import WITHHELD, MaskingFilter, mask_all_logs
from jackfield.vault.watch import SecretWatch

SECRET = "canary/0123456789+secret?value"


class Everything(logging.Formatter):
    """Writes all of a record as JSON, with tracebacks and objects in its own way, as log collectors do."""

    def format(self, record: logging.LogRecord) -> str:
        shown = dict(vars(record))
        if record.exc_info:
            shown["exc_info"] = self.formatException(record.exc_info)
        return json.dumps(shown, default=repr) + super().format(record)


@pytest.fixture(autouse=True)
def nobody_masks_yet(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """As in a program that has just begun, whatever runtimes other tests have left to the end of the process."""
    before = logging.getLogRecordFactory()
    filters = {handler: handler.filters for handler in [*logging.root.handlers, logging.lastResort] if handler}
    logging.setLogRecordFactory(logging.LogRecord)
    monkeypatch.setattr(log_filter, "_at_birth", log_filter._AtBirth())
    for handler in filters:
        handler.filters = []
    yield
    logging.setLogRecordFactory(before)
    for handler, theirs in filters.items():
        handler.filters = theirs


@pytest.fixture
def watch() -> SecretWatch:
    watch = SecretWatch()
    watch.add(Secret(SECRET))
    return watch


@pytest.fixture
def log(watch: SecretWatch) -> Iterator[tuple[logging.Logger, io.StringIO]]:
    """A logger with one masked handler, and what that has written."""
    logger, written = logging.Logger("jackfield.test", logging.DEBUG), io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(Everything())
    handler.addFilter(MaskingFilter(watch))
    logger.addHandler(handler)
    yield logger, written
    handler.close()


class Careless:
    """Shows its token when it is printed."""

    def __init__(self, token: str) -> None:
        self.token = token

    def __repr__(self) -> str:
        return f"Careless({self.token})"


class Broken:
    """Cannot be printed."""

    def __repr__(self) -> str:
        raise RuntimeError("no")


def raised(message: str) -> Exception:
    try:
        try:
            raise ValueError(message)
        except ValueError as cause:
            raise RuntimeError("outer") from cause
    except RuntimeError as error:
        error.add_note(f"note {message}")
        return error


WAYS = {
    "message": lambda log: log.debug(f"token={SECRET}"),
    "argument": lambda log: log.info("token=%s", SECRET),
    "argument's repr": lambda log: log.info("%r", [SECRET.encode(), {"a": (SECRET,)}]),
    "named argument": lambda log: log.info("%(token)s", {"token": SECRET}),
    "argument left out": lambda log: log.info("%(user)s", {"user": "ada", "token": SECRET}),
    "argument cut by the format": lambda log: log.info("%.14s", SECRET),
    "too many arguments": lambda log: log.info("done", SECRET),  # noqa: PLE1205
    "wrong arguments": lambda log: log.info("%d", SECRET),
    "object": lambda log: log.warning(Careless(SECRET)),
    "traceback": lambda log: log.error("failed", exc_info=raised(SECRET)),
    "stack": lambda log: log.error(SECRET, stack_info=True),
    "extra": lambda log: log.info("x", extra={"token": SECRET}),
    "nested extra": lambda log: log.info("x", extra={"a": [{"b": {SECRET: (1, SECRET)}}]}),
    "extra object": lambda log: log.info("x", extra={"a": Careless(SECRET), "b": SECRET.encode(), "c": {SECRET}}),
    "broken object beside it": lambda log: log.info("x", extra={"a": Broken(), "token": SECRET}),
    "broken argument beside it": lambda log: log.info("%s %s", Broken(), SECRET),
}


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_no_way_of_logging_shows_a_secret(way, log, canary, capfd):
    """Not in the line, and not in what `logging` itself prints to stderr about a record that it cannot format."""
    logger, written = log
    way(logger)
    line = written.getvalue()

    assert line
    assert SECRET[:9] not in line
    assert not canary.in_(line)
    assert not canary.in_(capfd.readouterr().err)


@pytest.mark.parametrize("shape", ["https://x.example/?key={}", "Basic {}"])
def test_encoded_secrets_are_masked(shape, log, canary):
    """Clients log URLs and headers at debug level."""
    logger, written = log
    logger.debug(shape, quote(SECRET, safe=""))
    logger.debug(shape, base64.b64encode(f"user:{SECRET}".encode()).decode())

    assert not canary.in_(written.getvalue())
    assert MASK in written.getvalue()


@settings(max_examples=30)
@given(st.text(max_size=30), st.dictionaries(st.sampled_from(["a", "b"]), st.integers() | st.text(max_size=20)))
def test_a_record_without_secrets_is_not_touched(message, extra):
    """Collectors group by the message before its arguments are filled in."""
    watch = SecretWatch()
    watch.add(Secret("another-secret-value"))
    masking = MaskingFilter(watch)
    record = logging.makeLogRecord({"msg": "%s: %d", "args": (message, 1), "exc_info": None, **extra})
    before = dict(vars(record))
    masking.filter(record)

    assert vars(record) == before


def test_masked_arguments_keep_the_message_apart(watch):
    """So that the same line with another token is still the same message."""
    record = logging.makeLogRecord({"msg": "%s of %s", "args": ("token", SECRET)})
    MaskingFilter(watch).filter(record)

    assert (record.msg, record.args) == ("%s of %s", ("token", MASK))


def test_a_clean_traceback_is_left_to_the_formatter():
    """It may show it in colours, or one line a frame."""
    watch = SecretWatch()
    watch.add(Secret("another-secret-value"))
    error = raised("harmless")
    record = logging.makeLogRecord({"msg": "x", "exc_info": (type(error), error, None)})
    MaskingFilter(watch).filter(record)

    assert record.exc_info is not None
    assert record.exc_text is None


def test_a_masked_traceback_keeps_its_frames(log):
    """What happened is still to be seen."""
    logger, written = log
    logger.error("failed", exc_info=raised(SECRET))

    assert f"ValueError: {MASK}" in written.getvalue()
    assert "in raised" in written.getvalue()


class Failing(SecretWatch):
    """Cannot search."""

    def mask(self, text: str) -> str:
        raise MemoryError


def test_a_record_that_cannot_be_searched_is_withheld(canary):
    """Logging must not fail, and when in doubt not tell."""
    record = logging.makeLogRecord(
        {"msg": SECRET, "args": (), "stack_info": SECRET, "exc_text": SECRET, "token": SECRET}
    )

    assert MaskingFilter(Failing()).filter(record)
    assert record.getMessage() == WITHHELD
    assert not canary.in_(vars(record))


def test_a_circle_is_withheld(log, canary):
    """An object that contains itself has no end to search to."""
    circle: dict[str, object] = {"token": SECRET}
    circle["again"] = circle
    logger, written = log
    logger.info("x", extra={"circle": circle})

    assert WITHHELD in written.getvalue()
    assert not canary.in_(written.getvalue())


def test_all_logs_are_masked_those_of_later_handlers_too(watch, canary):
    """A library sets its own logging up after Jackfield has started."""
    early, late = io.StringIO(), io.StringIO()
    some, other = logging.getLogger("some.library"), logging.getLogger("other.library")
    some.addHandler(first := logging.StreamHandler(early))
    undo = mask_all_logs(watch)
    try:
        other.addHandler(second := logging.StreamHandler(late))
        for logger in (some, other):
            logger.error("token=%s", SECRET, exc_info=raised(SECRET))
    finally:
        undo()
        some.removeHandler(first)
        other.removeHandler(second)

    for written in (early, late):
        assert f"token={MASK}" in written.getvalue()
        assert not canary.in_(written.getvalue())


def test_undoing_leaves_logging_as_it_was(watch):
    """An embedded runtime is closed while its application goes on."""
    factory = logging.getLogRecordFactory()
    handlers = {handler: list(handler.filters) for handler in logging.root.handlers}
    mask_all_logs(watch)()

    assert logging.getLogRecordFactory() is factory
    assert {handler: handler.filters for handler in logging.root.handlers} == handlers
    assert logging.lastResort is None or logging.lastResort.filters == []


def born(text: str) -> str:
    """What a record says before any handler has seen it."""
    return logging.getLogRecordFactory()("x", logging.ERROR, "x.py", 1, text, (), None).getMessage()


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_several_watches_mask_and_end_in_any_order(order):
    """Two runtimes in one process: closing one must not show the secrets of the other."""
    factory = logging.getLogRecordFactory()
    secrets = ["first/0123456789", "second/0123456789"]
    watches = [SecretWatch(), SecretWatch()]
    for one, secret in zip(watches, secrets, strict=True):
        one.add(Secret(secret))
    undo = [mask_all_logs(one) for one in watches]
    said = [born(" ".join(secrets))]
    for index in order:
        undo[index]()
        undo[index]()
        said.append(born(" ".join(secrets)))
    left = [MASK if index != order[0] else secret for index, secret in enumerate(secrets)]

    assert said == [f"{MASK} {MASK}", " ".join(left), " ".join(secrets)]
    assert logging.getLogRecordFactory() is factory


@pytest.mark.parametrize("wraps", [True, False])
def test_a_factory_that_somebody_sets_meanwhile_is_respected(watch, wraps):
    """A tracing library does. It stays when Jackfield goes, and what starts after it masks again."""
    factory = logging.getLogRecordFactory()
    undo = mask_all_logs(watch)
    inner = logging.getLogRecordFactory() if wraps else factory

    def theirs(*args, **kwargs):
        return inner(*args, **kwargs)

    logging.setLogRecordFactory(theirs)
    try:
        again = mask_all_logs(watch)
        masked = born(SECRET)
        undo()
        masked_still = born(SECRET)
        again()

        assert masked == masked_still == MASK
        assert logging.getLogRecordFactory() is theirs
        assert born(SECRET) == SECRET
    finally:
        logging.setLogRecordFactory(factory)


def test_a_record_for_another_thread_is_masked_before_it_leaves(watch, canary):
    """A queue handler formats and pickles it."""
    records: queue.SimpleQueue[logging.LogRecord] = queue.SimpleQueue()
    handler = logging.handlers.QueueHandler(records)
    handler.addFilter(MaskingFilter(watch))
    logger = logging.Logger("jackfield.test")
    logger.addHandler(handler)
    logger.error("token=%s", SECRET, exc_info=raised(SECRET), extra={"token": SECRET})

    assert not canary.in_(vars(records.get_nowait()))
