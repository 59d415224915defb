"""Where a request goes and what it says of itself."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jackfield.definition.openapi.plan import BodyPlan, OperationPlan, ParameterPlan, ServerPlan
from jackfield.definition.secret import Secret
from jackfield.execution.errors import BaseUrlUnusable, ParamUnplaceable, PathEscape
from jackfield.execution.openapi import build


def param(name, location="path", /, **more):
    style = {"query": "form", "cookie": "form"}.get(location, "simple")
    return ParameterPlan(**{"param": name, "name": name, "location": location, "style": style, "explode": False} | more)


def url(path, params=None, *, base="https://h.example/v1", config=None, server=None, places=None, parameters=()):
    every = (*(param(name) for name in (params or {}) if f"{{{name}}}" in path), *parameters)
    plan = OperationPlan(method="GET", path=path, parameters=every, server=server)
    return build(plan, params or {}, config=config or {}, base_url=base, places=places).url


PATHS = [
    ("/a/{id}", {"id": "x y/z"}, "/v1/a/x%20y%2Fz"),
    ("/a/{id}/b/{a-b}", {"id": 1, "a-b": True}, "/v1/a/1/b/true"),
    ("/a/{id}.json", {"id": "x"}, "/v1/a/x.json"),
    ("/a/{id}:cancel", {"id": "x:y"}, "/v1/a/x%3Ay:cancel"),
    ("/a/{x}{y}", {"x": "1", "y": "2"}, "/v1/a/12"),
    ("/a b/é/%20/100%", {}, "/v1/a%20b/%C3%A9/%20/100%25"),
    ("/a/(b)/c='{id}'", {"id": "it's"}, "/v1/a/(b)/c='it%27s'"),
    ("/a/", {}, "/v1/a/"),
    ("/", {}, "/v1/"),
    ("", {}, "/v1/"),
    ("a", {}, "/v1/a"),
    ("/a//b", {}, "/v1/a//b"),
    ("/a#one", {}, "/v1/a"),
    ("/#X-Amz-Target=A.B", {}, "/v1/"),
    ("/?Action=List", {}, "/v1/?Action=List"),
    ("/a?b=c d&e#f?g", {}, "/v1/a?b=c%20d&e"),
    ("/a?b={x}&c=1", {"x": "1&2"}, "/v1/a?b=1%262&c=1"),
    ("/a?b={x}", {"x": ""}, "/v1/a?b="),
    ("/a/{x?}/{y#}", {"x?": 1, "y#": 2}, "/v1/a/1/2"),
]


@pytest.mark.parametrize(("path", "params", "expected"), PATHS)
def test_paths_of_documents(path, params, expected):
    """As they come: with queries that select an action, fragments that tell two operations apart."""
    assert url(path, params) == f"https://h.example{expected}"


@pytest.mark.parametrize("value", ["", ".", "..", None, []])
def test_a_value_cannot_lead_away(value):
    with pytest.raises(PathEscape, match="`id`"):
        url("/a/{id}", {"id": value})


@given(st.text(), st.text())
def test_the_address_stays_under_its_template(one, two):
    try:
        found = urlsplit(url("/a/{x}/{y}.z", {"x": one, "y": two}))
    except PathEscape:
        return
    assert (found.scheme, found.netloc, found.query, found.fragment) == ("https", "h.example", "", "")
    assert found.path.startswith("/v1/a/")
    assert found.path.count("/") == 4


def test_a_param_wins_over_the_fixed_query_of_its_path():
    assert url("/?Action=A&v=1", {"Action": "B"}, parameters=[param("Action", "query")]).endswith("/?v=1&Action=B")


SERVERS = [
    (None, "https://h.example/v1/", {}, "https://h.example/v1/x"),
    (None, "https://{region}.h.example:{port}/{base}", {"region": "eu", "port": 8443, "base": "a/b"},
     "https://eu.h.example:8443/a/b/x"),
    (None, "{scheme}://h.example", {"scheme": "http"}, "http://h.example/x"),
    (None, "https://{host}/", {"host": "h.example:81"}, "https://h.example:81/x"),
    (None, "https://h.example/{v}", {"v": ""}, "https://h.example/x"),
    (None, "https://h.example/{v}", {"v": "a b?c#d"}, "https://h.example/a%20b%3Fc%23d/x"),
    (None, "https://h.example/{v}", {"v": Secret("t")}, "https://h.example/t/x"),
    (None, "https://h.example{v}", {"v": "/a/b"}, "https://h.example/a/b/x"),
    (None, "https://h.example{v}/c", {"v": ":81/a"}, "https://h.example:81/a/c/x"),
    (None, "https://{host}{v}", {"host": "h.example", "v": ""}, "https://h.example/x"),
    (None, "https://[::1]:80/v1", {}, "https://[::1]:80/v1/x"),
    (ServerPlan(url="https://up.example/2"), "https://h.example", {}, "https://up.example/2/x"),
    (ServerPlan(url="https://up.example"), "", {}, "https://up.example/x"),
    (ServerPlan(url="/2"), "https://h.example/v1", {}, "https://h.example/2/x"),
    (ServerPlan(url="2/"), "https://h.example/v1", {}, "https://h.example/v1/2/x"),
    (ServerPlan(url="//up.example"), "https://h.example/v1", {}, "https://up.example/x"),
    (ServerPlan(url="/"), "https://h.example/v1", {}, "https://h.example/x"),
    (ServerPlan(url="/{v}", variables={"v": "version_2"}), "https://h.example/v1", {"version2": "a"},
     "https://h.example/a/x"),
]  # fmt: skip


@pytest.mark.parametrize(("server", "base", "config", "expected"), SERVERS)
def test_servers(server, base, config, expected):
    assert url("/x", base=base, config=config, server=server) == expected


UNUSABLE = [
    (None, "", {}),
    (None, "/v1", {}),
    (ServerPlan(url="/v1"), "", {}),
    (None, "https://{region}.h.example", {}),
    (None, "https://{region}.h.example", {"region": "evil.example/"}),
    (None, "https://{region}.h.example", {"region": "evil.example:80"}),
    (None, "https://{region}.h.example", {"region": "evil.example#"}),
    (None, "https://{region}.h.example", {"region": "me@evil.example"}),
    (None, "https://{region}.h.example", {"region": ""}),
    (None, "https://{region}.h.example", {"region": "/"}),
    (None, "https://api{region}.h.example", {"region": "/"}),
    (None, "https://h.example{v}", {"v": ".evil.example"}),
    (None, "https://h.example{v}", {"v": "evil.example"}),
    (None, "https://h.example{v}", {"v": "@evil.example"}),
    (None, "https://h.example/{v}/a", {"v": "../.."}),
    (None, "https://h.example/{v}/a", {"v": "%2e%2e"}),
    (None, "https://h.example/?a=b", {}),
    (None, "ftp://h.example", {}),
    (None, "https://u:p@h.example", {}),
]


@pytest.mark.parametrize(("server", "base", "config"), UNUSABLE)
def test_addresses_that_are_none_or_lead_elsewhere(server, base, config):
    """Whoever fills in the region of a service must not get the keys that go to it."""
    with pytest.raises(BaseUrlUnusable):
        url("/x", base=base, config=config, server=server)


def test_headers_of_a_request():
    plan = OperationPlan(
        method="post",
        path="/x",
        parameters=(
            param("trace", "header", name="X-Trace"),
            param("cookie_header", "header", name="cookie"),
            param("session", "cookie"),
            param("length", "header", name="Content-Length"),
            param("absent", "header", name="X-Absent"),
        ),
        body=BodyPlan(media_types=("application/json",), param="body"),
        accept=("text/csv", "application/xml", "application/json", "application/json", "a/b;c=\r\nX: y", "nothing"),
    )
    params = {"trace": [1, True], "cookie_header": "a=b", "session": "s 1", "length": 3, "body": {}}

    built = build(plan, params, config={}, base_url="https://h.example")

    assert built.method == "POST"
    assert built.headers == {
        "Accept": "application/json, text/csv;q=0.5, application/xml;q=0.5",
        "X-Trace": "1,true",
        "Content-Type": "application/json",
        "Cookie": "a=b; session=s%201",
    }


def test_a_request_as_json():
    plan = OperationPlan(method="PUT", path="/x", body=BodyPlan(media_types=("image/png",), param="body", binary=True))

    built = build(plan, {"body": "/w=="}, config={}, base_url="https://h.example")

    assert built.to_json() == {
        "method": "PUT",
        "url": "https://h.example/x",
        "headers": {"Content-Type": "image/png"},
        "body": {"base64": "/w=="},
    }


def test_params_that_the_document_does_not_name():
    """Sent where the caller put them, or refused: a param that silently goes nowhere is the worst."""
    assert url("/x", {"extra": ["a b", True]}, places={"extra": "query"}).endswith("/x?extra=a%20b&extra=true")
    with pytest.raises(ParamUnplaceable, match="`extra`"):
        url("/x", {"extra": 1})


@pytest.mark.parametrize("location", ["query", "header", "cookie"])
@pytest.mark.parametrize("value", [[], {}, [None], {"a": None}], ids=str)
def test_what_has_to_be_there_is_not_left_out_in_silence(location, value):
    """Nothing would be sent for it, and the service would be asked for something else."""
    style = "simple" if location == "header" else "form"
    plans = [
        ParameterPlan(param="it", name="it", location=location, style=style, explode=True, required=required)
        for required in (True, False)
    ]
    needed, optional = (OperationPlan(method="GET", path="/x", parameters=(plan,)) for plan in plans)

    with pytest.raises(ParamUnplaceable, match="there is nothing in it"):
        build(needed, {"it": value}, config={}, base_url="https://h.example")
    assert build(optional, {"it": value}, config={}, base_url="https://h.example").url == "https://h.example/x"
