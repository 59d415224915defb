"""Checking params: every fault at once, defaults, spellings, and nothing that a schema or a value could do to us."""

from __future__ import annotations

import copy
import datetime
import json
import threading
from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jackfield import InvalidParams
from jackfield.definition.errors import InvalidSchema
from jackfield.definition.sensitive import is_secret
from jackfield.definition.validation import ObjectValidator, faults_of
from servers import Answer, serve

LOGIN = {
    "type": "object",
    "properties": {"user": {"type": "string"}, "password": {"type": "string", "format": "password", "writeOnly": True}},
}


def closed(properties, *, required=(), **more):
    schema = {"type": "object", "properties": properties, "additionalProperties": False, **more}
    return ObjectValidator(schema | ({"required": list(required)} if required else {}))


def values_of(validator, given_values, **options):
    values, faults = validator.prepare(given_values, **options)
    assert faults == []
    return values


def pointers(validator, given_values, **options):
    return [fault.pointer for fault in validator.prepare(given_values, **options)[1]]


def error_of(validator, given_values):
    """The error as dispatch raises it."""
    return InvalidParams(faults=validator.prepare(given_values)[1], where="command `list`", hint="")


EVERY_RULE = closed(
    {
        "channel": {"type": "string", "minLength": 2, "maxLength": 5},
        "kind": {"enum": ["open", "done"]},
        "limit": {"type": "integer", "minimum": 1, "maximum": 200},
        "since": {"type": "string", "format": "date"},
        "mail": {"type": "string", "format": "email"},
        "code": {"type": "string", "pattern": "^[A-Z]{2}$"},
        "tags": {"type": "array", "items": {"type": "string"}, "maxItems": 2, "uniqueItems": True},
        "on": {"type": "boolean"},
    },
    required=["channel"],
)


@pytest.mark.parametrize(
    ("name", "bad"),
    [
        ("channel", "x"),
        ("channel", "xxxxxx"),
        ("channel", None),
        ("kind", "closed"),
        ("limit", 0),
        ("limit", 201),
        ("limit", 1.5),
        ("limit", "7"),
        ("limit", True),
        ("since", "2024-02-30"),
        ("mail", "zoe"),
        ("code", "ab"),
        ("tags", ["a", "b", "c"]),
        ("tags", ["a", "a"]),
        ("tags", "a"),
        ("on", 1),
    ],
)
def test_each_rule_of_the_schema_is_kept(name, bad):
    """What passes here is sent."""
    assert pointers(EVERY_RULE, {"channel": "news", name: bad}) == [f"/{name}"]


def test_every_bad_field_is_told_at_once():
    """A caller mends a call once, not once for each field; a model spends one turn."""
    bad = {"kind": "x", "limit": 0, "since": "soon", "tags": [1], "on": "yes", "colour": "red"}
    error = error_of(EVERY_RULE, bad)

    assert error.message.startswith("Missing required field(s): channel; ")
    assert {fault["pointer"] for fault in error.details["errors"]} == {
        "/channel",
        "/kind",
        "/limit",
        "/since",
        "/tags/0",
        "/on",
        "/colour",
    }


def test_all_missing_names_are_listed_in_one_sentence():
    """The guide promises the sentence, and callers search logs for it."""
    schema = closed({"from": {}, "to": {}, "via": {}}, required=["from", "to"])
    error = error_of(schema, {})

    assert error.message == "Missing required field(s): from, to"
    assert error.details["missing"] == ["from", "to"]
    assert [fault["pointer"] for fault in error.details["errors"]] == ["/from", "/to"]


def test_a_missing_name_inside_an_object_is_told_with_its_place():
    """`street` alone would be searched in the wrong place."""
    schema = closed({"address": {"type": "object", "required": ["street"]}})
    error = error_of(schema, {"address": {}})

    assert error.details["missing"] == ["address.street"]
    assert error.details["errors"][0]["pointer"] == "/address/street"


def test_an_unknown_param_is_told_with_what_was_meant():
    """The usual cause is a slip."""
    (fault,) = closed({"channel": {}, "limit": {}}).prepare({"chanel": "x"})[1]

    assert fault.message == "unknown `chanel`; did you mean `channel`?"


def test_an_unknown_param_that_resembles_nothing_is_told_with_what_there_is():
    """So that nobody has to open the docs."""
    (fault,) = closed({"channel": {}, "limit": {}}).prepare({"xyz": 1})[1]

    assert fault.message == "unknown `xyz`; known are `channel`, `limit`"


def test_unknown_params_go_through_where_the_schema_is_open():
    """Imported descriptions often leave names out."""
    schema = ObjectValidator({"type": "object", "properties": {"a": {}}})

    assert values_of(schema, {"b": 1}) == {"b": 1}


@pytest.mark.parametrize("spelling", ["page_size", "pageSize", "page-size", "PageSize", "PAGE_SIZE"])
def test_a_param_is_found_in_any_case_style(spelling):
    """Callers write in the style of their language; the handler gets the declared name."""
    assert values_of(closed({"page_size": {"type": "integer"}}), {spelling: 5}) == {"page_size": 5}


def test_an_exact_name_is_never_taken_for_another():
    """A service may have params that differ in case only, where its author has no choice."""
    schema = ObjectValidator({"properties": {"ID": {"type": "string"}, "id": {"type": "integer"}}})

    assert values_of(schema, {"id": 1, "ID": "x"}) == {"id": 1, "ID": "x"}


@pytest.mark.parametrize("twice", [{"page_size": 1, "pageSize": 2}, {"pageSize": 2, "page_size": 1}])
def test_one_param_in_two_spellings_is_refused(twice):
    """Which of them counts would depend on their order."""
    (fault,) = closed({"page_size": {}}).prepare(twice)[1]

    assert "same param" in fault.message


def test_names_inside_a_param_are_taken_to_the_letter():
    """They are the service's data, not our interface."""
    schema = closed({"contact": {"type": "object", "properties": {"firstName": {}}, "additionalProperties": False}})

    assert pointers(schema, {"contact": {"first_name": "Zoe"}}) == ["/contact"]


def test_defaults_are_filled_in():
    """The handler and the request see what the docs promise."""
    schema = closed({"limit": {"default": 50}, "after": {"default": None}, "name": {}})

    assert values_of(schema, {}) == {"limit": 50, "after": None}
    assert values_of(schema, {"limit": None}) == {"limit": None, "after": None}


def test_defaults_are_filled_in_inside_objects_that_are_given():
    """Half of an object is the usual way to give one; an absent one stays absent."""
    page = {
        "type": "object",
        "properties": {"size": {"default": 10}, "sort": {"properties": {"by": {"default": "id"}}}},
    }
    schema = closed({"page": page})

    assert values_of(schema, {"page": {}}) == {"page": {"size": 10}}
    assert values_of(schema, {"page": {"size": 5, "sort": {}}}) == {"page": {"size": 5, "sort": {"by": "id"}}}
    assert values_of(schema, {}) == {}


def test_defaults_are_filled_in_inside_a_default():
    """An object that is a default is as good as one that is given."""
    page = {"type": "object", "properties": {"size": {"default": 10}}, "default": {}}

    assert values_of(closed({"page": page}), {}) == {"page": {"size": 10}}


def test_calls_do_not_share_a_default():
    """A handler that appends to its list must not change the next call, nor the definition."""
    properties = {"tags": {"default": []}, "page": {"properties": {"ids": {"default": [1]}}, "default": {"ids": [2]}}}
    schema = closed(properties)
    before = copy.deepcopy(properties)

    first = values_of(schema, {"page": {}})
    first["tags"].append("x")
    first["page"]["ids"].append("x")
    second = values_of(schema, {})
    second["page"]["ids"].append("x")

    assert values_of(schema, {"page": {}}) == {"tags": [], "page": {"ids": [1]}}
    assert values_of(schema, {}) == {"tags": [], "page": {"ids": [2]}}
    assert properties == before


TYPED = closed(
    {
        "n": {"type": "number"},
        "i": {"type": "integer"},
        "b": {"type": "boolean"},
        "s": {"type": "string"},
        "maybe": {"anyOf": [{"type": "integer"}, {"type": "null"}]},
        "either": {"type": ["integer", "string"]},
    }
)


@pytest.mark.parametrize("name", ["n", "i", "b", "maybe"])
def test_text_is_no_number_unless_asked(name):
    """In JSON, `"5"` and `5` are two things, and a service may tell them apart."""
    assert pointers(TYPED, {name: "1"}) == [f"/{name}"]


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("n", "1.5", 1.5),
        ("n", "-3", -3.0),
        ("i", "5", 5),
        ("maybe", "5", 5),
        ("b", "true", True),
        ("b", "No", False),
        ("b", "0", False),
        ("s", "5", "5"),
        ("s", "true", "true"),
        ("either", "5", "5"),
    ],
)
def test_text_is_read_where_the_source_has_only_text(name, text, value):
    """Forms and command lines; where the schema allows text, text it stays."""
    assert values_of(TYPED, {name: text}, coerce=True) == {name: value}


@pytest.mark.parametrize(
    ("name", "text"), [("n", "many"), ("n", "nan"), ("n", "inf"), ("i", "1.5"), ("i", ""), ("b", "2")]
)
def test_text_that_is_no_such_value_is_told_as_it_was_written(name, text):
    """Whoever typed it must recognise it."""
    (fault,) = TYPED.prepare({name: text}, coerce=True)[1]

    assert fault.pointer == f"/{name}"
    assert json.dumps(text) in fault.message


@pytest.mark.parametrize("given_values", [{"i": 3.0}, {"i": 3}, {"maybe": 3.0}])
def test_a_whole_number_is_an_integer_however_it_was_written(given_values):
    """JavaScript and JSON libraries write 3.0 for 3; Python tells them apart."""
    (value,) = values_of(TYPED, given_values).values()

    assert (value, type(value)) == (3, int)


@pytest.mark.parametrize(
    "odd",
    [object(), datetime.date(2024, 1, 2), b"bytes", {1, 2}, MappingProxyType({}), {1: 2}, [object()], "\ud800" * 3],
    ids=lambda odd: type(odd).__name__,
)
def test_a_value_that_is_no_json_is_a_fault_of_its_param(odd):
    """A caller in Python may pass anything; it gets the same kind of answer as for any other bad value."""
    strict = {"type": "array", "items": {"type": "string", "maxLength": 2}}
    schema = closed({"fine": {"type": "string"}, "odd": strict | {"additionalProperties": {"type": "string"}}})

    assert pointers(schema, {"fine": "x", "odd": odd}) == ["/odd"]


def test_a_list_that_holds_itself_is_a_fault():
    """It has no end, so it has no JSON form."""
    endless = []
    endless.append(endless)

    assert pointers(closed({"tags": {"type": "array", "items": {"type": "string"}}}), {"tags": endless}) == ["/tags"]


@pytest.mark.parametrize("name", [1, None, True, ("a",)])
def test_a_name_that_is_no_text_is_a_fault(name):
    """JSON has no others."""
    (fault,) = closed({"a": {}}).prepare({name: 1})[1]

    assert "names are strings" in fault.message


@pytest.mark.parametrize(
    ("name", "pointer"), [("a/b", "/a~1b"), ("a~b", "/a~0b"), ("~1", "/~01"), ("a.b", "/a.b"), ("ü", "/ü")]
)
def test_pointers_are_escaped(name, pointer):
    """RFC 6901, section 3: programs follow them."""
    assert pointers(closed({name: {"type": "string"}}), {name: 1}) == [pointer]
    assert pointers(closed({name: {}}, required=[name]), {}) == [pointer]
    assert pointers(closed({"x": {"properties": {name: {"items": {"type": "string"}}}}}), {"x": {name: ["", 1]}}) == [
        f"/x{pointer}/1"
    ]


@pytest.mark.parametrize("pattern", ["^(a+)+$", "^(?=(a+)+$)b", "(x+x+)+y", r"(a+)+\1$"])
def test_no_pattern_makes_a_call_hang(pattern):
    """Patterns come with imported documents, values from anybody: backtracking must have an end."""
    assert pointers(closed({"s": {"type": "string", "pattern": pattern}}), {"s": "a" * 30_000 + "b"}) == ["/s"]


def test_a_long_value_is_not_quoted_whole():
    """The message goes to logs, pages and models; both its ends tell something."""
    (fault,) = closed({"s": {"type": "string", "pattern": "^b"}}).prepare({"s": "a" * 1_000_000})[1]

    assert len(fault.message) < 1000
    assert '"^b"' in fault.message


@pytest.mark.parametrize("place", ["properties", "items", "defs", "root", "dynamic"])
@pytest.mark.parametrize("scheme", ["http", "file", "relative"])
def test_references_to_other_documents_are_refused_without_a_look(place, scheme, tmp_path):
    """A schema is written by users: following it would read files and reach private addresses for them."""
    asked_for = tmp_path / "schema.json"
    asked_for.write_text('{"type": "string"}')
    with serve(lambda asked: Answer(body={"type": "string"})) as service:
        address = {"http": f"{service.url}/s.json", "file": asked_for.as_uri(), "relative": "s.json"}[scheme]
        reference = {"$dynamicRef" if place == "dynamic" else "$ref": address}
        schema = {
            "properties": {"properties": {"a": reference}},
            "items": {"properties": {"a": {"items": reference}}},
            "defs": {"$defs": {"A": reference}, "properties": {"a": {"$ref": "#/$defs/A"}}},
            "root": reference,
            "dynamic": {"properties": {"a": reference}},
        }[place]

        with pytest.raises(InvalidSchema) as refused:
            ObjectValidator({"type": "object"} | schema)

        assert service.asked == []
    assert address in refused.value.message


@pytest.mark.parametrize(
    "broken",
    [
        {"type": "secret"},
        {"pattern": "("},
        {"minimum": "1"},
        {"enum": "a"},
        {"required": "a"},
        {"$ref": "#/$defs/Nobody"},
        {"items": 5},
    ],
)
def test_a_schema_that_is_none_is_refused_with_its_reason(broken):
    """An author learns it from the definition, not from a call that behaves oddly."""
    with pytest.raises(InvalidSchema) as refused:
        closed({"a": broken})

    assert refused.value.details["reason"]
    assert "\n" not in refused.value.message


def test_a_recursive_schema_is_followed_as_deep_as_the_value():
    """Trees are common: comments, folders, filters."""
    node = {"type": "object", "properties": {"name": {"type": "string"}, "child": {"$ref": "#/$defs/Node"}}}
    schema = closed({"tree": {"$ref": "#/$defs/Node"}}, **{"$defs": {"Node": node}})

    assert values_of(schema, {"tree": {"child": {"child": {"name": "x"}}}})
    assert pointers(schema, {"tree": {"child": {"child": {"name": 1}}}}) == ["/tree/child/child/name"]


SECRETS = {
    "plain": LOGIN["properties"]["password"],
    "optional": {"anyOf": [LOGIN["properties"]["password"], {"type": "null"}]},
    "inside an object": LOGIN | {"required": ["user"], "maxProperties": 1},
    "inside a list": {"type": "array", "items": LOGIN["properties"]["password"] | {"maxLength": 3}, "maxItems": 1},
    "behind a reference": {"$ref": "#/$defs/Login"},
}


@pytest.mark.parametrize("secret", SECRETS.values(), ids=SECRETS)
@pytest.mark.parametrize("wrong", ["hunter2-hunter2", ["hunter2-hunter2", 1], {"password": "hunter2-hunter2", "x": 1}])
def test_no_message_holds_a_secret(secret, wrong):
    """Faults are logged, recorded and shown to models."""
    stricter = {"allOf": [{"type": "string", "maxLength": 3}]}
    definitions = {"$defs": {"Login": LOGIN | {"maxProperties": 1}}}
    _, faults = closed({"key": secret | stricter, "limit": {"type": "integer"}}, **definitions).prepare(
        {"key": wrong, "limit": "x"}
    )

    assert {fault.pointer.split("/")[1] for fault in faults} == {"key", "limit"}
    assert "hunter2" not in str(faults)


@pytest.mark.parametrize(
    ("part", "secret"),
    [
        ({"type": "string", "format": "password"}, True),
        ({"writeOnly": True}, True),
        ({"anyOf": [{"type": "null"}, {"format": "password"}]}, True),
        ({"allOf": [{"writeOnly": True}]}, True),
        ({"type": "string"}, False),
        ({"writeOnly": False, "format": "date"}, False),
        (True, False),
    ],
)
def test_a_schema_says_whether_its_value_may_be_shown(part, secret):
    """Records mask what is marked, optional or not."""
    assert is_secret(part) is secret


def test_any_value_can_be_checked():
    """Payloads are no objects, always."""
    assert faults_of([1, "x"], {"type": "array", "items": {"type": "integer"}})[0].pointer == "/1"
    assert faults_of(None, {"type": "null"}) == []


def test_one_validator_serves_many_threads():
    """It is compiled once for all calls."""
    schema = closed({"n": {"type": "integer", "default": 1}}, required=["n"])
    start, wrong = threading.Barrier(8), []

    def call(number):
        start.wait(5)
        wrong.extend(n for n in range(200) if schema.prepare({"n": n + number}) != ({"n": n + number}, []))

    threads = [threading.Thread(target=call, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert wrong == []


names = st.sampled_from(["page_size", "pageSize", "tags", "nested", "on", "other"])
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=6,
)
good_values = {
    "page_size": st.integers(1, 9) | st.integers(1, 9).map(float),
    "tags": st.lists(st.text(max_size=3), max_size=2),
    "nested": st.fixed_dictionaries({}, optional={"deep": st.fixed_dictionaries({}, optional={"x": st.integers()})}),
    "on": st.booleans(),
}
MIXED = ObjectValidator(
    {
        "type": "object",
        "properties": {
            "page_size": {"type": "integer", "default": 5, "minimum": 1},
            "tags": {"type": "array", "items": {"type": "string"}, "default": ["a"]},
            "nested": {
                "type": "object",
                "properties": {"deep": {"type": "object", "properties": {"x": {"default": [1]}}, "default": {}}},
            },
            "on": {"type": "boolean"},
        },
    }
)


@given(st.dictionaries(names, json_values), st.booleans())
def test_what_was_given_is_never_changed(params, coerce):
    """The caller's dict may be used for the next call, and is what the record shows."""
    before = copy.deepcopy(params)

    MIXED.prepare(params, coerce=coerce)

    assert params == before
    assert repr(params) == repr(before)


@given(st.fixed_dictionaries({}, optional=good_values))
def test_what_was_prepared_prepares_to_the_same(params):
    """A step may hand its params on, and a replay starts from the record."""
    once = values_of(MIXED, params)
    again = values_of(MIXED, once)

    assert again == once
    assert repr(again) == repr(once)


@given(st.dictionaries(names, json_values))
def test_preparing_never_fails_whatever_is_given(params):
    """It answers with faults."""
    values, faults = MIXED.prepare(params, coerce=True)

    assert isinstance(values, dict)
    assert all(fault.pointer.startswith("/") and fault.message for fault in faults)


@pytest.mark.parametrize(("text", "value"), [("1", 1), (" -7 ", -7), ("1.0", 1.0), ("1e3", 1000.0), ("9" * 30, 1e30)])
def test_a_whole_number_that_is_typed_stays_whole(text, value):
    """`todoId=1` goes to `/todos/1`, also where its definition says `number` of every id."""
    (found,) = (
        ObjectValidator({"properties": {"id": {"type": "number"}}}).prepare({"id": text}, coerce=True)[0].values()
    )

    assert (found, type(found)) == (value, type(value))


def test_faults_in_a_large_schema_are_told_shortly():
    """Else a call with 50 slips is answered with megabytes, which take half a minute to be found."""
    names = {f"param_{number}": {"type": "string"} for number in range(5_000)}
    validator = ObjectValidator({"type": "object", "properties": names, "additionalProperties": False})
    _, faults = validator.prepare({f"parm_{number}": "x" for number in range(100)})

    assert faults[0].message.startswith("unknown `parm_0`; known are `param_0`, `param_1`, ")
    assert faults[0].message.endswith(" and 4950 more")
    assert sum(len(fault.message) for fault in faults) < 100_000
