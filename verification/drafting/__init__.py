"""How much of five texts `standoff draft` finds, beside a reader's table of them: `python -m verification.drafting`."""
