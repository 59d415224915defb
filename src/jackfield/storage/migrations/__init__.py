"""The steps from any earlier schema to this one, run by Alembic."""
