"""How the service of a credential is asked for tokens, where no call is made."""

from __future__ import annotations

from dataclasses import dataclass

from jackfield.access.principal import Principal
from jackfield.credentials.credential import Credential
from jackfield.credentials.oauth.app import App
from jackfield.credentials.oauth.asking import Asking
from jackfield.credentials.oauth.refreshing import Source
from jackfield.credentials.service import CredentialService, require_agreed
from jackfield.dispatch.connect import asking_of, sources_of
from jackfield.dispatch.ready import Ready


@dataclass(frozen=True, kw_only=True)
class TokenWay:
    """How the service of one credential is asked.

    Attributes:
        app: That asks.
        source: Where new tokens come from.
    """

    asking: Asking
    app: App
    source: Source


async def way_to_tokens(
    ready: Ready, service: CredentialService, principal: Principal, credential: Credential
) -> TokenWay | None:
    """The way; `None` where the connector's type has no tokens, or the connector is not the credential's.

    Args:
        ready: The connection that was found by the credential's connector id, which may be the name of another one.

    Raises:
        CredentialNotAllowed: Whoever has put the credential has not agreed to where it would go.
        JackfieldError: The connection is not complete, or there is no app.
    """
    connector = ready.target.connector
    if ready.auth.get("type") != "oauth2" or connector is None or connector.id != credential.connector_id:
        return None
    require_agreed(credential, chosen_by=ready.target.chosen_by, connector=ready.target.name)
    config, sources, _ = await sources_of(ready, service, principal, credential)
    asking = asking_of(ready, principal, config)
    app = await service.oauth.app(asking, await service.oauth.parts(asking, sources), credential)
    return TokenWay(asking=asking, app=app, source=service.oauth.source(asking, app, credential))
