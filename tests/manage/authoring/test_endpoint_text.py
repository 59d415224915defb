"""Endpoints out of what people write."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jackfield.manage.authoring.endpoint_text import endpoints_in


@pytest.mark.parametrize(
    ("line", "method", "path"),
    [
        ("GET /customers", "GET", "/customers"),
        ("- `POST /customers` makes one", "POST", "/customers"),
        ("2. DELETE /customers/{id}.", "DELETE", "/customers/{id}"),
        ("PATCH /customers/:id/notes/:note_id", "PATCH", "/customers/{id}/notes/{note_id}"),
        ("put /customers/<id>, whole", "PUT", "/customers/{id}"),
        ("* **GET** `/a` - b", "GET", "/a"),
        ("and GET https://api.acme.example/v1/me for oneself", "GET", "/v1/me"),
    ],
)
def test_the_usual_ways_to_write_an_endpoint_are_read(line, method, path):
    """Documentation, lists and sentences."""
    (endpoint,) = endpoints_in(f"About it.\n{line}\nMore.").endpoints

    assert (endpoint.method, endpoint.path) == (method, path)


def test_what_stands_beside_an_endpoint_is_read_too():
    found = endpoints_in(
        "For the Acme CRM API (https://api.acme.example/v2).\n"
        "POST /customers {email*, firstName, last_name?} - create a customer\n"
        "GET /customers?status=&limit=10 list, query: since*\n"
        "PUT /a body: x, y*"
    )
    create, listed, put = found.endpoints

    assert (found.base_url, found.title) == ("https://api.acme.example/v2", "Acme CRM")
    assert found.summary == "For the Acme CRM API."
    assert create.description == "Create a customer."
    assert [(one.name, one.required) for one in create.body or ()] == [
        ("email", True),
        ("firstName", False),
        ("last_name", False),
    ]
    assert [(one.name, one.required) for one in listed.query] == [("status", False), ("limit", False), ("since", True)]
    assert listed.query[1].schema == {"type": "integer"}
    assert [one.name for one in put.body or ()] == ["x", "y"]


def test_the_same_endpoint_is_read_once_and_prose_is_none():
    """A text may speak of one twice, and of getting things."""
    found = endpoints_in("Get what you post. GET /a lists; call GET /a again. Or delete/get it.")

    assert [(one.method, one.path) for one in found.endpoints] == [("GET", "/a")]


@given(st.text(alphabet="GETPOST /{}:<>?&*,;.`- \nhtps[]", max_size=300))
def test_whatever_is_written_is_read_without_failing(text):
    for endpoint in endpoints_in(text).endpoints:
        assert endpoint.path.startswith("/")
