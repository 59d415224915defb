"""Names: what they may look like, their slugs, and that look-up finds the one that is meant."""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jackfield.definition.errors import InvalidName, NamesFallTogether
from jackfield.definition.names import MAX_SEARCHED, RESERVED, check_distinct, check_name, closest, find, folded, slug

words = st.lists(st.text(string.ascii_lowercase, min_size=2, max_size=6), min_size=1, max_size=4)
names = st.from_regex(r"[A-Za-z][A-Za-z0-9_-]{0,20}", fullmatch=True)


def spellings(of):
    """The three ways in which people write the same words."""
    return "_".join(of), "-".join(of), of[0] + "".join(word.title() for word in of[1:])


@pytest.mark.parametrize(
    "name", ["acme", "acme-prod", "acme_prod", "listMessages", "A", "x1", "a" * 100, "a__b-", "OAuth2"]
)
def test_kebab_snake_and_camel_case_are_accepted(name):
    """The guides use all of them."""
    assert check_name(name, what="connector") == name


@pytest.mark.parametrize(
    "name", ["", "1abc", "a b", "a" * 101, "-a", "_a", "a/b", "a.b", "ä", "aä", "a\n", "\na", "a\x00", "../a", "a%20b"]
)
def test_names_that_could_not_stand_in_a_path_are_refused(name):
    """They are segments of routes, keys of YAML and names of tools."""
    with pytest.raises(InvalidName) as refused:
        check_name(name, what="connector")

    assert refused.value.details["field"] == "name"
    assert refused.value.status == 422


def test_an_endless_name_does_not_come_back_whole():
    """The message goes to logs and pages."""
    with pytest.raises(InvalidName) as refused:
        check_name("a b" * 100_000, what="command")

    assert len(str(refused.value)) < 200
    assert len(refused.value.details["name"]) <= 120


@pytest.mark.parametrize("name", [*sorted(RESERVED), "Test", "parseOas", "parse_oas", "import_openapi"])
@pytest.mark.parametrize("what", ["connector", "namespace"])
def test_route_segments_are_no_names_of_connectors_and_namespaces(name, what):
    """`/api/connectors/{name}/test` would be two things at once."""
    with pytest.raises(InvalidName):
        check_name(name, what=what)


@pytest.mark.parametrize("what", ["command", "connector type"])
def test_route_segments_may_name_commands_and_types(what):
    """Every guide has a command called `test`."""
    assert check_name("test", what=what) == "test"


@pytest.mark.parametrize(
    ("name", "kebab"),
    [
        ("list_messages", "list-messages"),
        ("listMessages", "list-messages"),
        ("ListMessages", "list-messages"),
        ("list-messages", "list-messages"),
        ("List messages", "list-messages"),
        ("HTTPServer", "http-server"),
        ("listHTTPServers", "list-http-servers"),
        ("parseOAS", "parse-oas"),
        ("listUsersV2", "list-users-v2"),
        ("list_users_v2", "list-users-v2"),
        ("getS3Bucket", "get-s3-bucket"),
        ("v1", "v1"),
    ],
)
def test_the_slug_is_the_kebab_form(name, kebab):
    """It stands in addresses, so it must be what a person would write."""
    assert slug(name) == kebab


@given(words)
def test_a_slug_is_the_same_in_every_case_style(of):
    """A caller who knows the words knows the slug."""
    assert {slug(spelling) for spelling in spellings(of)} == {"-".join(of)}


@given(names)
def test_the_slug_of_a_slug_is_itself(name):
    """Whoever stores a slug can look it up again, however often it goes round."""
    assert slug(slug(name)) == slug(name)


@given(names)
def test_a_slug_finds_the_name_it_was_made_of(name):
    """Slugs are used in routes, and look-up ignores case style."""
    assert folded(slug(name)) == folded(name)
    assert find(slug(name), {name: 1}) == name


@given(words)
def test_every_case_style_finds_the_name(of):
    """`list_messages`, `listMessages` and `list-messages` are one name."""
    for written in spellings(of):
        for wanted in spellings(of):
            assert find(wanted, {written: 1}) == written


@given(st.lists(names, min_size=1, max_size=6, unique=True), st.data())
def test_an_exact_match_wins_over_one_that_ignores_case_style(present, data):
    """Params that a service chose may differ in case only, and then only the exact one is meant."""
    wanted = data.draw(st.sampled_from(present))

    assert find(wanted, dict.fromkeys(present)) == wanted


@given(st.lists(names, max_size=6, unique=True), names)
def test_what_is_found_differs_in_case_style_at_most(present, wanted):
    """Look-up never guesses."""
    found = find(wanted, dict.fromkeys(present))

    same = [name for name in present if folded(name) == folded(wanted)]
    assert (found is None) == (not same)
    assert found is None or found in same


def test_names_that_only_case_style_tells_apart_are_refused_together():
    """The message has both, since either may be the one to rename."""
    with pytest.raises(NamesFallTogether) as refused:
        check_distinct(["list", "user_id", "userId"], what="params", where="command `list`")

    assert "`user_id` and `userId`" in refused.value.message
    assert (refused.value.details["first"], refused.value.details["second"]) == ("user_id", "userId")


@given(st.lists(names, max_size=8, unique_by=folded))
def test_names_that_differ_otherwise_are_left_alone(present):
    """`list` and `lists` are two names."""
    check_distinct(present, what="commands", where="connector type `acme`")


def test_what_looks_most_like_a_name_is_found_but_not_among_thousands():
    """That takes seconds, in which nobody else is answered."""
    assert closest("chanel", ["limit", "channel"]) == "channel"
    assert closest("xyz", ["limit", "channel"]) is None
    assert closest("name_1", [f"name_{number}" for number in range(MAX_SEARCHED + 1)]) is None
