"""Natural features and places that no gazetteer has: by their own names, by a noun beside them, by what they lie in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from standoff.drafting.frames import frames_of
from standoff.drafting.gazetteer import Gazetteer
from standoff.drafting.lexicon import fold, lexicon, singular
from standoff.drafting.mentions import heads, named_by_noun, people_of, start_of_run
from standoff.drafting.parsing import Read, Token, up
from standoff.drafting.parties import reporting, subjects_of
from standoff.drafting.sites import LISTED, NAME, Sited, head_of, made, place_heads, words

_WORD = re.compile(r"(?<![\w-])[A-Z][\w’'‘-]*")
_CALLED = (
    rf",? which (?:the )?\w+(?: \w+)? calls? (?:the )?({NAME})",
    rf",? (?:also |locally |better )?(?:known|called)(?: (?:to|by|in) (?:the )?\w+)?(?: as)? (?:the )?({NAME})",
    rf",? or ({NAME}),",
    rf" \(({NAME})\)",
)
_ALIAS = re.compile("|".join(f"(?:{one})" for one in _CALLED))
"""How a text gives a place a second name, behind the first."""


def of_names(read: Read, gazetteer: Gazetteer) -> Iterator[Sited]:
    """Names that say of themselves what they are: the Gulf of X, Mount X, Lake X, the River X."""
    text = read.paragraph.text
    for match in (*_of_heads().finditer(text), *_before_names().finditer(text)):
        word = fold(match[1])
        form = place_heads().get(word) or place_heads().get(singular(word)) or "point"
        root = read.token_at(match.end() - 1)
        if read.doc[root].ent_type_ != "DATE":
            found = gazetteer.look_up(match[0])
            at = None if found is None else found.at
            mention = made(read, *match.span(), root, fold(match[0]), word if at is None else "town")
            yield Sited(mention, form, at, None, None if at is None else match.span(), None)


@cache
def _of_heads() -> re.Pattern[str]:
    """A capitalised noun that is a place, `of`, and a name."""
    nouns = "|".join(sorted({noun.capitalize() for noun in place_heads()} - {"Line", "Field", "Base", "Road"}))
    return re.compile(rf"\b({nouns})s? of (?:the )?{NAME}")


@cache
def _before_names() -> re.Pattern[str]:
    """A noun that stands before the name of what it is, in English or in the language of the place."""
    return re.compile(rf"\b({'|'.join(sorted(words('before_names')))})\s+(?:of (?:the )?)?{NAME}")


def apposed(read: Read, gazetteer: Gazetteer) -> Iterator[Sited]:
    """Names that a noun before them says to be places: the islet of X, the temples of X and Y."""
    text = read.paragraph.text
    for match in _named_by_of().finditer(text):
        head = singular(match[1])
        for name in re.finditer(NAME, match[2]):
            start, end = match.start(2) + name.start(), match.start(2) + name.end()
            token = read.doc[read.token_at(end - 1)]
            if token.ent_type_ == "DATE" or (people_of(name[0]) and "isl" not in head):
                continue
            yield _at(read, start, end, token, head, gazetteer)


def said_to_be(read: Read, gazetteer: Gazetteer) -> Iterator[Sited]:
    """Names that are said to be places: X is an island; X, a fortress town above the pass."""
    for token in read.doc:
        sort = head_of(token) if token.dep_ in ("attr", "appos") and token.pos_ == "NOUN" else None
        if sort is None or place_heads()[sort] not in ("point", "area") or sort in words("vague"):
            continue
        for one in subjects_of(token.head) if token.dep_ == "attr" else [token.head]:
            start, end = start_of_run(one), one.idx + len(one.text)
            called = read.paragraph.text[start:end]
            if one.i < token.i and one.pos_ == "PROPN" and called[:1].isupper() and not people_of(called):
                yield _at(read, start, end, one, sort, gazetteer)


def _at(read: Read, start: int, end: int, token: Token, head: str, gazetteer: Gazetteer) -> Sited:
    """A name that a noun says to be a place, with the coordinates of the town of that name where there is one."""
    name, form = read.paragraph.text[start:end], place_heads()[head]
    found = gazetteer.look_up(name) if head in words("peopled") else None
    at = None if found is None else found.at
    mention = made(read, start, end, token.i, fold(name), head)
    doubt = f"the coordinates are those of the town {found.name}" if found is not None and form == "area" else None
    return Sited(mention, form, at, None, None if at is None else (start, end), doubt)


@cache
def _named_by_of() -> re.Pattern[str]:
    nouns = "|".join(sorted(words("named_by_of")))
    return re.compile(rf"\b((?:{nouns})(?:s|es)?) of (?:the )?({LISTED})")


def lying(read: Read) -> Iterator[Sited]:
    """Names of which a sentence says where they are: X lies off Y, X borders on Y, X is situated at Y."""
    for verb in read.doc:
        if verb.lemma_.lower() not in words("lying") or verb.pos_ not in ("VERB", "AUX"):
            continue
        if not any(child.dep_ in ("prep", "advmod", "npadvmod", "dobj", "acomp") for child in verb.children):
            continue
        for one in subjects_of(verb):
            start, end = start_of_run(one), one.idx + len(one.text)
            name = read.paragraph.text[start:end]
            if name[:1].isupper() and one.pos_ == "PROPN" and not people_of(name) and one.ent_type_ != "DATE":
                yield Sited(made(read, start, end, one.i, fold(name), "place"), "point", None, None, None, None)


def known(read: Read) -> Iterator[Sited]:
    """Seas, islands, ranges and regions that the list of the world has, where they stand alone and do not act."""
    text, upto = read.paragraph.text, 0
    for match in _WORD.finditer(text):
        if match.start() < upto:
            continue
        for name, sort in _by_first_word().get(match[0].removesuffix("’s").removesuffix("'s"), ()):
            end = match.start() + len(name)
            if not text.startswith(name, match.start()) or text[end : end + 1].isalnum() or people_of(name):
                continue
            token = read.doc[read.token_at(end - 1)]
            if not _goes_on(text, match.start(), end) and not acts(token):
                form = place_heads().get(sort, "area")
                yield Sited(made(read, match.start(), end, token.i, fold(name), sort), form, None, None, None, None)
            upto = end
            break


def _goes_on(text: str, start: int, end: int) -> bool:
    """Whether a name is a part of a longer one: the Black Sea Fleet, the North Atlantic Treaty."""
    before = re.search(r"([A-Z][\w’'-]+|\bof(?: the)?)[ -]$", text[:start])
    starts = before is not None and re.search(r"(?:^|[.!?;:]\s)$", text[: before.start()]) is None
    named = before is not None and before[1].startswith("of") and re.search(r"[A-Z]\w+ $", text[: before.start()])
    long = starts and (before is None or not before[1].startswith("of") or named is not None)
    return bool(long) or re.match(r"[ -][A-Z]", text[end:]) is not None


@cache
def _by_first_word() -> dict[str, tuple[tuple[str, str], ...]]:
    """The names of `lexicons/features.toml` by their first word, the longest first, each with what it is."""
    found: dict[str, list[tuple[str, str]]] = {}
    for sort, names in lexicon("features")["names"].items():
        for name in names:
            found.setdefault(name.split()[0], []).append((name, sort))
    return {first: tuple(sorted(every, key=lambda one: (-len(one[0]), one))) for first, every in found.items()}


def acts(token: Token) -> bool:
    """Whether a name is the subject of a verb of doing, or stands behind the `by` of one."""
    whole = up(token, "compound", "conj")
    verb = whole.head
    if whole.dep_ == "pobj" and verb.dep_ == "agent":
        return True
    return whole.dep_ == "nsubj" and verb.pos_ == "VERB" and verb.lemma_.lower() not in words("lying")


def speaks(token: Token) -> bool:
    """Whether a name is the subject of a verb of saying, or stands behind the `by` of any."""
    over = up(token, "compound", "conj").head
    return acts(token) and (over.dep_ == "agent" or over.lemma_.lower() in reporting())


def has_rulers(token: Token) -> bool:
    """Whether the name of a territory stands for who rules it: it has authorities, or is recognised."""
    whole = up(token, "compound", "conj")
    over = whole.head
    if whole.dep_ == "dobj":
        return bool(over.lemma_.lower() in ("recognise", "recognize"))
    led = heads().get(over.head.lemma_.lower()) in ("state", "agency", "leader", "state organ")
    return led if whole.dep_ == "pobj" and over.lower_ == "of" else False


def decides(token: Token) -> bool:
    """Whether a name is the subject of a verb that tells an event, or that somebody speaks."""
    return acts(token) and up(token, "compound", "conj").head.lemma_.lower() in _deliberate()


@cache
def _deliberate() -> frozenset[str]:
    """Verbs that tell an event of which somebody is the doer, or say that somebody speaks."""
    listed = (verb for verbs in lexicon("events")["verbs"].values() for verb in verbs)
    return frozenset([*listed, *frames_of(), *reporting()])


def acting_people(read: Read) -> set[str]:
    """The words of names of persons who do something, of two words or more, or who say something: no place has them."""
    found: set[str] = set()
    for ent in read.doc.ents:
        if ent.label_ == "PERSON" and acts(ent.root):
            words_of = [token.text for token in ent if token.text[:1].isupper()]
            if len(words_of) > 1 or up(ent.root, "conj").head.lemma_.lower() in reporting():
                found |= set(words_of)
    return found


def named_bearers(read: Read) -> Iterator[str]:
    """Names that a noun beside them says to be those of a ship or of who brings news: the carrier X, the X agency."""
    vessels = lexicon("actors")["words"]["vessels"]
    for token in read.doc:
        if token.pos_ != "PROPN":
            continue
        before = token.doc[token.i - 1].lemma_.lower() if token.i > 0 else ""
        agency = token.dep_ == "compound" and token.nbor(1) == token.head and token.head.lower_ == "agency"
        if agency or (before in vessels and named_by_noun(token)):
            yield token.text


def aliases(read: Read, found: list[Sited]) -> Iterator[Sited]:
    """Second names of places that are given beside the first: X, which Ys call Z; X, also known as Z; X (Z)."""
    for one in found:
        if not one.mention.text[:1].isupper():
            continue
        match = _ALIAS.match(read.paragraph.text, one.mention.end)
        group = next((index for index, name in enumerate(match.groups(), 1) if name), 0) if match else 0
        if match is None or people_of(match[group]) or match[group].isupper():
            continue
        start, end = match.span(group)
        mention = made(read, start, end, read.token_at(end - 1), one.mention.key, one.mention.kind or "place")
        yield Sited(mention, one.form, None, None, None, None)


def in_organisation(read: Read, start: int, end: int) -> bool:
    """Whether some letters are a part of the name of an organisation that is longer: the Court of Justice."""
    for ent in read.doc.ents:
        longer = ent.start_char < start and end <= ent.end_char
        if ent.label_ == "ORG" and longer and head_of(ent.root) is None and " of " in f"{ent.text} ":
            return True
    return False
