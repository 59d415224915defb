"""A command made ready to be called: found, compiled and configured once, used by every call until a change."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from jackfield.definition.connection import connection_schema, is_shown
from jackfield.definition.context import Logger
from jackfield.definition.errors import InvalidParams
from jackfield.definition.model import CommandDefinition, ConnectorDefinition
from jackfield.definition.secret import Secret
from jackfield.definition.sensitive import has_secrets, map_secrets
from jackfield.definition.validation import ObjectValidator
from jackfield.dispatch.call import Call
from jackfield.dispatch.logs import MaskedLogger
from jackfield.egress.policy import Policy, parse_allow
from jackfield.registry.catalogue import Catalogue, ConfiguredConnector
from jackfield.registry.resolve import Target, command_of, resolve
from jackfield.vault.masking import Mask

MAX_KEPT = 4096


@dataclass(frozen=True, kw_only=True, eq=False)
class Ready:
    """One command of one connector.

    Attributes:
        config: Connection fields with defaults, secrets as `Secret`.
        missing: Connection fields without which nothing can be sent.
        secrets: The secrets in `config`.
        takes_secrets: Some of its params, however deep, are never shown.
        masks: By the secrets that a call uses; building one is costlier than a call.
    """

    target: Target
    command: CommandDefinition
    validator: ObjectValidator
    config: Mapping[str, Any]
    missing: tuple[str, ...]
    secrets: tuple[Secret, ...]
    policy: Policy
    log: Logger
    takes_secrets: bool
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


class ReadyCommands:
    """Keeps ready commands until the catalogue changes."""

    def __init__(self, catalogue: Catalogue, policy: Policy) -> None:
        self._catalogue = catalogue
        self._policy = policy
        self._version = catalogue.version
        self._kept: dict[tuple[str, str, str | None, bool], Ready] = {}

    def get(self, call: Call, *, mocked: bool) -> Ready:
        """The command that `call` means.

        Raises:
            UnknownConnector, AmbiguousConnector, UnknownCommand, CommandMissing: The names fit nothing, or
                too much.
        """
        if self._version != self._catalogue.version or len(self._kept) > MAX_KEPT:
            self._kept.clear()
            self._version = self._catalogue.version
        key = (call.principal.tenant, call.target, call.command, mocked)
        ready = self._kept.get(key)
        if ready is None:
            ready = self._kept[key] = self._make(call, mocked)
        return ready

    def _make(self, call: Call, mocked: bool) -> Ready:
        tenant = call.principal.tenant
        target = resolve(self._catalogue, call.target, tenant=tenant, configured_only=not mocked)
        command = command_of(target, call.command)
        config, missing = configure(target.type.definition, target.connector.config if target.connector else {})
        secrets = tuple(_secrets_of(config))
        logger = logging.getLogger(f"jackfield.connector.{target.name.replace('/', '.')}")
        return Ready(
            target=target,
            command=command,
            validator=ObjectValidator(command.params),
            config=config,
            missing=missing,
            secrets=secrets,
            policy=policy_of(self._policy, target.connector),
            log=MaskedLogger(logger, Mask(secrets)),
            takes_secrets=has_secrets(command.params),
        )


def configure(definition: ConnectorDefinition, given: Mapping[str, Any]) -> tuple[dict[str, Any], tuple[str, ...]]:
    """The connection as commands see it, and the required fields that are not filled in.

    Fields that are not shown, given the values of others, are `None`, whatever was filled in before.

    Raises:
        InvalidParams: A value does not match its field.
    """
    values, faults = ObjectValidator(connection_schema(definition)).prepare(given)
    if wrong := [fault for fault in faults if not fault.missing]:
        raise InvalidParams(
            faults=wrong, where=f"connection of `{definition.name}`", hint="correct the connector's `config`"
        )
    config: dict[str, Any] = {}
    for f in definition.fields:
        value = values.get(f.name) if is_shown(f, values) else None
        config[f.name] = map_secrets(value, f.schema, Secret)
    return config, tuple(fault.missing for fault in faults if fault.missing)


def _secrets_of(value: Any) -> Iterator[Secret]:
    """Every `Secret` in a connection, however deep."""
    if isinstance(value, Secret):
        yield value
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from _secrets_of(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _secrets_of(inner)


def policy_of(common: Policy, connector: ConfiguredConnector | None) -> Policy:
    """The common policy, widened by what the connector's own `egress` opens."""
    if connector is None or not connector.egress:
        return common
    allow, ports = connector.egress.get("allow") or "", connector.egress.get("ports") or ()
    entries = parse_allow(allow if isinstance(allow, str) else ",".join(map(str, allow)))
    return replace(common, allow=common.allow + entries, ports=frozenset(ports) or common.ports)
