"""OpenAPI documents, read leniently and item by item: what they offer as commands, and how each request is sent."""
