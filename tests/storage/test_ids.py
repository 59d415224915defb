"""Identifiers."""

from __future__ import annotations

import os
import uuid

import pytest

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


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
def test_a_forked_process_makes_ids_of_its_own():
    """What was asked for in advance must not be used by both."""
    new_id()
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(writing, "\n".join(new_id()[14:] for _ in range(50)).encode())
        os._exit(0)
    os.close(writing)
    ours = {new_id()[14:] for _ in range(50)}
    with os.fdopen(reading) as theirs:
        assert ours.isdisjoint(theirs.read().split())
    os.waitpid(child, 0)
