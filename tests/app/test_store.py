"""The store of a process: one key, one start, nothing half open."""

from __future__ import annotations

import asyncio
import base64
import json
import logging
import os
import stat
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import delete

from databases import make_tables
from jackfield.app.store import Store, open_store
from jackfield.definition.secret import MASK, Secret
from jackfield.settings import Settings
from jackfield.storage import sealed_values, users, vault_keys
from jackfield.storage.database import open_database
from jackfield.storage.errors import DatabaseUnavailable
from jackfield.storage.tables.vault import vault_key
from jackfield.vault.errors import InvalidKey, KeyFileExposed, MissingKey, Undecryptable, WrongKey
from jackfield.vault.installation import PARAMS_KEY
from jackfield.vault.sealed import SealContext

A, B = (base64.b64encode(bytes(range(start, start + 32))).decode() for start in (0, 100))
WHERE = SealContext(tenant="default", kind="secret", id="s1", version=1)


@pytest.fixture
def data(tmp_path) -> Path:
    """The data folder, not made yet."""
    return tmp_path / "data"


@pytest.fixture
def settings(database_url, data) -> Settings:
    """A database on each system, with a key from outside."""
    return Settings(data=data, database_url=database_url, key=f"main:{A}")


async def opened(settings: Settings) -> Store:
    store = await open_store(settings, kind="sdk")
    assert store is not None
    return store


async def known(settings: Settings) -> dict[str, str]:
    """The fingerprints in the database."""
    database = await open_database(settings.database)
    found = await database.read(vault_keys.known)
    await database.close()
    return found


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


async def test_memory_keeps_nothing(data):
    """Not even a folder."""
    assert await open_store(Settings(data=data, database_url="memory"), kind="sdk") is None
    assert not data.exists()


async def test_without_any_setting_there_is_a_folder_with_a_database_and_a_key(data):
    """First success needs no setting, and nobody else can read any of it."""
    store = await opened(Settings(data=data))
    await store.close()

    assert mode(data) == 0o700
    assert {path.name: oct(mode(path)) for path in data.iterdir()} == {"jackfield.db": "0o600", "key": "0o600"}
    assert store.keys.file == data / "key"


async def test_what_was_sealed_opens_after_a_restart(settings):
    """With the same keys; the params key is the same too, for repeated calls to be recognised."""
    first = await opened(settings)
    sealed = first.envelope.seal(b"value", WHERE)
    await first.close()
    second = await opened(settings)
    await second.close()

    assert second.envelope.open(sealed, WHERE) == b"value"
    assert len(first.params_key) == 32
    assert second.params_key == first.params_key


async def test_the_fingerprint_is_there_before_anything_is_encrypted(settings):
    """So that a wrong key is noticed whenever the process dies."""
    store = await opened(settings)
    await store.close()

    assert await known(settings) == {"main": store.ring.fingerprint("main")}


async def test_the_params_key_is_kept_sealed(settings):
    """Whoever has the database alone cannot guess what the params of a call were."""
    store = await opened(settings)
    kept = await store.database.read(partial(sealed_values.get, tenant="*", name=PARAMS_KEY))
    await store.close()

    assert store.params_key not in kept
    assert "params_key=" not in repr(store)


async def test_the_local_user_is_made_once(settings):
    """And left as people have changed it."""
    store = await opened(settings)
    user = await store.database.read(partial(users.get, tenant="default", id="local"))
    await store.database.write(partial(users.delete, row=user))
    await store.close()
    again = await opened(settings)
    kept = await again.database.read(partial(users.get, tenant="default", id="local"))
    await again.close()

    assert (user.id, user.name, user.roles) == ("local", "local", ("admin",))
    assert kept.deleted is not None


async def test_a_second_start_writes_nothing(settings, monkeypatch):
    """A command line tool is started a thousand times a day."""
    await (await opened(settings)).close()
    monkeypatch.setattr("jackfield.storage.database.Database.write", fails)
    await (await opened(settings)).close()


@pytest.mark.parametrize("place", ["postgresql", "elsewhere"])
async def test_no_key_is_made_for_a_database_that_somebody_chose(place, request, data, tmp_path):
    """A key that is made in a container is gone with it, and with it all that it has encrypted."""
    url = request.getfixturevalue("postgresql_url") if place == "postgresql" else f"sqlite:///{tmp_path / 'else.db'}"
    with pytest.raises(MissingKey) as caught:
        await open_store(Settings(data=data, database_url=url), kind="server")

    assert caught.value.message == "there is no key to encrypt with in `JACKFIELD_KEY`, `JACKFIELD_KEY_FILE`"
    assert not data.exists()
    assert not (tmp_path / "else.db").exists()


async def test_a_key_file_that_people_name_has_to_be_there(data, tmp_path):
    """It may not have been mounted."""
    settings = Settings(data=data, key_file=tmp_path / "mounted")
    with pytest.raises(MissingKey):
        await open_store(settings, kind="server")
    (tmp_path / "mounted").write_text(f"main:{A}\n")
    (tmp_path / "mounted").chmod(0o600)
    store = await opened(settings)
    await store.close()

    assert store.ring.ids == ("main",)
    assert not (data / "key").exists()


@pytest.mark.parametrize(
    ("keys", "refused", "said"),
    [
        ("", MissingKey, "data is encrypted with the key `main`, not found in `JACKFIELD_KEY`, `JACKFIELD_KEY_FILE`"),
        (f"other:{B}", MissingKey, "data is encrypted with the key `main`, not found in `JACKFIELD_KEY`"),
        (f"main:{B}", WrongKey, "the key `main` is not the one of that name which encrypted the data"),
        (f"main:{A[:-4]}", InvalidKey, "key 1 of `JACKFIELD_KEY` has 30 bytes instead of 32"),
    ],
)
async def test_a_key_that_does_not_fit_refuses_to_start(database_url, data, keys, refused, said):
    """And leaves everything as it was, so that the right one still does."""
    settings = Settings(data=data, database_url=database_url, key=f"main:{A}")
    await (await opened(settings)).close()
    before = await known(settings)
    with pytest.raises(refused) as caught:
        await open_store(Settings(data=data, database_url=database_url, key=keys), kind="server")

    assert caught.value.message == said
    assert A not in str(caught.value.to_json())
    assert B not in str(caught.value.to_json())
    assert await known(settings) == before
    await (await opened(settings)).close()


async def test_a_lost_key_file_is_not_replaced(data):
    """A new one would look like a start, until somebody needs the old data."""
    settings = Settings(data=data)
    store = await opened(settings)
    await store.close()
    (data / "key").unlink()
    with pytest.raises(MissingKey) as caught:
        await open_store(settings, kind="sdk")

    assert caught.value.details == {"keys": [store.ring.primary], "searched": ["JACKFIELD_KEY", str(data / "key")]}
    assert not (data / "key").exists()


async def test_a_key_file_open_to_others_is_not_used(data):
    """Somebody may have read it already."""
    settings = Settings(data=data)
    await (await opened(settings)).close()
    (data / "key").chmod(0o640)
    with pytest.raises(KeyFileExposed):
        await open_store(settings, kind="sdk")


async def test_a_new_key_before_the_old_one_encrypts_from_now_on(settings, database_url, data):
    """The first step of a rotation; the old one is still needed."""
    first = await opened(settings)
    sealed = first.envelope.seal(b"value", WHERE)
    await first.close()
    both = Settings(data=data, database_url=database_url, key=f"new:{B},main:{A}")
    second = await opened(both)
    await second.close()

    assert list(await known(both)) == ["main", "new"]
    assert second.params_key == first.params_key
    assert second.envelope.open(sealed, WHERE) == b"value"
    with pytest.raises(Undecryptable):
        first.envelope.open(second.envelope.seal(b"value", WHERE), WHERE)


async def test_two_that_start_with_different_keys_do_not_both_start(database_url, data):
    """Each would encrypt what the other cannot read."""
    await make_tables(database_url)
    given = [Settings(data=data, database_url=database_url, key=keys) for keys in (f"a:{A}", f"b:{B}")]
    results = await asyncio.gather(*(open_store(each, kind="server") for each in given), return_exceptions=True)
    stores = [result for result in results if isinstance(result, Store)]
    errors = [result for result in results if isinstance(result, Exception)]
    for store in stores:
        await store.close()

    assert len(stores) == 1
    assert [type(error) for error in errors] == [MissingKey]


async def test_many_that_start_at_once_share_everything(settings):
    """In one process, as two clients of the SDK do."""
    stores = await asyncio.gather(*(opened(settings) for _ in range(4)))
    sealed = stores[0].envelope.seal(b"value", WHERE)

    assert len({store.params_key for store in stores}) == 1
    assert [store.envelope.open(sealed, WHERE) for store in stores] == [b"value"] * 4
    for store in stores:
        await store.close()


async def test_logs_are_masked_while_the_store_is_open(settings, caplog):
    """Its own secrets too; another store that is closed meanwhile changes nothing."""
    factory = logging.getLogRecordFactory()
    one, two = await opened(settings), await opened(settings)
    one.watch.add(Secret("a-secret-of-somebody"))
    await two.close()
    logging.getLogger("some.library").error("token=%s key=%s", "a-secret-of-somebody", A)
    await one.close()

    assert caplog.messages == [f"token={MASK} key={MASK}"]
    assert logging.getLogRecordFactory() is factory


async def test_closing_twice_does_no_harm_and_a_closed_store_says_so(settings):
    """Whatever is called late must not hang."""
    store = await opened(settings)
    await store.presence.owner()
    await store.close()
    await store.close()
    with pytest.raises(DatabaseUnavailable):
        await store.database.read(vault_keys.known)


async def test_a_failure_halfway_leaves_nothing_open(settings, monkeypatch):
    """No connection, no thread, no log filter, no task."""
    await (await opened(settings)).close()
    factory, tasks = logging.getLogRecordFactory(), asyncio.all_tasks()
    databases = []

    async def remembered(*given, **more):
        databases.append(await open_database(*given, **more))
        return databases[-1]

    monkeypatch.setattr("jackfield.app.store.open_database", remembered)
    monkeypatch.setattr("jackfield.app.store.Changes.start", fails)
    with pytest.raises(RuntimeError, match="halfway"):
        await open_store(settings, kind="sdk")
    with pytest.raises(DatabaseUnavailable, match="it was closed"):
        await databases[0].read(vault_keys.known)

    assert logging.getLogRecordFactory() is factory
    assert asyncio.all_tasks() == tasks


async def fails(*_):
    raise RuntimeError("halfway")


async def test_a_forgotten_fingerprint_is_written_again(settings):
    """Whatever a rotation that ended early has taken away, the key that encrypts is known."""
    await (await opened(settings)).close()
    database = await open_database(settings.database)
    await database.write(lambda connection: connection.execute(delete(vault_key)).rowcount)
    await database.close()
    await (await opened(settings)).close()

    assert list(await known(settings)) == ["main"]


OPEN = """
import asyncio, json, sys
from pathlib import Path
from jackfield.app.store import open_store
from jackfield.settings import from_environment

async def main():
    settings = from_environment()
    print("ready", flush=True)
    sys.stdin.readline()
    store = await open_store(settings, kind="cli")
    owner = await store.presence.owner()
    said = {"key": store.ring.primary, "print": store.ring.fingerprint(store.ring.primary)}
    said |= {"params": store.params_key.hex(), "alembic": "alembic" in sys.modules}
    await store.close()
    print(json.dumps(said), flush=True)

asyncio.run(main())
"""


def together(environ: dict[str, str], count: int) -> list[dict]:
    """Processes that start, wait until all are there, and open their stores at once; what each says."""
    command = [sys.executable, "-W", "error", "-c", OPEN]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    clean = {name: value for name, value in os.environ.items() if not name.startswith("JACKFIELD_")}
    running = [subprocess.Popen(command, env=clean | environ, **pipes) for _ in range(count)]
    for each in running:
        assert each.stdout.readline() == "ready\n"
    for each in running:
        each.stdin.write("\n")
        each.stdin.flush()
    said = [each.communicate(timeout=120) for each in running]
    assert [errors for _, errors in said] == [""] * count
    return [json.loads(out) for out, _ in said]


@pytest.mark.slow
def test_four_processes_open_a_fresh_folder_at_once(data):
    """All with the key of the first, and nothing lies about that one of them has begun."""
    said = together({"JACKFIELD_DATA_DIR": str(data)}, 4)

    assert len({(each["key"], each["print"], each["params"]) for each in said}) == 1
    assert sorted(path.name for path in data.iterdir()) == ["jackfield.db", "key"]


@pytest.mark.slow
def test_four_processes_open_a_fresh_server_database_at_once(postgresql_url, data):
    """With the key that they were given."""
    environ = {"JACKFIELD_DATA_DIR": str(data), "JACKFIELD_DATABASE_URL": postgresql_url, "JACKFIELD_KEY": f"main:{A}"}
    said = together(environ, 4)

    assert len({(each["print"], each["params"]) for each in said}) == 1
    assert not data.exists()


@pytest.mark.slow
def test_a_second_open_costs_no_alembic(data):
    """It takes longer to import than all the rest together."""
    first, second = together({"JACKFIELD_DATA_DIR": str(data)}, 1), together({"JACKFIELD_DATA_DIR": str(data)}, 1)

    assert (first[0]["alembic"], second[0]["alembic"]) == (True, False)
