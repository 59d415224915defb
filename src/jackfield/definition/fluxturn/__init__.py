"""FluxTurn's connector definitions, read as declarative connectors."""

from __future__ import annotations

from jackfield.definition.fluxturn.document import converted, is_fluxturn

__all__ = ["converted", "is_fluxturn"]
