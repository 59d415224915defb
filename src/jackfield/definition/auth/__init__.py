"""How a type says that its service wants to know the caller: `{"type": "bearer", "secret": "NAME"}`.

One file a scheme, or a family of them; `known` lists them.
"""

from jackfield.definition.auth.accepted import accepted
from jackfield.definition.auth.faults import auth_faults
from jackfield.definition.auth.known import SCHEMES, spec_of
from jackfield.definition.auth.parts import canonical, open_parts, parts_of, takes_one_value
from jackfield.definition.auth.spec import Part, SchemeSpec

__all__ = [
    "SCHEMES",
    "Part",
    "SchemeSpec",
    "accepted",
    "auth_faults",
    "canonical",
    "open_parts",
    "parts_of",
    "spec_of",
    "takes_one_value",
]
