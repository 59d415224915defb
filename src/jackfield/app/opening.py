"""What differs between a runtime that keeps what happens and one that does not."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import partial

from jackfield.access.one_token import OneToken, SessionsOfOneToken
from jackfield.access.principal import Principal
from jackfield.app.authoring import authoring_of
from jackfield.app.credentials import credentials_of
from jackfield.app.scripting import LateSandbox
from jackfield.app.secret_backends import secrets_of
from jackfield.app.telling import settings_shown
from jackfield.app.tooling import toolbox_of
from jackfield.credentials.oauth.memory_grants import MemoryGrants
from jackfield.definition.model import ExecutionModelName
from jackfield.definition.secret import Secret
from jackfield.dispatch.memory_journal import MemoryJournal
from jackfield.dispatch.ready import ReadyCommands
from jackfield.dispatch.run import Dispatcher
from jackfield.dispatch.trial import try_out
from jackfield.egress.policy import DEFAULT_PORTS, Policy, parse_allow
from jackfield.egress.pools import Pools
from jackfield.errors import JackfieldError
from jackfield.execution.model import ExecutionModel
from jackfield.manage.connection_tests import ConnectionTests
from jackfield.manage.connector_new import Fill, fill_nothing
from jackfield.manage.executions import Executions
from jackfield.manage.imports import Fetched, Imports
from jackfield.manage.resources import Resources
from jackfield.manage.sessions import Sessions
from jackfield.manage.tools import Tools
from jackfield.manage.trials import Trials, TryOut, describes
from jackfield.manage.upstream_pins import Pins
from jackfield.manage.upstreams import Listing, Upstreams
from jackfield.registry.catalogue import Catalogue, MemoryCatalogue
from jackfield.registry.checking import Check
from jackfield.settings import SECRET, Settings
from jackfield.vault.log_filter import mask_all_logs
from jackfield.vault.secrets import MemorySecrets
from jackfield.vault.watch import SecretWatch


@dataclass(frozen=True, kw_only=True)
class Parts:
    """What there is before anything is opened.

    Attributes:
        base: Types and connectors of this process.
        secrets: Given by the program; they win over all others.
        check: Refuses a definition that its execution model could not run.
        check_again: The same for one that was checked before it was stored.
        problems: What could not be loaded; is added to.
        sandbox: Of scripts.
        told: The settings as they were given, which are shown.
    """

    settings: Settings
    base: MemoryCatalogue
    models: dict[ExecutionModelName, ExecutionModel]
    pools: Pools
    secrets: MemorySecrets
    check: Check
    check_again: Check
    problems: list[JackfieldError]
    sandbox: LateSandbox
    told: Settings

    @property
    def policy(self) -> Policy:
        """What every connector may reach."""
        return policy_of(self.settings)

    async def fetch(self, url: str) -> Fetched:
        """A document from an address that every connector may reach; see `app.fetching`."""
        from jackfield.app.fetching import fetch

        return await fetch(url, pools=self.pools, policy=self.policy)


@dataclass(frozen=True, kw_only=True)
class Opened:
    """A runtime's parts, ready for calls.

    Attributes:
        authenticate: From the text of a token to its caller, at each call anew.
        sessions: Of browsers, made of such tokens.
        pinned: A body of a connector to an MCP server with the tools of that, where it names none.
        check: Does nothing if calls can be answered, else raises what is wrong.
        first_token: The text of an administrator's token that was made just now, to be shown once.
    """

    dispatcher: Dispatcher
    catalogue: Catalogue
    resources: Resources
    authenticate: Callable[[str], Awaitable[Principal]]
    sessions: Sessions
    pinned: Fill
    check: Callable[[], Awaitable[None]]
    close: Callable[[], Awaitable[None]]
    first_token: str | None = field(default=None, repr=False)


def policy_of(settings: Settings) -> Policy:
    """What every connector may reach."""
    ports = frozenset(settings.egress_ports) or DEFAULT_PORTS
    return Policy(ports=ports, allow=parse_allow(settings.egress_allow))


def open_in_memory(parts: Parts) -> Opened:
    """Keep the newest calls until the process ends."""
    journal, watch = MemoryJournal(), SecretWatch()
    own = [getattr(parts.settings, name) for name in SECRET]
    watch.add(*(Secret(text) for text in own if text))
    unmask = mask_all_logs(watch)
    secrets = secrets_of(parts.settings, parts.secrets, watch)
    token = OneToken(parts.settings.admin_token)

    async def close() -> None:
        await credentials.oauth.refresher.close()
        await secrets.close()
        unmask()

    credentials = credentials_of(parts, secrets, MemoryGrants())
    dispatcher = Dispatcher(
        commands=ReadyCommands(
            parts.base, parts.policy, watch=watch, mock_everywhere=parts.settings.mock, models=parts.models
        ),
        models=parts.models,
        credentials=credentials,
        pools=parts.pools,
        journal=journal,
    )
    tried = partial(try_out, dispatcher)
    pinned = _pinned(parts, tried)
    tests, imports = ConnectionTests(dispatcher.run, parts.base), Imports(parts.fetch)
    trials = Trials(tried, parts.base, parts.check, fill=pinned)
    return Opened(
        dispatcher=dispatcher,
        catalogue=parts.base,
        resources=Resources(
            executions=Executions(journal),
            tests=tests,
            imports=imports,
            settings=settings_shown(parts, parts.base),
            trials=trials,
            upstreams=Upstreams(Listing(tried), parts.base),
            tools=Tools(toolbox_of(dispatcher, parts.base, journal, parts.settings.embedding)),
            authoring=authoring_of(parts, dispatcher, parts.base, watch, imports=imports, tests=tests, trials=trials),
        ),
        authenticate=token.authenticate,
        sessions=Sessions(SessionsOfOneToken(token)),
        pinned=pinned,
        check=_nothing_to_check,
        close=close,
    )


def _pinned(parts: Parts, tried: TryOut) -> Fill:
    described = describes(Trials(tried, parts.base, parts.check, fill=fill_nothing))
    return Pins(described, Listing(tried), fill=fill_nothing).filled


async def _nothing_to_check() -> None:
    """What is in memory is there."""
