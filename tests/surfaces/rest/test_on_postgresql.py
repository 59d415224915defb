"""The routes on the other database, which refuses what SQLite takes."""

from __future__ import annotations

import pytest

from surfaces.served import ADMIN_TOKEN

pytestmark = pytest.mark.slow

PATHS = [
    "connectors/{}",
    "connector-types/{}",
    "secrets/{}",
    "executions/{}",
    "executions/{}/tree",
    "tokens/{}",
    "users/{}",
]
QUERIES = [
    "executions?command={}",
    "executions?where=command:eq:{}",
    "executions?cursor={}",
    "audit?actor={}",
    "audit?cursor={}",
    "audit/verify?anchor={}",
    "connectors?tag={}",
    "connectors?where=name:eq:{}",
    "secrets?where=name:eq:{}",
    "tokens?user={}",
]
ODD = ["a%00b", "%00", "%ED%A0%80", "%ff", "%F0%9F%98%80", "x" * 3000]


def test_nothing_that_is_asked_for_is_the_fault_of_the_server(postgresql_server):
    """NUL characters, halves of surrogate pairs, bytes that are no UTF-8."""
    with postgresql_server.as_(ADMIN_TOKEN) as admin:
        asked = [path.format(odd) for path in (*PATHS, *QUERIES) for odd in ODD]
        statuses = {path: admin.get(f"/api/{path}").status_code for path in asked}

    assert {path: status for path, status in statuses.items() if not 200 <= status < 500} == {}


def test_odd_names_in_bodies_are_refused(postgresql_server):
    bodies = {
        "connectors": {"name": "a\0b", "type": "desk"},
        "connector-types": {"name": "a", "displayName": "\0", "baseUrl": "https://x.example", "operations": {}},
        "secrets": {"name": "A", "value": "value", "description": "\0"},
        "tokens": {"name": "\0"},
        "users": {"name": "ann", "displayName": "\0"},
    }
    with postgresql_server.as_(ADMIN_TOKEN) as admin:
        statuses = {path: admin.post(f"/api/{path}", json=body).status_code for path, body in bodies.items()}

    assert statuses == dict.fromkeys(bodies, 422)
