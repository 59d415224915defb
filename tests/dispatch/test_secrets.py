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
from records import recorded
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
    runtime = Embedded(Settings(database_url="memory", egress_allow=service.address), types=[Safe])
    login = {"user": "ann", "token": "nested-0123456789"}
    config = {"login": login, "keys": ["listed-0123456789"], "base_url": service.url}
    await runtime.add({"name": "s", "type": "safe", "config": config})
    yield runtime
    await runtime.close()


def call(command: str, **more: object) -> Call:
    return Call(**{"principal": LOCAL, "target": "s", "command": command} | more)  # type: ignore[arg-type]


async def everything(safe: Embedded, outcome: Outcome, caplog: pytest.LogCaptureFixture) -> str:
    (execution,) = await recorded(safe)
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


@pytest.mark.parametrize(
    ("name", "value", "secrets"),
    [
        ("X-Api-Key", "first half 01 and second half 02", ["first half 01 and second half 02"]),
        ("Cookie", "theme=dark; session=cookie-0123456789; last=longer-than-eight", ["cookie-0123456789"]),
        ("Authorization", "Token token=signed-0123456789, nonce=x", ["signed-0123456789"]),
        ("Authorization", "Basic YW5uOmNvcnJlY3QgaG9yc2U=", ["correct horse", "YW5uOmNvcnJlY3QgaG9yc2U"]),
    ],
)
async def test_every_part_of_a_credential_in_a_header_is_masked(
    safe: Embedded, service: Service, caplog: pytest.LogCaptureFixture, name: str, value: str, secrets: list[str]
):
    """Services repeat them one by one."""
    headers = {name: value, "X-Repeated": " / ".join(secrets)}
    outcome = await safe.run(call("echo", options=CallOptions(headers=headers)))
    told = await everything(safe, outcome, caplog)

    assert service.asked[0].headers[name.lower()] == value
    assert [secret for secret in secrets if secret in told] == []


@pytest.mark.parametrize("before", range(460, 501, 5))
async def test_no_half_of_a_secret_is_left_where_a_long_answer_is_cut(before: int):
    """An error quotes the beginning of what the service said; half a secret would not be recognised."""
    key = "0123456789-abcdefghijklmnopqrstuvwxyz"
    text = "x" * before + key + "y" * 100_000
    with serve(lambda _: Answer(status=500, body=text.encode(), headers={"Content-Type": "text/plain"})) as service:
        runtime = Embedded(Settings(database_url="memory", egress_allow=service.address), types=[], secrets={"K": key})
        operations = [{"name": "go", "method": "GET", "path": "/"}]
        auth = {"type": "bearer", "secret": "K"}
        await runtime.add({"name": "long", "baseUrl": service.url, "auth": auth, "operations": operations})
        outcome = await runtime.run(call("go", target="long"))
        await runtime.close()

    assert f"beginning '{'x' * before}" in outcome.diagnostics["body"]
    assert key[:4] not in outcome.diagnostics["body"]


async def test_a_secret_in_the_name_of_a_header_of_the_answer_is_masked(tmp_path):
    """Whatever a service does with it."""

    def echo(asked: Asked) -> Answer:
        return Answer(body={}, headers={f"X-{asked.headers['authorization'].split()[1]}": "1"})

    with serve(echo) as odd:
        runtime = Embedded(
            Settings(data=tmp_path, egress_allow=odd.address), types=[], secrets={"KEY": "lower-case-key"}
        )
        auth = {"type": "bearer", "secret": "KEY"}
        operations = [{"name": "look", "method": "GET", "path": "/"}]
        await runtime.add({"name": "odd", "baseUrl": odd.url, "auth": auth, "operations": operations})
        outcome = await runtime.run(Call(principal=LOCAL, target="odd", command="look"))
        await runtime.close()

    assert "x-********" in outcome.metadata["headers"]
    assert "lower-case-key" not in str(outcome)
