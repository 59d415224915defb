"""A command made ready to be called: found, compiled and configured once, used by every call until a change."""

from __future__ import annotations

import logging
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias

from jackfield.access.principal import Principal
from jackfield.credentials.caller_token import TokenHost
from jackfield.definition.auth import canonical
from jackfield.definition.connection import is_shown
from jackfield.definition.model import CommandDefinition, ConnectorDefinition
from jackfield.definition.places import leaves, parts
from jackfield.definition.secret import MASK, Secret
from jackfield.definition.sensitive import has_secrets, map_secrets
from jackfield.definition.validation import ObjectValidator
from jackfield.dispatch.call import Call, CallOptions
from jackfield.dispatch.logs import MaskedLogger
from jackfield.dispatch.mocked import asked_for_mock, is_mocked, may_be_mocked
from jackfield.egress.policy import Policy, parse_allow
from jackfield.registry.catalogue import Catalogue, ConfiguredConnector, up_to_date
from jackfield.registry.connection import (
    ConnectionOpener,
    MemoryConnections,
    declared_names,
    lying_over,
    read_connection,
)
from jackfield.registry.environments import environment_of
from jackfield.registry.errors import CommandMissing, ExecutionModelMissing, UnknownCommand
from jackfield.registry.resolve import Target, command_of, resolve
from jackfield.vault.masking import Mask
from jackfield.vault.watch import SecretWatch

MAX_KEPT = 4096
MAX_MASKS = 256
"""Of one command. Tokens of callers are replaced every few minutes, and a mask of one takes some 30 KB."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Ready:
    """One command of one connector.

    Attributes:
        config: Connection fields with defaults, secrets as `Secret`.
        missing: Connection fields without which nothing can be sent.
        references: Names of stored secrets by where in `config` they belong, as JSON pointers.
        secrets: The secrets in `config`.
        takes_secrets: Some of its params, however deep, are never shown.
        mocked: Calls of it are answered from mocks, without connection and credential.
        auth: Of the type, in its canonical form.
        environment: Whose connection `config` is; empty for the connector's own.
        credential: Id or name of the credential that the environment says; empty where it says none.
        token_hosts: Where the token of a caller may go, if the type wants it.
        masks: By the secrets that a call uses; building one is costlier than a call.
        kept: What else is costly to make, by name.
    """

    target: Target
    command: CommandDefinition
    validator: ObjectValidator
    config: Mapping[str, Any]
    missing: tuple[str, ...]
    references: Mapping[str, str]
    secrets: tuple[Secret, ...]
    policy: Policy
    log: MaskedLogger
    takes_secrets: bool
    mocked: bool
    auth: Mapping[str, Any]
    environment: str = ""
    credential: str = ""
    token_hosts: tuple[TokenHost, ...] = ()
    masks: dict[tuple[Secret, ...], Mask] = field(default_factory=dict)
    kept: dict[str, Any] = field(default_factory=dict)

    @property
    def definition(self) -> ConnectorDefinition:
        """The type's definition."""
        return self.target.type.definition

    def mask(self, *more: Secret) -> Mask:
        """The mask for the connection's secrets and those of the call's credential."""
        used = (*self.secrets, *more)
        if used not in self.masks:
            if len(self.masks) >= MAX_MASKS:
                self.masks.clear()
            self.masks[used] = Mask(used)
        return self.masks[used]


_Key: TypeAlias = tuple[str, str | None, bool | None, str | None] | tuple[str, str | None]
"""Of a command, and of a connection: the target, and the environment, stand first and last in both."""

_NO_COMMAND = CommandDefinition(name="sign-in-to-the-service", reads_only=True)


class ReadyCommands:
    """Keeps ready commands until the catalogue of their tenant changes."""

    def __init__(
        self,
        catalogue: Catalogue,
        policy: Policy,
        connections: ConnectionOpener | None = None,
        *,
        watch: SecretWatch | None = None,
        mock_everywhere: bool = False,
        models: Collection[str] | None = None,
        token_hosts: tuple[TokenHost, ...] = (),
    ) -> None:
        """Args:
        catalogue: What exists.
        policy: What every connector may reach.
        connections: Opens the connections of stored connectors.
        watch: Learns the secrets of connections, to keep them out of all logs.
        mock_everywhere: Answer from mocks whatever says nothing else.
        models: The execution models that are installed; without it, whoever runs the command finds out.
        token_hosts: Where tokens of callers may go.
        """
        self._models = models
        self._token_hosts = token_hosts
        self._catalogue = catalogue
        self._policy = policy
        self._connections = connections or MemoryConnections()
        self._watch = SecretWatch() if watch is None else watch
        self._mock_everywhere = mock_everywhere
        self._kept: dict[str, tuple[int, dict[_Key, Ready]]] = {}

    async def get(self, call: Call) -> Ready:
        """The command that `call` means.

        Raises:
            UnknownConnector, AmbiguousConnector, UnknownCommand, CommandMissing: The names fit nothing, or
                too much.
            UnknownEnvironment: The connector has not the one that is asked for.
            ExecutionModelMissing: It has no such command as far as is known, and could not be run here anyway.
            Undecryptable: The secrets of the connection cannot be read.
        """
        tenant = call.principal.tenant
        if self._catalogue.is_stale(tenant):
            await self._catalogue.refresh(tenant)
        kept = self._of(tenant)
        key = (call.target, call.command, asked_for_mock(call.options), call.options.environment)
        ready = kept.get(key)
        if ready is None:
            ready = kept[key] = self._make(call)
        return ready

    async def connection(self, principal: Principal, wanted: str, *, environment: str | None = None) -> Ready:
        """The connection of a connector, ready for signing in: its command is none that can be called.

        Raises:
            UnknownConnector, AmbiguousConnector: The name fits nothing, or too much.
            Undecryptable: The secrets of the connection cannot be read.
        """
        await up_to_date(self._catalogue, principal.tenant)
        kept, key = self._of(principal.tenant), (wanted, environment)
        if key not in kept:
            target = resolve(self._catalogue, wanted, tenant=principal.tenant, configured_only=True)
            options = CallOptions(use_mock=False, environment=environment)
            call = Call(principal=principal, target=wanted, options=options)
            kept[key] = self._ready(target, call, owner=f"connection of {target.name}", command=_NO_COMMAND)
        return kept[key]

    def prepare(self, target: Target, call: Call) -> Ready:
        """The command that `call` means of a target that no catalogue has. It is not kept.

        Logs are watched for the secrets of its connection until it is forgotten.

        Raises:
            UnknownCommand, CommandMissing, UnknownEnvironment, ExecutionModelMissing: As `get`.
        """
        return self._ready(target, call, owner=_owner(target))

    def forget(self, ready: Ready) -> None:
        """No call of `ready`, which was prepared, is under way any more."""
        self._watch.forget(_owner(ready.target))

    def _of(self, tenant: str) -> dict[_Key, Ready]:
        version, kept = self._kept.get(tenant, (-1, {}))
        present = self._catalogue.version(tenant)
        if version != present or len(kept) > MAX_KEPT:
            kept = {}
            self._kept[tenant] = (present, kept)
        return kept

    def _make(self, call: Call) -> Ready:
        tenant, everywhere = call.principal.tenant, self._mock_everywhere
        insists = not may_be_mocked(call.options, everywhere=everywhere)
        target = resolve(self._catalogue, call.target, tenant=tenant, configured_only=insists)
        return self._ready(target, call, owner=f"connection of {target.name}")

    def _ready(self, target: Target, call: Call, *, owner: str, command: CommandDefinition | None = None) -> Ready:
        command = command or self._command(target, call.command)
        mocked = is_mocked(call.options, target.connector, everywhere=self._mock_everywhere)
        chosen = environment_of(target.connector, call.options.environment, target=target.name)
        given = self._given(target, chosen.name) if not mocked else {}
        config, missing, references = configure(target.type.definition, given)
        found = (value for _, value in leaves(config) if isinstance(value, Secret))
        secrets = tuple(secret for secret in found if secret.reveal() != MASK)
        self._watch.add(*secrets, owner=owner)
        logger = logging.getLogger(f"jackfield.connector.{target.name.replace('/', '.')}")
        return Ready(
            target=target,
            command=command,
            validator=ObjectValidator(command.params),
            config=config,
            missing=missing,
            references=references,
            secrets=secrets,
            policy=policy_of(self._policy, target.connector),
            log=MaskedLogger(logger, Mask(secrets), level=target.connector.log_level if target.connector else ""),
            takes_secrets=has_secrets(command.params),
            mocked=mocked,
            auth=canonical(target.type.definition.auth),
            environment=chosen.name,
            credential=chosen.environment.credential,
            token_hosts=self._token_hosts,
        )

    def _given(self, target: Target, environment: str) -> Mapping[str, Any]:
        """The connection as it was filled in, with that of the environment over it."""
        if target.connector is None:
            return {}
        opened = self._connections.open(target.connector)
        return lying_over(target.type.definition, opened.config, opened.environments.get(environment, {}))

    def _command(self, target: Target, wanted: str | None) -> CommandDefinition:
        """The command, unless it could not be run here: its type may have commands that are not known yet."""
        model = target.type.definition.execution_model
        try:
            return command_of(target, wanted)
        except (UnknownCommand, CommandMissing):
            if self._models is None or model in self._models:
                raise
            raise ExecutionModelMissing(connector=target.name, model=model, installed=list(self._models)) from None


def _owner(target: Target) -> str:
    """By what the watch knows whose secrets they are: of this connector, which nobody else can be mistaken for."""
    return f"trial {target.connector.id if target.connector else ''}"


def configure(
    definition: ConnectorDefinition, given: Mapping[str, Any]
) -> tuple[dict[str, Any], tuple[str, ...], dict[str, str]]:
    """The connection as commands see it, the required fields that are not filled in, and secrets that are named.

    Fields that are not shown, given the values of others, are `None`, whatever was filled in before.

    Raises:
        InvalidParams: A value does not match its field.
    """
    read = read_connection(definition, declared_names(definition, given))
    config: dict[str, Any] = {}
    for f in definition.fields:
        value = read.values.get(f.name) if is_shown(f, read.values) else None
        config[f.name] = map_secrets(value, f.schema, Secret)
    needed = {at: name for at, name in read.references.items() if config.get(parts(at)[0]) is not None}
    return config, read.missing, needed


def policy_of(common: Policy, connector: ConfiguredConnector | None) -> Policy:
    """The common policy, widened by what the connector's own `egress` opens."""
    if connector is None or not connector.egress:
        return common
    allow, ports = connector.egress.get("allow") or "", connector.egress.get("ports") or ()
    entries = parse_allow(allow if isinstance(allow, str) else ",".join(map(str, allow)))
    return replace(common, allow=common.allow + entries, ports=frozenset(ports) or common.ports)
