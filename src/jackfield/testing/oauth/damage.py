"""Answers as a fault makes them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from email.utils import formatdate
from typing import Any
from urllib.parse import urlencode

from jackfield.testing.oauth.exchange import Answer
from jackfield.testing.oauth.faults import Fault

_HTML = "<!doctype html><html><head><title>Bad Gateway</title></head><body><h1>Bad Gateway</h1></body></html>"
_CODES = {400: "invalid_request", 401: "invalid_client", 403: "access_denied", 429: "rate_limited"}


def damaged(answer: Answer, fault: Fault, *, now: float) -> Answer:
    """An answer with everything that a fault does to it."""
    made = _replaced(fault) if fault.replaces else _changed(answer, fault, now=now)
    headers = {**made.headers, "Date": formatdate(now + fault.skew_s, usegmt=True), **_retry(fault, now)}
    return replace(made, headers={**headers, **fault.headers})


def written(answer: Answer) -> tuple[str, Mapping[str, str]]:
    """The body of an answer as text, and the headers with those that it needs."""
    headers = {**answer.headers, "Content-Type": answer.headers.get("Content-Type", answer.content_type)}
    if answer.location is not None:
        joint = "&" if "?" in answer.location else "?"
        query = f"{joint}{urlencode(answer.params)}" if answer.params else ""
        return "", {**headers, "Location": answer.location + query}
    return (json.dumps(answer.body) if answer.text is None else answer.text), headers


def _retry(fault: Fault, now: float) -> dict[str, str]:
    if fault.retry_after is None:
        return {}
    if fault.retry_after_as == "date":
        return {"Retry-After": formatdate(now + fault.skew_s + fault.retry_after, usegmt=True)}
    return {"Retry-After": f"{fault.retry_after:g}"}


def _replaced(fault: Fault) -> Answer:
    if fault.redirect is not None:
        return Answer(status=fault.status or 307, location=fault.redirect)
    if fault.style == "html":
        return Answer(status=fault.status or 200, text=fault.body or _HTML, content_type="text/html")
    usual = 200 if fault.style in {"github", "slack"} or fault.error is None else 400
    status = fault.status or usual
    if fault.body is not None:
        return Answer(status=status, text=fault.body)
    error = fault.error or _CODES.get(status, "temporarily_unavailable")
    body: dict[str, Any] = {"error": error, "error_description": "a fault of the test"}
    return _styled(Answer(status=status, body=_grown(body | dict(fault.changes), fault)), fault, ok=False)


def _changed(answer: Answer, fault: Fault, *, now: float) -> Answer:
    if answer.location is not None:
        return replace(answer, params={name: str(value) for name, value in _edited(answer.params, fault).items()})
    if not isinstance(answer.body, dict):
        return answer
    body = _edited(answer.body, fault)
    if fault.skew_s and isinstance(body.get("expires_in"), int):
        body["expires_at"] = int(now + fault.skew_s + body["expires_in"])
    return _styled(replace(answer, body=_grown(body, fault)), fault, ok=answer.status < 400)


def _edited(members: Mapping[str, Any], fault: Fault) -> dict[str, Any]:
    return {name: value for name, value in {**members, **fault.changes}.items() if name not in fault.without}


def _grown(body: dict[str, Any], fault: Fault) -> dict[str, Any]:
    return body | ({"padding": "x" * fault.size} if fault.size else {})


def _styled(answer: Answer, fault: Fault, *, ok: bool) -> Answer:
    if fault.style == "form":
        text = urlencode({name: str(value) for name, value in answer.body.items()})
        return replace(answer, text=text, content_type="application/x-www-form-urlencoded")
    if fault.style == "slack":
        said = answer.body if ok else {"error": answer.body["error"]}
        return replace(answer, status=fault.status or 200, body={"ok": ok, **said})
    if fault.style == "github" and not ok:
        return replace(answer, status=fault.status or 200)
    return answer
