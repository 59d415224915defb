"""Names that are made for endpoints."""

from __future__ import annotations

import pytest

from jackfield.manage.authoring.endpoint import Endpoint
from jackfield.manage.authoring.endpoint_names import command_names


@pytest.mark.parametrize(
    ("method", "path", "name"),
    [
        ("GET", "/customers", "listCustomers"),
        ("GET", "/api/v1/customers/{id}", "getCustomer"),
        ("POST", "/customers", "createCustomer"),
        ("PATCH", "/customers/{id}", "updateCustomer"),
        ("PUT", "/customers/{id}", "replaceCustomer"),
        ("DELETE", "/companies/{id}", "deleteCompany"),
        ("GET", "/customers/{id}/notes", "listCustomerNotes"),
        ("POST", "/customers/{id}/notes", "createCustomerNote"),
        ("POST", "/orders/{id}/cancel", "cancelOrder"),
        ("GET", "/me", "getMe"),
        ("GET", "/", "getRoot"),
        ("GET", "/status", "getStatus"),
    ],
)
def test_a_name_says_what_is_done_with_what(method, path, name):
    assert command_names([Endpoint(method=method, path=path)]) == [name]


def test_no_two_are_alike_and_none_is_a_word_of_the_language():
    """A definition refuses names that only case style tells apart, and JavaScript a function `delete`."""
    said = ["delete", "Delete", "test", "x", "X", "1st", "..."]
    names = command_names([Endpoint(method="GET", path="/a", name=name) for name in said])

    assert names == ["deleteItem", "deleteItem2", "testItem", "x", "x2", "call1st", "getA"]
