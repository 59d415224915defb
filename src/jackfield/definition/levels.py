"""How important a line of a connector's log is."""

from __future__ import annotations

import logging
from collections.abc import Mapping

TRACE = 5
"""Below `debug`, which `logging` has no name for."""

logging.addLevelName(TRACE, "TRACE")

LEVELS: Mapping[str, int] = {
    "trace": TRACE,
    "debug": logging.DEBUG,
    "info": logging.INFO,
    "warn": logging.WARNING,
    "error": logging.ERROR,
}
"""By the words of scripts and of a connector's `logLevel`."""
