"""How long a service asks to wait.

Source: RFC 9110, section 10.2.3; RFC 6585, section 4.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from email.utils import parsedate_to_datetime

MAX_S = 24 * 3600.0


def retry_after_s(headers: Mapping[str, str]) -> float | None:
    """Seconds until the request may be tried again; `None` where the service does not say.

    A date counts from the `Date` of the same answer, so that a service whose clock is off is understood all the same.

    Args:
        headers: Of the answer; names are matched without regard to case.
    """
    given = headers.get("Retry-After", "").strip()
    if given.isascii() and given.isdigit():
        return min(float(given[:9]), MAX_S)
    until = _moment(given)
    if until is None:
        return None
    now = _moment(headers.get("Date", "")) or time.time()
    return min(max(0.0, until - now), MAX_S)


def _moment(given: str) -> float | None:
    try:
        return parsedate_to_datetime(given).timestamp() if given else None
    except (ValueError, OverflowError):
        return None
