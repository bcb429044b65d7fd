"""Whether each field of a candidate is what the words at its place say, worked out again from those words alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from standoff.drafting import Candidate, Text
from standoff.drafting.dates import dates
from standoff.drafting.events import noun_types, types_of_verb
from standoff.drafting.gazetteer import Gazetteer
from standoff.drafting.hedges import table
from standoff.drafting.lexicon import fold
from standoff.drafting.mentions import people_of
from standoff.drafting.parsing import parsed
from standoff.drafting.quantities import quantities
from standoff.drafting.vague import open_numbers


class Proofs:
    """The proofs of one draft: its texts, and what each candidate's fields must be."""

    def __init__(self, candidates: Sequence[Candidate], texts: Sequence[Text], dated: Mapping[str, date]) -> None:
        self.candidates = {one.id: one for one in candidates}
        self.text = {one.at: one.text for text in texts for one in text.paragraphs}
        self.dated = dated
        self.ranges = {words: (low, high) for words, low, high, _ in table().entries}
        prose = [one for text in texts for one in text.paragraphs if one.is_prose]
        grammar = zip(prose, parsed([one.text for one in prose]), strict=True)
        self.lemma = {(one.at, token.idx): token.lemma_.lower() for one, doc in grammar for token in doc}
        names = [words for one in candidates if one.kind == "place" for words in self.words(one, "at")]
        self.gazetteer = Gazetteer(names, dict.fromkeys(("SY", "IQ", "RU", "EE", "FI", "IR", "US"), 1))

    def words(self, one: Candidate, name: str) -> list[str]:
        """The words at the places of a field."""
        return [self.text[one.at[index]][start:end] for index, start, end in one.spans.get(name, ())]

    def faults(self, one: Candidate) -> Iterator[str]:
        """What is wrong with a candidate's fields."""
        for name, value in one.fields.items():
            if value in (None, []):
                continue
            if not one.spans.get(name):
                yield f"{one.id}: {name} has no place"
            elif not all(words.strip() for words in self.words(one, name)):
                yield f"{one.id}: {name} stands nowhere"
            elif not self.holds(one, name, value):
                yield f"{one.id} ({one.kind}): {name} = {value!r}, but the words are {self.words(one, name)}"

    def holds(self, one: Candidate, name: str, value: object) -> bool:
        """Whether a field follows from its words; what only says of which sort a candidate is follows from its kind."""
        words = self.words(one, name)
        first = words[0]
        if name in ("name", "alias"):
            owners = {people_of(part) for part in (first, *first.split())}
            return fold(first) == fold(str(value)) or value in owners
        if name in ("source", "target", "place", "patron"):
            return any(self.at_mention(one, span, str(value)) for span in one.spans[name]) or name == "patron"
        if name in ("at", "until") and one.kind == "event":
            # In the whole paragraph, since some days are counted from the one before them.
            every = dates(self.text[one.at[0]], self.dated[one.at[0].partition("#")[0]])
            found = [day for day in every if (day.start, day.end) == tuple(one.spans[name][0][1:])]
            return len(found) == 1 and str((found[0].first, found[0].last)[name == "until"]) == value
        if name == "at":
            found = (self.gazetteer.look_up(first), self.gazetteer.airfield(first))
            return value in [[*one.at] for one in found if one is not None and one.at is not None]
        if name == "type":
            lemma = self.lemma[one.at[0], one.spans[name][0][1]]
            return value in (*types_of_verb(lemma), *noun_types().get(lemma, ()))
        if name in ("value", "size"):
            start = one.spans[name][0][1]
            every = (*quantities(self.text[one.at[0]]), *open_numbers(self.text[one.at[0]]))
            return any(two.value == value and two.start == start for two in every)
        if name in ("least", "most"):
            every = (*quantities(self.text[one.at[0]]), *open_numbers(self.text[one.at[0]]))
            return any(getattr(two, name) == value and two.start == one.spans["value"][0][1] for two in every)
        if name == "words":
            return first.lower() == value
        if name in ("low", "high"):
            return self.ranges[first.lower()][name == "high"] == value
        return True

    def at_mention(self, one: Candidate, span: tuple[int, int, int], whose: str) -> bool:
        """Whether a place in a paragraph is a mention of an actor or place."""
        other = self.candidates[whose]
        here = (one.digests[span[0]], *span[1:])
        return any((other.digests[index], start, end) == here for index, start, end in other.spans["mentions"])
