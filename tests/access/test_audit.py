"""What the audit log says of a caller."""

from __future__ import annotations

from functools import partial

from jackfield.access.audit import MAX_CHARACTERS, append
from jackfield.access.principal import Principal
from jackfield.storage.audit import newest

ANN = Principal(user="ann", id="7", tenant="acme")


async def test_an_entry_names_who_did_what(database):
    """By the caller's id, which stays when the user is renamed."""
    await database.write(partial(append, principal=ANN, action="secret.create", resource="secret", resource_id="KEY"))
    (entry,) = (await database.read(partial(newest, tenant="acme"))).items

    assert (entry.actor, entry.action, entry.resource, entry.resource_id) == ("7", "secret.create", "secret", "KEY")
    assert (entry.verdict, entry.details) == ("done", {})


async def test_nobody_escapes_the_log_by_an_odd_name(database):
    """A denied attempt is written down, whatever was asked for."""
    what = {"principal": ANN, "action": "secret.delete", "resource": "secret", "verdict": "denied"}
    for name in ("\0", "\ud800", "x" * 10_000):
        await database.write(partial(append, **what, resource_id=name))
    names = [entry.resource_id for entry in (await database.read(partial(newest, tenant="acme"))).items]

    assert names == ["x" * MAX_CHARACTERS, "?", "\N{REPLACEMENT CHARACTER}"]
