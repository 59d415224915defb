"""The built-in catalogue. Each file imports only the root package, as anybody's connector would."""
