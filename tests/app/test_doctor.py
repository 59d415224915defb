"""What is the matter: said without changing anything, without failing, without a secret."""

from __future__ import annotations

import base64
import json
import os
import shutil
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import text

from databases import drop_database, new_database, require_postgresql
from jackfield.app import doctor, doctor_scripts, doctor_settings
from jackfield.app.doctor import diagnose
from jackfield.app.store import open_store
from jackfield.settings import SECRET, Settings, from_environment, variable
from jackfield.storage import processes
from jackfield.storage.database import open_database
from jackfield.storage.journal import record
from jackfield.surfaces.diagnosis import Check, Report
from storage.journal_world import an_execution

A, B = (base64.b64encode(bytes(range(start, start + 32))).decode() for start in (0, 100))


@pytest.fixture(autouse=True)
def elsewhere(tmp_path, monkeypatch):
    """A working directory without connectors."""
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")


_SCRIPTS: dict[str, list[Check]] = {}


@pytest.fixture(autouse=True)
def sandbox_once(monkeypatch):
    """What the sandbox says of itself is asked once for all of these tests: it takes a second to start."""
    asked = doctor_scripts.checks

    async def once(settings) -> list[Check]:
        if settings.sandbox not in _SCRIPTS:
            _SCRIPTS[settings.sandbox] = list(await asked(settings))
        return _SCRIPTS[settings.sandbox]

    monkeypatch.setattr(doctor_scripts, "checks", once)


@pytest.fixture
def data(tmp_path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def environ(data) -> dict[str, str]:
    """The embedded default, in a folder of its own."""
    return {"JACKFIELD_DATA_DIR": str(data)}


async def opened(environ: dict[str, str]) -> None:
    """Open and close what `environ` describes, as a first call does."""
    store = await open_store(from_environment(environ), kind="sdk")
    await store.close()


def check(report: Report, name: str) -> Check:
    (found,) = [each for section in report.sections for each in section.checks if each.name == name]
    return found


def wrong(report: Report) -> dict[str, str]:
    """The checks that are not in order, and how bad each is."""
    return {each.name: each.status for section in report.sections for each in section.checks if each.status != "ok"}


async def test_a_new_installation_is_in_order_and_stays_untouched(environ, data):
    """Looking must not make what the first call would."""
    report = await diagnose(environ)

    assert wrong(report) == {}
    assert report.status == "ok"
    assert check(report, "database").note == "not there yet; made at the first call"
    assert check(report, "keys from").note == "not there yet; made at the first call"
    assert not data.exists()


async def test_what_is_there_is_described(environ, data):
    """Where it lies, who may read it, what is in it, which key encrypts."""
    await opened(environ)
    report = await diagnose(environ)

    assert wrong(report) == {}
    assert check(report, "data folder").note == "mode 0700"
    assert check(report, "database file").note == "mode 0600"
    assert check(report, "database").value == str(data / "jackfield.db")
    assert check(report, "schema").note == "the newest"
    assert check(report, "keys from") == Check(name="keys from", value=str(data / "key"), note="mode 0600")
    assert check(report, "what is kept").value == "can be read"
    assert check(report, "JACKFIELD_DATA_DIR") == Check(name="JACKFIELD_DATA_DIR", value=str(data), note="environment")
    assert check(report, "JACKFIELD_KEY_FILE").value == str(data / "key")
    assert check(report, "users").value == "1"
    assert sorted(path.name for path in data.iterdir()) == ["jackfield.db", "key"]


async def test_both_databases_are_described(database_url, data):
    """With what is going on in them."""
    environ = {
        "JACKFIELD_DATA_DIR": str(data),
        "JACKFIELD_DATABASE_URL": database_url,
        "JACKFIELD_KEY": f"new:{B},main:{A}",
    }
    await opened(environ | {"JACKFIELD_KEY": f"main:{A}"})
    database = await open_database(database_url)
    for status in ("COMPLETED", "FAILED", "RUNNING", "UNKNOWN_OUTCOME"):
        await record(database, an_execution(status=status))
    await database.write(partial(processes.register, kind="server", version="1"))
    await database.close()
    report = await diagnose(environ)

    assert wrong(report) == {"unknown outcomes": "warning"}
    assert (check(report, "executions").value, check(report, "executions").note) == ("4", "1 open")
    assert check(report, "processes").value.startswith(f"server {os.getpid()} on ")
    assert check(report, "keys from").value == "JACKFIELD_KEY"
    assert (check(report, "key new").note, check(report, "key main").note) == ("encrypts", "decrypts")


async def test_a_settings_file_is_shown_with_what_comes_from_it(data, tmp_path):
    """Also what it keeps from having an effect."""
    file = tmp_path / "prod.toml"
    file.write_text(
        "port = 9000\nmax_request_bytes = 2048\nshutdown_s = 0\nadmin_token = 'hunter2-hunter2-hunter2-hunter2'"
    )
    file.chmod(0o600)
    report = await diagnose(
        {
            "JACKFIELD_DATA_DIR": str(data),
            "JACKFIELD_CONFIG": str(file),
            "JACKFIELD_PORT": "8000",
            "JACKFIELD_PROT": "1",
        }
    )

    assert wrong(report) == {"JACKFIELD_PORT": "warning", "JACKFIELD_PROT": "warning"}
    assert check(report, "JACKFIELD_CONFIG") == Check(name="JACKFIELD_CONFIG", value=str(file), note="environment")
    assert (check(report, "JACKFIELD_PORT").value, check(report, "JACKFIELD_PORT").note) == (
        "9000",
        "file; the variable has no effect",
    )
    assert check(report, "JACKFIELD_MAX_REQUEST_BYTES").value == "2.0 KB"
    assert check(report, "JACKFIELD_SHUTDOWN_S").value == "0 s"
    assert check(report, "JACKFIELD_ADMIN_TOKEN").value == "set"
    assert "hunter2" not in json.dumps(report.to_json())


@pytest.mark.parametrize(
    ("text", "code"),
    [("egress_allow = '10.0.0.0/8'", "settings-file-not-chosen"), ("prot = 1", "unknown-setting")],
)
async def test_a_settings_file_that_is_refused_is_said(environ, text, code):
    """A database that it may have named is not looked for elsewhere."""
    Path("jackfield.toml").write_text(text)
    report = await diagnose(environ)

    assert wrong(report) == {"JACKFIELD_CONFIG": "error"}
    assert check(report, "JACKFIELD_CONFIG").code == code
    assert "Database" not in [section.title for section in report.sections]


@pytest.mark.parametrize(
    ("url", "status"),
    [
        ("http://jackfield.internal", "warning"),
        ("http://127.evil.example", "warning"),
        ("http://localhost:8321", "ok"),
        ("http://127.0.0.1:8321", "ok"),
        ("http://[::1]:8321", "ok"),
        ("https://jackfield.example", "ok"),
    ],
)
async def test_a_token_in_the_clear_is_said(environ, url, status):
    """Between two machines, whoever is in between reads it."""
    report = await diagnose(environ | {"JACKFIELD_URL": url})

    assert check(report, "JACKFIELD_URL").status == status
    assert (
        doctor_settings.checks(Settings(hashicorp_url=url, secrets_from=("hashicorp",)), {}, [])[
            list(Settings().sources).index("hashicorp_url")
        ].status
        == status
    )


async def test_nothing_kept_needs_nothing(data):
    """`memory` is a choice, not a fault."""
    report = await diagnose({"JACKFIELD_DATA_DIR": str(data), "JACKFIELD_DATABASE_URL": "memory"})

    assert wrong(report) == {}
    assert check(report, "database").value == "none"


@pytest.mark.parametrize(
    ("keys", "code"),
    [("", "missing-key"), (f"other:{B}", "missing-key"), (f"main:{B}", "wrong-key"), ("main:hunter2", "invalid-key")],
)
async def test_a_key_that_does_not_fit_is_found(database_url, data, keys, code):
    """In the words of the error that a start would end with."""
    environ = {"JACKFIELD_DATA_DIR": str(data), "JACKFIELD_DATABASE_URL": database_url, "JACKFIELD_KEY": f"main:{A}"}
    await opened(environ)
    report = await diagnose(environ | {"JACKFIELD_KEY": keys})
    (found,) = [each for section in report.sections for each in section.checks if each.status == "error"]

    assert found.code == code
    assert found.hint
    assert B not in json.dumps(report.to_json())


async def test_a_key_file_that_is_lost_or_open_to_others_is_found(environ, data):
    """And none is made in its place."""
    await opened(environ)
    (data / "key").chmod(0o644)
    exposed = await diagnose(environ)
    (data / "key").unlink()
    lost = await diagnose(environ)

    assert (check(exposed, "keys").code, check(exposed, "keys").hint) == (
        "key-file-exposed",
        f"`chmod 600 {data / 'key'}`",
    )
    assert check(lost, "keys").code == "missing-key"
    assert not (data / "key").exists()


async def test_who_moves_from_the_key_file_to_the_setting_is_told_how(environ, data):
    """The old key is still needed, and it is at hand."""
    await opened(environ)
    report = await diagnose(environ | {"JACKFIELD_KEY": f"main:{A}"})
    line = (data / "key").read_text().strip()
    followed = await diagnose(environ | {"JACKFIELD_KEY": f"main:{A},{line}"})

    assert check(report, "what is kept").code == "missing-key"
    assert f"`{data / 'key'}`" in check(report, "what is kept").hint
    assert wrong(followed) == {}


@pytest.mark.parametrize(
    ("folder", "file", "found"),
    [
        (0o755, 0o600, {"data folder": "warning"}),
        (0o777, 0o600, {"data folder": "error"}),
        (0o700, 0o640, {"database file": "warning"}),
        (0o700, 0o666, {"database file": "error"}),
    ],
)
async def test_who_else_may_read_and_write_is_found(environ, data, folder, file, found):
    """To write is worse: another key or database can be put in place."""
    await opened(environ)
    data.chmod(folder)
    (data / "jackfield.db").chmod(file)

    assert wrong(await diagnose(environ)) == found


async def test_a_database_that_cannot_be_reached_is_said(data):
    """The rest is looked at all the same, as far as it goes."""
    url = "postgresql://jf:hunter2@127.0.0.1:1/jackfield"
    report = await diagnose(
        {"JACKFIELD_DATA_DIR": str(data), "JACKFIELD_DATABASE_URL": url, "JACKFIELD_KEY": f"main:{A}"}
    )

    assert wrong(report) == {"database": "error", "what is kept": "warning"}
    assert check(report, "database").code == "database-unavailable"
    assert "jackfield doctor" not in check(report, "database").hint
    assert check(report, "key main").note == "encrypts"
    assert "hunter2" not in json.dumps(report.to_json())


async def test_what_is_no_database_is_said(environ, data):
    """Somebody has copied the wrong file."""
    data.mkdir(mode=0o700)
    (data / "jackfield.db").write_bytes(b"not a database" * 1000)
    (data / "jackfield.db").chmod(0o600)
    report = await diagnose(environ)

    assert check(report, "database").code == "database-unavailable"


AS_NOBODY = """
import asyncio, json, os, sys
from jackfield.app.doctor import diagnose
import jackfield.storage.sqlite
asyncio.run(diagnose({"JACKFIELD_DATABASE_URL": "memory"}))  # imports what it needs: nobody may read the source
os.setgid(65534)
os.setuid(65534)
print(json.dumps(asyncio.run(diagnose(json.loads(sys.argv[1]))).to_json()))
"""


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can become another user")
@pytest.mark.parametrize(("mode", "code"), [(0o755, "database-read-only"), (0o700, "database-unavailable")])
def test_a_file_that_this_user_has_no_right_to_is_said(sqlite_template, mode, code):
    """After a restore as another user."""
    folder = Path("/dev/shm") / f"jackfield-doctor-{os.getpid()}"
    folder.mkdir()
    folder.chmod(mode)
    try:
        path = Path(shutil.copy(sqlite_template, folder / "jackfield.db"))
        path.chmod(0o644)
        command = [sys.executable, "-c", AS_NOBODY, json.dumps({"JACKFIELD_DATA_DIR": str(folder)})]
        done = subprocess.run(command, check=False, capture_output=True, text=True, cwd="/")
    finally:
        shutil.rmtree(folder)
    assert done.stderr == ""
    report = json.loads(done.stdout)
    found = {each["name"]: each for section in report["sections"] for each in section["checks"]}

    assert found["database"]["code"] == code
    assert found["data folder"]["status"] == "error"


async def test_a_schema_of_a_newer_version_is_said(environ):
    """It is left alone."""
    await opened(environ)
    database = await open_database(from_environment(environ).database)
    await database.write(lambda connection: connection.execute(text("UPDATE alembic_version SET version_num = '9999'")))
    await database.close()
    report = await diagnose(environ)

    assert check(report, "schema").code == "schema-too-new"


async def test_a_server_database_without_tables_is_not_touched(data):
    """The first call makes them."""
    require_postgresql()
    url = new_database()
    environ = {"JACKFIELD_DATA_DIR": str(data), "JACKFIELD_DATABASE_URL": url, "JACKFIELD_KEY": f"main:{A}"}
    try:
        reports = [await diagnose(environ), await diagnose(environ)]
    finally:
        drop_database(url)

    assert [wrong(report) for report in reports] == [{}, {}]
    assert {check(report, "schema").note for report in reports} == {"made at the first call"}
    assert check(reports[0], "what is kept").value == "nothing is encrypted yet"


async def test_settings_that_cannot_be_read_are_said_all_at_once(environ):
    """And what depends on a database that nobody meant is not looked at."""
    bad = {"JACKFIELD_MOCK": "maybe", "JACKFIELD_EGRESS_PORTS": "x", "JACKFIELD_DATABASE_URL": "mysql://u:hunter2@h/d"}
    report = await diagnose(environ | bad)

    assert wrong(report) == dict.fromkeys(bad, "error")
    assert {check(report, name).code for name in bad} == {"invalid-setting"}
    assert "Database" not in [section.title for section in report.sections]
    assert "hunter2" not in json.dumps(report.to_json())


async def test_a_variable_that_is_no_setting_is_noticed(environ):
    """Whoever wrote it believes that it does something."""
    report = await diagnose(environ | {"JACKFIELD_RETENTON_DAYS": "1", "JACKFIELD_SECRET_SLACK": "hunter2-and-more"})

    assert check(report, "JACKFIELD_RETENTON_DAYS").hint == "did you mean `JACKFIELD_RETENTION_DAYS`?"
    assert check(report, "JACKFIELD_SECRET_SLACK").value == "set"
    assert "hunter2" not in json.dumps(report.to_json())


async def test_two_places_for_keys_are_noticed(environ, data):
    """One of them is not looked at."""
    report = await diagnose(environ | {"JACKFIELD_KEY": f"main:{A}", "JACKFIELD_KEY_FILE": str(data / "keys")})

    assert wrong(report) == {"JACKFIELD_KEY_FILE": "warning"}


async def test_what_protects_is_named(environ):
    """And a mock that answers everything is not overlooked."""
    report = await diagnose(environ | {"JACKFIELD_MOCK": "1", "JACKFIELD_EGRESS_ALLOW": "10.0.0.0/8,db.internal:443"})
    broken = await diagnose(environ | {"JACKFIELD_EGRESS_ALLOW": "10.0.0.0/99"})

    assert wrong(report) == {"mock": "warning"}
    assert check(report, "private addresses").value == "denied except 10.0.0.0/8, db.internal:443"
    assert check(broken, "private addresses").code == "allow-entry-invalid"


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ({}, "ok"),
        ({"JACKFIELD_HOST": "::1"}, "ok"),
        ({"JACKFIELD_HOST": "0.0.0.0"}, "warning"),
        ({"JACKFIELD_HOST": "0.0.0.0", "JACKFIELD_PUBLIC_URL": "https://jackfield.example"}, "ok"),
    ],
)
async def test_a_server_that_others_reach_says_by_what_address(environ, said, status):
    """Services send people back to the address with which the sign-in began, whatever proxy made of it."""
    found = check(await diagnose(environ | said), "own address")

    assert found.status == status
    assert ("JACKFIELD_PUBLIC_URL" in (found.hint or "")) == (status == "warning")


async def test_connectors_that_cannot_be_loaded_are_named(environ, tmp_path):
    """With those that can."""
    folder = tmp_path / "connectors"
    folder.mkdir()
    (folder / "broken.py").write_text("import nothing_of_that_name\n")
    report = await diagnose(environ | {"JACKFIELD_CONNECTORS": str(folder)})

    assert check(report, "cannot be loaded").status == "error"
    assert "broken.py" in check(report, "cannot be loaded").value
    assert "delay" in check(report, "types").value


async def test_whatever_fails_is_reported_and_stops_nothing(environ, monkeypatch):
    """Whoever asks what is wrong is not helped by a traceback, whose text nobody has looked through."""

    def fails(settings):
        raise ValueError("hunter2")

    monkeypatch.setattr(doctor, "_network", fails)
    report = await diagnose(environ)

    assert wrong(report) == {"network": "error"}
    assert check(report, "network").value == "could not be looked at (ValueError)"
    assert check(report, "mock").value == "off"


@pytest.mark.parametrize("name", sorted(SECRET - {"key"}))
async def test_no_secret_setting_is_in_it(name, data):
    """Whichever is added: the settings say which are secret, and nobody else."""
    environ = {"JACKFIELD_DATA_DIR": str(data), variable(name): "hunter2-hunter2-hunter2-hunter2"}
    shown = json.dumps((await diagnose(environ)).to_json())

    assert "hunter2" not in shown


async def test_no_secret_is_in_it(database_url, data):
    """It is made to be shown to others."""
    secrets = {
        "JACKFIELD_KEY": f"main:{A}",
        "JACKFIELD_TOKEN": "jf_hunter2-token",
        "JACKFIELD_SECRET_X": "hunter2-secret",
    }
    environ = {"JACKFIELD_DATA_DIR": str(data), "JACKFIELD_DATABASE_URL": database_url, **secrets}
    await opened(environ)
    shown = json.dumps((await diagnose(environ)).to_json())

    assert "hunter2" not in shown
    assert A not in shown


async def test_what_protects_from_scripts_is_told(environ):
    """Somebody who lets others write scripts wants to know before they do."""
    report = await diagnose(environ)

    assert check(report, "own process").value == "yes"
    assert check(report, "isolates").value.startswith("QuickJS in WebAssembly")
    assert check(report, "system calls").value in {"filtered", "not filtered"}


async def test_protection_that_was_switched_off_is_a_warning(environ):
    """With what to do about it."""
    report = await diagnose(environ | {"JACKFIELD_SANDBOX": "thread"})

    assert check(report, "own process").status == check(report, "system calls").status == "warning"
    assert "JACKFIELD_SANDBOX" in check(report, "own process").hint


async def test_a_script_that_cannot_be_loaded_is_told(environ, tmp_path):
    """Other commands find out when it is called."""
    (tmp_path / "bad.js").write_text("function run() {\n  return 1 +;\n}")
    report = await diagnose(environ | {"JACKFIELD_CONNECTORS": str(tmp_path / "bad.js")})

    assert "line 2" in check(report, "cannot be loaded").value


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ({"OIDC_ISSUER": "https://login.example/"}, {"JACKFIELD_OIDC_AUDIENCE": "error"}),
        ({"CALLER_TOKEN_HOSTS": "a..b"}, {"JACKFIELD_CALLER_TOKEN_HOSTS": "error"}),
        ({"CALLER_TOKEN_HOSTS": "api.example"}, {"JACKFIELD_CALLER_TOKEN_HOSTS": "warning"}),
        ({"OIDC_AUDIENCE": "jackfield"}, {"JACKFIELD_OIDC_AUDIENCE": "warning"}),
        ({"OIDC_ISSUER": "https://login.example/", "OIDC_AUDIENCE": "jackfield"}, {}),
    ],
)
async def test_settings_of_an_issuer_that_do_not_go_together_are_said(environ, given, found):
    """They stop every start, or do nothing."""
    report = await diagnose(environ | {f"JACKFIELD_{name}": value for name, value in given.items()})

    assert wrong(report) == found
