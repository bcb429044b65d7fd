"""Recall and precision of a draft by kind: each figure a share of rows or candidates, beside its bar."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from standoff.drafting import Candidate, Text
from standoff.geography import great_circle_km
from verification.drafting.corpora import Corpus
from verification.drafting.gold import Conflict, Gold, Judged, Locator
from verification.drafting.matching import (
    content_words,
    locator,
    names_of,
    on_day,
    same_actor,
    same_place,
    takes_part,
)


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: what it is, its share, of how many, and the bar that it must reach (or stay below).

    `part` and `whole` are what it is the share of, and `pooled` under which name texts are counted together.
    """

    what: str
    value: float
    of: str
    least: float | None = None
    most: float | None = None
    part: float = 0.0
    whole: float = 0.0
    pooled: str | None = None

    @property
    def verdict(self) -> str:
        """Whether it reaches its bar."""
        if self.least is None and self.most is None:
            return ""
        low, high = (
            self.least is None or self.value >= self.least - 1e-9,
            self.most is None or self.value <= self.most + 1e-9,
        )
        return "meets" if low and high else "MISSES"


class Found:
    """A draft's candidates by kind, with the spellings of its actors and the texts that they are of."""

    def __init__(self, candidates: Sequence[Candidate], texts: Sequence[Text]) -> None:
        self.texts = {text.name: text for text in texts}
        self.by_kind: dict[str, list[Candidate]] = {}
        for one in candidates:
            self.by_kind.setdefault(one.kind, []).append(one)
        self.forms = {one.id: self.words(one, "mentions") for one in candidates if one.kind in ("actor", "place")}

    def words(self, one: Candidate, name: str) -> list[str]:
        """The words of a field, as the texts have them."""
        found = []
        for index, start, end in one.spans.get(name, ()):
            source, number = locator(one.at[index])
            found.append(self.texts[source].paragraphs[number - 1].text[start:end])
        return found

    def at(self, one: Candidate) -> set[Locator]:
        """The paragraphs of a candidate."""
        return {locator(at) for at in one.at}


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0


def _counted(
    what: str, part: int, whole: int, *, of: str | None = None, least: float | None = None, most: float | None = None,
    pooled: str | None = None,
) -> Figure:  # fmt: skip
    told = f"{part} of {whole}" if of is None else of
    return Figure(what, _share(part, whole), told, least, most, part, whole, pooled or what)


def together(every: Sequence[Sequence[Figure]]) -> list[Figure]:
    """The figures of several texts counted together: what is no share of anything is left out."""
    first: dict[str, Figure] = {}
    sums: dict[str, tuple[float, float]] = {}
    for one in (one for figures in every for one in figures if one.pooled is not None):
        name = one.pooled or one.what
        part, whole = sums.get(name, (0.0, 0.0))
        sums[name] = part + one.part, whole + one.whole
        first.setdefault(name, one)
    return [_summed(one, name, *sums[name]) for name, one in first.items()]


def _summed(one: Figure, what: str, part: float, whole: float) -> Figure:
    value = part / whole if whole else 0.0
    return replace(one, what=what, value=value, of=f"{part:g} of {whole:g}", part=part, whole=whole)


def actors(gold: Gold, found: Found) -> list[Figure]:
    """Actors by strict names in a paragraph of their row; precision over those that are named at all."""
    every = found.by_kind.get("actor", [])
    hit = 0
    right: set[str] = set()
    for row in gold.actors:
        same = [one for one in every if same_actor((*found.forms[one.id], str(one.fields["name"])), names_of(row))]
        right |= {one.id for one in same}
        hit += any(found.at(one) & set(row.locators) for one in same)
    twice = {one.id for one in every if one.seen >= 2}
    return [
        _counted("actors: recall", hit, len(gold.actors), least=0.90),
        _counted("actors: precision", len(right), len(every)),
        _counted("actors seen twice: precision", len(right & twice), len(twice), least=0.80),
    ]


def places(gold: Gold, found: Found) -> list[Figure]:
    """Places that the texts name, and the coordinates of the sites of section 2a."""
    every = found.by_kind.get("place", [])
    rows = [row for row in gold.places if row.locators]
    hit, near, far, sites = 0, 0, 0, 0
    right: set[str] = set()
    for row in rows:
        same = [one for one in every if any(same_place(form, row) for form in _keys(found, one))]
        right |= {one.id for one in same}
        here = [one for one in same if found.at(one) & set(row.locators)]
        hit += bool(here)
        if row.section == "2a" and row.at is not None:
            sites += 1
            apart = [
                great_circle_km((one.fields["at"][0], one.fields["at"][1]), row.at) for one in here if one.fields["at"]
            ]
            near += bool(apart) and min(apart) <= 15
            far += bool(apart) and min(apart) > 50
    return [
        _counted("places: recall", hit, len(rows), least=0.70),
        _counted("places: precision", len(right), len(every)),
        _counted("sites within 15 km", near, sites, least=12 / 21),
        _counted("sites wrong by more than 50 km", far, sites, most=0),
    ]


def _keys(found: Found, one: Candidate) -> set[str]:
    from standoff.drafting.lexicon import fold

    return {fold(form) for form in found.forms[one.id]}


def events(gold: Gold, found: Found) -> list[Figure]:
    """Dated key events: type in their paragraph, with an actor or target of the row, with a day of the row."""
    every = found.by_kind.get("event", [])
    names = {row.code: names_of(row) for row in gold.actors}
    typed = acted = dated = 0
    right: set[str] = set()
    for row in gold.events:
        here = [one for one in every if found.at(one) & set(row.locators) and one.fields["type"] in row.types]
        right |= {one.id for one in here}
        with_actor = [one for one in here if takes_part(row, _parts(found, one), names)]
        on = [one for one in with_actor if one.fields["at"] and on_day(row, *_interval(one))]
        typed, acted, dated = typed + bool(here), acted + bool(with_actor), dated + bool(on)
    count = len(gold.events)
    days = [one for one in every if one.fields["at"]]
    return [
        _counted("events: type", typed, count, least=0.80),
        _counted("events: and an actor", acted, count, least=0.60),
        _counted("events: and the day", dated, count, least=0.40),
        _counted("events: precision of the type", len(right), len(every)),
        _counted(
            "dated events: precision of the type", sum(one.id in right for one in days), len(days), of=f"of {len(days)}"
        ),
    ]


def by_hand(gold: Gold, found: Found) -> list[Figure]:
    """Samples that were read beside their paragraphs: of events, with the bar for the last one; of claims, without."""
    events, claims = (
        found.by_kind.get("event", []),
        [*found.by_kind.get("claim", []), *found.by_kind.get("forecast", [])],
    )
    return [
        *_sampled("events", gold.judged, events, right=0.80, there=0.90),
        *_sampled("claims and forecasts", gold.weighed, claims),
    ]


def _sampled(
    what: str, judged: Sequence[Judged], here: Sequence[Candidate], *, right: float | None = None,
    there: float | None = None,
) -> list[Figure]:  # fmt: skip
    """Samples as they were judged; how many of the last one's right ones are still proposed says whether it holds."""
    if not judged:
        return []
    figures = []
    last = max(one.sample for one in judged)
    for sample in sorted({one.sample for one in judged}):
        every = [one for one in judged if one.sample == sample]
        least = right if sample == last else None
        figures.append(
            _counted(f"{what} by hand ({sample}): right", sum(one.is_right for one in every), len(every), least=least)
        )
    right_ids = {one.id for one in judged if one.sample == last and one.is_right}
    kept = len(right_ids & {one.id for one in here})
    return [*figures, _counted(f"{what} by hand: still proposed", kept, len(right_ids), least=there)]


def _parts(found: Found, one: Candidate) -> list[str]:
    return [form for part in ("source", "target", "others") for form in found.words(one, part)]


def _interval(one: Candidate) -> tuple[date, date]:
    return date.fromisoformat(one.fields["at"]), date.fromisoformat(one.fields["until"])


def forecasts(gold: Gold, found: Found) -> list[Figure]:
    """Forecasts by how a reader read them: found in their paragraph, and with the right range."""
    every = found.by_kind.get("forecast", [])
    figures = []
    bars = {"icd": (1.0, 10 / 11), "c": (None, 22 / 34), "i": (None, None)}
    for tag, (paragraph, ranges) in bars.items():
        rows = [row for row in gold.forecasts if row.tag == tag]
        here = [[one for one in every if found.at(one) & set(row.locators)] for row in rows]
        exact = sum(
            any(abs(one.fields["low"] - row.low) < 0.01 and abs(one.fields["high"] - row.high) < 0.01 for one in ones)
            for row, ones in zip(rows, here, strict=True)
        )
        figures += [
            _counted(f"forecasts ({tag}): paragraph", sum(map(bool, here)), len(rows), least=paragraph),
            _counted(f"forecasts ({tag}): range", exact, len(rows), least=ranges),
        ]
    told = {at for row in gold.forecasts for at in row.locators}
    right = sum(bool(found.at(one) & told) for one in every)
    ratio = f"{len(every)} to {len(gold.forecasts)}"
    count = _counted("forecasts: candidates to a row", len(every), len(gold.forecasts), of=ratio, most=60 / 66)
    return [*figures, count, _counted("forecasts: precision of the paragraph", right, len(every), least=0.90)]


def mechanisms(gold: Gold, found: Found) -> list[Figure]:
    """Mechanisms: a causal sentence of their paragraph that shares two content words with the row."""
    sentences = []
    for one in found.by_kind.get("claim", []):
        words = " ".join(part for name in ("cause", "cue", "effect") for part in found.words(one, name))
        sentences.append((one, content_words(words)))
    hit = 0
    used: set[str] = set()
    for row in gold.mechanisms:
        wanted = content_words(row.words)
        here = [(len(words & wanted), one.id) for one, words in sentences if found.at(one) & set(row.locators)]
        if here and max(here)[0] >= 2:
            hit += 1
            used.add(max(here)[1])
    return [
        _counted("mechanisms: recall", hit, len(gold.mechanisms), least=0.70),
        _counted("mechanisms: precision", len(used), len(sentences), least=0.65),
    ]


def conflicts(gold: Gold, found: Found) -> list[Figure]:
    """Contradictions between texts or in one: a candidate with a paragraph of each version; C32 by its spellings."""
    every = found.by_kind.get("conflict", [])
    hit = []
    rows = [row for row in gold.conflicts if "X" in row.scope or "I" in row.scope]
    for row in rows:
        if row.one and row.other:
            same = [one for one in every if _fits(row, one) and _each(found, one, set(row.one), set(row.other))]
        else:
            same = [one for one in every if one.fields["what"] == "name" and _spelt_in(found, one, row.topic, gold)]
        if same:
            hit.append(row.id)
    others = sorted(set(hit) - {"C01"})
    proposed = f"{len(every)} proposed"
    figures = [_counted("contradictions: C01", int("C01" in hit), 1, of=proposed, least=1)]
    if len(rows) > 1:
        figures.append(
            _counted("contradictions: others", len(others), len(rows) - 1, of=", ".join(others), least=4 / 21)
        )
    return figures


def _fits(row: Conflict, one: Candidate) -> bool:
    """Whether a contradiction is of the sort of a row, so that two of one paragraph are not taken for each other."""
    sorts = {
        "zone": ("number", "kind of zone"),
        "Who was": ("who (target)",),
        "Who": ("who (source)",),
        "date": ("days",),
        "start": ("days",),
        "title": ("name",),
    }
    other = ("number",) if row.counts else ("relation", "days")
    return one.fields["what"] in next((sort for word, sort in sorts.items() if word in row.topic), other)


def _each(found: Found, one: Candidate, first: set[Locator], second: set[Locator]) -> bool:
    ends = [locator(one.at[0]), locator(one.at[-1])]
    return (ends[0] in first and ends[1] in second) or (ends[1] in first and ends[0] in second)


def _spelt_in(found: Found, one: Candidate, topic: str, gold: Gold) -> bool:
    """Whether a conflict of names is one of those that the row lists: two spellings of Deir ez-Zor or Albukamal."""
    words = " ".join((*found.words(one, "one"), *found.words(one, "other"))).lower()
    return topic == "Names" and any(name in words for name in ("deir", "kamal", "isi", "islamic"))


def furniture(gold: Gold, found: Found) -> list[Figure]:
    """Paragraphs that are no prose."""
    figures = []
    for name, wanted in gold.furniture.items():
        marked = {one.number for one in found.texts[name].paragraphs if one.remark in ("furniture", "endnotes")}
        what = f"furniture of {name}"
        figures.append(_counted(what, len(marked & wanted), len(wanted), least=1.0, pooled="furniture"))
    return figures


def numbers(gold: Gold, found: Found) -> list[Figure]:
    """The numbers with a unit that the texts have: those of candidates, and both ends of ranges."""
    have = {(at, one.fields.get(part)) for one in found.by_kind.get("number", []) for at in found.at(one)
            for part in ("value", "least", "most")}  # fmt: skip
    return [_counted("numbers with a unit", len(gold.numbers & have), len(gold.numbers), least=1.0)]


SECTIONS: tuple[Callable[[Gold, Found], list[Figure]], ...] = (
    actors, places, events, by_hand, forecasts, mechanisms, conflicts, furniture, numbers,
)  # fmt: skip


def measured(candidates: Sequence[Candidate], texts: Sequence[Text], corpus: Corpus) -> list[Figure]:
    """All figures of a draft, each bar lowered (or raised, where less is better) by the allowance of the texts."""
    gold, found = corpus.gold(), Found(candidates, texts)
    return [
        replace(
            one,
            least=None if one.least is None else one.least - corpus.allowance,
            most=None if one.most is None else one.most + corpus.allowance,
        )
        for section in SECTIONS
        for one in section(gold, found)
    ]
