"""What is asked of the body of a new connector before it is read, whether it is to be kept or only tried."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jackfield.access.principal import Principal
from jackfield.definition.errors import InvalidDefinition
from jackfield.definition.names import folded
from jackfield.manage.denied import require_admin

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


def said(body: Mapping[str, Any], wanted: str) -> Any:
    """What `body` has under the key `wanted`, in whatever case style."""
    return next((value for key, value in body.items() if folded(str(key)) == wanted), None)
