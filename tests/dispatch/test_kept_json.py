"""A call is recorded whatever it was given, and whatever came back."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jackfield import Connector, Outcome, fail, succeed
from jackfield import command as a_command
from jackfield.access.errors import ScopeMissing
from jackfield.access.principal import LOCAL
from jackfield.app.embedded import Embedded
from jackfield.dispatch.call import Call, CallOptions
from jackfield.dispatch.kept_json import DEEPER, kept_json
from jackfield.settings import Settings

HALF = "half a \ud83d"
SPELT = "half a \\ud83d"


def nested(depth: int) -> dict[str, Any]:
    value: dict[str, Any] = {}
    for _ in range(depth):
        value = {"in": value}
    return value


ODD: dict[str, Any] = {
    "half a character": {"text": HALF},
    "half of one in a name": {"of": {HALF: 1}},
    "a number beyond 64 bits": {"of": {"number": 2**70}},
    "a name that is a number": {"of": {1: 2}},
    "bytes": {"of": {"raw": b"\xff"}},
    "not a number": {"of": {"number": float("nan")}},
    "deep": {"of": nested(300)},
    "very deep": {"of": nested(50_000)},
}


class Odd(Connector, name="odd-values"):
    """Takes and answers anything."""

    @a_command
    async def write(self, text: str = "", of: dict[Any, Any] | None = None) -> Outcome:
        """Write."""
        return succeed({"done": True})

    @a_command(reads_only=True)
    async def read(self, text: str = "", of: dict[Any, Any] | None = None) -> Outcome:
        """Read."""
        return succeed({"done": True})

    @a_command
    async def refuse(self) -> Outcome:
        """Refuse."""
        return fail(f"no: {HALF}", code=HALF)

    @a_command
    async def break_down(self) -> Outcome:
        """Break down."""
        raise OSError(f"no such file: {HALF}")


@pytest.fixture
async def runtime(tmp_path) -> AsyncIterator[Embedded]:
    made = Embedded(Settings(data=tmp_path / "data"), types=[Odd])
    yield made
    await made.close()


def call(command: str, params: dict[str, Any] | None = None, **given: Any) -> Call:
    given = {"principal": LOCAL, "options": CallOptions(idempotency_key="key")} | given
    return Call(target="odd-values", command=command, params=params or {}, **given)


async def statuses(runtime: Embedded) -> list[str]:
    return [view.status for view in (await (await runtime.open()).executions.list(LOCAL)).items]


@pytest.mark.parametrize("command", ["write", "read"])
@pytest.mark.parametrize("params", ODD.values(), ids=list(ODD))
async def test_odd_params_are_recorded(runtime: Embedded, command: str, params: dict[str, Any]):
    """A command may be able to do something with them; what was done and cannot be found is worse."""
    first, second = await runtime.run(call(command, params)), await runtime.run(call(command, params))

    assert (first.success, second.success) == (True, True)
    assert second.metadata.get("replayed", False) is (command == "write")
    assert set(await statuses(runtime)) == {"COMPLETED"}


@pytest.mark.parametrize(
    ("command", "said"),
    [("refuse", f"no: {SPELT}"), ("break_down", f"no such file: {SPELT}")],
    ids=["fail", "raise"],
)
async def test_odd_words_of_a_command_are_its_outcome(runtime: Embedded, command: str, said: str):
    """Of a write: it was carried out, and its claim must not stay open for as long as the process lives."""
    first, second = await runtime.run(call(command)), await runtime.run(call(command))

    assert (first.error, second.error) == (said, said)
    assert second.metadata["replayed"] is True
    assert await statuses(runtime) == ["FAILED"]


@pytest.mark.parametrize("params", ODD.values(), ids=list(ODD))
async def test_odd_params_hide_no_attempt_from_the_audit_log(runtime: Embedded, params: dict[str, Any]):
    """Nobody tries unseen what they may not do."""
    with pytest.raises(ScopeMissing):
        await runtime.run(call("write", params, principal=replace(LOCAL, scopes=frozenset({"read"}))))

    assert await statuses(runtime) == ["FAILED"]
    entries = (await (await runtime.open()).audit.list(LOCAL, verdict="denied")).items
    assert [entry.action for entry in entries] == ["connector.call"]


@pytest.mark.parametrize("target", ["odd-values", "nothing-of-that-name"])
async def test_a_caller_who_may_not_call_is_not_told_what_there_is(runtime: Embedded, target: str):
    """An error that lists connectors would be a list for those who may neither read nor call. The attempt is kept."""
    nobody = replace(LOCAL, scopes=frozenset())
    with pytest.raises(ScopeMissing) as raised:
        await runtime.run(Call(principal=nobody, target=target, command="nothing"))

    assert "odd-values" not in f"{raised.value} {raised.value.hint} {raised.value.details} {raised.value.__cause__}"
    (entry,) = (await (await runtime.open()).audit.list(LOCAL, verdict="denied")).items
    assert (entry.action, entry.resource_id) == ("connector.call", target)


@pytest.mark.parametrize("verb", ["list", "get", "tree"])
async def test_who_may_not_see_executions_has_tried_so_in_the_audit_log(runtime: Embedded, verb: str):
    """As with everything else."""
    resources = await runtime.open()
    with pytest.raises(ScopeMissing):
        await getattr(resources.executions, verb)(
            replace(LOCAL, scopes=frozenset({"execute"})), *(["some-id"] if verb != "list" else [])
        )

    (entry,) = (await resources.audit.list(LOCAL, verdict="denied")).items
    assert entry.action == f"execution.{verb}"


async def test_of_huge_params_the_beginning_is_kept(runtime: Embedded):
    """A list reads the params of all its rows; a few calls must not fill the memory of whoever looks at it."""
    outcome = await runtime.run(call("read", {"text": "x" * 1_000_000}))
    (view,) = (await (await runtime.open()).executions.list(LOCAL)).items

    assert outcome.success
    assert view.params["truncated"] is True
    assert view.params["bytes"] > 1_000_000
    assert len(view.params["preview"]) == 16 * 1024


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(categories=["L", "Cs"])),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(st.characters(categories=["L", "Cs"])), inner),
)


@given(anything)
def test_anything_has_a_form_that_can_be_read_again(value: Any):
    """What is kept is read as JSON."""
    orjson.loads(kept_json(value))


def test_what_cannot_be_kept_as_it_is_is_kept_as_text():
    """People who look for it find it."""
    shown = orjson.loads(kept_json({"a": HALF, "b": 2**70, 3: b"x", "d": (1, True, None, 2.5)}))

    assert shown == {"a": SPELT, "b": str(2**70), "3": "b'x'", "d": [1, True, None, 2.5]}
    assert DEEPER.encode() in kept_json(nested(300))
