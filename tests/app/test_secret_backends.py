"""Which places secrets come from: as the settings say, in that order, or no start at all."""

from __future__ import annotations

import importlib.util
from dataclasses import replace
from pathlib import Path

import pytest

from hashicorp_stand_in import StandIn, stand_in
from jackfield.app.embedded import Embedded
from jackfield.dispatch.call import CallOptions, Origin
from jackfield.errors import JackfieldError
from jackfield.settings import Settings
from jackfield.vault.errors import SecretBackendUnusable
from servers import Answer, Service, serve

ACME = """
name: acme
baseUrl: {url}
auth: {{type: bearer, secret: ACME_KEY}}
operations:
  whoami: {{method: GET, path: /whoami, readsOnly: true}}
"""
PLACES = ("vault", "environment", "files", "hashicorp")


class World:
    """A service that says what it was sent, and every place of secrets there is."""

    def __init__(self, folder: Path, service: Service, server: StandIn) -> None:
        self.service = service
        self.server = server
        self.files = folder / "secrets"
        self.files.mkdir()
        self.settings = Settings(
            data=folder / "data",
            connectors=(folder / "acme.yaml",),
            egress_allow=service.address,
            secrets_folder=self.files,
            hashicorp_url=server.url,
            hashicorp_token="root-token",
        )

    async def sent(self, *backends: str, given: dict[str, str] | None = None, database: str = "") -> str:
        """What a call authenticates with; the code of the failure where it cannot."""
        settings = replace(self.settings, secrets_from=backends, database_url=database)
        runtime = Embedded(settings, types=(), secrets=given)
        try:
            outcome = await runtime.call("acme", "whoami", {}, CallOptions(), Origin(trigger="sdk"))
            return "sent" if outcome.success else outcome.code
        except JackfieldError as error:
            return error.code
        finally:
            await runtime.close()

    async def put(self) -> None:
        """The same name everywhere, with a value of each place."""
        runtime = Embedded(self.settings, types=())
        await (await runtime.open()).secrets.put(await runtime.principal(), "ACME_KEY", "of-the-vault")
        await runtime.close()
        (self.files / "ACME_KEY").write_text("of-the-files")
        self.server.put("secret/data/jackfield/ACME_KEY", "of-the-hashicorp")


@pytest.fixture
async def world(tmp_path, monkeypatch):
    monkeypatch.setenv("JACKFIELD_SECRET_ACME_KEY", "of-the-environment")
    with serve(lambda asked: Answer(body={})) as service, stand_in() as server:
        (tmp_path / "acme.yaml").write_text(ACME.format(url=service.url))
        yield World(tmp_path, service, server)


def authorizations(world: World) -> list[str]:
    return [asked.headers["authorization"].removeprefix("Bearer ") for asked in world.service.asked]


@pytest.mark.parametrize("first", PLACES)
async def test_the_place_that_is_named_first_wins(world, first):
    """In any order that somebody wants."""
    await world.put()
    await world.sent(first, *(place for place in PLACES if place != first))
    await world.sent(first)

    assert authorizations(world) == [f"of-the-{first}"] * 2


@pytest.mark.parametrize("only", PLACES)
async def test_a_place_that_is_not_named_is_not_asked(world, only):
    """Somebody who keeps all secrets in one place is not sent those of another."""
    await world.put()
    (world.files / "ACME_KEY").unlink()
    world.server.delete("secret/data/jackfield/ACME_KEY")
    code = await world.sent(only)

    if only in {"files", "hashicorp"}:
        assert (code, authorizations(world)) == ("credential-missing", [])
    else:
        assert authorizations(world) == [f"of-the-{only}"]
    assert bool(world.server.asked) == (only == "hashicorp")


async def test_by_default_it_is_the_vault_and_then_the_environment(world):
    """As before there were others."""
    await world.sent(*Settings().secrets_from)
    await world.put()
    await world.sent(*Settings().secrets_from)

    assert authorizations(world) == ["of-the-environment", "of-the-vault"]


async def test_what_the_program_gives_wins_over_all(world):
    """Tests and notebooks override what is installed."""
    await world.put()
    await world.sent(*PLACES, given={"ACME_KEY": "of-the-program"})

    assert authorizations(world) == ["of-the-program"]


@pytest.mark.parametrize("first", PLACES)
async def test_where_nothing_is_kept_there_is_no_vault(world, first):
    """The other places are the same."""
    await world.put()
    await world.sent(*dict.fromkeys([first, "environment"]), database="memory")

    assert authorizations(world) == ["of-the-environment" if first == "vault" else f"of-the-{first}"]


async def test_a_place_that_cannot_answer_stops_the_call(world):
    """The next one may have the value from before the rotation."""
    await world.put()
    world.server.sealed = True

    assert await world.sent("hashicorp", "vault", "environment") == "secret-store-unavailable"
    assert authorizations(world) == []


@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        ({"secrets_from": ("files",), "secrets_folder": None}, "`JACKFIELD_SECRETS_FOLDER` is not set"),
        ({"hashicorp_url": ""}, "`JACKFIELD_HASHICORP_URL` is not set"),
        ({"hashicorp_token": ""}, "there is nothing to sign in with"),
        ({"hashicorp_role_id": "role"}, "a token and an AppRole are given"),
        ({"hashicorp_token_file": Path("token")}, "a token and a token file are given"),
        ({"hashicorp_token": "", "hashicorp_role_id": "role"}, "`JACKFIELD_HASHICORP_SECRET_ID` is not set"),
        ({"hashicorp_token": "", "hashicorp_secret_id": "id"}, "`JACKFIELD_HASHICORP_ROLE_ID` is not set"),
    ],
)
@pytest.mark.parametrize("database", ["", "memory"])
async def test_a_place_that_lacks_a_setting_is_no_start(world, changed, problem, database):
    """Calls would go on with secrets of another place, or with none. No database is made before."""
    settings = replace(world.settings, database_url=database, secrets_from=("environment", "hashicorp"))
    runtime = Embedded(replace(settings, **changed), types=())
    with pytest.raises(SecretBackendUnusable, match=problem) as refused:
        await runtime.open()
    await runtime.close()

    assert refused.value.hint
    assert not world.settings.data.exists()


async def test_a_place_without_its_library_is_no_start(world, monkeypatch):
    """It is an extra."""
    monkeypatch.setattr(importlib.util, "find_spec", lambda name, package=None: None)
    runtime = Embedded(replace(world.settings, secrets_from=("hashicorp",)), types=())
    with pytest.raises(SecretBackendUnusable, match="`hvac` is not installed") as refused:
        await runtime.open()
    await runtime.close()

    assert refused.value.hint == "pip install 'jackfield[hashicorp]'"
