"""Translating outside protocols into calls."""
