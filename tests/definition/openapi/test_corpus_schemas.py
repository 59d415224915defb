"""Schemas of real documents: each one is valid, refers to nothing that is not there, and stays small."""

import gzip
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import jsonschema_rs
import orjson
import pytest

from jackfield.definition.openapi.document import Document, open_document
from jackfield.definition.openapi.examples import Examples
from jackfield.definition.openapi.references import References, inside
from jackfield.definition.openapi.schemas import SchemaView

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif("JACKFIELD_SPECS" not in os.environ, reason="JACKFIELD_SPECS names no folder of documents"),
]

META = jsonschema_rs.Draft202012Validator({"$ref": "https://json-schema.org/draft/2020-12/schema"})
METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
ONE_MEGABYTE = 1_000_000


def texts() -> Iterator[tuple[str, bytes]]:
    """Name and text of each document in the folder."""
    for file in sorted(Path(os.environ["JACKFIELD_SPECS"]).glob("*.json.gz")):
        yield file.name, gzip.decompress(file.read_bytes())


def operations(document: Document) -> Iterator[tuple[Mapping[str, Any], Mapping[str, Any], str]]:
    """Each operation with what surrounds it, and its place."""
    paths = document.root.get("paths")
    for path, item in paths.items() if isinstance(paths, dict) else ():
        for method in METHODS:
            if isinstance(item, dict) and isinstance(item.get(method), dict):
                yield item, item[method], inside("#/paths", path, method)


def schemas(references: References, view: SchemaView) -> Iterator[tuple[str, dict[str, Any]]]:
    """What the operations take and what they answer, all media types and statuses of one together."""
    for item, operation, place in operations(references.document):
        request, response = view.request(), view.response()
        taken = [request.convert(*one) for one in _parameters(references, item, place.rpartition("/")[0])]
        taken += [request.convert(*one) for one in _parameters(references, operation, place)]
        body = references.follow(operation.get("requestBody", {}), inside(place, "requestBody"))
        for schema, at in _contents(body.value, body.place):
            shape = request.shape(schema, at)
            taken += [request.convert(schema, at), *(shape.properties.values() if shape else ())]
        yield f"{place} takes", request.finish({"anyOf": taken} if taken else {})
        answered = []
        responses = operation.get("responses")
        for status, one in responses.items() if isinstance(responses, dict) else ():
            followed = references.follow(one, inside(place, "responses", status))
            answered += [response.convert(*each) for each in _contents(followed.value, followed.place)]
        yield f"{place} answers", response.finish({"anyOf": answered} if answered else {})


def _parameters(references: References, holder: Mapping[str, Any], place: str) -> Iterator[tuple[Any, str]]:
    listed = holder.get("parameters")
    for index, one in enumerate(listed if isinstance(listed, list) else ()):
        followed = references.follow(one, inside(place, "parameters", index))
        yield followed.value.get("schema", {}), inside(followed.place, "schema")


def _contents(holder: Mapping[str, Any], place: str) -> Iterator[tuple[Any, str]]:
    content = holder.get("content")
    for kind, media in content.items() if isinstance(content, dict) else ():
        if isinstance(media, dict) and "schema" in media:
            yield media["schema"], inside(place, "content", kind, "schema")


def test_every_schema_is_valid_self_contained_and_below_a_megabyte():
    """Of all documents, for requests and for answers."""
    count, wrong = 0, []
    for name, text in texts():
        references = References(open_document(text))
        for what, schema in schemas(references, SchemaView(references)):
            count += 1
            if not _is_good(schema):
                wrong.append((name, what))

    assert count
    assert wrong == []


def _is_good(schema: dict[str, Any]) -> bool:
    """Compiling it fails on references that lead nowhere or outside."""
    try:
        jsonschema_rs.Draft202012Validator(schema)
    except (ValueError, jsonschema_rs.ValidationError, jsonschema_rs.ReferencingError):
        return False
    return META.is_valid(schema) and len(orjson.dumps(schema)) < ONE_MEGABYTE


def test_yaml_gives_the_same_documents_as_json():
    """Whatever is in them, with keys that look like numbers, and texts that look like dates."""
    import yaml

    for name, text in texts():
        document = open_document(text)
        if len(text) < 300_000:
            written = yaml.dump(
                orjson.loads(text), Dumper=getattr(yaml, "CSafeDumper", yaml.SafeDumper), allow_unicode=True
            )
            assert open_document(written).digest == document.digest, name


def test_every_example_answer_is_json_and_small():
    """Given or made."""
    for name, text in texts():
        references = References(open_document(text))
        examples = Examples(references)
        for _, operation, place in operations(references.document):
            responses = operation.get("responses")
            for status, one in responses.items() if isinstance(responses, dict) else ():
                followed = references.follow(one, inside(place, "responses", status))
                for schema, at in _contents(followed.value, followed.place):
                    assert len(orjson.dumps(examples.of_schema(schema, at))) < ONE_MEGABYTE, (name, at)
