"""The connectors that come with Jackfield."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from typing import Any

import pytest

from jackfield import InvalidParams, run_command
from jackfield.connectors.delay import Delay
from jackfield.connectors.http import Http
from jackfield.credentials.errors import CredentialInvalid
from servers import Answer, Asked, Service, serve


def echo(asked: Asked) -> Answer:
    body = asked.body.decode()
    headers = {name: value for name, value in asked.headers.items() if name != "host"}
    told = {"method": asked.method, "path": asked.path, "query": asked.query, "headers": headers, "body": body}
    return Answer(status=int(asked.path.strip("/")) if asked.path.strip("/").isdigit() else 200, body=told)


@pytest.fixture
def service() -> Iterator[Service]:
    with serve(echo) as running:
        yield running


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
def test_http_sends_every_method(service: Service, method: str):
    """B16: PATCH too."""
    outcome = run_command(Http, None, {"url": f"{service.url}/x", "method": method}, allow=service.address)

    assert (outcome.status, outcome.body["method"]) == (200, method)


def test_http_sends_head(service: Service):
    """There is no body to read."""
    outcome = run_command(Http, "request", {"url": f"{service.url}/x", "method": "HEAD"}, allow=service.address)

    assert (outcome.status, outcome.body, service.asked[0].method) == (200, None, "HEAD")


@pytest.mark.parametrize(
    ("body", "sent", "content_type"),
    [
        ({"a": [1]}, '{"a":[1]}', "application/json"),
        ([1, 2], "[1,2]", "application/json"),
        (7, "7", "application/json"),
        ("plain", "plain", "text/plain; charset=utf-8"),
    ],
)
def test_http_sends_json_and_text(service: Service, body: Any, sent: str, content_type: str):
    """Text as it is, everything else as JSON."""
    params = {
        "url": f"{service.url}/x",
        "method": "POST",
        "body": body,
        "query": {"q": ["a b", 2]},
        "headers": {"X-A": "b"},
    }
    seen = run_command(Http, None, params, allow=service.address).body

    assert (seen["body"], seen["query"], seen["headers"]["x-a"]) == (sent, {"q": ["a b", "2"]}, "b")
    assert seen["headers"]["content-type"] == content_type


def test_binary_content_is_flagged():
    """C04: bytes are no JSON, and text that is base64 could not be told apart."""
    with serve(lambda _: Answer(body=b"\x89PNG\r\n", headers={"Content-Type": "image/png"})) as service:
        outcome = run_command(Http, None, {"url": service.url}, allow=service.address)

    assert outcome.body == {"base64": base64.b64encode(b"\x89PNG\r\n").decode(), "contentType": "image/png"}


def test_an_error_status_is_an_answer(service: Service):
    """B11: a generic request cannot know what 404 means to its caller."""
    outcome = run_command(Http, None, {"url": f"{service.url}/404"}, allow=service.address)

    assert (outcome.success, outcome.status) == (True, 404)


SCHEMES = [
    ({"auth": "bearer", "token": "tok-0123456789"}, "headers", "authorization", "Bearer tok-0123456789"),
    (
        {"auth": "basic", "username": "ann", "password": "pa:ss-0123"},
        "headers",
        "authorization",
        "Basic " + base64.b64encode(b"ann:pa:ss-0123").decode(),
    ),
    ({"auth": "api_key", "api_key": "key-0123456789"}, "headers", "x-api-key", "key-0123456789"),
    (
        {"auth": "api_key", "api_key": "key-0123456789", "api_key_location": "query", "api_key_name": "k"},
        "query",
        "k",
        ["key-0123456789"],
    ),
    (
        {"auth": "api_key", "api_key": "key-0123456789", "api_key_location": "cookie", "api_key_name": "sid"},
        "headers",
        "cookie",
        "sid=key-0123456789",
    ),
]


@pytest.mark.parametrize(("config", "part", "name", "value"), SCHEMES)
def test_http_sends_the_credential_exactly(service: Service, config: dict[str, Any], part: str, name: str, value: Any):
    """I01, I02, Z08: on the wire as the scheme says, and masked in what comes back."""
    outcome = run_command(Http, None, {"url": "/x"}, config=config | {"base_url": service.url}, allow=service.address)
    (asked,) = service.asked

    assert getattr(asked, part)[name] == value
    assert "0123456789" not in str(outcome.to_json())


def test_http_answers_a_digest_challenge():
    """I14: the password is not sent."""

    def guarded(asked: Asked) -> Answer:
        if "authorization" in asked.headers:
            return Answer(body=asked.headers["authorization"].partition(" ")[0])
        return Answer(status=401, headers={"WWW-Authenticate": 'Digest realm="r", nonce="n", qop="auth"'})

    with serve(guarded) as service:
        config = {"auth": "digest", "username": "ann", "password": "pass-0123456789", "base_url": service.url}
        outcome = run_command(Http, None, {"url": "/x"}, config=config, allow=service.address)

    assert (outcome.status, outcome.body, len(service.asked)) == (200, "Digest", 2)


def test_http_signs_for_aws(service: Service):
    """I14: with the region and the service of the connection."""
    config = {
        **{"auth": "aws_sigv4", "access_key_id": "AKID", "secret_access_key": "key-0123456789"},
        **{"region": "eu-central-1", "service": "execute-api", "base_url": service.url},
    }
    seen = run_command(Http, None, {"url": "/x"}, config=config, allow=service.address).body["headers"]

    assert "/eu-central-1/execute-api/aws4_request" in seen["authorization"]
    assert "x-amz-security-token" not in seen


def test_http_shows_no_certificate_to_a_plain_address(service: Service):
    """I14: nobody there asks for it."""
    config = {"auth": "mtls", "certificate": "c", "private_key": "k-0123456789", "base_url": service.url}
    with pytest.raises(CredentialInvalid, match="not https"):
        run_command(Http, None, {"url": "/x"}, config=config, allow=service.address)

    assert service.asked == []


def test_a_credential_field_is_needed_only_for_its_scheme(service: Service):
    """A07: conditional fields."""
    from jackfield.registry.errors import ConnectorNotConfigured

    assert run_command(Http, None, {"url": f"{service.url}/x"}, allow=service.address).success
    with pytest.raises(ConnectorNotConfigured, match="username, password"):
        run_command(Http, None, {"url": f"{service.url}/x"}, config={"auth": "basic"}, allow=service.address)


@pytest.mark.parametrize(
    "address",
    ["{other}/steal", "{base}.evil.example/x", "{base}/../up", "{base}/%2e%2e/up", "{root}/elsewhere", "/..//x"],
)
def test_a_credential_goes_to_addresses_below_the_base_url_only(service: Service, address: str):
    """Whoever may call the connector must not be able to read its secret on a server of their own."""
    with serve(echo) as other:
        base = f"{service.url}/api"
        config = {"auth": "bearer", "token": "tok-0123456789", "base_url": base}
        url = address.format(other=other.url, base=base, root=service.url)
        allow = f"{service.address},{other.address}"
        outcome = run_command(Http, None, {"url": url}, config=config, allow=allow)
        good = run_command(Http, None, {"url": f"{base}/x?q=1"}, config=config, allow=allow)

    assert outcome.code == "not-below-base-url"
    assert other.asked == []
    assert [asked.path for asked in service.asked] == ["/api/x"]
    assert good.success


def test_delay_waits_and_says_how_long():
    """B16, note 1.3: `delayMs`, default 1000, answers `delayed`."""
    assert run_command(Delay, None, {"delayMs": 1}).payload == {"delayed": 1}
    assert Delay.definition.commands["wait"].properties["delayMs"]["default"] == 1000
    assert Delay.definition.default_command == "wait"


@pytest.mark.parametrize("value", [-1, 300_001, "soon", 1.5])
def test_delay_refuses_what_is_no_time(value: Any):
    """A09."""
    with pytest.raises(InvalidParams, match="/delayMs"):
        run_command(Delay, None, {"delayMs": value})
