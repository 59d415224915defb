"""Schemas of a document as JSON Schema 2020-12: what each keyword becomes, and what a command gets."""

import jsonschema_rs
import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jackfield.definition.openapi.document import open_document
from jackfield.definition.openapi.references import References, inside
from jackfield.definition.openapi.schemas import SchemaView

META = jsonschema_rs.Draft202012Validator({"$ref": "https://json-schema.org/draft/2020-12/schema"})


def view(schemas=None, version="3.0.3", **options):
    root = {"openapi": version, "paths": {}, "components": {"schemas": schemas or {}}}
    return SchemaView(References(open_document(root, **options)))


def request(schema, schemas=None, version="3.0.3", side="request"):
    builder = getattr(view(schemas, version), side)()
    return builder.finish(builder.convert(schema, "#/x"))


def notices(schema, version="3.0.3"):
    made = view({}, version)
    made.request().convert(schema, "#/x")
    return list(made.references.document.notices)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ({"type": "string", "nullable": True}, {"type": ["string", "null"]}),
        ({"type": "string", "x-nullable": True}, {"type": ["string", "null"]}),
        ({"type": "string", "nullable": True, "enum": ["a"]}, {"type": ["string", "null"], "enum": ["a", None]}),
        ({"nullable": True}, {}),
        (
            {"nullable": True, "allOf": [{"type": "object"}], "description": "d"},
            {"description": "d", "anyOf": [{"allOf": [{"type": "object"}]}, {"type": "null"}]},
        ),
        ({"type": "integer", "minimum": 1, "exclusiveMinimum": True}, {"type": "integer", "exclusiveMinimum": 1}),
        ({"type": "integer", "maximum": 9, "exclusiveMaximum": False}, {"type": "integer", "maximum": 9}),
        ({"type": "integer", "maximum": 2**64 - 1}, {"type": "integer", "maximum": 2.0**64}),
        ({"type": "string", "example": "a"}, {"type": "string", "examples": ["a"]}),
        ({"type": "file"}, {"type": "string", "format": "binary"}),
        ({"type": "string", "format": "byte"}, {"type": "string", "contentEncoding": "base64"}),
        ({"type": "string", "format": "mine"}, {"type": "string", "format": "mine"}),
        ({"type": "string", "pattern": "/^a+$/i"}, {"type": "string", "pattern": "(?i)^a+$"}),
        ({"type": "string", "enum": [1.5, True, "a"]}, {"type": "string", "enum": ["1.5", "true", "a"]}),
        ({"type": "integer", "enum": ["1", "2"]}, {"type": "integer", "enum": [1, 2]}),
        ({"type": "integer", "default": "5"}, {"type": "integer", "default": 5}),
        ({"type": "boolean", "default": "false"}, {"type": "boolean", "default": False}),
        ({"type": "object", "additionalProperties": True}, {"type": "object"}),
        ({"type": "object", "additionalProperties": False}, {"type": "object", "additionalProperties": False}),
        ({"type": "array", "items": {}}, {"type": "array", "items": {}}),
        ({"type": "string", "deprecated": True, "xml": {}, "x-a": 1}, {"type": "string", "deprecated": True}),
        ({"type": "string", "writeOnly": True, "readOnly": False}, {"type": "string", "writeOnly": True}),
        ({"required": ["a", "a", "b"]}, {"required": ["a", "b"]}),
        ({"exclusiveMaximum": 5, "maximum": 9}, {"exclusiveMaximum": 5, "maximum": 9}),
        (True, {}),
        (False, {"not": {}}),
    ],
)
def test_keywords_of_3_0_become_those_of_2020_12(old, new):
    """With the same meaning, or with the one that was surely meant; without a word, as nothing is lost."""
    assert request(old) == new
    assert notices(old) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ({"type": ["string", "null"]}, {"type": ["string", "null"]}),
        ({"const": {"a": 1}}, {"const": {"a": 1}}),
        ({"exclusiveMinimum": 1}, {"exclusiveMinimum": 1}),
        ({"type": "string", "examples": ["a", "b"]}, {"type": "string", "examples": ["a", "b"]}),
        (
            {"prefixItems": [{"type": "string"}], "items": False},
            {"prefixItems": [{"type": "string"}], "items": False},
        ),
        (
            {"items": [{"type": "string"}], "additionalItems": False},
            {"prefixItems": [{"type": "string"}], "items": False},
        ),
        ({"contentEncoding": "base64", "contentMediaType": "image/png"},) * 2,
        ({"if": {"type": "string"}, "then": {"minLength": 1}, "else": False},) * 1
        + ({"if": {"type": "string"}, "then": {"minLength": 1}, "else": {"not": {}}},),
        ({"dependentRequired": {"a": ["b"]}, "dependentSchemas": {"a": {"required": ["c"]}}},) * 2,
        ({"patternProperties": {"^a": {"type": "string"}}, "propertyNames": {"maxLength": 3}},) * 2,
        ({"unevaluatedProperties": False, "contains": {"const": 1}, "minContains": 2},) * 2,
    ],
)
def test_keywords_of_3_1_stay(old, new):
    """It has those of 2020-12."""
    assert request(old, version="3.1.0") == new


@pytest.mark.parametrize(
    ("wrong", "left", "where"),
    [
        ({"type": "strin"}, {}, "/x/type"),
        ({"type": "String"}, {"type": "string"}, "/x/type"),
        ({"type": "int64"}, {"type": "integer"}, "/x/type"),
        ({"pattern": "("}, {}, "/x/pattern"),
        ({"minLength": -1}, {}, "/x/minLength"),
        ({"maxItems": "many"}, {}, "/x/maxItems"),
        ({"multipleOf": 0}, {}, "/x/multipleOf"),
        ({"required": True}, {}, "/x/required"),
        ({"enum": "a"}, {}, "/x/enum"),
        ({"enum": []}, {}, "/x/enum"),
        ({"description": {"a": 1}}, {}, "/x/description"),
        ({"properties": []}, {}, "/x/properties"),
        ({"properties": {"a": "text"}}, {"properties": {"a": {}}}, "/x/properties/a"),
        ({"allOf": {}}, {}, "/x/allOf"),
        ({"oneOf": []}, {}, "/x/oneOf"),
        ({"items": 5}, {"items": {}}, "/x/items"),
        ({"patternProperties": {"(": {}}}, {"patternProperties": {}}, "/x/patternProperties/("),
        ({"type": "integer", "default": "many"}, {"type": "integer"}, "/x/default"),
        ({"type": "integer", "default": 5, "maximum": 4}, {"type": "integer", "maximum": 4}, "/x/default"),
        ({"enum": ["a"], "default": "b"}, {"enum": ["a"]}, "/x/default"),
        ({"$ref": 5}, {}, "/x"),
        ({"$ref": "#/nowhere"}, {}, "/x"),
        ({"minLenght": 5}, {}, "/x"),
        (
            {"type": "array", "enum": ["a"], "items": {"type": "string"}},
            {"type": "array", "items": {"type": "string", "enum": ["a"]}},
            "/x/enum",
        ),
        ("text", {}, "/x"),
        (None, {}, "/x"),
    ],
)
def test_what_cannot_be_used_is_left_out_and_told(wrong, left, where):
    """One keyword costs no other, and a wrong default would make each call fail."""
    assert request(wrong) == left
    assert [notice.pointer for notice in notices(wrong)] == [where]


USER = {
    "type": "object",
    "required": ["id", "name"],
    "properties": {
        "id": {"type": "integer", "readOnly": True},
        "name": {"type": "string"},
        "made": {"$ref": "#/components/schemas/Made"},
        "password": {"type": "string", "writeOnly": True},
        "friends": {"type": "array", "items": {"$ref": "#/components/schemas/User"}},
    },
}
MADE = {"type": "string", "format": "date-time", "readOnly": True}


def test_requests_are_without_what_is_read_only():
    """Also where a reference says so, and `required` does not ask for it."""
    schema = request({"$ref": "#/components/schemas/User"}, {"User": USER, "Made": MADE})

    user = schema["$defs"]["User"]
    assert set(user["properties"]) == {"name", "password", "friends"}
    assert user["required"] == ["name"]
    assert "Made" not in schema["$defs"]


def test_answers_are_without_what_is_write_only():
    """A password is never in one."""
    schema = request({"$ref": "#/components/schemas/User"}, {"User": USER, "Made": MADE}, side="response")

    assert set(schema["$defs"]["User"]["properties"]) == {"id", "name", "made", "friends"}
    assert schema["$defs"]["User"]["required"] == ["id", "name"]


def test_what_one_part_hides_the_others_do_not_require():
    """A common way to write it: the base has the properties, the branch says which are required."""
    old = {"allOf": [{"$ref": "#/components/schemas/User"}, {"type": "object", "required": ["id", "name"]}]}

    assert request(old, {"User": USER, "Made": MADE})["allOf"][1] == {"type": "object", "required": ["name"]}


def test_recursion_stays_a_reference():
    """Written out it would never end."""
    schema = request({"$ref": "#/components/schemas/User"}, {"User": USER, "Made": MADE})

    assert schema["$ref"] == "#/$defs/User"
    assert schema["$defs"]["User"]["properties"]["friends"]["items"] == {"$ref": "#/$defs/User"}


def test_a_command_gets_only_what_it_reaches():
    """And each part once."""
    schemas = {"A": {"properties": {"b": {"$ref": "#/components/schemas/B"}}}, "B": {"items": {}}, "C": {"items": {}}}
    made = view(schemas)
    builder = made.request()

    props = {name: builder.convert({"$ref": "#/components/schemas/A"}, f"#/{name}") for name in "xy"}
    schema = builder.finish({"type": "object", "properties": props})

    assert list(schema["$defs"]) == ["A", "B"]
    other = made.request()
    other.convert({"$ref": "#/components/schemas/A"}, "#/z")
    assert other.finish({})["$defs"]["A"] is schema["$defs"]["A"]


def test_a_short_scalar_is_written_where_it_is_used():
    """Forms and command lines read types directly."""
    schemas = {"Id": {"type": "integer", "minimum": 1}}

    assert request({"$ref": "#/components/schemas/Id"}, schemas) == {"type": "integer", "minimum": 1}


def test_keywords_beside_a_reference_hold_in_3_1_and_in_3_0_only_words_do():
    """As the two versions have it."""
    schemas = {"A": {"type": "object"}}
    old = {"$ref": "#/components/schemas/A", "description": "d", "minProperties": 1}

    assert request(old, schemas, "3.0.3") == {
        "$ref": "#/$defs/A",
        "description": "d",
        "$defs": {"A": {"type": "object"}},
    }
    assert request(old, schemas, "3.1.0")["minProperties"] == 1


@pytest.mark.parametrize("version", ["3.0.3", "3.1.0"])
def test_references_that_only_go_round_allow_anything(version):
    """With a notice, and without end neither here nor in who validates."""
    schemas = {
        "A": {"$ref": "#/components/schemas/B", "description": "a"},
        "B": {"$ref": "#/components/schemas/A", "description": "b"},
        "C": {"allOf": [{"$ref": "#/components/schemas/C"}]},
        "D": {"properties": {"c": {"$ref": "#/components/schemas/C"}, "a": {"$ref": "#/components/schemas/A"}}},
    }

    schema = request({"$ref": "#/components/schemas/D"}, schemas, version)

    assert META.is_valid(schema)
    assert jsonschema_rs.Draft202012Validator(schema).is_valid({"a": 1, "c": "x"})
    assert schema["$defs"]["C"] == {"allOf": [{}]}


def test_a_choice_that_builds_on_what_chooses_it_keeps_what_they_share():
    """The common way of inheritance: the parent lists its children, each child includes the parent."""
    schemas = {
        "Pet": {
            "type": "object",
            "required": ["kind"],
            "properties": {"kind": {"type": "string"}},
            "oneOf": [{"$ref": "#/components/schemas/Cat"}, {"$ref": "#/components/schemas/Dog"}],
            "discriminator": {"propertyName": "kind"},
        },
        "Cat": {"allOf": [{"$ref": "#/components/schemas/Pet"}, {"required": ["claws"]}]},
        "Dog": {"allOf": [{"$ref": "#/components/schemas/Pet"}, {"required": ["bark"]}]},
    }

    schema = request({"$ref": "#/components/schemas/Pet"}, schemas)
    validator = jsonschema_rs.Draft202012Validator(schema)

    assert validator.is_valid({"kind": "cat", "claws": 1})
    assert not validator.is_valid({"claws": 1})
    assert not validator.is_valid({"kind": "cat"})


def test_a_mapping_tells_choices_apart():
    """Else a value that fits two of them would be refused."""
    part = {"type": "object", "properties": {"kind": {"type": "string"}}}
    old = {
        "oneOf": [{"$ref": "#/components/schemas/Cat"}, {"$ref": "#/components/schemas/Dog"}],
        "discriminator": {"propertyName": "kind", "mapping": {"cat": "#/components/schemas/Cat", "dog": "Dog"}},
    }

    validator = jsonschema_rs.Draft202012Validator(request(old, {"Cat": part, "Dog": part}))

    assert validator.is_valid({"kind": "cat"})
    assert not validator.is_valid({"kind": "cow"})


@pytest.mark.parametrize(
    "names", [["a b", "a-b", "a_b", "a/b", "a~b"], ["PagedResult<User>", "PagedResult[User]"], ["ü", "ö", "1", "2"]]
)
def test_names_of_parts_never_fall_together(names):
    """And are legal everywhere, and do not depend on the order."""
    schemas = {name: {"type": "object", "title": name} for name in names}

    def made(order):
        builder = view(schemas).request()
        for name in order:
            builder.convert({"$ref": inside("#/components/schemas", name)}, "#/x")
        return builder.finish({})["$defs"]

    assert sorted(part["title"] for part in made(names).values()) == sorted(names)
    assert made(names) == made(names[::-1])
    assert all(name.isascii() and " " not in name for name in made(names))


def test_a_reference_into_the_middle_of_things_is_a_part_of_its_own():
    """Into paths and properties, where others leave it dangling."""
    schemas = {"A": {"properties": {"b": {"type": "object", "properties": {"c": {"type": "object"}}}}}}

    schema = request({"items": {"$ref": "#/components/schemas/A/properties/b"}}, schemas)

    (name,) = schema["$defs"]
    assert schema["items"] == {"$ref": f"#/$defs/{name}"}
    assert name.startswith("A_b_")


@pytest.mark.slow
def test_a_schema_of_more_than_a_megabyte_is_cut_and_told():
    """Words first, then what is deepest; every reference still leads somewhere."""
    schemas = {
        f"S{i}": {
            "description": "d" * 100,
            "type": "object",
            "properties": {f"p{n}" * 20: {"$ref": f"#/components/schemas/S{min(i * 2 + n, 1999)}"} for n in (1, 2)}
            | {f"q{n}" * 20: {"type": "string", "minLength": n} for n in range(20)},
        }
        for i in range(2000)
    }
    made = view(schemas)
    builder = made.request()

    schema = builder.finish(builder.convert({"$ref": "#/components/schemas/S0"}, "#/x"))

    assert len(orjson.dumps(schema)) < 1_000_000
    assert META.is_valid(schema)
    jsonschema_rs.Draft202012Validator(schema)
    assert any("1 MB" in notice.message for notice in made.references.document.notices)


def test_the_shape_of_a_plain_object_is_seen_through_references_and_parts():
    """So that its properties can be params themselves."""
    schemas = {"User": USER, "Made": MADE, "More": {"type": "object", "properties": {"age": {"type": "integer"}}}}
    builder = view(schemas).request()

    shape = builder.shape(
        {
            "allOf": [
                {"$ref": "#/components/schemas/User"},
                {"$ref": "#/components/schemas/More"},
                {"required": ["age"]},
            ]
        },
        "#/x",
    )

    assert set(shape.properties) == {"name", "password", "friends", "age"}
    assert shape.required == {"name", "age"}
    assert shape.raw["age"] == ({"type": "integer"}, "#/components/schemas/More/properties/age")


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "string"},
        {"type": "object"},
        {"type": "object", "additionalProperties": {"type": "string"}},
        {"type": ["object", "null"], "properties": {"a": {}}},
        {"type": "object", "nullable": True, "properties": {"a": {}}},
        {"oneOf": [{"properties": {"a": {}}}]},
        {"properties": {"a": {}}, "minProperties": 1},
        {"properties": {"a": {}}, "required": ["b"]},
        {"properties": {"a": {"readOnly": True}}},
        {"allOf": [{"$ref": "#/components/schemas/Self"}]},
        True,
        None,
    ],
)
def test_anything_else_has_no_shape(schema):
    """It is one param then, and nothing that it says is lost."""
    schemas = {"Self": {"properties": {"a": {}}, "allOf": [{"$ref": "#/components/schemas/Self"}]}}

    assert view(schemas).request().shape(schema, "#/x") is None


@pytest.mark.parametrize(
    ("schema", "kinds"),
    [
        ({"type": "array"}, {"array"}),
        ({"type": "string", "nullable": True}, {"string", "null"}),
        ({"anyOf": [{"type": "string"}, {"$ref": "#/components/schemas/N"}]}, {"string", "integer"}),
        ({"allOf": [{"type": "object"}, {}]}, {"object"}),
        ({"properties": {}}, {"object"}),
        ({"enum": ["a"]}, {"string"}),
        ({}, {"null", "boolean", "object", "array", "number", "string", "integer"}),
    ],
)
def test_the_types_that_a_value_may_have_are_known(schema, kinds):
    """Through references and choices."""
    assert view({"N": {"type": "integer"}}).request().kind(schema, "#/x") == kinds


REF = "#/components/schemas/"
WIDE = {f"S{i}": {"allOf": [{"$ref": f"{REF}S{i + 1}"}] * 20, "required": ["a"]} for i in range(30)} | {"S30": {}}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "schemas"),
    [
        ("A", {"A": {"oneOf": [{"$ref": f"{REF}A"}] * 9, "required": ["a"]}}),
        ("S0", WIDE),
        ("A", {"A": {"items": {"type": "string", "enum": ["x" * 100 + str(i) for i in range(20_000)]}}}),
        ("A", {"A": {"properties": {f"p{i}": {"description": "d" * 1_000} for i in range(2_000)}}}),
        ("A", {"A": {"properties": {f"p{i}": {"items": {"const": "c" * 90}} for i in range(20_000)}}}),
    ],
)
def test_no_schema_makes_it_hang_or_fill_the_memory(name, schemas):
    """Whoever writes a document may name a part a thousand times in each of a thousand parts."""
    made = view(schemas)
    builder = made.request()
    reference = {"$ref": f"{REF}{name}"}

    whole = builder.finish({"properties": {"a": builder.convert(reference, "#/x")}})
    shape = builder.shape(reference, "#/x")
    taken = builder.finish({"properties": dict(shape.properties) if shape else {}})

    assert builder.kind(reference, "#/x")
    for schema in (whole, taken, builder.finish(builder.convert(schemas[name], "#/x"))):
        assert len(orjson.dumps(schema)) < 1_000_000
        assert META.is_valid(schema)


@pytest.mark.parametrize("keyword", ["items", "not", "allOf", "properties"])
def test_what_is_nested_too_deeply_allows_anything_and_is_told(keyword):
    """A hundred levels are no schema that anybody fills in, and could not be followed by all who read it."""
    deep: dict = {"type": "string"}
    for _ in range(95):
        deep = {keyword: [deep] if keyword == "allOf" else {"a": deep} if keyword == "properties" else deep}
    made = view({"A": deep})
    builder = made.request()

    schema = builder.finish(builder.convert({"$ref": f"{REF}A"}, "#/x"))

    assert META.is_valid(schema)
    assert [notice.pointer for notice in made.references.document.notices] == ["/components/schemas/A"]


WORDS = st.sampled_from(
    [
        *(
            "type",
            "properties",
            "items",
            "allOf",
            "oneOf",
            "enum",
            "required",
            "pattern",
            "nullable",
            "$ref",
            "default",
        ),
        *("not", "minimum", "exclusiveMinimum", "maxLength", "format", "readOnly", "example", "const", "prefixItems"),
        *("additionalProperties", "discriminator", "$dynamicRef", "dependentRequired", "if", "a"),
    ]
)
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-5, 5)
    | st.sampled_from(["string", "object", "#/x", "A", "(", "#/components/schemas/A"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=4),
    max_leaves=12,
)


@pytest.mark.slow
@given(VALUES, VALUES, st.sampled_from(["3.0.3", "3.1.0"]), st.sampled_from(["request", "response"]))
def test_whatever_a_document_says_a_valid_schema_comes_out(one, other, version, side):
    """Nothing in a schema can make it fail, and nothing refers to what is not there."""
    schemas = {"A": one, "B": {"properties": {"a": {"$ref": "#/components/schemas/A"}, "b": other}}}
    builder = getattr(view(schemas, version), side)()

    schema = builder.finish(builder.convert({"$ref": "#/components/schemas/B"}, "#/x"))
    builder.shape(one, "#/components/schemas/A")
    builder.kind(one, "#/components/schemas/A")

    assert META.is_valid(schema)
    jsonschema_rs.Draft202012Validator(schema)
