"""Which way a script is made: a model that works, and every way in which one does not."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from jackfield.app.model_service import ModelService
from jackfield.egress.policy import Policy
from jackfield.egress.pools import Pools
from jackfield.errors import CallTimeout
from manage.authoring.world import SCRIPT, TOKEN, described, opened, vendor, written
from models import FakeModel, Line, model
from servers import Answer, Asked, Service, serve

GENERATE = "generate_connector_script"
BROKEN = "function listCustomers( {"


def settings_of(running: FakeModel, **more: Any) -> dict[str, Any]:
    return {"model_url": running.url, "model": "acme-1", "model_key": "sk-model-0123456789", **more}


async def test_a_model_writes_the_script_and_it_is_checked(acme: Service, tmp_path: Path):
    """It gets the description, the key goes along, and its answer is only shown."""
    with model(written()) as running:
        async with opened(acme, tmp_path, **settings_of(running)) as world:
            told = await world.told(GENERATE, {"description": described(acme), "name": "acme"})
        asked = running.asked[0]
        headers = running.service.asked[0].headers

    assert (told["madeBy"], told["connector"]["scriptSource"]) == ("model", SCRIPT)
    assert (asked["model"], asked["stream"]) == ("acme-1", False)
    assert "GET /customers/{id}" in asked["messages"][1]["content"]
    assert headers["authorization"] == "Bearer sk-model-0123456789"
    assert acme.asked == []


async def test_a_mistake_is_corrected_once(acme: Service, tmp_path: Path):
    """The model is told what is wrong and where."""
    with model(written(scriptSource=BROKEN), written()) as running:
        async with opened(acme, tmp_path, **settings_of(running)) as world:
            told = await world.told(GENERATE, {"description": described(acme)})
        second = running.asked[1]["messages"][1]["content"]

    assert (told["madeBy"], told["repaired"]) == ("model", True)
    assert "SyntaxError" in second
    assert "line 1" in second
    assert BROKEN in second


def no_content(asked: Asked) -> Answer:
    return Answer(body={"choices": []})


@pytest.mark.parametrize(
    "lines",
    [
        ["I would rather not.", "No."],
        [written(scriptSource=BROKEN), written(scriptSource=BROKEN)],
        [written(scriptSource="fetch('https://x')"), written(scriptSource="for (;;) {}")],
        [written(configSchema={"commands": {"other": {}}}), written(configSchema=[1])],
        [Answer(status=401, body={"error": "your key sk-model-0123456789 is wrong"})],
        [Answer(body=b"<html>")],
        [no_content],
        [Answer(body=b"x" * (1024 * 1024 + 1))],
        [Answer(status=307, headers={"Location": "http://169.254.169.254/"})],
    ],
    ids=["rubbish", "broken twice", "no script", "no definition", "refused", "html", "empty", "too large", "redirect"],
)
@pytest.mark.slow
async def test_a_model_that_is_of_no_use_leaves_the_scaffold(lines: list[Line], acme: Service, tmp_path: Path):
    """The caller gets a script in any case, and reads why it is no better; never a key."""
    with model(*lines) as running:
        async with opened(acme, tmp_path, **settings_of(running)) as world:
            result = await world.call(GENERATE, {"description": described(acme)})

    assert not result.failed
    assert result.structured is not None
    assert (result.structured["madeBy"], len(running.asked)) == ("scaffold", len(lines))
    assert "a model was asked in vain" in result.structured["why"]
    assert "sk-model" not in result.text


@contextmanager
def hanging() -> Iterator[Callable[[Asked], Answer]]:
    """A model that thinks for ever."""
    over = threading.Event()

    def think(asked: Asked) -> Answer:
        over.wait(30)
        return Answer()

    try:
        yield think
    finally:
        over.set()


async def test_a_model_that_hangs_is_given_up(acme: Service):
    """A bound on the whole answer."""
    with hanging() as think, serve(think) as running:
        pools = Pools()
        service = ModelService(url=running.url, key="", model="m", pools=pools, policy=Policy(), timeout_s=0.05)
        with pytest.raises(CallTimeout):
            await service.ask("", "")
        await pools.close()


async def test_without_a_model_the_endpoints_are_enough(acme: Service, tmp_path: Path):
    async with opened(acme, tmp_path) as world:
        told = await world.told(GENERATE, {"description": described(acme), "name": "acme"})
        trial = {"definition": told["connector"] | {"config": {"apiToken": TOKEN}}}
        tested = await world.told("test_connector", trial)

    assert told["madeBy"] == "scaffold"
    assert "JACKFIELD_MODEL_URL" in told["why"]
    assert tested["success"]
    assert [asked.path for asked in acme.asked] == ["/v1/customers"]


async def test_without_a_model_and_endpoints_the_caller_reads_what_is_missing(acme: Service, tmp_path: Path):
    async with opened(acme, tmp_path) as world:
        result = await world.call(GENERATE, {"description": "Customers and such."})

    assert (result.failed, result.code) == (True, "invalid-definition")
    assert "GET /customers/{id}" in result.text


async def test_the_model_of_the_caller_is_a_courtesy(acme: Service, tmp_path: Path):
    """It is asked only where the installation has none; whatever it raises is no fault of the tool."""
    asked: list[int] = []

    async def sample(system: str, text: str, most_tokens: int) -> str:
        asked.append(most_tokens)
        return written()

    async def refuse(system: str, text: str, most_tokens: int) -> str:
        raise RuntimeError("the user said no")

    with model(written()) as running:
        async with opened(acme, tmp_path) as without, opened(acme, tmp_path, **settings_of(running)) as having:
            arguments = {"description": described(acme)}
            sampled = await without.told(GENERATE, arguments, sample=sample)
            refused = await without.told(GENERATE, arguments, sample=refuse)
            modelled = await having.told(GENERATE, arguments, sample=refuse)

    assert [told["madeBy"] for told in (sampled, refused, modelled)] == ["sampling", "scaffold", "model"]
    assert len(asked) == 1


async def test_a_model_is_told_no_secret_and_can_tell_none(acme: Service, tmp_path: Path, monkeypatch):
    """Also not one that somebody has written into the description, or that it has heard elsewhere."""
    monkeypatch.setenv("JACKFIELD_SECRET_ACME", TOKEN)
    with model(written(scriptSource=f"{SCRIPT}// {TOKEN}\n")) as running:
        async with opened(acme, tmp_path, **settings_of(running)) as world:
            result = await world.call(GENERATE, {"description": f"{described(acme)}\nThe token is {TOKEN}."})
        asked = json.dumps(running.asked)

    assert result.structured is not None
    assert result.structured["madeBy"] == "model"
    assert TOKEN not in asked
    assert TOKEN not in result.text


async def test_hosts_that_a_script_names_itself_are_pointed_out(acme: Service, tmp_path: Path):
    """So would a script take a credential elsewhere: it is shown, and not run."""
    script = SCRIPT.replace("floh.config.baseUrl", '"https://evil.example"')
    with model(written(scriptSource=script)) as running:
        async with opened(acme, tmp_path, **settings_of(running)) as world:
            told = await world.told(GENERATE, {"description": described(acme)})

    assert "evil.example" in told["notes"][-1]
    assert acme.asked == []


async def test_the_operators_address_opens_nothing_for_connectors(tmp_path: Path):
    """The model may be private; a connector that calls it is refused all the same."""
    with model() as running, serve(vendor) as other:
        async with opened(other, tmp_path, **settings_of(running)) as world:
            config = {"baseUrl": running.url, "apiToken": TOKEN}
            definition = json.loads(written()) | {"name": "x", "config": config}
            result = await world.call("test_connector", {"definition": definition, "command": "listCustomers"})

    assert (result.failed, result.code) == (True, "url-refused")
    assert running.service.asked == []
