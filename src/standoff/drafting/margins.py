"""What stands above and below the body of a text: its masthead, who wrote it, and what a page says of itself.

A paragraph of some length is body; a line of the margins is of the page by where it stands, by how it is written (no
finite verb, capitals, signs between its parts), by the names of the masthead, and by what it speaks of.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from standoff.drafting.furniture import Remark, has_verb, is_note, remark_about
from standoff.drafting.lexicon import lexicon, sentences, singular
from standoff.drafting.quantities import quantities

_BODY = 25
"""Words from which a paragraph that ends as a sentence does belongs to the body of a text."""
_LINE = 12
"""Words up to which a line at the top or the bottom of a page can be no sentence of the text."""
_SHORT = 45
"""Words up to which a line that speaks of the text itself is of the page."""
_LONG = 80
"""Words up to which a paragraph can be about the publication and nothing else."""
_LETTERS = 600
"""Letters up to which a line is looked at so closely: one of a single long word would take its length squared."""
_END = re.compile(r"[.!?:…][\"”’')\]]*$")
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
_LABEL = re.compile(r"^[A-Z][\w-]*(?: [\w-]+)?: \S")
_DATE = re.compile(r"\b(?:\d{1,2} [A-Z][a-z]+|[A-Z][a-z]+ \d{1,2},|[A-Z][a-z]{2,8}) (?:19|20)\d\d\b")
_ISSUE = re.compile(r"\b(?:no|nr|vol|volume|issue|number|edition|part|paper|note|brief)\b\.? ?\d", re.IGNORECASE)
_BRACKETED = re.compile(r"^[\[(][^\[\]()]*[A-Za-z]{3}[^\[\]()]*[\])]\.?$")
_MENU = re.compile(r"\S\s+[|·•»]\s+\S")
_BULLET = re.compile(r"^[•·*–—-]\s")
_SOURCES = re.compile(
    r"^(?:(?:end|foot)?notes?|(?:notes? and )?sources?|references|bibliography|works cited)\W*$", re.IGNORECASE
)
_SMALL = frozenset([
        "of", "the", "and", "for", "on", "in", "a", "an", "de", "von", "van", "la", "le", "du", "al", "el", "bin",
        "ibn", "da", "dos", "der", "den", "zu", "und", "et", "y", "e"
    ])  # fmt: skip
"""Words that stay small in a name or a title of capitals."""
_COPYING = re.compile(
    r"\bmay (?:not )?be (?:copied|reproduced|quoted|cited|forwarded|circulated|shared|reprinted|republished)\b",
    re.IGNORECASE,
)
_DOES = re.compile(
    r"(?:, [^,]{3,40},)? (?:is|are|was|were|has|have|works?|teach(?:es)?|writes?|edits?|lives?|directs?|leads?"
    r"|serve[ds]?|holds?|covers?|studies|reports?|appears?|publish(?:es)?)\b"
)
"""What a line says of the one whom it names first: Jane Doe, a former diplomat, teaches …"""
_TITLE = re.compile(r"^(?:the|dr|prof|professor|mr|mrs|ms|sir|general|colonel|ambassador)\.? ", re.IGNORECASE)
_OWN_VIEWS = re.compile(r"\b(?:views?|opinions?)\b[^.]{0,120}\b(?:own|those of)\b", re.IGNORECASE)
_HEDGES = re.compile(r"\b(?:likely|unlikely|probabl[ey]|will|would|may|might|could|should|if)\b", re.IGNORECASE)
"""Words of an outlook: a paragraph with one is prose."""


def remarks_about(lines: Sequence[str]) -> list[Remark | None]:
    """What is to be said of each paragraph of a text, by its words and by where it stands; None for prose.

    What is above the first and below the last paragraph of the body is looked at more closely. The first line is the
    title and stays; so do headings and the heading of the notes, which are captions.
    """
    found = [remark_about(line) for line in lines]
    body = [number for number, line in enumerate(lines) if found[number] is None and _is_body(line)]
    if not body:
        return found
    top = range(1, body[0])
    _mark_masthead(lines, found, top)
    names = _names_of([lines[number] for number in top if found[number] == "furniture"])
    while len(body) > 1 and is_of_publication(lines[body[-1]], names):
        found[body.pop()] = "furniture"
    bottom = range(body[-1] + 1, len(lines))
    for number in bottom:
        line = lines[number]
        if found[number] in (None, "caption") and not is_note(line) and not _SOURCES.match(line):
            below = _is_of_the_page(line, is_top=False) or _begins_with(line, names)
            if below or is_of_publication(line, names) or _is_address(line):
                found[number] = "furniture"
    _mark_last_block(lines, found, bottom)
    heading = next((number for number in bottom if _SOURCES.match(lines[number])), len(lines))
    for number in range(heading + 1, len(lines)):
        counts = is_note(lines[number]) and quantities(lines[number])
        if found[number] in (None, "caption") and not (has_verb(lines[number]) or counts):
            found[number] = "endnotes"
    return found


def _mark_last_block(lines: Sequence[str], found: list[Remark | None], bottom: range) -> None:
    """Marks, from the last line upwards, names and addresses above lines of the page, and the heading of these."""
    for number in reversed(bottom):
        line = lines[number]
        if found[number] in ("furniture", "endnotes"):
            continue
        if found[number] != "caption" or not _is_bare(line) or _BULLET.match(line) or _SOURCES.match(line):
            return
        is_last = number == bottom[-1]
        heads = not _words("headings").isdisjoint(_lower(line))
        if is_last or not (heads or _is_titled(line) or re.search(r"\d", line)) or len(line.split()) < 2:
            return
        found[number] = "furniture"


def _is_body(line: str) -> bool:
    return len(line.split()) >= _BODY and not is_note(line)


def _mark_masthead(lines: Sequence[str], found: list[Remark | None], top: range) -> None:
    """Marks the lines between the title and the body: those of the page, and what stands above one of these.

    A masthead is one block: its short lines without a verb that are names or speak of a publication belong to it
    wherever they stand, a mere heading does not.
    """
    headings = [line for line in lines[top.stop :] if _is_bare(line)]
    in_small = sum(not _is_titled(line) for line in headings if len(line.split()) > 1) * 2 > len(headings)
    for number in top:
        line = lines[number]
        if found[number] not in (None, "caption"):
            continue
        own = _is_of_the_page(line, is_top=True) or (is_of_publication(line, []) and len(line.split()) <= _SHORT)
        if own or (_is_bare(line) and (_writes(line) or _is_publication(line))):
            found[number] = "furniture"
    last = max((number for number in top if found[number] == "furniture"), default=0)
    for number in top:
        line = lines[number]
        named = found[number] == "caption" and _is_bare(line) and _is_titled(line) and len(line.split()) > 1
        if named and (number < last or in_small):
            found[number] = "furniture"


def _is_bare(line: str) -> bool:
    """Whether a line is short, has no full stop and no finite verb: a heading, a name, or a part of a masthead."""
    return len(line.split()) <= _LINE and len(line) <= _LETTERS and not _END.search(line) and not has_verb(line)


def _is_titled(line: str) -> bool:
    """Whether all words of a line but small ones begin with a capital."""
    words = [word for word in re.findall(r"[^\W\d_][\w.'’-]*", line) if word.lower() not in _SMALL]
    return bool(words) and all(word[0].isupper() for word in words)


@cache
def _words(name: str) -> frozenset[str]:
    return frozenset(map(singular, lexicon("furniture")["margins"][name]))


def _writes(line: str) -> bool:
    """Whether a line names who wrote: By the Baltic desk; from our staff; Jane Doe, visiting scholar."""
    words = _lower(line)
    by = words[:1] in (["by"], ["from"]) and (not _words("writers").isdisjoint(words) or words[:1] == ["by"])
    if by and (_is_titled(line.partition(" ")[2]) or not _words("writers").isdisjoint(words)):
        return True
    name, _, role = line.partition(",")
    return bool(_is_titled(name) and len(name.split()) > 1 and not _words("roles").isdisjoint(_lower(role)))


def _is_publication(line: str) -> bool:
    """Whether a line without a verb is headed by a noun for a publication or for who brings it out."""
    head = re.split(r"\b(?:from|on|for|by|in|of|about)\b|[,:|–—-]", line, maxsplit=1)[0]
    words = _lower(head)
    return bool(words) and words[-1] in _words("publications")


def _lower(text: str) -> list[str]:
    return [singular(word) for word in re.findall(r"[^\W\d_]+", text.lower())]


def _names_of(masthead: Sequence[str]) -> list[tuple[str, ...]]:
    """The names in a masthead, each as its words, and the letters that they begin with where there are three."""
    found: list[tuple[str, ...]] = []
    for line in masthead:
        for part in re.split(r"[,|·•»:–—]|\b(?:by|and|number|no|issue)\b|\d", line, flags=re.IGNORECASE):
            words = tuple(re.findall(r"[^\W\d_]+", part))
            if len(words) > 1 and all(word[0].isupper() for word in words if word.lower() not in _SMALL):
                found.append(tuple(singular(word.lower()) for word in words))
                letters = "".join(word[0] for word in words if word.lower() not in _SMALL)
                if len(letters) > 2:
                    found.append((singular(letters.lower()),))
    return found


def _begins_with(line: str, names: Sequence[tuple[str, ...]]) -> bool:
    """Whether a short line without a verb begins with a name of the masthead, as an address does."""
    return _is_bare(line) and _own_name(line, names) > 0


def _own_name(text: str, names: Sequence[tuple[str, ...]]) -> int:
    """How many words of a masthead's name a text begins with, behind an article or a title; 0 for none."""
    words = tuple(_lower(_TITLE.sub("", text)))
    return max((len(name) for name in names if words[: len(name)] == name), default=0)


def _is_address(line: str) -> bool:
    """Whether a line without a verb is an address: a street, a box, a telephone, signs of the network."""
    return _is_bare(line) and not _BULLET.match(line) and not _words("addresses").isdisjoint(_lower(line))


def is_of_publication(text: str, names: Sequence[tuple[str, ...]]) -> bool:
    """Whether each sentence of a paragraph is about the publication, who wrote, who pays, and what may be copied.

    A sentence that speaks of the future, or doubts, is prose, unless it has a strong word of that trade.
    """
    if len(text.split()) > _LONG or len(text) > _LETTERS:
        return False
    weighed = [_weight(text[start:end], names) for start, end in sentences(text)]
    return all(weighed) and 2 in weighed


def _weight(sentence: str, names: Sequence[tuple[str, ...]]) -> int:
    """2 for a sentence that is surely about the publication, 1 for one that can be, 0 for any other.

    Sure is a strong word of that trade, three weak ones, or a name of the masthead at the beginning with one weak word
    or with what its bearer is or does.
    """
    if _strong().search(sentence) or _COPYING.search(sentence) or _OWN_VIEWS.search(sentence):
        return 2
    if _HEDGES.search(sentence):
        return 0
    weak = len(_words("weak") & set(_lower(sentence)))
    own = _own_name(sentence, names)
    plain = _TITLE.sub("", sentence)
    after = re.match(rf"(?:\W*[^\W\d_]+){{{own}}}", plain) if own else None
    does = after is not None and _DOES.match(plain, after.end()) is not None
    return 2 if weak > 2 or (own and (weak or does)) else int(weak > 0 or own > 0)


@cache
def _strong() -> re.Pattern[str]:
    cues = lexicon("furniture")["margins"]["strong"]
    return re.compile(r"\b(?:" + "|".join(map(re.escape, cues)) + ")", re.IGNORECASE)


def _is_of_the_page(text: str, *, is_top: bool) -> bool:
    """Whether a line at the top or the bottom is of the page: it speaks of the text, or is no sentence.

    At the top a line without a full stop has to name a day or an issue too, or to be a label: others are headings.
    """
    words = len(text.split())
    if len(text) > _LETTERS:
        return False
    if words <= _SHORT and (_OWN.match(text) or _BRACKETED.match(text)):
        return True
    if words <= _LINE and (_MENU.search(text) or (_LABEL.match(text) and words <= 8)):
        return True
    if words > _LINE or has_verb(text):
        return False
    if not _END.search(text):
        return bool(_DATE.search(text) or _ISSUE.search(text))
    parts = [part for part in re.split(r"[.!?]\s*", text) if part]
    return not is_top and all(_FRAGMENT.match(part) for part in parts)
