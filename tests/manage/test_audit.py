"""Reading and verifying the audit log."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import pytest
from sqlalchemy import delete, update

from jackfield.access.audit import append
from jackfield.access.errors import AdminRequired, ScopeMissing
from jackfield.manage.audit import AnchorInvalid, AuditLog
from jackfield.manage.views import to_json
from jackfield.storage.tables.people import audit
from manage.people import ADMIN, ANN, BOB, EVE, audit_words


def log(database, principal, name="KEY", **given):
    values = {"action": "secret.create", "resource": "secret", "resource_id": name}
    return database.write(partial(append, principal=principal, **(values | given)))


async def test_an_administrator_sees_who_did_what_in_the_tenant(world):
    """By name; other tenants have logs of their own."""
    await log(world, ANN, details={"visibility": "shared"})
    await log(world, EVE)
    page = await AuditLog(world).list(ADMIN)

    assert [(entry.actor_name, entry.action, entry.resource_id) for entry in page.items] == [
        ("ann", "secret.create", "KEY")
    ]
    assert to_json(page.items[0]) | {"at": ""} == {
        "sequence": 1,
        "at": "",
        "actor": ANN.id,
        "actorName": "ann",
        "action": "secret.create",
        "resource": "secret",
        "resourceId": "KEY",
        "verdict": "done",
        "details": {"visibility": "shared"},
    }


async def test_an_actor_is_found_by_name_or_id(world):
    """People know names."""
    await log(world, ANN)
    await log(world, BOB, "OTHER")
    manage = AuditLog(world)
    found = [await manage.list(ADMIN, actor=actor) for actor in ("ANN", ANN.id, "nobody")]

    assert [[entry.resource_id for entry in page.items] for page in found] == [["KEY"], ["KEY"], []]


async def test_pages_are_continued(world):
    """Whoever asks for too much at once gets a page."""
    for turn in range(3):
        await log(world, ANN, str(turn))
    manage = AuditLog(world)
    first = await manage.list(ADMIN, limit=2)
    second = await manage.list(ADMIN, limit=0, cursor=first.cursor)

    assert [entry.resource_id for entry in [*first.items, *second.items]] == ["2", "1", "0"]
    assert second.cursor is None


@pytest.mark.parametrize("what", ["list", "verify"])
async def test_others_are_refused_and_that_is_written_down(world, what):
    """The log says what everybody did."""
    act = getattr(AuditLog(world), what)
    with pytest.raises(AdminRequired):
        await act(ANN)
    with pytest.raises(ScopeMissing):
        await act(replace(ADMIN, scopes=frozenset({"manage"})))

    assert await audit_words(world) == [f"{ANN.id} audit.{what} log denied", f"local audit.{what} log denied"]


async def test_a_log_that_nobody_touched_is_intact(world):
    """Also an empty one, and one of many slices."""
    empty = await AuditLog(world).verify(ADMIN)
    for _ in range(3):
        await log(world, ANN)
    done = await AuditLog(world).verify(ADMIN)

    assert (empty.intact, empty.entries) == (True, 0)
    assert (done.intact, done.entries, done.problem) == (True, 3, "")
    assert (await AuditLog(world).verify(ADMIN, anchor=done.anchor)).intact


async def test_the_first_entry_that_was_touched_is_named(world):
    """Where to begin to look."""
    for _ in range(4):
        await log(world, ANN)
    await world.write(lambda c: c.execute(update(audit).where(audit.c.sequence == 3).values(actor="bob")))
    found = await AuditLog(world).verify(ADMIN)

    assert (found.intact, found.broken, found.entries, found.problem) == (False, 3, 2, "it was changed")


async def test_newest_entries_that_are_gone_show_against_what_was_kept(world):
    """The chain alone does not show it."""
    for _ in range(4):
        await log(world, ANN)
    kept = (await AuditLog(world).verify(ADMIN)).anchor
    await world.write(lambda c: c.execute(delete(audit).where(audit.c.sequence > 2)))
    found = await AuditLog(world).verify(ADMIN, anchor=kept)
    gone = (found.broken, found.problem)
    await log(world, BOB)
    await log(world, BOB)
    rewritten = await AuditLog(world).verify(ADMIN, anchor=kept)

    assert (await AuditLog(world).verify(ADMIN)).intact
    assert gone == (4, "it was there before, and is gone")
    assert (rewritten.broken, rewritten.problem) == (4, "it is not the one that was there before")


@pytest.mark.parametrize("anchor", ["4", "4:zz", ":", f"-1:{'00' * 32}", f"4:{'00' * 31}", f"{'9' * 30}:{'00' * 32}"])
async def test_what_is_no_anchor_is_refused(world, anchor):
    """A verification that compares nothing would say that all is well."""
    with pytest.raises(AnchorInvalid):
        await AuditLog(world).verify(ADMIN, anchor=anchor)
