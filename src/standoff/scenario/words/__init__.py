"""One file for each word of the language that expands into plain state and plain rules."""
