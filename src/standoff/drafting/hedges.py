"""Words of doubt as ranges of probability: standards of the trade, conventions, or a table of the user's own."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from standoff.drafting.chances import stated_chances
from standoff.drafting.lexicon import fold, lexicon
from standoff.errors import UsageError

STANDARDS = ("icd-203", "phia")
_NEGATION = re.compile(r"\b(?:not|n’t|n't|never|no longer|hardly)\s+(?:\w+\s+)?$", re.IGNORECASE)
_UNABLE = re.compile(r"\s+(?:not|no longer)\b", re.IGNORECASE)
"""Behind `could`: what somebody was unable to do."""
_NOBODY = re.compile(r"\b(?:neither|nobody|no one|none|no)\b[^.;:]*$", re.IGNORECASE)
_WISHES = frozenset(["wants", "would like", "intends"])
"""What somebody wishes is doubtful by convention; what nobody wishes is no doubt."""
_NOT_NEGATED = frozenset(["seem", "appear", "want", "wants", "suggest"])
"""What is no doubt where it is denied."""
_SHOWS = frozenset(["suggest", "suggests"])
"""What only says on what a doubt rests, where another word says how strong it is."""
_COMING = re.compile(
    r"\b(?:will|would|could|may|might|can|likely|unlikely|possibl[ey]|potential\w*|looming|imminent|set to|intent"
    r"|intends?|seeks?|prepar\w+|plan\w*|next|future|shift|until|if|forward|coming|remain\w*|unclear|wants?|risk|eventual|agreement"
    r"|indications?|needed|term|support|near)\b",
    re.IGNORECASE,
)
_NAMED_MONTH = re.compile(
    r"\bMay(?=\s+\d|,?\s+(?:19|20)\d\d|\s+to\b)|\b\d{1,2}(?:st|nd|rd|th)?\s+(?:of\s+)?May\b|\b(?i:in|since|of|by|until|last|late|early|mid)[\s-]+May\b"
)


@dataclass(frozen=True, slots=True)
class Hedge:
    """A word of doubt or a stated chance: its range, where it stands, and whether a standard or the text defines it."""

    low: float
    high: float
    words: str
    start: int
    end: int
    standard: bool


@dataclass(frozen=True, slots=True)
class Table:
    """Words of doubt with their ranges, the longest first, so that `very likely` is not read as `likely`."""

    name: str
    entries: tuple[tuple[str, float, float, bool], ...]

    def pattern(self) -> re.Pattern[str]:
        """A pattern of all its words."""
        return _pattern(tuple(words for words, *_ in self.entries))


@cache
def _pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(r"(?<![\w-])(?:" + "|".join(re.escape(one) for one in words) + r")(?![\w-])", re.IGNORECASE)


def table(name: str = "icd-203") -> Table:
    """The words of a standard, or of a file of the user's, with the conventions for what it leaves out.

    Raises UsageError for a standard that is not known and for a file that is not of the form of `hedges.toml`.
    """
    known = name in STANDARDS
    standard = _entries(lexicon("hedges")[name]["standard"], standard=True) if known else _own(Path(name))
    taken = {words for words, *_ in standard}
    others = [
        one for one in _entries(lexicon("hedges")["convention"]["standard"], standard=False) if one[0] not in taken
    ]
    return Table(name, tuple(sorted([*standard, *others], key=lambda one: (-len(one[0]), one[0]))))


def _entries(rows: list[dict[str, object]], *, standard: bool) -> list[tuple[str, float, float, bool]]:
    found = []
    for row in rows:
        low, high, words = row.get("low"), row.get("high"), row.get("words")
        if not (isinstance(low, float | int) and isinstance(high, float | int) and isinstance(words, list)):
            raise UsageError("each row of a table of doubt needs low, high and words")
        if not 0.0 <= low <= high <= 1.0:
            raise UsageError(f"a range from {low} to {high} is none of probabilities")
        found += [(str(one).lower(), float(low), float(high), standard) for one in words if str(one).strip()]
    return found


def _own(file: Path) -> list[tuple[str, float, float, bool]]:
    if not file.is_file():
        raise UsageError(f"'{file}' is neither a standard ({', '.join(STANDARDS)}) nor a file of words and ranges")
    try:
        sections = tomllib.loads(file.read_text(encoding="utf-8"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise UsageError(f"'{file}' is not TOML in UTF-8: {error}") from None
    rows = [row for section in sections.values() if isinstance(section, dict) for row in section.get("standard", ())]
    if not rows:
        raise UsageError(
            f"'{file}' has no rows; it needs a section with standard = [{{low = …, high = …, words = […]}}]"
        )
    return _entries(rows, standard=True)


def hedges(sentence: str, words: Table) -> list[Hedge]:
    """The words of doubt and the stated chances of a sentence, in its order; conventions only of what may come.

    `not likely` is read as the other side of `likely`; the month is not the word `may`.
    """
    stated = [
        Hedge(one.low, one.high, sentence[one.start : one.end].lower(), one.start, one.end, standard=True)
        for one in stated_chances(sentence)
    ]
    worded = [one for one in _worded(sentence, words) if not any(_overlap(one, other) for other in stated)]
    return sorted([*stated, *worded], key=lambda one: one.start)


def _overlap(one: Hedge, other: Hedge) -> bool:
    return one.start < other.end and other.start < one.end


def _worded(sentence: str, words: Table) -> list[Hedge]:
    known = {one: (low, high, standard) for one, low, high, standard in words.entries}
    months = [match.span() for match in _NAMED_MONTH.finditer(sentence)]
    found = []
    for match in words.pattern().finditer(sentence):
        if any(begin <= match.start() < end for begin, end in months):
            continue
        low, high, standard = known[match[0].lower()]
        if not standard and not _COMING.search(sentence):
            continue
        if match[0].lower() == "could" and _UNABLE.match(sentence, match.end()):
            continue
        start, negation = match.start(), _NEGATION.search(sentence[: match.start()])
        if negation is not None and standard:
            start, low, high = negation.start(), round(1 - high, 6), round(1 - low, 6)
        elif negation is not None and fold(match[0]) in _NOT_NEGATED:
            continue
        if match[0].lower() in _WISHES and _NOBODY.search(sentence[:start]):
            continue
        found.append(Hedge(low, high, sentence[start : match.end()].lower(), start, match.end(), standard))
    last = found[-1].start if found else 0
    return [one for one in found if one.words not in _SHOWS or one.start == last]
