"""What a number of a text is a number of: its noun, whose measure it is, between which ends, and who tells it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache

from standoff.drafting.dates import Dated
from standoff.drafting.lexicon import lexicon
from standoff.drafting.parsing import Read, Token
from standoff.drafting.quantities import Quantity, quantities

_CLAUSAL = ("VERB", "AUX")
_SIZES = frozenset(["long", "length", "wide", "width", "deep", "depth", "high", "height", "tall", "thick", "altitude"])
"""Words that make a size of a length: what is so long is not so far away."""
_OPEN = ("dobj", "pobj", "nsubj", "nsubjpass", "attr", "npadvmod", "conj", "ROOT")
"""Relations of a number that stands for its noun: they offered 65,000."""
_KNOWN = ("the", "these", "those", "its", "their", "his", "her", "all")
_ALIKE = 4.0
"""How many times one number may be the other, for that without a noun to be of the same thing."""


LONGEST = 2_000
"""Letters of a sentence beyond which its grammar is not asked: it is none, and would take its length squared."""


@dataclass(frozen=True, slots=True)
class Amount:
    """A number with its unit, where it stands, and what the grammar says that it is of.

    `topics` are its noun (and `dead`, where some have died) or, of a measure, whose it is; `ends` are the words of the
    things in its clause, `names` those of them that are names, `deeds` its verbs. `is_known` says that its noun is one
    that the reader knows already: the 39 workers; `moved` that it is said to change, to be a part, or to come on top.
    """

    read: Read
    value: float
    unit: str
    start: int
    end: int
    topics: frozenset[str]
    size: str | None
    ends: frozenset[str]
    names: frozenset[str]
    is_known: bool
    is_told: bool
    moved: bool
    days: tuple[Dated, ...]
    deeds: frozenset[str]
    own_noun: bool = True

    @property
    def is_count(self) -> bool:
        """Whether it counts people or things, and has no unit of measure."""
        return self.unit in self.topics

    @property
    def place(self) -> tuple[str, str, int, int]:
        """Its locator, digest, start and end."""
        return self.read.paragraph.at, self.read.paragraph.digest, self.start, self.end


@cache
def _set(name: str) -> frozenset[str]:
    return frozenset(lexicon("claims")["grammar"][name])


def amounts_of(read: Read) -> list[Amount]:
    """The amounts of a paragraph, those in whose place only the number stands with the unit of the one before them."""
    found: list[Amount] = []
    for start, end in read.sentences:
        if end - start > LONGEST:
            continue
        here = [one for one in _quantities(read) if start <= one.start < end]
        said = [_amount(read, one, (start, end)) for one in here]
        found += sorted([*said, *_bare(read, (start, end), said)], key=lambda one: one.start)
    return found


def _quantities(read: Read) -> Iterator[Quantity]:
    """The numbers that are no part of a date and no end of a range."""
    every = quantities(read.paragraph.text)
    for index, one in enumerate(every):
        in_date = any(day.start < one.end and one.start < day.end for day in read.dates)
        is_end = one.doubt is not None or (index > 0 and every[index - 1].doubt in _OF_TWO
                                           and every[index - 1].head_start == one.head_start)  # fmt: skip
        if not in_date and not (is_end and one.doubt != "a round number"):
            yield one


_OF_TWO = ("one of two numbers", "an end of a range")


def _amount(read: Read, one: Quantity, sentence: tuple[int, int]) -> Amount:
    noun = read.doc[read.token_at(one.head_start if one.unit == one.head else one.end - 1)]
    tokens = around(noun)
    is_count = one.unit == one.head
    size = None if is_count else _size(noun, one)
    owners = {} if is_count else _owners(noun, one)
    topics = _counted(one, read, sentence) if is_count else frozenset(owners)
    things = things_in(tokens, noun)
    return Amount(
        read, one.value, one.unit, one.start, one.end, topics, size, frozenset(things),
        frozenset(word for word, is_name in things.items() if is_name),
        any(_is_known(two) for two in (noun, *(two for two in owners.values() if two is not None))),
        any(token.lemma_.lower() in _set("telling") for token in _sentence(read, sentence)),
        not _set("changing").isdisjoint({token.lemma_.lower() for token in tokens} | _beside(read, one)),
        tuple(day for day in read.dates if _within(day, tokens)),
        frozenset(token.lemma_.lower() for token in tokens if token.pos_ == "VERB"),
    )  # fmt: skip


def _within(day: Dated, tokens: Sequence[Token]) -> bool:
    return any(day.start <= token.idx < day.end for token in tokens)


def _sentence(read: Read, sentence: tuple[int, int]) -> list[Token]:
    return list(read.doc[read.token_at(sentence[0]) : read.token_at(max(sentence[1] - 1, 0)) + 1])


def _beside(read: Read, one: Quantity) -> set[str]:
    """The two words before a number and the two behind its noun: 40 more, another 12, 65,000 each."""
    text = read.paragraph.text
    return {*text[max(0, one.start - 40) : one.start].lower().split()[-2:],
            *text[max(one.end, one.head_end) :].lower().replace(",", " ").split()[:2]}  # fmt: skip


def clause_of(token: Token) -> Token:
    """The verb of the clause around a token; the root of its sentence where there is none."""
    while token.pos_ not in _CLAUSAL and token.head != token:
        token = token.head
    while token.dep_ in ("aux", "auxpass") and token.head != token:
        token = token.head
    return token


def around(noun: Token) -> list[Token]:
    """The words of the clause of a noun, and those that hang on the noun itself."""
    verb = clause_of(noun)
    own = {token.i for token in noun.subtree}
    return [token for token in verb.subtree if token.i in own or clause_of(token) == verb]


def things_in(tokens: Iterable[Token], noun: Token) -> dict[str, bool]:
    """The nouns of a clause, in small letters, each with whether it is a name; without time and the noun itself."""
    found: dict[str, bool] = {}
    for token in tokens:
        if (
            token != noun
            and token.pos_ in ("NOUN", "PROPN")
            and len(token) > 2
            and token.ent_type_ not in ("DATE", "TIME")
        ):
            word = token.lemma_.lower()
            found[word] = found.get(word, False) or token.pos_ == "PROPN"
    return {word: is_name for word, is_name in found.items() if word not in _set("spans")}


def _counted(one: Quantity, read: Read, sentence: tuple[int, int]) -> frozenset[str]:
    dies = not _set("dying").isdisjoint(token.lemma_.lower() for token in _sentence(read, sentence))
    return frozenset({one.head, *(["dead"] if dies else [])})


def _size(unit: Token, one: Quantity) -> str | None:
    """The dimension that a word beside a length names: 4 km long; a depth of 40 m."""
    near = {one.head, unit.head.lemma_.lower(), unit.head.head.lemma_.lower()}
    return min(near & _SIZES, default=None)


def _owners(unit: Token, one: Quantity) -> dict[str, Token | None]:
    """Whose measure it is: the noun that it stands before or behind, or the subject of the verb that has it.

    A 25-kilometre ring; 400 tons of shells; a plain of 9 hectares; the plain measures 9 hectares. What is so far from
    somewhere has no such length.
    """
    found: list[Token] = []
    if unit.dep_ in ("appos", "nmod", "compound"):
        found.append(unit.head)
    if unit.dep_ == "pobj" and unit.head.lower_ == "of":
        found.append(unit.head.head)
    found += [two for child in unit.children if child.lower_ == "of" for two in child.children]
    found = [two for two in found if two.pos_ in ("NOUN", "PROPN")]
    near = {child.lower_ for child in clause_of(unit).children}
    far = one.unit == "km" and _size(unit, one) is None and (unit.dep_ != "dobj" or bool(near & {"from", "off", "to"}))
    if not found and one.head_start < one.end and unit.dep_ in ("dobj", "attr", "npadvmod", "acomp") and not far:
        subjects = (two for two in clause_of(unit).children if two.dep_ in ("nsubj", "nsubjpass"))
        found = [two for two in subjects if two.pos_ in ("NOUN", "PROPN")]
    behind: dict[str, Token | None] = {one.head: None} if one.head_start >= one.end else {}
    return {**behind, **{two.lemma_.lower(): two for two in found}}


def _is_known(noun: Token) -> bool:
    """Whether a noun is said as one that the reader knows already: the, these, their."""
    return any(child.lower_ in _KNOWN for child in noun.children)


def _bare(read: Read, sentence: tuple[int, int], said: Sequence[Amount]) -> Iterator[Amount]:
    """Numbers that stand for their noun, behind an amount of the sentence: London asked for 85 tons, and got 65."""
    for token in _sentence(read, sentence):
        before = [one for one in said if one.end <= token.idx]
        if not before or token.pos_ != "NUM" or not _stands_alone(token) or not token.text[:1].isdigit():
            continue
        model = before[-1]
        value, told = _plain(token.text), _plain(read.paragraph.text[model.start :].split()[0])
        follows = token.i + 1 < len(read.doc) and read.doc[token.i + 1].pos_ in ("NOUN", "PROPN", "ADJ", "NUM", "SYM")
        spans = [*((one.start, one.end) for one in said), *((one.start, one.end) for one in read.dates)]
        taken = any(start <= token.idx < end for start, end in spans)
        if value is None or not told or follows or taken or not told / _ALIKE < value < told * _ALIKE:
            continue
        tokens = around(token)
        things = things_in(tokens, token)
        yield replace(
            model, value=round(value * model.value / told, 6), start=token.idx, end=token.idx + len(token),
            ends=frozenset(things), names=frozenset(word for word, is_name in things.items() if is_name),
            days=tuple(day for day in read.dates if _within(day, tokens)), own_noun=False,
        )  # fmt: skip


def _stands_alone(number: Token) -> bool:
    """Whether no noun behind a number is what it counts."""
    return number.dep_ in _OPEN or (number.dep_ == "nummod" and number.head.i < number.i)


def _plain(word: str) -> float | None:
    """The number of figures, with commas between thousands; None for what is none."""
    figures = word.strip("$€£.,;:)(").replace(",", "")
    return float(figures) if figures.replace(".", "", 1).isdigit() else None
