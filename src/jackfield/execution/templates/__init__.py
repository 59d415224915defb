"""Templates: a strict expression language, shared by declarative connectors, workflows and AI agents."""

from __future__ import annotations

from jackfield.execution.templates.template import Template, compile_template, is_template, render

__all__ = ["Template", "compile_template", "is_template", "render"]
