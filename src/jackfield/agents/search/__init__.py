"""Search over tools: an index of what they are called and what they do, without knowledge of where they come from."""
