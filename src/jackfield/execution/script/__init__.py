"""Connectors whose commands are JavaScript functions, each call in an isolate of its own."""
