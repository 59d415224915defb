"""W02: a definition of FluxTurn's is called, over real HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from jackfield import Jackfield
from jackfield.registry.errors import ConnectorNotConfigured
from registry.fluxturn import ACME, KEY, acme, action
from servers import Answer, Asked, Service, serve


@pytest.fixture
def service() -> Iterator[Service]:
    def answer(asked: Asked) -> Answer:
        return Answer(body={"id": "m1"})

    with serve(answer) as running:
        yield running


def call(service: Service, document: dict[str, Any], command: str, data: dict[str, Any], **config: Any) -> Asked:
    """The request that the service saw."""
    body = {**document, "config": {"baseUrl": f"{service.url}/v1", **config}}
    with Jackfield(connectors=[body], egress_allow=service.address) as jf:
        assert jf.connector("acme", command, data).payload == {"id": "m1"}
    return service.asked[-1]


def test_the_action_of_the_guide_is_called_with_the_key_of_the_connection(service):
    """As the guide's class does it: `Authorization: Bearer`, and both params in a JSON body."""
    asked = call(service, ACME, "send_message", {"channel": "C1", "text": "hi"}, apiKey=KEY)

    assert (asked.method, asked.path, asked.json()) == ("POST", "/v1/messages", {"channel": "C1", "text": "hi"})
    assert asked.headers["authorization"] == f"Bearer {KEY}"


@pytest.mark.parametrize(
    ("keys", "config", "header", "value"),
    [
        ({"auth": {"type": "api_key", "name": "X-Acme"}}, {"apiKey": KEY}, "x-acme", KEY),
        ({"auth_type": "oauth2", "auth_fields": []}, {"accessToken": KEY}, "authorization", f"Bearer {KEY}"),
        (
            {"auth_type": "basic_auth", "auth_fields": []},
            {"username": "ann", "password": "pw"},
            "authorization",
            "Basic YW5uOnB3",
        ),
        ({"auth_type": "none", "auth_fields": []}, {}, "authorization", None),
    ],
    ids=str,
)
def test_requests_are_signed_as_the_definition_says(service, keys, config, header, value):
    """With what the connection holds."""
    asked = call(service, acme(**keys), "send_message", {"channel": "C1", "text": "hi"}, **config)

    assert asked.headers.get(header) == value


def test_params_go_where_the_mapping_says_and_by_those_names(service):
    """Path, query of a GET, a form, a header."""
    get = action("/c/:cid", id="get", method="GET", api_paramMapping={"cid": "cid", "pageSize": "per_page"})
    form = action(
        "/f", id="form", api_contentType="form", api_headers={"X-Trace": "{trace}"}, inputSchema={"trace": {}}
    )
    one = call(service, acme(get, form), "get", {"cid": "a/b", "pageSize": 5}, apiKey=KEY)
    two = call(service, acme(get, form), "form", {"trace": "t", "text": "hi there"}, apiKey=KEY)

    assert (one.path, one.query) == ("/v1/c/a%2Fb", {"per_page": ["5"]})
    assert (two.body, two.headers["x-trace"]) == (b"text=hi%20there", "t")


def test_without_its_key_the_connector_is_there_and_not_configured_yet(service):
    """Nothing is sent."""
    with Jackfield(connectors=[ACME], egress_allow=service.address) as jf, pytest.raises(ConnectorNotConfigured):
        jf.connector("acme", "send_message", {"channel": "C1", "text": "hi"})

    assert service.asked == []


def test_a_member_of_a_member_and_a_file_and_xml_reach_the_service(service):
    """Dotted names as objects, base64 as bytes, XML as it is."""
    document = acme(
        action("/json", id="json", api_paramMapping={"text": "message.text", "to": "message.to.id"}),
        action("/upload", id="upload", api_contentType="multipart/form-data", inputSchema={"file": "file", "note": {}}),
        action("/xml", id="xml", api_contentType="xml", inputSchema={"envelope": "string"}),
    )
    json = call(service, document, "json", {"text": "hi", "to": 7}, apiKey=KEY)
    file = call(service, document, "upload", {"file": "AAEC/w==", "note": "é"}, apiKey=KEY)
    xml = call(service, document, "xml", {"envelope": "<a>é</a>"}, apiKey=KEY)

    assert json.json() == {"message": {"text": "hi", "to": {"id": 7}}}
    assert file.headers["content-type"].startswith("multipart/form-data; boundary=")
    assert b'name="file"; filename="file"\r\nContent-Type: application/octet-stream\r\n\r\n\0\1\2\xff\r\n' in file.body
    assert 'name="note"\r\n\r\né\r\n'.encode() in file.body
    assert (xml.headers["content-type"], xml.body) == ("application/xml", "<a>é</a>".encode())
