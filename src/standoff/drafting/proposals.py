"""What a language model proposes, and the six checks that refuse what no paragraph supports, all or nothing.

1 form, 2 quote, 3 names and numbers, 4 dates, 5 words of doubt, 6 cause and effect. Dates, ranges and numbers are
worked out here from the quoted words. Whether a quote means what is proposed is not checked: that is the reviewer's.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from standoff.drafting.candidates import Candidate, Span, identity
from standoff.drafting.claims import has_cue
from standoff.drafting.dates import dates
from standoff.drafting.hedges import Table, hedges
from standoff.drafting.lexicon import fold, sentences
from standoff.drafting.quantities import NUMBER_WORDS
from standoff.drafting.texts import Paragraph

FEWEST, MOST = 4, 60
"""How many words a quote has."""
FORM = (
    '{"proposals": [{"kind": "actor", "paragraph": AT, "quote": Q, "name": N}, {"kind": "place", "paragraph": AT, '
    '"quote": Q, "name": N}, {"kind": "event", "paragraph": AT, "quote": Q, "type": PLOVER TYPE, "source": N or null, '
    '"target": N or null, "place": N or null, "date": words of the quote or null, "size": number or null}, '
    '{"kind": "forecast", "paragraph": AT, "quote": Q, "words": its word of doubt}, {"kind": "claim", "paragraph": '
    'AT, "quote": Q, "cause": words of the quote, "effect": words of the quote}]}. AT is the paragraph\'s "at"; Q is '
    "copied from it letter by letter, 4 to 60 words in one piece; N is a name that stands in it."
)
_SIGNS = str.maketrans({"“": '"', "”": '"', "„": '"', "‘": "'", "’": "'", "\u00a0": " ", "\u202f": " "})
_NUMBER = re.compile(r"\d[\d.,]*")


class _Proposal(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)
    paragraph: str
    quote: str


class ActorProposal(_Proposal):
    """Somebody who acts."""

    kind: Literal["actor"]
    name: str = Field(min_length=1, max_length=80)


class PlaceProposal(_Proposal):
    """Somewhere."""

    kind: Literal["place"]
    name: str = Field(min_length=1, max_length=80)


class EventProposal(_Proposal):
    """Something that happened."""

    kind: Literal["event"]
    type: Literal[
        "ASSAULT", "MOBILIZE", "COERCE", "THREATEN", "COOPERATE", "CONSULT", "AID", "REJECT", "ACCUSE", "PROTEST",
        "YIELD", "AGREE", "SANCTION", "RETREAT", "REQUEST", "SUPPORT",
    ]  # fmt: skip
    source: str | None = None
    target: str | None = None
    place: str | None = None
    date: str | None = None
    size: float | None = None


class ForecastProposal(_Proposal):
    """Something said to come, with a word of doubt."""

    kind: Literal["forecast"]
    words: str


class ClaimProposal(_Proposal):
    """A cause and its effect."""

    kind: Literal["claim"]
    cause: str
    effect: str


Proposal = ActorProposal | PlaceProposal | EventProposal | ForecastProposal | ClaimProposal
_ONE: TypeAdapter[Proposal] = TypeAdapter(Annotated[Proposal, Field(discriminator="kind")])


@dataclass(frozen=True, slots=True)
class Refused:
    """A proposal that was refused: by which check, and why; nothing of what it said is kept."""

    check: int
    why: str
    model: str
    digest: str


@dataclass(frozen=True, slots=True)
class Checker:
    """What proposals are checked with: the words of doubt, the day of each text, and names that are known.

    `known` are names, folded, with the kind and identity of the candidate that they name; `aliases` are, for a name,
    the other names of the same actor or place that somebody accepted.
    """

    words: Table
    dated: Mapping[str, date]
    known: Mapping[tuple[str, str], str] = field(default_factory=dict)
    aliases: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def read(self, said: str, paragraph: Paragraph, model: str) -> tuple[list[Candidate], list[Refused]]:
        """The candidates of an answer about one paragraph, and what was refused of it."""
        try:
            content = json.loads(said)
            every = content["proposals"]
            if not isinstance(every, list) or set(content) != {"proposals"}:
                raise ValueError
        except (ValueError, KeyError, TypeError, RecursionError):
            return [], [Refused(1, "no JSON with proposals and nothing else", model, paragraph.digest)]
        found: list[Candidate] = []
        refused: list[Refused] = []
        for one in every:
            try:
                found += self.checked(one, paragraph, f"llm:{model}")
            except _Refusal as why:
                refused.append(Refused(why.check, why.why, model, paragraph.digest))
        return found, refused

    def checked(self, one: object, paragraph: Paragraph, maker: str) -> list[Candidate]:
        """The candidates of one proposal; refuses it as a whole where a check fails."""
        try:
            proposal = _ONE.validate_python(one)
        except ValidationError as error:
            raise _Refusal(1, error.errors()[0]["msg"]) from None
        start = _quoted(proposal, paragraph)
        quote = (start, start + len(_folded(proposal.quote)))
        if isinstance(proposal, EventProposal):
            return self._event(proposal, paragraph, quote, maker)
        if isinstance(proposal, ForecastProposal):
            return [self._forecast(proposal, paragraph, quote, maker)]
        if isinstance(proposal, ClaimProposal):
            return [_claim(proposal, paragraph, maker)]
        return [self._entity(proposal.kind, proposal.name, paragraph, maker)[1]]

    def _entity(
        self, kind: Literal["actor", "place"], name: str, paragraph: Paragraph, maker: str
    ) -> tuple[Span, Candidate]:
        """An actor or place by a name that stands in the paragraph, or another accepted name of which does."""
        span = next(
            (
                found
                for one in (name, *sorted(self.aliases.get(fold(name), ())))
                if (found := _words_at(one, paragraph))
            ),
            None,
        )
        if span is None:
            raise _Refusal(3, f"a name that is not in {paragraph.at}")
        if len(name.split()) > 7:
            raise _Refusal(3, "a name of more than seven words")
        id_ = self.known.get((kind, fold(name))) or identity(kind, fold(name))
        fields = {"name": paragraph.text[span[1] : span[2]], "kind": None}
        if kind == "place":
            fields |= {"form": "point", "at": None}
        spans = {"name": (span,), "mentions": (span,)}
        return span, Candidate(id_, kind, (paragraph.at,), (paragraph.digest,), fields, spans, maker)

    def _event(self, one: EventProposal, paragraph: Paragraph, quote: tuple[int, int], maker: str) -> list[Candidate]:
        words = paragraph.text[slice(*quote)]
        fields: dict[str, object] = {"type": one.type, "mode": None, "others": []}
        spans: dict[str, tuple[Span, ...]] = {"type": ((0, *quote),)}
        made: list[Candidate] = []
        roles: tuple[tuple[str, Literal["actor", "place"], str | None], ...] = (
            ("source", "actor", one.source), ("target", "actor", one.target), ("place", "place", one.place),
        )  # fmt: skip
        for part, kind, name in roles:
            fields[part] = None
            if name is not None:
                span, entity = self._entity(kind, name, paragraph, maker)
                fields[part], spans[part] = entity.id, (span,)
                made.append(entity)
        fields["size"] = one.size
        if one.size is not None:
            spans["size"] = (_number_at(one.size, words, quote[0]),)
        fields["at"] = fields["until"] = None
        if one.date is not None:
            first, last, span = self._day(one.date, paragraph, quote)
            fields["at"], fields["until"] = first.isoformat(), last.isoformat()
            spans["at"] = spans["until"] = (span,)
        told = {part: value for part, value in fields.items() if part != "others"}
        name = identity("event", paragraph.digest, quote, maker, told)
        event = Candidate(name, "event", (paragraph.at,), (paragraph.digest,), fields, spans, maker)
        return [*made, event]

    def _day(self, words: str, paragraph: Paragraph, quote: tuple[int, int]) -> tuple[date, date, Span]:
        place = _folded(paragraph.text[slice(*quote)]).find(_folded(words))
        if place < 0 or not words.strip():
            raise _Refusal(4, "a date that is not in words of the quote")
        start = quote[0] + place
        every = dates(paragraph.text[start : start + len(_folded(words))], self.dated[paragraph.source])
        if len(every) != 1:
            raise _Refusal(4, "words that are not one date")
        return every[0].first, every[0].last, (0, start + every[0].start, start + every[0].end)

    def _forecast(self, one: ForecastProposal, paragraph: Paragraph, quote: tuple[int, int], maker: str) -> Candidate:
        for found in hedges(paragraph.text[slice(*quote)], self.words):
            if fold(found.words) == fold(one.words):
                span: Span = (0, quote[0] + found.start, quote[0] + found.end)
                fields = {"low": found.low, "high": found.high, "words": found.words, "standard": found.standard}
                name = identity("forecast", paragraph.digest, span[1:])
                spans = {"words": (span,), "sentence": ((0, *quote),)}
                return Candidate(name, "forecast", (paragraph.at,), (paragraph.digest,), fields, spans, maker)
        raise _Refusal(5, "a word of doubt that the quote, or the table, does not have")


class _Refusal(Exception):
    """Which check a proposal fails, and why."""

    def __init__(self, check: int, why: str) -> None:
        super().__init__(why)
        self.check, self.why = check, why


def _folded(words: str) -> str:
    """Words with single blanks and straight quotation marks, sign for sign."""
    return " ".join(words.translate(_SIGNS).split())


def _quoted(one: Proposal, paragraph: Paragraph) -> int:
    """Where a quote begins in its paragraph."""
    if one.paragraph != paragraph.at:
        raise _Refusal(2, "a quote of another paragraph than the one that was asked about")
    words = len(one.quote.split())
    if not FEWEST <= words <= MOST:
        raise _Refusal(2, f"a quote of {words} words; {FEWEST} to {MOST} are allowed")
    place = paragraph.text.translate(_SIGNS).find(_folded(one.quote))
    if place < 0:
        raise _Refusal(2, f"a quote that is not in {paragraph.at} letter by letter")
    return place


def _words_at(name: str, paragraph: Paragraph) -> Span | None:
    """Where whole words stand in a paragraph, whatever their capitals."""
    pattern = r"(?<!\w)" + re.escape(_folded(name)) + r"(?!\w)"
    match = re.search(pattern, paragraph.text.translate(_SIGNS), re.IGNORECASE) if name.strip() else None
    return None if match is None else (0, match.start(), match.end())


def _number_at(value: float, quote: str, offset: int) -> Span:
    """Where a number stands in a quote, in figures or as a word."""
    for match in _NUMBER.finditer(quote):
        if _number(match[0]) == value:
            return (0, offset + match.start(), offset + match.end())
    for match in re.finditer(r"[a-z]+", quote, re.IGNORECASE):
        if NUMBER_WORDS.get(match[0].lower()) == value:
            return (0, offset + match.start(), offset + match.end())
    raise _Refusal(3, "a number that the quote does not have")


def _number(figures: str) -> float | None:
    """The number that figures write; None for what is none, as `1.2.3`."""
    try:
        return float(figures.rstrip(".,").replace(",", ""))
    except ValueError:
        return None


def _claim(one: ClaimProposal, paragraph: Paragraph, maker: str) -> Candidate:
    """A claim whose cause and effect are apart; without a causal word between or beside them it is only a reading."""
    text = paragraph.text.translate(_SIGNS)
    places = [(text.find(_folded(words)), len(_folded(words))) for words in (one.cause, one.effect)]
    if any(start < 0 or length < 2 for start, length in places):
        raise _Refusal(6, "a cause or an effect that is not in the paragraph")
    (a, la), (b, lb) = places
    if a < b + lb and b < a + la:
        raise _Refusal(6, "a cause and an effect that overlap")
    around = [span for span in sentences(paragraph.text) if span[0] <= a < span[1] and span[0] <= b < span[1]]
    reading = not around or not has_cue(paragraph.text[slice(*around[0])])
    fields = {"cue": None, "way": "reading" if reading else "model"}
    spans: dict[str, tuple[Span, ...]] = {"cause": ((0, a, a + la),), "effect": ((0, b, b + lb),)}
    doubts = ("a reading: no word of the sentence says that one causes the other",) if reading else ()
    name = identity("claim", paragraph.digest, (a, la), (b, lb))
    return Candidate(name, "claim", (paragraph.at,), (paragraph.digest,), fields, spans, maker, doubts)


def counted(refused: Iterable[Refused]) -> dict[int, int]:
    """How many proposals each check refused."""
    counts: dict[int, int] = {}
    for one in refused:
        counts[one.check] = counts.get(one.check, 0) + 1
    return dict(sorted(counts.items()))
