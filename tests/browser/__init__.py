"""The web UI, as people have it: a real browser before a real server."""
