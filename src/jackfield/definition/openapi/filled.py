"""Values that have to be given: without those that would leave nothing in the request.

A list without items, and an object without members, have no form of their own in a path, a query, a header, a cookie or
a form: a service could not tell them from a value that was forgotten. So the schema asks for one item or member, and
whoever calls, a person or a model, knows it before the call.

Source: OpenAPI 3.1.1, section 4.8.12.4 (style examples), and RFC 6570, section 2.3 (undefined values).
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from jackfield.definition.openapi.plan import ParameterPlan, PartPlan

_LEAST = {"array": "minItems", "object": "minProperties", "string": "minLength"}


def filled_parameter(schema: dict[str, Any], kinds: Collection[str], plan: ParameterPlan) -> dict[str, Any]:
    """The schema of a parameter.

    Args:
        schema: As it was converted.
        kinds: The JSON types that it allows.
        plan: How the parameter is sent.
    """
    if not plan.required or plan.style == "content":
        return schema
    # A segment without anything in it would make another path. One of style `matrix` has its name in it.
    texts = {"string"} if plan.location == "path" and plan.style != "matrix" else set()
    return _with_least(schema, {"array", "object", *texts} & {*kinds})


def filled_part(schema: dict[str, Any], kinds: Collection[str], plan: PartPlan) -> dict[str, Any]:
    """The schema of a required property of a form or of a multipart body: an object without a style is JSON."""
    return _with_least(schema, {"array", *({"object"} if plan.style is not None else ())} & {*kinds})


def _with_least(schema: dict[str, Any], kinds: Collection[str]) -> dict[str, Any]:
    least = {_LEAST[kind]: 1 for kind in sorted(kinds) if not schema.get(_LEAST[kind])}
    return {**schema, **least} if least else schema
