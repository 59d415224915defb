"""Every style, in every place, for every type: what OpenAPI 3.1.1, section 4.8.12.4, and RFC 6570 make of it."""

from __future__ import annotations

import json
from urllib.parse import parse_qsl, unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jackfield.definition.openapi.plan import OperationPlan, ParameterPlan
from jackfield.execution.errors import ParamUnplaceable, PathEscape
from jackfield.execution.openapi import build

LIST = ["blue", "black", "brown"]
OBJECT = {"R": 100, "G": 200, "B": 150}
NESTED = {"a": [1, {"b": True}], "c": None}


def request(location, style, explode, value, *, name="color", path="/x", **more):
    plan = ParameterPlan(param="p", name=name, location=location, style=style, explode=explode, **more)
    operation = OperationPlan(method="GET", path=path, parameters=(plan,))
    return build(operation, {"p": value}, config={}, base_url="https://h.example")


def query(style, explode, value, **more):
    return request("query", style, explode, value, **more).url.partition("?")[2]


def path(style, explode, value, **more):
    return request("path", style, explode, value, path="/{color}/end", **more).url[
        len("https://h.example/") : -len("/end")
    ]


def header(explode, value, **more):
    return request("header", "simple", explode, value, name="X-Color", **more).headers.get("X-Color")


def cookie(explode, value, style="form", **more):
    return request("cookie", style, explode, value, **more).headers.get("Cookie")


FORM = {
    # value: not exploded, exploded
    "text": ("blue", "color=blue", "color=blue"),
    "empty text": ("", "color=", "color="),
    "integer": (7, "color=7", "color=7"),
    "whole float": (7.0, "color=7", "color=7"),
    "fraction": (-0.5, "color=-0.5", "color=-0.5"),
    "large": (2**70, f"color={2**70}", f"color={2**70}"),
    "true": (True, "color=true", "color=true"),
    "false": (False, "color=false", "color=false"),
    "null": (None, "", ""),
    "list": (LIST, "color=blue,black,brown", "color=blue&color=black&color=brown"),
    "one in a list": (["blue"], "color=blue", "color=blue"),
    "booleans": ([True, False], "color=true,false", "color=true&color=false"),
    "nulls in a list": ([None, "a", None], "color=a", "color=a"),
    "empty list": ([], "", ""),
    "list of nulls": ([None], "", ""),
    "empty text in a list": (["", "a"], "color=,a", "color=&color=a"),
    "object": (OBJECT, "color=R,100,G,200,B,150", "R=100&G=200&B=150"),
    "empty object": ({}, "", ""),
    "object of nulls": ({"a": None}, "", ""),
    "commas": (["a,b", "c"], "color=a%2Cb,c", "color=a%2Cb&color=c"),
    "nested": (NESTED, "color=a,%5B1%2C%7B%22b%22%3Atrue%7D%5D", "a=%5B1%2C%7B%22b%22%3Atrue%7D%5D"),
    "list of lists": ([[1, 2]], "color=%5B1%2C2%5D", "color=%5B1%2C2%5D"),
    "awkward": ("a b&c=d%;+?#/é'\"", *["color=a%20b%26c%3Dd%25%3B%2B%3F%23%2F%C3%A9%27%22"] * 2),
}


@pytest.mark.parametrize("case", FORM)
def test_form_in_a_query(case):
    value, plain, exploded = FORM[case]

    assert query("form", False, value) == plain
    assert query("form", True, value) == exploded


@pytest.mark.parametrize(
    ("style", "delimiter"), [("spaceDelimited", "%20"), ("pipeDelimited", "%7C")], ids=["space", "pipe"]
)
def test_other_delimiters_in_a_query(style, delimiter):
    """They are encoded, as no URL may hold them. Exploded, which the table does not have, they are as `form`."""
    assert query(style, False, LIST) == f"color=blue{delimiter}black{delimiter}brown"
    assert query(style, False, OBJECT) == f"color={delimiter.join(['R', '100', 'G', '200', 'B', '150'])}"
    assert query(style, True, LIST) == "color=blue&color=black&color=brown"
    assert query(style, True, OBJECT) == "R=100&G=200&B=150"
    assert [query(style, False, value) for value in ("a", True, 1, None, [], {})] == [
        "color=a", "color=true", "color=1", "", "", "",
    ]  # fmt: skip


@pytest.mark.parametrize("explode", [True, False])
def test_deep_objects_in_a_query(explode):
    """Deeper than one level the specification says nothing; brackets go on, with positions in lists."""
    assert query("deepObject", explode, OBJECT) == "color%5BR%5D=100&color%5BG%5D=200&color%5BB%5D=150"
    assert query("deepObject", explode, {"a": {"b": False}, "c": ["x", {"d": 1}]}) == (
        "color%5Ba%5D%5Bb%5D=false&color%5Bc%5D%5B0%5D=x&color%5Bc%5D%5B1%5D%5Bd%5D=1"
    )
    assert query("deepObject", explode, {"a": None, "b": [], "c": {}, "d": ""}) == "color%5Bd%5D="
    assert query("deepObject", explode, {}) == ""
    assert query("deepObject", explode, ["a"]) == "color%5B0%5D=a"
    assert query("deepObject", explode, "a") == "color=a"


def test_names_are_encoded_and_not_converted():
    assert query("form", True, 1, name="page[size]") == "page%5Bsize%5D=1"
    assert query("form", True, 1, name="$filter") == "%24filter=1"
    assert query("form", True, 1, name="größe") == "gr%C3%B6%C3%9Fe=1"


RESERVED = {
    "a/b:c?d@e!f$g'h(i)*,;=": "a/b:c?d@e!f$g'h(i)*,;=",
    "a&b": "a%26b",
    "a+b": "a%2Bb",
    "a#b": "a%23b",
    "[a]": "%5Ba%5D",
    "a b": "a%20b",
    "50%20off%": "50%20off%25",
    "é": "%C3%A9",
}


@pytest.mark.parametrize("value", RESERVED)
def test_reserved_characters_stay_where_that_is_allowed(value):
    """Those apart that end a query, or a value in it: the value would arrive as another one."""
    assert query("form", True, value, allow_reserved=True) == f"color={RESERVED[value]}"


def test_reserved_delimiters_inside_an_item_are_encoded():
    assert query("form", False, ["a,b/c", "d"], allow_reserved=True) == "color=a%2Cb/c,d"
    assert query("form", False, ["a,b/c"], allow_reserved=True) == "color=a,b/c"


PATHS = {
    # style: by value, not exploded and exploded
    "simple": [
        ("blue", "blue", "blue"),
        (7, "7", "7"),
        (True, "true", "true"),
        (LIST, "blue,black,brown", "blue,black,brown"),
        (OBJECT, "R,100,G,200,B,150", "R=100,G=200,B=150"),
        (["a,b", "c"], "a%2Cb,c", "a%2Cb,c"),
        ("a/b ?#%é=", "a%2Fb%20%3F%23%25%C3%A9%3D", "a%2Fb%20%3F%23%25%C3%A9%3D"),
        ({"a=": "b,"}, "a%3D,b%2C", "a%3D=b%2C"),
        ([[1], None], "%5B1%5D", "%5B1%5D"),
    ],
    "label": [
        ("blue", ".blue", ".blue"),
        (7, ".7", ".7"),
        (False, ".false", ".false"),
        (LIST, ".blue,black,brown", ".blue.black.brown"),
        (OBJECT, ".R,100,G,200,B,150", ".R=100.G=200.B=150"),
        ("a/b", ".a%2Fb", ".a%2Fb"),
    ],
    "matrix": [
        ("blue", ";color=blue", ";color=blue"),
        ("", ";color", ";color"),
        (7, ";color=7", ";color=7"),
        (False, ";color=false", ";color=false"),
        (LIST, ";color=blue,black,brown", ";color=blue;color=black;color=brown"),
        (OBJECT, ";color=R,100,G,200,B,150", ";R=100;G=200;B=150"),
        ("a;b/c", ";color=a%3Bb%2Fc", ";color=a%3Bb%2Fc"),
    ],
}


@pytest.mark.parametrize(("style", "value", "plain", "exploded"), [(s, *c) for s, cs in PATHS.items() for c in cs])
def test_paths(style, value, plain, exploded):
    assert path(style, False, value) == plain
    assert path(style, True, value) == exploded


@pytest.mark.parametrize("style", ["simple", "label", "matrix"])
@pytest.mark.parametrize("value", [None, [], {}, [None], {"a": None}], ids=str)
def test_nothing_is_no_value_of_a_path(style, value):
    """The request would go to another resource, to the list of all for example."""
    with pytest.raises(PathEscape):
        path(style, False, value)


@pytest.mark.parametrize(
    ("style", "value"), [("simple", ""), ("simple", "."), ("simple", ".."), ("label", "."), ("label", "")]
)
def test_a_value_leads_nowhere_else(style, value):
    with pytest.raises(PathEscape):
        path(style, False, value)


def test_headers():
    assert header(False, "blue") == "blue"
    assert header(False, "a b&c=%2F") == "a b&c=%2F"
    assert [header(False, value) for value in (7, 7.5, True, "")] == ["7", "7.5", "true", ""]
    assert [header(False, value) for value in (None, [], {}, [None])] == [None] * 4
    assert header(False, LIST) == header(True, LIST) == "blue,black,brown"
    assert header(False, OBJECT) == "R,100,G,200,B,150"
    assert header(True, OBJECT) == "R=100,G=200,B=150"
    assert header(False, NESTED) == 'a,[1,{"b":true}]'


@pytest.mark.parametrize("value", ["a\r\nX: y", "a\0", "a\x7f", "é", ["a", "b\n"]])
def test_headers_that_cannot_be_sent_are_refused(value):
    """They are never encoded; a line end would begin another header."""
    with pytest.raises(ParamUnplaceable):
        header(False, value)


def test_cookies():
    """Exploded ones are cookies of their own: an `&` between them, as the table has it, no server would read."""
    assert cookie(True, "blue") == "color=blue"
    assert cookie(False, LIST) == "color=blue,black,brown"
    assert cookie(True, LIST) == "color=blue; color=black; color=brown"
    assert cookie(False, OBJECT) == "color=R,100,G,200,B,150"
    assert cookie(True, OBJECT) == "R=100; G=200; B=150"
    assert cookie(True, "a=b/c+d==") == "color=a=b/c+d=="
    assert cookie(True, 'a; b, "c"\r\n%é') == "color=a%3B%20b%2C%20%22c%22%0D%0A%25%C3%A9"
    assert [cookie(True, value) for value in (None, [], {})] == [None] * 3


def test_parameters_written_as_a_media_type():
    value = {"a": [1, None], "b": "é &"}
    text = '{"a":[1,null],"b":"é &"}'

    def written(location, **more):
        return request(location, "content", False, value, media_type="application/json", **more)

    assert unquote(written("query").url.partition("?color=")[2]) == text
    assert written("header", name="X").headers["X"] == '{"a":[1,null],"b":"\\u00e9 &"}'
    assert unquote(written("path", path="/{color}").url.rpartition("/")[2]) == text
    assert unquote(written("cookie").headers["Cookie"]) == f"color={text}"
    assert query("content", False, "a", media_type="application/json") == "color=%22a%22"
    assert query("content", False, "a b", media_type="text/plain") == "color=a%20b"
    with pytest.raises(ParamUnplaceable):
        query("content", False, {"a": 1}, media_type="application/xml")


@pytest.mark.parametrize("location", ["query", "path", "header", "cookie"])
@pytest.mark.parametrize("value", ["\ud800", ["\udfff"], {"\ud800": 1}], ids=ascii)
def test_half_characters_are_refused(location, value):
    style = {"query": "form", "cookie": "form"}.get(location, "simple")
    with pytest.raises(ParamUnplaceable):
        request(location, style, False, value, path="/{color}")


SCALARS = st.text() | st.integers() | st.booleans()


@given(st.text(min_size=1), SCALARS | st.lists(SCALARS), st.booleans())
def test_a_query_can_be_read_back(name, value, reserved):
    """By a parser that is not ours. Texts with `%` apart: where reserved characters stay, so do encoded ones."""
    every = value if isinstance(value, list) else [value]
    texts = [text if isinstance(text, str) else json.dumps(text) for text in every]
    if reserved:
        texts = [text.replace("%", "") for text in texts]
    given_ = texts if isinstance(value, list) else texts[0]

    found = query("form", True, given_, name=name, allow_reserved=reserved)

    assert parse_qsl(found, keep_blank_values=True) == [(name, text) for text in texts]


@given(st.dictionaries(st.text(), SCALARS), st.sampled_from(["form", "deepObject"]))
def test_an_object_can_be_read_back(value, style):
    expected = [(k, v if isinstance(v, str) else json.dumps(v)) for k, v in value.items()]

    found = parse_qsl(query(style, True, value), keep_blank_values=True)

    assert found == [(f"color[{key}]" if style == "deepObject" else key, text) for key, text in expected]


@given(st.lists(st.text(), min_size=2), st.sampled_from(["form", "spaceDelimited", "pipeDelimited"]))
def test_a_list_in_one_value_can_be_read_back(value, style):
    """Split first and decoded then, as RFC 6570 means it: an item may hold the comma. The others are encoded
    themselves, so their items cannot."""
    delimiter = {"form": ",", "spaceDelimited": "%20", "pipeDelimited": "%7C"}[style]
    value = [text.replace(" ", "_").replace("|", "_") for text in value]

    found = query(style, False, value).removeprefix("color=")

    assert [unquote(part) for part in found.split(delimiter)] == value


@given(st.text(min_size=1), st.sampled_from(["simple", "label", "matrix"]))
def test_a_path_keeps_its_segments(text, style):
    try:
        found = path(style, False, text)
    except PathEscape:
        assert text in {".", ".."}
        return
    lead = {"simple": "", "label": ".", "matrix": ";color="}[style]
    assert "/" not in found
    assert unquote(found) == lead + text
