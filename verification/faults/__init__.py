"""How many mistakes `standoff check` tells with the line and the cure: `python -m verification.faults`."""
