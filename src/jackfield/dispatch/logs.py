"""A connector's log, without its secrets."""

from __future__ import annotations

import logging
import sys
import traceback
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from typing import Any, TypeAlias

from jackfield.definition.levels import LEVELS
from jackfield.dispatch.kept_json import sound_text
from jackfield.vault.masking import Mask

MAX_LINES = 1_000
MAX_LINES_CHARACTERS = 256 * 1024
"""Of the lines that a caller is answered with."""

Told: TypeAlias = Callable[[int, str], None]
"""Hears of a line, masked: its level, and the text. It may be called from any thread, and neither waits nor raises."""

TOLD: ContextVar[Told | None] = ContextVar("TOLD", default=None)
"""Who follows the logs of a call while it goes on, and of those on its way."""

_WORDS = {number: word for word, number in LEVELS.items()}


class Lines:
    """The first lines of a call's log, for its caller.

    Attributes:
        kept: As `{level, message}`, masked.
        left_out: How many came when there was no more room.
    """

    def __init__(self) -> None:
        self.kept: list[dict[str, str]] = []
        self.left_out = 0
        self._room = MAX_LINES_CHARACTERS

    def add(self, level: int, message: str) -> None:
        """Keep a line, if there is room for it."""
        if len(self.kept) >= MAX_LINES or len(message) > self._room:
            self.left_out += 1
            return
        self._room -= len(message)
        self.kept.append({"level": _WORDS.get(level, logging.getLevelName(level).lower()), "message": message})


class MaskedLogger(logging.LoggerAdapter[logging.Logger]):
    """Masks the connection's secrets in messages, their arguments and tracebacks."""

    def __init__(
        self,
        logger: logging.Logger,
        mask: Mask,
        *,
        level: str = "",
        lines: Lines | None = None,
        told: Told | None = None,
    ) -> None:
        """Args:
        logger: The connector's.
        mask: Of what the call uses.
        level: Of the connector: what is less important is not kept, and all else is; empty for what `logger` keeps.
        lines: Takes every line, whatever is kept.
        told: Hears of every line, likewise.
        """
        super().__init__(logger, {})
        self._mask = mask
        self._level = level
        self._least = LEVELS[level] if level else None
        self._lines = lines
        self._told = told

    def with_mask(self, mask: Mask, lines: Lines | None) -> MaskedLogger:
        """The same for one call."""
        return MaskedLogger(self.logger, mask, level=self._level, lines=lines, told=TOLD.get())

    def isEnabledFor(self, level: int) -> bool:  # noqa: N802 - of `logging`
        """Whether anybody gets a line of that level."""
        return self._lines is not None or self._told is not None or self._is_kept(level)

    def _is_kept(self, level: int) -> bool:
        return self.logger.isEnabledFor(level) if self._least is None else level >= self._least

    def log(self, level: int, msg: object, *args: object, **kwargs: Any) -> None:
        """Log the finished, masked message. As with `logging` itself, bad arguments never raise."""
        if not self.isEnabledFor(level):
            return
        text = _formatted(msg, args)
        if error := _exception(kwargs.pop("exc_info", None)):
            text += "\n" + "".join(traceback.format_exception(error)).rstrip()
        extra = _renamed(self._mask.json(kwargs.pop("extra", None)) or {})
        kwargs["stacklevel"] = kwargs.get("stacklevel", 1) + 1  # the line of the connector, not this one
        text = sound_text(self._mask.text(text))  # a handler that cannot encode it would drop it
        if self._lines is not None:
            self._lines.add(level, text)
        if self._told is not None:
            self._told(level, text)
        if self._least is None:
            self.logger.log(level, "%s", text, extra=extra, **kwargs)
        elif level >= self._least:
            self.logger._log(level, "%s", (text,), extra=extra, **kwargs)  # whatever the process keeps otherwise


_TAKEN = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime"}


def _renamed(extra: Mapping[str, Any]) -> dict[str, Any]:
    """`extra` without names that a log record has itself, which `logging` would raise for."""
    return {f"{name}_" if name in _TAKEN else name: value for name, value in extra.items()}


def _formatted(msg: object, args: tuple[object, ...]) -> str:
    """As `logging.LogRecord.getMessage`, with one mapping for named places."""
    if not args:
        return str(msg)
    values = args[0] if len(args) == 1 and isinstance(args[0], Mapping) and args[0] else args
    try:
        return str(msg) % values
    except (TypeError, ValueError, KeyError):
        return f"{msg} {args!r}"


def _exception(given: Any) -> BaseException | None:
    if isinstance(given, BaseException):
        return given
    if isinstance(given, tuple):
        error: BaseException | None = given[1]
        return error
    return sys.exception() if given else None
