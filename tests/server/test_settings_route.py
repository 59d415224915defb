"""`GET /api/settings`: what a server was told, and by what."""

from __future__ import annotations

import asyncio
import json
from dataclasses import fields
from pathlib import Path

import pytest

from jackfield.access.principal import LOCAL
from jackfield.manage.settings import SettingsShown
from jackfield.settings import Settings
from server.world import At, at, settings
from surfaces.kept import KEY
from surfaces.served import ADMIN_TOKEN, served

SECRETS = {"key", "token", "admin_token", "hashicorp_token", "hashicorp_secret_id", "model_key"}


def test_every_setting_is_shown_with_its_source_and_what_it_does(memory_server: At):
    """In their order, and with words for each."""
    shown = memory_server.ask("GET", "/api/settings").json()["settings"]
    by_name = {each["name"]: each for each in shown}

    assert list(by_name) == [field.name for field in fields(Settings) if field.compare]
    assert all(each["description"] and each["variable"].startswith("JACKFIELD_") for each in shown)
    assert not any(each["editable"] for each in shown)
    assert by_name["max_request_bytes"] | {"description": ""} == {
        "name": "max_request_bytes",
        "value": 20_000,
        "isSet": True,
        "default": 16 * 1024 * 1024,
        "source": "argument",
        "variable": "JACKFIELD_MAX_REQUEST_BYTES",
        "description": "",
        "secret": False,
        "editable": False,
    }
    assert by_name["retention_days"]["source"] == "default"


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_no_secret_is_shown(kind: str, request: pytest.FixtureRequest, tmp_path: Path):
    """Whether there is one is."""
    url = request.getfixturevalue(f"{kind}_url")
    with served(settings(tmp_path, database_url=url)) as started:
        server = at(started)
        answer = server.ask("GET", "/api/settings")
    by_name = {each["name"]: each for each in answer.json()["settings"]}

    assert {name for name, each in by_name.items() if each["secret"]} == SECRETS
    assert {name: by_name[name]["isSet"] for name in SECRETS} == {
        "key": True,
        "token": False,
        "admin_token": True,
        "hashicorp_token": False,
        "hashicorp_secret_id": False,
        "model_key": False,
    }
    assert all(by_name[name]["value"] is None and by_name[name]["default"] is None for name in SECRETS)
    assert ADMIN_TOKEN.encode() not in answer.body
    assert KEY.partition(":")[2].encode() not in answer.body
    assert answer.json()["about"]["database"] == kind


def test_the_password_of_a_database_is_not_shown(tmp_path: Path):
    async def about(tenant: str) -> None:
        return None

    given = Settings(data=tmp_path, database_url="postgresql://ann:hunter2@db.example/jackfield?password=hunter2")
    shown = SettingsShown(given, about)  # type: ignore[arg-type]  # not looked at

    found = asyncio.run(shown.show(LOCAL))
    assert "hunter2" not in repr(found)
    assert {each.name: each.value for each in found.settings}["database_url"] == "postgresql://ann@db.example/jackfield"


def test_a_server_says_what_it_is(memory_server: At):
    about = memory_server.ask("GET", "/api/settings").json()["about"]

    assert about.keys() == {
        "version", "python", "database", "started", "data", "sandbox", "types", "connectors"
    }  # fmt: skip
    assert (about["database"], about["sandbox"]) == ("memory", None)
    assert about["types"] > 0
    assert json.dumps(about)


@pytest.mark.parametrize("scopes", [["read", "execute"], ["read", "execute", "manage"]])
def test_only_administrators_see_settings(server: At, scopes: list[str]):
    """They say where everything is kept, and what may be reached; who was refused is in the audit log."""
    made = server.ask("POST", "/api/users", {"name": "ann", "scopes": scopes}).json()
    refused = At(url=server.url, token=made["token"]["text"]).ask("GET", "/api/settings")
    entries = server.ask("GET", "/api/audit?verdict=denied").json()["items"]

    assert refused.status == 403
    assert refused.code == ("admin-required" if "manage" in scopes else "scope-missing")
    assert [entry["action"] for entry in entries] == ["settings.show"]


def test_an_administrator_needs_a_token_that_may_manage(server: At):
    """One that was made for looking at things is not enough."""
    made = server.ask("POST", "/api/tokens", {"name": "looking", "scopes": ["read"]}).json()

    assert At(url=server.url, token=made["text"]).ask("GET", "/api/settings").code == "scope-missing"
