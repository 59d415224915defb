"""What can be looked at and changed where a database keeps it."""

from __future__ import annotations

from functools import partial

from jackfield.app.authoring import authoring_of
from jackfield.app.opening import Parts
from jackfield.app.signing_in import signing_in_of
from jackfield.app.stored_base import Base
from jackfield.app.telling import settings_shown
from jackfield.app.tooling import toolbox_of
from jackfield.dispatch.trial import try_out
from jackfield.manage.audit import AuditLog
from jackfield.manage.connection_tests import ConnectionTests
from jackfield.manage.connector_new import Fill
from jackfield.manage.connectors import Connectors
from jackfield.manage.credential_tokens import CredentialTokens
from jackfield.manage.credentials import Credentials
from jackfield.manage.draft_vault import DraftVault
from jackfield.manage.drafts import Drafts
from jackfield.manage.executions import Executions
from jackfield.manage.gateways import Gateways
from jackfield.manage.imports import Imports
from jackfield.manage.keys import Keys
from jackfield.manage.resources import Resources, Stored
from jackfield.manage.secrets import Secrets
from jackfield.manage.tokens import Tokens
from jackfield.manage.tools import Tools
from jackfield.manage.trials import Trials, describes
from jackfield.manage.types import Types
from jackfield.manage.types_behind import TypesBehind
from jackfield.manage.upstream_pins import Pins
from jackfield.manage.upstreams import Listing, Upstreams
from jackfield.manage.users import Users


def stored_resources(parts: Parts, base: Base) -> tuple[Resources, Fill]:
    """The resources, and what fills in a body with the definitions of an upstream server before it counts."""
    store, catalogue, database = base.store, base.catalogue, base.store.database
    drafts = DraftVault(database, store.envelope, store.watch)
    tried = partial(try_out, base.dispatcher)
    described = describes(Trials(tried, catalogue, parts.check, fill=drafts.filled, database=database))
    fill = Pins(described, Listing(tried), fill=drafts.filled).filled
    stored = _stored(parts, base, drafts, fill=fill)
    behind = TypesBehind(database, parts.base, base.sealer, parts.check, base.versions)
    tests = ConnectionTests(base.dispatcher.run, catalogue, stored.connectors.record_test)
    imports = Imports(parts.fetch, types=behind)
    trials = Trials(tried, catalogue, parts.check, fill=fill, database=database)
    authoring = authoring_of(
        parts,
        base.dispatcher,
        catalogue,
        store.watch,
        imports=imports,
        tests=tests,
        trials=trials,
        connectors=stored.connectors,
    )
    resources = Resources(
        executions=Executions(base.journal, database),
        tests=tests,
        imports=imports,
        settings=settings_shown(parts, catalogue, database),
        trials=trials,
        upstreams=Upstreams(Listing(tried), catalogue, behind),
        tools=Tools(toolbox_of(base.dispatcher, catalogue, base.journal, parts.settings.embedding), database),
        authoring=authoring,
        _stored=stored,
    )
    return resources, fill


def _stored(parts: Parts, base: Base, drafts: DraftVault, *, fill: Fill) -> Stored:
    store, database = base.store, base.store.database
    credentials = _credentials(base)
    signing_in = signing_in_of(parts, base, credentials)
    return Stored(
        secrets=Secrets(database, store.envelope, store.watch),
        users=Users(database, issuer=parts.settings.oidc_issuer),
        tokens=Tokens(database),
        connectors=Connectors(database, parts.base, base.sealer, parts.check, base.versions, fill=fill),
        drafts=Drafts(database, drafts),
        types=Types(database, parts.base, parts.check, base.versions, models=parts.models),
        keys=Keys(database, store.ring, file=store.keys.file),
        audit=AuditLog(database),
        gateways=Gateways(database, base.catalogue, store.changes),
        sign_ins=signing_in.sign_ins,
        callbacks=signing_in.callbacks,
        connect_links=signing_in.connect_links,
        link_pages=signing_in.link_pages,
        oauth_apps=signing_in.oauth_apps,
        credentials=credentials,
    )


def _credentials(base: Base) -> Credentials:
    dispatcher = base.dispatcher
    tokens = CredentialTokens(dispatcher.commands, dispatcher.credentials, base.grants)
    return Credentials(base.store.database, base.catalogue, base.records, tokens, dispatcher.run)
