"""Connectors written down, by people and by others who mean no good."""

from __future__ import annotations

import pytest

from jackfield.registry.documents import read_bodies
from jackfield.registry.errors import LoadFailed

BOMB = "- &a0 [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"- &a{step} [{','.join([f'*a{step - 1}'] * 9)}]\n" for step in range(1, 9)
)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (BOMB, "aliases"),
        ("&self {name: desk, type: http, config: {inside: *self}}", "nested"),
        ("&self [*self]", "nested"),
        ("[" * 5000 + "]" * 5000, "nested"),
        ("[" * 500 + "]" * 500, "nested"),
    ],
    ids=["a few lines that are 400 million values", "a part of itself", "itself", "deep", "less deep"],
)
def test_a_document_that_would_fill_the_memory_is_refused(text: str, told: str):
    """Whoever adds a connector from a page of somebody's has not written it."""
    with pytest.raises(LoadFailed, match=told):
        read_bodies(text.encode(), place="downloaded.yaml")


def test_aliases_that_repeat_a_little_are_read():
    """They are what YAML has them for."""
    text = "base: &base {type: http, tags: [a, b]}\nconnectors:\n  - {name: one, <<: *base}\n  - {name: two, <<: *base}"

    assert [body["tags"] for body in read_bodies(text.encode(), place="mine.yaml")] == [["a", "b"], ["a", "b"]]
