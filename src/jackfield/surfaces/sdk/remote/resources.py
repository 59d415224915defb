"""All that can be looked at and changed at a server."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jackfield.surfaces.sdk.remote.wire import Wire

if TYPE_CHECKING:
    from jackfield.surfaces.sdk.remote.audit import RemoteAuditLog
    from jackfield.surfaces.sdk.remote.authoring import RemoteAuthoring
    from jackfield.surfaces.sdk.remote.connect_links import RemoteConnectLinks
    from jackfield.surfaces.sdk.remote.connection_tests import RemoteConnectionTests
    from jackfield.surfaces.sdk.remote.connectors import RemoteConnectors
    from jackfield.surfaces.sdk.remote.credentials import RemoteCredentials
    from jackfield.surfaces.sdk.remote.drafts import RemoteDrafts
    from jackfield.surfaces.sdk.remote.executions import RemoteExecutions
    from jackfield.surfaces.sdk.remote.gateways import RemoteGateways
    from jackfield.surfaces.sdk.remote.imports import RemoteImports
    from jackfield.surfaces.sdk.remote.keys import RemoteKeys
    from jackfield.surfaces.sdk.remote.oauth_apps import RemoteOAuthApps
    from jackfield.surfaces.sdk.remote.secrets import RemoteSecrets
    from jackfield.surfaces.sdk.remote.settings import RemoteSettings
    from jackfield.surfaces.sdk.remote.sign_ins import RemoteSignIns
    from jackfield.surfaces.sdk.remote.tokens import RemoteTokens
    from jackfield.surfaces.sdk.remote.tools import RemoteTools
    from jackfield.surfaces.sdk.remote.trials import RemoteTrials
    from jackfield.surfaces.sdk.remote.types import RemoteTypes
    from jackfield.surfaces.sdk.remote.upstreams import RemoteUpstreams
    from jackfield.surfaces.sdk.remote.users import RemoteUsers


class RemoteResources:
    """The same names and methods as `manage.resources.Resources`, with the same answers.

    The first argument of each method, the caller, says nothing here: the server knows whose token it is.
    """

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    @property
    def executions(self) -> RemoteExecutions:
        """The record of calls."""
        from jackfield.surfaces.sdk.remote.executions import RemoteExecutions

        return RemoteExecutions(self._wire)

    @property
    def secrets(self) -> RemoteSecrets:
        """Named secrets."""
        from jackfield.surfaces.sdk.remote.secrets import RemoteSecrets

        return RemoteSecrets(self._wire)

    @property
    def settings(self) -> RemoteSettings:
        """The settings of the server."""
        from jackfield.surfaces.sdk.remote.settings import RemoteSettings

        return RemoteSettings(self._wire)

    @property
    def users(self) -> RemoteUsers:
        """Users."""
        from jackfield.surfaces.sdk.remote.users import RemoteUsers

        return RemoteUsers(self._wire)

    @property
    def tokens(self) -> RemoteTokens:
        """API tokens."""
        from jackfield.surfaces.sdk.remote.tokens import RemoteTokens

        return RemoteTokens(self._wire)

    @property
    def connectors(self) -> RemoteConnectors:
        """Connectors."""
        from jackfield.surfaces.sdk.remote.connectors import RemoteConnectors

        return RemoteConnectors(self._wire)

    @property
    def imports(self) -> RemoteImports:
        """OpenAPI documents."""
        from jackfield.surfaces.sdk.remote.imports import RemoteImports

        return RemoteImports(self._wire)

    @property
    def upstreams(self) -> RemoteUpstreams:
        """MCP servers behind connectors."""
        from jackfield.surfaces.sdk.remote.upstreams import RemoteUpstreams

        return RemoteUpstreams(self._wire)

    @property
    def drafts(self) -> RemoteDrafts:
        """What the caller is still working on."""
        from jackfield.surfaces.sdk.remote.drafts import RemoteDrafts

        return RemoteDrafts(self._wire)

    @property
    def trials(self) -> RemoteTrials:
        """Trials of connectors that are kept nowhere."""
        from jackfield.surfaces.sdk.remote.trials import RemoteTrials

        return RemoteTrials(self._wire)

    @property
    def authoring(self) -> RemoteAuthoring:
        """Tools with which language models make connectors."""
        from jackfield.surfaces.sdk.remote.authoring import RemoteAuthoring

        return RemoteAuthoring(self._wire)

    @property
    def tests(self) -> RemoteConnectionTests:
        """Tests of connections."""
        from jackfield.surfaces.sdk.remote.connection_tests import RemoteConnectionTests

        return RemoteConnectionTests(self._wire)

    @property
    def types(self) -> RemoteTypes:
        """Connector types."""
        from jackfield.surfaces.sdk.remote.types import RemoteTypes

        return RemoteTypes(self._wire)

    @property
    def keys(self) -> RemoteKeys:
        """The keys that encrypt what is kept: only where it is kept."""
        from jackfield.surfaces.sdk.remote.keys import RemoteKeys

        return RemoteKeys()

    @property
    def audit(self) -> RemoteAuditLog:
        """Who changed what."""
        from jackfield.surfaces.sdk.remote.audit import RemoteAuditLog

        return RemoteAuditLog(self._wire)

    @property
    def tools(self) -> RemoteTools:
        """Commands for language models."""
        from jackfield.surfaces.sdk.remote.tools import RemoteTools

        return RemoteTools(self._wire)

    @property
    def gateways(self) -> RemoteGateways:
        """Chosen commands for models, at endpoints of their own."""
        from jackfield.surfaces.sdk.remote.gateways import RemoteGateways

        return RemoteGateways(self._wire)

    @property
    def credentials(self) -> RemoteCredentials:
        """Credentials of connectors."""
        from jackfield.surfaces.sdk.remote.credentials import RemoteCredentials

        return RemoteCredentials(self._wire)

    @property
    def sign_ins(self) -> RemoteSignIns:
        """Accounts that are being connected."""
        from jackfield.surfaces.sdk.remote.sign_ins import RemoteSignIns

        return RemoteSignIns(self._wire)

    @property
    def connect_links(self) -> RemoteConnectLinks:
        """Links with which somebody without an account connects one."""
        from jackfield.surfaces.sdk.remote.connect_links import RemoteConnectLinks

        return RemoteConnectLinks(self._wire)

    @property
    def oauth_apps(self) -> RemoteOAuthApps:
        """Apps that the installation has at services."""
        from jackfield.surfaces.sdk.remote.oauth_apps import RemoteOAuthApps

        return RemoteOAuthApps(self._wire)
