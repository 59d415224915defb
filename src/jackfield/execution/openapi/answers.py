"""What is made of an answer: the payload, or a failure."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from jackfield.definition.openapi.plan import OperationPlan
from jackfield.definition.outcome import Outcome, fail, succeed
from jackfield.definition.wire import Answer
from jackfield.errors import UpstreamStatus
from jackfield.execution.openapi.accepted import expects_json, names_type
from jackfield.execution.openapi.media import is_json
from jackfield.execution.payloads import base64_of, payload


def read_answer(plan: OperationPlan, answer: Answer) -> Outcome[Any]:
    """The outcome of a call that was answered: from status 400 on a failure, with the body in `diagnostics`."""
    return replace(_outcome(plan, answer), metadata={"status": answer.status})


def _outcome(plan: OperationPlan, answer: Answer) -> Outcome[Any]:
    if answer.status < 400:
        return succeed(_payload(plan, answer))
    # The path of the document and not the URL: a filled path may hold a key.
    words = UpstreamStatus(status=answer.status, url=f"{plan.method.upper()} {plan.path}").message
    facts = {"status": answer.status, "body": answer.preview()}
    return fail(words, code=UpstreamStatus.code, diagnostics=facts)


def _payload(plan: OperationPlan, answer: Answer) -> Any:
    """JSON parsed, text as it is, bytes as `{base64, contentType}`; nothing of an empty body.

    Judged by the answer's own media type. One that the document does not name is tried as JSON where the
    document promises that: services call their JSON text, or nothing at all.
    """
    if not answer.content:
        return None
    own = answer.headers.get("content-type", "")
    if is_json(own) or not own or (expects_json(plan.accept) and not names_type(plan.accept, own)):
        return payload("json", answer)
    return base64_of(answer) if isinstance(answer.body, bytes) else answer.body
