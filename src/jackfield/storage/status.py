"""How far a call has come."""

from __future__ import annotations

from typing import Literal

Status = Literal["PENDING", "RUNNING", "AWAITING_INPUT", "COMPLETED", "FAILED", "CANCELLED", "UNKNOWN_OUTCOME"]
