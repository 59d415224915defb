"""AWS Signature Version 4, judged by AWS's own library over the bytes that went out."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from email.utils import format_datetime
from string import ascii_letters

import httpx2
import pytest
from botocore import auth as theirs
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from jackfield import AwsSigV4
from jackfield.credentials.errors import CredentialInvalid
from jackfield.definition.wire import Outgoing
from jackfield.egress.signed_transport import SignedTransport

from .services import Raw, answer, bench

KEY_ID, SECRET, TOKEN = "AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", "token/of+a==session"
MOMENT = 1_440_938_160.0  # 2015-08-30T12:36:00Z


def expected(request: Raw, *, host: str, service: str, s3: bool = False, token: str = "") -> str:
    """What botocore writes for a request that looks like `request`."""
    signed = {"content-type"} | {name for name in request.headers if name.startswith("x-amz-")}
    ours = {"x-amz-date", "x-amz-security-token", "x-amz-content-sha256"}
    headers = {name: value for name, value in request.headers.items() if name in signed - ours}
    judged = AWSRequest(request.method, f"http://{host}{request.target}", headers=headers, data=request.body)
    kind = theirs.S3SigV4Auth if s3 else theirs.SigV4Auth
    moment = datetime.strptime(request.headers["x-amz-date"], "%Y%m%dT%H%M%SZ")
    signer = kind(Credentials(KEY_ID, SECRET, token or None), service, "eu-central-1")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(theirs, "get_current_datetime", lambda *_, **__: moment.replace(tzinfo=UTC))
        signer.add_auth(judged)
    return judged.headers["Authorization"]


TEXT = st.text(ascii_letters + "0189 -._~!$&'()*+,;=:@/?%#[]\"<>^`{|}\\\u00e4\u20ac", max_size=12)
PATHS = st.lists(st.text(ascii_letters + "0 -._~!$&'()*+,;=:@%\u00e4", max_size=8), max_size=5)


@pytest.mark.parametrize("service", ["execute-api", "s3"])
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    parts=PATHS,
    query=st.lists(st.tuples(TEXT, TEXT), max_size=4),
    written=st.sampled_from(["", "?a=b+c&a=%7e&acl", "?x=1&&y", "?b=%2F/&B=(1)"]),
    headers=st.dictionaries(st.sampled_from(["X-Amz-Target", "x-amz-meta-a", "X-Other", "Accept"]), st.just("a  b")),
    body=st.none() | st.binary(max_size=40) | st.just({"a": "\u00e4"}),
    token=st.sampled_from(["", TOKEN]),
)
async def test_requests_are_signed_as_aws_signs_them(service, parts, query, written, headers, body, token):
    """Whatever stands in path, query, headers and body: a service that disagrees by one character refuses."""
    auth = AwsSigV4(KEY_ID, SECRET, region="eu-central-1", service=service, session_token=token, now=lambda: MOMENT)
    assume(written or not (parts and parts[-1].endswith(" ")))  # white space at the end of a URL is refused
    sent = {} if body is None else {"content": body} if isinstance(body, bytes) else {"json": body}
    async with bench() as service_here:
        url = f"{service_here.url}/{'/'.join(parts)}{written}"
        await service_here.client(auth).request("PUT", url, query=query, headers=headers, **sent)

    (seen,) = service_here.seen
    assert seen.headers["authorization"] == expected(
        seen, host=service_here.host, service=service, s3=service == "s3", token=token
    )
    assert seen.headers.get("x-amz-security-token", "") == token


async def test_the_example_of_aws_has_the_signature_that_aws_prints():
    """`get-vanilla-query-order-key-case` of AWS's own test suite."""
    auth = AwsSigV4(KEY_ID, SECRET, region="us-east-1", service="service", now=lambda: MOMENT)
    request = Outgoing(method="GET", url="https://example.amazonaws.com/?Param2=value2&Param1=value1")
    await auth.sign(request)

    assert request.headers["Authorization"].endswith(
        "Signature=b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500"
    )


async def test_encoded_dots_stay_encoded():
    """Whoever wrote them so did not want to leave the folder."""
    auth = AwsSigV4(KEY_ID, SECRET, region="eu-central-1", service="s3")
    async with bench() as here:
        await here.client(auth).get(f"{here.url}/bucket/%2E%2e/a%2Fb/%41")

    (seen,) = here.seen
    assert seen.target == "/bucket/%2E%2e/a%2Fb/A"
    assert seen.headers["authorization"] == expected(seen, host=here.host, service="s3", s3=True)


async def test_headers_of_the_call_are_signed_too():
    """They win over the command's own, and are what the service sees."""
    auth = AwsSigV4(KEY_ID, SECRET, region="eu-central-1", service="execute-api")
    async with bench() as here:
        client = here.client(auth, headers={"x-amz-target": "Mine", "Content-Type": "application/x-amz-json-1.1"})
        await client.post(f"{here.url}/", json={}, headers={"X-Amz-Target": "Theirs"})

    (seen,) = here.seen
    assert seen.headers["x-amz-target"] == "Mine"
    assert seen.headers["authorization"] == expected(seen, host=here.host, service="execute-api")


async def test_a_redirect_at_the_same_service_is_signed_for_its_own_address():
    """The signature of the first one is for another path."""
    moved = answer("307 Moved", "Location: /b%20c?x=a+b\r\n")
    auth = AwsSigV4(KEY_ID, SECRET, region="eu-central-1", service="execute-api")
    async with bench(lambda raw: moved if raw.target == "/a" else answer("200 OK")) as here:
        await here.client(auth).post(f"{here.url}/a", content=b"x")

    first, second = here.seen
    assert second.target == "/b%20c?x=a%20b"
    for seen in (first, second):
        assert seen.headers["authorization"] == expected(seen, host=here.host, service="execute-api")


@pytest.mark.parametrize("status", ["401 Unauthorized", "403 Forbidden", "400 Bad Request"])
async def test_a_clock_that_is_off_is_told_by_the_service_and_set_right(status):
    """A laptop that slept signs for yesterday; the answer says what time it is."""
    theirs_now = datetime.fromtimestamp(int(time.time()) + 7200, UTC)
    late = answer(status, f"Date: {format_datetime(theirs_now, usegmt=True)}\r\n")

    def judged(raw: Raw) -> bytes:
        said = datetime.strptime(raw.headers["x-amz-date"], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
        return answer("200 OK") if abs((said - theirs_now).total_seconds()) < 300 else late

    auth = AwsSigV4(KEY_ID, SECRET, region="eu-central-1", service="execute-api")
    async with bench(judged) as here:
        first = await here.client(auth).get(here.url)
        again = await here.client(auth).get(here.url)

    assert (first.status, again.status, len(here.seen)) == (200, 200, 3)


@pytest.mark.parametrize("status", ["401 Unauthorized", "403 Forbidden"])
@pytest.mark.parametrize("date", ["now", "", "yesterday"])
async def test_a_refusal_at_the_right_time_is_not_tried_again(status, date):
    """The key is wrong, and stays it."""
    date = format_datetime(datetime.now(UTC), usegmt=True) if date == "now" else date
    no = answer(status, f"Date: {date}\r\n" if date else "")
    async with bench(lambda _: no) as here:
        auth = AwsSigV4(KEY_ID, SECRET, region="eu-central-1", service="execute-api")
        answered = await here.client(auth).get(here.url)

    assert (str(answered.status), len(here.seen)) == (status[:3], 1)


async def test_a_service_that_lies_about_the_time_is_believed_once_a_request():
    """It could only ruin the signatures for itself."""
    clock = iter(range(0, 10**6, 7200))
    async with bench(lambda _: late(next(clock))) as here:
        auth = AwsSigV4(KEY_ID, SECRET, region="eu-central-1", service="execute-api")
        answered = await here.client(auth).get(here.url)

    assert (answered.status, len(here.seen)) == (403, 2)


def late(seconds: int) -> bytes:
    told = datetime.fromtimestamp(int(time.time()) + 7200 + seconds, UTC)
    return answer("403 Forbidden", f"Date: {format_datetime(told, usegmt=True)}\r\n")


async def test_a_library_that_sends_through_a_transport_is_signed_too():
    """It writes its own URLs and headers."""
    auth = AwsSigV4(KEY_ID, SECRET, region="eu-central-1", service="execute-api")
    async with bench() as here:
        transport = SignedTransport(here.pool, auth=auth, headers={"X-Amz-Target": "Mine"})
        async with httpx2.AsyncClient(transport=transport) as client:
            await client.post(f"{here.url}/a b/(c)?d=e f&g=\u00e4+h", json={"a": 1}, headers={"x-amz-target": "Theirs"})
        identity = await transport.identity(here.url)
        twin = AwsSigV4(KEY_ID, SECRET, region="eu-central-1", service="execute-api")
        again = SignedTransport(here.pool, auth=twin, headers={"X-Amz-Target": "Mine"})
        other = SignedTransport(here.pool, auth=auth, headers=None)

        assert identity == await again.identity(here.url)
        assert identity != await other.identity(here.url)

    (seen,) = here.seen
    assert seen.headers["x-amz-target"] == "Mine"
    assert seen.headers["authorization"] == expected(seen, host=here.host, service="execute-api")


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"region": "eu/../x"}, "region"),
        ({"service": "s3\r\nX: y"}, "service"),
        ({"access_key_id": "a\r\nb"}, "access key ID"),
        ({"secret_access_key": ""}, "access key"),
        ({"session_token": "a\nb"}, "session token"),
    ],
)
async def test_what_cannot_be_signed_is_refused_before_it_is_sent(change, word):
    """The scope is text that is signed: whoever could write into it would sign something else."""
    given_ = {"access_key_id": KEY_ID, "secret_access_key": SECRET, "region": "r", "service": "s"} | change
    with pytest.raises(CredentialInvalid, match=word) as refused:
        await AwsSigV4(**given_).sign(Outgoing(method="GET", url="https://a.example/"))

    assert SECRET not in str(refused.value.to_json())
