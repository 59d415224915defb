"""What people are shown while a tool runs."""

from __future__ import annotations

import pytest

from jackfield.agents.status import LONGEST, status_text
from tools.making import tool


@pytest.mark.parametrize(
    ("status", "given", "shown"),
    [
        ("Searching for {{ channel }}", {"channel": "general"}, "Searching for general"),
        ("{{ limit }}", {"channel": "x", "limit": 7}, "7"),
        ("Searching for {{ channel }}", {}, "Title"),
        ("Searching for {{ nobody }}", {"channel": "x"}, "Title"),
        ("Searching for {{ channel }}", {"channel": "x", "wrong": 1}, "Title"),
        ("", {"channel": "x"}, "Title"),
        ("{{ channel }}", {"channel": "\n\t"}, "Title"),
    ],
)
def test_the_template_is_filled_in_or_the_title_is_shown(status, given, shown):
    """M17: never literal braces, never nothing."""
    assert status_text(tool({"status": status}, display_name="Title"), given) == shown


def test_what_is_settled_is_shown_as_it_is_sent():
    """Not as a model wanted it."""
    made = tool({"status": "In {{ channel }}", "parameters": {"channel": "{{ room }}"}})

    assert status_text(made, {"channel": "evil"}, {"room": "general"}) == "In general"


def test_a_model_cannot_break_the_line():
    """Part of the text is its own: control characters and length are not its to choose."""
    made = tool({"status": "In {{ channel }}"})
    shown = status_text(made, {"channel": "a\x1b[31m\u202e\nb" + "c" * 1000})

    assert shown.startswith("In a [31m b")
    assert len(shown) == LONGEST


def test_without_title_it_is_the_name_of_the_command():
    assert status_text(tool(), {}) == "list_messages"
