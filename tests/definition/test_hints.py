"""Type hints as JSON Schema, JSON as what the hints promise, and values as JSON."""

from __future__ import annotations

import dataclasses
import datetime
import json
import uuid
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jackfield import Secret
from jackfield.definition import hints
from jackfield.definition.secret import MASK
from jackfield.definition.validation import faults_of

from .shapes import Address, Colour, Login, Money, Page, Person, Size


def schema_of(hint):
    schemas, definitions = hints.schemas({"value": hint})
    return schemas["value"] | ({"$defs": definitions} if definitions else {})


def converted(hint, value):
    convert = hints.converter(hint)
    return value if convert is None else convert(value)


@pytest.mark.parametrize(
    ("hint", "schema"),
    [
        (str, {"type": "string"}),
        (int, {"type": "integer"}),
        (float, {"type": "number"}),
        (bool, {"type": "boolean"}),
        (type(None), {"type": "null"}),
        (Any, {}),
        (object, {}),
        (Secret, {"type": "string", "format": "password", "writeOnly": True}),
        (datetime.date, {"type": "string", "format": "date"}),
        (uuid.UUID, {"type": "string", "format": "uuid"}),
        (list, {"type": "array"}),
        (dict, {"type": "object"}),
        (list[int], {"type": "array", "items": {"type": "integer"}}),
        (dict[str, int], {"type": "object", "additionalProperties": {"type": "integer"}}),
        (int | None, {"anyOf": [{"type": "integer"}, {"type": "null"}]}),
        (int | str, {"anyOf": [{"type": "integer"}, {"type": "string"}]}),
        (Literal["b", "a"], {"enum": ["b", "a"]}),
    ],
)
def test_each_type_has_the_schema_that_people_expect(hint, schema):
    """Forms, validation, docs and models read nothing else."""
    assert schema_of(hint) == schema


@pytest.mark.parametrize(
    ("hint", "values"),
    [
        (Literal["none", "bearer", "basic"], ["none", "bearer", "basic"]),
        (Literal["z", "a"] | None, ["z", "a"]),
        (Colour, ["red", "green", "blue"]),
        (Colour | None, ["red", "green", "blue"]),
        (Size, [3, 1]),
    ],
)
def test_choices_keep_the_order_of_their_type(hint, values):
    """A form shows them as they come, and authors put the usual one first."""
    schema = schema_of(hint)
    described = [schema, *schema.get("anyOf", ()), *schema.get("$defs", {}).values()]

    assert [part["enum"] for part in described if "enum" in part] == [values]


def test_models_are_shared_as_definitions():
    """A type that refers to itself has no other form."""
    schema = schema_of(Person)

    assert schema["$ref"] == "#/$defs/Person"
    assert schema["$defs"]["Person"]["properties"]["friends"]["items"] == {"$ref": "#/$defs/Person"}
    assert schema["$defs"]["Address"]["required"] == ["street"]


def test_a_model_of_another_library_describes_itself():
    """pydantic is used by many and imported by none of us."""
    schema = schema_of(list[Money])

    assert faults_of([{"amount": 1, "currency": "EUR"}], schema) == []
    assert [fault.pointer for fault in faults_of([{"amount": "1", "currency": "???"}], schema)] == [
        "/0/amount",
        "/0/currency",
    ]


@pytest.mark.parametrize("hint", [Callable[[], int], type, complex])
def test_a_type_without_json_form_is_named(hint):
    """A command may have twenty params."""
    with pytest.raises(TypeError, match="`wrong`: ") as refused:
        hints.schemas({"right": int, "wrong": hint, "fine": str})

    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("hint", "value", "promised"),
    [
        (datetime.date, "2024-02-29", datetime.date(2024, 2, 29)),
        (Colour, "blue", Colour.BLUE),
        (Size, 3, Size.LARGE),
        (Colour | None, "red", Colour.RED),
        (Secret, "hunter2", Secret("hunter2")),
        (list[Secret], ["a"], [Secret("a")]),
        (Login, {"user": "zoe", "password": "x"}, Login("zoe", Secret("x"))),
        (Address, {"street": "High"}, Address("High")),
        (list[Address], [{"street": "a"}, {"street": "b", "zip": 1}], [Address("a"), Address("b", 1)]),
        (Person, {"name": "Zoe", "home": {"street": "a"}}, Person("Zoe", Address("a"))),
        (Page, {"size": 5}, {"size": 5}),
        (dict[str, Colour], {"a": "red"}, {"a": Colour.RED}),
        (int | list[int], [1], [1]),
    ],
)
def test_the_handler_gets_what_its_hint_promises(hint, value, promised):
    """Otherwise a type checker would approve of code that fails."""
    assert converted(hint, value) == promised
    assert type(converted(hint, value)) is type(promised)


def test_the_handler_gets_models_of_another_library():
    """As the schema came from the model, so does the object."""
    (money,) = converted(list[Money], [{"amount": 5}])

    assert (type(money), money.amount, money.currency) == (Money, 5, "EUR")


@pytest.mark.parametrize(
    ("hint", "value", "promised"),
    [
        (Address, {"street": "a", "zip": 3.0}, Address("a", 3)),
        (Page, {"size": 3.0}, {"size": 3}),
        (list[Address], [{"street": "a", "zip": 3.0}], [Address("a", 3)]),
        (Size, 3.0, Size.LARGE),
    ],
)
def test_a_whole_number_is_an_integer_inside_models_too(hint, value, promised):
    """JSON Schema has accepted 3.0 as an integer by then, so refusing it here would be a surprise."""
    assert faults_of(value, schema_of(hint)) == []
    assert converted(hint, value) == promised


@pytest.mark.parametrize(
    "hint", [str, int, Any, list, dict[str, Any], list[int] | None, Literal["a"], Mapping[str, list[str]], type(None)]
)
def test_what_json_is_already_is_not_touched(hint):
    """Conversion costs, and most params need none."""
    assert hints.converter(hint) is None


@pytest.mark.parametrize(
    ("hint", "kind"),
    [
        (str, "string"),
        (str | None, "string"),
        (Secret, "secret"),
        (Secret | None, "secret"),
        (float, "number"),
        (int | None, "integer"),
        (bool, "boolean"),
        (datetime.date, "date"),
        (Literal["a"], "select"),
        (Colour | None, "select"),
        (list[str], "raw"),
        (Address, "raw"),
        (Any, "raw"),
        (int | str, "raw"),
    ],
)
def test_a_form_shows_the_input_that_fits(hint, kind):
    """Nobody should have to type JSON for a date."""
    assert hints.kind_of(hint) == kind


@pytest.mark.parametrize(
    ("value", "plain"),
    [
        (Colour.RED, "red"),
        (Size.LARGE, 3),
        (datetime.date(2024, 2, 29), "2024-02-29"),
        (datetime.datetime(2024, 2, 29, 1, 2, tzinfo=datetime.UTC), "2024-02-29T01:02:00Z"),
        (Address("High"), {"street": "High", "zip": 0, "tags": []}),
        (Person("Zoe", Address("a")), {"name": "Zoe", "home": {"street": "a", "zip": 0, "tags": []}, "friends": []}),
        (Secret("hunter2"), MASK),
        (Login("zoe", Secret("hunter2")), {"user": "zoe", "password": MASK}),
        (Money(5, "EUR"), {"amount": 5, "currency": "EUR"}),
        ((1, {"a": (2,)}), [1, {"a": [2]}]),
        (MappingProxyType({"a": MappingProxyType({})}), {"a": {}}),
        ({1: "a"}, {"1": "a"}),
        (b"\x00\xff", "AP8="),
    ],
)
def test_values_become_plain_json(value, plain):
    """Payloads are stored, sent and shown, whatever a handler put into them."""
    assert json.loads(json.dumps(hints.to_json(value))) == plain


@pytest.mark.parametrize("odd", [object(), lambda: None, [object()], {"a": 1j}, Address])
def test_what_has_no_json_form_is_refused(odd):
    """Its `repr` would look like an answer."""
    with pytest.raises(TypeError):
        hints.to_json(odd)


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**60), 2**60)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(json_values)
def test_json_stays_as_it_is(value):
    """What a service answered is nobody's to change."""
    assert hints.to_json(value) == value


@given(st.lists(json_values, min_size=1) | st.dictionaries(st.text(), json_values, min_size=1))
def test_what_comes_out_shares_nothing_with_what_went_in(value):
    """A handler that keeps its list and appends to it must not change an outcome that was answered."""
    plain = hints.to_json(value)

    value.clear()

    assert plain


streets = st.builds(Address, street=st.text(), zip=st.integers(0, 10**6), tags=st.lists(st.text(), max_size=2))


@given(
    st.builds(Person, name=st.text(), home=streets, friends=st.lists(st.builds(Person, st.text(), streets), max_size=2))
)
def test_models_survive_the_trip_through_json(person):
    """One connector's payload is the next one's param."""
    plain = json.loads(json.dumps(hints.to_json(person)))

    assert faults_of(plain, schema_of(Person)) == []
    assert converted(Person, plain) == person


@given(st.sampled_from(list(Colour)) | st.dates() | st.uuids())
def test_single_values_survive_the_trip_through_json(value):
    """As models do."""
    assert converted(type(value), hints.to_json(value)) == value


def test_a_dataclass_field_without_default_is_required():
    """The schema must refuse what the class would."""
    required = [f.name for f in dataclasses.fields(Address) if f.default is f.default_factory is dataclasses.MISSING]

    assert schema_of(Address)["$defs"]["Address"]["required"] == required
