"""Commands as tools over the Model Context Protocol: HTTP and stdio. The SDK is imported when it is needed."""
