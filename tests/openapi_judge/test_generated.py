"""Whatever a document describes: what a caller gives is what a service reads, if it reads as the document says."""

from __future__ import annotations

import os
from base64 import b64decode
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jackfield.definition.openapi.reader import read_openapi
from jackfield.execution.openapi import build
from openapi_judge.decode import ABSENT, Schemas, read_body, read_parameter
from openapi_judge.generated import documents
from openapi_judge.values import CASES, Values

SCALE = float(os.environ.get("JACKFIELD_TEST_SCALE", "0.2"))
EXAMPLES = max(50, round(1500 * SCALE))


@pytest.mark.slow
@settings(max_examples=EXAMPLES, suppress_health_check=list(HealthCheck))
@given(documents(), st.integers(0, 10**6), st.sampled_from(CASES))
def test_a_service_reads_what_was_given(document, seed, case):
    """The reader of requests knows the specification, and nothing of how they were written."""
    read = read_openapi(document)
    schemas = Schemas(document)
    for path, item in document["paths"].items():
        operation = item["post"]
        command = read.commands[operation["operationId"]]
        plan = read.plan(command.name)
        params = Values(command.params, Random(seed), case).params()
        (parameter,) = operation["parameters"]
        params[plan.parameters[0].param] = _plain(params.get(plan.parameters[0].param), parameter)
        params = {name: value for name, value in params.items() if value is not None}
        if plan.parameters[0].required and plan.parameters[0].param not in params:
            continue  # null was drawn, which no place of a request has a form for
        built = build(plan, params, config={}, base_url="https://h.example/v1")
        request = {"method": built.method, "url": built.url, "headers": built.headers}

        wanted = params.get(plan.parameters[0].param, ABSENT)
        readings = [*read_parameter(parameter, schemas, template=f"/v1{path}", request=request)]
        assert any(_same(wanted, one) for one in readings), (parameter, wanted, request, readings)
        if "requestBody" in operation:
            _check_body(operation["requestBody"]["content"], plan.body, params, built, schemas)


def _check_body(content: dict[str, Any], plan: Any, params: dict[str, Any], built: Any, schemas: Schemas) -> None:
    ((said, media),) = content.items()
    if plan.param:
        wanted = params.get(plan.param, ABSENT)
    else:
        wanted = {wire: params[param] for param, wire in plan.properties.items() if param in params}
        wanted = wanted or ({} if plan.required else ABSENT)
    if built.content is None:
        assert wanted is ABSENT
    elif said == "application/octet-stream":
        assert built.content == (b64decode(wanted) if wanted is not ABSENT else b"")
    else:
        sent = built.headers["Content-Type"]
        assert said == "*/*" or sent.partition(";")[0] == said.partition(";")[0]
        wanted = _bytes_as_text(wanted, media.get("schema", {}))
        readings = [*read_body(built.content, sent, media, schemas)]
        assert any(_same(wanted, one) for one in readings), (media, wanted, built.content, readings)


def _plain(value: Any, parameter: dict[str, Any]) -> Any:
    """Without what a place or a style has no form for: delimiters inside of items, and all but ASCII in headers."""
    return value if "content" in parameter else _without(value, parameter)


def _without(value: Any, parameter: dict[str, Any]) -> Any:
    if isinstance(value, list):
        return [_without(one, parameter) for one in value]
    if isinstance(value, dict):
        return {key: _without(one, parameter) for key, one in value.items()}
    if isinstance(value, float) and parameter.get("style") == "label":
        return int(value)
    if not isinstance(value, str):
        return value
    bad = {"header": ",=", "path": ""}.get(parameter["in"], "")
    bad += {"spaceDelimited": " ", "pipeDelimited": "|", "label": "."}.get(parameter.get("style", ""), "")
    bad += "%" if parameter.get("allowReserved") else ""
    text = "".join(letter for letter in value if letter not in bad)
    return text.encode("ascii", "ignore").decode() if parameter["in"] == "header" else text


def _bytes_as_text(value: Any, schema: dict[str, Any]) -> Any:
    if not isinstance(value, dict):
        return value
    properties = schema.get("properties", {})
    return {name: _decoded(one, properties.get(name, {})) for name, one in value.items()}


def _decoded(value: Any, schema: dict[str, Any]) -> Any:
    if isinstance(value, list):
        return [_decoded(one, schema.get("items", {})) for one in value]
    if schema.get("format") == "binary" or "contentMediaType" in schema:
        return b64decode(value).decode("latin-1")
    return value


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, dict) and isinstance(other, dict):
        kept = {key: value for key, value in one.items() if value is not None}
        return kept.keys() == other.keys() and all(_same(value, other[key]) for key, value in kept.items())
    if isinstance(one, list) and isinstance(other, list):
        kept_items = [value for value in one if value is not None]
        return len(kept_items) == len(other) and all(map(_same, kept_items, other))
    return bool(one == other) or one is other
