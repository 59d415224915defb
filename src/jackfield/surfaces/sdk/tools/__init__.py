"""Commands as tools, in a program: made without a call, loaded together, called in its own process or at a server."""
