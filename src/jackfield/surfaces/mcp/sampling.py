"""A client's own model, where it lends it: of the older revision only, in which a server may still ask."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from mcp.server.context import ServerRequestContext

Sample: TypeAlias = Callable[[str, str, int], Awaitable[str]]
"""From a system prompt, a text and a limit of tokens to what the model says."""


def sampler(ctx: ServerRequestContext[Any, Any]) -> Sample | None:
    """The model of the client of `ctx`; `None` where it lends none."""
    capabilities = ctx.session.client_capabilities
    if capabilities is None or capabilities.sampling is None or not ctx.session.can_send_request:
        return None

    async def sample(system: str, text: str, max_tokens: int) -> str:
        from mcp.shared.message import ServerMessageMetadata
        from mcp_types import (
            CreateMessageRequest,
            CreateMessageRequestParams,
            CreateMessageResult,
            SamplingMessage,
            TextContent,
        )

        asked = CreateMessageRequestParams(
            messages=[SamplingMessage(role="user", content=TextContent(type="text", text=text))],
            system_prompt=system,
            max_tokens=max_tokens,
        )
        said = await ctx.session.send_request(
            CreateMessageRequest(params=asked),
            CreateMessageResult,
            metadata=ServerMessageMetadata(related_request_id=ctx.request_id),
        )
        return said.content.text if isinstance(said.content, TextContent) else ""

    return sample
