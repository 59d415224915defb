"""The execution model of connectors that an OpenAPI document describes."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from jackfield.definition.model import CommandDefinition, ConnectorDefinition, ExecutionModelName
from jackfield.definition.names import find
from jackfield.definition.openapi.plan import SchemePlan
from jackfield.definition.operations import BASE_URL
from jackfield.definition.outcome import Outcome, succeed
from jackfield.definition.wire import Authorizer
from jackfield.execution.built import Built
from jackfield.execution.model import Invocation
from jackfield.execution.openapi.answers import read_answer
from jackfield.execution.openapi.credentials import SIGN_IN, credential
from jackfield.execution.openapi.plans import Planned, Plans
from jackfield.execution.openapi.request import build, signed
from jackfield.execution.openapi.scopes import SCOPE_STATUSES, with_scope_hint


class OpenApiModel:
    """Sends the request that an operation describes.

    Args:
        plans: Reads the documents of definitions.
    """

    name: ExecutionModelName = "openapi"
    through_http = True

    def __init__(self, plans: Plans) -> None:
        self._plans = plans

    async def run(self, invocation: Invocation) -> Outcome[Any]:
        """Run one operation.

        Raises:
            InvalidDefinition: The document cannot be read.
            PathEscape, ParamUnplaceable, BaseUrlUnusable: The request cannot be written; nothing was sent.
            CredentialMissing, CredentialInvalid: The connection lacks a credential, or has one that cannot be sent.
        """
        planned = self._plans.get(invocation.definition, invocation.command)
        built = _built(planned, invocation)
        signer = _credential(planned, invocation)
        answer = await invocation.http.request(
            built.method,
            built.url,
            headers=built.headers,
            content=built.content,
            auth=signer,
        )
        outcome = read_answer(planned.plan, answer)
        return with_scope_hint(outcome, planned.plan.scopes, signer) if answer.status in SCOPE_STATUSES else outcome

    async def plan(self, invocation: Invocation) -> Built:
        """The request that `run` would send; see `execution.model.Planner`.

        Raises:
            JackfieldError: As for `run`.
        """
        planned = self._plans.get(invocation.definition, invocation.command)
        signer = _credential(planned, invocation)
        return replace(await signed(_built(planned, invocation), signer), signed=signer is not None)

    def mock(
        self, definition: ConnectorDefinition, command: CommandDefinition, scenario: str, params: Mapping[str, Any]
    ) -> Outcome[Any]:
        """The example that the document gives for a scenario."""
        return succeed(self._plans.mock(definition, command, scenario))

    async def check(self, definition: ConnectorDefinition) -> None:
        """Read the document once.

        Raises:
            InvalidDefinition: It cannot be read.
        """
        await asyncio.to_thread(self._plans.check, definition)

    async def close(self) -> None:
        """Nothing is kept open."""


def _built(planned: Planned, invocation: Invocation) -> Built:
    config = invocation.config
    return build(
        planned.plan,
        invocation.params,
        config=config,
        base_url=str(config.get(find(BASE_URL, config) or BASE_URL) or ""),
        connector=invocation.connector,
        places=invocation.places,
    )


def _credential(planned: Planned, invocation: Invocation) -> Authorizer | None:
    auth, schemes = invocation.definition.auth, planned.schemes
    kind = auth.get("type", "none")
    signed_in = _signed_in(schemes, any_way=auth != planned.auth) if kind == "oauth2" else frozenset()
    if kind != "none" and not signed_in:
        # The definition says itself what signs its requests; the client it is handed has that already.
        return None
    return credential(
        planned.plan.security,
        schemes,
        invocation.config,
        client=invocation.authorizer,
        signed_in=signed_in,
        connector=invocation.connector,
    )


def _signed_in(schemes: Mapping[str, SchemePlan], *, any_way: bool) -> frozenset[str]:
    """The schemes that the type's tokens are good for; with an `auth` of its author's, any for signing in."""
    return frozenset(name for name, plan in schemes.items() if plan.signed_in or (any_way and plan.kind in SIGN_IN))
