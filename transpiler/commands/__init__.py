"""One module for each command: options, then a call of the library."""
