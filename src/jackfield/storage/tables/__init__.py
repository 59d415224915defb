"""Tables, one file for each area, all on one `metadata`."""

from jackfield.storage.tables import (
    blobs,
    catalogue,
    coordination,
    credentials,
    drafts,
    gateways,
    journal,
    people,
    vault,
)
from jackfield.storage.tables.base import metadata

__all__ = [
    "blobs",
    "catalogue",
    "coordination",
    "credentials",
    "drafts",
    "gateways",
    "journal",
    "metadata",
    "people",
    "vault",
]
