"""Calling connectors from Python: the same code in process and against a server."""
