"""The command line: data goes to stdout, talk to stderr; exit status 0 success, 1 failure, 2 wrong use."""
