"""Connectors written as Python classes."""

from jackfield.execution.built_in.model import BuiltInModel

__all__ = ["BuiltInModel"]
