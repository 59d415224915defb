"""The connector `sample-script` of a server, of the type that comes with Jackfield."""

from __future__ import annotations

from jackfield.access.principal import DEFAULT_TENANT
from jackfield.app.embedded import Embedded
from jackfield.definition.names import folded
from jackfield.registry.catalogue import DEFAULT_NAMESPACE, ConfiguredConnector

NAME = "sample-script"
SAMPLE = "sample-script"
"""Its id, which is the same on every server."""


async def add_sample(runtime: Embedded) -> None:
    """Add it, unless somebody has a connector of that name: it is theirs and stays as it is."""
    opened = await runtime.opened()
    if opened.catalogue.is_stale(DEFAULT_TENANT):
        await opened.catalogue.refresh(DEFAULT_TENANT)
    there = {(folded(each.namespace), folded(each.name)) for each in opened.catalogue.connectors(DEFAULT_TENANT)}
    kind = runtime.base.find_type(NAME, tenant=DEFAULT_TENANT)
    if (folded(DEFAULT_NAMESPACE), folded(NAME)) in there or kind is None or not kind.packaged:
        return
    runtime.base.add_connector(ConfiguredConnector(id=SAMPLE, tenant=DEFAULT_TENANT, name=NAME, type=NAME))
