"""Documents from an address: what is imported is fetched through the same door as every call."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from jackfield.definition.names import find
from jackfield.definition.sources import MAX_DOCUMENT_BYTES
from jackfield.egress.client import Client
from jackfield.egress.policy import Policy
from jackfield.egress.pools import Pools
from jackfield.errors import UpstreamStatus
from jackfield.manage.imports import Fetched

TIMEOUT_S = 60.0
"""Seconds for a whole document, redirects included."""

_HEADERS = {"Accept": "application/json, application/yaml;q=0.9, text/yaml;q=0.9, */*;q=0.5"}


async def fetch(url: str, *, pools: Pools, policy: Policy) -> Fetched:
    """The document at `url`, of at most 64 MB.

    Raises:
        UrlRefused: The policy forbids the address, or a redirect to it.
        UpstreamStatus: The answer is no document.
        JackfieldError: No answer came, or it was too large.
    """
    pool = pools.get(replace(policy, max_body_bytes=MAX_DOCUMENT_BYTES))
    answer = await Client(pool).get(url, headers=_HEADERS, timeout_s=TIMEOUT_S)
    if not answer.is_successful:
        # Without its body: whoever gives an address is told whether there is a document, and not what else is there.
        raise UpstreamStatus(status=answer.status, url=answer.url)
    return Fetched(content=answer.content, location=answer.url)


async def with_document(connector: Mapping[str, Any], *, pools: Pools, policy: Policy) -> Mapping[str, Any]:
    """A connector with the document whose address it gives as `specUrl`; any other as it is.

    Raises:
        OpenApiInvalid, InvalidDefinition: What is there is no OpenAPI document, or lacks what is selected.
        JackfieldError: As `fetch`.
    """
    key = find("specUrl", connector)
    if key is None or not isinstance(connector[key], str):
        return connector
    from jackfield.definition.openapi.reader import draft, read_openapi

    fetched = await fetch(connector[key], pools=pools, policy=policy)
    select = find("select", connector)
    read = read_openapi(
        fetched.content,
        name=connector.get("name"),
        select=connector[select] if select else None,
        location=fetched.location,
    )
    return {**draft(read), **{name: value for name, value in connector.items() if name not in {key, select}}}
