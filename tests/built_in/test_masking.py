"""Secrets of a connection stay out of what a command answers, says and logs, in every form in which they travel."""

from __future__ import annotations

import base64
import logging
from urllib.parse import quote, quote_plus

import pytest

from jackfield import Connector, Context, Secret, SyncContext, command, fail, field, run_command, succeed
from jackfield.definition.secret import MASK

SECRET = "s3cr3t/key+with=odd&chars"
CONFIG = {"api_key": SECRET}

FORMS = {
    "plain": SECRET,
    "in a sentence": f"the key {SECRET} was refused",
    "twice": SECRET + SECRET,
    "base64": base64.b64encode(SECRET.encode()).decode(),
    "base64 of user and key": base64.b64encode(f"zoe:{SECRET}".encode()).decode(),
    "base64 with something after": base64.b64encode(f"{SECRET}:x".encode()).decode(),
    "base64url": base64.urlsafe_b64encode(b"ab" + SECRET.encode()).decode().rstrip("="),
    "URL-encoded": quote(SECRET, safe=""),
    "URL-encoded path": quote(SECRET),
    "form-encoded": quote_plus(SECRET),
    "in a URL": f"https://acme.example/?key={quote(SECRET, safe='')}&page=1",
}
each_form = pytest.mark.parametrize("text", FORMS.values(), ids=FORMS)


def traces(text):
    """The parts of `text` that would give the secret away: what differs from the mask and is not around it."""
    return [form for form in (SECRET, "s3cr3t", quote(SECRET, safe=""), quote(SECRET)) if form in text] + [
        encoded
        for offset in range(3)
        if (encoded := base64.b64encode(b"\0" * offset + SECRET.encode()).decode()[4:-4]) in text
    ]


class Leaky(Connector, name="masking-leaky"):
    """Says what it is given wherever it can."""

    api_key: Secret = field("Key.")
    pin: Secret = field("Short.", default="")
    auth: str = "key"
    unused: Secret = field("Not shown.", shown_when={"auth": "other"})

    @command
    async def answer(self, text: str):
        return succeed({"text": text, "list": [text, 1], text: "a key too"}, variables={"said": text})

    @command
    async def refuse(self, text: str):
        return fail(f"no: {text}", diagnostics={"body": {"text": text}}, variables={"said": text})

    @command
    async def raise_it(self, text: str):
        raise ValueError(text)

    @command
    async def log(self, ctx: Context, text: str):
        ctx.log.warning("said %s", text)
        ctx.log.warning(text)
        try:
            raise ValueError(text)
        except ValueError:
            ctx.log.exception("raised")

    @command
    def log_in_a_thread(self, ctx: SyncContext, text: str):
        ctx.log.warning("said %s", text)

    @command
    async def show(self, ctx: Context):
        return succeed({"config": dict(ctx.config), "own": self.api_key, "text": f"{self.api_key}", "repr": repr(ctx)})

    @command
    async def reveal(self):
        return succeed({"key": self.api_key.reveal(), "pin": self.pin.reveal()})

    @command
    async def echo(self, ctx: Context, token: Secret):
        return succeed({"given": token, "params": dict(ctx.params)})


@each_form
def test_a_payload_does_not_hold_the_secret(text):
    """Services echo what they are sent, in keys too."""
    outcome = run_command(Leaky, "answer", {"text": text}, config=CONFIG)

    assert MASK in outcome["text"]
    assert not traces(str(outcome.to_json()))


@each_form
@pytest.mark.parametrize("method", ["refuse", "raise_it"])
def test_a_failure_does_not_hold_the_secret(method, text):
    """Error texts quote requests."""
    outcome = run_command(Leaky, method, {"text": text}, config=CONFIG)

    assert MASK in outcome.error
    assert not traces(str(outcome.to_json()))


@each_form
@pytest.mark.parametrize("method", ["log", "log_in_a_thread", "raise_it"])
def test_the_log_does_not_hold_the_secret(method, text, caplog):
    """At every level, in messages, arguments and stack traces."""
    caplog.set_level(logging.DEBUG)

    run_command(Leaky, method, {"text": text}, config=CONFIG)

    assert MASK in caplog.text
    assert not traces(caplog.text)


def test_the_context_shows_masks():
    """A handler that prints what it has prints no secret."""
    outcome = run_command(Leaky, "show", config=CONFIG)

    assert outcome["config"]["api_key"] == outcome["own"] == outcome["text"] == MASK
    assert not traces(str(outcome.to_json()))


def test_a_secret_that_is_given_away_on_purpose_is_masked_all_the_same():
    """The last line of defence; values under 8 characters cannot be told from ordinary text."""
    outcome = run_command(Leaky, "reveal", config=CONFIG | {"pin": "1234"})

    assert outcome.payload == {"key": MASK, "pin": "1234"}


def test_a_secret_of_a_field_that_is_not_shown_does_not_leave_either():
    """It was filled in when another way to sign in was chosen, and is as secret as before."""
    outcome = run_command(Leaky, "show", config=CONFIG | {"unused": "another-secret-value"})

    assert "another-secret-value" not in str(outcome.to_json())


def test_a_secret_param_does_not_come_back():
    """It may be a password that a person typed."""
    outcome = run_command(Leaky, "echo", {"token": SECRET}, config={"api_key": "0123456789"})

    assert outcome["given"] == MASK
    assert not traces(str(outcome.to_json()))
