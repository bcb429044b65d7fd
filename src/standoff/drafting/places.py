"""Where a text names a place: towns of the gazetteer, regions, and phrases whose head is a place, a line or a zone."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

from standoff.drafting.gazetteer import Found, Gazetteer, country_codes
from standoff.drafting.lexicon import fold, lexicon, singular
from standoff.drafting.mentions import Mention, heads, people_of, seats
from standoff.drafting.parsing import Read, Token, left_of

_CAPITALISED = re.compile(
    r"[A-Z][\w’'‘`]*(?:(?:\s+|-)(?:(?:ez|al|el|as|at|ad|az|de|bin)(?:\s+|-))?[A-Z][\w’'‘`]*){0,4}|\bal[ -][A-Z][\w’'‘]+"
)
_NAME = r"[A-Z][\w’'‘-]+(?:[ -](?:al-|el-|de |la )?[A-Z][\w’'‘-]+){0,3}"
_FROM_TO = re.compile(rf"\bfrom ({_NAME}) to ({_NAME})(?![\w-])")
_JOINT = re.compile(r"[\s-]+")
END = "end"
"""The kind of a name that is listed as a place, until it is known whether a line that it is an end of names it too."""
_TOWN = re.compile(r"^(?:city|town|village) of | (?:city|town|village|area)$")


@dataclass(frozen=True, slots=True)
class Sited:
    """A mention of a place with what it is on a map: `point`, `area`, `line` or `zone`, and its coordinates or none.

    `anchor` is where the words stand that the coordinates belong to.
    """

    mention: Mention
    form: str
    at: tuple[float, float] | None
    country: str | None
    anchor: tuple[int, int] | None
    doubt: str | None


@cache
def _examples_of() -> re.Pattern[str]:
    words = "|".join(lexicon("places")["words"]["examples"])
    return re.compile(rf",? (?:{words}) ({_NAME}(?:, {_NAME})*(?:,? and {_NAME})?)")


@cache
def place_heads() -> dict[str, str]:
    """The nouns that are places, each with its form."""
    return {noun: form for form, nouns in lexicon("places")["heads"].items() for noun in nouns}


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


def place_mentions(read: Read, gazetteer: Gazetteer) -> list[Sited]:
    """The places that a paragraph names; of phrases in each other the longer one, but a line may name its ends."""
    found: list[Sited] = []
    for one in (
        *_beside(read),
        *_headed(read, gazetteer),
        *_regions(read),
        *_listed(read, gazetteer),
        *_towns(read, gazetteer),
        *_entities(read, gazetteer),
    ):
        over = [other for other in found if _overlap(one.mention, other.mention)]
        ends = one.form == "point" and all(other.form == "line" or other.mention.kind == "side" for other in over)
        is_end = one.at is not None or one.mention.kind == END
        ends = ends and (is_end or over[:1] == [] or over[0].mention.kind == "side")
        if not over or ends:
            kind = "place" if one.mention.kind == END else one.mention.kind
            found.append(replace(one, mention=replace(one.mention, kind=kind)))
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
            mention = _made(read, *match.span(), read.token_at(match.end() - 1), one.mention.key, "place")
            sited = replace(one, mention=mention, anchor=match.span() if one.at is not None else None)
            over = [other for other in (*found, *again) if _overlap(other.mention, mention)]
            if all(other.mention.kind == "side" for other in over):
                again.append(sited)
    return again


def _overlap(one: Mention, other: Mention) -> bool:
    return one.start < other.end and other.start < one.end


def _made(read: Read, start: int, end: int, root: int, key: str, kind: str) -> Mention:
    text = read.paragraph.text[start:end]
    return Mention(read.paragraph.at, read.paragraph.digest, start, end, text, root, key, None, kind)


def _headed(read: Read, gazetteer: Gazetteer) -> Iterator[Sited]:
    """Noun phrases with a head that is a place and a name, a number or an `of` that tells which."""
    for token in read.doc:
        form = place_heads().get(token.lemma_.lower()) if token.pos_ in ("NOUN", "PROPN") else None
        if form is None or token.dep_ == "compound":
            continue
        start, end = _extent(read, token)
        start, text = _without_article(read.paragraph.text, start, end)
        text = text.partition(" (")[0]
        end = start + len(text)
        if not _tells_which(text, token) or len(text.split()) > 7:
            continue
        town, anchor, doubt = _town_of(text, start, token, gazetteer)
        key = place_key(text)
        mention = _made(read, start, end, token.i, key, token.lemma_.lower())
        at = None if town is None else (town.latitude, town.longitude)
        yield Sited(mention, form, at, None if town is None else town.country, anchor, doubt)


def place_key(text: str) -> str:
    """Under which key a place is gathered: `city of X` and `X city` are X, and a border is known by its countries."""
    plain = fold(text)
    if plain.endswith((" border", " borders", " frontier", " border area")):
        countries = sorted({fold(owner) for word in plain.split() if (owner := people_of(word))})
        if countries:
            return f"{' '.join(countries)} border"
    plain = plain.replace("governorate", "province").replace("provinces", "province")
    return fold(_TOWN.sub("", plain))


def _extent(read: Read, token: Token) -> tuple[int, int]:
    """Where the phrase of a head begins and ends: with `of …` for lines, and `in NAME` for embassies and the like."""
    start, end = read.doc[left_of(token)].idx, token.idx + len(token.text)
    form, after = place_heads()[token.lemma_.lower()], token.i + 1
    for child in token.children:
        joins = child.lower_ == "of" and form == "zone"
        joins |= child.lower_ == "in" and token.lemma_.lower() in lexicon("places")["words"]["inside"]
        joins |= child.lower_ in ("of", "between") and token.lemma_.lower() in ("city", "town", "village")
        joins |= form == "line" and child.lower_ in lexicon("places")["words"]["runs"]
        objects = [one for one in child.children if one.dep_ == "pobj"]
        if child.dep_ == "prep" and joins and objects and child.i == after:
            joined = {two.lower_ for one in objects for two in one.children if two.dep_ in ("cc", "punct")}
            conjoined = [two for one in objects for two in one.children if two.dep_ == "conj" and "," not in joined]
            last = max(one.i for one in (*objects, *conjoined))
            end, after = read.doc[last].idx + len(read.doc[last].text), last + 1
    return start, end


def _without_article(text: str, start: int, end: int) -> tuple[int, str]:
    match = re.match(r"(?:(?:the|a|an|its|their|this|that|any)\s+|[\s“”\"'’(]+)+", text[start:end], re.IGNORECASE)
    start += match.end() if match else 0
    return start, text[start:end]


def _tells_which(text: str, token: Token) -> bool:
    named = any(word[:1].isupper() for word in text.split() if not word.isupper() or len(word) < 8)
    if token.lemma_.lower() in lexicon("places")["words"]["sided"] and not named:
        return bool(set(text.lower().split()) & set(lexicon("places")["words"]["directions"]))
    numbered = any(sign.isdigit() for sign in text)
    contested = token.lemma_.lower() in ("line", "zone") and len(text.split()) > 1
    return named or numbered or contested


def _town_of(
    text: str, start: int, token: Token, gazetteer: Gazetteer
) -> tuple[Found | None, tuple[int, int] | None, str | None]:
    """The town whose coordinates a phrase may have, where its name stands, and what is doubtful about that.

    A town, or what lies in one: the embassy in X, the airport of X. A province, a line and a zone have none.
    """
    inside = token.lemma_.lower() in lexicon("places")["words"]["inside"]
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
            name = re.sub(r"[’']s$", "", text[start:end])
            token = read.doc[read.token_at(start + len(name) - 1)]
            if not _may_be_town(name, token, text, start):
                continue
            country = re.match(r"\s*(?:,|\bin|\()\s+([A-Z]\w+)", text[start + len(name) :])
            owner = people_of(country[1]) if country else None
            town = gazetteer.look_up(name, country=country_codes().get(fold(owner)) if owner else None)
            if town is not None:
                mention = _made(read, start, start + len(name), token.i, fold(name), "town")
                anchor = (start, start + len(name))
                yield Sited(mention, "point", (town.latitude, town.longitude), town.country, anchor, None)
                break


def _may_be_town(name: str, token: Token, text: str, start: int) -> bool:
    """Whether a capitalised run can name a town: no month, person, people or common noun, and no part of a name."""
    if (
        len(fold(name)) < 4
        or fold(name) in place_heads()
        or token.pos_ not in ("PROPN", "NOUN", "X")
        or token.ent_type_ in ("NORP", "LANGUAGE", "DATE")
    ):
        return False
    if token.ent_type_ == "PERSON" and not re.search(
        r"(?:\b(?:in|at|near|to|from|of|toward|towards|and)|,)\s$", text[:start]
    ):
        return False
    if people_of(name):
        located = _is_located(text, start, start + len(name)) or _names_talks(token)
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


def _is_located(text: str, start: int, end: int) -> bool:
    """Whether a capital is where something is, and not who acts: in it, to it, or at one end of a line."""
    words = "in|at|near|to|toward|towards|into|outside|around|via|reach|reached|visited|left"
    before = re.search(rf"\b(?:{words})\s$", text[:start])
    return bool(before) or text[end : end + 1] == "-" or text[start - 1 : start] == "-"


def _regions(read: Read) -> Iterator[Sited]:
    """Parts of countries, `eastern Syria`, and the large regions of the world."""
    directions = "|".join(lexicon("places")["words"]["directions"])
    for match in re.finditer(rf"\b(?:{directions})[\s-]+([A-Z][\w]+)", read.paragraph.text, re.IGNORECASE):
        beside_name = match[1][0].isupper() and (people_of(match[1]) or match[0][0].islower())
        if beside_name and fold(match[1]) not in heads() and not people_of(match[0]):
            mention = _made(read, *match.span(), read.token_at(match.end() - 1), fold(match[0]), "region")
            yield Sited(mention, "area", None, None, None, None)
    for region in lexicon("places")["words"]["regions"]:
        for match in re.finditer(rf"\b{region}\b", read.paragraph.text, re.IGNORECASE):
            if match[0][0].isupper():
                mention = _made(read, *match.span(), read.token_at(match.end() - 1), fold(match[0]), "region")
                yield Sited(mention, "area", None, None, None, None)


def _beside(read: Read) -> Iterator[Sited]:
    """What lies to one side of a place: `north of Raqqa city`."""
    sides = r"(?:north|south)(?:-?(?:east|west))?|east|west"
    for match in re.finditer(
        rf"\b(?:{sides})\s+of\s+((?:al |the )?[A-Z][\w’'‘]+(?:[ -](?:ez |al )?[A-Z][\w’'‘]+)*)", read.paragraph.text
    ):
        mention = _made(read, *match.span(), read.token_at(match.end() - 1), place_key(match[0]), "side")
        yield Sited(mention, "area", None, None, None, None)


def _listed(read: Read, gazetteer: Gazetteer) -> Iterator[Sited]:
    """Names that are places for how they are listed: from X to Y; the heights, including X and Y."""
    text = read.paragraph.text
    for match in (*_FROM_TO.finditer(text), *_examples(text)):
        for group in range(1, match.re.groups + 1):
            for name in re.finditer(_NAME, match[group]):
                start, end = match.start(group) + name.start(), match.start(group) + name.end()
                token = read.doc[read.token_at(end - 1)]
                if people_of(name[0]) or token.pos_ not in ("PROPN", "NOUN", "X") or token.ent_type_ == "DATE":
                    continue
                town = gazetteer.look_up(name[0])
                at = None if town is None else (town.latitude, town.longitude)
                mention = _made(read, start, end, token.i, fold(name[0]), END)
                yield Sited(mention, "point", at, None, None if at is None else (start, end), None)


def _examples(text: str) -> Iterator[re.Match[str]]:
    """Where examples of places are listed, behind a noun in the plural that is one."""
    nouns = {*place_heads(), *lexicon("places")["words"]["exemplified"]}
    for match in _examples_of().finditer(text):
        before = re.findall(r"[a-z]+", text[max(0, match.start() - 60) : match.start()].rpartition(".")[2])
        if any(singular(word) in nouns for word in before[-8:]):
            yield match


def _entities(read: Read, gazetteer: Gazetteer) -> Iterator[Sited]:
    """Places that the parser knows, and names after `in`, `at` and `near` that nobody knows."""
    for ent in read.doc.ents:
        after = read.doc[ent.start - 1].lower_ if ent.start else ""
        located = after in lexicon("places")["words"]["located"] and ent.label_ in (
            "PERSON",
            "ORG",
            "GPE",
            "LOC",
            "FAC",
        )
        if ent.label_ not in ("GPE", "LOC", "FAC") and not (located and len(ent.text.split()) < 3):
            continue
        start, text = _without_article(read.paragraph.text, ent.start_char, ent.end_char)
        text = re.sub(r"[’']s?$", "", text)
        if not text[:1].isupper() and not text.startswith("al "):
            continue
        if len(text.split()) > 5 or not fold(text) or (text.isupper() and len(text) > 3):
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
        mention = _made(read, start, start + len(text), ent.root.i, fold(people_of(text) or text), kind)
        town = None if people_of(text) else gazetteer.look_up(text)
        at = None if town is None else (town.latitude, town.longitude)
        yield Sited(mention, form, at, None, None if at is None else (start, start + len(text)), None)
    for match in re.finditer(
        r"\b(?:in|at|near|around|on|toward|towards|of)\s+((?:al |Al |At )?[A-Z][a-z’'‘]+)(?=[\s,.;)—-])",
        read.paragraph.text,
    ):
        token = read.doc[read.token_at(match.start(1))]
        if token.pos_ == "PROPN" and not token.ent_type_ and not people_of(match[1]) and token.dep_ == "pobj":
            yield Sited(_made(read, *match.span(1), token.i, fold(match[1]), "place"), "point", None, None, None, None)
