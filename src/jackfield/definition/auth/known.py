"""The schemes that there are."""

from __future__ import annotations

from collections.abc import Mapping

from jackfield.definition.auth.oauth2 import OAUTH2
from jackfield.definition.auth.signing import SIGNING
from jackfield.definition.auth.simple import SIMPLE
from jackfield.definition.auth.spec import SchemeSpec

SCHEMES: Mapping[str, SchemeSpec] = {spec.name: spec for spec in (*SIMPLE, *SIGNING, OAUTH2)}


def spec_of(kind: str) -> SchemeSpec:
    """The scheme of that name, of an `auth` that was checked."""
    return SCHEMES[kind]
