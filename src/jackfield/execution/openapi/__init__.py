"""The execution model of connectors that an OpenAPI document describes."""
