"""What to write instead of a word that is not known."""

from __future__ import annotations

from collections.abc import Collection
from difflib import get_close_matches


def suggested(wanted: str, known: Collection[str]) -> str:
    """What to write instead of `wanted`."""
    close = get_close_matches(wanted.lower().replace("-", "_"), list(known), n=1)
    if close:
        return f"did you mean `{close[0]}`?"
    return f"it must be one of {', '.join(f'`{name}`' for name in sorted(known))}" if known else "there are none"
