"""Where a text names a place: towns of the gazetteer, regions, and phrases whose head is a place, a line or a zone."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache

from standoff.drafting import features
from standoff.drafting.gazetteer import Found, Gazetteer, country_codes
from standoff.drafting.lexicon import fold, lexicon, singular
from standoff.drafting.mentions import SIDES, bears_title, heads, named_by_noun, people_of, seats, start_of_run
from standoff.drafting.parsing import Read, Token, left_of, up
from standoff.drafting.sites import LISTED, NAME, Sited, head_of, made, overlap, place_heads, place_key, words

_CAPITALISED = re.compile(
    r"[A-Z][\w’'‘`]*(?:(?:\s+|-)(?:(?:ez|al|el|as|at|ad|az|de|bin)(?:\s+|-))?[A-Z][\w’'‘`]*){0,4}|\bal[ -][A-Z][\w’'‘]+"
)
_FROM_TO = re.compile(rf"\bfrom ({NAME}) to ({NAME})(?![\w-])")
_NAMED = ("PERSON", "ORG", "GPE", "LOC", "FAC")
"""Labels of the parser for names that can be a place's."""
_LOCATED = re.compile(rf"\b(?:in|at|near|around|off|outside|towards?) ({NAME})")
_WIDTH = re.compile(
    r" (?:of|from) [\w.]+(?: (?:to|or) [\w.]+)? (?:nautical |sea )?(?:miles|kilometres|kilometers|km)\b"
)
_JOINT = re.compile(r"[\s-]+")
END = "end"
"""The kind of a name that is listed as a place, until it is known whether a line that it is an end of names it too."""


@cache
def _examples_of() -> re.Pattern[str]:
    return re.compile(rf",? (?:{'|'.join(sorted(words('examples')))}) ({LISTED})")


def named_countries(texts: Iterable[str]) -> dict[str, int]:
    """How often the texts name each country, by its two letters."""
    codes, counts = country_codes(), dict[str, int]()
    for text in texts:
        for word in re.findall(r"[A-Z][\w.]+(?: [A-Z][\w.]+)?", text):
            for part in dict.fromkeys((word, *word.split())):
                country = people_of(part)
                code = codes.get(fold(country)) if country else None
                if code:
                    counts[code] = counts.get(code, 0) + 1
                    break
    return counts


def names_in(texts: Iterable[str]) -> set[str]:
    """The runs of capitalised words in some texts that could be names of towns, with all their parts."""
    found: set[str] = set()
    for text in texts:
        for match in _CAPITALISED.finditer(text):
            words = _JOINT.split(match[0])
            found |= {" ".join(words[i:j]) for i in range(len(words)) for j in range(i + 1, len(words) + 1)}
    return found


def located_in(texts: Iterable[str]) -> set[str]:
    """The names that stand behind `in` and the like in some texts, which are mostly those of places."""
    return {match[1] for text in texts for match in _LOCATED.finditer(text)}


def place_mentions(read: Read, gazetteer: Gazetteer) -> list[Sited]:
    """The places that a paragraph names; of phrases in each other the longer one, but a line may name its ends."""
    found: list[Sited] = []
    for one in (
        *_beside(read),
        *_headed(read, gazetteer),
        *features.of_names(read, gazetteer),
        *_regions(read),
        *features.apposed(read, gazetteer),
        *features.said_to_be(read, gazetteer),
        *_listed(read, gazetteer),
        *_towns(read, gazetteer),
        *_entities(read, gazetteer),
        *features.known(read),
        *features.lying(read),
    ):
        if features.in_organisation(read, one.mention.start, one.mention.end):
            continue
        over = [other for other in found if overlap(one.mention, other.mention)]
        ends = one.form == "point" and all(other.form == "line" or other.mention.kind == "side" for other in over)
        is_end = one.at is not None or one.mention.kind == END
        ends = ends and (is_end or over[:1] == [] or over[0].mention.kind == "side")
        if not over or ends:
            kind = "place" if one.mention.kind == END else one.mention.kind
            found.append(replace(one, mention=replace(one.mention, kind=kind)))
    for one in features.aliases(read, found):
        found = [*(other for other in found if not overlap(one.mention, other.mention)), one]
    return sorted(found, key=lambda one: (one.mention.start, -one.mention.end))


def named_again(read: Read, known: Mapping[str, Sited], found: Sequence[Sited]) -> list[Sited]:
    """Where a paragraph names a point that another one has shown to be a place: `Tanf is where …`.

    `known` are such places by their names as they are spelt.
    """
    again: list[Sited] = []
    for name, one in known.items():
        if name not in read.paragraph.text:
            continue
        for match in re.finditer(rf"(?<![\w-]){re.escape(name)}(?![\w-])", read.paragraph.text):
            mention = made(read, *match.span(), read.token_at(match.end() - 1), one.mention.key, "place")
            sited = replace(one, mention=mention, anchor=match.span() if one.at is not None else None)
            over = [other for other in (*found, *again) if overlap(other.mention, mention)]
            if all(other.mention.kind == "side" for other in over) and not named_by_noun(read.doc[mention.root]):
                again.append(sited)
    return again


def _headed(read: Read, gazetteer: Gazetteer) -> Iterator[Sited]:
    """Noun phrases with a head that is a place and a name, a number or an `of` that tells which."""
    for token in read.doc:
        head = head_of(token) if token.pos_ in ("NOUN", "PROPN") else None
        if head is None or token.dep_ == "compound" or _is_call(token):
            continue
        form = place_heads()[head]
        start, end = _extent(read, token)
        start += max((sign.end() for sign in re.finditer("[:;] ", read.paragraph.text[start : token.idx])), default=0)
        start, text = _without_article(read.paragraph.text, start, end + _wide(read.paragraph.text, end, head))
        text = text.partition(" (")[0]
        end = start + len(text)
        if not _tells_which(text, token, head) or len(text.split()) > 7:
            continue
        town, anchor, doubt = _town_of(text, start, token, gazetteer)
        key = place_key(text)
        mention = made(read, start, end, token.i, key, head)
        at = None if town is None else town.at
        yield Sited(mention, form, at, None if town is None else town.country, anchor, doubt)


def _extent(read: Read, token: Token) -> tuple[int, int]:
    """Where the phrase of a head begins and ends: with `of …` for lines, and `in NAME` for embassies and the like.

    How wide a zone is belongs to its name where it stands before it: a zone of 20 km is a zone.
    """
    start, end = read.doc[left_of(token)].idx, token.idx + len(token.text)
    head, after = head_of(token) or "", token.i + 1
    form = place_heads()[head]
    for child in token.children:
        objects = [one for one in child.children if one.dep_ == "pobj"]
        measured = any(two.dep_ == "nummod" for one in objects for two in one.children)
        joins = child.lower_ == "of" and (form == "zone" or head in words("sided")) and not measured
        joins |= child.lower_ == "in" and head in words("inside")
        joins |= child.lower_ in ("of", "between") and head in ("city", "town", "village")
        joins |= form == "line" and child.lower_ in words("runs")
        if child.dep_ == "prep" and joins and objects and child.i == after:
            joined = {two.lower_ for one in objects for two in one.children if two.dep_ in ("cc", "punct")}
            conjoined = [two for one in objects for two in one.children if two.dep_ == "conj" and "," not in joined]
            last = max(one.i for one in (*objects, *conjoined))
            end, after = read.doc[last].idx + len(read.doc[last].text), last + 1
    return start, end


def _wide(text: str, end: int, head: str) -> int:
    """How many letters behind waters or a belt say how wide they are, since nothing else tells them apart."""
    match = _WIDTH.match(text, end) if head in ("waters", "belt", "strip") else None
    return 0 if match is None else match.end() - end


def _is_call(token: Token) -> bool:
    """Whether a line is one to speak over: the line to a minister, a direct line between two staffs."""
    if token.lemma_.lower() != "line":
        return False
    ends = [one for child in token.children if child.dep_ == "prep" for one in child.children if one.dep_ == "pobj"]
    told = any(child.lower_ in ("direct", "phone", "telephone", "secure", "cable") for child in token.children)
    return told or any(one.lemma_.lower() in heads() or _is_house(one) for one in ends)


def _is_house(token: Token) -> bool:
    """Whether a token ends the name of a house that a government sits in: the White House."""
    name = fold(token.doc[left_of(token) : token.i + 1].text)
    return name in seats() and " " in name and token.lower_ == "house"


def _without_article(text: str, start: int, end: int) -> tuple[int, str]:
    match = re.match(r"(?:(?:the|a|an|its|their|this|that|any)\s+|[\s“”\"'’(]+)+", text[start:end], re.IGNORECASE)
    start += match.end() if match else 0
    return start, text[start:end]


def _tells_which(text: str, token: Token, head: str) -> bool:
    """Whether a phrase says which place it is: by a name, by a number, by a side, or as a line or zone by its kind."""
    others = [word for word in text.split() if word != token.text]
    first = token.doc[token.sent.start]
    if others and first.text == others[0] and first.pos_ in ("NUM", "ADJ", "VERB", "ADV"):
        others = others[1:]  # a capital that only begins its sentence
    named = [word for word in others if word[:1].isupper() and (not word.isupper() or len(word) < 8)]
    if place_heads()[head] == "point" and head not in words("inside") and token.text[:1].islower():
        named = [word for word in named if people_of(word) is None]  # a Greek islet is one of many
    if head in words("sided") and not named:
        return bool(set(text.lower().split()) & words("directions"))
    if head in words("natural") and set(text.lower().split()) & words("directions"):
        return True
    numbered = any(sign.isdigit() for sign in text)
    contested = head in ("line", "zone", "shelf", "waters") and len(others) > 0
    return bool(named) or numbered or contested


def _town_of(
    text: str, start: int, token: Token, gazetteer: Gazetteer
) -> tuple[Found | None, tuple[int, int] | None, str | None]:
    """The town whose coordinates a phrase may have, where its name stands, and what is doubtful about that.

    A town, or what lies in one: the embassy in X, the airport of X. A province, a line and a zone have none.
    """
    inside = token.lemma_.lower() in words("inside")
    if token.lemma_.lower() in words("flown"):
        field = gazetteer.airfield(text)
        if field is not None:
            return field, (start, start + len(text)), None
    if not inside and token.lemma_.lower() not in ("city", "town", "village"):
        return None, None, None
    for match in _CAPITALISED.finditer(text):
        name = re.sub(r"(?:[-\s]+(?:City|Town|Village|International|Airport|Embassy))+$", "", match[0])
        if people_of(name) and not inside:
            continue
        town = gazetteer.look_up(name)
        if town is not None:
            begin = start + match.start()
            doubt = f"the coordinates are those of {town.name}" if inside else None
            return town, (begin, begin + len(name)), doubt
    return None, None, None


def _towns(read: Read, gazetteer: Gazetteer) -> Iterator[Sited]:
    """Whole runs of capitalised words that the gazetteer knows, and the ends of `Damascus-Baghdad`."""
    text = read.paragraph.text
    for match in _CAPITALISED.finditer(text):
        pieces = [(match.start(), match.end())]
        if "-" in match[0]:
            pieces += [
                (match.start() + one.start(), match.start() + one.end()) for one in re.finditer("[^-]+", match[0])
            ]
        for start, end in pieces:
            start = _without_first(read, start, end)
            name = re.sub(r"[’']s$", "", text[start:end])
            token = read.doc[read.token_at(start + len(name) - 1)]
            if not _may_be_town(name, token, text, start):
                continue
            country = re.match(r"\s*(?:,|\bin|\()\s+([A-Z]\w+)", text[start + len(name) :])
            owner = people_of(country[1]) if country else None
            town = gazetteer.look_up(name, country=country_codes().get(fold(owner)) if owner else None)
            if town is not None:
                mention = made(read, start, start + len(name), token.i, fold(name), "town")
                anchor = (start, start + len(name))
                yield Sited(mention, "point", town.at, town.country, anchor, None)
                break


def _without_first(read: Read, start: int, end: int) -> int:
    """Where a run of capitalised words begins without what only begins its sentence: In Athens."""
    for token in read.doc[read.token_at(start) : read.token_at(end - 1)]:
        if token.pos_ not in ("ADP", "DET", "CCONJ", "SCONJ", "PRON", "ADV"):
            break
        start = token.idx + len(token.text_with_ws)
    return start


def _may_be_town(name: str, token: Token, text: str, start: int) -> bool:
    """Whether a capitalised run can name a town: no month, person, people or common noun, and no part of a name."""
    if (
        len(fold(name)) < 4
        or fold(name) in place_heads()
        or token.pos_ not in ("PROPN", "NOUN", "X")
        or token.ent_type_ in ("NORP", "LANGUAGE", "DATE")
    ):
        return False
    located = _is_located(token) or text[start + len(name) : start + len(name) + 1] == "-"
    if (
        named_by_noun(token)
        or (not located and features.speaks(token) and not people_of(name))
        or (
            token.ent_type_ == "PERSON"
            and not located
            and not re.search(r"(?:\b(?:in|at|near|to|from|of|toward|towards|and)|,)\s$", text[:start])
        )
    ):
        return False
    if token.ent_type_ == "PERSON" and not located and features.acts(token):
        return False
    if people_of(name):
        located = located or text[start - 1 : start] == "-" or _names_talks(token)
        capital = fold(name) in seats() and located
        return capital and fold(name) not in (
            "us",
            "u s",
            "usa",
            "uk",
            "uae",
            "america",
            "britain",
            "kremlin",
            "white house",
        )
    head = token.head if token.dep_ in ("compound", "amod") else token
    return head.lemma_.lower() not in heads() or head == token


def _names_talks(token: Token) -> bool:
    """Whether a capital says where a meeting or a treaty was: the Helsinki summit."""
    classes = lexicon("frames")["classes"]
    return token.dep_ == "compound" and token.head.lemma_.lower() in {*classes["talks"], *classes["pact"]}


def _is_located(token: Token) -> bool:
    """Whether a name is where something is, and not who acts: in it, off it, gone to it, between it and another."""
    whole = up(token, "compound", "conj", "appos")
    over = whole.head
    if whole.dep_ == "pobj" and over.lower_ in words("located"):
        return True
    if whole.dep_ == "pobj" and over.lower_ in ("from", "to", "for", "toward", "towards", "between", "on"):
        moved = up(over, "prep", "pcomp").head if over.dep_ in ("prep", "pcomp") else over.head
        return over.head.lemma_.lower() in words("motion") or moved.lemma_.lower() in words("motion")
    return whole.dep_ == "dobj" and over.lemma_.lower() in words("reached")


def _regions(read: Read) -> Iterator[Sited]:
    """Parts of countries, `eastern Syria`, and the large regions of the world."""
    directions = "|".join(sorted(words("directions"), key=len, reverse=True))
    for match in re.finditer(rf"\b(?:{directions})[\s-]+([A-Z][\w]+)", read.paragraph.text, re.IGNORECASE):
        beside_name = match[1][0].isupper() and (people_of(match[1]) or match[0][0].islower())
        if beside_name and fold(match[1]) not in heads() and not people_of(match[0]):
            mention = made(read, *match.span(), read.token_at(match.end() - 1), fold(match[0]), "region")
            yield Sited(mention, "area", None, None, None, None)
    for region in lexicon("places")["words"]["regions"]:
        for match in re.finditer(rf"\b{region}\b", read.paragraph.text, re.IGNORECASE):
            token = read.doc[read.token_at(match.end() - 1)]
            if match[0][0].isupper() and not features.acts(token):
                mention = made(read, *match.span(), token.i, fold(match[0]), "region")
                yield Sited(mention, "area", None, None, None, None)


def _beside(read: Read) -> Iterator[Sited]:
    """What lies to one side of a place: `north of Raqqa city`."""
    sides = r"(?:north|south)(?:-?(?:east|west))?|east|west"
    for match in re.finditer(
        rf"\b(?:{sides})\s+of\s+((?:al |the )?[A-Z][\w’'‘]+(?:[ -](?:ez |al )?[A-Z][\w’'‘]+)*)", read.paragraph.text
    ):
        mention = made(read, *match.span(), read.token_at(match.end() - 1), place_key(match[0]), "side")
        yield Sited(mention, "area", None, None, None, None)


def _listed(read: Read, gazetteer: Gazetteer) -> Iterator[Sited]:
    """Names that are places for how they are listed: from X to Y; the heights, including X and Y."""
    text = read.paragraph.text
    for match in (*_FROM_TO.finditer(text), *_examples(text)):
        for group in range(1, match.re.groups + 1):
            for name in re.finditer(NAME, match[group]):
                start, end = match.start(group) + name.start(), match.start(group) + name.end()
                token = read.doc[read.token_at(end - 1)]
                if people_of(name[0]) or token.pos_ not in ("PROPN", "NOUN", "X") or token.ent_type_ == "DATE":
                    continue
                town = gazetteer.look_up(name[0])
                at = None if town is None else town.at
                mention = made(read, start, end, token.i, fold(name[0]), END)
                yield Sited(mention, "point", at, None, None if at is None else (start, end), None)


def _examples(text: str) -> Iterator[re.Match[str]]:
    """Where examples of places are listed, behind a noun in the plural that is one."""
    nouns = {*place_heads(), *words("exemplified")}
    for match in _examples_of().finditer(text):
        before = re.findall(r"[a-z]+", text[max(0, match.start() - 60) : match.start()].rpartition(".")[2])
        if any(singular(word) in nouns for word in before[-8:]):
            yield match


def _entities(read: Read, gazetteer: Gazetteer) -> Iterator[Sited]:
    """Places that the parser knows, and names after `in`, `at` and `near` that nobody knows."""
    for ent in read.doc.ents:
        after = read.doc[ent.start - 1].lower_ if ent.start else ""
        if named_by_noun(ent.root) or bears_title(ent.root):
            continue
        beside = ent.label_ == "PERSON" and ent.root.dep_ == "appos"  # Athens, Costas Simitis told it
        located = (after in words("located") or (_is_located(ent.root) and not beside)) and ent.label_ in _NAMED
        if ent.label_ not in ("GPE", "LOC", "FAC") and not (located and len(ent.text.split()) < 3):
            continue
        start, text = _without_article(read.paragraph.text, ent.start_char, ent.end_char)
        text = re.sub(r"[’']s?$", "", text)
        if not text[:1].isupper() and not text.startswith("al "):
            continue
        if len(text.split()) > 5 or not fold(text) or (text.isupper() and (len(text) > 3 or not text.isalpha())):
            continue
        if text in SIDES or _is_body(read, ent) or _is_heading(read) or _is_of_state(read, start, text):
            continue
        if people_of(text) and not re.search(
            r"\b(?:in|into|within|across|inside|from|throughout)\s+(?:the\s+)?(?:[A-Z]\w+(?:,| and)\s+)*$",
            read.paragraph.text[:start],
        ):
            continue  # a country is a place where something is in it; else it acts
        if fold(text) in seats() and fold(text) not in country_codes():
            continue
        form = "area" if people_of(text) else "point"
        kind = "country" if people_of(text) else "place"
        mention = made(read, start, start + len(text), ent.root.i, fold(people_of(text) or text), kind)
        town = None if people_of(text) else gazetteer.look_up(text)
        if town is None and not people_of(text) and features.speaks(ent.root):
            continue
        at = None if town is None else town.at
        yield Sited(mention, form, at, None, None if at is None else (start, start + len(text)), None)
    yield from _unknown(read)


def _is_body(read: Read, ent: Token) -> bool:
    """Whether a name is that of a body or of somebody: with its acronym behind it, of a consortium; X, who said so."""
    root = ent.root
    bodies = lexicon("actors")["words"]["organisations"]
    if root.lemma_.lower() in heads() or root.lower_ in bodies or any(_has_who(child) for child in root.children):
        return True
    if root.dep_ == "compound" and heads().get(root.head.lemma_.lower()) in ("group", "media"):
        return True
    short = re.match(r" \(([A-Z]{2,6})\)", read.paragraph.text[ent.end_char :])
    letters = [word[0] for word in ent.text.split() if word[:1].isupper()]
    return short is not None and letters == list(short[1])


def _has_who(clause: Token) -> bool:
    """Whether a relative clause is about a person: who asked for it."""
    return clause.dep_ == "relcl" and any(one.lower_ in ("who", "whose") and one.i < clause.i for one in clause.subtree)


def _is_of_state(read: Read, start: int, text: str) -> bool:
    """Whether a name is a part of the Republic of the X, which the parser takes apart."""
    return text.endswith((" of", " the")) or read.paragraph.text[:start].endswith(("Republic of ", "Republic of the "))


def _is_heading(read: Read) -> bool:
    """Whether a paragraph is a line of a few words without a full stop, in which a capital proves no name."""
    return len(read.doc) < 9 and read.paragraph.text.rstrip()[-1:] not in '.!?”"'


def _unknown(read: Read) -> Iterator[Sited]:
    """Names that neither the parser nor the gazetteer knows, where something is or goes."""
    for match in re.finditer(
        r"\b(?:in|at|near|around|on|toward|towards|of|outside|beyond|above|(?:off|across|near|around)(?: the)?)\s+"
        r"((?:al |Al |At )?[A-Z][\w’'‘]+)(?=[\s,.;)—-])",
        read.paragraph.text,
    ):
        token = read.doc[read.token_at(match.start(1))]
        before = read.doc[max(0, token.i - 2)]
        staff = before.text[:1].isupper() and before.lemma_.lower() in heads()  # Chiefs of Staff
        body = (match[1].isupper() and len(match[1]) > 2) or staff
        if (
            token.pos_ == "PROPN"
            and not token.ent_type_
            and not people_of(match[1])
            and token.dep_ == "pobj"
            and not body
        ):
            yield Sited(made(read, *match.span(1), token.i, fold(match[1]), "place"), "point", None, None, None, None)
    for token in read.doc:
        if token.pos_ != "PROPN" or token.ent_type_ or not _is_located(token) or named_by_noun(token):
            continue
        start, end = start_of_run(token), token.idx + len(token.text)
        name = read.paragraph.text[start:end]
        if name[:1].isupper() and not name.isupper() and not people_of(name) and token.dep_ in ("pobj", "dobj", "conj"):
            yield Sited(made(read, start, end, token.i, fold(name), "place"), "point", None, None, None, None)
