"""Something to call without an account anywhere: a small bookshop, and a connector for it."""
