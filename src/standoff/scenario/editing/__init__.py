"""Changes of an author's files that leave all else as it was written: comments, order, quotes and line ends."""
