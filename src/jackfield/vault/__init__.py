"""Secrets: where they are kept, and keeping them out of what is shown."""
