"""Search by what texts mean. The model here knows five words: real ones are in `test_local_model.py`."""

from __future__ import annotations

import sys

import pytest

from jackfield.agents.search.errors import EmbeddingUnavailable
from jackfield.agents.search.index import Index
from tools.search.tools import found, tool

MEANINGS = {"taxi": 0, "cab": 0, "hotel": 1, "room": 1, "weather": 2}


class Model:
    """Words of one meaning are one direction; it notes what it was asked."""

    def __init__(self):
        self.asked = []

    def __call__(self, texts, /):
        self.asked.append(list(texts))
        return [
            [float(sum(MEANINGS.get(word) == at for word in text.lower().split())) for at in range(3)] for text in texts
        ]


@pytest.fixture
def model():
    pytest.importorskip("numpy", reason="without numpy nothing is searched by meaning")
    return Model()


RIDE = tool("book_ride", "Order a taxi now")
HOTEL = tool("find_stay", "Search for a hotel tonight", connector="default/inn")


def test_another_word_for_the_same_is_found(model):
    """No word of the question is in the tool."""
    assert Index([RIDE, HOTEL]).search("cab") == []
    assert found(Index([RIDE, HOTEL], embed=model).search("cab")) == ["book_ride"]


def test_what_words_know_comes_before_what_meaning_guesses(model):
    """A name is no guess."""
    index = Index([RIDE, HOTEL, tool("cab", "Cabinet files")], embed=model)

    assert found(index.search("cab"))[0] == "cab"


def test_filters_hold_for_meaning_too(model):
    """A tool that may not be seen is not seen by another word either."""
    index = Index([RIDE, HOTEL], embed=model)

    assert index.search("cab", connector="default/inn") == []
    assert index.search("cab", risk="write") == []
    assert index.search("cab", connector=[]) == []


def test_a_text_goes_to_the_model_once(model):
    """Making vectors is what takes long; all at once, and only what is new."""
    index = Index([RIDE, tool("book_ride", "Order a taxi now", connector="default/twin")], embed=model)
    after = index.replaced({"default/acme": [RIDE, tool("late", "The weather tonight")]})

    assert [len(asked) for asked in model.asked] == [1, 1]
    assert found(after.search("weather")) == ["late"]
    assert found(after.search("cab", connector="default/acme")) == ["book_ride"]


def test_a_connector_that_is_gone_means_nothing(model):
    """Its vectors go with it."""
    assert Index([RIDE, HOTEL], embed=model).replaced({"default/acme": []}).search("cab") == []


@pytest.mark.parametrize("made", [[], [[1.0, 2.0]] * 5, [1.0], [[1.0], [1.0, 2.0]]])
def test_a_model_that_makes_no_vectors_is_refused(model, made):
    """Else tools would be found by the meaning of others."""
    with pytest.raises(ValueError, match=r"vectors|inhomogeneous"):
        Index([RIDE], embed=lambda texts: made)


@pytest.mark.parametrize("value", [0.0, float("nan"), float("inf")])
def test_vectors_without_direction_find_nothing(model, value):
    """Models say such things of texts that they cannot read."""
    index = Index([RIDE], embed=lambda texts: [[value, value]] * len(texts))

    assert index.search("cab") == []
    assert found(index.search("taxi")) == ["book_ride"]


def test_meaning_without_numpy_is_told(monkeypatch):
    """At once, when the index is built, and with what brings it."""
    monkeypatch.setitem(sys.modules, "numpy", None)

    with pytest.raises(EmbeddingUnavailable) as caught:
        Index([RIDE], embed=Model())
    assert "jackfield[embedding]" in caught.value.hint
