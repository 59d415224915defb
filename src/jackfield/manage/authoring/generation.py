"""A script from a description: by a model that is asked, checked and corrected once, else as a scaffold."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

from jackfield.definition.errors import InvalidDefinition
from jackfield.errors import CallTimeout, JackfieldError
from jackfield.manage.authoring import prompts
from jackfield.manage.authoring.model import MOST_TOKENS
from jackfield.manage.authoring.scaffold import Described, scaffold
from jackfield.manage.authoring.tool import Sample
from jackfield.manage.authoring.written import read_written
from jackfield.manage.errors import ModelAnswerUnusable

SAMPLE_S = 120.0
"""Seconds for the caller's own model, which may ask a person first."""

Way: TypeAlias = Literal["model", "sampling", "scaffold", "openapi"]
Ask = Callable[[str, str], Awaitable[str]]
"""Asks a model: instructions, and what is wanted."""
CheckBody = Callable[[Mapping[str, Any]], Awaitable[Sequence[str]]]
"""Looks at a body without keeping anything of it, the script in the sandbox; gives warnings, or raises."""


@dataclass(frozen=True, kw_only=True)
class Generated:
    """A connector that nobody has made yet.

    Attributes:
        body: For `POST /api/connectors`.
        way: How it was made.
        why: Why it was made so, where a model could have done better.
        notes: For whoever reviews it.
        repaired: The first answer of the model could not be used, and the second could.
    """

    body: Mapping[str, Any] = field(repr=False)
    way: Way
    why: str = ""
    notes: Sequence[str] = ()
    repaired: bool = False


async def by_model(ask: Ask, described: Described, check: CheckBody, *, way: Way) -> Generated:
    """What a model writes, if it can be used at the first or second attempt.

    Raises:
        JackfieldError: It does not answer, or cannot do it. The description may still be enough for a scaffold.
    """
    answer = await ask(prompts.SYSTEM, prompts.wanted(described))
    try:
        return await _used(answer, described, check, way=way)
    except JackfieldError as error:
        if error.retry != "after_fix":  # no sandbox, for example: another answer would change nothing
            raise
        second = await ask(prompts.SYSTEM, prompts.repaired(described, answer, error))
    return await _used(second, described, check, way=way, repaired=True)


async def by_scaffold(described: Described, check: CheckBody, *, why: str) -> Generated:
    """What the described endpoints make.

    Raises:
        InvalidDefinition: None are described.
        JackfieldError: Something in them cannot be.
    """
    if not described.endpoints:
        fault = {"pointer": "/endpoints", "message": f"none are described; {why}"}
        hint = "write each as `GET /customers/{id} - what it does` in `description`, or give `endpoints`"
        raise InvalidDefinition("no endpoint is described", hint=hint, errors=[fault])
    body = scaffold(described)
    try:
        notes = list(await check(body))
    except JackfieldError as error:
        if error.retry == "after_fix":
            raise
        notes = [f"the script was not checked: {error.message}"]
    return Generated(body=body, way="scaffold", why=why, notes=notes)


def sampling(sample: Sample) -> Ask:
    """Asks the caller's own model."""

    async def ask(system: str, text: str) -> str:
        try:
            async with asyncio.timeout(SAMPLE_S):
                answer: Any = await sample(system, text, MOST_TOKENS)
        except TimeoutError:
            raise CallTimeout(timeout_s=SAMPLE_S, doing="the caller's model") from None
        except JackfieldError:
            raise
        except Exception as error:  # whatever a client does is no fault of the tool
            raise ModelAnswerUnusable(reason=f"the client refused: {type(error).__name__}") from error
        if not isinstance(answer, str):
            raise ModelAnswerUnusable(reason="it is no text")
        return answer

    return ask


async def _used(answer: str, described: Described, check: CheckBody, *, way: Way, repaired: bool = False) -> Generated:
    body, notes = read_written(answer, described)
    warnings = await check(body)
    return Generated(body=body, way=way, notes=[*notes, *warnings], repaired=repaired)
