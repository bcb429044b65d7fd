"""No sentence of a source leaves it: runs of equal words between what is written and what was read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from standoff.drafting.texts import Text

LONGEST = 7
"""The most words in a row that may be the same; from eight on it is a copy."""
_WORD = re.compile(r"[^\W_]+(?:[’'][^\W_]+)*")


@dataclass(frozen=True, slots=True)
class Copied:
    """Words in a row that stand in a source too."""

    at: str
    words: str


def copies(written: str, texts: Iterable[Text]) -> Iterator[Copied]:
    """The runs of eight words or more that something written shares with a paragraph, each paragraph once."""
    own = _words(written)
    runs = {tuple(own[i : i + LONGEST + 1]) for i in range(len(own) - LONGEST)}
    for text in texts:
        for paragraph in text.paragraphs:
            words = _words(paragraph.text)
            for begin in range(len(words) - LONGEST):
                run = tuple(words[begin : begin + LONGEST + 1])
                if run in runs:
                    yield Copied(paragraph.at, " ".join(run))
                    break


def _words(text: str) -> list[str]:
    return [word.lower() for word in _WORD.findall(text)]
