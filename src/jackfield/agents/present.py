"""The connectors whose commands can be called now."""

from __future__ import annotations

from collections.abc import Iterator

from jackfield.definition.model import ConnectorDefinition
from jackfield.registry.catalogue import Catalogue


def present(catalogue: Catalogue, tenant: str) -> Iterator[tuple[str, ConnectorDefinition]]:
    """Full name and definition of each connector that is enabled, as is its type, in the order of names."""
    for connector in catalogue.connectors(tenant):
        kind = catalogue.type_of(connector)
        if connector.enabled and kind is not None and kind.enabled:
            yield connector.full_name, kind.definition
