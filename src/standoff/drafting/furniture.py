"""Paragraphs that are no prose: furniture of the page, notes at its end, captions and headings, and damaged text."""

from __future__ import annotations

import re
from collections.abc import Sequence
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
_FRAGMENT = re.compile(
    r"(?:for|not|no|by|from|with|without|in|to|all|any|see|via|at|on|under|copies|strictly|more|next|also)\b",
    re.IGNORECASE,
)
"""How lines about a page begin that are no sentences: For clients only. Not to be forwarded."""
_OWN = re.compile(
    r"^(?:this|the present) (?:[\w-]+ ){0,2}(?:note|brief|briefing|bulletin|newsletter|paper|article|report|memo"
    r"|memorandum|issue|edition|document|assessment|analysis|text|page|site|publication|digest|update|essay|commentary)\b",
    re.IGNORECASE,
)
"""How a line at the top or the bottom speaks of the text itself: This bulletin may be copied."""
_LEGEND = re.compile(r"[\"“‘'][\w -]{2,30}[\"”’'].{0,60}?\d+ ?(?:%|percent|per cent)", re.IGNORECASE)
_LIKELIHOOD = re.compile(r"\b(?:likely|unlikely|probabl[ey]|chance|certain|possible|confidence)\b", re.IGNORECASE)
_STANDS = re.compile(
    r"\b(?:stands? for|means?|denotes?|refers? to|is used|are used|correspond|expresses|=)", re.IGNORECASE
)
"""How a line says what words of doubt stand for."""
_LABEL = re.compile(r"^[A-Z][\w-]*(?: [\w-]+)?: \S")
_DATE = re.compile(r"\b(?:\d{1,2} [A-Z][a-z]+|[A-Z][a-z]+ \d{1,2},|[A-Z][a-z]{2,8}) (?:19|20)\d\d\b")
_ISSUE = re.compile(r"\b(?:no|nr|vol|volume|issue|number|edition|part)\b\.? ?\d", re.IGNORECASE)
_BRACKETED = re.compile(r"^[\[(][^\[\]()]*[A-Za-z]{3}[^\[\]()]*[\])]\.?$")
_MENU = re.compile(r"\S\s+[|·•»]\s+\S")
_SOURCES = re.compile(
    r"^(?:(?:end|foot)?notes?|(?:notes? and )?sources?|references|bibliography|works cited)\W*$", re.IGNORECASE
)
_BODY = 25
"""Words from which a paragraph that ends as a sentence does belongs to the body of a text."""
_LINE = 12
"""Words up to which a line at the top or the bottom of a page can be no sentence of the text."""
_LETTERS = 600
"""Letters up to which a line is looked at so closely: one of a single long word would take its length squared."""
SHORT = 45
"""Words up to which a paragraph about who wrote, or to whom to write, is no prose."""
FEW_LETTERS = 25
"""Fewer letters than this, outside links and marks of notes, make no paragraph of prose."""
LONG = 30
"""Words from which a line without a full stop is no heading and no caption, but breaks off."""


def remarks_about(lines: Sequence[str]) -> list[Remark | None]:
    """What is to be said of each paragraph of a text, by its words and by where it stands; None for prose.

    What is above the first and below the last paragraph of some length is looked at more closely: there a line that is
    no sentence, or that speaks of the text itself, is furniture. The first line is the title and stays.
    """
    found = [remark_about(line) for line in lines]
    body = [number for number, line in enumerate(lines) if found[number] is None and len(line.split()) >= _BODY]
    if not body:
        return found
    top, bottom = range(1, body[0]), range(body[-1] + 1, len(lines))
    for number in (*top, *bottom):
        if found[number] in (None, "caption") and _is_of_the_page(lines[number], is_top=number < body[0]):
            found[number] = "furniture"
    heading = next((number for number in bottom if _SOURCES.match(lines[number])), len(lines))
    for number in range(heading + 1, len(lines)):
        if found[number] in (None, "caption") and not _AUXILIARY.search(lines[number]):
            found[number] = "endnotes"
    return found


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
    if _NOTE.match(text) and (letters < FEW_LETTERS or links > 0.3 * len(text) or _names_a_source(text, links)):
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
    """Whether a note with its mark has a link or no verb: it names where something is from, and says nothing."""
    return _MARK.match(text) is not None and (links > 0 or not _AUXILIARY.search(text))


def _is_legend(text: str) -> bool:
    """Whether a short paragraph only says what words of doubt stand for."""
    found = _LEGEND.search(text) and _LIKELIHOOD.search(text) and _STANDS.search(text)
    return found is not None and len(text.split()) <= SHORT


def _is_of_the_page(text: str, *, is_top: bool) -> bool:
    """Whether a line at the top or the bottom is of the page: it speaks of the text, or is no sentence.

    At the top a line without a full stop has to name a day or an issue too, or to be a label: others are headings.
    """
    words = len(text.split())
    if len(text) > _LETTERS:
        return False
    if words <= SHORT and (_OWN.match(text) or _BRACKETED.match(text)):
        return True
    if words <= _LINE and (_MENU.search(text) or (_LABEL.match(text) and words <= 8)):
        return True
    if words > _LINE or _AUXILIARY.search(text):
        return False
    if not _END.search(text):
        return bool(_DATE.search(text) or _ISSUE.search(text))
    parts = [part for part in re.split(r"[.!?]\s*", text) if part]
    return not is_top and all(_FRAGMENT.match(part) for part in parts)


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
