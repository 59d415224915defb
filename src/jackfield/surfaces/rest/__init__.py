"""The REST surface: HTTP in, calls and managed resources out."""
