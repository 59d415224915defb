"""An imported connector as a script: what the model does with a plan, written out as JavaScript to be edited."""

from __future__ import annotations

from jackfield.execution.openapi.export.script import Exported, export

__all__ = ["Exported", "export"]
