"""The expressions of the language: text to tree, types and units, and what is known of a value beforehand."""
