"""Paragraphs that are no prose: furniture of the page, notes at its end, captions and headings, and damaged text."""

from __future__ import annotations

import re
from typing import Literal

from standoff.drafting.lexicon import lexicon

Remark = Literal["furniture", "endnotes", "caption", "damaged"]
"""What a remark of a source can say of a paragraph, of what is found here."""

_NOTE = re.compile(r"\[\d{1,3}\]|\d{1,3}\.?\s+(?=https?://)|[;\s]*https?://")
# A word is looked at from its beginning alone: a line of one long word would take its length squared.
_LINK = re.compile(r"https?://\S+|www\.\S+|(?<!\S)\S+\.(?:com|org|net|ng|ir|ru)\S*")
_MARK = re.compile(r"\[\d+\]")
_END = re.compile(r"[.!?:…][\"”’')\]]*$")
_BY_LINE = re.compile(
    r"^by\s+[A-Z]|^[A-Z][\w.'-]+ [A-Z][\w.'-]+(?:, (?:and )?[A-Z][\w.'-]+ [A-Z][\w.'-]+)*"
    r"(?:,? and [A-Z][\w.'-]+ [A-Z][\w.'-]+)?$"
)
_DATE_LINE = re.compile(r"^(?:updated\s+)?(?:[A-Z][a-z]+ \d{1,2},? \d{4}|\d{1,2} [A-Z][a-z]+ \d{4}|\d{4}-\d\d-\d\d)$")
FEW_LETTERS = 25
"""Fewer letters than this, outside links and marks of notes, make no paragraph of prose."""
LONG = 30
"""Words from which a line without a full stop is no heading and no caption, but breaks off."""


def remark_about(text: str) -> Remark | None:
    """What is to be said of a paragraph; None for prose."""
    lower = text.lower().strip(" •\t")
    if any(lower.startswith(cue) for cue in lexicon("furniture")["begins"]["furniture"]):
        return "furniture"
    bare = _MARK.sub("", _LINK.sub("", text))
    letters = sum(map(str.isalpha, bare))
    links = sum(len(link) for link in _LINK.findall(text))
    if _NOTE.match(text) and (letters < FEW_LETTERS or links > 0.3 * len(text) or _MARK.match(text)):
        return "endnotes"
    if links > 0.4 * len(text):
        return "endnotes"
    if _DATE_LINE.match(text) or _BY_LINE.match(text):
        return "furniture"
    if _breaks_off(text):
        return "damaged"
    if _is_caption(text):
        return "caption"
    if _END.search(_MARK.sub("", text).strip()):
        return None
    return "caption" if len(text.split()) < LONG else "damaged"


def _is_caption(text: str) -> bool:
    """Whether a sentence ends with a credit or, being short, with a full date."""
    credit = re.search(r"\[[A-Z][\w ]+\]$|\((?:Photo|Image|Reuters|AP|AFP)[^)]*\)$", text)
    dated = re.search(r"[A-Z][a-z]+ \d{1,2}, \d{4}\.$", text) and len(text.split()) < 20
    return bool(credit or dated)


def _breaks_off(text: str) -> bool:
    """Whether a text ends in the middle of a sentence, or with a quotation that nobody closes."""
    tail = _MARK.sub("", text).rstrip()
    return tail.endswith(("—", "–", ",", ";")) or tail.count("“") > tail.count("”") or tail.count('"') % 2 == 1
