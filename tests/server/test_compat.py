"""Every spelling of a call that the guides know yields the same call, and nothing that is sent is more than refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jackfield.access.principal import LOCAL
from jackfield.dispatch.call import Call, CallOptions
from jackfield.errors import JackfieldError
from jackfield.surfaces.rest.compat import origin_of, read_call, read_json

DATA = {"channel": "general", "limit": 5}
WISH = {"timeout": 2000, "useMock": True}


def call(body: Any, **more: Any) -> Call:
    return read_call(body, principal=LOCAL, target="acme", **more)


def refused(body: Any, **more: Any) -> tuple[str, str]:
    """Code and message of what is said to a body."""
    with pytest.raises(JackfieldError) as caught:
        call(body, **more)
    return caught.value.code, caught.value.message


def error_of(work: Callable[[], Any]) -> JackfieldError | None:
    """The typed error that `work` ends with, if it does. Any other exception fails the test."""
    try:
        work()
    except JackfieldError as error:
        return error
    return None


STYLES = {
    "structured": {"command": "list_messages", "params": DATA, "options": WISH},
    "structured, options beside": {"command": "list_messages", "params": DATA, "options": WISH, "credentialId": None},
    "resource": {"resource": "list_messages", "data": DATA, "options": WISH},
    "action": {"action": "list_messages", "parameters": DATA, "options": WISH},
}


@pytest.mark.parametrize("body", STYLES.values(), ids=STYLES)
def test_every_style_with_options_is_the_same_call(body):
    """FEATURES L03."""
    asked = call(body)

    assert (asked.command, asked.params) == ("list_messages", DATA)
    assert asked.options == CallOptions(timeout_s=2.0, use_mock=True)


def test_a_flat_body_is_the_same_call_without_options():
    assert call({"command": "list_messages", **DATA}) == call({"command": "list_messages", "params": DATA})


@pytest.mark.parametrize(
    "body",
    [
        {"command": "c"},
        {"command": "c", "params": None},
        {"command": "c", "params": {}, "options": None},
        {"resource": "c"},
        {"resource": "c", "data": None, "options": None},
        {"action": "c", "parameters": {}},
    ],
)
def test_what_is_left_out_or_null_is_empty(body):
    assert call(body) == call({"command": "c", "params": {}})


@pytest.mark.parametrize("body", [{}, {"command": None}, {"command": ""}, {"command": None, "params": {}}])
def test_without_a_command_the_default_one_is_meant(body):
    assert (call(body).command, call(body).params) == (None, {})


def test_without_a_command_the_whole_body_is_params():
    """Also words that mean something beside a command."""
    assert call({"params": {"a": 1}, "options": {}, "x": 1}).params == {"params": {"a": 1}, "options": {}, "x": 1}
    assert call({"resource": "r", "data": {}, "more": 1}).params == {"resource": "r", "data": {}, "more": 1}
    assert call({"data": {}}).params == {"data": {}}


def test_flat_params_may_be_called_as_anything_but_params():
    flat = {"resource": "r", "data": 1, "options": {}, "action": "a", "idempotencyKey": "k", "plan": True}

    asked = call({"command": "c", **flat})

    assert asked.params == flat
    assert asked.options == CallOptions()


def test_a_param_called_params_needs_a_structured_body_and_the_error_says_so():
    code, message = refused({"command": "c", "params": "text"})

    assert (code, message) == ("body-unclear", "`params` is a text, not an object")
    assert call({"command": "c", "params": {"params": "text"}}).params == {"params": "text"}


def test_a_structured_body_with_a_stray_key_is_refused_and_names_it():
    assert refused({"command": "c", "params": {}, "limit": 1}) == (
        "body-unclear",
        "beside `params` the body has `limit`",
    )


@pytest.mark.parametrize("key", ["idempotencyKey", "idempotency_key", "idempotency-key", "IdempotencyKey"])
@pytest.mark.parametrize("inside", [True, False], ids=["inside", "beside"])
def test_an_option_is_taken_beside_and_inside_in_any_case(key, inside):
    body = {"options": {key: "k1"}} if inside else {key: "k1"}

    assert call({"command": "c", "params": {}, **body}).options.idempotency_key == "k1"


@pytest.mark.parametrize(
    "body",
    [
        {"idempotencyKey": "a", "idempotency_key": "b"},
        {"idempotencyKey": "a", "options": {"idempotencyKey": "a"}},
        {"idempotencyKey": "a", "options": {"idempotency_key": "b"}},
        {"options": {"idempotencyKey": "a", "idempotency_key": "a"}},
        {"options": {}, "Options": {"timeout": 2000}, "plan": False, "PLAN": False},
    ],
)
def test_what_is_given_twice_is_refused(body):
    """The last one must not win in silence."""
    code, message = refused({"command": "c", "params": {}, **body})

    assert code == "invalid-option"
    assert message.endswith("is given twice")


def test_a_null_beside_does_not_stand_against_an_option():
    body = {"command": "c", "params": {}, "idempotencyKey": None, "options": {"idempotencyKey": "a"}}

    assert call(body).options.idempotency_key == "a"


@pytest.mark.parametrize(("header", "key"), [("k1", "k1"), ('"k1"', "k1"), ('"', '"'), ('a"b', 'a"b')])
def test_the_key_of_the_header_may_be_quoted(header, key):
    """The draft of the header has it as a quoted text, and most clients send it plain."""
    assert call({"command": "c"}, key=header).options.idempotency_key == key


@pytest.mark.parametrize("header", ["", '""'])
def test_an_empty_key_is_none_and_is_refused(header):
    """A client whose key got lost must not believe that its write happens once."""
    assert refused({"command": "c"}, key=header)[0] == "invalid-option"


@pytest.mark.parametrize("style", ["idempotencyKey", "idempotency_key"])
def test_the_same_key_may_be_in_header_and_body_and_no_other(style):
    body = {"command": "c", "params": {}, "options": {style: "k1"}}

    assert call(body, key='"k1"').options.idempotency_key == "k1"
    assert call({**body, "options": {style: None}}, key="k1").options.idempotency_key == "k1"
    assert refused(body, key="k2")[0] == "invalid-option"
    assert refused({**body, "options": {style: ["k1"]}}, key="k1")[0] == "invalid-option"


@pytest.mark.parametrize("body", [{"limit": 5}, {"params": {"limit": 5}}, {"params": {"limit": 5}, "options": {}}])
def test_a_command_in_the_path_has_a_body_of_params(body):
    asked = call(body, command="list_messages")

    assert (asked.command, asked.params) == ("list_messages", {"limit": 5})


@pytest.mark.parametrize("client", ["sdk", "cli"])
def test_who_asks_is_told_by_the_header(client):
    assert origin_of(client).trigger == client
    assert origin_of(client).text_only is (client == "cli")


@pytest.mark.parametrize("client", [None, "", "SDK", "workflow", "x" * 10_000])
def test_nobody_passes_for_a_part_of_the_server(client):
    assert origin_of(client).trigger == "api"
    assert origin_of(client).text_only is False


def nested(levels: int) -> bytes:
    return b"[" * levels + b"]" * levels


@pytest.mark.parametrize(
    "option", ["timeout", "retries", "useMock", "scenario", "headers", "credentialId", "plan", "version"]
)
@pytest.mark.parametrize("value", [nested(1000), b'{"a":' * 900 + b"1" + b"}" * 900, b"1" + b"0" * 200, b'"a"'])
def test_no_value_of_an_option_is_too_odd_to_be_refused(option, value):
    """Not even to be shown."""
    content = b'{"command": "c", "params": {}, "options": {"%s": %s}}' % (option.encode(), value)
    error = error_of(lambda: call(read_json(content)))

    assert error is None or (error.status in {400, 422} and len(error.message) < 300)


def test_an_error_does_not_repeat_a_megabyte():
    long = "x" * 1_000_000
    bodies = [
        {"command": "c", "params": {}, long: 1},
        {"command": "c", "params": {}, "options": {long: 1}},
        {"command": "c", "params": {}, "options": {"timeout": long}},
        {"command": "c", "params": {}, "options": {"useMock": long}},
    ]

    assert all(len(refused(body)[1]) < 300 for body in bodies)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=12,
)
STYLE = ["command", "params", "resource", "data", "action", "parameters", "PARAMS", "x"]
BESIDE = ["options", "Options", "plan", "credentialId", "credential_id", "idempotencyKey", "idempotency_key"]
WORDS = st.sampled_from(STYLE) | st.sampled_from(BESIDE)
INNER = st.sampled_from(["timeout", "useMock", "use_mock", "scenario", "headers", "retries", "idempotencyKey", "x"])
BODIES = st.dictionaries(WORDS, VALUES | st.dictionaries(INNER, VALUES, max_size=4), max_size=6)


@given(VALUES | BODIES, st.none() | st.text(max_size=6), st.none() | st.just("c"))
def test_any_json_is_a_call_or_is_refused(body, key, command):
    """Nothing that can be sent is more than a typed error with a status below 500."""
    error = error_of(lambda: call(body, key=key, command=command))

    assert error is None or (400 <= error.status < 500 and error.hint)


@given(st.binary(max_size=40) | VALUES.map(lambda value: repr(value).encode("utf-8", "surrogatepass")))
def test_any_bytes_are_json_or_are_refused(content):
    error = error_of(lambda: read_json(content))

    assert error is None or (error.code, error.status) == ("body-unreadable", 400)


@given(st.dictionaries(st.text(max_size=8), VALUES, max_size=4), st.text(min_size=1, max_size=8))
def test_params_arrive_as_they_were_sent_in_every_style(params, command):
    """FEATURES L03."""
    bodies = [
        {"command": command, "params": params},
        {"resource": command, "data": params},
        {"action": command, "parameters": params},
    ]
    bodies += [] if {"command", "params"} & params.keys() else [{"command": command, **params}]
    calls = [call(body) for body in bodies]

    assert {each.command for each in calls} == {command}
    assert all(each.params == params for each in calls)
