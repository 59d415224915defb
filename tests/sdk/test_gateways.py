"""Gateways and tools from Python: the same in one's own process and with a server."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from jackfield import Jackfield
from jackfield.access.errors import GatewayDisabled, GatewayTokenMisplaced
from jackfield.agents.choice import EVERYTHING, Choice, ChosenConnector, ParamRule, ResultRule, ToolRule
from jackfield.agents.describing import Lookup
from jackfield.agents.errors import UnknownTool
from jackfield.agents.finding import Query
from jackfield.agents.tool import ToolContext
from jackfield.definition.errors import InvalidParams
from jackfield.manage.errors import UnknownGateway
from jackfield.settings import Settings
from jackfield.storage.errors import RevisionConflict
from surfaces.kept import KEY
from surfaces.served import ADMIN_TOKEN, served

DESK = """
from jackfield import Connector, command, succeed

class Desk(Connector, name="desk"):
    \"\"\"A desk.\"\"\"

    @command(reads_only=True)
    async def find(self, text: str, queue: str = "all", limit: int = 10):
        \"\"\"Find items.\"\"\"
        return succeed([{"id": n, "text": text, "queue": queue} for n in range(limit)])

    @command
    async def close_item(self, id: int):
        \"\"\"Close one.\"\"\"
        return succeed({"closed": id})
"""

FIND = ToolRule(params={"queue": ParamRule(value="{{ team }}")}, result=ResultRule(fields=("id", "queue")))
CHOICE = Choice(connectors=(ChosenConnector(connector="desk", commands=("find",), rules={"find": FIND}),))


def settings(folder: Path, database: str) -> Settings:
    (folder / "connectors").mkdir(exist_ok=True)
    (folder / "connectors" / "desk.py").write_text(DESK)
    return Settings(
        data=folder,
        database_url=database,
        key=KEY,
        admin_token=ADMIN_TOKEN,
        port=0,
        connectors=(folder / "connectors",),
    )


@pytest.fixture(params=["here", "at a server"])
def jf(request, sqlite_template: Path, tmp_path: Path) -> Iterator[Jackfield]:
    database = f"sqlite:///{shutil.copy(sqlite_template, tmp_path / 'jackfield.db')}"
    given = settings(tmp_path, database)
    if request.param == "here":
        with Jackfield(types=[], settings=given) as made:
            made.add({"name": "desk", "type": "desk"})
            yield made
    else:
        with served(given) as started, Jackfield(url=started.url, token=ADMIN_TOKEN) as made:
            made.add({"name": "desk", "type": "desk"})
            yield made


def test_a_gateway_is_made_opened_changed_and_deleted(jf: Jackfield):
    """N03."""
    choice = {"connectors": [{"connector": "desk", "operations": ["find"]}]}
    made = jf.manage.gateways.create({"name": "helpDesk", "title": "Help desk", "choice": choice, "characters": 700})
    opened = jf.manage.gateways.open("help-desk")
    changed = jf.manage.gateways.update("HELP_DESK", {"instructions": "Be brief."}, revision=made.revision)

    assert jf.manage.gateways.get(made.id) == changed
    assert jf.manage.gateways.list() == [changed]
    assert (opened.id, opened.title, opened.mode, opened.characters) == (made.id, "Help desk", "auto", 700)
    assert opened.choice == Choice(connectors=(ChosenConnector(connector="desk", commands=("find",)),))
    assert (changed.instructions, changed.revision) == ("Be brief.", 2)
    with pytest.raises(RevisionConflict):
        jf.manage.gateways.update("helpDesk", {"title": "x"}, revision=1)
    with pytest.raises(InvalidParams, match="no command `fnd`; did you mean `find`"):
        jf.manage.gateways.update("helpDesk", {"choice": [{"connector": "desk", "operations": ["fnd"]}]})
    jf.manage.gateways.update("helpDesk", {"enabled": False})
    with pytest.raises(GatewayDisabled):
        jf.manage.gateways.open("helpDesk")
    jf.manage.gateways.delete("helpDesk")
    with pytest.raises(UnknownGateway):
        jf.manage.gateways.open("helpDesk")


def test_a_gateways_token_counts_for_nothing_here(jf: Jackfield):
    """Not even through the SDK that made it."""
    jf.manage.gateways.create({"name": "help"})
    made = jf.manage.gateways.create_token("help", name="assistant", scopes=["read"], expires_in_s=60)

    assert (made.token.gateway, list(made.token.scopes)) == ("help", ["read"])
    assert made.token in jf.manage.tokens.list()
    assert jf.manage.gateways.tokens("HELP") == [made.token]
    assert jf.manage.tokens.revoke(made.token.id).gateway == "help"


def test_tools_are_listed_as_models_see_them(jf: Jackfield):
    """What is settled is not among them; what they cost is the same everywhere."""
    (tool,) = jf.manage.tools.list(choice=CHOICE).tools
    everything = jf.manage.tools.list(choice=EVERYTHING)

    assert (tool.name, tool.connector, tool.command, tool.risk) == ("desk__find", "default/desk", "find", "read")
    assert {*tool.input_schema["properties"]} == {"text", "limit"}
    assert tool.cost.tokens > 20
    assert jf.manage.tools.get("desk__find", choice=CHOICE).input_schema == tool.input_schema
    assert {*jf.manage.tools.get("desk__find").input_schema["properties"]} == {"text", "limit", "queue"}
    assert {one.name for one in everything.tools} >= {"desk__find", "desk__close_item"}
    assert [one.name for one in jf.manage.tools.list(choice=Choice(reads_only=True)).tools if "desk" in one.name] == [
        "desk__find"
    ]
    assert isinstance(jf.manage.tools.version(), int)
    with pytest.raises(UnknownTool, match="desk__close_item"):
        jf.manage.tools.get("desk__close_item", choice=CHOICE)


def test_tools_are_found_and_described(jf: Jackfield):
    """Whole, as they are listed."""
    (hit,) = jf.manage.tools.search(Query(text="find items", limit=1, risk=["read"]), choice=CHOICE)
    (described,) = jf.manage.tools.describe([Lookup(connector="desk", command="find")])

    assert hit.tool.input_schema == jf.manage.tools.get("desk__find", choice=CHOICE).input_schema
    assert (hit.tool.name, hit.score > 0, hit.connected) == ("desk__find", True, True)
    assert jf.manage.tools.search(Query(text="find", connector=["default/other"])) == []
    assert described[0].connector == "default/desk"


def test_what_cannot_be_offered_is_told(jf: Jackfield):
    """As the error that it is."""
    found = jf.manage.tools.list(choice=Choice(connectors=(ChosenConnector(connector="dsk"),)))

    assert found.tools == []
    assert [(each.code, "`dsk`" in each.message) for each in found.problems] == [("unknown-connector", True)]


def test_what_is_locked_wins_wherever_it_is_called(jf: Jackfield):
    """M04. The model is told that it has no say in it."""
    context = ToolContext(variables={"team": "blue"}, chat_id="chat-1", call_id="call_1")
    result = jf.manage.tools.call(
        "desk__find", {"text": "x", "queue": "red", "limit": 2}, choice=CHOICE, context=context
    )
    wrong = jf.manage.tools.call("desk__find", {"text": "x", "limit": "many"}, choice=CHOICE, context=context)
    entry = jf.manage.audit.list(action="tool.locked_param").items[0]

    assert result.text.startswith('[{"id":0,"queue":"blue"},{"id":1,"queue":"blue"}]')
    assert (result.ignored, result.call_id, result.failed) == (("queue",), "call_1", False)
    assert jf.manage.executions.get(result.execution_id).trigger == "agent"
    assert (wrong.failed, wrong.code, wrong.execution_id) == (True, "invalid-params", "")
    assert (entry.verdict, entry.details["command"]) == ("denied", "find")


def test_the_rest_of_a_result_is_asked_for(jf: Jackfield):
    """M09: by the id of the call, in the same conversation."""
    context = ToolContext(chat_id="chat-1", call_id="call_2")
    first = jf.manage.tools.call("desk__find", {"text": "y" * 40, "limit": 50}, context=context, characters=900)
    rest = jf.manage.tools.retrieve("call_2", chat_id="chat-1", fields=("id",), start=40)

    assert first.shortened
    assert len(first.text) <= 900
    assert (
        rest.text
        == '[{"id":40},{"id":41},{"id":42},{"id":43},{"id":44},{"id":45},{"id":46},{"id":47},{"id":48},{"id":49}]'
    )
    assert jf.manage.tools.retrieve("call_2", chat_id="chat-2").code == "unknown-tool-result"
    assert jf.manage.tools.retrieve("call_2", chat_id="chat-1", fields=("nothing",)).code == "unknown-result-field"


def test_a_token_of_a_gateway_is_refused_by_the_server(sqlite_template: Path, tmp_path: Path):
    """And in a process of one's own."""
    database = f"sqlite:///{shutil.copy(sqlite_template, tmp_path / 'jackfield.db')}"
    given = settings(tmp_path, database)

    def tries(jf: Jackfield) -> list[Callable[[], object]]:
        manage = jf.manage
        return [
            manage.tools.list,
            manage.gateways.list,
            manage.connectors.list,
            lambda: jf.connector("desk", "find", {"text": "x"}),
            lambda: manage.gateways.create({"name": "mine"}),
            lambda: manage.tokens.create(name="more"),
        ]

    with served(given) as started:
        with Jackfield(url=started.url, token=ADMIN_TOKEN) as owner:
            owner.manage.gateways.create({"name": "help"})
            text = owner.manage.gateways.create_token("help", name="assistant").text
        with Jackfield(url=started.url, token=text) as stranger:
            for attempt in tries(stranger):
                with pytest.raises(GatewayTokenMisplaced):
                    attempt()
