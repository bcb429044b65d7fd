"""How much of some texts `standoff draft` finds, beside a reader's table: `python -m verification.drafting`."""
