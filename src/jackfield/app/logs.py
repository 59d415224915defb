"""Where the log of a process goes, and how its lines look.

One handler on the root logger, for every library of the process. Secrets are masked before they come here; see
`vault.log_filter.mask_all_logs`, which has to be called after this.
"""

from __future__ import annotations

import logging
import sys
from datetime import UTC, datetime

from jackfield.settings import Settings

_SHORT = "%(levelname)s %(name)s: %(message)s"
_INDENT = "\n    "


def set_up_logs(settings: Settings, *, with_time: bool = False) -> None:
    """Write the log of this process to stderr, as `log_level` and `log_format` say. A later call replaces an earlier.

    Args:
        with_time: Begin each line of text with the time; JSON always has it. For what runs on and on.
    """
    handler = next((each for each in logging.root.handlers if isinstance(each, _Handler)), None)
    if handler is None:
        # One for good, so that whatever masks it goes on doing so.
        handler = _Handler()
        logging.root.addHandler(handler)
    handler.setFormatter(_formatter(settings, with_time=with_time))
    logging.root.setLevel(settings.log_level.upper())
    logging.captureWarnings(settings.log_format == "json")  # else a line among the others that is no JSON


class _Handler(logging.StreamHandler):  # type: ignore[type-arg]  # generic for type checkers only
    """To whatever is stderr when a record comes."""

    def __init__(self) -> None:
        logging.Handler.__init__(self)

    @property
    def stream(self):  # type: ignore[no-untyped-def]
        """Stderr."""
        return sys.stderr


def _formatter(settings: Settings, *, with_time: bool) -> logging.Formatter:
    if settings.log_format == "json":
        from jackfield.app.logs_json import JsonFormatter

        return JsonFormatter()
    return TextFormatter(f"%(asctime)s {_SHORT}" if with_time else _SHORT)


class TextFormatter(logging.Formatter):
    """For people: a line for each record, and what belongs to it indented below.

    So nothing that a service or a caller sends looks like another record, or moves the terminal.
    """

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:  # noqa: N802 - of `logging`
        """In UTC, to the millisecond."""
        return moment(record)

    def format(self, record: logging.LogRecord) -> str:
        """The lines of `record`."""
        text = super().format(record)
        return text if text.isprintable() else _INDENT.join(_visible(line) for line in text.split("\n"))


def moment(record: logging.LogRecord) -> str:
    """When it was made, as RFC 3339 has it: `2026-11-21T09:41:22.107Z`."""
    return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _visible(line: str) -> str:
    """With an escape such as `\\x1b` for all that cannot be seen, or turns the direction of text."""
    if line.isprintable():
        return line
    return "".join(one if one.isprintable() else one.encode("unicode_escape").decode() for one in line)
