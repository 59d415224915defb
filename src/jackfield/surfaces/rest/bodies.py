"""Bodies of requests, read the same way whatever their `Content-Type` says."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, TypeAlias, TypeVar

from fastapi import Depends
from pydantic import BaseModel, ConfigDict, ValidationError
from starlette.requests import Request

from jackfield.definition.errors import InvalidParams
from jackfield.definition.faults import Fault, pointer
from jackfield.manage.views import camel
from jackfield.surfaces.errors import BodyUnreadable
from jackfield.surfaces.rest.compat import read_json


class Body(BaseModel):
    """A body with known keys: camelCase, or snake_case. Others are refused: a slip of the pen must not be left out."""

    model_config = ConfigDict(
        alias_generator=camel,
        populate_by_name=True,
        extra="forbid",
        frozen=True,
        strict=True,
        hide_input_in_errors=True,
    )


M = TypeVar("M", bound=Body)


async def read_document(request: Request) -> Mapping[str, Any]:
    """The JSON object that a request has as its body.

    Raises:
        BodyUnreadable: It has none.
    """
    document = read_json(await request.body())
    if not isinstance(document, dict):
        raise BodyUnreadable(problem="it is no object")
    return document


Document: TypeAlias = Annotated[Mapping[str, Any], Depends(read_document)]
"""A body whose keys are judged by whoever it is for."""


def body_of(model: type[M]) -> Callable[[Request], Coroutine[Any, Any, M]]:
    """What reads a body as `model`: `Annotated[Model, Depends(body_of(Model))]`.

    Its errors never show what was sent: it may be a secret.
    """

    async def read(request: Request) -> M:
        document = await read_document(request)
        try:
            return model.model_validate(document)
        except ValidationError as error:
            found = error.errors(include_url=False, include_input=False, include_context=False)
        faults = [Fault(pointer=pointer(fault["loc"]), message=_message(model, fault)) for fault in found]
        raise InvalidParams(faults=faults, where="the body", hint="`/docs` shows what this route takes")

    return read


COMPONENT = "#/components/schemas/{model}"
"""Where the document has a schema: of a body, and of what that consists of."""


@dataclass(frozen=True, kw_only=True)
class Said:
    """What the document says of a body.

    Attributes:
        schema: A JSON Schema, or the model that has one.
        examples: Bodies, by what they are an example of.
    """

    schema: type[Body] | Mapping[str, Any]
    examples: Mapping[str, Any] = field(default_factory=dict)

    def document(self) -> dict[str, Any]:
        """A request body object of OpenAPI."""
        model = self.schema
        schema = model.model_json_schema(ref_template=COMPONENT) if isinstance(model, type) else dict(model)
        told = {_key(name): {"summary": name, "value": body} for name, body in self.examples.items()}
        content = {"schema": schema} | ({"examples": told} if told else {})
        # Nothing at all is read as an empty object.
        return {"required": bool(schema.get("required")), "content": {"application/json": content}}


def _key(name: str) -> str:
    return name.lower().replace(" ", "-")


def _message(model: type[Body], fault: Any) -> str:
    if fault["type"] == "extra_forbidden":
        return f"is not known; there are {', '.join(f'`{camel(name)}`' for name in model.model_fields)}"
    if fault["type"] == "missing":
        return "is required"
    return str(fault["msg"]).removeprefix("Value error, ")
