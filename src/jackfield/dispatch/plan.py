"""A call that is written and not sent, to be looked at: nothing in it is a secret."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import quote

from jackfield.credentials.schemes import Scheme
from jackfield.definition.outcome import Outcome, succeed
from jackfield.definition.secret import MASK, Secret
from jackfield.definition.sensitive import blank_secrets
from jackfield.definition.wire import Authorizer, Outgoing
from jackfield.dispatch.given import is_credential
from jackfield.egress.headers import merge
from jackfield.egress.urls import with_query
from jackfield.errors import JackfieldError
from jackfield.execution.built import Built
from jackfield.execution.model import Invocation, Planner

_QUOTED_MASK = quote(MASK, safe="")
_BASE64_MASK = b64encode(MASK.encode()).decode()


async def plan(
    planner: Planner, invocation: Invocation, scheme: Scheme | None, headers: Mapping[str, str]
) -> Outcome[Any]:
    """The request that the call would send, as `{method, url, headers, body?}` with masks in place of secrets.

    The mask that every outcome goes through finds no short secrets, and none that a template has taken apart. So the
    request is written from masks in the first place; once more with the secrets only to find out whether that works.

    Args:
        planner: Writes the request.
        invocation: With its secrets.
        scheme: The connector's credential.
        headers: Of the call.

    Raises:
        JackfieldError: What would keep the request from being sent. Whether its address may be reached is not asked.
    """
    masked = scheme.masked() if scheme else None
    # What would ask for a token is not asked: a plan sends nothing.
    await _written(planner, invocation, masked if getattr(scheme, "converses", False) else scheme, headers)
    masks = {name: MASK if is_credential(name) else value for name, value in headers.items()}
    built = await _written_from_masks(planner, invocation, masked, masks)
    return succeed(_readable(built).to_json())


async def _written(
    planner: Planner, invocation: Invocation, authorizer: Authorizer | None, headers: Mapping[str, str]
) -> Built:
    """The request as the client sends it: signed, then with the headers of the call."""
    built = await planner.plan(replace(invocation, authorizer=authorizer))
    request = Outgoing(method=built.method, url=built.url, headers=dict(built.headers), content=built.content)
    if authorizer is not None and not built.signed:
        await authorizer.sign(request)
    return replace(built, url=with_query(request.url, request.query), headers=dict(merge(request.headers, headers)))


async def _written_from_masks(
    planner: Planner, invocation: Invocation, authorizer: Authorizer | None, headers: Mapping[str, str]
) -> Built:
    config, schema = _masked(invocation.config), invocation.command.params
    hidden, in_base64 = (
        replace(invocation, config=config, params=blank_secrets(invocation.params, schema, mask=mask))
        for mask in (MASK, _BASE64_MASK)
    )
    try:
        return await _written(planner, hidden, authorizer, headers)
    except JackfieldError:
        # A secret file is given in base64, which asterisks are not.
        return await _written(planner, in_base64, authorizer, headers)


def _masked(value: Any) -> Any:
    """`value` with another secret in place of each, which may be shown."""
    if isinstance(value, Secret):
        return Secret(MASK) if value else value
    if isinstance(value, Mapping):
        return {name: _masked(inner) for name, inner in value.items()}
    return [_masked(inner) for inner in value] if isinstance(value, list | tuple) else value


def _readable(built: Built) -> Built:
    """With masks that can be told for what they are, in URLs and forms too."""
    content = built.content and built.content.replace(_QUOTED_MASK.encode(), MASK.encode())
    return replace(built, url=built.url.replace(_QUOTED_MASK, MASK), content=content)
