"""One call, from start to finish. Every surface comes through here."""
