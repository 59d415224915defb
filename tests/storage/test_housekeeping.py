"""What long-lived processes do beside their calls."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import pytest
from sqlalchemy import select, text, update

from jackfield.storage import blobs, processes, users, vault_keys
from jackfield.storage.clock import now_us
from jackfield.storage.database import open_database
from jackfield.storage.housekeeping import DAY_S, RETENTION_EVERY_S, Housekeeping, Swept
from jackfield.storage.ids import new_id
from jackfield.storage.journal import record
from jackfield.storage.journal_recovery import Recovered
from jackfield.storage.presence import Presence
from jackfield.storage.retention import Purged
from jackfield.storage.tables.blobs import blob
from jackfield.storage.tables.coordination import lease, process
from jackfield.storage.tables.journal import execution
from jackfield.storage.tables.people import token
from jackfield.storage.users import TokenRow, UserRow
from storage.journal_world import an_execution, claimed, kept

DAY = DAY_S * 1_000_000
IDLE = Swept(given_up=[], recovered=Recovered(), purged=None)


class House:
    """A process that keeps house on a database."""

    def __init__(self, database, *, retention_days: int = 90, every_s: float = 3600.0) -> None:
        self.database = database
        self.presence = Presence(database, kind="server", version="1", heartbeat_s=3600.0)
        self.keeping = Housekeeping(database, self.presence, retention_days=retention_days, every_s=every_s)

    async def close(self) -> None:
        await self.keeping.close()
        await self.presence.close()


@pytest.fixture
async def house(database):
    house = House(database)
    yield house
    await house.close()


async def executions(database) -> list[str]:
    return await database.read(lambda connection: list(connection.scalars(select(execution.c.id))))


async def ended(database, *, days_ago: float, **given) -> str:
    """A call of that day; its id."""
    at = now_us() - int(days_ago * DAY)
    row = an_execution(started=at, ended=at, **given)
    await record(database, row)
    return row.id


async def die(database, id: str) -> None:
    """Make a process silent for an hour."""
    await database.write(
        lambda connection: connection.execute(
            update(process).where(process.c.id == id).values(seen=now_us() - 10**9 * 4)
        )
    )


async def test_writes_of_the_dead_are_reported_and_their_names_struck(database, house, caplog):
    """Without anybody asking; once."""
    dead = await database.write(partial(processes.register, kind="sdk", version="1"))
    lost = await claimed(database, owner=dead)
    before = await house.keeping.run_once()
    await die(database, dead)
    found = await house.keeping.run_once()

    assert (before.given_up, before.recovered) == ([], Recovered())
    assert (found.given_up, found.recovered) == ([dead], Recovered(unknown=[lost.execution_id]))
    assert (await kept(database, lost.execution_id)).status == "UNKNOWN_OUTCOME"
    assert lost.execution_id in caplog.text
    assert await house.keeping.run_once() == IDLE


async def test_a_process_that_stays_is_listed(database, house):
    """A rotation of keys waits for those that may still encrypt with an old one."""
    await house.keeping.run_once()
    listed = await database.read(partial(processes.living, within_s=10))

    assert [each.id for each in listed] == [await house.presence.owner()]


async def test_its_own_writes_are_left_alone(database, house):
    """Also while the table does not show it, because it was silent for too long."""
    own = await house.presence.owner()
    held = await claimed(database, owner=own)
    await die(database, own)
    found = await house.keeping.run_once()

    assert found.recovered == Recovered()
    assert (await kept(database, held.execution_id)).status == "RUNNING"


async def test_a_process_does_not_give_itself_up(database, house):
    """After a machine has slept, it finds all processes silent, itself among them."""
    own = await house.presence.owner()
    other = await database.write(partial(processes.register, kind="sdk", version="1"))
    await die(database, own)
    await die(database, other)
    found = await house.keeping.run_once()

    assert found.given_up == [other]
    assert await house.presence.owner() == own


async def test_what_is_older_than_the_retention_is_deleted(database, house):
    """And nothing younger."""
    await ended(database, days_ago=91)
    young = await ended(database, days_ago=89)
    found = await house.keeping.run_once()

    assert found.purged == Purged(executions=1)
    assert await executions(database) == [young]


async def test_zero_days_keep_everything(database):
    """For whoever has to."""
    house = House(database, retention_days=0)
    old = await ended(database, days_ago=5000)
    found = await house.keeping.run_once()

    assert found.purged == Purged()
    assert await executions(database) == [old]
    await house.close()


async def test_sessions_that_are_over_are_deleted_whatever_the_retention(database):
    """Of tokens each row stays, of sessions none: every browser begins some."""
    house = House(database, retention_days=0)
    user = await database.write(partial(users.add, row=UserRow(tenant="default", name="ann")))
    parent = TokenRow(tenant="default", user_id=user.id, name="laptop", hash=b"one", scopes=["read"], expires=1)
    await database.write(partial(users.add_token, row=parent))
    for hashed, expires in ((b"over", 1), (b"young", now_us() + DAY)):
        row = replace(parent, id=new_id(), parent=parent.id, hash=hashed, expires=expires, used=now_us())
        await database.write(partial(users.add_token, row=row))
    await house.keeping.run_once()

    assert await database.read(lambda connection: set(connection.scalars(select(token.c.hash)))) == {b"one", b"young"}
    await house.close()


async def test_one_of_many_processes_deletes_and_once_an_hour(database, house):
    """The work is the same for all of them."""
    other = House(database)
    first = [await house.keeping.run_once(), await other.keeping.run_once(), await house.keeping.run_once()]
    over = update(lease).values(until=lease.c.until - RETENTION_EVERY_S * 1_000_000 - 1)
    await database.write(lambda connection: connection.execute(over))
    second = [await other.keeping.run_once(), await house.keeping.run_once()]
    await other.close()

    assert [each.purged for each in first] == [Purged(), None, None]
    assert [each.purged for each in second] == [Purged(), None]


async def test_blobs_that_no_execution_names_go(database, house):
    """They are written before the row that names them, so young ones stay."""
    names = [
        await database.write(partial(blobs.put, tenant="default", content=content))
        for content in (b"named", b"unused", b"young")
    ]
    await database.write(
        lambda connection: connection.execute(update(blob).where(blob.c.hash.in_(names[:2])).values(touched=1))
    )
    await ended(database, days_ago=1, blob_id=names[0])
    await house.keeping.run_once()
    left = await database.read(lambda connection: set(connection.scalars(select(blob.c.hash))))

    assert left == {names[0], names[2]}


async def test_every_tenant_is_swept(database, house):
    """Not only the first."""
    await database.write(
        lambda connection: connection.execute(text("INSERT INTO tenant VALUES ('other', 'Other', 0, 0, 1, NULL)"))
    )
    await ended(database, days_ago=91, tenant="other")
    await ended(database, days_ago=91)
    found = await house.keeping.run_once()

    assert found.purged == Purged(executions=2)


async def test_it_goes_on_by_itself_whatever_one_round_meets(database_url, caplog):
    """A server runs for months."""
    database = await open_database(database_url)
    house = House(database, every_s=0.001)
    house.keeping.start()
    house.keeping.start()
    await house.keeping.swept()
    await database.close()
    await house.keeping.swept()
    await house.keeping.swept()
    await house.close()

    for said in ("silent processes stay listed", "writes of dead processes stay open", "what is old is not deleted"):
        assert said in caplog.text


async def test_a_process_says_again_which_key_encrypts_there(database):
    """One that was given its keys in the wrong order: a rotation finds the old one unneeded, and it goes on with it.

    Without the key in this list, others would start that cannot read what it encrypts.
    """
    presence = Presence(database, kind="server", version="1", heartbeat_s=3600.0)
    keeping = Housekeeping(database, presence, retention_days=90, key=("old", "print"))
    await keeping.run_once()
    await database.write(partial(vault_keys.forget, id="old"))
    await keeping.run_once()
    known = await database.read(vault_keys.known)
    await keeping.close()
    await presence.close()

    assert known == {"old": "print"}
