"""Every name of a scenario with where it is declared and where it is meant, and how it can be given another."""
