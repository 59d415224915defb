"""Why tools cannot be searched by meaning."""

from __future__ import annotations

from jackfield.errors import JackfieldError


class EmbeddingUnavailable(JackfieldError):
    """A search was to count meaning, and what makes vectors of texts is not there."""

    code = "embedding-unavailable"
    status = 503
    retry = "after_fix"

    def __init__(self, *, reason: str, hint: str = "pip install 'jackfield[embedding]'") -> None:
        super().__init__(f"tools cannot be searched by meaning: {reason}", hint=hint, reason=reason)
