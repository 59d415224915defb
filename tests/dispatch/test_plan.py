"""Calls that are written and not sent."""

from __future__ import annotations

import json
from base64 import b64encode
from typing import Any

import pytest

from jackfield import Jackfield, JackfieldError
from servers import Answer, Asked, Service, serve

KEY = "sk-plan-0123456789"
SHORT = "k3y"


def echo(asked: Asked) -> Answer:
    return Answer(body={"path": asked.path})


@pytest.fixture
def service():
    """The service that would be called."""
    with serve(echo) as running:
        yield running


def spec(url: str, *operations: dict[str, Any], **more: Any) -> dict[str, Any]:
    listed = [{"name": "op", "method": "POST", "path": "/x"} | each for each in operations or ({},)]
    return {"name": "crm", "baseUrl": url, "operations": listed} | more


def opened(service: Service, *operations: dict[str, Any], secret: str = KEY, **more: Any) -> Jackfield:
    url = more.pop("url", service.url)
    settings = {name: more.pop(name) for name in ("mock",) if name in more}
    return Jackfield(
        types=[],
        connectors=[spec(url, *operations, **more)],
        secrets={"CRM_KEY": secret},
        egress_allow=service.address,
        **settings,
    )


AUTH = {
    "bearer": ({"type": "bearer", "secret": "CRM_KEY"}, {"Authorization": "Bearer ********"}, ""),
    "basic": (
        {"type": "basic", "username": "ann", "password": {"secret": "CRM_KEY"}},
        {"Authorization": "Basic ********"},
        "",
    ),
    "prefix": (
        {"type": "api_key", "secret": "CRM_KEY", "name": "X-Key", "prefix": "Token "},
        {"X-Key": "Token ********"},
        "",
    ),
    "cookie": (
        {"type": "api_key", "secret": "CRM_KEY", "name": "sid", "location": "cookie"},
        {"Cookie": "sid=********"},
        "",
    ),
    "query": ({"type": "api_key", "secret": "CRM_KEY", "name": "key", "location": "query"}, {}, "?key=********"),
}


@pytest.mark.parametrize("secret", [KEY, SHORT], ids=["long", "short"])
@pytest.mark.parametrize("kind", AUTH)
def test_a_credential_is_a_mask_wherever_it_goes(service: Service, kind: str, secret: str):
    """A short one too, which the mask of an outcome does not look for."""
    auth, headers, query = AUTH[kind]
    with opened(service, secret=secret, auth=auth) as jf:
        outcome = jf.connector("crm", "op", {}, plan=True)

    assert outcome.payload == {"method": "POST", "url": f"{service.url}/x{query}", "headers": headers}
    assert secret not in json.dumps(outcome.to_json())
    assert b64encode(f"ann:{secret}".encode()).decode() not in json.dumps(outcome.to_json())
    assert service.asked == []


def test_a_secret_in_a_template_is_a_mask(service: Service):
    """However the template takes it apart."""
    with Jackfield(
        types=[],
        connectors=[
            spec(
                service.url,
                {"headers": {"X-Code": "{{ code }}", "X-Part": "{{ code[:2] }}"}, "path": "/x?code={{ code }}"},
                connectionConfig={"code": {"type": "secret"}},
                config={"code": "zq7"},
            )
        ],
    ) as jf:
        outcome = jf.connector("crm", "op", {}, plan=True)

    assert outcome.payload["url"] == f"{service.url}/x?code=********"
    assert outcome.payload["headers"] == {"X-Code": "********", "X-Part": "**"}


def test_secret_params_and_headers_of_the_caller_are_masks(service: Service):
    parameters = {"properties": {"pin": {"type": "string", "format": "password"}}}
    with opened(service, {"parameters": parameters}) as jf:
        outcome = jf.connector("crm", "op", {"pin": "4711"}, headers={"X-Api-Key": "abc", "X-Team": "b"}, plan=True)

    assert outcome.payload["body"] == {"pin": "********"}
    assert {"X-Api-Key": "********", "X-Team": "b"}.items() <= outcome.payload["headers"].items()


def test_what_is_planned_is_what_is_sent(service: Service):
    """The same code writes both."""
    with opened(service, {"path": "/x/{id}"}, auth={"type": "bearer", "secret": "CRM_KEY"}) as jf:
        asked = ("crm", "op", {"path": {"id": "é/1"}, "query": {"q": "a b"}, "body": {"n": [1, None]}})
        planned = jf.connector(*asked, headers={"Authorization": "Bearer mine-0123456789"}, plan=True).payload
        jf.connector(*asked, headers={"Authorization": "Bearer mine-0123456789"})
    (sent,) = service.asked

    assert planned["url"] == f"{service.url}{sent.path}?q=a%20b"
    assert sent.query == {"q": ["a b"]}
    assert planned["body"] == json.loads(sent.body)
    assert planned["headers"] == {"Content-Type": sent.headers["content-type"], "Authorization": "********"}


def test_a_form_is_text_with_masks_that_can_be_read(service: Service):
    operation = {
        "headers": {"Content-Type": "application/x-www-form-urlencoded"},
        "parameters": {"properties": {"pin": {"type": "string", "format": "password"}}},
    }
    with opened(service, operation) as jf:
        outcome = jf.connector("crm", "op", {"pin": "4711", "name": "a b"}, plan=True)

    assert outcome.payload["body"] == "pin=********&name=a%20b"


def test_a_plan_takes_no_idempotency_key(service: Service):
    """The call itself comes after it, with the same key."""
    with opened(service) as jf:
        jf.connector("crm", "op", {"a": 1}, plan=True, idempotency_key="k")
        jf.connector("crm", "op", {"a": 2}, idempotency_key="k")

    assert len(service.asked) == 1


def test_a_plan_is_recorded_like_a_read(service: Service):
    with opened(service) as jf:
        made = jf.connector("crm", "op", {"a": 1}, plan=True)
        kept = jf.manage.executions.get(made.metadata["executionId"])

    assert kept.status == "COMPLETED"
    assert kept.outcome["metadata"]["plan"] is True
    assert kept.outcome["payload"] == made.payload


@pytest.mark.parametrize("mock", [{"mock": True}, {"mocks": {"enabled": True}}], ids=["everywhere", "of the connector"])
def test_mocks_that_are_switched_on_do_not_stand_in_for_a_plan(service: Service, mock: dict[str, Any]):
    """Neither sends anything, and a plan was asked for."""
    with opened(service, {"mock": {"default": {"a": 1}}}, **mock) as jf:
        assert jf.connector("crm", "op", {}, plan=True).payload["method"] == "POST"


@pytest.mark.parametrize("asked", [{"use_mock": True}, {"scenario": "default"}])
def test_a_plan_and_a_mock_are_not_both_given(service: Service, asked: dict[str, Any]):
    with opened(service, {"mock": {"default": {"a": 1}}}) as jf, pytest.raises(JackfieldError) as caught:
        jf.connector("crm", "op", {}, plan=True, **asked)

    assert (caught.value.code, caught.value.status) == ("invalid-option", 422)


def test_where_nothing_may_be_sent_there_is_still_a_plan(service: Service):
    """The network policy is asked when something is sent."""
    with opened(service, url="http://10.0.0.1") as jf:
        assert jf.connector("crm", "op", {}, plan=True).payload["url"] == "http://10.0.0.1/x"


@pytest.mark.parametrize(
    ("operation", "params", "more", "code"),
    [
        ({"path": "/x/{id}"}, {"id": ".."}, {}, "path-escape"),
        ({"parameters": {"properties": {"n": {"type": "integer"}}}}, {"n": "x"}, {}, "invalid-params"),
        ({}, {}, {"auth": {"type": "bearer", "secret": "NONE"}}, "credential-missing"),
        ({}, {"headers": {"Host": "elsewhere"}}, {}, "header-refused"),
    ],
)
def test_what_could_not_be_sent_is_no_plan(
    service: Service, operation: dict[str, Any], params: dict[str, Any], more: dict[str, Any], code: str
):
    with opened(service, operation, **more) as jf, pytest.raises(JackfieldError) as caught:
        jf.connector("crm", "op", params, plan=True)

    assert caught.value.code == code


def test_a_credential_that_cannot_be_sent_is_told(service: Service):
    """The mask in its place could be."""
    auth = {"type": "bearer", "secret": "CRM_KEY"}
    with opened(service, auth=auth, secret="two\nlines-0123456789") as jf, pytest.raises(JackfieldError) as caught:
        jf.connector("crm", "op", {}, plan=True)

    assert caught.value.code == "credential-invalid"


def test_a_plan_need_not_look_like_an_answer(service: Service):
    """What the command promises it promises of its answer."""
    operation = {"outputSchema": {"type": "object", "required": ["id"]}, "strictOutputs": True}
    with opened(service, operation) as jf:
        assert jf.connector("crm", "op", {}, plan=True).success


def described(content: dict[str, Any]) -> dict[str, Any]:
    """An OpenAPI document of one operation with a body."""
    operation = {
        "operationId": "op",
        "requestBody": {"required": True, "content": content},
        "responses": {"200": {"description": "Done"}},
    }
    info = {"title": "Desk", "version": "1"}
    return {"openapi": "3.0.3", "info": info, "paths": {"/x": {"post": operation}}}


def planned_body(service: Service, content: dict[str, Any], params: dict[str, Any]) -> Any:
    desk = {"name": "desk", "spec": described(content), "config": {"baseUrl": service.url}}
    with Jackfield(types=[], connectors=[desk]) as jf:
        return jf.connector("desk", "op", params, plan=True).payload["body"]


def test_a_body_that_is_no_text_is_base64(service: Service):
    content = {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}
    body = b64encode(b"\xff\xfe\x00").decode()

    assert planned_body(service, content, {"body": body}) == {"base64": body}


def test_a_secret_file_is_a_mask_too(service: Service):
    """It is given in base64, which asterisks are not."""
    file = {"type": "string", "format": "byte", "writeOnly": True}
    content = {
        "multipart/form-data": {
            "schema": {"type": "object", "properties": {"f": file}},
            "encoding": {"f": {"contentType": "application/octet-stream"}},
        }
    }
    body = planned_body(service, content, {"f": b64encode(b"the secret of the caller").decode()})

    assert "********" in body
    assert "secret of" not in body


def test_secret_lists_and_objects_keep_their_form(service: Service):
    """One text in place of them all would be another request."""
    secret = {"type": "object", "writeOnly": True, "properties": {"a": {"type": "array"}, "b": {"type": "integer"}}}
    content = {"application/json": {"schema": {"type": "object", "properties": {"hidden": secret}}}}

    body = planned_body(service, content, {"hidden": {"a": ["x", 1], "b": 4711}})

    assert body == {"hidden": {"a": ["********", "********"], "b": "********"}}
