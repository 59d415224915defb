"""Bodies of every kind: the bytes that a document asks for."""

from __future__ import annotations

import json
from base64 import b64encode
from email import message_from_bytes
from email.policy import HTTP
from io import BytesIO
from urllib.parse import parse_qs, parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.formparser import parse_form_data

from jackfield.definition.openapi.plan import BodyPlan, OperationPlan, PartPlan
from jackfield.execution.errors import ParamUnplaceable
from jackfield.execution.openapi import build

PNG = b"\x89PNG\r\n\x1a\n\0\xff"
FORM = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data"


def base64(content):
    return b64encode(content).decode()


def sent(body, params, method="POST"):
    plan = OperationPlan(method=method, path="/x", body=body)
    built = build(plan, params, config={}, base_url="https://h.example")
    return built.content, built.headers.get("Content-Type")


def whole(media_type, value, **more):
    return sent(BodyPlan(media_types=(media_type,), param="body", **more), {"body": value})


def parts(content, content_type):
    """Read by the parser of the standard library."""
    message = message_from_bytes(f"Content-Type: {content_type}\r\n\r\n".encode() + content, policy=HTTP)
    return [
        (
            part.get_param("name", header="content-disposition"),
            part.get_filename(),
            part.get("Content-Type"),
            part.get_payload(decode=True),
        )
        for part in message.iter_parts()
    ]


@pytest.mark.parametrize("media_type", ["application/json", "application/vnd.acme.v2+json", "application/json; v=1"])
@pytest.mark.parametrize("value", [{"a": 1}, [1, "é"], "text", 7, 2**70, True, None, {}, [], ""], ids=str)
def test_json_of_every_type(media_type, value):
    content, content_type = whole(media_type, value)

    assert json.loads(content) == value
    assert content_type == media_type


def test_properties_that_are_params_have_their_names_on_the_wire():
    body = BodyPlan(media_types=("application/json",), properties={"first_name": "first-name", "n": "n", "x": "x"})

    content, _ = sent(body, {"first_name": "Ada", "n": None})

    assert json.loads(content) == {"first-name": "Ada", "n": None}


def test_members_that_the_document_does_not_name_are_not_lost():
    body = BodyPlan(media_types=("application/json",), properties={"a": "a"})

    assert json.loads(sent(body, {"a": 1, "more": [2]})[0]) == {"more": [2], "a": 1}
    with pytest.raises(ParamUnplaceable, match="`more`"):
        sent(None, {"more": 1})


@pytest.mark.parametrize(
    ("media_type", "expected"),
    [("application/json", b"{}"), ("*/*", b"{}"), (FORM, b""), ("application/x+json", b"{}")],
)
@pytest.mark.parametrize("names", [{"param": "body"}, {"properties": {"a": "a"}}], ids=["whole", "properties"])
def test_a_required_body_always_goes_out(media_type, expected, names):
    content, content_type = sent(BodyPlan(media_types=(media_type,), required=True, **names), {})

    assert content == expected
    assert content_type == ("application/json" if media_type == "*/*" else media_type)


@pytest.mark.parametrize("names", [{"param": "body"}, {"properties": {"a": "a"}}], ids=["whole", "properties"])
def test_an_optional_body_goes_out_when_it_is_given(names):
    assert sent(BodyPlan(media_types=("application/json",), **names), {}) == (None, None)


@pytest.mark.parametrize("method", ["GET", "DELETE", "HEAD"])
def test_methods_that_rarely_have_a_body_have_one_where_the_document_says_so(method):
    body = BodyPlan(media_types=("application/json",), properties={"a": "a"})

    assert sent(body, {"a": 1}, method)[0] == b'{"a":1}'


def test_a_media_type_can_be_chosen():
    kinds = ("application/json", FORM, "text/csv")
    body = BodyPlan(media_types=kinds, param="body", choice="content_type")

    assert sent(body, {"body": {"a": 1}}) == (b'{"a":1}', "application/json")
    assert sent(body, {"body": {"a": 1}, "content_type": FORM}) == (b"a=1", FORM)
    assert sent(body, {"body": "a;b", "content_type": "text/csv"}) == (b"a;b", "text/csv")
    with pytest.raises(ParamUnplaceable):
        sent(body, {"body": "a", "content_type": "a/b\r\nX: y"})


def test_media_types_that_are_left_open_become_real_ones():
    """`Content-Type: */*` means nothing to a server."""
    assert whole("*/*", {"a": 1}) == (b'{"a":1}', "application/json")
    assert whole("*/*", "text") == (b"text", "text/plain; charset=utf-8")
    assert whole("application/*", [1]) == (b"[1]", "application/json")
    assert whole("image/*", base64(PNG), binary=True) == (PNG, "image/png")
    assert whole("*/*", base64(PNG), binary=True) == (PNG, "image/png")
    assert whole("image/*", base64(b"?"), binary=True) == (b"?", "application/octet-stream")
    assert whole("video/*", base64(PNG), binary=True) == (PNG, "application/octet-stream")


def test_text_and_xml_are_sent_as_they_are():
    assert whole("text/plain", "a b") == (b"a b", "text/plain")
    assert whole("text/plain", "é") == ("é".encode(), "text/plain; charset=utf-8")
    assert whole("text/plain", True) == (b"true", "text/plain")
    assert whole("text/csv; charset=utf-8", "é") == ("é".encode(), "text/csv; charset=utf-8")
    assert whole("application/xml", "<a>é</a>") == ("<a>é</a>".encode(), "application/xml")
    assert whole("application/yaml", {"a": [1]}) == (b'{"a":[1]}', "application/yaml")
    assert whole("application/x-ndjson", [{"a": 1}, 2]) == (b'{"a":1}\n2\n', "application/x-ndjson")
    with pytest.raises(ParamUnplaceable, match="made of JSON"):
        whole("application/xml", {"a": 1})


def test_bytes_come_in_base64_and_go_out_as_they_are():
    assert whole("application/octet-stream", base64(b"\0\xff\r\n"), binary=True) == (
        b"\0\xff\r\n",
        "application/octet-stream",
    )
    assert whole("image/png", "aGV s\nbG8=", binary=True) == (b"hello", "image/png")
    assert whole("image/png", "", binary=True) == (b"", "image/png")
    assert whole("image/png", None, binary=True) == (None, None)
    with pytest.raises(ParamUnplaceable, match="base64"):
        whole("image/png", "no base64!", binary=True)


VALUES = {
    "text": "a b&c=d+é",
    "number": 1.5,
    "flag": True,
    "nothing": None,
    "list": ["a", 2, False, None],
    "object": {"x": [1], "y": "é"},
    "empty": "",
    "none": [],
}


def test_a_form():
    content, content_type = whole(FORM, VALUES)

    assert content_type == FORM
    assert content.startswith(b"text=a%20b%26c%3Dd%2B%C3%A9&number=1.5&flag=true&list=a&list=2&list=false&object=")
    read = parse_qs(content.decode(), keep_blank_values=True)
    assert json.loads(read.pop("object")[0]) == VALUES["object"]
    assert read == {
        "text": ["a b&c=d+é"],
        "number": ["1.5"],
        "flag": ["true"],
        "list": ["a", "2", "false"],
        "empty": [""],
    }


STYLED = [
    (PartPlan(style="form"), ["a", "b"], "p=a&p=b"),
    (PartPlan(style="form", explode=False), ["a", "b c"], "p=a,b%20c"),
    (PartPlan(style="form"), {"x": 1, "y": True}, "x=1&y=true"),
    (PartPlan(style="spaceDelimited", explode=False), ["a", "b"], "p=a%20b"),
    (PartPlan(style="pipeDelimited", explode=False), ["a", "b"], "p=a%7Cb"),
    (PartPlan(style="deepObject"), {"x": {"y": [1, 2]}}, "p%5Bx%5D%5By%5D%5B0%5D=1&p%5Bx%5D%5By%5D%5B1%5D=2"),
    (PartPlan(style="form", allow_reserved=True), "a/b:c&d", "p=a/b:c%26d"),
    (PartPlan(media_types=("application/json",)), "a", "p=%22a%22"),
    (PartPlan(media_types=("text/plain",)), {"x": 1}, "p=%7B%22x%22%3A1%7D"),
    (PartPlan(binary=True, base64=True), base64(b"\xff a"), "p=%FF%20a"),
]


@pytest.mark.parametrize(("plan", "value", "expected"), STYLED)
def test_properties_of_a_form_as_their_encoding_says(plan, value, expected):
    assert whole(FORM, {"p": value}, parts={"p": plan})[0] == expected.encode()


def test_parts_of_every_type():
    content, content_type = whole(MULTIPART, VALUES)

    found = parts(content, content_type)
    assert [part for part in found if part[0] != "object"] == [
        ("text", None, None, "a b&c=d+é".encode()),
        ("number", None, None, b"1.5"),
        ("flag", None, None, b"true"),
        ("list", None, None, b"a"),
        ("list", None, None, b"2"),
        ("list", None, None, b"false"),
        ("empty", None, None, b""),
    ]
    (obj,) = [part for part in found if part[0] == "object"]
    assert obj[2] == "application/json"
    assert json.loads(obj[3]) == VALUES["object"]


def test_files_and_the_encoding_of_parts():
    plans = {
        "file": PartPlan(binary=True, base64=True),
        "picture": PartPlan(binary=True, base64=True, media_types=("image/png", "image/jpeg")),
        "any": PartPlan(binary=True, base64=True, media_types=("image/*",)),
        "text_file": PartPlan(binary=True, media_types=("text/csv",)),
        "meta": PartPlan(media_types=("application/vnd.a+json",), headers={"X-Part": "1", "content-type": "no"}),
        "tags": PartPlan(style="form", explode=False),
        "deep": PartPlan(style="deepObject"),
    }
    value = {
        "file": [base64(b"\0\r\n--"), base64(b"2")],
        "picture": base64(PNG),
        "any": base64(PNG),
        "text_file": "a;é",
        "meta": "x",
        "tags": ["a", "b"],
        "deep": {"a": 1, "b": [True]},
    }

    content, content_type = whole(MULTIPART, value, parts=plans)

    assert parts(content, content_type) == [
        ("file", "file", "application/octet-stream", b"\0\r\n--"),
        ("file", "file", "application/octet-stream", b"2"),
        ("picture", "picture.png", "image/png", PNG),
        ("any", "any.png", "image/png", PNG),
        ("text_file", "text_file.csv", "text/csv", "a;é".encode()),
        ("meta", None, "application/vnd.a+json", b'"x"'),
        ("tags", None, None, b"a,b"),
        ("deep[a]", None, None, b"1"),
        ("deep[b][0]", None, None, b"true"),
    ]
    assert b"\r\nX-Part: 1\r\n" in content
    assert content.count(b"content-type") == 0


def test_names_of_parts_cannot_break_out():
    content, _ = whole(MULTIPART, {'a"\r\nX: y': "1"})

    assert b'name="a%22%0D%0AX: y"\r\n\r\n1\r\n' in content


def test_equal_requests_have_equal_bytes():
    """What a plan shows is what is sent: a boundary by chance would differ."""
    assert whole(MULTIPART, VALUES) == whole(MULTIPART, VALUES)
    assert whole(MULTIPART, VALUES)[1] != whole(MULTIPART, {"a": 1})[1]


@pytest.mark.parametrize("media_type", [FORM, MULTIPART])
@pytest.mark.parametrize("plan", [PartPlan(), PartPlan(style="deepObject"), PartPlan(binary=True)], ids=str)
def test_a_name_that_is_not_valid_unicode_is_an_error_with_a_word(media_type, plan):
    with pytest.raises(ParamUnplaceable, match="not valid Unicode"):
        whole(media_type, {"\ud800": {"\ud800": "a"}}, parts={"\ud800": plan})


@pytest.mark.parametrize("media_type", [FORM, MULTIPART])
@pytest.mark.parametrize("value", [["a"], 7], ids=str)
def test_what_has_no_names_is_no_form(media_type, value):
    with pytest.raises(ParamUnplaceable):
        whole(media_type, value)


@given(st.dictionaries(st.text(min_size=1), st.text()))
def test_forms_can_be_read_back(value):
    assert parse_qsl(whole(FORM, value)[0].decode(), keep_blank_values=True) == list(value.items())


@given(st.dictionaries(st.text("abc_-", min_size=1), st.binary(), min_size=1))
def test_files_can_be_read_back(value):
    plans = dict.fromkeys(value, PartPlan(binary=True, base64=True))
    content, content_type = whole(MULTIPART, {name: base64(data) for name, data in value.items()}, parts=plans)

    environ = {
        "REQUEST_METHOD": "POST",
        "CONTENT_TYPE": content_type,
        "CONTENT_LENGTH": str(len(content)),
        "wsgi.input": BytesIO(content),
    }
    _, _, files = parse_form_data(environ)
    found = {}
    for name, file in files.items():
        found[name] = file.read()
        file.close()
    assert found == value


def test_each_media_type_is_written_with_its_own_encoding():
    """As its document says it for that one alone."""
    deep = {"to": PartPlan(style="deepObject")}
    plan = BodyPlan(
        media_types=(FORM, MULTIPART), properties={"to": "to"}, parts=deep, own_parts={MULTIPART: {}}, choice="type"
    )
    form, _ = sent(plan, {"to": {"name": "a"}})
    content, content_type = sent(plan, {"to": {"name": "a"}, "type": MULTIPART})

    assert form == b"to%5Bname%5D=a"
    assert parts(content, content_type) == [("to", None, "application/json", b'{"name":"a"}')]
