"""Writes, through the whole dispatcher: one body for every journal and for both kinds of connectors."""

from __future__ import annotations

import asyncio
import socket
from pathlib import Path

import pytest

from dispatch.journal_world import ANN, BOB, LARGE, NOWHERE, SLOW, Counter, Listening, Shopping
from jackfield import JackfieldError
from jackfield.dispatch.call import Recorded
from jackfield.dispatch.errors import CallInProgress, KeyReuse, UnknownOutcome
from jackfield.storage.journal_claim import InProgress
from servers import Service


def codes(executions) -> list[tuple[str, str | None]]:
    return [(execution.status, execution.error_code) for execution in executions]


async def test_a_repeated_write_is_answered_as_it_was_and_not_sent_again(shop: Shopping):
    """The caller who asks again may have lost the first answer."""
    first = await shop.order()
    again = await shop.order()
    (kept,) = await shop.kept()

    assert (first.outcome.order, shop.counter.orders) == (1, 1)
    assert again.execution_id == first.execution_id == kept.id
    assert again.outcome.metadata == first.outcome.metadata | {"replayed": True}
    assert again.outcome.to_json() | {"metadata": 0} == first.outcome.to_json() | {"metadata": 0}
    assert kept.outcome == first.outcome.to_json()


async def test_an_answer_too_large_for_a_row_is_replayed_whole(shop: Shopping):
    """The database keeps it in another place."""
    first = await shop.order("large")
    again = await shop.order("large")

    assert len(shop.service.asked) == 1
    assert again.outcome.payload == first.outcome.payload == {"text": "x" * LARGE}


async def test_a_key_that_comes_with_other_params_is_refused(shop: Shopping):
    """It would be answered with what somebody else ordered."""
    first = await shop.order(item="tea")
    with pytest.raises(KeyReuse) as caught:
        await shop.order(item="coffee")

    assert caught.value.details["execution_id"] == first.execution_id
    assert shop.counter.orders == 1
    assert codes(await shop.kept()) == [("COMPLETED", None), ("FAILED", "idempotency-key-reused")]


async def test_the_same_write_at_once_is_sent_once_and_answers_all(shop: Shopping):
    """Each key has one that sends; whoever comes meanwhile waits for it."""
    ears = Listening(await shop.journal())
    ordering = [asyncio.ensure_future(shop.order("think"))]
    await shop.counter.thought()
    ordering += [asyncio.ensure_future(shop.order("think")) for _ in range(4)]
    for _ in range(4):
        await ears.hears(InProgress)
    shop.counter.answer_now.set()
    first, *others = await asyncio.gather(*ordering)

    assert len(shop.service.asked) == 1
    assert {one.execution_id for one in others} == {first.execution_id}
    assert [one.outcome.metadata.get("replayed") for one in [first, *others]] == [None, True, True, True, True]


async def test_the_same_key_of_somebody_else_is_another_key(shop: Shopping):
    """Nobody reads another's answer by guessing a key."""
    anns, bobs = await shop.order(principal=ANN), await shop.order(principal=BOB)

    assert (anns.outcome.order, bobs.outcome.order) == (1, 2)
    assert anns.execution_id != bobs.execution_id


async def test_writes_without_a_key_are_each_their_own(shop: Shopping):
    """Two equal orders may be meant."""
    orders = [(await shop.order(key=None)).outcome.order for _ in range(2)]

    assert orders == [1, 2]
    assert codes(await shop.kept()) == [("COMPLETED", None)] * 2


@pytest.mark.parametrize(
    ("why", "code"),
    [("policy", "url-refused"), ("no address", "unreachable"), ("connection refused", "unreachable")],
)
async def test_what_was_never_sent_has_failed_and_its_key_is_free(shop: Shopping, why: str, code: str):
    """The caller repeats it when the way is open again."""
    places = {"policy": "http://10.0.0.1", "no address": f"http://{NOWHERE}", "connection refused": nobody()}
    shop.move(places[why])
    answers = [await code_of(shop.order()) for _ in range(2)]
    shop.move(shop.service.url)
    ordered = await shop.order()

    assert answers == [code, code]
    assert (ordered.outcome.order, ordered.outcome.metadata.get("replayed")) == (1, None)
    assert codes(await shop.kept()) == [("FAILED", code), ("FAILED", code), ("COMPLETED", None)]


async def test_a_write_whose_answer_never_came_is_unknown_and_not_sent_again(shop: Shopping):
    """It may have happened: a person has to look."""
    dropped = await shop.order("hang-up")
    with pytest.raises(UnknownOutcome) as caught:
        await shop.order("hang-up")
    first, second = await shop.kept()

    assert (dropped.outcome.code, dropped.outcome.metadata["retryable"]) == ("disconnected", False)
    assert dropped.outcome.diagnostics["mayHaveHappened"] is True
    assert (caught.value.status, caught.value.details["execution_id"]) == (409, dropped.execution_id)
    assert len(shop.service.asked) == 1
    assert codes([first, second]) == [("UNKNOWN_OUTCOME", "disconnected"), ("FAILED", "unknown-outcome")]
    assert first.outcome == dropped.outcome.to_json()


async def test_a_write_that_is_thought_about_for_too_long_is_unknown(shop: Shopping):
    """The service may still decide to do it."""
    await shop.order(key="opens the connection")
    late = await shop.order("think", timeout_s=0.3)
    with pytest.raises(UnknownOutcome):
        await shop.order("think", timeout_s=0.3)
    _, kept, _ = await shop.kept()

    assert (late.outcome.code, late.outcome.diagnostics["mayHaveHappened"]) == ("timeout", True)
    assert (kept.status, kept.id) == ("UNKNOWN_OUTCOME", late.execution_id)
    assert [asked.path for asked in shop.service.asked] == ["/orders", "/think"]


@pytest.mark.parametrize("status", [400, 404, 409, 422])
async def test_a_refusal_is_an_answer_like_others(shop: Shopping, status: int):
    """The service has decided; asked again with the key, the caller is told the same."""
    refused = await shop.order(str(status))
    again = await shop.order(str(status))
    (kept,) = await shop.kept()

    assert (refused.outcome.code, refused.outcome.metadata["retryable"]) == ("upstream-status", False)
    assert "mayHaveHappened" not in refused.outcome.diagnostics
    assert again.outcome.metadata == refused.outcome.metadata | {"replayed": True}
    assert len(shop.service.asked) == 1
    assert (kept.status, kept.upstream_status) == ("FAILED", status)


@pytest.mark.parametrize(("status", "decided"), [(500, False), (502, False), (504, False), (503, True), (429, True)])
async def test_a_failure_says_whether_the_write_may_have_happened(shop: Shopping, status: int, decided: bool):
    """After some errors of a server it is done for all that; 503 and 429 say that it was not begun."""
    failed = (await shop.order(str(status))).outcome

    assert failed.metadata["status"] == status
    assert failed.metadata["retryable"] is decided
    assert failed.diagnostics.get("mayHaveHappened", False) is not decided


async def test_a_write_that_is_given_up_before_it_is_sent_leaves_its_key_free(shop: Shopping):
    """Its caller left while the name was looked up."""
    shop.move(f"http://{SLOW}")
    ordering = asyncio.ensure_future(shop.order())
    await shop.names.asked.wait()
    await given_up(ordering)
    shop.move(shop.service.url)
    ordered = await shop.order()

    assert (ordered.outcome.order, ordered.outcome.metadata.get("replayed")) == (1, None)
    assert codes(await shop.kept()) == [("CANCELLED", None), ("COMPLETED", None)]


async def test_a_write_that_is_given_up_after_it_was_sent_is_unknown(shop: Shopping):
    """Leaving does not call the request back."""
    ordering = asyncio.ensure_future(shop.order("think"))
    await shop.counter.thought()
    await given_up(ordering)
    with pytest.raises(UnknownOutcome):
        await shop.order("think")

    assert len(shop.service.asked) == 1
    assert (await shop.kept())[0].status == "UNKNOWN_OUTCOME"


async def test_whoever_waits_for_a_write_that_is_given_up_unsent_sends_it(shop: Shopping):
    """The key is free, and somebody wants it."""
    ears = Listening(await shop.journal())
    shop.move(shop.service.url.replace("127.0.0.1", SLOW))
    first = asyncio.ensure_future(shop.order())
    await shop.names.asked.wait()
    second = asyncio.ensure_future(shop.order())
    await ears.hears(InProgress)
    await given_up(first)
    shop.names.answer_now.set()
    ordered = await second

    assert (ordered.outcome.order, ordered.outcome.metadata.get("replayed")) == (1, None)
    assert codes(await shop.kept()) == [("CANCELLED", None), ("COMPLETED", None)]


async def test_whoever_waits_for_a_write_that_is_given_up_when_sent_learns_that_nobody_knows(shop: Shopping):
    """It is not sent for the second one either."""
    ears = Listening(await shop.journal())
    first = asyncio.ensure_future(shop.order("think"))
    await shop.counter.thought()
    second = asyncio.ensure_future(shop.order("think"))
    await ears.hears(InProgress)
    await given_up(first)

    with pytest.raises(UnknownOutcome):
        await second
    assert len(shop.service.asked) == 1


async def test_a_mocked_write_is_marked_and_claims_nothing(shop: Shopping):
    """R04: its key is free for the real one."""
    mocked = [await shop.order(use_mock=True) for _ in range(2)]
    ordered = await shop.order()
    first, second, real = await shop.kept()

    assert [one.outcome.payload for one in mocked] == [{"order": "mocked"}] * 2
    assert mocked[0].execution_id != mocked[1].execution_id
    assert first.outcome["metadata"]["mock"] is second.outcome["metadata"]["mock"] is True
    assert (ordered.outcome.order, ordered.outcome.metadata.get("replayed")) == (1, None)
    assert "mock" not in real.outcome["metadata"]


@pytest.mark.parametrize("journal", ["sqlite", "postgresql"], indirect=True)
async def test_two_processes_send_a_write_once(
    shop: Shopping, kind: str, journal: str, tmp_path: Path, till: Service, counter: Counter
):
    """The second is told that it is under way, and the answer once there is one."""
    other = Shopping(kind=kind, database_url=journal, folder=tmp_path, service=till, counter=counter)
    await other.open()
    ordering = asyncio.ensure_future(shop.order("think"))
    await counter.thought()
    with pytest.raises(CallInProgress) as caught:
        await other.order("think")
    counter.answer_now.set()
    ordered = await ordering
    again = await other.order("think")
    await other.close()

    assert caught.value.details["execution_id"] == ordered.execution_id == again.execution_id
    assert again.outcome.metadata["replayed"] is True
    assert len(till.asked) == 1


async def code_of(ordering) -> str | None:
    """Of the failed outcome, or of the error that was raised."""
    try:
        recorded: Recorded = await ordering
    except JackfieldError as error:
        return error.code
    return recorded.outcome.code


async def given_up(ordering: asyncio.Future[Recorded]) -> None:
    ordering.cancel()
    with pytest.raises(asyncio.CancelledError):
        await ordering


def nobody() -> str:
    """The address of a port at which nobody listens."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{free.getsockname()[1]}"
