"""Documents with flaws, and with what is rare: everything else of them works, and what does not is told."""

from __future__ import annotations

import copy
import os
from random import Random
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jackfield.definition.errors import OpenApiInvalid
from jackfield.definition.names import folded
from jackfield.definition.openapi.reader import Read, read_openapi
from jackfield.errors import JackfieldError
from jackfield.execution.openapi import build
from openapi_judge.flaws import BASE, FLAWS, RARE_31, WRITTEN
from openapi_judge.values import CASES, Values

SCALE = float(os.environ.get("JACKFIELD_TEST_SCALE", "0.2"))
VERSIONS = ("3.0.3", "3.1.0", "3.2.0")
METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace", "query")
CONFIG = {"baseUrl": "https://h.example", "region": "eu", "base": "v1", "key": "k"}


def flawed(*names: str, version: str) -> dict[str, Any]:
    """The document with these flaws, as far as one leaves another its place."""
    document = copy.deepcopy(BASE) | {"openapi": version}
    for name in names:
        try:
            (FLAWS | RARE_31)[name](document)
        except (KeyError, IndexError, TypeError, AttributeError, ValueError):
            continue  # another flaw has taken its place
    return document


def check(document: dict[str, Any], read: Read) -> None:
    """Every operation is there or told, every schema is valid and whole, and requests are made or refused."""
    read.make_all()
    told = [notice.pointer for notice in read.warnings]
    there = {(read.commands.facts(name).path, read.commands.facts(name).method.lower()) for name in read.commands}
    for path, method in operations(document):
        pointer = "/paths/" + str(path).replace("~", "~0").replace("/", "~1")
        rooted = path if str(path).startswith("/") else f"/{path}"
        assert (rooted, method.lower()) in there or any(one.startswith(pointer) for one in told), (path, method, told)
    assert len({folded(name) for name in read.commands}) == len(read.commands)
    for name in read.commands:
        check_command(read, name)


def operations(document: dict[str, Any]) -> list[tuple[str, str]]:
    paths = document.get("paths")
    items = {path: item for path, item in (paths if isinstance(paths, dict) else {}).items() if isinstance(item, dict)}
    return [
        (str(path), method)
        for path, item in items.items()
        if not str(path).startswith("x-")
        for method in item
        if str(method).lower() in METHODS
    ]


def check_command(read: Read, name: str) -> None:
    command = read.commands[name]
    for schema in (command.params, command.output_schema or {}):
        jsonschema_rs.meta.validate({"$schema": "https://json-schema.org/draft/2020-12/schema", **schema})
        jsonschema_rs.Draft202012Validator(schema)  # finds every reference
    params = [*command.properties]
    assert len({folded(param) for param in params}) == len(params)
    for case in CASES:
        try:
            build(
                read.plan(name), Values(command.params, Random(1), case).params(), config=CONFIG, base_url=read.base_url
            )
        except JackfieldError:
            continue


@pytest.mark.parametrize(
    ("name", "version"),
    [*((name, version) for name in FLAWS for version in VERSIONS[:2]), *((name, VERSIONS[2]) for name in RARE_31)],
)
def test_one_flaw_costs_nothing_else(name: str, version: str):
    """Each alone."""
    document = flawed(name, version=version)

    check(document, read_openapi(document))


@pytest.mark.slow
@settings(max_examples=max(50, round(1000 * SCALE)), suppress_health_check=list(HealthCheck))
@given(
    st.lists(st.sampled_from([*FLAWS, *RARE_31]), min_size=2, max_size=6),
    st.sampled_from(VERSIONS),
    st.sampled_from(list(WRITTEN)),
)
def test_several_flaws_and_any_way_to_write_them_down(names: list[str], version: str, written: str):
    """What comes in is bytes."""
    document = flawed(*names, version=version)
    try:
        content = WRITTEN[written](document)
    except (ValueError, RecursionError):
        return  # nobody can write that so
    try:
        read = read_openapi(content)
    except OpenApiInvalid:
        return
    check(document, read)
