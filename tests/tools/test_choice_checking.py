"""What a choice names has to be there."""

from __future__ import annotations

import pytest

from jackfield.agents.choice import EVERYTHING, Choice, ChosenConnector, ParamRule, ToolRule
from jackfield.agents.choice_checking import check_choice
from jackfield.agents.errors import ToolNameTaken
from jackfield.definition.errors import InvalidParams
from jackfield.definition.model import ConnectorDefinition
from jackfield.registry.catalogue import ConfiguredConnector, ConnectorType, MemoryCatalogue
from jackfield.registry.environments import Environment
from tools.making import command


def made(*, enabled: bool = True) -> MemoryCatalogue:
    """It has one connector, `default/help`."""
    params = {"type": "object", "properties": {"text": {"type": "string"}}, "additionalProperties": False}
    commands = {name: command(name, params=params) for name in ("find", "show")}
    found = MemoryCatalogue()
    found.add_type(ConnectorType(definition=ConnectorDefinition(name="desk", commands=commands), enabled=enabled))
    environments = {"staging": Environment()}
    found.add_connector(
        ConfiguredConnector(id="1", tenant="default", name="help", type="desk", environments=environments)
    )
    return found


@pytest.fixture
def catalogue() -> MemoryCatalogue:
    return made()


def check(catalogue, *chosen: ChosenConnector) -> None:
    check_choice(Choice(connectors=chosen), catalogue, tenant="default", what="the gateway")


def faults(caught) -> list[str]:
    return [fault["pointer"] for fault in caught.value.details["errors"]]


def test_what_is_there_may_be_chosen(catalogue):
    """In any case style, and with what is settled."""
    rule = ToolRule(params={"TEXT": ParamRule(value="x")}, fields=())

    check(catalogue, ChosenConnector(connector="Help", commands=("FIND",), rules={"Find": rule}))
    check_choice(EVERYTHING, catalogue, tenant="default", what="the gateway")


def test_all_that_is_not_there_is_told_at_once(catalogue):
    """With its place, and what was meant."""
    with pytest.raises(InvalidParams) as caught:
        check(
            catalogue,
            ChosenConnector(connector="halp"),
            ChosenConnector(
                connector="help",
                commands=("find", "shwo"),
                rules={"find": ToolRule(params={"txt": ParamRule(value=1)}), "fnd": ToolRule()},
            ),
        )

    assert faults(caught) == [
        "/choice/connectors/0/connector",
        "/choice/connectors/1/operations/1",
        "/choice/connectors/1/tools/find",
        "/choice/connectors/1/tools/fnd",
    ]
    assert "did you mean `default/help`?" in caught.value.message
    assert "did you mean `show`?" in caught.value.message
    assert "`txt` is no param of `default/help.find`" in caught.value.message


def test_an_environment_is_one_of_the_connector(catalogue):
    """K11: what was to be kept to staging is not, after a slip."""
    check(catalogue, ChosenConnector(connector="help", environment="Staging"))
    with pytest.raises(InvalidParams, match="did you mean `staging`") as caught:
        check(catalogue, ChosenConnector(connector="help", environment="stagin"))

    assert faults(caught) == ["/choice/connectors/0/environment"]


def test_another_tenants_connectors_are_not_there(catalogue):
    """Nor is it told that they are."""
    with pytest.raises(InvalidParams) as caught:
        check_choice(
            Choice(connectors=(ChosenConnector(connector="help"),)), catalogue, tenant="other", what="the gateway"
        )

    assert "`help`" not in caught.value.hint
    assert faults(caught) == ["/choice/connectors/0/connector"]


def test_two_tools_of_one_name_are_refused(catalogue):
    """A model could not tell them apart."""
    rules = {"find": ToolRule(name="look"), "show": ToolRule(name="look")}
    with pytest.raises(ToolNameTaken):
        check(catalogue, ChosenConnector(connector="help", rules=rules))


def test_what_is_switched_off_counts_as_there():
    """It may be switched on again."""
    check(made(enabled=False), ChosenConnector(connector="help", commands=("find",)))
