"""A command made ready to be called: found, compiled and configured once, used by every call until a change."""

from __future__ import annotations

import logging
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias

from jackfield.definition.connection import is_shown
from jackfield.definition.model import CommandDefinition, ConnectorDefinition
from jackfield.definition.places import leaves, parts
from jackfield.definition.secret import MASK, Secret
from jackfield.definition.sensitive import has_secrets, map_secrets
from jackfield.definition.validation import ObjectValidator
from jackfield.dispatch.call import Call
from jackfield.dispatch.logs import MaskedLogger
from jackfield.dispatch.mocked import asked_for_mock, is_mocked, may_be_mocked
from jackfield.egress.policy import Policy, parse_allow
from jackfield.registry.catalogue import Catalogue, ConfiguredConnector
from jackfield.registry.connection import ConnectionOpener, MemoryConnections, declared_names, read_connection
from jackfield.registry.errors import CommandMissing, ExecutionModelMissing, UnknownCommand
from jackfield.registry.resolve import Target, command_of, resolve
from jackfield.vault.masking import Mask
from jackfield.vault.watch import SecretWatch

MAX_KEPT = 4096


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
        masks: By the secrets that a call uses; building one is costlier than a call.
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
    masks: dict[tuple[Secret, ...], Mask] = field(default_factory=dict)

    @property
    def definition(self) -> ConnectorDefinition:
        """The type's definition."""
        return self.target.type.definition

    def mask(self, *more: Secret) -> Mask:
        """The mask for the connection's secrets and those of the call's credential."""
        used = (*self.secrets, *more)
        if used not in self.masks:
            if len(self.masks) > MAX_KEPT:
                self.masks.clear()
            self.masks[used] = Mask(used)
        return self.masks[used]


_Key: TypeAlias = tuple[str, str | None, bool | None]


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
    ) -> None:
        """Args:
        catalogue: What exists.
        policy: What every connector may reach.
        connections: Opens the connections of stored connectors.
        watch: Learns the secrets of connections, to keep them out of all logs.
        mock_everywhere: Answer from mocks whatever says nothing else.
        models: The execution models that are installed; without it, whoever runs the command finds out.
        """
        self._models = models
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
            ExecutionModelMissing: It has no such command as far as is known, and could not be run here anyway.
            Undecryptable: The secrets of the connection cannot be read.
        """
        tenant = call.principal.tenant
        if self._catalogue.is_stale(tenant):
            await self._catalogue.refresh(tenant)
        kept = self._of(tenant)
        key = (call.target, call.command, asked_for_mock(call.options))
        ready = kept.get(key)
        if ready is None:
            ready = kept[key] = self._make(call)
        return ready

    def prepare(self, target: Target, call: Call) -> Ready:
        """The command that `call` means of a target that no catalogue has. It is not kept.

        Logs are watched for the secrets of its connection until it is forgotten.

        Raises:
            UnknownCommand, CommandMissing, ExecutionModelMissing: As `get`.
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

    def _ready(self, target: Target, call: Call, *, owner: str) -> Ready:
        command = self._command(target, call.command)
        mocked = is_mocked(call.options, target.connector, everywhere=self._mock_everywhere)
        given = self._connections.open(target.connector) if target.connector and not mocked else {}
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
        )

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
