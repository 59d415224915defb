"""What a credential of a connector is asked for: for forms, and for whoever types at a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from jackfield.credentials.steering import steering
from jackfield.definition.auth import SCHEMES, canonical, open_parts
from jackfield.definition.model import ConnectionField, ConnectorDefinition
from jackfield.definition.sensitive import has_secrets
from jackfield.registry.catalogue import ConfiguredConnector


@dataclass(frozen=True, kw_only=True)
class CredentialField:
    """One value that a credential may have.

    Attributes:
        name: By which it stands in `values`.
        label: For people.
        kind: As of a connection field: `secret`, `string`, `number` ...
        secret: It is never shown again.
        required: Nothing can be sent without it: the connector does not have it.
        leads: It may decide where requests go: only an administrator puts it, or whose connector it is.
    """

    name: str
    label: str
    description: str
    kind: str
    secret: bool
    required: bool
    leads: bool


def fields_of(definition: ConnectorDefinition, connector: ConfiguredConnector) -> Sequence[CredentialField]:
    """What the type signs with first, then the rest of the connection."""
    auth = canonical(definition.auth)
    usable = [f for f in definition.fields if f.secret or not has_secrets(f.schema)]
    leading = set(steering(definition.fields, auth, [f.name for f in usable]))
    known = {f.name for f in usable}
    spec = SCHEMES.get(str(auth.get("type", "")))
    parts = {name: part for name, part in open_parts(auth).items() if name not in known}
    if spec is not None and spec.name == "oauth2":
        parts = {name: part for name, part in parts.items() if name != spec.whole}
    several = sum(part.required for part in parts.values()) > 1 and bool(spec and spec.whole)
    found = [
        CredentialField(
            name=name,
            label=part.label,
            description="",
            kind="secret" if part.secret else "string",
            secret=part.secret,
            required=part.required and not several and not part.may_be_empty,
            leads=False,
        )
        for name, part in parts.items()
    ]
    found += [_field(f, connector, leads=f.name in leading) for f in usable]
    return sorted(found, key=lambda one: one.leads)


def _field(f: ConnectionField, connector: ConfiguredConnector, *, leads: bool) -> CredentialField:
    needed = f.required and f.default is ... and not f.shown_when
    return CredentialField(
        name=f.name,
        label=f.label or f.name,
        description=f.description,
        kind=f.kind,
        secret=f.secret,
        required=needed and connector.config.get(f.name) is None,
        leads=leads,
    )
