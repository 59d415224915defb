"""An OAuth 2.0 server that does as a test says: it signs in, rotates, refuses, hangs up, and counts."""
