"""What a caller gets of what a service answered."""

from __future__ import annotations

import pytest
from multidict import CIMultiDict

from jackfield.definition.openapi.plan import OperationPlan
from jackfield.definition.wire import Answer
from jackfield.execution.openapi.answers import read_answer


def read(content, content_type, *accept, status=200):
    headers = CIMultiDict({"Content-Type": content_type} if content_type else {})
    answer = Answer(status=status, headers=headers, content=content, url="https://h.example/secret")
    return read_answer(OperationPlan(method="get", path="/a/{id}", accept=accept), answer)


ANSWERS = [
    (b'{"a":1}', "application/json", (), {"a": 1}),
    (b'{"a":1}', "application/problem+json; charset=utf-8", (), {"a": 1}),
    (b"null", "application/json", (), None),
    (b"{broken", "application/json", (), "{broken"),
    (b"\xff\0", "application/json", (), {"base64": "/wA=", "contentType": "application/json"}),
    (b"", "application/json", (), None),
    (b'{"a":1}', "", (), {"a": 1}),
    (b"text", "", (), "text"),
    (b"7", "text/plain", (), "7"),
    (b'{"a":1}', "text/plain", ("application/json",), {"a": 1}),
    (b'{"a":1}', "application/octet-stream", ("application/json",), {"a": 1}),
    (b"7", "text/plain", ("application/json", "text/plain"), "7"),
    (b"<a/>", "application/xml", (), "<a/>"),
    (b"a;b", "text/csv", ("text/csv",), "a;b"),
    (b"\x89PNG", "image/png", (), {"base64": "iVBORw==", "contentType": "image/png"}),
    (b"7", "application/octet-stream", ("application/octet-stream",),
     {"base64": "Nw==", "contentType": "application/octet-stream"}),
    ("é".encode("latin-1"), "text/plain; charset=iso-8859-1", (), "é"),
]  # fmt: skip


@pytest.mark.parametrize(("content", "content_type", "accept", "expected"), ANSWERS)
def test_payloads(content, content_type, accept, expected):
    outcome = read(content, content_type, *accept)

    assert outcome.success
    assert outcome.payload == expected
    assert outcome.metadata == {"status": 200}


@pytest.mark.parametrize("status", [400, 404, 429, 500])
def test_a_refusal_is_a_failure_with_what_was_said(status):
    outcome = read(b'{"why":"no"}', "application/json", status=status)

    assert not outcome.success
    assert outcome.code == "upstream-status"
    assert outcome.diagnostics == {"status": status, "body": {"why": "no"}}
    assert "GET /a/{id}" in outcome.error
    assert "h.example" not in outcome.error


@pytest.mark.parametrize("status", [201, 202, 204, 304])
def test_other_statuses_are_successes(status):
    assert read(b"", "", status=status).success
