"""What a caller may not do."""

from __future__ import annotations

from collections.abc import Sequence

from jackfield.errors import JackfieldError


class ScopeMissing(JackfieldError):
    """The caller's token does not allow what was asked."""

    code = "scope-missing"
    status = 403
    retry = "after_fix"

    def __init__(self, *, user: str, scope: str, scopes: Sequence[str]) -> None:
        allowed = ", ".join(f"`{name}`" for name in scopes) or "nothing"
        super().__init__(
            f"the token of `{user}` does not allow `{scope}`",
            hint=f"use a token with that scope; this one allows {allowed}",
            user=user,
            scope=scope,
            scopes=list(scopes),
        )
