"""One file a resource. Each has a `router`; the folder is searched, there is no list."""
