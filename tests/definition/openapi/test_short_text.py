"""Descriptions of params: plain, short, and with what tells what to put in."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jackfield.definition.openapi.plain_text import plain_text
from jackfield.definition.openapi.short_text import CUT, MOST, NAMES, READ, short_text
from jackfield.definition.openapi.telling import tells

STORY = "It was brought in by the team in the north when the old one had been found to be too slow for them."


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("<p>The <code>a</code>.</p><ul><li><p><code>b</code> - &lt;key&gt;</p></li></ul>", "The `a`.\n- `b` - <key>"),
        ('See [the docs](https://x.example/a_(b)#c "Docs") and ![logo](x.png) **now**', "See the docs and now"),
        (
            "One line\nthat goes on.\n\nAnother:\n\n *  `a` first\n *  `b`",
            "One line that goes on.\nAnother:\n- `a` first\n- `b`",
        ),
        ("`<b>&amp;</b>` stays, as do <owner>/<name>, list[0](x) and a &copy b", None),
    ],
)
def test_markup_becomes_plain_text(text, plain):
    """A model pays for tags and addresses, and a form shows them as they are. Code is never touched."""
    assert plain_text(text) == (plain or text)


def test_facts_stay_and_stories_go():
    """Whoever fills in a value needs its form, wherever the description says it."""
    text = f"The day of it. {STORY} Must be a date in ISO 8601 format. {STORY} Valid values are `2024-01-01` or later."

    short = short_text(text)

    assert short == f"The day of it. Must be a date in ISO 8601 format. Valid values are `2024-01-01` or later.{CUT}"


def test_what_points_to_another_page_goes_without_a_word():
    """It has lost its address, and never told what to put in."""
    text = 'The page to fetch. For more information, see "[Paging](https://x.example/paging)."'

    assert short_text(text) == "The page to fetch."


def test_of_long_lists_the_names_stay():
    """They are the values that may be given."""
    items = [f" * `part-{number}` - {STORY}" for number in range(12)]

    short = short_text("The filters.\n\n" + "\n".join(items))

    assert all(f"`part-{number}`" in short for number in range(12))
    assert len(short) < 600


def test_values_that_the_schema_lists_are_not_listed_again():
    """In `enum` they are checked, too."""
    text = f"The state. Can be one of `open`, `closed`, or `all`. {STORY}"

    assert short_text(text, known=("open", "closed", "all")) == f"The state.{CUT}"
    assert "Can be one of `open`" in short_text(text, known=("open",))


def test_a_default_that_the_schema_has_is_not_told_again():
    """Another one is."""
    text = "The order. Defaults to `asc`."

    assert short_text(text, default="asc") == "The order."
    assert short_text(text, default="desc") == text


@pytest.mark.parametrize(
    ("sentence", "kind"),
    [
        ("Must be between 8 and 64 characters.", "fact"),
        ("Comma-separated list of ids.", "fact"),
        ("Valid choices are name and date.", "fact"),
        ("The distance must be > 0 and <= 150.", "fact"),
        ("Unix timestamp of the start.", "fact"),
        ("- `all` Returns everything.", "fact"),
        ("This cannot be used together with `page`.", "use"),
        ("Defaults to the team of the caller.", "use"),
        ("The response has a token in that format.", "story"),
        (STORY, "story"),
        ("Learn more about paging.", "nothing"),
        ("The name is not case sensitive.", "nothing"),
    ],
)
def test_sentences_are_told_apart(sentence, kind):
    """By what they are worth to somebody who fills in a value."""
    assert tells(sentence) == kind


@given(st.text(max_size=400) | st.lists(st.sampled_from("[](){}<>`*&.;\n -ab1\"'"), max_size=400).map("".join))
def test_any_text_becomes_a_short_one(text):
    """Descriptions are written by strangers."""
    short = short_text(text)

    assert len(short) <= MOST + NAMES + len(CUT) + 10
    assert short.strip() == short
    assert bool(short) == bool(text.strip()) or not plain_text(text).strip("-=*_ \n")


@pytest.mark.parametrize(
    "part", ["`", "[", "[](", "<a ", "**a", "&#", "- `", "a. ", "(", '[a](b "', " \n", "\u3002", "max "]
)
def test_no_text_takes_long(part):
    """A document has 64 MB, and each description is read by patterns. What is read of one is bounded."""
    short = short_text(part * 1_000_000)

    assert len(short) < READ
