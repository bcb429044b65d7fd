"""Paragraphs that are no prose: furniture of the page, notes at its end, captions and headings, and damaged text."""

from __future__ import annotations

import re
from functools import cache
from typing import Literal

from standoff.drafting.lexicon import lexicon
from standoff.drafting.quantities import quantities

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
_AUTHOR = re.compile(
    r"^(?:(?i:the (?:author|writer|correspondent|editor|translator))s?|[A-Z][\w.'’-]+(?: [A-Z][\w.'’-]+){1,3}) "
    r"(?:is|are|was|were|works|teaches|follows|covers|lives|writes|reports|edits|directs|leads|thanks?|served"
    r"|has (?:written|covered))\b"
)
"""How a line about who wrote begins: the writer covers …; Jane Doe is …"""
_OF_WRITING = re.compile(
    r"\b(?:fellow|researcher|analyst|professor|lecturer|correspondent|journalist|reporter|columnist|historian|editor"
    r"|staff writer|freelance|author of|teaches|think[ -]tank|university|institute)\b",
    re.IGNORECASE,
)
_ANSWERS = re.compile(
    r"\b(?:comments?|letters?|corrections?|feedback|replies|questions|enquiries|inquiries|tips|submissions|contributions)\b"
    r"[^.]{0,40}\b(?:welcome|invited|should be (?:sent|addressed)|may be (?:sent|addressed)|can be (?:sent|addressed)"
    r"|to the editor|by (?:post|e-?mail|letter|mail))\b",
    re.IGNORECASE,
)
"""How readers are asked to answer."""
_PAGE = re.compile(
    r"^(?:page|p\.)\s*\d+(?:\s*(?:of|/)\s*\d+)?$|^\d+\s*/\s*\d+$|^\d{1,4}$|^\W*$"
    r"|^(?:vol(?:ume)?\.?|issue|no\.?|number|part|edition)\s*\d+\b.{0,60}$|\b\d+[ -]min(?:ute)?s? read\b"
    r"|\b(?:ISSN|ISBN|doi)\b|^[\w &'’-]{3,60}[,|·:]\s*(?:no|vol|issue|nr)\.?\s*\d+\b.{0,60}$",
    re.IGNORECASE,
)
"""Numbers of pages, volumes and issues."""
_AUXILIARY = re.compile(
    r"\b(?:am|is|are|was|were|has|have|had|does|do|did|will|would|shall|should|may|might|can|could|must|says?|said|gave"
    r"|gives?|went|came|took|put|met|held|told|made|saw|left|fell|led|lost|won|fought|began|broke|sent|found|knew"
    r"|differs?|(?<!\bbe )(?<!\bnot )(?<!\bonly )\w{2,}ed)\b",
    re.IGNORECASE,
)
"""Words that are finite verbs wherever they stand, or end as verbs do: what has none is no sentence."""
_LEGEND = re.compile(r"[\"“‘'][\w -]{2,30}[\"”’'].{0,60}?\d+ ?(?:%|percent|per cent)", re.IGNORECASE)
_LIKELIHOOD = re.compile(r"\b(?:likely|unlikely|probabl[ey]|chance|certain|possible|confidence)\b", re.IGNORECASE)
_STANDS = re.compile(
    r"\b(?:stands? for|means?|denotes?|refers? to|is used|are used|correspond|expresses|=)", re.IGNORECASE
)
"""How a line says what words of doubt stand for."""
SHORT = 45
"""Words up to which a paragraph about who wrote, or to whom to write, is no prose."""
FEW_LETTERS = 25
"""Fewer letters than this, outside links and marks of notes, make no paragraph of prose."""
LONG = 30
"""Words from which a line without a full stop is no heading and no caption, but breaks off."""


def remark_about(text: str) -> Remark | None:
    """What is to be said of a paragraph by its words alone; None for prose."""
    lower = text.lower().strip(" •\t")
    if any(lower.startswith(cue) for cue in lexicon("furniture")["begins"]["furniture"]):
        return "furniture"
    if _is_about_the_page(text) or _is_legend(text):
        return "furniture"
    bare = _MARK.sub("", _LINK.sub("", text))
    letters = sum(map(str.isalpha, bare))
    links = sum(len(link) for link in _LINK.findall(text))
    is_short = letters < FEW_LETTERS and not (is_note(text) and has_verb(text))
    if _NOTE.match(text) and (is_short or links > 0.3 * len(text) or _names_a_source(text, links)):
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


def _names_a_source(text: str, links: int) -> bool:
    """Whether a note with its mark has a link, or no verb and no number of things: it only names sources."""
    if _MARK.match(text) is None:
        return False
    return links > 0 or not (has_verb(text) or quantities(text))


def is_note(text: str) -> bool:
    """Whether a paragraph is a note with its mark."""
    return _MARK.match(text) is not None


def has_verb(text: str) -> bool:
    """Whether a line has a word that can only be a finite verb, or a verb of telling before what it tells.

    May, and a word with a capital within a line, is a name or part of one: United, Said.
    """
    named = (one[0] == "May" or (one.start() > 0 and one[0][0].isupper()) for one in _AUXILIARY.finditer(text))
    return not all(named) or _telling().search(text) is not None


@cache
def _telling() -> re.Pattern[str]:
    """A verb of telling in the present with what is told behind it: puts the distance at, counts 40, holds that."""
    grammar = lexicon("claims")["grammar"]
    listed = (*grammar["telling"], *grammar["disputing"])
    verbs = "|".join(f"{verb[:-1]}ies" if verb.endswith("y") else f"{verb}e?s" for verb in listed)
    objects = r"that|the|an?|its|his|her|their|it|them|no|only|some|about|\d|[A-Z][a-z]"
    return re.compile(rf"(?<=[\w,)] )(?:{verbs}) (?:{objects})")


def _is_legend(text: str) -> bool:
    """Whether a short paragraph only says what words of doubt stand for."""
    found = _LEGEND.search(text) and _LIKELIHOOD.search(text) and _STANDS.search(text)
    return found is not None and len(text.split()) <= SHORT


def _is_about_the_page(text: str) -> bool:
    """Whether a short paragraph is about who wrote, how to answer, or which page and issue this is."""
    if len(text.split()) > SHORT:
        return False
    about = _AUTHOR.match(text)
    named = about is not None and text.lower().startswith(("the author", "the writer", "the editor", "the translator"))
    of_writing = about is not None and _OF_WRITING.search(text[about.end() :].partition(",")[0])
    return bool(named or of_writing or _ANSWERS.search(text) or _PAGE.search(text))


def _is_caption(text: str) -> bool:
    """Whether a sentence ends with a credit or, being short, with a full date."""
    credit = re.search(r"\[[A-Z][\w ]+\]$|\((?:Photo|Image|Reuters|AP|AFP)[^)]*\)$", text)
    dated = re.search(r"[A-Z][a-z]+ \d{1,2}, \d{4}\.$", text) and len(text.split()) < 20
    return bool(credit or dated)


def _breaks_off(text: str) -> bool:
    """Whether a text ends in the middle of a sentence, or with a quotation that nobody closes."""
    tail = _MARK.sub("", text).rstrip()
    return tail.endswith(("—", "–", ",", ";")) or tail.count("“") > tail.count("”") or tail.count('"') % 2 == 1
