"""The process in which scripts run: the engine, and what it may reach. It knows nothing of the server."""
