"""W02 over REST, and with a server that a file of definitions is given to."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from jackfield.__main__ import _diagnose, _local, _runtime, _serve
from jackfield.surfaces.cli.main import cli
from jackfield.surfaces.cli.tools import Tools
from registry.fluxturn import ACME, KEY, acme
from servers import Answer, serve
from surfaces.served import ADMIN_TOKEN, served

from .conftest import settings
from .world import At


@pytest.mark.slow
def test_one_body_makes_a_type_and_a_connector_that_is_called(tmp_path: Path, sqlite_url: str):
    """A03 with FluxTurn's definition: posted as it stands, with the connection beside it."""
    with serve(lambda asked: Answer(body={"id": "m1"})) as service:
        body = ACME | {"config": {"apiKey": KEY, "baseUrl": service.url}}
        with served(settings(tmp_path, database_url=sqlite_url, egress_allow=service.address)) as started:
            at = At(url=started.url)
            made = at.ask("POST", "/api/connectors", body)
            message = {"command": "send_message", "params": {"channel": "C1", "text": "hi"}}
            called = at.ask("POST", "/api/connectors/default/acme/execute", message)
            bad = at.ask("POST", "/api/connector-types", acme(name="bad", auth_fields=[{}]))

        assert made.status == 201, made.body
        assert (made.json()["type"], made.json()["displayName"], made.json()["configured"]) == ("acme", "Acme", True)
        assert made.json()["warnings"][0].startswith("`auth_type`")
        assert called.json()["payload"] == {"id": "m1"}
        assert service.asked[0].headers["authorization"] == f"Bearer {KEY}"
        assert (bad.status, bad.json()["errors"][0]["pointer"]) == (422, "/auth_fields/0/key")


@pytest.mark.slow
def test_a_file_of_definitions_is_given_to_a_server(tmp_path: Path, sqlite_url: str):
    """And more of them are imported from a terminal elsewhere."""
    (tmp_path / "acme.json").write_text(json.dumps([ACME, acme(name="other")]))
    given = settings(tmp_path, database_url=sqlite_url, connectors=(tmp_path / "acme.json",))
    tools = Tools(make_runtime=_runtime, make_local=_local, doctor=_diagnose, serve=_serve)
    with served(given) as started:
        listed = At(url=started.url).ask("GET", "/api/connectors").json()["items"]
        environment = {"JACKFIELD_URL": started.url, "JACKFIELD_TOKEN": ADMIN_TOKEN, "JACKFIELD_DATABASE_URL": None}
        run = CliRunner(env=environment)
        body = json.dumps(acme(name="third", config={"apiKey": KEY}))
        made = run.invoke(cli, ["import", "definition", "-"], obj=tools, input=body)
        again = run.invoke(cli, ["import", "definition", "-"], obj=tools, input=body)

    own = [found for found in listed if found["name"] != "sample-script"]
    assert [(found["name"], found["configured"]) for found in own] == [("acme", False), ("other", False)]
    assert made.exit_code == 0, made.output
    assert "Made the connector type `third`, version 1.0.0." in made.stderr
    assert "The connector `default/third` is there." in made.stderr
    assert "Updated the connector type `third`, version 1.0.0." in again.stderr
