"""The audit of the theatre, measured again by `python -m verification.theatre`; see docs/verification.md."""
