"""What is said of a command in its script."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from jackfield.definition.model import CommandDefinition
from jackfield.definition.openapi.plan import OperationPlan
from jackfield.execution.openapi.export.words import WIDTH, comment

MOST = 240
"""Characters of what is said of a command."""

_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z`\"'(\[])|\n\s*\n")


def doc_comment(command: CommandDefinition, plan: OperationPlan) -> str:
    """What it is for, the request, and the params. The definition has all that the document says."""
    said = first_sentences(command.display_name or command.description, MOST)
    request = f"{plan.method.upper()} {plan.path}"
    required = set(command.params.get("required", ()))
    params = [
        _param(name, schema, required=name in required) for name, schema in command.params.get("properties", {}).items()
    ]
    deprecated = ["Deprecated."] if command.deprecated else []
    return comment([*([said] if said and said != request else []), *deprecated, request, *([params] if params else [])])


def first_sentences(text: str, most: int) -> str:
    """As many sentences of the first paragraph as fit; nothing if the first one does not."""
    kept = ""
    for sentence in _SENTENCE.split(text.strip().partition("\n\n")[0]):
        if len(kept) + len(sentence) >= most:
            break
        kept = f"{kept} {sentence}".strip()
    return kept


def _param(name: str, schema: Any, *, required: bool) -> str:
    """A line of its own, with what is said of it if that fits."""
    about = schema if isinstance(schema, Mapping) else {}
    kind = ", ".join([*_kind(about), *(["required"] if required else [])])
    line = f"{name} ({kind})" if kind else name
    said = first_sentences(str(about.get("description") or ""), WIDTH - len(" * : ") - len(line))
    return f"{line}: {said}" if said else line


def _kind(schema: Mapping[str, Any]) -> list[str]:
    kinds = schema.get("type")
    named = [kinds] if isinstance(kinds, str) else [*kinds] if isinstance(kinds, list | tuple) else []
    return [" or ".join(map(str, named))] if named else []
