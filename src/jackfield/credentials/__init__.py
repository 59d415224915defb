"""Which credential a call uses, and how it is shown to a service."""
