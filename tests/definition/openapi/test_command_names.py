"""Names of commands: readable, short, distinct, and the same whatever the order of a document."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jackfield.definition.names import folded
from jackfield.definition.openapi.command_names import LONGEST, command_names, from_path, snake
from jackfield.definition.openapi.notices import Notices
from jackfield.definition.openapi.operations import Found

LEGAL = re.compile(r"[a-z][a-z0-9_]{0,63}")

IDS = (
    st.none() | st.text(max_size=12) | st.sampled_from(["list", "List", "li_st", "list-2", "2list", "x" * 70, "größe"])
)
PATHS = st.text(alphabet="/ab{}é?=#.-_", max_size=90).map(lambda text: f"/{text}")
OPERATIONS = st.dictionaries(st.tuples(PATHS, st.sampled_from(["GET", "POST"])), IDS, max_size=12)


def an_operation(path, method, operation_id):
    operation = {} if operation_id is None else {"operationId": operation_id}
    return Found(path=path, method=method, operation=operation, item={}, place=f"#/{path}/{method}", item_place="#")


def named(*operations):
    """Names by path and method."""
    found = [an_operation(*operation) for operation in operations]
    return dict(zip([one.key for one in found], command_names(found, Notices()), strict=True))


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("listUsers", "list_users"),
        ("repos/list-for-org", "repos_list_for_org"),
        ("getUserByID", "get_user_by_id"),
        ("getUserIDs", "get_user_ids"),
        ("HTTPServer.restart", "http_server_restart"),
        ("list_items", "list_items"),
        ("getV2Items", "get_v2_items"),
        ("Größe ändern", "grosse_andern"),
        ("  ", ""),
    ],
)
def test_words_become_snake_case(said, name):
    """As a reader would write them."""
    assert snake(said.replace("ß", "ss")) == name


@pytest.mark.parametrize(
    ("method", "path", "name"),
    [
        ("GET", "/users/{id}", "get_users_by_id"),
        ("POST", "/users/{user-id}/posts", "post_users_by_user_id_posts"),
        ("GET", "/", "get_root"),
        ("GET", "/?Action=List", "get_action_list"),
    ],
)
def test_method_and_path_make_a_name(method, path, name):
    """For operations without `operationId`."""
    assert from_path(method, path) == name


def test_a_name_begins_with_a_letter():
    """Digits first are put right, and nothing else is."""
    assert named(("/a", "POST", "2fa_enable"), ("/b", "GET", "日本"), ("/日本", "GET", "")) == {
        ("/a", "POST"): "post_2fa_enable",
        ("/b", "GET"): "get_b",
        ("/日本", "GET"): "get_root",
    }


def test_of_two_with_one_name_the_shorter_path_keeps_it():
    """The other says where it is, and a notice says so."""
    notices = Notices()
    found = [an_operation("/v2/users", "GET", "listUsers"), an_operation("/users", "GET", "list_users")]

    assert command_names(found, notices) == ["list_users_get_v2_users", "list_users"]
    assert [notice.message for notice in notices] == [
        "the name `list_users` is there already, so this operation is called `list_users_get_v2_users`"
    ]


def test_a_long_name_keeps_its_beginning():
    """At most 64 characters, and distinct from others that begin like it."""
    first, second = named(("/a", "GET", "list_" * 20 + "a"), ("/b", "GET", "list_" * 20 + "b")).values()

    assert first != second
    assert {len(first), len(second)} <= set(range(50, LONGEST + 1))
    assert first.startswith("list_list_list")


@given(OPERATIONS, st.randoms())
def test_names_are_legal_distinct_and_do_not_depend_on_order(operations, random):
    """Whatever a document calls its operations."""
    listed = [(path, method, said) for (path, method), said in operations.items()]
    names = named(*listed)
    random.shuffle(listed)

    assert all(LEGAL.fullmatch(name) for name in names.values())
    assert len({folded(name) for name in names.values()}) == len(names)
    assert named(*listed) == names
