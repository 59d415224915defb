"""Log records as lines of JSON, for programs that collect them."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from typing import Any

from structlog.stdlib import ProcessorFormatter
from structlog.typing import EventDict

from jackfield.app.logs import moment

TAKEN = ("timestamp", "level", "logger", "event", "exception", "stack")
"""What a line has of its own, in this order."""

_OWN = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
_NOT_SHOWN = _OWN | {"color_message"}  # of uvicorn: the message again, for terminals


class JsonFormatter(ProcessorFormatter):
    """One JSON object a line, in ASCII: `timestamp`, `level`, `logger`, `event`, and what was given as `extra`.

    An exception is text in `exception`. An extra field with the name of one of these gets a `_` behind it, so that it
    cannot pass for it.
    """

    def __init__(self) -> None:
        super().__init__(
            foreign_pre_chain=[_fields],
            processors=[ProcessorFormatter.remove_processors_meta, _line],
            fmt="%(message)s",
        )

    def format(self, record: logging.LogRecord) -> str:
        """The line of `record`."""
        try:
            return super().format(record)
        except Exception:
            # `logging` would print the record to stderr in lines that are no JSON.
            found = _head(record) | {"event": f"{record.msg} {record.args!r}" if record.args else str(record.msg)}
            return json.dumps(found, default=str)


def _fields(_: Any, __: str, event: EventDict) -> EventDict:
    record: logging.LogRecord = event["_record"]
    found: dict[str, Any] = _head(record) | {"event": event["event"]}
    if exception := _exception(record):
        found["exception"] = exception
    if record.stack_info:
        found["stack"] = record.stack_info
    for name, value in vars(record).items():
        if name not in _NOT_SHOWN:
            found[f"{name}_" if name in TAKEN else name] = value
    # What the formatter takes away before the last step.
    return found | {"_record": record, "_from_structlog": False}


def _head(record: logging.LogRecord) -> dict[str, Any]:
    return {"timestamp": moment(record), "level": record.levelname.lower(), "logger": record.name}


def _exception(record: logging.LogRecord) -> str:
    """As text. One with a secret in it has been made text already, masked, and its own object taken away."""
    if record.exc_info and not record.exc_text:
        return logging.Formatter().formatException(record.exc_info)
    return record.exc_text or ""


def _line(_: Any, __: str, event: EventDict) -> str:
    try:
        return json.dumps(event, default=str, allow_nan=False)
    except (TypeError, ValueError, RecursionError):
        # A key that is no text, a cycle, a number that is none: of such a field, what `print` would show.
        return json.dumps({name: value if name in TAKEN else _shown(value) for name, value in event.items()})


def _shown(value: Any) -> Any:
    plain = value is None or isinstance(value, str | bool | int)
    return value if plain else str(dict(value) if isinstance(value, Mapping) else value)
