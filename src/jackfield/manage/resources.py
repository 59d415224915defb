"""All that can be looked at and changed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from jackfield.manage.errors import NothingKept

if TYPE_CHECKING:
    from jackfield.manage.audit import AuditLog
    from jackfield.manage.authoring.service import Authoring
    from jackfield.manage.connect_link_pages import LinkPages
    from jackfield.manage.connect_links import ConnectLinks
    from jackfield.manage.connection_tests import ConnectionTests
    from jackfield.manage.connectors import Connectors
    from jackfield.manage.credentials import Credentials
    from jackfield.manage.drafts import Drafts
    from jackfield.manage.executions import Executions
    from jackfield.manage.gateways import Gateways
    from jackfield.manage.imports import Imports
    from jackfield.manage.keys import Keys
    from jackfield.manage.oauth_apps import OAuthApps
    from jackfield.manage.secrets import Secrets
    from jackfield.manage.settings import SettingsShown
    from jackfield.manage.sign_in_callbacks import Callbacks
    from jackfield.manage.sign_ins import SignIns
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
    sign_ins: SignIns
    callbacks: Callbacks
    connect_links: ConnectLinks
    link_pages: LinkPages
    oauth_apps: OAuthApps
    credentials: Credentials


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
    def sign_ins(self) -> SignIns:
        """Accounts that are being connected."""
        return self._kept("connected accounts").sign_ins

    @property
    def callbacks(self) -> Callbacks:
        """The end of sign-ins. No caller is there: what the browser brings along is all that counts."""
        return self._kept("connected accounts").callbacks

    @property
    def connect_links(self) -> ConnectLinks:
        """Links with which somebody without an account here connects one."""
        return self._kept("connect links").connect_links

    @property
    def link_pages(self) -> LinkPages:
        """What happens on their pages. No caller is there: whoever has a link is all that is known."""
        return self._kept("connect links").link_pages

    @property
    def oauth_apps(self) -> OAuthApps:
        """Apps that the installation has at services."""
        return self._kept("OAuth apps").oauth_apps

    @property
    def credentials(self) -> Credentials:
        """Credentials of connectors."""
        return self._kept("credentials").credentials

    @property
    def keeps_nothing(self) -> bool:
        """Whether there is no database."""
        return self._stored is None

    def _kept(self, what: str) -> Stored:
        if self._stored is None:
            raise NothingKept(what=what)
        return self._stored
