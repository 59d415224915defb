"""Words of texts and identifiers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jackfield.agents.search.stem import stem
from jackfield.agents.search.words import LONGEST, folded, telling, words


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("getV2User", ["get", "v2", "user"]),
        ("get_v2_user", ["get", "v2", "user"]),
        ("get-v2-user", ["get", "v2", "user"]),
        ("listHTTPServers", ["list", "http", "servers"]),
        ("GitHub", ["git", "hub", "github"]),
        ("OAuth", ["oauth", "auth"]),
        ("oauth2", ["oauth2", "oauth"]),
        ("s3.list-buckets", ["s3", "list", "buckets"]),
        ("parseJSON", ["parse", "json", "parsejson"]),
        ("USER_ID", ["user", "id"]),
        ("Käärijä", ["kaarija"]),
        ("ﬁle", ["file"]),
        ("東京都", ["東京", "京都"]),
        ("", []),
        ("?! -- ''", []),
    ],
)
def test_identifiers_are_split_where_people_see_words(text, parts):
    """Whoever asks does not know in which style a command is written."""
    assert words(text) == [stem(part) for part in parts]


def test_what_every_sentence_has_tells_nothing():
    """Nor do the numbers with which a tool is to be called."""
    assert telling("Please show me the 25 newest users of the team") == [stem("show"), "newest", "user", "team"]


def test_case_and_style_of_a_name_make_no_difference():
    """A model may write a name as it likes."""
    assert folded("acme-prod__listMessages") == folded("ACME_PROD_list-messages")


@given(st.text())
def test_any_text_has_words_or_none(text):
    """Texts come from models and from documents of others."""
    assert all(0 < len(word) <= LONGEST * 4 for word in words(text))
    assert len(telling(text)) <= len(words(text))


@given(st.text(alphabet="aA1_ ", min_size=200, max_size=400))
def test_no_word_is_longer_than_one_can_be(text):
    """Else a text without spaces would be kept as a word for nobody."""
    assert all(len(word) <= LONGEST + 1 for word in words(text))
