"""Writing down what somebody did, in the transaction in which it is done."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from sqlalchemy import Connection

from jackfield.access.principal import Principal
from jackfield.storage import audit
from jackfield.storage.audit import Verdict

MAX_CHARACTERS = 300

_NOTHING: Mapping[str, Any] = MappingProxyType({})


def append(
    connection: Connection,
    principal: Principal,
    *,
    action: str,
    resource: str,
    resource_id: str,
    verdict: Verdict = "done",
    details: Mapping[str, Any] = _NOTHING,
) -> None:
    """Add an entry to the audit log of the caller's tenant.

    Args:
        principal: Who did it, or tried.
        action: Such as `connector.update`.
        resource: The kind of thing, such as `connector`.
        resource_id: Which one. Cut at 300 characters.
        verdict: `denied` for an attempt that was refused.
        details: JSON. No secret, nor anything that could hold one.
    """
    audit.append(
        connection,
        tenant=principal.tenant,
        actor=principal.id,
        action=action,
        resource=resource,
        resource_id=_storable(resource_id),
        verdict=verdict,
        details=details,
    )


def _storable(text: str) -> str:
    """Without what a database cannot keep: nobody escapes the log by asking for an odd name."""
    return text[:MAX_CHARACTERS].replace("\0", "\N{REPLACEMENT CHARACTER}").encode("utf-8", "replace").decode()
