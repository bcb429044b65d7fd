"""Headers of events: `TYPE (mode) by A on B at P size N`, from an author's words to their parts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from standoff.errors import Cure, Fault
from standoff.scenario.expression.syntax import MAXIMUM_LENGTH, Passage, top_level_words
from standoff.scenario.expression.written import part_of
from standoff.scenario.reading.text import Words
from standoff.scenario.schema.rules import PLOVER, like_plover

_HEADER = re.compile(r"([A-Za-z_]+)(?:\s*\(([^()]*)\))?")
_PARTS = ("by", "on", "at", "size")
_MEANT = {
    "against": "on", "versus": "on", "vs": "on", "to": "on", "toward": "on", "towards": "on", "with": "on",
    "upon": "on", "in": "at", "near": "at", "off": "at", "from": "at", "into": "at",
}  # fmt: skip
"""The word of a header that is meant by others."""
_STRAY = re.compile(rf"[A-Za-z]\w*\s+(?P<word>{'|'.join(_MEANT)})\s+[A-Za-z]\w*(?:\s*\[[^\]]*\])?")
_FORM = "expected TYPE (mode) by A on B at P size N; all parts but TYPE are optional"


@dataclass(frozen=True, slots=True)
class HeaderText:
    """A header in its parts: who (`by`), whom (`on`), where (`at`) and `size` are expressions."""

    type: str
    mode: str | None
    parts: Mapping[str, Passage]

    def part(self, name: str) -> Words | None:
        """The expression of a part, None where it has none."""
        passage = self.parts.get(name)
        return None if passage is None else part_of(passage)


def read_header(words: str) -> HeaderText:
    """The parts of a header; raises a Fault SD210 for what is none, SD302 for what is too long."""
    passage = Passage.whole(words)
    if len(passage.text) > MAXIMUM_LENGTH:
        found = f"a header of {len(passage.text):,} characters; the limit is {MAXIMUM_LENGTH:,}"
        raise passage.fault("SD302", found, span=(0, 1), hint="name its parts under define:")
    match = _HEADER.match(passage.text)
    if match is None or match[1] not in PLOVER:
        type_ = match[1] if match else passage.text.split()[0] if passage.text else ""
        hint, expected = like_plover(type_)
        span = (0, max(1, len(type_)))
        found = f"'{type_}' is not a type of event"
        raise passage.fault("SD210", found, span=span, hint=hint, expected=expected)
    return HeaderText(match[1], (match[2] or "").strip() or None, _parts(passage, match.end()))


@lru_cache(maxsize=2_000)
def header_of(words: Words) -> HeaderText | None:
    """The parts of a header; None for what is none, which a later step refuses at its place."""
    try:
        return read_header(words)
    except Fault:
        return None


def _parts(passage: Passage, start: int) -> dict[str, Passage]:
    text = passage.text
    marks = [(position, word) for position, word in top_level_words(text) if word in _PARTS and position >= start]
    first = marks[0][0] if marks else len(text)
    if text[start:first].strip():
        part = passage.part(start, first)
        raise part.fault("SD210", f"'{part.text}' is not part of an event header", expected=_FORM)
    parts: dict[str, Passage] = {}
    for (position, word), (after, _) in pairwise([*marks, (len(text), "")]):
        part = passage.part(position + len(word), after)
        span = (position, position + len(word))
        stray = _STRAY.fullmatch(part.text)
        if stray is not None:
            meant = _MEANT[stray["word"]]
            found = f"'{stray['word']}' is no word of an event header"
            cure = Cure(f"write {meant}, as in by A on B at P", meant)
            raise part.fault("SD210", found, span=stray.span("word"), hint=cure, expected=_FORM)
        if word in parts:
            raise passage.fault("SD210", f"'{word}' is given twice", span=span, expected=_FORM)
        if not part.text:
            raise passage.fault("SD210", f"nothing follows '{word}'", span=span, expected=_FORM)
        parts[word] = part
    return parts
