"""Sentences that say that something causes something else: the cue, and which words stand on either side of it.

Many cues also say when, where, by whom or what is wished: `causal` tells by the grammar whether one says why.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from standoff.drafting.causal import THING, is_causal
from standoff.drafting.lexicon import lexicon
from standoff.drafting.parsing import Read
from standoff.drafting.texts import Paragraph

FEWEST = 8
"""Words below which a sentence says too little to name a cause and an effect."""


@dataclass(frozen=True, slots=True)
class Cause:
    """A causal sentence: the class of its cue, and where the cue, the cause and the effect stand in the paragraph."""

    paragraph: Paragraph
    way: str
    cue: tuple[int, int]
    cause: tuple[int, int]
    effect: tuple[int, int]


@cache
def _cues() -> tuple[tuple[str, str, re.Pattern[str]], ...]:
    """The cues by class and side, in the order in which they count."""
    found = lexicon("claims")
    explicit, verbs = found["explicit"], found["verbs"]
    sections = (
        ("explicit", "before", explicit["before"]), ("condition", "first", explicit["condition"]),
        ("explicit", "after", explicit["after"]), ("verb", "before", [*verbs["cues"], *verbs["nouns"]]),
        ("purpose", "before", found["purpose"]["cues"]), (THING, "before", verbs["things"]),
    )  # fmt: skip
    return tuple((way, side, _pattern(cues)) for way, side, cues in sections)


def _pattern(cues: Sequence[str]) -> re.Pattern[str]:
    words = (
        re.escape(cue.rstrip("*")) + (r"\w*" if cue.endswith("*") else "")
        for cue in sorted(cues, key=len, reverse=True)
    )
    return re.compile(r"(?<![\w-])(?:" + "|".join(words) + r")(?![\w-])", re.IGNORECASE)


def causes_in(read: Read) -> Iterator[Cause]:
    """The causal sentences of a paragraph, each once, by the first cue of the strongest class that grammar allows."""
    for start, end in read.sentences:
        sentence = read.paragraph.text[start:end]
        if len(sentence.split()) < FEWEST:
            continue
        for way, side, pattern in _cues():
            found = (one for one in pattern.finditer(sentence) if _counts(way, one, sentence))
            match = next((one for one in found if is_causal(read, start + one.start(), start + one.end(), way)), None)
            if match is not None:
                cause, effect = _sides(side, match, sentence)
                yield Cause(
                    read.paragraph, "verb" if way == THING else way, (start + match.start(), start + match.end()),
                    (start + cause[0], start + cause[1]), (start + effect[0], start + effect[1]),
                )  # fmt: skip
                break


def _counts(way: str, match: re.Match[str], sentence: str) -> bool:
    """Whether a cue has words on either side, or begins a clause that ends with a comma."""
    if match.start() == 0:
        return "," in sentence[match.end() :]
    return len(sentence[match.end() :].split()) >= 2


def _sides(side: str, match: re.Match[str], sentence: str) -> tuple[tuple[int, int], tuple[int, int]]:
    """Where cause and effect stand around a cue."""
    before, after = (0, match.start()), (match.end(), len(sentence))
    if match.start() == 0 or side == "first":
        comma = sentence.find(",", match.end())
        clause = (match.end(), comma if comma > 0 else len(sentence))
        rest = (comma + 1, len(sentence)) if comma > 0 and match.start() == 0 else before
        return (clause, rest) if side in ("after", "first") else (rest, clause)
    return (after, before) if side == "after" else (before, after)


def has_cue(sentence: str) -> bool:
    """Whether a sentence has a causal or conditional cue."""
    return any(pattern.search(sentence) for _, _, pattern in _cues())
