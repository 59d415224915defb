"""Stems of words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jackfield.agents.search.stem import stem


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("caresses", "caress"),
        ("ponies", "poni"),
        ("cats", "cat"),
        ("feed", "feed"),
        ("agreed", "agre"),
        ("plastered", "plaster"),
        ("sing", "sing"),
        ("conflated", "conflat"),
        ("hopping", "hop"),
        ("falling", "fall"),
        ("filing", "file"),
        ("happy", "happi"),
        ("sky", "sky"),
        ("relational", "relat"),
        ("vietnamization", "vietnam"),
        ("triplicate", "triplic"),
        ("hopefulness", "hope"),
        ("revival", "reviv"),
        ("adoption", "adopt"),
        ("probate", "probat"),
        ("rate", "rate"),
        ("controlling", "control"),
        ("roll", "roll"),
    ],
)
def test_stems_are_those_of_the_paper(word, expected):
    """Its own examples, through all of its steps."""
    assert stem(word) == expected


@pytest.mark.parametrize(
    "family",
    [
        "delete deletes deleted deleting deletion",
        "repository repositories",
        "create creates created creating",
        "message messages messaging",
        "configure configured configuration",
        "issue issues",
    ],
)
def test_forms_of_a_word_find_one_another(family):
    """A command says `delete`, whoever asks says `deleting`."""
    assert len({stem(word) for word in family.split()}) == 1


@pytest.mark.parametrize("word", ["id", "v2", "aws", "straße", "東京"])
def test_what_is_no_english_word_stays(word):
    """Short names and other scripts would lose what tells them apart."""
    assert stem(word) in {word, "aw"}


@given(st.text(alphabet="abceilnosty", min_size=1, max_size=20))
def test_a_stem_is_never_empty_nor_longer(word):
    """One letter more comes only in place of others: `hoping`, `hope`."""
    assert 0 < len(stem(word)) <= len(word)
