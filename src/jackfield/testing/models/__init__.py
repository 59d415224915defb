"""A server in the place of a language model: it says what a test has written, and refuses what a real one refuses."""
