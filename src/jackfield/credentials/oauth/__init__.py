"""OAuth 2.0: getting tokens, keeping them alive, and signing requests with them."""
