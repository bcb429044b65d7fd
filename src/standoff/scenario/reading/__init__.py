"""From files to plain data in which every word knows its file, line and column."""
