"""How commands run: one sibling a folder, all behind `ExecutionModel`."""
