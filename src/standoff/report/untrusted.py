"""What may stand in a file that could come from anywhere: cut texts, finite numbers, lists that end."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator, Field

LONGEST_TEXT = 1_200
LONGEST_NAME = 100
MOST_ROWS = 10_000
MOST_ITEMS = 500
_UNSEEN = re.compile("[\u0000-\u001f\u007f-\u009f\u200b\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]+")


def tame(text: str, longest: int = LONGEST_TEXT) -> str:
    """A text of bounded length without characters that act on what stands beside it."""
    plain = _UNSEEN.sub(" ", text).strip()
    return plain if len(plain) <= longest else plain[: longest - 1] + "…"


def _short(text: str) -> str:
    return tame(text, LONGEST_NAME)


Text = Annotated[str, AfterValidator(tame)]
Name = Annotated[str, AfterValidator(_short)]
Number = Annotated[float, Field(allow_inf_nan=False)]
Count = Annotated[int, Field(ge=0, le=2**53)]
Names = Annotated[list[Name], Field(max_length=MOST_ITEMS)]
Texts = Annotated[list[Text], Field(max_length=MOST_ITEMS)]
