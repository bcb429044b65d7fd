"""How many of an author's mistakes `standoff check` tells with the line and the cure: `python -m verification.faults`."""
