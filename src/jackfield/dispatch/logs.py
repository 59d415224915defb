"""A connector's log, without its secrets."""

from __future__ import annotations

import logging
from collections.abc import MutableMapping
from typing import Any

from jackfield.vault.masking import Mask


class MaskedLogger(logging.LoggerAdapter[logging.Logger]):
    """Masks the connection's secrets in messages, their arguments and tracebacks."""

    def __init__(self, logger: logging.Logger, mask: Mask) -> None:
        super().__init__(logger, {})
        self._mask = mask

    def log(self, level: int, msg: object, *args: object, **kwargs: Any) -> None:
        """Log the finished, masked message."""
        if self.isEnabledFor(level):
            text = self._mask.text(str(msg) % args if args else str(msg))
            if kwargs.pop("exc_info", None):
                import traceback

                text += "\n" + self._mask.text(traceback.format_exc())
            self.logger.log(level, "%s", text, **kwargs)

    def process(self, msg: Any, kwargs: MutableMapping[str, Any]) -> tuple[Any, MutableMapping[str, Any]]:
        """Keep what the caller adds under `extra`."""
        return msg, kwargs
