"""Real documents: all of their operations are commands, with a plan and a schema, and quickly."""

from __future__ import annotations

import gzip
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import orjson
import pytest

from jackfield.definition.names import folded
from jackfield.definition.openapi.reader import read_openapi

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif("JACKFIELD_SPECS" not in os.environ, reason="JACKFIELD_SPECS names no folder of documents"),
]

METHODS = {"get", "put", "post", "delete", "options", "head", "patch", "trace"}


@pytest.fixture(scope="module")
def corpus() -> list[dict[str, Any]]:
    folder = Path(os.environ.get("JACKFIELD_SPECS", ""))
    return [orjson.loads(gzip.decompress(path.read_bytes())) for path in sorted(folder.glob("*.json.gz"))]


def of_version(corpus, first):
    return [one for one in corpus if str(one.get("openapi") or one.get("swagger")).startswith(first)]


def counted(document) -> int:
    """Operations, counted in the document itself."""
    items = (item for item in (document.get("paths") or {}).values() if isinstance(item, Mapping))
    return sum(len(METHODS & {str(key).lower() for key in item}) for item in items)


@pytest.mark.parametrize(("version", "least"), [("3", 0.995), ("2", 0.95)])
def test_operations_of_real_documents_are_commands(corpus, version, least):
    """Each has a plan whose params are those of its schema, and a name that a model can call."""
    documents = of_version(corpus, version)
    assert documents
    read = [read_openapi(one) for one in documents]

    wanted, found = sum(map(counted, documents)), sum(len(one.commands) for one in read)
    assert found >= least * wanted
    for one in read:
        for name, command in one.commands.items():
            plan = one.plan(name)
            params = [parameter.param for parameter in plan.parameters]
            body = [] if plan.body is None else [*plan.body.properties, plan.body.param, plan.body.choice]
            assert [*params, *filter(None, body)] == [*command.properties]
            assert {*re.findall(r"\{([^{}]+)\}", plan.path)} == {
                parameter.name for parameter in plan.parameters if parameter.location == "path"
            }


def test_names_of_real_documents_are_distinct_and_stay(corpus):
    """Whatever the order of a document, and at most 64 characters."""
    for one in corpus:
        read = read_openapi(one)
        turned = read_openapi({**one, "paths": dict(reversed((one.get("paths") or {}).items()))})
        by_place = {name: (read.commands.facts(name).path, read.commands.facts(name).method) for name in read.commands}
        again = {
            name: (turned.commands.facts(name).path, turned.commands.facts(name).method) for name in turned.commands
        }

        assert by_place == again
        assert len({folded(name) for name in by_place}) == len(by_place)
        assert all(re.fullmatch(r"[a-z][a-z0-9_]{0,63}", name) for name in by_place)


def test_reading_makes_no_schemas(corpus):
    """A thousand operations are there at once, and their schemas when they are asked for."""
    largest = max(corpus, key=counted)
    definition = read_openapi(largest).definition()

    assert len(definition.commands) == counted(largest)
    assert definition.commands._made == {}
