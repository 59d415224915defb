"""Tools of one connector, read."""

from __future__ import annotations

from jackfield.agents.search.shelf import MAX_TEXT, SATURATION, shelve, weights
from jackfield.agents.search.stem import stem
from tools.search.tools import tool


def test_a_word_counts_most_in_a_name():
    """Then in a title, in what a tool does, and in its params."""
    named = weights(tool("invoice"))["invoic"]
    titled = weights(tool("x", title="invoice"))["invoic"]
    said = weights(tool("x", "invoice"))["invoic"]
    param = weights(tool("x", params={"number": "invoice"}))["invoic"]

    assert named > titled > said > param > 0


def test_the_same_word_again_adds_less():
    """Whoever writes a word fifty times is not found by it before all others."""
    shelf = shelve([tool("a", "invoice " * 500), tool("invoice", "Send an invoice.")])
    span = shelf.span(stem("invoice"))
    gains = dict(zip(shelf.places[span.start : span.stop], shelf.gains[span.start : span.stop], strict=True))

    assert gains[0] < gains[1] <= SATURATION + 1


def test_a_word_counts_less_in_a_long_text():
    """Long descriptions mention much."""
    assert weights(tool("a", "invoice"))["invoic"] > weights(tool("a", "invoice " + "word " * 50))["invoic"]


def test_the_first_line_of_several_is_a_title():
    """Documents of OpenAPI have their summary there."""
    first = weights(tool("a", "Star a repository\n\nNote that you need to set a header"))

    assert first["star"] > first["header"]


def test_the_end_of_an_endless_text_is_not_read():
    """Texts come from documents of others, and memory is ours."""
    shelf = shelve([tool("a", "x " * MAX_TEXT + "hidden", params={"p": "y " * MAX_TEXT + "hidden"})])

    assert not shelf.span("hidden")
    assert not shelf.span("nowhere")


def test_what_is_kept_of_a_tool_is_what_an_answer_needs():
    """Params are many, and a schema is asked for by name."""
    (kept,) = shelve([tool("a", "Do it.", params={"p": "text"}, risk="write", connected=False)]).tools

    assert (kept.command, kept.description, kept.risk, kept.connected) == ("a", "Do it.", "write", False)
    assert not hasattr(kept, "params")
