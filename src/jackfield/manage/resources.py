"""All that can be looked at and changed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from jackfield.manage.errors import NothingKept

if TYPE_CHECKING:
    from jackfield.manage.audit import AuditLog
    from jackfield.manage.authoring.service import Authoring
    from jackfield.manage.connection_tests import ConnectionTests
    from jackfield.manage.connectors import Connectors
    from jackfield.manage.drafts import Drafts
    from jackfield.manage.executions import Executions
    from jackfield.manage.gateways import Gateways
    from jackfield.manage.imports import Imports
    from jackfield.manage.keys import Keys
    from jackfield.manage.secrets import Secrets
    from jackfield.manage.settings import SettingsShown
    from jackfield.manage.tokens import Tokens
    from jackfield.manage.tools import Tools
    from jackfield.manage.trials import Trials
    from jackfield.manage.types import Types
    from jackfield.manage.upstreams import Upstreams
    from jackfield.manage.users import Users


@dataclass(frozen=True, kw_only=True)
class Stored:
    """What there is where a database keeps it."""

    secrets: Secrets
    users: Users
    tokens: Tokens
    connectors: Connectors
    types: Types
    drafts: Drafts
    keys: Keys
    audit: AuditLog
    gateways: Gateways


@dataclass(frozen=True, kw_only=True)
class Resources:
    """What a surface offers beside calls. Every method takes the caller first, and judges what the caller may.

    Attributes:
        executions: There are some wherever calls are made.
        tests: Of connections; likewise.
        imports: Documents are read everywhere, and imported where connectors are kept.
        settings: Of this process.
        trials: Of connectors that are kept nowhere; everywhere.
        upstreams: MCP servers behind connectors, where these are kept.
        tools: Commands for language models; everywhere.
        authoring: Tools with which language models make connectors; everywhere.
    """

    executions: Executions
    tests: ConnectionTests
    imports: Imports
    settings: SettingsShown
    trials: Trials
    upstreams: Upstreams
    tools: Tools
    authoring: Authoring
    _stored: Stored | None = field(default=None)

    @property
    def secrets(self) -> Secrets:
        """Named secrets."""
        return self._kept("secrets").secrets

    @property
    def users(self) -> Users:
        """Users."""
        return self._kept("users").users

    @property
    def tokens(self) -> Tokens:
        """API tokens."""
        return self._kept("tokens").tokens

    @property
    def connectors(self) -> Connectors:
        """Connectors."""
        return self._kept("connectors").connectors

    @property
    def types(self) -> Types:
        """Connector types."""
        return self._kept("connector types").types

    @property
    def drafts(self) -> Drafts:
        """What the caller is still working on."""
        return self._kept("drafts").drafts

    @property
    def keys(self) -> Keys:
        """The keys that encrypt what is kept."""
        return self._kept("keys").keys

    @property
    def audit(self) -> AuditLog:
        """Who changed what."""
        return self._kept("entries of an audit log").audit

    @property
    def gateways(self) -> Gateways:
        """Chosen commands for models, at endpoints of their own."""
        return self._kept("gateways").gateways

    @property
    def keeps_nothing(self) -> bool:
        """Whether there is no database."""
        return self._stored is None

    def _kept(self, what: str) -> Stored:
        if self._stored is None:
            raise NothingKept(what=what)
        return self._stored
