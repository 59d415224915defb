"""Connectors as the guides write them, in a whole runtime: those that can be called, and those that cannot yet."""

from __future__ import annotations

from pathlib import Path

import pytest

from jackfield import Jackfield
from jackfield.access.principal import LOCAL
from jackfield.app.embedded import Embedded
from jackfield.credentials.errors import CredentialMissing
from jackfield.dispatch.call import Call, CallOptions, Origin
from jackfield.dispatch.errors import ConnectorDisabled
from jackfield.registry.errors import ExecutionModelMissing, UnknownCommand
from jackfield.settings import Settings
from registry.guides import EXTERNAL, MY_CRM, ONPREM, OPENAPI, SLACK, SLACK_YAML
from servers import Answer, serve

NOT_INSTALLED = [MY_CRM, EXTERNAL, ONPREM, OPENAPI]


@pytest.fixture
async def runtime(tmp_path: Path):
    """One process; it has the models `built_in` and `http` only."""
    made = Embedded(Settings(data=tmp_path / "data", connectors=()), types=[])
    for model in {"script", "openapi", "external", "onprem"} & set(made._models):
        del made._models[model]
    yield made
    await made.close()


def call(target: str, command: str | None) -> Call:
    return Call(
        principal=LOCAL, target=target, command=command, params={}, options=CallOptions(), origin=Origin(trigger="api")
    )


@pytest.mark.parametrize("body", NOT_INSTALLED, ids=lambda body: body["name"])
async def test_what_cannot_be_run_here_says_so_whatever_is_called(runtime, body):
    """Not that it has no such command: what is missing is the way to run it. It is on record where it can be."""
    resources = await runtime.open()
    made = await resources.connectors.create(LOCAL, body)
    known = list(made.config_schema["commands"])
    for command in [*known[:1], "no_such_command", None]:
        with pytest.raises(ExecutionModelMissing, match="which is not installed"):
            await runtime.run(call(body["name"], command))

    recorded = (await resources.executions.list(LOCAL)).items
    assert [(row.command, row.error_code) for row in recorded] == [(c, "execution-model-missing") for c in known[:1]]
    await resources.connectors.disable(LOCAL, body["name"])
    if known:
        with pytest.raises(ConnectorDisabled):
            await runtime.run(call(body["name"], known[0]))
    await resources.connectors.delete(LOCAL, body["name"])


async def test_an_unknown_command_of_what_can_be_run_is_still_unknown(runtime):
    """The model is there, so its commands are all known."""
    resources = await runtime.open()
    await resources.connectors.create(LOCAL, SLACK)
    with pytest.raises(UnknownCommand):
        await runtime.run(call("slack-api", "no_such_command"))


async def test_a_secret_that_is_not_there_yet_hinders_the_call_and_not_the_connector(runtime):
    """S05: people make the connector first and the secret then."""
    resources = await runtime.open()
    made = await resources.connectors.create(LOCAL, SLACK)
    params = {"channel": "general", "text": "Hello"}

    assert (made.configured, made.warnings) == (True, [])
    with pytest.raises(CredentialMissing, match="SLACK_BOT_TOKEN"):
        await runtime.call("slack-api", "post_message", params, CallOptions(), Origin(trigger="api"))


def test_a_file_of_the_guide_is_a_connector(tmp_path: Path):
    """The same words as in a body; a script beside it is there too, and hinders nothing."""
    with serve(lambda asked: Answer(body={"ok": asked.json()})) as service:
        text = SLACK_YAML.replace("https://slack.com/api", service.url)
        (tmp_path / "slack.yaml").write_text(text)
        (tmp_path / "script.yaml").write_text("name: my-script\nscriptSource: 'function a() {}'\n")
        found = Jackfield(
            folder=tmp_path, types=[], secrets={"SLACK_BOT_TOKEN": "xoxb-123456"}, egress_allow=service.address
        )
        with found as jackfield:
            outcome = jackfield.connector("slack-api", "post_message", {"channel": "general", "text": "Hello"})
            assert jackfield.problems == []

    assert outcome.payload["ok"] == {"channel": "general", "text": "Hello"}
    assert service.asked[0].headers["authorization"] == "Bearer xoxb-123456"
