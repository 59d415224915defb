"""Places where secrets are kept, beside the memory of the process. See `docs/concepts/secrets-and-masking.md`."""
