"""The params that a model is shown."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jackfield.agents.errors import InvalidChoice
from tools.making import STRING, tool


def shown(rule: Any = None, **described: Any) -> dict[str, Any]:
    return dict(tool(rule, **described).input_schema)


def test_a_locked_param_is_not_in_the_schema():
    """M04: what a model does not see it does not try."""
    schema = shown({"parameters": {"channel": "general"}})

    assert list(schema["properties"]) == ["limit", "api-key"]
    assert "required" not in schema


def test_a_locked_param_is_found_in_any_case_style():
    """M04: `apiKey` in a file of settings must not leave `api-key` open."""
    assert list(shown({"parameters": {"apiKey": "k"}})["properties"]) == ["channel", "limit"]


def test_a_default_is_shown_and_no_longer_required():
    """M05."""
    schema = shown({"parameters": {"channel": {"value": "general", "locked": False}}})

    assert schema["properties"]["channel"] == {"type": "string", "default": "general"}
    assert "required" not in schema


def test_a_default_that_is_a_template_is_not_shown():
    """M06: a model must never read literal braces."""
    schema = shown({"parameters": {"channel": {"value": "{{ team }}", "locked": False}}})

    assert schema["properties"]["channel"] == STRING


def test_only_the_fields_of_the_model_are_shown():
    """M07."""
    assert list(shown({"fields": ["limit"]})["properties"]) == ["limit"]


def test_the_description_for_the_model_replaces_the_other():
    """M07."""
    assert tool({"description": "Read the news."}, description="Lists.").description == "Read the news."
    assert tool(description="Lists.").description == "Lists."


def test_a_rule_for_a_param_that_there_is_not_is_refused():
    """A misspelt lock would protect nothing."""
    with pytest.raises(InvalidChoice, match=r"`chanel` is no param of `default/acme\.list_messages`"):
        tool({"parameters": {"chanel": "general"}})


@pytest.mark.parametrize("model", ["built_in", "openapi"])
def test_the_top_is_an_object_and_nothing_else(model: str):
    """M01: OpenAI and Anthropic refuse a choice at the top. It is still checked when the command is called."""
    params = {"type": "object", "properties": {"a": STRING}, "oneOf": [{"required": ["a"]}], "not": {"required": ["b"]}}

    assert shown(params=params, model=model) == {"type": "object", "properties": {"a": STRING}}


@given(st.lists(st.text(min_size=1, max_size=80), unique_by=lambda name: re.sub(r"[-_\s]", "", name).lower()))
def test_every_name_of_a_param_is_one_that_models_take(names: list[str]):
    """M01: Anthropic takes no others, and each must lead back to its own."""
    of = tool(params={"type": "object", "properties": {name: {"const": name} for name in names}})

    for name, schema in of.input_schema["properties"].items():
        assert re.fullmatch(r"[A-Za-z0-9_-]{1,64}", name)
        assert of.renamed.get(name, name) in names
        assert schema.get("const", schema.get("enum")) is not None
    assert len(of.input_schema["properties"]) == len(names)


def test_a_mock_can_be_asked_for_where_the_host_says_so():
    """M12: and where the command has a param of that name, both are there."""
    params = {"type": "object", "properties": {"useMock": STRING}}

    assert tool({"mock": True}).mock_param == "useMock"
    assert shown({"mock": True})["properties"]["useMock"]["type"] == "boolean"
    assert "useMock" not in shown()["properties"]
    assert tool({"mock": True}, params=params).mock_param not in {"", "useMock"}


def test_definitions_are_shared_and_none_is_left_over():
    """Each call that a model plans pays for the schema again."""
    place = {"type": "object", "properties": {"street": STRING, "city": STRING, "country": STRING, "code": STRING}}
    params = {
        "type": "object",
        "properties": {
            "from": {"$ref": "#/$defs/Place"},
            "to": {"$ref": "#/$defs/Place"},
            "gone": {"$ref": "#/$defs/X"},
        },
        "$defs": {"Place": place, "X": {"type": "object", "properties": {"x": STRING}}},
    }
    schema = shown({"fields": ["from", "to"]}, params=params)

    assert list(schema["$defs"]) == ["Place"]
    assert schema["properties"]["from"] == schema["properties"]["to"] == {"$ref": "#/$defs/Place"}


FLUXTURN = {
    "type": "object",
    "properties": {
        "to": {"type": "string", "description": "To.", "aiControlled": True, "aiDescription": "Who gets it."},
        "from": {"type": "string", "aiControlled": False},
        "track": {"type": "boolean", "inputType": "switch"},
    },
    "required": ["to", "from"],
}


def test_only_what_is_marked_as_a_model_s_is_shown():
    """M07: as FluxTurn's definitions say it, with the words that are for models."""
    assert shown(params=FLUXTURN) == {
        "type": "object",
        "properties": {"to": {"type": "string", "description": "Who gets it."}},
        "required": ["to"],
    }


def test_the_host_may_show_others_than_the_author():
    """What it says of this use wins."""
    assert list(shown({"fields": ["to", "track"]}, params=FLUXTURN)["properties"]) == ["to", "track"]
    assert shown({"fields": ["track"]}, params=FLUXTURN)["properties"]["track"] == {"type": "boolean"}


def test_the_words_for_models_are_read():
    """M07: of the whole command."""
    assert tool(ai_description="For you.", description="For all.").description == "For you."
    assert tool({"description": "Mine."}, ai_description="For you.").description == "Mine."
