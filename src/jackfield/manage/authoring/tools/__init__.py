"""The authoring tools, one a file: each has `TOOL`, which says what it is, and `run`."""
