"""What signs requests, built from its parts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jackfield.credentials.credential import Credentials, NoCredentials
from jackfield.credentials.oauth.access import OAuth
from jackfield.credentials.oauth.apps import Apps, EnvironmentApps, LayeredApps
from jackfield.credentials.oauth.grants import Grants
from jackfield.credentials.oauth.refreshing import Refresher
from jackfield.credentials.service import CredentialService
from jackfield.vault.secrets import SecretStore

if TYPE_CHECKING:
    from jackfield.app.opening import Parts


def credentials_of(
    parts: Parts,
    secrets: SecretStore,
    grants: Grants,
    *,
    credentials: Credentials | None = None,
    apps: Apps | None = None,
) -> CredentialService:
    """The service for calls.

    Args:
        grants: Where tokens are kept.
        credentials: Where credentials are kept.
        apps: Those of the settings; they win over those of the environment.
    """
    known = LayeredApps(*((apps,) if apps else ()), EnvironmentApps())
    oauth = OAuth(refresher=Refresher(grants=grants), apps=known, pools=parts.pools)
    return CredentialService(secrets=secrets, oauth=oauth, credentials=credentials or NoCredentials())
