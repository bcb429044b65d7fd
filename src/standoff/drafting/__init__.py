"""Drafting: from written texts to candidates for a scenario, the review of them, and the files of what was accepted.

Nothing is invented: each field of a candidate has the place of the words it rests on. No sentence of a text is kept.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from standoff.doors import door

if TYPE_CHECKING:
    from standoff.drafting.candidates import KINDS, Candidate, rows_of
    from standoff.drafting.copyguard import Copied, copies
    from standoff.drafting.decisions import STATES, Decision, Standing, counts, decided, read_log
    from standoff.drafting.desk import Desk, Progress
    from standoff.drafting.drafts import Draft, Source, draft, opened
    from standoff.drafting.endpoint import Endpoint
    from standoff.drafting.extra import has_parser
    from standoff.drafting.proposals import Checker, Refused
    from standoff.drafting.texts import Paragraph, Text, read_source
    from standoff.drafting.writing import Written, write

__all__ = [
    "KINDS", "STATES", "Candidate", "Checker", "Copied", "Decision", "Desk", "Draft", "Endpoint", "Paragraph",
    "Progress", "Refused", "Source", "Standing", "Text", "Written", "copies", "counts", "decided", "draft",
    "has_parser", "opened", "read_log", "read_source", "rows_of", "write",
]  # fmt: skip

if not TYPE_CHECKING:
    __getattr__, __dir__ = door(
        __name__,
        {
            "candidates": ("KINDS", "Candidate", "rows_of"),
            "copyguard": ("Copied", "copies"),
            "decisions": ("STATES", "Decision", "Standing", "counts", "decided", "read_log"),
            "desk": ("Desk", "Progress"),
            "drafts": ("Draft", "Source", "draft", "opened"),
            "endpoint": ("Endpoint",),
            "extra": ("has_parser",),
            "proposals": ("Checker", "Refused"),
            "texts": ("Paragraph", "Text", "read_source"),
            "writing": ("Written", "write"),
        },
    )
