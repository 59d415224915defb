"""Connectors, defined once and used everywhere."""
