"""Callers who come with a token of the company's own OpenID Connect issuer."""
