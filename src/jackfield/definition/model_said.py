"""Which execution model a document is about: what it says, or what its keys give away."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast, get_args

from jackfield.definition.errors import InvalidDefinition
from jackfield.definition.faults import Fault, pointer
from jackfield.definition.model import ExecutionModelName
from jackfield.definition.names import find

SOURCES: Mapping[str, ExecutionModelName] = {
    "operations": "http",
    "scriptSource": "script",
    "endpointUrl": "external",
    "spec": "openapi",
    "mcpServer": "mcp",
}
"""The key that holds what each model runs. `built_in` has a class and `onprem` an agent."""

MODELS: tuple[str, ...] = get_args(ExecutionModelName)
MODEL_NAMES: Mapping[str, ExecutionModelName] = {"oas_derived": "openapi"}
"""Other words for them, of the guides."""


@dataclass(frozen=True, kw_only=True)
class ModelSaid:
    """What a document says of its execution model.

    Attributes:
        model: As stated, else as its key gives it away; `None` where it says nothing.
        key: The one of `SOURCES` that it has; `None` where it has none.
    """

    model: ExecutionModelName | None
    key: str | None


def said_model(document: Mapping[str, Any]) -> ModelSaid:
    """What `document` says of its execution model, in whatever case style.

    Args:
        document: With texts as keys. What a model runs may also be in its `source`, where `floh.to_json` puts it.

    Raises:
        InvalidDefinition: It states a model that there is not, or says two things that contradict each other.
    """
    source = said(document, "source")
    inside = source if isinstance(source, Mapping) else {}
    keys = [key for key in SOURCES if said(document, key) is not None or said(inside, key) is not None]
    if len(keys) > 1:
        first, second = keys[:2]
        raise _contradiction(
            find(second, document) or second,
            f"`{first}` and `{second}` are both there: one is `{SOURCES[first]}`, the other `{SOURCES[second]}`",
            f"keep `{first}` or `{second}`",
        )
    key = keys[0] if keys else None
    stated = _stated(document)
    if key is not None and stated is not None and stated != SOURCES[key]:
        raise _contradiction(
            find("executionModel", document) or "executionModel",
            f"the execution model is said to be `{stated}`, and `{key}` makes it `{SOURCES[key]}`",
            f"leave `executionModel` out, or `{key}`",
        )
    return ModelSaid(model=stated or (SOURCES[key] if key else None), key=key)


def source_key(model: str) -> str | None:
    """The key that holds what `model` runs; `None` where there is none."""
    return next((key for key, of in SOURCES.items() if of == model), None)


def said(document: Mapping[str, Any], key: str) -> Any:
    """What `document` has under `key`, in whatever case style; `None` where it says nothing."""
    name = find(key, document)
    return None if name is None else document[name]


def _stated(document: Mapping[str, Any]) -> ExecutionModelName | None:
    given = said(document, "executionModel")
    if given is None:
        return None
    model = MODEL_NAMES.get(given, given) if isinstance(given, str) else given
    if model not in MODELS:
        raise _contradiction(
            find("executionModel", document) or "executionModel",
            f"`executionModel` is `{str(given)[:80]}`, and there is no such execution model",
            f"it must be one of {', '.join(f'`{name}`' for name in MODELS)}",
        )
    return cast(ExecutionModelName, model)


def _contradiction(key: str, what: str, hint: str) -> InvalidDefinition:
    return InvalidDefinition(what, hint=hint, errors=[Fault(pointer=pointer([key]), message=what).to_json()])
