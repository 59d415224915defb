"""What is said of the places of secrets: which are asked, in which order, and whether each can be."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from hashicorp_stand_in import StandIn, stand_in
from jackfield.app.doctor_secrets import checks
from jackfield.app.doctor_settings import checks as settings_checks
from jackfield.settings import Settings, variable
from jackfield.surfaces.diagnosis import Check


@pytest.fixture
def server():
    with stand_in() as made:
        yield made


def settings(server: StandIn, **given) -> Settings:
    return Settings(
        **({"secrets_from": ("hashicorp",), "hashicorp_url": server.url, "hashicorp_token": "root-token"} | given)
    )


async def only(given: Settings) -> Check:
    (found,) = await checks(given, {})
    return found


async def test_each_place_is_told_of_in_its_order(server, tmp_path):
    """With how much there is, and no name of a secret."""
    (tmp_path / "ACME_KEY").write_text("value")
    (tmp_path / "..data").mkdir()
    given = settings(server, secrets_from=("files", "hashicorp", "environment", "vault"), secrets_folder=tmp_path)
    found = await checks(given, {"JACKFIELD_SECRET_A": "x", "JACKFIELD_SECRET_B": "y", "JACKFIELD_SECRET_C": ""})

    assert [(each.name, each.value, each.note) for each in found] == [
        ("files", str(tmp_path), "1 file"),
        ("hashicorp", server.url, "token accepted: policies default, jackfield; does not end"),
        ("environment", "2 variables", "`JACKFIELD_SECRET_<NAME>`"),
        ("vault", "the database", "encrypted"),
    ]
    assert {each.status for each in found} == {"ok"}


async def test_nothing_kept_is_no_vault(server):
    found = await only(settings(server, secrets_from=("vault",), database_url="memory"))

    assert (found.value, found.status) == ("not used", "ok")


async def test_a_role_is_tried(server):
    """It makes a token, which then ends by itself."""
    server.roles["role"] = "secret-id"
    given = settings(server, hashicorp_token="", hashicorp_role_id="role", hashicorp_secret_id="secret-id")

    assert (await only(given)).note == "token accepted: policies default, jackfield; ends in 3600 s, and is renewed"


async def test_a_server_that_is_sealed_is_said(server):
    server.sealed = True
    found = await only(settings(server))

    assert (found.status, found.code) == ("error", "secret-store-unavailable")
    assert found.value == f"the secret store `{server.url}` is sealed"
    assert "jackfield doctor" not in found.hint


async def test_an_engine_of_another_version_is_said(server):
    """It would say of every secret that it is not there."""
    server.version = "1"
    found = await only(settings(server))

    assert (found.status, found.note) == ("error", "`secret/data/jackfield` is in no KV engine of version 2")


async def test_what_nobody_may_see_of_an_engine_is_no_fault(server):
    """Not every policy allows to look at engines."""
    assert (await only(settings(server, hashicorp_path="kv/data/jackfield"))).status == "ok"


async def test_secrets_in_a_database_that_is_not_asked_are_said(server, tmp_path):
    """Whoever put them there believes that they are used."""
    given = settings(server, secrets_from=("files",), secrets_folder=tmp_path)
    found = await checks(given, {}, kept=3)

    assert (found[-1].status, found[-1].note) == ("warning", "3 secrets in the database, which no call gets")
    assert len(await checks(given, {}, kept=0)) == 1


async def test_a_token_that_has_ended_is_said(server):
    """Or may do so little that nobody can tell."""
    found = await only(settings(server, hashicorp_token="no-such-token"))

    assert (found.status, found.note) == ("warning", "the token has ended, or may not look at itself")


async def test_what_is_not_set_is_said(server):
    found = await only(settings(server, hashicorp_url=""))

    assert (found.status, found.code) == ("error", "secret-backend-unusable")


async def test_a_folder_that_is_gone_is_said(server, tmp_path):
    """It was there when the settings were read."""
    found = await only(settings(server, secrets_from=("files",), secrets_folder=tmp_path / "gone"))

    assert (found.status, found.note) == ("error", "cannot be read: no such file or directory")


async def test_no_secret_is_shown(server):
    """Neither what it signs in with, nor what it got for it."""
    canary_token = "hvs.a-token-to-search-for"
    server.token(canary_token, reads="")
    server.roles["role"] = canary_token
    for given in (
        settings(server, hashicorp_token=canary_token),
        settings(server, hashicorp_token="", hashicorp_role_id="role", hashicorp_secret_id=canary_token),
    ):
        shown = json.dumps([str(each) for each in [*await checks(given, {}), *settings_checks(given, {}, [])]])

        assert canary_token not in shown
        assert "hvs.stand-in-token" not in shown


@pytest.mark.parametrize(
    "given",
    [
        {"hashicorp_url": "https://vault.example"},
        {"hashicorp_secret_id": "secret-id"},
        {"secrets_folder": Path("/tmp")},
    ],
)
def test_a_setting_of_a_place_that_is_not_named_is_said(given):
    """Whoever set it believes that it does something."""
    (name,) = given
    warned = [each for each in settings_checks(Settings(**given), {}, []) if each.status != "ok"]

    assert [each.name for each in warned] == [variable(name)]
    assert "does not name" in warned[0].note
