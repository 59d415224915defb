"""A connector's log, without its secrets."""

from __future__ import annotations

import logging
import sys
import traceback
from collections.abc import Mapping
from typing import Any

from jackfield.dispatch.kept_json import sound_text
from jackfield.vault.masking import Mask


class MaskedLogger(logging.LoggerAdapter[logging.Logger]):
    """Masks the connection's secrets in messages, their arguments and tracebacks."""

    def __init__(self, logger: logging.Logger, mask: Mask) -> None:
        super().__init__(logger, {})
        self._mask = mask

    def log(self, level: int, msg: object, *args: object, **kwargs: Any) -> None:
        """Log the finished, masked message. As with `logging` itself, bad arguments never raise."""
        if not self.isEnabledFor(level):
            return
        text = _formatted(msg, args)
        if error := _exception(kwargs.pop("exc_info", None)):
            text += "\n" + "".join(traceback.format_exception(error)).rstrip()
        extra = _renamed(self._mask.json(kwargs.pop("extra", None)) or {})
        kwargs["stacklevel"] = kwargs.get("stacklevel", 1) + 1  # the line of the connector, not this one
        # A handler that cannot encode the text would drop it.
        self.logger.log(level, "%s", sound_text(self._mask.text(text)), extra=extra, **kwargs)


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
