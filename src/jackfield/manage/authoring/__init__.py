"""Tools with which a language model writes connectors: looked at, made, changed, tested and called by it."""
