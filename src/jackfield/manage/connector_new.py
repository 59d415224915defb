"""What is asked of the body of a new connector before it is read, whether it is to be kept or only tried."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from jackfield.access.principal import Principal
from jackfield.definition.errors import InvalidDefinition
from jackfield.definition.names import folded
from jackfield.manage.denied import require_admin
from jackfield.manage.errors import NothingKept

DRAFT = "draft"
"""Key of a body: the id of the draft whose secrets it takes."""

Fill = Callable[[Principal, Mapping[str, Any]], Awaitable[Mapping[str, Any]]]
"""Puts the secrets of a draft into a body that names one; see `manage.draft_vault.DraftVault.filled`."""

OPEN_EGRESS = "open the network for a connector (`egress`)"


def check_new(principal: Principal, body: Mapping[str, Any]) -> None:
    """Do nothing if the caller may make a connector of `body`, as far as its keys tell.

    Raises:
        ScopeMissing: The caller's token lacks `manage`.
        AdminRequired: It has `egress`, and the caller is no administrator.
        InvalidDefinition: It has an `id`.
    """
    principal.require("manage")
    if any(folded(str(key)) == "id" for key in body):
        raise InvalidDefinition("a new connector has an `id`", hint="leave it out: it gets one")
    if said(body, "egress"):
        require_admin(principal, "manage", to=OPEN_EGRESS)


def draft_named(body: Mapping[str, Any]) -> str | None:
    """The id of the draft that a body names, if it names one.

    Raises:
        InvalidDefinition: It is no text.
    """
    wanted = body.get(DRAFT)
    if wanted is not None and not isinstance(wanted, str):
        raise InvalidDefinition("`draft` of a connector is no text", hint="give the id of a draft")
    return wanted


async def fill_nothing(principal: Principal, body: Mapping[str, Any]) -> Mapping[str, Any]:
    """The body as it is: where nothing is kept there are no drafts.

    Raises:
        NothingKept: It names one.
    """
    if draft_named(body) is not None:
        raise NothingKept(what="drafts")
    return body


def said(body: Mapping[str, Any], wanted: str) -> Any:
    """What `body` has under the key `wanted`, in whatever case style."""
    return next((value for key, value in body.items() if folded(str(key)) == wanted), None)
