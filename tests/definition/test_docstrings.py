"""What is read from a docstring becomes the help of a command, in forms, docs and tools."""

from __future__ import annotations

import pytest

from jackfield.definition.docstrings import read


def google():
    """List the newest messages.

    Reads at most
    two pages.

    Args:
        channel: Channel name,
            without the leading `#`.
        limit (int): Messages to return: 1 to 200.

    Returns:
        The messages,
        newest first.

    Raises:
        ValueError: Never.
    """


def numpy():
    """List the newest messages.

    Reads at most
    two pages.

    Parameters
    ----------
    channel : str
        Channel name,
        without the leading `#`.
    limit : int
        Messages to return: 1 to 200.

    Returns
    -------
    list
        The messages,
        newest first.
    """


@pytest.mark.parametrize("documented", [google, numpy], ids=lambda function: function.__name__)
def test_summary_arguments_and_result_are_taken_apart(documented):
    """Authors write in the style they know."""
    doc = read(documented)

    assert doc.description.splitlines()[0] == "List the newest messages."
    assert "two pages." in doc.description
    assert doc.args == {
        "channel": "Channel name, without the leading `#`.",
        "limit": "Messages to return: 1 to 200.",
    }
    assert doc.returns == "The messages, newest first."


def test_the_description_leaves_the_sections_out():
    """A tool's description with `Args:` in it says everything twice."""
    description = read(google).description

    assert "Args" not in description
    assert "Raises" not in description
    assert "channel" not in description


def test_no_docstring_is_no_help():
    """Documentation is for people; a command works without."""

    def silent(): ...

    doc = read(silent)

    assert (doc.description, doc.args, doc.returns) == ("", {}, "")


@pytest.mark.parametrize(
    "text", ["Args:", "Args:\n    ", ":", "Returns:\n\nArgs:\n  x", "\n\n", "a: b: c", "Args:\n    x y z"]
)
def test_an_odd_docstring_stops_nothing(text):
    """A slip in the help must not keep a connector from being defined."""

    def odd(): ...

    odd.__doc__ = text

    assert isinstance(read(odd).description, str)
