"""Search over tools."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jackfield.agents.search.index import MAX_HITS, Index
from tools.search.tools import found, tool

ACME = [
    tool("list_messages", "List the newest messages of a channel.", params={"channel": "Name of the channel."}),
    tool("send_message", "Write to a channel.", risk="write"),
    tool("delete_channel", "Remove a channel with all it has.", risk="destructive"),
    tool("get_user", "Who somebody is.", params={"email": "Address."}),
]
SHOP = [
    tool("list_orders", "Orders of a customer.", connector="default/shop", about="Shop: orders and customers"),
    tool("list_messages", "What customers wrote.", connector="default/shop", connected=False),
]
INDEX = Index([*ACME, *SHOP])

texts = st.text(max_size=300) | st.sampled_from(
    ['"', "*", 'NEAR("a" "b", 5)', "name:list*", "a AND NOT (", "'; DROP TABLE tools; --", "\ud800", "\0", "-" * 5000]
)


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("list messages", "list_messages"),
        ("listMessages", "list_messages"),
        ("sending messages to a channel", "send_message"),
        ("removes channels", "delete_channel"),
        ("find somebody by email", "get_user"),
        ("orders", "list_orders"),
    ],
)
def test_what_is_asked_for_comes_first(query, first):
    """In other forms, other words around it, and by what params are called."""
    assert found(INDEX.search(query))[0] == first


def test_the_connector_that_is_named_comes_first():
    """Many have a command of the same name."""
    hits = INDEX.search("list messages of the shop")

    assert [hit.tool.name for hit in hits[:2]] == ["shop__list_messages", "acme__list_messages"]


@pytest.mark.parametrize("query", ["get_user", "getUser", "acme__get_user", "ACME get user"])
def test_a_name_finds_its_tool_first(query):
    """Whatever else has the same words, and more often."""
    loud = tool("user_get_user_of_user", "Get user. " * 20)

    assert found(Index([loud, *ACME, *SHOP]).search(query))[0] == "get_user"


def test_words_that_are_nowhere_find_nothing():
    """A list of what does not fit would be taken for an answer."""
    assert INDEX.search("xylophone") == []
    assert Index().search("anything") == []


@pytest.mark.parametrize("query", ["", "  ", "?!"])
def test_nothing_asked_lists_all_by_name(query):
    """So that one can look around."""
    hits = INDEX.search(query, limit=3)

    assert [hit.tool.name for hit in hits] == ["acme__delete_channel", "acme__get_user", "acme__list_messages"]
    assert {hit.score for hit in hits} == {0}


def test_common_words_count_where_there_are_no_others():
    """A tool may be called `about`."""
    assert found(Index([*ACME, tool("about")]).search("about")) == ["about"]


def test_filters_leave_what_they_say():
    """By connector, risk and state, each alone and together."""
    assert found(INDEX.search("list messages", connector="default/shop"))[0] == "list_messages"
    assert {hit.tool.connector for hit in INDEX.search("list", connector=["default/shop", "default/none"])} == {
        "default/shop"
    }
    assert INDEX.search("list", connector=[]) == []
    assert found(INDEX.search("channel", risk="destructive")) == ["delete_channel"]
    assert set(found(INDEX.search("channel", risk=("read", "write")))) == {"send_message", "list_messages"}
    assert [hit.tool.connector for hit in INDEX.search("messages", connected=False)] == ["default/shop"]
    assert INDEX.search("", risk="write", connected=False) == []


def test_what_is_left_out_has_no_influence():
    """Else one could learn from scores which words are in what one may not see."""
    alone = Index(ACME).search("messages of a channel")

    assert INDEX.search("messages of a channel", connector="default/acme") == alone


@pytest.mark.parametrize(("limit", "answered"), [(-3, 0), (0, 0), (1, 1), (10**9, MAX_HITS)])
def test_an_answer_has_bounds(limit, answered):
    """A model chooses how many it wants."""
    index = Index([tool(f"list_{number}") for number in range(MAX_HITS + 20)])

    assert len(index.search("list", limit=limit)) == len(index.search("", limit=limit)) == answered


def test_equal_tools_come_by_name_in_whatever_order_they_were_read():
    """Two answers to one question are the same."""
    tools = [tool(f"list_{letter}") for letter in "cab"]

    assert (
        found(Index(tools).search("list")) == found(Index(tools[::-1]).search("list")) == ["list_a", "list_b", "list_c"]
    )


@given(texts)
def test_no_query_is_an_error(query):
    """A model wrote it; there is no syntax in it."""
    hits = INDEX.search(query, limit=3)

    assert len(hits) <= 3
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)


@given(texts, texts, st.dictionaries(texts, texts, max_size=3))
def test_no_document_is_an_error(command, description, params):
    """Descriptions come from documents of others."""
    index = Index([tool(command, description, params=params), *ACME])

    assert found(index.search("send message"))
    assert len(index.search("", limit=10)) == 5


def test_a_connector_is_replaced_alone():
    """One change must not read all the others again."""
    after = INDEX.replaced({"default/shop": [tool("refund", connector="default/shop")]})

    assert found(after.search("refund")) == ["refund"]
    assert after.search("orders") == []
    assert found(INDEX.search("orders")) == ["list_orders"]
    assert (len(INDEX), len(after)) == (6, 5)
    assert found(after.search("channel")) == found(INDEX.search("channel"))
    assert after._shelves["default/acme"] is INDEX._shelves["default/acme"]


def test_a_connector_without_documents_is_gone():
    """It was deleted."""
    after = INDEX.replaced({"default/acme": [], "default/never": ()})

    assert after.search("channel") == []
    assert len(after) == 2


def test_replacing_is_the_same_as_building():
    """However an index came to be, it answers alike."""
    built = Index([*ACME, *SHOP])
    grown = Index().replaced({"default/acme": ACME}).replaced({"default/shop": SHOP})

    assert grown.search("list messages of customers") == built.search("list messages of customers")


def test_a_document_of_another_connector_is_refused():
    """It would be found under a name under which it cannot be filtered."""
    with pytest.raises(ValueError, match="default/shop"):
        INDEX.replaced({"default/acme": SHOP})
