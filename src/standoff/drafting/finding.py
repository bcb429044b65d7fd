"""From texts to candidates: each rule reads the paragraphs, and what it finds gets its identity and its places."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from standoff.drafting import accounts, conflicts
from standoff.drafting.candidates import Candidate, Span, identity
from standoff.drafting.chances import stated_chances
from standoff.drafting.claims import Cause, causes_in
from standoff.drafting.compared import of_amounts
from standoff.drafting.dates import dates
from standoff.drafting.events import Happened, events_in, mode_of
from standoff.drafting.gazetteer import Found, Gazetteer
from standoff.drafting.hedges import Table, hedges, table
from standoff.drafting.joins import Group, acronyms, gathered
from standoff.drafting.lexicon import fold, lexicon, sentences
from standoff.drafting.mentions import Mention, actor_mentions, people_of
from standoff.drafting.occasions import of_occasions
from standoff.drafting.parsing import Read, parsed
from standoff.drafting.places import Sited, named_again, named_countries, names_in, place_mentions
from standoff.drafting.quantities import quantities
from standoff.drafting.texts import Paragraph, Text
from standoff.drafting.theatres import Theatre


@dataclass(frozen=True, slots=True)
class Known:
    """What a draft is made with: the day of each text, words of doubt, own places, undone joins, a theatre."""

    dated: Mapping[str, date]
    words: Table = field(default_factory=table)
    places: Mapping[str, Found] = field(default_factory=dict)
    apart: Collection[tuple[str, str]] = ()
    theatre: Theatre | None = None

    def names_of(self, section: str) -> Mapping[str, str]:
        """The names of the theatre's actors or places, each with the one that they are gathered under."""
        return self.theatre.names_of(section) if self.theatre is not None else {}

    def matched(self, section: str, folded: str) -> dict[str, object]:
        """The field `theatre` of an actor or place: its key there, or none; no field where there is no theatre."""
        return {} if self.theatre is None else {"theatre": self.theatre.key_of(section, folded)}


def find_plain(texts: Iterable[Text], known: Known) -> list[Candidate]:
    """What needs no parser: worded forecasts and numbers."""
    found: list[Candidate] = []
    for text in texts:
        for paragraph in text.paragraphs:
            if paragraph.is_prose:
                found += _forecasts(paragraph, known.words)
                found += _numbers(paragraph, known.dated[text.name])
    return _once(found)


def find(texts: Sequence[Text], known: Known) -> list[Candidate]:
    """All candidates; raises UsageError where the extra is not installed."""
    plain = find_plain(texts, known)
    prose = [one for text in texts for one in text.paragraphs if one.is_prose]
    reads = [
        Read(
            one,
            doc,
            tuple(sentences(one.text)),
            tuple(dates(one.text, known.dated[one.source])),
            tuple(token.idx for token in doc),
        )
        for one, doc in zip(prose, parsed([one.text for one in prose]), strict=True)
    ]
    words = [one.text for one in prose]
    own = {**(known.theatre.sites() if known.theatre is not None else {}), **known.places}
    gazetteer = Gazetteer(names_in(words), named_countries(words), own)
    sited = _sited(reads, gazetteer, known.theatre)
    short = acronyms(prose)
    small = {one.mention.key for every in sited.values() for one in every if one.mention.kind != "country"}
    small |= {acronym for acronym, long in short.items() if long in small}
    spelt = known.theatre.spelt("actors") if known.theatre is not None else None
    named: dict[str, list[Mention]] = {}
    for read in reads:
        at = read.paragraph.at
        taken = [(one.mention.start, one.mention.end) for one in sited[at] if one.mention.kind != "country"]
        named[at] = [one for one in actor_mentions(read, taken, spelt) if one.key not in small]
    groups = gathered((one for every in named.values() for one in every), short, known.apart, known.names_of("actors"))
    actor_of = {one: _actor_id(group) for group in groups for one in group.mentions}
    actors = [_actor(group, known.matched("actors", group.key)) for group in groups]
    sites = _gathered_places((one for every in sited.values() for one in every), known.names_of("places"))
    place_of = {one.mention: _place_id(key) for key, every in sites.items() for one in every}
    events = [
        _event(one, actor_of, place_of)
        for read in reads
        for one in events_in(read, named[read.paragraph.at], sited[read.paragraph.at])
    ]
    claims = [_claim(one) for read in reads for one in causes_in(read)]
    joins = [one for group in groups for one in _joins(group)]
    places = [_place(key, every, known.matched("places", key)) for key, every in sites.items()]
    numbers = [one for one in plain if one.kind == "number"]
    near = {
        at: frozenset(_place_id(one.mention.key) for one in every if one.form == "point") for at, every in sited.items()
    }
    clashes = [
        *conflicts.of_numbers(numbers, reads), *accounts.of_accounts(reads), *accounts.of_open_numbers(reads),
        *accounts.of_open_days(reads),
        *of_amounts(reads), *accounts.of_told_days(reads), *conflicts.of_events(events, near), *of_occasions(reads),
        *conflicts.of_names(_spellings(groups, sites)), *conflicts.of_zones(_zones(sited)),
        *conflicts.of_relations(_sentences(reads, named, actor_of)),
    ]  # fmt: skip
    return _once([*clashes, *actors, *joins, *places, *events, *plain, *claims])


def _sited(reads: Sequence[Read], gazetteer: Gazetteer, theatre: Theatre | None) -> dict[str, list[Sited]]:
    """The places that each paragraph names; a name that is a place in one of them, or in the theatre, is one in all."""
    sited = {read.paragraph.at: place_mentions(read, gazetteer) for read in reads}
    points = (one for every in sited.values() for one in every if one.form == "point" and one.doubt is None)
    known = {one.mention.text: one for one in points if one.mention.kind in ("place", "town")}
    for one in (one for every in sited.values() for one in every if one.mention.kind == "region"):
        name = one.mention.text.rpartition(" ")[2]  # where there is an eastern X, X is a place
        if name[:1].isupper() and name != one.mention.text:
            known.setdefault(name, replace(one, mention=replace(one.mention, text=name, key=fold(name))))
    for name, one in theatre.named_places() if theatre is not None else ():
        known.setdefault(name, one)
    known = {name: one for name, one in known.items() if people_of(name) is None}
    for read in reads:
        sited[read.paragraph.at] += named_again(read, known, sited[read.paragraph.at])
    return sited


def _once(candidates: Iterable[Candidate]) -> list[Candidate]:
    """Each identity once: a paragraph that two texts share is proposed by the first of them."""
    scores = lexicon("precision")["precision"]
    found: dict[str, Candidate] = {}
    for one in candidates:
        if one.id not in found:
            found[one.id] = one
    return [_scored(_grounded(one), scores) for one in found.values()]


def _grounded(one: Candidate) -> Candidate:
    """A candidate whose every field has a place: what is worked out from its main words stands where they stand."""
    main = next(
        one.spans[name] for name in ("name", "words", "cue", "alias", "value", "type", "one") if name in one.spans
    )
    main = (*main, *one.spans.get("other", ()))
    missing = {name: main for name, value in one.fields.items() if value not in (None, []) and name not in one.spans}
    return replace(one, spans={**one.spans, **missing})


def _scored(one: Candidate, scores: Mapping[str, float]) -> Candidate:
    way: str = one.kind
    if one.kind == "actor" and one.seen > 1:
        way = "actor twice"
    elif one.kind == "event" and one.fields.get("at"):
        way = "event dated"
    elif one.kind == "forecast" and one.fields["standard"]:
        way = "forecast standard"
    return replace(one, score=scores.get(way))


def _forecasts(paragraph: Paragraph, words: Table) -> list[Candidate]:
    """Worded forecasts: of one sentence, each range once."""
    found = []
    for start, end in sentences(paragraph.text):
        seen: set[tuple[float, float]] = set()
        for one in hedges(paragraph.text[start:end], words):
            if (one.low, one.high) in seen:
                continue
            seen.add((one.low, one.high))
            span: Span = (0, start + one.start, start + one.end)
            fields = {"low": one.low, "high": one.high, "words": one.words, "standard": one.standard}
            name = identity("forecast", paragraph.digest, span[1:])
            doubts = () if one.standard else ("the range is a convention, not a standard",)
            spans = {"words": (span,), "sentence": ((0, start, end),)}
            found.append(
                Candidate(name, "forecast", (paragraph.at,), (paragraph.digest,), fields, spans, doubts=doubts)
            )
    return found


def _numbers(paragraph: Paragraph, anchor: date) -> list[Candidate]:
    found = []
    taken = [(one.start, one.end) for one in dates(paragraph.text, anchor)]
    taken += [(one.start, one.end) for one in stated_chances(paragraph.text)]
    for one in quantities(paragraph.text):
        if any(start < one.end and one.start < end for start, end in taken):
            continue
        fields = {"value": one.value, "unit": one.unit, "head": one.head}
        spans: dict[str, tuple[Span, ...]] = {
            "value": ((0, one.start, one.end),),
            "unit": ((0, one.start, one.end),),
            "head": ((0, one.head_start, one.head_end),),
        }
        name = identity("number", paragraph.digest, one.start, one.end)
        doubts = (one.doubt,) if one.doubt else ()
        found.append(Candidate(name, "number", (paragraph.at,), (paragraph.digest,), fields, spans, doubts=doubts))
    return found


def _in_order(one: Mention) -> tuple[str, int, int]:
    """A mention's place in reading: its text, the number of its paragraph, its beginning."""
    source, _, number = one.locator.partition("#p")
    return source, int(number), one.start


def _spans_of(mentions: Sequence[Mention]) -> tuple[tuple[str, ...], tuple[str, ...], dict[Mention, Span]]:
    """The paragraphs of some mentions, each once, and where each mention stands among them."""
    at: dict[str, str] = {}
    for one in sorted(mentions, key=_in_order):
        at.setdefault(one.locator, one.digest)
    index = {locator: number for number, locator in enumerate(at)}
    return tuple(at), tuple(at.values()), {one: (index[one.locator], one.start, one.end) for one in mentions}


def _actor_id(group: Group) -> str:
    return identity("actor", group.key)


def _actor(group: Group, matched: Mapping[str, object]) -> Candidate:
    """An actor: its name is the longest of its own spellings; spellings that were joined are joins of their own."""
    at, digests, where = _spans_of(group.mentions)
    own = [one for one in group.mentions if fold(one.text) not in dict(group.joined)] or list(group.mentions)
    most = max(own, key=lambda one: (len(one.text.split()), group.forms[one.text], one.text))
    country = people_of(group.key) if any(one.kind == "state" for one in group.mentions) else None
    kind = next((one.kind for one in group.mentions if one.kind), None)
    fields: dict[str, object] = {"name": most.text, "kind": kind, **matched}
    spans: dict[str, tuple[Span, ...]] = {"name": (where[most],)}
    if country is not None:
        fields["name"], fields["kind"] = country, "state"
    patron = next((one for one in group.mentions if one.patron), None)
    if patron is not None and patron.patron is not None:
        fields["patron"] = identity("actor", patron.patron[0])
        spans["patron"] = ((where[patron][0], *patron.patron[1:]),)
    spans["mentions"] = tuple(where[one] for one in group.mentions)
    return Candidate(_actor_id(group), "actor", at, digests, fields, spans, seen=len(group.mentions))


def _joins(group: Group) -> list[Candidate]:
    """Each spelling that was joined to an actor, with the way it was joined."""
    found = []
    for spelt, how in group.joined:
        mentions = [one for one in group.mentions if fold(one.text) == spelt or one.key == spelt]
        if not mentions:
            continue
        at, digests, where = _spans_of(mentions)
        fields = {"of": _actor_id(group), "alias": mentions[0].text, "how": how, "key": spelt, "to": group.key}
        spans = {"alias": tuple(where[one] for one in mentions)}
        name = identity("join", group.key, spelt)
        found.append(Candidate(name, "join", at, digests, fields, spans, seen=len(mentions)))
    return found


def _gathered_places(every: Iterable[Sited], names: Mapping[str, str]) -> dict[str, list[Sited]]:
    """Mentions of places by key; towns that are one in the gazetteer, or one in a theatre (`names`), have one key."""
    by_site: dict[tuple[float, float], str] = {}
    found: dict[str, list[Sited]] = {}
    for one in every:
        key = names.get(one.mention.key, one.mention.key)
        if key not in names and one.at is not None and one.doubt is None:
            key = by_site.setdefault(one.at, key)
        found.setdefault(key, []).append(one)
    return dict(sorted(found.items()))


def _place_id(key: str) -> str:
    return identity("place", key)


def _place(key: str, every: Sequence[Sited], matched: Mapping[str, object]) -> Candidate:
    at, digests, where = _spans_of([one.mention for one in every])
    forms = Counter(one.mention.text for one in every)
    most = max(every, key=lambda one: (one.at is not None, forms[one.mention.text], one.mention.text))
    sited = next((one for one in every if one.at is not None), None)
    fields: dict[str, object] = {"name": most.mention.text, "kind": most.mention.kind, "form": most.form, "at": None}
    fields |= matched
    spans: dict[str, tuple[Span, ...]] = {"name": (where[most.mention],)}
    doubts: tuple[str, ...] = ("where?",) if most.form == "point" and sited is None else ()
    if sited is not None and sited.at is not None and sited.anchor is not None:
        fields["at"] = list(sited.at)
        spans["at"] = ((where[sited.mention][0], *sited.anchor),)
        doubts = (sited.doubt,) if sited.doubt else ()
    spans["mentions"] = tuple(where[one.mention] for one in every)
    return Candidate(_place_id(key), "place", at, digests, fields, spans, doubts=doubts, seen=len(every))


def _event(one: Happened, actor_of: Mapping[Mention, str], place_of: Mapping[Mention, str]) -> Candidate:
    """An event in the words of the record, each part with its place; who else took part stands under `others`."""
    paragraph, word = one.read.paragraph, (0, *one.word)
    fields: dict[str, object] = {"type": one.type, "mode": mode_of(one.lemma)}
    spans: dict[str, tuple[Span, ...]] = {"type": (word,), "mode": (word,)}
    spans |= {part: ((0, every[0].start, every[0].end),) for part, every in _sides(one).items() if every}
    fields |= {part: actor_of[every[0]] if every else None for part, every in _sides(one).items()}
    more = [who for every in _sides(one).values() for who in every[1:]]
    more = [who for who in more if actor_of[who] not in (fields["source"], fields["target"])]
    fields["others"] = list(dict.fromkeys(actor_of[who] for who in more))
    spans["others"] = tuple((0, who.start, who.end) for who in more)
    fields["place"] = place_of[one.place.mention] if one.place else None
    fields["at"] = one.dated.first.isoformat() if one.dated else None
    fields["until"] = one.dated.last.isoformat() if one.dated else None
    fields["size"] = one.size[0] if one.size else None
    if one.place:
        spans["place"] = ((0, one.place.mention.start, one.place.mention.end),)
    if one.dated:
        spans["at"] = spans["until"] = ((0, one.dated.start, one.dated.end),)
    if one.size:
        spans["size"] = ((0, *one.size[1:]),)
    name = identity("event", paragraph.digest, one.type, one.word)
    others = [kind for kind in one.types if kind != one.type]
    doubts = (*one.doubts, *([f"may be {' or '.join(others)}"] if others else []))
    kept = {part: where for part, where in spans.items() if fields[part]}
    return Candidate(name, "event", (paragraph.at,), (paragraph.digest,), fields, kept, doubts=doubts)


def _sides(one: Happened) -> dict[str, tuple[Mention, ...]]:
    return {"source": one.sources, "target": one.targets}


def _claim(one: Cause) -> Candidate:
    paragraph = one.paragraph
    fields: dict[str, object] = {"cue": paragraph.text[slice(*one.cue)].lower(), "way": one.way}
    spans = {"cue": ((0, *one.cue),), "cause": ((0, *one.cause),), "effect": ((0, *one.effect),)}
    name = identity("claim", paragraph.digest, one.cue)
    return Candidate(name, "claim", (paragraph.at,), (paragraph.digest,), fields, spans)


def _spellings(
    groups: Sequence[Group], sites: Mapping[str, Sequence[Sited]]
) -> list[tuple[str, list[tuple[str, str, str, int, int]]]]:
    """The actors and places that have several spellings of one name, with where each spelling stands."""
    found = []
    for group in groups:
        spelt = {name for name, how in group.joined if how in ("spelling", "acronym")}
        if spelt:
            named = [one for one in group.mentions if one.how is None]
            found.append((_actor_id(group), [_spelt(one) for one in named]))
    for key, every in sites.items():
        if len({fold(one.mention.text) for one in every}) > 1 and every[0].at is not None:
            found.append((_place_id(key), [_spelt(one.mention) for one in every]))
    return found


def _spelt(one: Mention) -> tuple[str, str, str, int, int]:
    return one.key, one.locator, one.digest, one.start, one.end


def _zones(sited: Mapping[str, Sequence[Sited]]) -> list[tuple[str, frozenset[str], tuple[str, str, int, int]]]:
    """The zones that are called something, with the small places of their paragraphs."""
    found = []
    for every in sited.values():
        names = frozenset(
            word
            for one in every
            if one.mention.kind not in ("country", "region")
            for word in one.mention.key.split()
            if len(word) > 3
        )
        for one in every:
            words = [
                word
                for word in one.mention.key.split()
                if not word.isdigit() and word not in ("kilometer", "kilometre", "km", "established")
            ]
            if one.form == "zone" and len(words) > 1:
                mention = one.mention
                found.append(
                    (" ".join(words), names - set(words), (mention.locator, mention.digest, mention.start, mention.end))
                )
    return found


def _sentences(
    reads: Iterable[Read], named: Mapping[str, Sequence[Mention]], actor_of: Mapping[Mention, str]
) -> Iterable[tuple[frozenset[str], str, str, str, int]]:
    for read in reads:
        one = read.paragraph
        for start, end in read.sentences:
            actors = frozenset(actor_of[who] for who in named[one.at] if start <= who.start < end)
            if len(actors) > 1:
                yield actors, one.at, one.digest, one.text[start:end], start
