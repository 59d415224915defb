"""A connector that asks for tokens."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from jackfield.credentials.oauth.settings import OAuthSettings
from jackfield.egress.policy import Policy


@dataclass(frozen=True, kw_only=True)
class Asking:
    """A connector that asks for tokens.

    Attributes:
        connector_id: Of the connector.
        connector: Its name, for people.
        trusted: Whoever runs the installation stands for where its requests go.
        auth: Of its type, in the canonical form.
        policy: What it may reach.
    """

    tenant: str
    connector_id: str
    connector: str
    trusted: bool
    auth: Mapping[str, Any]
    settings: OAuthSettings
    policy: Policy
