"""What schemes keep between calls."""

from __future__ import annotations

from jackfield.credentials.signing.remembered import Remembered, key_of


def test_the_one_that_was_not_used_for_longest_goes_first():
    """Whoever may make credentials must not fill the memory."""
    kept: Remembered[int] = Remembered(2)
    for number, key in enumerate(("a", "b")):
        kept.put(key, number)
    kept.get("a")
    kept.put("c", 2)

    assert [kept.get(key) for key in ("a", "b", "c")] == [0, None, 2]


def test_another_value_is_not_forgotten():
    """Two requests are refused at the same time; the second must not throw away what the first has got."""
    kept: Remembered[list[int]] = Remembered(2)
    old, new = [1], [1]
    kept.put("a", old)
    kept.put("a", new)
    kept.forget("a", old)

    assert kept.get("a") is new
    kept.forget("a", new)
    assert kept.get("a") is None


def test_a_key_tells_nothing_of_what_it_was_made_of():
    """It stands in tables, and in what people print."""
    assert key_of("a", "b") == key_of("a", "b")
    assert len({key_of("a", "b"), key_of("ab", ""), key_of("a", ["b"]), key_of("", "ab")}) == 4
    assert "secret" not in key_of("a-secret")
