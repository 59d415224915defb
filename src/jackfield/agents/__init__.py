"""Commands as tools for language models: their names, schemas, fixed params, results and search."""
