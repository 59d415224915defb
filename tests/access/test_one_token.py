"""Sessions of a server that keeps nothing."""

from __future__ import annotations

import pytest

from jackfield.access import one_token
from jackfield.access.errors import SessionEnded, TokenUnknown
from jackfield.access.one_token import OneToken, SessionsOfOneToken
from jackfield.access.principal import LOCAL
from jackfield.storage.clock import microseconds
from jackfield.storage.sessions import IDLE_S, LIFETIME_S

START = 1_800_000_000_000_000


@pytest.fixture
def clock(monkeypatch) -> list[int]:
    now = [START]
    monkeypatch.setattr(one_token, "now_us", lambda: now[0])
    return now


@pytest.fixture
def kept() -> SessionsOfOneToken:
    return SessionsOfOneToken(OneToken("the one token"))


async def test_only_the_one_token_begins_a_session(kept):
    for text in ("", "another", "the one token "):
        with pytest.raises(TokenUnknown):
            await kept.begin(text, address="")
    with pytest.raises(TokenUnknown):
        await SessionsOfOneToken(OneToken("")).begin("", address="")
    made = await kept.begin("the one token", address="")

    assert (await kept.find(made.text)) == made.session
    assert made.session.principal is LOCAL


async def test_a_session_ends_by_itself(kept, clock):
    """When nobody uses it, and once a week."""
    idle = await kept.begin("the one token", address="")
    used = await kept.begin("the one token", address="")
    for _ in range(int(LIFETIME_S / IDLE_S * 2)):
        await kept.find(used.text)
        clock[0] += microseconds(IDLE_S / 2)

    for made in (idle, used):
        with pytest.raises(SessionEnded):
            await kept.find(made.text)
    assert kept._begun == {}


async def test_a_session_that_was_ended_is_over_and_no_other_is(kept):
    one, other = await kept.begin("the one token", address=""), await kept.begin("the one token", address="")
    await kept.end(one.session)

    assert (await kept.find(other.text)).id == other.session.id
    with pytest.raises(SessionEnded):
        await kept.find(one.text)


async def test_the_number_of_sessions_is_bounded(kept):
    texts = [(await kept.begin("the one token", address="")).text for _ in range(101)]

    await kept.find(texts[1])
    with pytest.raises(SessionEnded):
        await kept.find(texts[0])
