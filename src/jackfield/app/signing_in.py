"""What connects accounts, built from its parts."""

from __future__ import annotations

from dataclasses import dataclass

from jackfield.app.opening import Parts
from jackfield.app.stored_base import Base
from jackfield.credentials.oauth.apps import EnvironmentApps
from jackfield.manage.connect_link_pages import LinkPages
from jackfield.manage.connect_link_secrets import LinkSecrets
from jackfield.manage.connect_links import ConnectLinks
from jackfield.manage.credentials import Credentials
from jackfield.manage.oauth_apps import OAuthApps
from jackfield.manage.sign_in_beginning import Beginning
from jackfield.manage.sign_in_callbacks import Callbacks
from jackfield.manage.sign_in_finishing import Finishing
from jackfield.manage.sign_in_keeping import Keeping
from jackfield.manage.sign_in_opening import Openings
from jackfield.manage.sign_ins import SignIns


@dataclass(frozen=True, kw_only=True)
class SigningIn:
    """The resources with which accounts are connected."""

    sign_ins: SignIns
    callbacks: Callbacks
    connect_links: ConnectLinks
    link_pages: LinkPages
    oauth_apps: OAuthApps


def signing_in_of(parts: Parts, base: Base, credentials: Credentials) -> SigningIn:
    """The resources on `base`."""
    store, service = base.store, base.dispatcher.credentials
    openings = Openings(base.dispatcher.commands, service)
    beginning = Beginning(store.database, openings, store.envelope, base.records, public_url=parts.settings.public_url)
    keeping = Keeping(base.grants, base.records)
    finishing = Finishing(store.database, openings, service.oauth.refresher, keeping, base.records)
    origins = parts.settings.connect_return_origins
    secrets = LinkSecrets(store.database, store.envelope)
    return SigningIn(
        sign_ins=SignIns(store.database, openings, beginning, finishing),
        callbacks=Callbacks(store.database, beginning, finishing),
        connect_links=ConnectLinks(store.database, secrets, beginning, return_origins=origins),
        link_pages=LinkPages(store.database, secrets, beginning, credentials),
        oauth_apps=OAuthApps(store.database, base.catalogue, base.records, EnvironmentApps()),
    )
