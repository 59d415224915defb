"""Tools that are not commands: they find commands, call them, and give the rest of a result. One file each."""
