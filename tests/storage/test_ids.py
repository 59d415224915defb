"""Identifiers."""

from __future__ import annotations

import uuid

from jackfield.storage.ids import new_id


def test_ids_are_uuids_of_version_7():
    """RFC 9562: databases and other tools know them."""
    found = uuid.UUID(new_id())

    assert (found.version, found.variant) == (7, uuid.RFC_4122)


def test_ids_differ_and_begin_with_their_time():
    """They sort by time, so that an index grows at its end."""
    ids = [new_id() for _ in range(1000)]

    assert len(set(ids)) == 1000
    assert [text[:8] for text in ids] == sorted(text[:8] for text in ids)
