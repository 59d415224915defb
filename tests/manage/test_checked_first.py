"""Definitions are read, compared and checked before the transaction that stores them."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import pytest

from jackfield.definition.errors import InvalidDefinition
from jackfield.definition.model import ConnectorDefinition
from jackfield.manage.connectors import Connectors
from jackfield.manage.types import Types
from jackfield.storage.database import Database
from jackfield.storage.errors import RevisionConflict
from manage.desk import DESK, FEWER, process, sealer_of, types_in
from manage.people import ANN, BOB

RENAMED = [{"name": "find_tickets", "method": "GET", "path": "/tickets"}]
GET_TICKET = DESK["operations"][1]

Both = Mapping[str, Any]

Then = Callable[[ConnectorDefinition], Awaitable[None]]


class Judge:
    """Checks as a sandbox does: with something to wait for."""

    def __init__(self) -> None:
        self.seen: list[list[str]] = []
        self.meanwhile: list[Then] = []

    async def __call__(self, definition: ConnectorDefinition) -> None:
        self.seen.append(list(definition.commands))
        await asyncio.sleep(0)
        if self.meanwhile:
            await self.meanwhile.pop(0)(definition)


@pytest.fixture
def judge() -> Judge:
    return Judge()


@pytest.fixture
def types(world: Database, judge: Judge) -> Types:
    return Types(world, process(), judge)


@pytest.fixture
def connectors(world: Database, judge: Judge) -> Connectors:
    return Connectors(world, process(), sealer_of(), judge)


@pytest.fixture
def both(types: Types, connectors: Connectors) -> Both:
    return {"types": types, "connectors": connectors}


def writes(world: Database, done: list[str]) -> Then:
    """What can only end while no transaction is open: there is one writer."""

    async def work(definition: ConnectorDefinition) -> None:
        await asyncio.wait_for(world.write(lambda connection: done.append(definition.name)), 10)

    return work


async def refuse(definition: ConnectorDefinition) -> None:
    raise InvalidDefinition(f"`{definition.name}` cannot be run", hint="mend it")


async def test_others_write_while_a_definition_is_checked(types, connectors, world, judge):
    """A script is looked at in another process: nobody waits for that but its author."""
    done: list[str] = []
    judge.meanwhile = [writes(world, done) for _ in range(4)]
    await types.create(ANN, DESK)
    await types.update(ANN, "desk", {"operations": FEWER, "autoBump": True})
    await connectors.create(ANN, DESK | {"name": "mine"})
    await connectors.update(ANN, "mine", {"operations": FEWER})

    assert done == ["desk", "desk", "mine", "mine"]
    assert judge.seen == [["list_tickets", "get_ticket"], ["list_tickets"]] * 2


@pytest.mark.parametrize("verb", ["create", "update"])
@pytest.mark.parametrize("what", ["types", "connectors"])
async def test_what_the_check_refuses_is_not_kept(both, judge, what: str, verb: str):
    """However long it took to tell."""
    manage = both[what]
    if verb == "update":
        await manage.create(ANN, DESK)
    judge.meanwhile = [refuse]
    with pytest.raises(InvalidDefinition, match="cannot be run"):
        if verb == "create":
            await manage.create(ANN, DESK)
        else:
            await manage.update(ANN, "desk", {"operations": FEWER, "autoBump": True})
    shown = [info.name for info in await manage.list(ANN)]

    assert ("desk" in shown) is (verb == "update")
    if what == "types" and verb == "update":
        assert (await manage.get(ANN, "desk")).type.version == "1.0.0"


@pytest.mark.parametrize("what", ["types", "connectors"])
async def test_a_change_is_laid_over_what_is_there_when_it_is_stored(both, world, judge, what: str):
    """Two write at once. The second is laid over what the first has made, and checked again: nothing is lost."""
    manage = both[what]
    await manage.create(ANN, DESK)
    kinds = types_in(world)

    async def overtake(_: ConnectorDefinition) -> None:
        await kinds.update(ANN, "desk", {"displayName": "Desk of Ann", "auth": {"type": "basic", "secret": "DESK"}})

    judge.meanwhile = [overtake]
    judge.seen.clear()
    await manage.update(ANN, "desk", {"operations": RENAMED, "autoBump": True})
    found = await kinds.get(ANN, "desk")

    assert judge.seen == [["find_tickets"], ["find_tickets"]]
    assert list(found.definition["configSchema"]["commands"]) == ["find_tickets"]
    assert found.definition["auth"]["type"] == "basic"
    assert [version.version for version in found.versions] == ["1.0.0", "1.0.1", "2.0.0"]


@pytest.mark.parametrize("what", ["types", "connectors"])
async def test_of_two_changes_of_one_revision_one_is_refused(both, world, judge, what: str):
    """Whoever says what they have seen is told when it is no longer so, also while their definition is checked."""
    manage = both[what]
    await manage.create(ANN, DESK)
    mine = await manage.get(ANN, "desk")
    revision = (mine.type if what == "types" else mine).revision

    async def overtake(_: ConnectorDefinition) -> None:
        await manage.update(ANN, "desk", {"displayName": "Other"}, revision=revision)

    judge.meanwhile = [overtake]
    with pytest.raises(RevisionConflict):
        await manage.update(ANN, "desk", {"operations": FEWER, "autoBump": True}, revision=revision)
    found = await types_in(world).get(ANN, "desk")

    assert list(found.definition["configSchema"]["commands"]) == ["list_tickets", "get_ticket"]


async def test_who_is_overtaken_again_and_again_is_told(types, world, judge):
    """Rather than to try for ever."""
    await types.create(ANN, DESK)
    count = iter(range(100))

    async def overtake(_: ConnectorDefinition) -> None:
        await types_in(world).update(ANN, "desk", {"description": f"Number {next(count)}."})

    judge.meanwhile = [overtake] * 20
    with pytest.raises(RevisionConflict):
        await types.update(ANN, "desk", {"operations": FEWER, "autoBump": True})


async def test_a_type_that_is_made_anew_meanwhile_is_another(types, connectors, world, judge):
    """The same name, the same version: a change of the one is not stored as one of the other."""
    await types.create(ANN, DESK)

    async def replaced(_: ConnectorDefinition) -> None:
        await types_in(world).delete(ANN, "desk")
        await types_in(world).create(ANN, DESK | {"operations": [GET_TICKET]})

    judge.meanwhile = [replaced]
    judge.seen.clear()
    await types.update(ANN, "desk", {"operations": FEWER, "autoBump": True})
    found = await types_in(world).get(ANN, "desk")

    assert len(judge.seen) == 2
    assert [version.version for version in found.versions] == ["1.0.0", "2.0.0"]


async def test_many_changes_at_once_are_all_there(types, connectors, world):
    """Each a version of its own."""
    await connectors.create(ANN, DESK)
    fields = [DESK["connectionConfig"] | {f"field{index}": {"type": "string"}} for index in range(4)]
    changed = await asyncio.gather(
        *(connectors.update(ANN, "desk", {"connectionConfig": each}) for each in fields), return_exceptions=True
    )
    won = [each for each in changed if not isinstance(each, BaseException)]
    found = await types_in(world).get(ANN, "desk")

    assert won
    assert all(isinstance(each, RevisionConflict) for each in changed if isinstance(each, BaseException))
    assert len(found.versions) == 1 + len(won)


async def test_who_may_not_change_it_has_nothing_read(types, world, judge):
    """A definition is looked at for who may keep it."""
    await types.create(ANN, DESK)
    judge.seen.clear()
    with pytest.raises(Exception, match="desk"):
        await types.update(BOB, "desk", {"operations": FEWER, "autoBump": True})

    assert judge.seen == []


async def test_documents_are_read_beside_the_event_loop(types, monkeypatch):
    """A large one takes a while, in which calls go on."""
    from jackfield.registry import definitions

    seen: list[Any] = []
    whole = definitions.said_model

    def told(values: Any) -> Any:
        seen.append(threading.current_thread())
        return whole(values)

    monkeypatch.setattr(definitions, "said_model", told)
    await types.create(ANN, DESK)
    await types.update(ANN, "desk", {"operations": FEWER, "autoBump": True})

    assert seen
    assert threading.main_thread() not in seen
