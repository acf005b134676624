"""The exit status of every command (contract, command line)."""

OK, SOME_FAILED, USAGE, DATABASE, INTERRUPTED = 0, 1, 2, 3, 130
