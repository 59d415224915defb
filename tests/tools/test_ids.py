"""Ids of calls and conversations, which others have given."""

from __future__ import annotations

import pytest

from jackfield.agents.ids import MAX_ID, plain_id
from jackfield.agents.tool import ToolContext


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("call_1", "call_1"),
        ("a\0b\nc", "abc"),
        ("ä/ü", "ä/ü"),
        ("\ud800x", "x"),
        ("", None),
        (None, None),
        ("\0", None),
    ],
)
def test_what_cannot_be_kept_is_left_out(given, kept):
    """PostgreSQL takes no NUL, UTF-8 no half characters, a log no line breaks."""
    assert plain_id(given) == kept


def test_every_tool_call_has_them_so():
    """Wherever it comes from; so what is looked for later is what was kept."""
    context = ToolContext(chat_id="a\0", call_id="x" * 1000)

    assert (context.chat_id, context.call_id) == ("a", "x" * MAX_ID)
