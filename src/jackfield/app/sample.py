"""The connector `sample-script` of a server, of the type that comes with Jackfield."""

from __future__ import annotations

from contextlib import suppress

from jackfield.access.principal import DEFAULT_TENANT
from jackfield.registry.catalogue import ConfiguredConnector, MemoryCatalogue
from jackfield.registry.errors import NameTaken

NAME = "sample-script"
SAMPLE = "sample-script"
"""Its id, which is the same on every server."""


def add_sample(base: MemoryCatalogue) -> None:
    """Add it, unless a file has a connector of that name. One in the database hides it."""
    kind = base.find_type(NAME, tenant=DEFAULT_TENANT)
    if kind is not None and kind.packaged:
        with suppress(NameTaken):
            base.add_connector(ConfiguredConnector(id=SAMPLE, tenant=DEFAULT_TENANT, name=NAME, type=NAME))
