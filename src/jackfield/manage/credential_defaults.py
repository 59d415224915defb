"""Which shared credential calls of everybody use that name none.

To its account goes what everybody sends. Whoever may put a credential could otherwise have all of that sent to an
account of their own, at a connector for which somebody else stands.
"""

from __future__ import annotations

from collections.abc import Sequence

from jackfield.access.errors import NotOwner
from jackfield.access.principal import Principal
from jackfield.registry.catalogue import ConfiguredConnector
from jackfield.storage.credentials import WHAT, CredentialRow


def default_for(
    principal: Principal,
    connector: ConfiguredConnector,
    row: CredentialRow,
    others: Sequence[CredentialRow],
    *,
    wanted: bool | None,
) -> bool:
    """Whether a new credential becomes the default of its connector and owner.

    Args:
        others: Of the same connector and owner.
        wanted: What the caller says; `None` for the first one.

    Raises:
        NotOwner: The caller wants it, and may not.
    """
    if wanted is False or (wanted is None and any(other.is_default for other in others)):
        return False
    if row.owner is not None or _may_lead(principal, connector, others):
        return True
    if wanted:
        raise _not_theirs(principal)
    return False


def require_leading(
    principal: Principal, connector: ConfiguredConnector | None, others: Sequence[CredentialRow]
) -> None:
    """Do nothing if calls of everybody may use a shared credential of the caller.

    Args:
        connector: `None` where it is not there any more: then nobody says.
        others: The shared ones of the same connector.

    Raises:
        NotOwner: That is for others to say.
    """
    if connector is None or not _may_lead(principal, connector, others):
        raise _not_theirs(principal)


def _may_lead(principal: Principal, connector: ConfiguredConnector, others: Sequence[CredentialRow]) -> bool:
    """Administrators and the owner of the connector may. Others may only where they take the place of nobody."""
    if principal.admin or (connector.owner and connector.owner == principal.id):
        return True
    return not any(other.is_default and other.author != principal.id for other in others)


def _not_theirs(principal: Principal) -> NotOwner:
    return NotOwner(user=principal.user, what=WHAT, name="that calls of everybody use")
