"""Which keys there are, and moving everything to a new one beside people who work."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import LargeBinary, select, update

from jackfield.access.errors import AdminRequired, ScopeMissing
from jackfield.manage.errors import KeyNotInFile
from jackfield.manage.keys import Keys
from jackfield.manage.secrets import Secrets
from jackfield.storage import processes, vault_keys
from jackfield.storage.database import open_database
from jackfield.storage.secrets import SecretRow
from jackfield.storage.tables import metadata
from jackfield.storage.tables.blobs import blob
from jackfield.storage.tables.vault import secret, vault_key
from jackfield.vault.envelope import Envelope, key_id
from jackfield.vault.errors import Undecryptable
from jackfield.vault.key_file import load_or_create_key_file
from jackfield.vault.sealed_columns import SEALED
from jackfield.vault.stored_secrets import context
from jackfield.vault.watch import SecretWatch
from manage.people import ADMIN, ANN, EVE, audit_words, audited
from manage.rotation_world import BOTH, NEW, OLD, check, fill

DRIVER = Path(__file__).with_name("rotation_driver.py")
TESTS = Path(__file__).parents[1]
SCALE = float(os.environ.get("JACKFIELD_TEST_SCALE", "0.2"))

HASHES = {"token.hash", "audit.previous", "audit.hash", "effect.params_hash", "oauth_flow.state", "oauth_flow.browser"}
NOT_WRITTEN_YET = {"run.input", "run_event.data"}


@pytest.fixture
async def filled(world):
    """A database with values of the old key in every sealed column."""
    await world.write(fill)
    return world


def keys(database, ring=BOTH, **given) -> Keys:
    return Keys(database, ring, file=None, **given)


async def counted(database, ring=BOTH) -> dict[str, int]:
    return {key.id: key.values for key in (await keys(database, ring).status(ADMIN)).keys}


def known(database):
    return database.read(vault_keys.known)


def test_no_sealed_column_is_left_out():
    """A new one belongs into `vault.sealed_columns.SEALED`, or its values are lost with the old key."""
    binary = {
        f"{table.name}.{column.name}"
        for table in metadata.tables.values()
        for column in table.columns
        if isinstance(column.type, LargeBinary)
    }

    assert {column.name for column in SEALED} == binary - HASHES - NOT_WRITTEN_YET


async def test_everything_is_wrapped_by_the_new_key_and_says_what_it_said(filled):
    """Whoever has only the new key reads all of it."""
    count = await check(filled, OLD)
    done = await keys(filled).rotate(ADMIN)

    assert await check(filled, NEW) == count == done.rewrapped
    assert (done.primary, done.unreadable, done.complete) == ("new", 0, True)
    assert (done.unneeded, done.needed, done.waiting_for) == (["old"], {}, [])


async def test_status_says_what_each_key_wraps(filled):
    """Before and after, with keys that are not here."""
    count = await check(filled, OLD)
    before = await keys(filled).status(ADMIN)
    without = await keys(filled, NEW).status(ADMIN)
    await keys(filled).rotate(ADMIN)
    after = await keys(filled).status(ADMIN)

    assert [(key.id, key.primary, key.here, key.values) for key in before.keys] == [
        ("new", True, True, 0),
        ("old", False, True, count),
    ]
    assert [(key.id, key.here, key.values) for key in without.keys] == [("new", True, 0), ("old", False, count)]
    assert [(key.id, key.values) for key in after.keys] == [("new", count), ("old", 0)]
    assert (before.primary, before.file, before.unreadable) == ("new", None, 0)


async def test_an_empty_database_has_nothing_to_do(world):
    """And its keys wrap nothing."""
    done = await keys(world).rotate(ADMIN)

    assert (done.rewrapped, done.complete, done.unneeded) == (0, True, ["old"])


async def test_a_second_run_finds_nothing_to_do(filled):
    """And reads no values for that."""
    await keys(filled).rotate(ADMIN)
    seen = []
    again = await keys(filled).rotate(ADMIN, progress=seen.append)

    assert (again.rewrapped, again.complete, seen) == (0, True, [])


async def test_progress_comes_to_its_end(filled):
    """Whatever the size of the slices."""
    count = await check(filled, OLD)
    seen = []
    columns = [replace(column, at_once=2) for column in SEALED]
    await keys(filled, columns=columns).rotate(ADMIN, progress=lambda p: seen.append((p.done, p.total)))

    assert seen == sorted(seen)
    assert len(seen) > len(SEALED)
    assert seen[-1] == (count, count)


async def test_a_key_that_nothing_needs_is_no_longer_asked_for_at_start(filled):
    """Only then: its fingerprint is what keeps Jackfield from starting without it."""
    before = await known(filled)
    await filled.write(partial(vault_keys.add, id="new", fingerprint=BOTH.fingerprint("new")))
    await keys(filled).rotate(ADMIN)

    assert list(before) == ["old"]
    assert list(await known(filled)) == ["new"]


async def test_what_cannot_be_read_keeps_its_key_and_stops_nothing(filled):
    """It is named, and stays as it is."""
    count = await check(filled, OLD)
    row = (await filled.read(lambda c: c.execute(select(secret)).all()))[0]
    cut = row.sealed[:40] + bytes(8) + row.sealed[48:]
    await filled.write(lambda c: c.execute(update(secret).where(secret.c.id == row.id).values(sealed=cut)))
    done = await keys(filled).rotate(ADMIN)

    assert (done.rewrapped, done.unreadable, done.complete) == (count - 1, 1, False)
    assert [type(problem) for problem in done.problems] == [Undecryptable]
    assert row.id in str(done.problems[0])
    assert (done.needed, done.unneeded) == ({"old": 1}, [])
    assert list(await known(filled)) == ["old"]


async def test_what_is_nothing_sealed_is_counted_and_forgets_no_key(filled):
    """Its key cannot be told, so it may be any."""
    await filled.write(lambda c: c.execute(update(secret).values(sealed=b"nonsense")))
    status = await keys(filled).status(ADMIN)
    done = await keys(filled).rotate(ADMIN)

    assert status.unreadable == done.unreadable == 3
    assert (done.unneeded, done.complete) == ([], False)


async def test_a_key_that_is_not_here_is_named(filled):
    """With how much it wraps."""
    stranger = await keys(filled, NEW).rotate(ADMIN)

    assert stranger.needed == {"old": await check(filled, OLD)}
    assert (stranger.unreadable, stranger.unneeded, stranger.complete) == (stranger.needed["old"], [], False)


async def test_a_value_that_is_saved_meanwhile_wins(filled):
    """A rotation must not put an old value back."""
    secrets = Secrets(filled, Envelope(OLD), SecretWatch())
    names = [info.name for info in await secrets.list(ADMIN)]

    class Slow:
        """A database in which somebody saves between reading and writing a slice."""

        def __getattr__(self, name):
            return getattr(filled, name)

        async def write(self, work):
            if names:
                await secrets.put(ADMIN, names.pop(), "saved meanwhile")
            return await filled.write(work)

    column = next(column for column in SEALED if column.name == "secret.sealed")
    columns = [replace(column, at_once=1)]
    first = await Keys(Slow(), BOTH, file=None, columns=columns).rotate(ADMIN)
    rows = await filled.read(lambda c: c.execute(select(secret)).all())
    said = [Envelope(BOTH).open(row.sealed, context(SecretRow(**row._mapping))).decode() for row in rows]
    second = await keys(filled).rotate(ADMIN)

    assert said == ["saved meanwhile"] * 3
    assert first.needed
    assert not first.unneeded
    assert second.complete
    assert {key_id(row.sealed) for row in await filled.read(lambda c: c.execute(select(secret)).all())} == {"new"}


async def test_a_process_that_still_has_the_old_key_first_is_waited_for(filled):
    """It may encrypt with that key a moment later."""
    name = await filled.write(partial(processes.register, kind="server", version="1"))
    await filled.write(partial(vault_keys.add, id="new", fingerprint=BOTH.fingerprint("new")))
    await filled.write(lambda c: c.execute(update(vault_key).where(vault_key.c.id == "new").values(created=2**60)))
    waiting = await keys(filled).rotate(ADMIN)
    still = await known(filled)
    await filled.write(partial(processes.leave, id=name))
    done = await keys(filled).rotate(ADMIN)

    assert [text.split()[0] for text in waiting.waiting_for] == ["server"]
    assert (waiting.unneeded, waiting.complete) == ([], False)
    assert "old" in still
    assert (done.unneeded, done.complete) == (["old"], True)
    assert list(await known(filled)) == ["new"]


async def test_old_blobs_stay_for_whoever_has_just_read_their_names(filled):
    """They are swept up later; nobody counts them."""
    before = await filled.read(lambda c: set(c.scalars(select(blob.c.hash))))
    await keys(filled).rotate(ADMIN)
    after = await filled.read(lambda c: set(c.scalars(select(blob.c.hash))))

    assert before < after
    assert len(after) == 2 * len(before)


@pytest.mark.parametrize("act", ["status", "add", "rotate"])
async def test_only_administrators_touch_keys_and_attempts_are_written_down(world, act):
    """They are everybody's."""
    with pytest.raises(AdminRequired):
        await getattr(keys(world), act)(ANN)
    with pytest.raises(ScopeMissing):
        await getattr(keys(world), act)(replace(ADMIN, scopes=frozenset({"execute"})))

    assert await audit_words(world) == [f"{ANN.id} keys.{act} new denied", f"local keys.{act} new denied"]


@pytest.mark.parametrize("act", ["status", "add", "rotate"])
async def test_keys_are_not_in_the_hands_of_another_tenants_administrators(world, act):
    """They wrap the values of every tenant, and the key file is a file of the machine."""
    with pytest.raises(AdminRequired):
        await getattr(keys(world), act)(EVE)

    assert await audit_words(world, EVE.tenant) == [f"{EVE.id} keys.{act} new denied"]


async def test_when_a_key_came_is_told_by_the_clock_by_which_processes_started(postgresql_url, monkeypatch):
    """A rotation compares them: from a host whose clock is slow, it would not wait for a process with the old key."""
    database = await open_database(postgresql_url)
    await database.write(partial(processes.register, kind="server", version="1"))
    began = (await database.read(partial(processes.living, within_s=60)))[0].started
    monkeypatch.setattr(vault_keys, "now_us", lambda: began - 3_600_000_000, raising=False)
    await database.write(partial(vault_keys.add, id="new", fingerprint="f"))
    since = await database.read(partial(vault_keys.since, id="new"))
    await database.close()

    assert since >= began


async def test_a_new_key_is_put_first_in_the_key_file(world, tmp_path):
    """The old one stays behind it."""
    ring = load_or_create_key_file(tmp_path / "key")
    added = await Keys(world, ring, file=tmp_path / "key").add(ADMIN)
    now = load_or_create_key_file(tmp_path / "key")

    assert now.ids == (added, ring.primary)
    assert await audit_words(world) == [f"local keys.add {added} done"]


async def test_a_key_that_was_given_is_not_jackfields_to_change(world):
    """It says how it is done."""
    with pytest.raises(KeyNotInFile) as raised:
        await keys(world).add(ADMIN)

    assert "JACKFIELD_KEY=new:" in raised.value.hint


async def test_a_rotation_is_in_the_audit_log(filled):
    """Also one that never ended."""
    done = await keys(filled).rotate(ADMIN)
    entries = await audited(filled)

    assert [(entry.action, entry.resource_id) for entry in entries] == [("keys.rotate", "new")] * 2
    assert entries[0].details == {"began": True}
    assert entries[1].details == {"rewrapped": done.rewrapped, "unreadable": 0, "unneeded": ["old"]}


@pytest.mark.slow
async def test_a_rotation_that_is_killed_leaves_everything_readable(filled, database_url):
    """Anywhere in the middle; the next one goes on."""
    await filled.write(partial(fill, count=20, prefix="more"))
    count = await check(filled, OLD)
    chance = random.Random(5)
    left = count
    for _ in range(max(3, int(12 * SCALE))):
        environment = {**os.environ, "PYTHONPATH": str(TESTS)}
        driver = subprocess.Popen(
            [sys.executable, str(DRIVER), database_url], stdout=subprocess.PIPE, text=True, env=environment
        )
        for _ in range(chance.randint(1, 6)):
            driver.stdout.readline()
        driver.kill()
        driver.wait()
        driver.stdout.close()

        assert await check(filled, BOTH) == count
        now = (await counted(filled)).get("old", 0)
        assert now < left
        left = now
    done = await keys(filled).rotate(ADMIN)

    assert done.complete
    assert await check(filled, NEW) == count
