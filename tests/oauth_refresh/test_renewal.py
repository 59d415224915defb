"""Tokens are renewed when it is time, once, for everybody; wherever they are kept."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import replace

import pytest

from jackfield.credentials.oauth.errors import ReauthorizationNeeded, TokenRefreshFailed
from jackfield.testing import FakeOAuth
from oauth_refresh.world import (
    HOLDER,
    TENANT,
    Another,
    Desk,
    all_of,
    end_tokens,
    exchanges,
    granted,
    hear,
    keep,
    remove_tokens,
    replace_tokens,
)


async def test_a_token_that_lives_is_used_and_nobody_is_asked(desk: Desk, server: FakeOAuth):
    await desk.connect()

    assert [(await desk.call()).status for _ in range(3)] == [200, 200, 200]
    assert exchanges(server) == []


async def test_a_token_that_has_ended_is_renewed_before_it_is_sent(desk: Desk, server: FakeOAuth):
    """The service never sees the old one."""
    await desk.connect(lives_s=0.0)
    server.clock.advance(3600)

    assert (await desk.call()).status == 200
    assert exchanges(server) == [("ok", 1)]
    assert server.counts().api == {"ok": 1}


async def test_a_token_that_ends_soon_is_used_once_more_and_renewed_meanwhile(desk: Desk, server: FakeOAuth):
    """Nobody waits for it while the old one is good."""
    life = 3600.0
    tokens = granted(server, lives_s=life)
    await keep(desk.grants, tokens)
    before = await desk.held()
    desk.refresher._slot(desk.source()).know(
        before.__class__(**{**_fields(before), "early": 0.0}), desk.grants.version(tenant=TENANT, holder=HOLDER)
    )
    answered = await desk.call()
    await asyncio.wait(desk.refresher._tasks)

    assert answered.status == 200
    assert exchanges(server) == [("ok", 1)]
    assert server.counts().api_by_token == {"f1.1": {"ok": 1}}
    assert (await desk.held()).generation == before.generation + 1


async def test_a_refused_token_is_renewed_once_and_the_request_sent_again(desk: Desk, server: FakeOAuth):
    await desk.connect()
    server.expire_access_tokens()

    assert (await desk.call()).status == 200
    assert exchanges(server) == [("ok", 1)]
    assert server.counts().api == {"refused": 1, "ok": 1}


async def test_one_renewal_leaves_what_is_known_of_other_accounts(desk: Desk, server: FakeOAuth):
    """With ten thousand accounts one is renewed each moment: who calls with another reads nothing."""
    sources = [replace(desk.source(), holder=f"cred-{number}") for number in range(100)]
    for source in sources:
        await keep(desk.grants, granted(server), holder=source.holder)
    await hear(desk.grants)
    for source in sources:
        await desk.refresher.current(source)
    known = [source.holder for source in sources if desk.refresher.peek(source)]
    await keep(desk.grants, granted(server), holder="cred-7")
    await hear(desk.grants)
    still = [source.holder for source in sources if desk.refresher.peek(source)]

    assert known == [source.holder for source in sources]
    assert len(still) >= 90


async def test_fifty_calls_at_once_make_one_exchange(desk: Desk, server: FakeOAuth):
    """Rotation ends a grant whose token is used twice."""
    await desk.connect()
    server.expire_access_tokens()
    answers = await all_of(50, desk.call)

    assert [answer.status for answer in answers] == [200] * 50
    assert exchanges(server) == [("ok", 1)]
    assert server.counts().reuses == 0


async def test_two_processes_make_one_exchange(another: Another, server: FakeOAuth):
    one, two = await another(), await another()
    await one.connect()
    assert [(await each.call()).status for each in (one, two)] == [200, 200]
    server.expire_access_tokens()
    held = server.faults.hold("token", times=1)
    calls = asyncio.gather(all_of(10, one.call), all_of(10, two.call))
    await held.wait_async()
    held.release()
    answers = [answer for each in await calls for answer in each]

    assert [answer.status for answer in answers] == [200] * 20
    assert exchanges(server) == [("ok", 1)]


async def test_the_call_in_progress_goes_on_with_the_new_token(desk: Desk, server: FakeOAuth):
    """A run of many requests outlives the token that it began with, and is told of each so that it is masked."""
    await desk.connect()
    auth, told = desk.authorizer(), []
    auth.on_secret = lambda *secrets: told.extend(secret.reveal() for secret in secrets)
    first = await desk.call(auth=auth)
    server.expire_access_tokens()
    second = await desk.call(auth=auth)

    assert (first.status, second.status) == (200, 200)
    assert len(told) == len(set(told)) == 2
    assert exchanges(server) == [("ok", 1)]


async def test_a_refresh_token_stays_where_no_new_one_is_given(desk: Desk, server: FakeOAuth):
    """RFC 6749, section 6."""
    server.change(rotates=False)
    await desk.connect()
    for _ in range(3):
        server.expire_access_tokens()
        assert (await desk.call()).status == 200

    assert exchanges(server) == [("ok", 1)] * 3


async def test_a_refusal_that_is_not_about_age_makes_no_storm(desk: Desk, server: FakeOAuth):
    """New tokens that are refused at once say that something else is wrong."""
    await desk.connect()
    server.expire_access_tokens()
    server.faults.always("token", when="after", refused=True)
    answers = await all_of(30, desk.call)
    answers += [await desk.call() for _ in range(5)]

    assert {answer.status for answer in answers} == {401}
    assert exchanges(server) == [("ok", 1)]


async def test_thirty_refusals_at_once_are_one_doubt(desk: Desk, server: FakeOAuth):
    """Else a crowd of callers would stop renewal for minutes where one stops it for seconds."""
    await desk.connect()
    server.expire_access_tokens()
    server.faults.next("token", when="after", refused=True)
    await all_of(30, desk.call)

    assert desk.refresher._slot(desk.source()).doubts == 1


@pytest.mark.parametrize(
    ("rule", "expiry"), [("403", {"statuses": [401, 403]}), ("body", {"path": "error", "codes": ["token_expired"]})]
)
async def test_the_signs_of_expiry_are_those_that_the_type_declares(desk: Desk, server: FakeOAuth, rule, expiry):
    """Some services answer 403, some 200 with a code."""
    server.change(api_refusal=rule)
    desk.settings = {"expiry": expiry}
    await desk.connect()
    server.expire_access_tokens()
    answer = await desk.call()

    assert (answer.status, answer.body.get("ok", True)) == (200, True)
    assert exchanges(server) == [("ok", 1)]


async def test_a_403_that_no_type_declares_is_no_expiry(desk: Desk, server: FakeOAuth):
    await desk.connect()
    server.change(api_refusal="403")
    server.expire_access_tokens()

    assert (await desk.call()).status == 403
    assert exchanges(server) == []


async def test_a_caller_that_gives_up_takes_no_tokens_with_it(desk: Desk, server: FakeOAuth):
    """The old refresh token is used up by then: the answer must be kept."""
    await desk.connect(lives_s=0.0)
    held = server.faults.hold("token", times=1, when="after")
    call = asyncio.create_task(desk.call())
    await held.wait_async()
    call.cancel()
    with suppress(asyncio.CancelledError):
        await call
    held.release()
    await desk.refresher.close()

    assert (await desk.held()).generation == 2
    assert (await desk.call()).status == 200
    assert exchanges(server) == [("ok", 1)]


async def test_what_is_under_way_is_waited_for_at_the_end(desk: Desk, server: FakeOAuth):
    await desk.connect(lives_s=0.0)
    held = server.faults.hold("token", times=1, when="after")
    call = asyncio.create_task(desk.call())
    await held.wait_async()
    closing = asyncio.create_task(desk.refresher.close())
    await asyncio.sleep(0)
    assert not closing.done()
    held.release()
    await closing

    assert (await desk.held()).generation == 2
    assert (await call).status == 200


async def test_who_connects_anew_during_an_exchange_wins(another: Another, server: FakeOAuth):
    """What the old refresh token gave is of the account from before."""
    desk, other = await another(), await another()
    await desk.connect(lives_s=0.0)
    held = server.faults.hold("token", times=1)
    call = asyncio.create_task(desk.call())
    await held.wait_async()
    newer = granted(server)
    await replace_tokens(other, newer)
    held.release()
    await call

    kept = await desk.held()
    assert kept.access == newer.access
    assert (await desk.call()).status == 200
    assert server.counts().api_by_token.get("f2.1", {}).get("ok")


async def test_a_new_beginning_is_not_taken_for_an_old_token(desk: Desk, server: FakeOAuth):
    """Whoever signs in anew may begin to count at one: a call with a later token of the old account goes on with it."""
    await desk.connect()
    for _ in range(3):
        server.expire_access_tokens()
        assert (await desk.call()).status == 200
    auth = desk.authorizer()
    await auth.ready()
    server.revoke_all()
    newer = granted(server)
    await remove_tokens(desk)
    await desk.connect(newer)
    asked = len(exchanges(server))

    assert (await desk.call(auth=auth)).status == 200
    assert len(exchanges(server)) == asked


async def test_nobody_signed_in_is_said_without_asking_anybody(desk: Desk, server: FakeOAuth):
    with pytest.raises(ReauthorizationNeeded):
        await desk.call()

    assert server.log() == []


async def test_a_pasted_token_that_ends_cannot_be_renewed(desk: Desk, server: FakeOAuth):
    """It may also have been refused for another reason: then the answer is the service's."""
    tokens = granted(server, refresh=None)
    await keep(desk.grants, tokens, refreshable=False)
    server.expire_access_tokens()

    assert (await desk.call()).status == 401
    assert server.log() == []


async def test_manual_refresh_asks_though_the_token_lives(desk: Desk, server: FakeOAuth):
    await desk.connect()
    held = await desk.refresher.now(desk.source())

    assert held.generation == 2
    assert exchanges(server) == [("ok", 1)]


async def test_manual_refresh_asks_though_the_next_attempt_is_for_later(desk: Desk, server: FakeOAuth, impatient):
    await desk.connect(lives_s=0.0)
    server.faults.next("token", status=429, retry_after=3600)
    with pytest.raises(TokenRefreshFailed):
        await desk.call()

    assert (await desk.refresher.now(desk.source())).generation == 2
    assert (await desk.call()).status == 200


async def test_renewal_ahead_of_the_end_is_done_once_however_many_do_it(another: Another, server: FakeOAuth):
    one, two = await another(), await another()
    await one.connect()
    await asyncio.gather(one.refresher.ahead(one.source(), seen=1), two.refresher.ahead(two.source(), seen=1))
    await two.refresher.ahead(two.source(), seen=1)

    assert exchanges(server) == [("ok", 1)]


def _fields(held) -> dict:
    return {name: getattr(held, name) for name in held.__dataclass_fields__}


async def test_a_first_token_is_got_once_however_many_need_it(another: Another, server: FakeOAuth):
    """Z19: of a client of its own, which nobody signs in for."""
    one, two = await another(), await another()
    for desk in (one, two):
        desk.settings = {"grant": "client_credentials"}
        desk.own = True
    answers = await asyncio.gather(all_of(25, one.call), all_of(25, two.call))

    assert {answer.status for each in answers for answer in each} == {200}
    assert server.counts().exchanged("client_credentials") == 1


@pytest.mark.parametrize("fault", [{}, {"error": "invalid_grant"}], ids=["tokens", "failure"])
async def test_what_is_deleted_during_an_exchange_stays_deleted(desk: Desk, server: FakeOAuth, fault: dict):
    """Neither tokens nor a failure bring it back."""
    await desk.connect(lives_s=0.0)
    held = server.faults.hold("token", times=1, **fault)
    call = asyncio.create_task(desk.call())
    await held.wait_async()
    await remove_tokens(desk)
    held.release()
    with pytest.raises(ReauthorizationNeeded):
        await call

    assert await desk.held() is None


async def test_what_is_disconnected_during_an_exchange_stays_so(another: Another, server: FakeOAuth):
    """As `revoke` of a credential does: another generation, without tokens."""
    desk, other = await another(), await another()
    await desk.connect(lives_s=0.0)
    held = server.faults.hold("token", times=1)
    call = asyncio.create_task(desk.call())
    await held.wait_async()
    await end_tokens(other)
    held.release()
    with pytest.raises(ReauthorizationNeeded):
        await call

    assert (await desk.held()).ended == "revoked"
