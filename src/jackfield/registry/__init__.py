"""Which connector types and connectors exist, and how a name finds one."""
