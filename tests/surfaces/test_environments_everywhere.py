"""K11: one connector, several environments, chosen by each call: the same on every surface."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection

from jackfield import Jackfield, JackfieldError
from jackfield.access.principal import LOCAL
from jackfield.credentials.stored import context_of
from jackfield.settings import Settings
from jackfield.storage import credentials
from jackfield.storage.credentials import CredentialRow
from jackfield.vault.envelope import Envelope
from jackfield.vault.keys import parse_keys
from jackfield.vault.records import Records
from jackfield.vault.watch import SecretWatch
from servers import Service
from surfaces.kept import KEY, Kept

KEYS = {name: f"sk-{name}-0123456789" for name in ("own", "staging", "production")}


def stages(url: str) -> dict[str, Any]:
    """A connector with two environments; one of them has the connector's own key."""
    return {
        "name": "stages",
        "type": "trial",
        "config": {"base_url": f"{url}/own", "api_key": KEYS["own"]},
        "environments": {
            "staging": {"config": {"baseUrl": f"{url}/staging", "apiKey": KEYS["staging"]}},
            "live": {"config": {"base_url": f"{url}/live"}},
        },
    }


@pytest.fixture
def folder(folder: Path, service: Service) -> Path:
    """With the connector, once without a default environment and once with one."""
    of_a_file = stages(service.url)
    live = of_a_file | {"name": "live-stages", "environment": "live"}
    (folder / "stages.json").write_text(json.dumps({"connectors": [of_a_file, live]}))
    return folder


@pytest.mark.parametrize(
    ("target", "environment", "used"),
    [
        ("stages", None, ""),
        ("stages", "staging", "staging"),
        ("stages", "Staging", "staging"),
        ("live-stages", None, "live"),
        ("live-stages", "staging", "staging"),
    ],
)
def test_a_call_goes_to_the_environment_that_it_names(
    surface: Callable[..., Any], service: Service, target: str, environment: str | None, used: str
):
    """Else to the default one, and without that to the connector's own connection. The outcome says which it was."""
    said = surface(target, "list_items", {"channel": "x"}, environment=environment)

    assert [asked.path for asked in service.asked] == [f"/{used or 'own'}/items/x"]
    assert said.outcome["metadata"].get("environment", "") == used


def test_one_that_there_is_not_is_told_before_anything_is_sent(surface: Callable[..., Any], service: Service):
    """With those that there are: nobody wants to write to production because of a slip."""
    said = surface("stages", "list_items", {"channel": "x"}, environment="stagin")

    assert (said.started, said.code) == (False, "unknown-environment")
    assert said.message == "connector `default/stages` has no environment `stagin`"
    assert said.hint == "did you mean `staging`?"
    assert service.asked == []


def test_a_stored_one_uses_its_own_secret_and_shows_none(
    kept: Kept, surface_on_kept: Callable[..., Any], service: Service
):
    """Each environment's secret goes to its own address, and the connector's own where an environment has none."""
    body = stages(service.url) | {"name": "kept-stages"}
    kept.manage(lambda manage: manage.connectors.create(LOCAL, body))
    said = [surface_on_kept("kept-stages", "shown", {}, environment=name) for name in ("staging", "live", None)]
    sent = [(asked.path, asked.headers["authorization"]) for asked in service.asked]

    assert sent == [
        ("/staging/seen", f"Bearer {KEYS['staging']}"),
        ("/live/seen", f"Bearer {KEYS['own']}"),
        ("/own/seen", f"Bearer {KEYS['own']}"),
    ]
    assert all(key not in repr(each) for each in said for key in KEYS.values())
    page = kept.manage(lambda manage: manage.executions.list(LOCAL))
    assert [each.environment for each in page.items] == ["", "live", "staging"]


@pytest.fixture
def jackfield(folder: Path, tmp_path: Path, database_url: str, service: Service):
    """One process, with a connector that is stored."""
    allow, data = service.address, tmp_path / "data"
    settings = Settings(data=data, database_url=database_url, key=KEY, egress_allow=allow, connectors=(folder,))
    with Jackfield(settings=settings, types=[]) as made:
        made.manage.connectors.create(stages(service.url) | {"name": "kept-stages"})
        yield made


def test_calls_of_one_process_do_not_mix_environments(jackfield: Jackfield, service: Service):
    """What is kept between calls, instances of connectors among it, is kept for each of them."""
    for environment in ("staging", None, "live", "STAGING", None):
        jackfield.connector("kept-stages", "list_items", {"channel": "x"}, environment=environment)

    assert [asked.path.split("/")[1] for asked in service.asked] == ["staging", "own", "live", "staging", "own"]


def test_a_change_of_an_environment_counts_from_the_next_call_on(jackfield: Jackfield, service: Service):
    """As one of the connection does."""
    call = lambda **options: jackfield.connector("kept-stages", "list_items", {"channel": "x"}, **options)  # noqa: E731
    call(environment="staging")
    moved = {"staging": {"config": {"base_url": f"{service.url}/moved"}}}
    jackfield.manage.connectors.update("kept-stages", {"environments": moved, "environment": "staging"})
    call(environment="staging")
    call()
    jackfield.manage.connectors.update("kept-stages", {"environments": {"staging": None}, "environment": None})
    with pytest.raises(JackfieldError, match="has no environment `staging`"):
        call(environment="staging")

    assert [asked.path.split("/")[1] for asked in service.asked] == ["staging", "moved", "moved"]


def test_a_key_means_one_write_in_each_environment(jackfield: Jackfield, service: Service):
    """C09: what was done in staging has not been done in production, and is not done twice there either."""
    said = [
        jackfield.connector("kept-stages", "get", {"path": "/one"}, idempotency_key="k-1", environment=environment)
        for environment in ("staging", "live", "staging", None, "live")
    ]

    assert [asked.path for asked in service.asked] == ["/staging/one", "/live/one", "/own/one"]
    assert [each.metadata.get("environment") for each in said] == ["staging", "live", "staging", None, "live"]
    assert said[0].metadata["executionId"] == said[2].metadata["executionId"]


def test_a_mock_answers_whatever_the_environment(jackfield: Jackfield, service: Service):
    """But for one that there is not: a test should find the slip."""
    said = jackfield.connector("kept-stages", "list_items", {"channel": "x"}, use_mock=True, environment="live")
    with pytest.raises(JackfieldError, match="no environment `prod`"):
        jackfield.connector("kept-stages", "list_items", {"channel": "x"}, use_mock=True, environment="prod")

    assert (said.payload, said.metadata["environment"]) == ({"items": []}, "live")
    assert service.asked == []


def test_an_environment_can_name_a_secret(jackfield: Jackfield, service: Service):
    """K06: a named secret is found for the caller of the call, in an environment as in the connection."""
    jackfield.manage.secrets.put("STAGING_KEY", "sk-named-0123456789")
    named = {"staging": {"config": {"api_key": {"secret": "STAGING_KEY"}}}}
    shown = jackfield.manage.connectors.update("kept-stages", {"environments": named})
    jackfield.connector("kept-stages", "shown", {}, environment="staging")
    jackfield.connector("kept-stages", "shown", {})

    assert shown.environments["staging"]["config"]["api_key"] == {"secret": "STAGING_KEY"}
    sent = [asked.headers["authorization"] for asked in service.asked]
    assert sent == ["Bearer sk-named-0123456789", f"Bearer {KEYS['own']}"]


def test_a_connector_that_is_only_tried_has_environments_too(jackfield: Jackfield, service: Service):
    """What is tried is what would be kept."""
    from jackfield.dispatch.options import read_options

    body = stages(service.url)
    looked = jackfield.manage.trials.check(body | {"name": "new"})
    tried = jackfield.manage.trials.run(
        body | {"name": "new"}, "list_items", {"channel": "x"}, options=read_options(environment="staging")
    )
    with pytest.raises(JackfieldError, match="is the mask"):
        jackfield.manage.trials.check(body | {"environments": {"a": {"config": {"api_key": "********"}}}})

    assert looked.environments["staging"]["config"]["api_key"] == "********"
    assert tried.outcome.metadata["environment"] == "staging"
    assert [asked.path for asked in service.asked] == ["/staging/items/x"]


def test_a_script_sees_the_connection_of_the_environment(jackfield: Jackfield, service: Service):
    """Every execution model does: the connection is laid together before."""
    source = "function where() { return { payload: floh.config.host }; }"
    scripted = {
        "name": "scripted",
        "scriptSource": source,
        "configSchema": {"connectionConfig": {"host": {"type": "string"}}, "commands": {"where": {"params": []}}},
        "config": {"host": "own"},
        "environments": {"staging": {"config": {"host": "staging"}}},
    }
    jackfield.manage.connectors.create(scripted)
    said = [jackfield.connector("scripted", "where", {}, environment=name).payload for name in (None, "staging")]

    assert said == ["own", "staging"]


def test_a_model_stays_in_the_environment_that_is_chosen_for_it(jackfield: Jackfield, service: Service):
    """M05: as a locked param is. Not even the options of the host lead elsewhere."""
    chosen = {"connector": "kept-stages", "operations": ["list_items"], "environment": "staging"}
    kept = jackfield.tools([chosen], retrieve=False, options={"environment": "live"})
    free = jackfield.tools([{**chosen, "environment": ""}], retrieve=False, options={"environment": "live"})
    for toolset in (kept, free):
        assert not toolset.call(toolset.tools[0].name, {"channel": "x"}).failed

    assert [asked.path.split("/")[1] for asked in service.asked] == ["staging", "live"]


def test_the_connection_of_an_environment_can_be_tested(jackfield: Jackfield):
    """What is kept of a test, and shown with the connector, is how its calls go that name none."""
    source = "function ping() { if (floh.config.host === 'down') throw new Error('it is down'); }"
    scripted = {
        "name": "pinged",
        "scriptSource": source,
        "testCommand": "ping",
        "configSchema": {"connectionConfig": {"host": {"type": "string"}}, "commands": {"ping": {"params": []}}},
        "config": {"host": "up"},
        "environments": {"staging": {"config": {"host": "down"}}},
    }
    jackfield.manage.connectors.create(scripted)
    usual = jackfield.manage.tests.run("pinged")
    staging = jackfield.manage.tests.run("pinged", environment="staging")

    assert (usual.success, usual.environment) == (True, "")
    assert (staging.success, staging.environment) == (False, "staging")
    assert jackfield.manage.connectors.get("pinged").test_result["success"] is True


def test_an_environment_names_the_credential_that_its_calls_use(kept: Kept, service: Service):
    """One that the call names comes first. One that is not there is not replaced by another, and nothing is sent."""
    body = stages(service.url) | {"name": "kept-stages"}
    body["environments"]["staging"]["credential"] = "Robot"
    body["environments"]["live"]["credential"] = "nobody-has-it"
    made = kept.manage(lambda manage: manage.connectors.create(LOCAL, body))
    for name in ("robot", "other"):
        kept.change(partial(add_credential, connector_id=made.id, name=name))
    with Jackfield(settings=kept.settings, types=[]) as jackfield:
        jackfield.connector("kept-stages", "shown", {}, environment="staging")
        jackfield.connector("kept-stages", "shown", {}, environment="staging", credential_id="other")
        jackfield.connector("kept-stages", "shown", {})
        with pytest.raises(JackfieldError, match="nobody-has-it"):
            jackfield.connector("kept-stages", "shown", {}, environment="live")

    sent = [(asked.path, asked.headers["authorization"]) for asked in service.asked]
    assert sent == [
        ("/staging/seen", "Bearer sk-robot-0123456789"),
        ("/staging/seen", "Bearer sk-other-0123456789"),
        ("/own/seen", f"Bearer {KEYS['own']}"),
    ]


def add_credential(connection: Connection, *, connector_id: str, name: str) -> None:
    """A shared one of the administrator's, with another key."""
    row = CredentialRow(tenant="default", connector_id=connector_id, name=name, author=LOCAL.id)
    records = Records(Envelope(parse_keys(KEY)), SecretWatch())
    sealed = records.seal({"api_key": f"sk-{name}-0123456789"}, secret=["api_key"], context=context_of(row))
    credentials.add(connection, replace(row, shown=sealed.shown, sealed=sealed.sealed))
