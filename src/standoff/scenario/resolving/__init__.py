"""From an expanded document to one in which every name has found what it means."""
