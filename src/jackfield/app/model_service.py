"""The language model that the settings name: any service with OpenAI's chat completions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from jackfield.egress.client import Client
from jackfield.egress.policy import MIB, Policy, parse_allow
from jackfield.egress.pools import Pools
from jackfield.errors import UpstreamStatus
from jackfield.manage.authoring.model import Model
from jackfield.manage.errors import ModelAnswerUnusable
from jackfield.settings import Settings

TIMEOUT_S = 90.0
"""Seconds for a whole answer."""
_COMPLETIONS = "/chat/completions"


class ModelService:
    """Asks the model. Implements `manage.authoring.model.Model`.

    What it is told and what it answers has no secret in it that this process knows.
    """

    def __init__(
        self,
        *,
        url: str,
        key: str,
        model: str,
        pools: Pools,
        policy: Policy,
        mask: Callable[[str], str] = str,
        timeout_s: float = TIMEOUT_S,
    ) -> None:
        """Args:
        url: Up to `/chat/completions`, or with it.
        key: Sent as a bearer token; without one, nothing is.
        model: Its name there.
        pools: Connections.
        policy: Of all connectors. The host and port of `url` are open beside it: whoever runs the installation has
            named them, and a model in the same network is the usual case. Redirects are not followed.
        mask: Takes secrets out of a text.
        timeout_s: Seconds for a whole answer.
        """
        self._url = url if url.endswith(_COMPLETIONS) else f"{url}{_COMPLETIONS}"
        self._headers = {"Authorization": f"Bearer {key}"} if key else {}
        self._model = model
        self._pools = pools
        allow = (*policy.allow, *parse_allow(place_of(url)))
        self._policy = replace(policy, allow=allow, max_body_bytes=MIB, max_redirects=0)
        self._mask = mask
        self._timeout_s = timeout_s

    async def ask(self, system: str, text: str) -> str:
        """See `Model.ask`.

        Neither a number of tokens nor a temperature is sent: services differ in what they take. Time and size of the
        answer are bounded here.

        Source: OpenAI API reference, "Create chat completion".
        """
        messages = [{"role": "system", "content": system}, {"role": "user", "content": self._mask(text)}]
        answer = await Client(self._pools.get(self._policy)).post(
            self._url,
            headers=self._headers,
            json={"model": self._model, "messages": messages, "stream": False},
            timeout_s=self._timeout_s,
        )
        if not answer.is_successful:
            # Without its body: services quote the key there that they have refused.
            raise UpstreamStatus(status=answer.status, url=answer.url)
        return self._mask(_content(answer.body))


def model_of(
    settings: Settings, *, pools: Pools, policy: Policy, mask: Callable[[str], str]
) -> tuple[Model | None, str]:
    """The model of the settings; without one, why there is none."""
    names = {"JACKFIELD_MODEL_URL": settings.model_url, "JACKFIELD_MODEL": settings.model}
    if missing := [f"`{name}`" for name, value in names.items() if not value]:
        return None, f"no model is configured: {' and '.join(missing)} {'is' if len(missing) == 1 else 'are'} not set"
    made = ModelService(
        url=settings.model_url, key=settings.model_key, model=settings.model, pools=pools, policy=policy, mask=mask
    )
    return made, ""


def place_of(url: str) -> str:
    """`host:port` of an address, as `parse_allow` takes it."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    port = parts.port or (443 if parts.scheme == "https" else 80)
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def _content(body: Any) -> str:
    """The text of the first choice.

    Raises:
        ModelAnswerUnusable: There is none.
    """
    choices = body.get("choices") if isinstance(body, Mapping) else None
    first = choices[0] if isinstance(choices, list) and choices else None
    message = first.get("message") if isinstance(first, Mapping) else None
    content = message.get("content") if isinstance(message, Mapping) else None
    if isinstance(content, list):  # parts, as some services answer
        content = "".join(str(part.get("text", "")) for part in content if isinstance(part, Mapping))
    if not isinstance(content, str) or not content.strip():
        raise ModelAnswerUnusable(reason="it has no text at `choices[0].message.content`")
    return content
