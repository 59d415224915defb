"""A runtime on another machine: everything is asked of a Jackfield server."""
