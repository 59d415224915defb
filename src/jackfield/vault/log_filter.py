"""Logs without secrets, whoever writes them."""

from __future__ import annotations

import logging
import os
import threading
import traceback
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from jackfield.vault.watch import SecretWatch

WITHHELD = "a log record was withheld: it could not be searched for secrets"

_OWN = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
_NAMES = ("name", "threadName", "processName", "taskName")


class MaskingFilter(logging.Filter):
    """Masks every record that passes: message, arguments, traceback, stack and what was given as `extra`.

    Put it on handlers: a logger's filter does not see the records of the loggers below it. A record without a secret
    stays as it is. It never raises; a record that cannot be searched is replaced by a line that says so.
    """

    def __init__(self, watch: SecretWatch) -> None:
        super().__init__()
        self._watch = watch

    def filter(self, record: logging.LogRecord) -> bool:
        """Always true."""
        try:
            self._mask(record)
        except Exception:
            _withhold(record)
        return True

    def _mask(self, record: logging.LogRecord) -> None:
        mask = self._watch.mask
        # Arguments first: `%.20s` shows the beginning of a secret, and some handlers send along what is not shown.
        record.args = self._masked(record.args)
        text, formats = _message(record)
        # `logging` prints a record that it cannot format to stderr with all its arguments.
        if (masked := mask(text)) != text or not formats:
            record.msg, record.args = masked, None
        if record.exc_info and record.exc_info[1] is not None:
            trace = "".join(traceback.format_exception(record.exc_info[1])).rstrip()
            if (shown := mask(trace)) != trace:
                # Formatters that make a traceback of their own do so from `exc_info`.
                record.exc_text, record.exc_info = shown, None
        if record.exc_text:
            record.exc_text = mask(record.exc_text)
        if record.stack_info:
            record.stack_info = mask(record.stack_info)
        values = vars(record)
        for name in _NAMES:
            if isinstance(value := values.get(name), str):
                values[name] = mask(value)
        for name in [name for name in values if name not in _OWN]:
            values[name] = self._masked(values[name])

    def _masked(self, value: Any) -> Any:
        """`value` without secrets, itself where it has none."""
        if value is None or isinstance(value, bool | int | float):
            return value
        if isinstance(value, str):
            return self._watch.mask(value)
        if isinstance(value, Mapping):
            items = {self._masked(key): self._masked(inner) for key, inner in value.items()}
            return value if _same(items.items(), value.items()) else items
        if isinstance(value, list | tuple):
            inner = [self._masked(item) for item in value]
            return value if _same(inner, value) else tuple(inner) if isinstance(value, tuple) else inner
        # What a formatter may write of any other object.
        for text in (str(value), repr(value)):
            if (masked := self._watch.mask(text)) != text:
                return masked
        return value


def mask_all_logs(watch: SecretWatch) -> Callable[[], None]:
    """Keep secrets out of the records of every logger of this process; gives a function that undoes it.

    Handlers that are there get a `MaskingFilter`. For those that come later, records are masked when they are made;
    only what is given as `extra` is not in them yet then. Several watches may mask at once, and end in any order.
    """
    masking = MaskingFilter(watch)
    handlers = list(_handlers())
    for handler in handlers:
        handler.addFilter(masking)
    _at_birth.add(masking)

    def undo() -> None:
        _at_birth.discard(masking)
        for handler in handlers:
            handler.removeFilter(masking)

    return undo


class _AtBirth:
    """What masks records when they are made: one factory for all of them.

    With one factory each, a factory could be taken out only in the reverse order.
    """

    def __init__(self) -> None:
        self._filters: tuple[MaskingFilter, ...] = ()
        self._make: Callable[..., logging.LogRecord] | None = None
        self._uninstall: Callable[[], None] = lambda: None
        self._lock = threading.Lock()

    def add(self, masking: MaskingFilter) -> None:
        with self._lock:
            if logging.getLogRecordFactory() is not self._make:  # the first, or somebody has set another one since
                self._install()
            self._filters = (*self._filters, masking)

    def discard(self, masking: MaskingFilter) -> None:
        with self._lock:
            left = tuple(each for each in self._filters if each is not masking)
            if self._filters and not left:
                self._uninstall()
            self._filters = left

    def new_lock(self) -> None:
        """In a process that was forked, where the old one may be held by a thread that is not there."""
        self._lock = threading.Lock()

    def _install(self) -> None:
        earlier = logging.getLogRecordFactory()

        def make(*args: Any, **kwargs: Any) -> logging.LogRecord:
            record = earlier(*args, **kwargs)
            for masking in self._filters:
                masking.filter(record)
            return record

        def uninstall() -> None:
            if logging.getLogRecordFactory() is make:  # else somebody's stands before it, and it stays, doing nothing
                logging.setLogRecordFactory(earlier)

        self._make, self._uninstall = make, uninstall
        logging.setLogRecordFactory(make)


_at_birth = _AtBirth()
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_at_birth.new_lock)


def _handlers() -> Iterator[logging.Handler]:
    loggers = [logging.root, *logging.root.manager.loggerDict.values()]
    found = {handler for logger in loggers if isinstance(logger, logging.Logger) for handler in logger.handlers}
    yield from found
    if logging.lastResort and logging.lastResort not in found:
        yield logging.lastResort


def _message(record: logging.LogRecord) -> tuple[str, bool]:
    """What the record says, and whether its arguments fit it."""
    try:
        return record.getMessage(), True
    except Exception:
        return f"{record.msg} {record.args!r}", False


def _withhold(record: logging.LogRecord) -> None:
    record.msg, record.args = WITHHELD, None
    record.exc_info = record.exc_text = record.stack_info = None
    for name in [name for name in vars(record) if name not in _OWN]:
        setattr(record, name, WITHHELD)


def _same(some: Any, others: Any) -> bool:
    return all(one is other for one, other in zip(some, others, strict=True))
