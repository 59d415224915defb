"""What is kept of calls, and who may see it: one body for every journal."""

from __future__ import annotations

import asyncio
import itertools
from typing import Any

import pytest

from dispatch.journal_world import ANN, BOB, EVE, Shopping
from jackfield import JackfieldError
from jackfield.access.principal import LOCAL, Principal
from jackfield.dispatch.call import Call, CallOptions, Origin, Recorded
from jackfield.manage.errors import UnknownExecution
from jackfield.manage.executions import Executions
from jackfield.storage.journal_errors import CursorInvalid, StepRecorded

pytestmark = pytest.mark.parametrize("kind", ["class"], indirect=True)

READER = Principal(user="reader", scopes=frozenset({"read"}))


async def executions_of(shop: Shopping) -> Executions:
    return (await shop.resources()).executions


async def look(shop: Shopping, *, principal: Principal = LOCAL, command: str = "look", **origin: Any) -> str:
    """The id of a call that asks the shop nothing."""
    options = CallOptions(use_mock=True) if command == "order" else CallOptions()
    params = {"path": "orders"} if command == "order" else {}
    recorded = await call(shop, command, params, principal=principal, options=options, **origin)
    return recorded.execution_id


async def call(
    shop: Shopping,
    command: str,
    params: dict[str, Any],
    *,
    principal: Principal = LOCAL,
    options: CallOptions | None = None,
    **origin: Any,
) -> Recorded:
    return await shop.runtime.carry_out(
        Call(
            principal=principal,
            target="shop",
            command=command,
            params=params,
            options=options or CallOptions(),
            origin=Origin(**origin),
        )
    )


FILTERS: dict[str, tuple[Any, Any]] = {
    "trigger": ("mcp", "api"),
    "chat_id": ("chat-1", "chat-2"),
    "tool_call_id": ("tool-1", "tool-2"),
    "run_id": ("run-1", "run-2"),
    "command": ("look", "order"),
}


async def test_filters_combine(shop: Shopping):
    """Q02: what is found meets all of them."""
    made: dict[str, dict[str, Any]] = {}
    for number, values in enumerate(itertools.product(*FILTERS.values())):
        origin = dict(zip(FILTERS, values, strict=True))
        made[await look(shop, step_id=f"step-{number}", **origin)] = origin
    executions = await executions_of(shop)

    for chosen in itertools.product(*[(None, *values) for values in FILTERS.values()]):
        asked = {name: value for name, value in zip(FILTERS, chosen, strict=True) if value is not None}
        page = await executions.list(LOCAL, limit=200, total=True, **asked)
        wanted = [made_id for made_id, origin in made.items() if asked.items() <= origin.items()]
        assert sorted(found.id for found in page.items) == sorted(wanted)
        assert page.total == len(wanted)


async def test_connector_status_caller_and_time_are_filters_too(shop: Shopping):
    """Q02: the questions of whoever looks for one call among many."""
    first = await look(shop, principal=ANN)
    with pytest.raises(JackfieldError):
        await call(shop, "look", {"item": 7}, principal=BOB)
    last = await look(shop)
    executions = await executions_of(shop)
    *_, oldest = (await executions.list(LOCAL)).items

    async def found(**asked: Any) -> int:
        return len((await executions.list(LOCAL, **asked)).items)

    assert [await found(connector=name) for name in ("shop", "default/shop", "other/shop", "desk")] == [3, 3, 0, 0]
    assert [await found(status=status) for status in ("COMPLETED", "FAILED", "RUNNING")] == [2, 1, 0]
    assert [await found(caller=caller) for caller in ("ann", "bob", "local", "eve")] == [1, 1, 1, 0]
    assert await found(connector="shop", status="FAILED", caller="ann") == 0
    assert [await found(since=oldest.started), await found(since=2**62)] == [3, 0]
    assert [await found(until=oldest.started), await found(until=2**62)] == [0, 3]
    assert oldest.id == first != last


async def test_pages_hold_every_execution_once_whatever_is_added_meanwhile(shop: Shopping):
    """Q02: newest first; what comes while somebody turns the pages does not shift them."""
    made = [await look(shop, chat_id="chat") for _ in range(7)]
    executions = await executions_of(shop)
    seen: list[str] = []
    cursor: str | None = None
    for _ in range(4):
        page = await executions.list(LOCAL, chat_id="chat", limit=2, cursor=cursor)
        seen += [found.id for found in page.items]
        cursor = page.cursor
        await look(shop, chat_id="chat")

    assert (set(seen), len(seen), cursor) == (set(made), 7, None)
    skipped = await executions.list(LOCAL, chat_id="chat", limit=3, offset=9)
    assert [found.id for found in skipped.items] == seen[5:]


@pytest.mark.parametrize("cursor", ["", "nonsense", "4711", "MTIzOg", "été"])
async def test_what_is_no_cursor_is_said_to_be_none(shop: Shopping, cursor: str):
    """To begin anew instead would show the first page for ever."""
    await look(shop)
    with pytest.raises(CursorInvalid):
        await (await executions_of(shop)).list(LOCAL, cursor=cursor)


async def test_a_call_is_shown_with_all_that_was_called_on_its_way(shop: Shopping):
    """Q03: from any execution downwards, oldest first."""
    root = await look(shop, trigger="agent")
    child = await look(shop, parent_id=root, tool_call_id="tool-1")
    await look(shop)
    grandchild = await look(shop, parent_id=child)
    other = await look(shop, parent_id=root)
    executions = await executions_of(shop)

    async def shown(wanted: str) -> list[tuple[str, str | None]]:
        return [(found.id, found.parent_id) for found in await executions.tree(LOCAL, wanted)]

    assert sorted(await shown(root)) == sorted([(root, None), (child, root), (grandchild, child), (other, root)])
    assert await shown(child) == [(child, root), (grandchild, child)]
    assert (await shown(root))[0] == (root, None)


async def test_what_others_called_is_not_there(shop: Shopping):
    """Q07: neither a user's to another one, nor a tenant's to an administrator of another one."""
    anns = await look(shop, principal=ANN)
    executions = await executions_of(shop)

    assert (await executions.get(ANN, anns)).id == (await executions.get(LOCAL, anns)).id == anns
    for stranger in (BOB, EVE):
        with pytest.raises(UnknownExecution):
            await executions.get(stranger, anns)
        with pytest.raises(UnknownExecution):
            await executions.tree(stranger, anns)
        for asked in ({}, {"caller": "ann"}, {"connector": "default/shop"}):
            page = await executions.list(stranger, total=True, **asked)
            assert (page.items, page.total) == ([], 0)


async def test_what_is_called_below_anothers_call_does_not_show_that_one(shop: Shopping):
    """Q07: a parent's id is no key to it, nor to what others called below it."""
    anns = await look(shop, principal=ANN)
    bobs = await look(shop, principal=BOB, parent_id=anns)
    executions = await executions_of(shop)

    with pytest.raises(UnknownExecution):
        await executions.tree(BOB, anns)
    assert [found.id for found in await executions.tree(BOB, bobs)] == [bobs]
    assert [found.id for found in await executions.tree(ANN, anns)] == [anns]
    assert len(await executions.tree(LOCAL, anns)) == 2


async def test_a_token_that_only_calls_sees_nothing(shop: Shopping):
    """N06: reading is another scope."""
    caller = Principal(user="ann", scopes=frozenset({"execute"}))
    made = await look(shop, principal=caller)
    executions = await executions_of(shop)

    for asking in (executions.get(caller, made), executions.tree(caller, made), executions.list(caller)):
        with pytest.raises(JackfieldError) as caught:
            await asking
        assert caught.value.code == "scope-missing"


@pytest.mark.parametrize(
    ("code", "asked"),
    [
        ("invalid-params", {"params": {"item": 7}}),
        ("scope-missing", {"principal": READER}),
        ("option-not-supported", {"options": CallOptions(plan=True)}),
        ("mock-missing", {"options": CallOptions(scenario="empty")}),
    ],
)
async def test_a_call_that_is_refused_is_recorded_with_its_code(shop: Shopping, code: str, asked: dict[str, Any]):
    """Q01: what was tried, by whom, and why it did not happen."""
    with pytest.raises(JackfieldError) as caught:
        await call(shop, "look", **({"params": {}} | asked))
    (kept,) = await shop.kept()

    assert (kept.status, kept.error_code, kept.outcome["code"]) == ("FAILED", code, code)
    assert kept.outcome["detail"] == caught.value.message
    assert kept.caller == asked.get("principal", LOCAL).id
    assert shop.service.asked == []


async def test_a_call_to_a_connector_that_is_switched_off_is_recorded(shop: Shopping):
    """Q01, A12."""
    shop.runtime.base.change_connector("default/shop", tenant="default", enabled=False)
    with pytest.raises(JackfieldError):
        await shop.order()
    (kept,) = await shop.kept()

    assert (kept.status, kept.error_code) == ("FAILED", "connector-disabled")
    assert shop.service.asked == []


async def test_calls_that_are_made_at_once_are_all_kept(shop: Shopping):
    """Group commit: many rows, one commit, no row of it lost or doubled."""
    made = await asyncio.gather(*[look(shop) for _ in range(100)])
    page = await (await executions_of(shop)).list(LOCAL, limit=200, total=True)

    assert page.total == 100
    assert sorted(found.id for found in page.items) == sorted(made)


async def test_a_step_of_a_run_is_recorded_once(shop: Shopping):
    """The row is the journal entry of the step: two would leave open which one counts."""
    step: dict[str, Any] = {"run_id": "run-1", "step_id": "step-1"}
    first = await look(shop, **step)
    with pytest.raises(StepRecorded):
        await look(shop, **step)
    others = [await look(shop, **step, **more) for more in ({"attempt": 2}, {"generation": 1}, {"iteration": "0"})]

    assert [kept.id for kept in await shop.kept()] == [first, *others]
