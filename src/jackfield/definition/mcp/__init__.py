"""Tools of upstream MCP servers: how their definitions are pinned, compared, and made into commands."""
