"""The execution model `mcp`: commands are tools of an upstream MCP server. The SDK is imported by the first call."""

from jackfield.execution.mcp.model import McpModel

__all__ = ["McpModel"]
