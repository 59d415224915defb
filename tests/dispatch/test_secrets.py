"""Secrets of a call stay out of what it answers, records and logs, wherever they came from."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass

import pytest

from jackfield import Connector, Context, Outcome, Secret, command, fail, field, succeed
from jackfield.access.principal import LOCAL
from jackfield.app.embedded import Embedded
from jackfield.dispatch.call import Call, CallOptions
from jackfield.settings import Settings
from servers import Answer, Asked, Service, serve


@dataclass
class Login:
    """A secret inside a field."""

    user: str
    token: Secret


class Safe(Connector, name="safe"):
    """Careless with everything."""

    login: Login = field("Sign-in.")
    keys: list[Secret] = field("Keys.")
    base_url: str = field("Address.")

    @command
    async def tell(self, ctx: Context) -> Outcome:
        """Tell all."""
        ctx.log.warning("login %s keys %s", self.login.token.reveal(), self.keys[0].reveal())
        said = {
            "login": self.login.token.reveal(),
            "keys": [key.reveal() for key in self.keys],
            "shown": repr(ctx.config),
        }
        return succeed(said)

    @command
    async def code(self) -> Outcome:
        """Fail with a secret for a code."""
        return fail("x", code=self.keys[0].reveal())

    @command
    async def crash(self, ctx: Context, token: Secret) -> Outcome:
        """Raise with a param in the text."""
        raise ValueError(f"bad token {token.reveal()}")

    @command
    async def echo(self, ctx: Context) -> Outcome:
        """What the service saw."""
        return succeed((await ctx.http.get(self.base_url)).body)


@pytest.fixture
def service() -> Iterator[Service]:
    def answer(asked: Asked) -> Answer:
        return Answer(body=asked.headers)

    with serve(answer) as running:
        yield running


@pytest.fixture
async def safe(service: Service) -> AsyncIterator[Embedded]:
    runtime = Embedded(Settings(egress_allow=service.address), types=[Safe])
    login = {"user": "ann", "token": "nested-0123456789"}
    config = {"login": login, "keys": ["listed-0123456789"], "base_url": service.url}
    await runtime.add({"name": "s", "type": "safe", "config": config})
    yield runtime
    await runtime.close()


def call(command: str, **more: object) -> Call:
    return Call(**{"principal": LOCAL, "target": "s", "command": command} | more)  # type: ignore[arg-type]


async def everything(safe: Embedded, outcome: Outcome, caplog: pytest.LogCaptureFixture) -> str:
    (execution,) = await safe.executions.latest(tenant="default")
    return f"{outcome.to_json()} {execution} {caplog.text}"


async def test_secrets_inside_fields_are_masked(safe: Embedded, caplog: pytest.LogCaptureFixture):
    """A secret in a nested model or a list is no less a secret."""
    outcome = await safe.run(call("tell"))
    told = await everything(safe, outcome, caplog)

    assert outcome.success, outcome.error
    assert "0123456789" not in told
    assert "ann" in outcome.shown


async def test_a_secret_param_is_masked_in_the_log_too(safe: Embedded, caplog: pytest.LogCaptureFixture):
    """Jackfield itself logs what a command raised."""
    with caplog.at_level(logging.DEBUG):
        outcome = await safe.run(call("crash", params={"token": "param-0123456789"}))
    told = await everything(safe, outcome, caplog)

    assert outcome.error == "bad token ********"
    assert "bad token ********" in caplog.text
    assert "0123456789" not in told


async def test_a_code_is_masked(safe: Embedded):
    """Every slot of an outcome."""
    assert (await safe.run(call("code"))).code == "********"


@pytest.mark.parametrize("name", ["Authorization", "Cookie", "X-Api-Key", "X-Auth-Token"])
async def test_a_credential_in_a_header_of_the_call_is_masked(
    safe: Embedded, service: Service, caplog: pytest.LogCaptureFixture, name: str
):
    """Per-call headers are the first of the credentials."""
    headers = {name: "Bearer header-0123456789", "X-Team": "blue-team-of-all"}
    outcome = await safe.run(call("echo", options=CallOptions(headers=headers)))
    told = await everything(safe, outcome, caplog)

    assert service.asked[0].headers[name.lower()] == "Bearer header-0123456789"
    assert "0123456789" not in told
    assert outcome["x-team"] == "blue-team-of-all"
