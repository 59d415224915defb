"""What is typed in on the page of a connect link, where a service signs nobody in."""

from __future__ import annotations

from collections.abc import Sequence

from jackfield.credentials.steering import steering
from jackfield.definition.auth import canonical, open_parts
from jackfield.definition.model import ConnectorDefinition


def fields_of(definition: ConnectorDefinition) -> Sequence[tuple[str, str, bool]]:
    """Name, label, and whether it is hidden while it is typed, of each value.

    Whoever has a link is nobody that is known here: they say who they are to the service, and never where it is.
    """
    auth = canonical(definition.auth)
    if auth.get("type") == "oauth2":
        return ()
    parts = [(name, part.label, part.secret) for name, part in open_parts(auth).items()]
    harmless = [field for field in definition.fields if not steering(definition.fields, auth, [field.name])]
    return [*parts, *((field.name, field.label or field.name, field.secret) for field in harmless)]
