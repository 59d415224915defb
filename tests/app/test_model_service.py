"""The model of the settings: what it is sent, and what is made of its answer."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from jackfield.app.model_service import ModelService, model_of
from jackfield.egress.errors import ResponseTooLarge, TooManyRedirects
from jackfield.egress.policy import Policy
from jackfield.egress.pools import Pools
from jackfield.errors import JackfieldError, UpstreamStatus
from jackfield.manage.errors import ModelAnswerUnusable
from jackfield.settings import Settings
from models import model
from servers import Answer


@pytest.fixture
async def pools() -> AsyncIterator[Pools]:
    made = Pools()
    yield made
    await made.close()


def service(url: str, pools: Pools, **more: Any) -> ModelService:
    return ModelService(**{"url": url, "key": "", "model": "coder", "pools": pools, "policy": Policy(), **more})


async def test_it_is_asked_as_every_service_of_the_kind(pools: Pools):
    """A private address is open, because the operator has named it."""
    with model("Hello.", "Again.") as running:
        first = await service(running.url, pools, key="sk-1").ask("Be kind.", "Hi")
        second = await service(f"{running.url}/chat/completions", pools).ask("", "")
        asked, headers = running.asked[0], [one.headers for one in running.service.asked]

    assert (first, second) == ("Hello.", "Again.")
    assert asked == {
        "model": "coder",
        "stream": False,
        "messages": [{"role": "system", "content": "Be kind."}, {"role": "user", "content": "Hi"}],
    }
    assert (headers[0]["authorization"], headers[1].get("authorization")) == ("Bearer sk-1", None)


async def test_parts_of_an_answer_are_joined_and_secrets_masked_in_both_directions(pools: Pools):
    parts = [{"type": "text", "text": "a hunter2 "}, {"type": "text", "text": "b"}]
    with model(Answer(body={"choices": [{"message": {"content": parts}}]})) as running:
        said = await service(running.url, pools, mask=lambda text: text.replace("hunter2", "*")).ask("s", "hunter2?")
        asked = running.asked[0]["messages"][1]["content"]

    assert (said, asked) == ("a * b", "*?")


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (Answer(body={"choices": []}), ModelAnswerUnusable),
        (Answer(body={"choices": [{"message": {"content": None}}]}), ModelAnswerUnusable),
        (Answer(body=[1]), ModelAnswerUnusable),
        (Answer(body=b"<html>"), ModelAnswerUnusable),
        (Answer(body=b"x" * (1024 * 1024 + 1)), ResponseTooLarge),
        (Answer(status=401, body={"error": "sk-1 is no key"}), UpstreamStatus),
        (Answer(status=302, headers={"Location": "http://169.254.169.254/"}), TooManyRedirects),
    ],
)
async def test_what_is_no_answer_is_an_error_without_the_key(pools: Pools, answer: Answer, error: type[JackfieldError]):
    with model(answer) as running, pytest.raises(error) as caught:
        await service(running.url, pools, key="sk-1").ask("", "")

    assert "sk-1" not in str(caught.value.to_json())


@pytest.mark.parametrize(
    ("settings", "missing"),
    [
        (Settings(), "`JACKFIELD_MODEL_URL` and `JACKFIELD_MODEL` are not set"),
        (Settings(model="coder"), "`JACKFIELD_MODEL_URL` is not set"),
        (Settings(model_url="https://models.example/v1"), "`JACKFIELD_MODEL` is not set"),
    ],
)
async def test_without_both_settings_there_is_none_and_it_says_why(pools: Pools, settings: Settings, missing: str):
    made, why = model_of(settings, pools=pools, policy=Policy(), mask=str)

    assert made is None
    assert why == f"no model is configured: {missing}"


@pytest.mark.parametrize("url", ["https://[::1]/v1", "http://models.example:11434", "https://models.example"])
async def test_every_address_that_a_setting_may_have_can_be_opened(pools: Pools, url: str):
    made, why = model_of(Settings(model_url=url, model="m"), pools=pools, policy=Policy(), mask=str)

    assert made is not None
    assert why == ""
