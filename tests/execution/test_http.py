"""Declarative operations on the wire: the request is the one that was defined, the outcome says what came back."""

from __future__ import annotations

import json
from urllib.parse import unquote

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st
from yarl import URL

from jackfield.definition.errors import InvalidDefinition
from jackfield.definition.operations import read_operations
from jackfield.definition.secret import Secret
from jackfield.execution.errors import (
    BaseUrlUnusable,
    ParamUnplaceable,
    PathEscape,
    TemplateRefused,
    TemplateVariableMissing,
)
from jackfield.execution.http import HttpModel, check_operations
from jackfield.execution.http.paths import compile_path
from jackfield.execution.http.plan import Plans

SLACK = """
connectors:
  - name: slack-api
    namespace: default
    baseUrl: https://slack.com/api
    auth:
      type: bearer
      secret: SLACK_BOT_TOKEN
    operations:
      - name: post_message
        method: POST
        path: /chat.postMessage
        parameters:
          type: object
          properties:
            channel: { type: string }
            text: { type: string }
          required: [channel, text]
"""


def declared(*names, **more):
    return {"properties": {name: {} for name in names} | more}


async def test_the_connector_of_the_guide_posts_its_message(run, service):
    """As it stands there; only the address is that of the test."""
    (body,) = yaml.safe_load(SLACK)["connectors"]

    outcome = await run(body, "post_message", {"channel": "C1", "text": "hi"}, baseUrl=f"{service.url}/api")

    assert outcome.success
    (asked,) = service.asked
    assert (asked.method, asked.target) == ("POST", "/api/chat.postMessage")
    assert json.loads(asked.body) == {"channel": "C1", "text": "hi"}
    assert asked.headers["Content-Type"] == "application/json"


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
@pytest.mark.parametrize("mapping", ["json", "query", "path_and_json", "path_and_query"])
async def test_params_land_as_the_mapping_says(run, service, one, method, mapping):
    """And GET and HEAD send no body, whatever it says."""
    body = one(method=method, path="/a/{id}", mapping=mapping, parameters=declared("x", "tags"))

    await run(body, "op", {"id": 7, "x": "1 2", "tags": ["a", "b"]})

    (asked,) = service.asked
    in_query = mapping in {"query", "path_and_query"} or method in {"GET", "HEAD"}
    assert asked.method == method
    assert asked.target == ("/a/7?x=1+2&tags=a&tags=b" if in_query else "/a/7")
    assert asked.body == (b"" if in_query else b'{"x": "1 2", "tags": ["a", "b"]}')


async def test_each_param_may_have_a_place_of_its_own(run, service, one):
    """One operation with path, query, header, cookie and body params."""
    places = {"q": "query", "X-Trace": "header", "sid": "cookie", "note": "body"}
    body = one(method="POST", path="/a/{user-id}/{{ part }}", parameters=declared(*places), mapping=places)
    params = {"user-id": "ü/1", "part": "p", "q": "a&b", "X-Trace": 5, "sid": "a;b", "note": None, "other": True}

    await run(body, "op", params)

    (asked,) = service.asked
    assert asked.target == "/a/%C3%BC%2F1/p?q=a%26b"
    assert asked.headers["X-Trace"] == "5"
    assert asked.headers["Cookie"] == "sid=a%3Bb"
    assert json.loads(asked.body) == {"note": None, "other": True}


@pytest.mark.parametrize(
    ("value", "content", "content_type"),
    [([1, 2], b"[1, 2]", "application/json"), ("<a/>", b"<a/>", "text/plain; charset=utf-8"), (None, b"", None)],
)
async def test_one_param_may_be_the_whole_body(run, service, one, value, content, content_type):
    """Services that take a list or a document have no name for it."""
    body = one(method="PUT", parameters=declared("q", data={"in": "content"}), mapping="query")

    await run(body, "op", {"data": value, "q": 1})

    (asked,) = service.asked
    assert (asked.target, asked.body) == ("/things?q=1", content)
    if content_type:
        assert asked.headers["Content-Type"] == content_type


async def test_a_param_may_have_another_name_for_the_service(run, service, one):
    """Callers say `channelId`; the service has called it `channel` for years, in each place."""
    names = {"channelId": "channel", "traceId": "X-Trace", "pageSize": "per_page"}
    parameters = {
        "properties": {"channelId": {}, "traceId": {"in": "header"}, "pageSize": {"in": "query"}, "text": {}},
    }
    body = one(method="POST", parameters=parameters, names=names)

    await run(body, "op", {"channelId": "C1", "traceId": "t", "pageSize": 5, "text": "hi", "more": 1})

    (asked,) = service.asked
    assert asked.target == "/things?per_page=5"
    assert asked.headers["X-Trace"] == "t"
    assert json.loads(asked.body) == {"channel": "C1", "text": "hi", "more": 1}


async def test_an_operation_may_have_an_address_of_its_own(run, service, one):
    """Vendors keep uploads on another host; all other operations go where the connection says."""
    body = one({"connectionConfig": {"site": {"type": "string"}}}, baseUrl="{site}/files")

    await run(body, "op", baseUrl="https://nobody.example", site=service.url)

    assert service.asked[0].target == "/files/things"


async def test_a_form_is_sent_where_the_headers_announce_one(run, service, one):
    """Many older services take nothing else."""
    headers = {"content-type": "application/x-www-form-urlencoded"}
    body = one({"headers": headers}, method="POST", parameters=declared("a", "b"))

    await run(body, "op", {"a": "1 &", "b": [True, 2]})

    assert service.asked[0].body == b"a=1%20%26&b=true&b=2"
    with pytest.raises(ParamUnplaceable):
        await run(body, "op", {"a": {"b": 1}})


async def test_a_declared_body_is_sent_even_when_it_is_empty(run, service, one):
    """Services answer an absent body with a parser error, and an unexpected one with another."""
    await run(one(method="POST", parameters=declared("a")), "op")
    await run(one(method="POST"), "op")

    assert [asked.body for asked in service.asked] == [b"{}", b""]


async def test_static_headers_see_params_and_connection(run, service, one):
    """The operation's header wins over the connector's, a param over both; null and unset ones are left out."""
    connector = {
        "connectionConfig": {"key": {"type": "secret"}, "region": {"type": "string"}},
        "headers": {"X-Key": "{{ config.key }}", "x-lang": "en", "X-A": "connector", "X-Trace": "static"},
    }
    headers = {
        "X-Lang": "{{ lang | default('de') }}",
        "X-Path": "{{ params.id }}@{{ region }}",
        "X-None": "{{ none }}",
        "Cookie": "theme=dark",
    }
    body = one(
        connector,
        path="/{id}",
        headers=headers,
        parameters=declared(**{"lang": {}, "none": {}, "x-trace": {"in": "header"}, "sid": {"in": "cookie"}}),
    )

    params = {"id": "7", "none": None, "x-trace": ["a", "b"], "sid": 1}
    await run(body, "op", params, key=Secret("k3y"), region="eu")

    found = service.asked[0].headers
    assert [found.getall(name) for name in ("X-Key", "X-Lang", "X-A", "X-Path", "X-Trace", "Cookie")] == [
        ["k3y"],
        ["de"],
        ["connector"],
        ["7@eu"],
        ["a, b"],
        ["theme=dark; sid=1"],
    ]
    assert "X-None" not in found


async def test_a_header_of_the_connector_may_use_a_param_of_some_operations(run, service, one):
    """It stands there once for all; those that do not have the param need the default."""
    body = one({"headers": {"X-Lang": "{{ lang | default('en') }}"}}, parameters=declared("lang"))
    body["operations"].append({"name": "other", "method": "GET", "path": "/other"})
    check_operations(read_operations(body))

    await run(body, "op", {"lang": "de"})
    await run(body, "other")

    assert [asked.headers["X-Lang"] for asked in service.asked] == ["de", "en"]


async def test_a_path_may_have_a_query_and_expressions(run, service, one):
    """Fixed params such as an API version belong to the operation."""
    path = "/{{ config.site }}/{{ id | upper }}.json?api-version=2024-01-01&q={q}&f=a%20{{ id }}&flag"
    body = one({"connectionConfig": {"site": {"type": "string"}}}, path=path, parameters=declared("id", "p"))

    await run(body, "op", {"id": "a/b", "q": ["1", "2&"], "p": None}, site="s")

    assert service.asked[0].target == "/s/A%2FB.json?api-version=2024-01-01&q=1&q=2%26&f=a+a/b&flag="


@pytest.mark.parametrize(
    ("base", "path", "target"),
    [
        ("{url}", "/x", "/x"),
        ("{url}/", "/x", "/x"),
        ("{url}/api/v1/", "/x", "/api/v1/x"),
        ("{url}/api", "x/", "/api/x/"),
        ("{url}/api", "/", "/api/"),
        ("{url}/api", "", "/api"),
        ("{url}/api", "?a=1", "/api?a=1"),
        ("{url}/{{{{ tenant }}}}", "/x", "/a%2Fb/x"),
        ("{url}/t-{{tenant}}/v1", "/x", "/t-a%2Fb/v1/x"),
        ("{{{{ top }}}}/v2", "/x", "/top/v2/x"),
        ("{{{{ top }}}}", "/x", "/top/x"),
    ],
)
async def test_the_base_path_is_kept(run, service, one, base, path, target):
    """Joining as browsers do would drop `/api/v1`."""
    fields = {"tenant": {"type": "string"}, "top": {"type": "string"}}
    body = one({"connectionConfig": fields}, path=path)

    await run(body, "op", baseUrl=base.format(url=service.url), tenant="a/b", top=f"{service.url}/top/")

    assert service.asked[0].target == target


@pytest.mark.parametrize(
    "base", ["", None, "ftp://a", "https://", "http://a/?b", "http://a/#b", "http://u:p@a", "http://a b", "http://a/{"]
)
async def test_an_unusable_base_url_is_told_before_anything_is_sent(run, one, base):
    """It comes from a form that a person has filled in."""
    with pytest.raises(BaseUrlUnusable):
        await run(one(), "op", baseUrl=base)


@pytest.mark.parametrize("site", ["evil.example/", "evil.example#", "evil.example?", "a@evil.example", "", "-", "a\\b"])
async def test_a_value_in_the_host_can_be_a_name_only(run, one, site):
    """Else a field of the connection could send its credential anywhere."""
    fields = {"site": {"type": "string"}}
    with pytest.raises(BaseUrlUnusable):
        await run(one({"connectionConfig": fields}), "op", baseUrl="https://{site}.good.example", site=site)


async def test_a_missing_path_param_is_named(run, one):
    """Embedded callers may come without a schema in between."""
    with pytest.raises(TemplateVariableMissing) as caught:
        await run(one(path="/{id}"), "op", {"idd": 1})

    assert caught.value.details["variable"] == "id"


@pytest.mark.parametrize(
    ("place", "value"),
    [
        ("path", {"a": 1}),
        ("path", [1]),
        ("path", None),
        ("path", "\ud800"),
        ("query", {"a": 1}),
        ("query", [{"a": 1}]),
        ("query", "\ud800"),
        ("header", {"a": 1}),
        ("header", "a\r\nX-Evil: 1"),
        ("header", "a\x00"),
        ("cookie", {"a": 1}),
    ],
)
async def test_values_that_a_place_cannot_hold_are_refused_by_name(run, service, one, place, value):
    """Python's own text of a dict on the wire helps nobody, and a line end would begin another header."""
    body = one(path="/{it}") if place == "path" else one(parameters=declared(it={"in": place}))
    with pytest.raises(ParamUnplaceable) as caught:
        await run(body, "op", {"it": value})

    assert caught.value.details["param"] == "it"
    assert service.asked == []


TRAVERSALS = [
    *("..", ".", "", "../", "../../etc/passwd", "..%2f", "%2e%2e", "%2E%2E/", "..\\", "\\", "/", "//evil.example"),
    *("?a=1", "#a", "%00", "\x00", "%", "%%", "\N{ONE DOT LEADER}\N{ONE DOT LEADER}", "\N{FULLWIDTH FULL STOP}" * 2),
    *(
        ";a=b",
        "..;",
        "@evil.example",
        ":80",
        "http://evil.example/",
        "a b",
        "a\r\nb",
        "ü",
        "~.-_",
        "\N{FULLWIDTH SOLIDUS}",
    ),
]


@pytest.mark.parametrize("value", TRAVERSALS)
async def test_no_value_leaves_the_path_of_the_operation(run, service, one, value):
    """What arrives is one segment with exactly this value, or nothing arrives."""
    try:
        await run(one(path="/safe/{id}/end"), "op", {"id": value})
    except PathEscape:
        assert value in {"", ".", ".."}
        return

    segments = service.asked[0].target.split("/")
    assert [*segments[:2], *segments[3:]] == ["", "safe", "end"]
    assert URL(f"http://a/{segments[2]}", encoded=True).name == value


hostile = st.one_of(
    st.text(max_size=20),
    st.lists(st.sampled_from(["..", ".", "/", "\\", "%2e", "%2F", "%", "?", "#", "@", ":", "a", "\x00"])).map("".join),
    st.sampled_from(TRAVERSALS),
)


@given(
    st.sampled_from(["/v1/{a}", "/v1/{a}/x/{b}", "/v1/{a}{b}", "/v1/{a}.json", "/v1/x{{ a }}-{b}/"]), hostile, hostile
)
@example("/v1/{a}{b}", ".", ".")
@example("/v1/{a}", "..", "")
def test_a_filled_path_normalises_to_itself_under_its_template(path, a, b):
    """Judged by yarl, which is what the client and many servers normalise with."""
    base = "https://good.example:8443/base"
    try:
        filled = compile_path(path).fill({"a": a, "b": b})
    except (PathEscape, ParamUnplaceable):
        return

    url = URL(base + filled)
    assert url.origin() == URL("https://good.example:8443")
    assert url.raw_path.startswith("/base/v1/")
    assert url.raw_path.count("/") == ("/base" + path).count("/")
    assert [unquote(segment) for segment in url.raw_path.split("/")[2:]] == [
        *map(unquote, filled.removeprefix("/").split("/"))
    ]
    assert (url.raw_query_string, url.raw_fragment) == ("", "")


@pytest.mark.parametrize(
    ("response", "content", "content_type", "payload"),
    [
        ("json", b'{"a": 1}', "application/json", {"a": 1}),
        ("json", b'{"a": 1}', "text/plain", {"a": 1}),
        ("json", b"plain", "application/json", "plain"),
        ("json", b"gr\xfc\xdf", "text/plain; charset=latin-1", "grüß"),
        ("json", b"\xff\x00", "image/png", {"base64": "/wA=", "contentType": "image/png"}),
        ("json", b"", "", None),
        ("text", b'{"a": 1}', "application/json", '{"a": 1}'),
        ("text", b"gr\xfc\xdf", "text/plain; charset=latin-1", "grüß"),
        ("bytes", b"\xff\x00", "image/png", {"base64": "/wA=", "contentType": "image/png"}),
        ("$.data.items[0].id", b'{"data": {"items": [{"id": 5}]}}', "application/json", 5),
        ({"path": "data.items"}, b'{"data": {"items": []}}', "application/json", []),
        ("$.a[*].b", b'{"a": [{"b": 1}, {"b": 2}]}', "application/json", [1, 2]),
        ("$['a b'][\"c.d\"]", b'{"a b": {"c.d": null}}', "application/json", None),
        ("$[1]", b"[1, 2]", "application/json", 2),
        ("$", b"[1, 2]", "application/json", [1, 2]),
    ],
)
async def test_the_payload_is_what_the_response_mapping_takes(
    run, service, one, response, content, content_type, payload
):
    """Whatever the service calls its content."""
    service.answers(content, content_type=content_type)

    outcome = await run(one(response=response), "op")

    assert (outcome.success, outcome.payload, outcome.metadata) == (True, payload, {"status": 200})


@pytest.mark.parametrize(
    ("path", "missing"),
    [("$.b", "b"), ("$.a.b", "b"), ("$.a[3]", "3"), ("$.a[*].x", "x"), ("$[0]", "0"), ("$[*]", "[*]"), ("$.t.x", "x")],
)
async def test_a_part_that_is_not_there_is_a_failure_with_the_answer(run, service, one, path, missing):
    """A success without payload would be taken for an empty list."""
    service.answers(b'{"a": [{"y": 1}], "t": "text"}')

    outcome = await run(one(response=path), "op")

    assert (outcome.success, outcome.code) == (False, "response-path-missing")
    assert outcome.diagnostics["missing"] == missing
    assert outcome.diagnostics["body"] == {"a": [{"y": 1}], "t": "text"}
    assert outcome.diagnostics["status"] == 200


@pytest.mark.parametrize("status", [400, 401, 404, 418, 429, 500, 503])
async def test_an_error_status_is_a_failure_with_status_and_body(run, service, one, status):
    """The message names the operation's path, not the filled one, which may hold a key."""
    service.answers(b'{"error": "no"}', status=status)

    outcome = await run(one(path="/things/{id}"), "op", {"id": "k3y"})

    assert (outcome.success, outcome.code) == (False, "upstream-status")
    assert outcome.diagnostics == {"status": status, "body": {"error": "no"}}
    assert outcome.metadata["status"] == status
    assert outcome.error == f"the service answered `{status}` to GET /things/{{id}}"


@pytest.mark.parametrize(
    ("errors", "status", "expected"),
    [
        ("ignore", 500, (True, {"error": "no"}, None)),
        ({"404": "empty"}, 404, (True, None, None)),
        ({404: "ok"}, 404, (True, {"error": "no"}, None)),
        ({"4xx": "empty", "404": "ok"}, 404, (True, {"error": "no"}, None)),
        ({"4XX": "said {{ body.error }} with {{ status }} to {{ id }}"}, 409, (False, None, "said no with 409 to 7")),
        ({"5xx": "{{ body.nope.deep }}"}, 500, (False, None, "the service answered `500` to GET /things/{id}")),
        ({"404": "empty"}, 500, (False, None, "the service answered `500` to GET /things/{id}")),
    ],
)
async def test_a_definition_may_say_what_a_status_means(run, service, one, errors, status, expected):
    """For some services 404 is an empty list; a message that cannot be rendered must not hide the status."""
    service.answers(b'{"error": "no"}', status=status)

    outcome = await run(one(path="/things/{id}", errors=errors), "op", {"id": 7})

    assert (outcome.success, outcome.payload, outcome.error) == expected


async def test_secrets_do_not_get_into_error_messages(run, service, one):
    """They do get into headers, from the same variables."""
    service.answers(b"{}", status=500)
    body = one({"connectionConfig": {"key": {"type": "secret"}}}, errors={"500": "with {{ key }}"})

    outcome = await run(body, "op", key=Secret("k3y-k3y-k3y"))

    assert outcome.error == "with ********"


@pytest.mark.parametrize(
    ("keys", "place"),
    [
        ({"path": "/{{ ''.__class__ }}"}, "/operations/op/path"),
        ({"path": "/{{ nope | upper }}"}, "/operations/op/path"),
        ({"headers": {"X-A": "{{ cycler.__init__.__globals__ }}"}}, "/operations/op/headers/X-A"),
        ({"headers": {"X-A": "{% if 1 %}{% endif %}"}}, "/operations/op/headers/X-A"),
        ({"headers": {"X-A": "{{ parms.id }}"}}, "/operations/op/headers/X-A"),
        ({"errors": {"404": "{{ boddy }}"}}, "/operations/op/errors/404"),
        ({"parameters": {"properties": {"a": {"type": "strin"}}}}, "/operations/op/parameters"),
        ({"parameters": {"properties": {"a": {"$ref": "file:///etc/passwd"}}}}, "/operations/op/parameters"),
        ({"connector": {"headers": {"X-A": "{{ x() }}"}}}, "/headers/X-A"),
        ({"connector": {"baseUrl": "https://{{ a.b() }}.example"}}, "/baseUrl"),
        ({"connector": {"baseUrl": "https://{{ nope | lower }}.example"}}, "/baseUrl"),
    ],
)
async def test_templates_and_schemas_are_judged_when_a_definition_is_checked(run, service, one, keys, place):
    """And again when the operation runs for the first time; nothing is sent."""
    keys = dict(keys)
    body = one(keys.pop("connector", None), **keys)
    body["operations"].append({"name": "fine", "method": "GET", "path": "/"})
    with pytest.raises(InvalidDefinition) as caught:
        check_operations(read_operations(body))

    assert [fault["pointer"] for fault in caught.value.details["errors"]] == [place]
    if place != "/baseUrl":
        with pytest.raises(InvalidDefinition):
            await run(body, "op")
    assert service.asked == []


async def test_a_template_in_a_param_is_text(run, service, one):
    """Only definitions are templates; callers' values are sent as they are."""
    await run(one(method="POST", path="/{id}", parameters=declared("a")), "op", {"id": "{{ 1 }}", "a": "{{ config }}"})

    assert service.asked[0].target == "/%7B%7B%201%20%7D%7D"
    assert json.loads(service.asked[0].body) == {"a": "{{ config }}"}


async def test_an_attribute_walk_that_only_a_call_reveals_is_refused(run, service, one):
    """What the value is decides; before the call it could have been an object."""
    with pytest.raises(TemplateRefused):
        await run(one(path="/{{ params.a.upper }}", parameters=declared("a")), "op", {"a": "text"})

    assert service.asked == []


def test_mocks_are_the_payloads_of_the_definition(one):
    """They need neither a service nor code."""
    definition = read_operations(one(mock={"default": {"id": 1}, "none": None}))
    command = definition.commands["op"]

    assert command.scenarios == ("default", "none")
    assert HttpModel().mock(definition, command, "default", {}).payload == {"id": 1}


def test_plans_are_made_once_and_go_with_their_definition(one):
    """A connector that is saved again has a new definition; the old one must not stay for ever."""
    plans, definition = Plans(), read_operations(one())
    first = plans.get(definition, definition.commands["op"])

    assert plans.get(definition, definition.commands["op"]) is first
    other = read_operations(one(method="POST"))
    assert plans.get(other, other.commands["op"]).method == "POST"
    del definition, other
    assert plans._kept == {}


def test_what_is_wrong_for_all_operations_is_said_once():
    """And looked for once: a definition has thousands of operations, and saving it keeps others waiting."""
    operations = [{"name": name, "method": "GET", "path": "/"} for name in ("one", "two", "three")]
    body = {"name": "x", "baseUrl": "https://x.example", "headers": {"X": "{{ nope }}"}, "operations": operations}
    with pytest.raises(InvalidDefinition) as caught:
        check_operations(read_operations(body))

    assert [fault["pointer"] for fault in caught.value.details["errors"]] == ["/headers/X"]


async def test_a_list_of_names_leads_into_the_json_body(run, service, one):
    """Services have objects in objects; callers have params."""
    names = {"text": ["message", "text"], "to": ["message", "to", "id"]}
    body = one(method="POST", parameters=declared("text", "to", "plain"), names=names)

    await run(body, "op", {"text": "hi", "to": 1, "plain": True})

    assert json.loads(service.asked[0].body) == {"message": {"text": "hi", "to": {"id": 1}}, "plain": True}


async def test_what_a_caller_makes_up_replaces_no_object_that_is_declared(run, service, one):
    """Nor is it changed: it is the caller's."""
    body = one(method="POST", parameters=declared("text"), names={"text": ["message", "text"]})

    for made_up in ({"text": "mine"}, "mine"):
        with pytest.raises(ParamUnplaceable, match="`message` is given too"):
            await run(body, "op", {"text": "hi", "message": made_up})
        assert made_up in ({"text": "mine"}, "mine")


async def test_a_body_of_parts(run, service, one):
    """`Content-Type: multipart/form-data`: files in base64, objects as JSON, a part for each item; null is left out."""
    parameters = declared("note", "list", "object", "none", file={"type": "string", "contentEncoding": "base64"})
    body = one(method="POST", parameters=parameters, headers={"Content-Type": "multipart/form-data"})

    await run(body, "op", {"note": 'a"b', "list": [1, True], "object": {"a": 1}, "none": None, "file": "AP8="})

    (asked,) = service.asked
    assert asked.headers["Content-Type"].startswith("multipart/form-data; boundary=")
    parts = asked.body.split(b"--" + asked.headers["Content-Type"].partition("boundary=")[2].encode())[1:-1]
    assert parts == [
        b'\r\nContent-Disposition: form-data; name="note"\r\n\r\na"b\r\n',
        b'\r\nContent-Disposition: form-data; name="list"\r\n\r\n1\r\n',
        b'\r\nContent-Disposition: form-data; name="list"\r\n\r\ntrue\r\n',
        b'\r\nContent-Disposition: form-data; name="object"\r\nContent-Type: application/json\r\n\r\n{"a":1}\r\n',
        b'\r\nContent-Disposition: form-data; name="file"; filename="file"\r\nContent-Type: application/octet-stream'
        b"\r\n\r\n\0\xff\r\n",
    ]


async def test_a_file_that_is_no_base64_is_refused(run, one):
    parameters = declared(file={"type": "string", "contentEncoding": "base64"})
    body = one(method="POST", parameters=parameters, headers={"Content-Type": "multipart/form-data"})

    with pytest.raises(ParamUnplaceable, match="it is no base64"):
        await run(body, "op", {"file": "not base64!"})
