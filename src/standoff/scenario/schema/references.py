"""Whether the parts of a document fit together: known names, once each, dates inside, evidence that points somewhere.

Names inside expressions are looked up where expressions are resolved, not here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import chain

from standoff.errors import Cure, Fault, Faults, Location, suggestion
from standoff.numerals import plural
from standoff.scenario.reading.source import NOT_IN_VARIANTS, Source, Words
from standoff.scenario.resolving.priors import parse_prior
from standoff.scenario.schema.aliases import shared_aliases
from standoff.scenario.schema.cited import faults_of_evidence
from standoff.scenario.schema.claims import read_rival
from standoff.scenario.schema.dates import faults_of_dates
from standoff.scenario.schema.decisions import Decision, Policy
from standoff.scenario.schema.document import Document
from standoff.scenario.schema.levels import words_cut
from standoff.scenario.schema.members import whole_of
from standoff.scenario.schema.names import Declared, Known, declared, twice
from standoff.scenario.schema.orders import EVERYONE
from standoff.scenario.schema.policies import AS_WRITTEN
from standoff.scenario.schema.records import EVENT_FORM
from standoff.scenario.schema.scalars import RESERVED, shown

LANGUAGE_VERSION = 1


def find_faults(document: Document, source: Source) -> list[Fault]:
    """Every fault between the parts of a document.

    All names in the source count as declared, also where their entries have faults of their own and are
    missing from the document.
    """
    names = declared(source.data)
    known = Known(document, source)
    return [
        *_version(document, source),
        *twice(names),
        *_reserved(names),
        *shared_aliases(document),
        *_kinds(document, names),
        *_places(document, names, source),
        *_words(document, names),
        *_deals(document, names, known),
        *_decisions(document, names),
        *_seats(document, names, known),
        *_policies(document, names, known),
        *_levers(document, names, known),
        *_conditional(document, known),
        *_asked(document, names),
        *_foremost(document, known),
        *_claimed(document, known),
        *_recorded(document, names),
        *faults_of_dates(document, source),
        *_priors(document, source, known),
        *faults_of_evidence(document, source.data),
        *_variants(document),
    ]


def _place(word: object) -> Location | None:
    return word.location if isinstance(word, Words) else None


def unknown(word: str, what: str, known: Iterable[str]) -> Fault:
    """SD204 for a name that is not among the known ones."""
    known = list(known)
    hint, expected = suggestion(word, known, what=plural(what))
    hint = hint or _by_initials(word, known)
    return Fault("SD204", _place(word), f"unknown {what} '{word}'", expected, hint, width=len(word))


def _by_initials(word: str, names: Iterable[str]) -> Cure | None:
    """The only name of several words that capitals stand for: `UK` for `united_kingdom`, `USA` for `united_states`."""
    if not (word.isupper() and word.isalpha() and 1 < len(word) <= _LONGEST_INITIALS):
        return None
    initials = {name: "".join(part[:1] for part in name.split("_")) for name in names}
    meant = [name for name, first in initials.items() if len(first) > 1 and word.lower().startswith(first)]
    return Cure(f"did you mean '{meant[0]}'?", meant[0]) if len(meant) == 1 else None


_LONGEST_INITIALS = 5


def _among(words: Iterable[str], what: str, known: Iterable[str]) -> Iterator[Fault]:
    known = known if isinstance(known, dict) else dict.fromkeys(known)
    for word in words:
        if word not in known:
            yield unknown(word, what, known)


def _version(document: Document, source: Source) -> Iterator[Fault]:
    if document.standoff != LANGUAGE_VERSION:
        where = source.locate_value(("standoff",))
        yield Fault("SD214", where, f"version {document.standoff} of the language", "this Standoff reads version 1")


def _reserved(names: Declared) -> Iterator[Fault]:
    for word, what in names.all():
        if word in RESERVED:
            named = f"an {what}" if what[:1] in "aeiou" else f"a {what}"
            found = f"'{word}' already means something in expressions and cannot name {named}"
            yield Fault("SD212", _place(word), found, hint="choose another name", width=len(word))


def _kinds(document: Document, names: Declared) -> Iterator[Fault]:
    members = names.members()
    kinds_and_truth = dict.fromkeys([*names.kinds, "truth"])
    for state in document.state.values():
        yield from _among(state.of, "kind", names.kinds)
        if isinstance(state.is_, str):
            yield from _among([state.is_], "kind", kinds_and_truth)
    for group in document.groups.values():
        yield from _among([group.of], "kind", names.kinds)
        yield from _among(group.members, str(group.of), members.get(group.of, group.members))
    for relation in document.relations.values():
        yield from _among(relation.of, "kind", names.kinds)
        for pair in relation.pairs:
            for kind, member in zip(relation.of, pair, strict=True):
                yield from _among([member], str(kind), members.get(kind, pair))


def _places(document: Document, names: Declared, source: Source) -> Iterator[Fault]:
    members = names.members()
    holders = {**names.actors(), "none": None}
    for actor in document.actors.values():
        yield from _among([actor.patron] if actor.patron is not None else [], "actor", members["actor"])
        if actor.patron is None and actor.control is not None:
            yield Fault("SD202", _place(actor.control), "control without a patron", hint="add patron: NAME")
    for number, route in enumerate(document.routes):
        first, second = route.ends
        yield from _among(route.ends, "place", members["place"])
        if first == second:
            where = _place(second) or source.locate(("routes", number))
            hint = "name another place, or leave the route out"
            yield Fault("SD203", where, f"a route from '{first}' to itself", hint=hint, width=len(second))
    for corridor in document.corridors.values():
        path = [name for names_ in corridor.through or () for name in names_]
        yield from _among([corridor.from_, corridor.to, *path], "place", members["place"])
        yield from _among(corridor.friendly, "actor or group", holders)
        for way in corridor.through or ():
            if len(way) < 2 or (way[0], way[-1]) != (corridor.from_, corridor.to):
                found = f"a path that does not lead from '{corridor.from_}' to '{corridor.to}'"
                yield Fault("SD203", _place(way[0]) if way else None, found)


def _words(document: Document, names: Declared) -> Iterator[Fault]:
    members = names.members()
    actors, places, actors_and_groups = members["actor"], members["place"], names.actors()
    for zone in document.zones.values():
        yield from _among([zone.centre] if zone.centre is not None else [], "place", places)
        yield from _among(zone.places or (), "place", places)
        yield from _among([zone.holder], "actor", actors)
        yield from _among([*zone.excludes, *zone.recognised_by], "actor or group", actors_and_groups)
    for line in document.red_lines.values():
        yield from _among([line.of], "actor", actors)
    for kind in ("patron", "alliance", "rivalry", "restraint"):
        for tie in getattr(document.ties, kind):
            yield from _among([tie.from_, tie.to], "actor", actors)
            if tie.from_ == tie.to:
                yield Fault("SD203", _place(tie.to), f"a tie of '{tie.to}' to itself", width=len(tie.to))
    yield from _among(document.stances, "actor", actors)
    for stance in document.stances.values():
        asked = [name for change in stance.changes for name in (change.from_, change.to)]
        yield from _among([*([stance.begin] if stance.begin is not None else []), *asked], "stance", stance.options)


def _deals(document: Document, names: Declared, known: Known) -> Iterator[Fault]:
    deals, actors = document.deals, dict.fromkeys(names.kinds["actor"])
    for name, deal in deals.items():
        yield from _among(deal.parties, "actor", actors)
        yield from _among(deal.after, "deal", known.of("deals"))
        yield from _among(deal.issues, "parameter", known.of("parameters"))
        before, pending = set[str](), list(deal.after)
        while pending:
            earlier = pending.pop()
            if earlier in deals and earlier not in before:
                before.add(earlier)
                pending += deals[Words(earlier)].after
        if name in before:
            found = f"the deal '{name}' can never be struck: it depends on itself"
            yield Fault("SD203", _place(name), found, hint="remove one deal from after", width=len(name))


def _decisions(document: Document, names: Declared) -> Iterator[Fault]:
    yield from _among(document.goals, "actor", names.kinds["actor"])
    for decision in document.decisions.values():
        yield from _among([decision.of], "actor", {**dict.fromkeys(names.kinds["actor"]), **decision.for_})
        yield from _among(decision.policy.named(), "option", decision.options)


def _seats(document: Document, names: Declared, written: Known) -> Iterator[Fault]:
    actors, actors_and_groups = dict.fromkeys(names.kinds["actor"]), names.actors()
    for order in document.orders.values():
        yield from _among([order.of], "actor", {**actors, **order.for_})
    played: dict[str, str] = {}
    for name, seat in document.seats.items():
        # A seat may be called after a place, but `sees` must know a seat from an actor.
        if name in actors_and_groups:
            found = f"'{name}' is the name of a seat, but already names an actor or a group of actors"
            yield Fault("SD209", _place(name), found, hint="choose another name", width=len(name))
        for word in seat.plays:
            if word not in actors_and_groups:
                yield replace(unknown(word, "actor or group", actors_and_groups), code="SD601")
                continue
            group = document.groups.get(Words(word))
            for actor in dict.fromkeys((word,) if group is None else group.members):
                if played.setdefault(str(actor), str(name)) != name:
                    found = f"the seats '{played[str(actor)]}' and '{name}' both play '{actor}'"
                    yield Fault("SD602", _place(word), found, hint="take it out of one of them", width=len(word))
    named = [str(name) for name, what in names.others if what == "parameter"]
    parameters = dict.fromkeys((*named, *map(str, written.of("parameters"))))
    for sight in document.sees:
        known = {**dict.fromkeys(document.seats), **actors_and_groups, **sight.for_, EVERYONE: None}
        yield from _among(sight.who, "seat, actor or group", known)
        yield from _among(sight.parameters, "parameter", parameters)
        if sight.events is not None:
            parts = (sight.events.source, sight.events.target, sight.events.place)
            yield from _among(chain(*parts), "entity or group", {**names.entities(), **names.groups})


def _policies(document: Document, names: Declared, known: Known) -> Iterator[Fault]:
    for name, policy in document.policies.items():
        if name == AS_WRITTEN:
            found = f"'{name}' is what every actor does without a policy, and cannot name another"
            yield Fault("SD212", _place(name), found, hint="choose another name", width=len(name))
        yield from _among([policy.of], "actor", names.kinds["actor"])
        yield from _among(policy.decisions, "decision", known.of("decisions"))
        yield from _among(policy.deals, "deal", known.of("deals"))
        yield from _among([*policy.parameters, *policy.tunes], "parameter", known.of("parameters"))
        for decision, chooses in policy.decisions.items():
            if decision in document.decisions:
                yield from _chooses(decision, document.decisions[decision], chooses)
        for deal in policy.deals:
            parties = document.deals[deal].parties if deal in document.deals else {}
            if parties and not (policy.of in parties and parties[policy.of].must_agree):
                found = f"the deal '{deal}' does not ask '{policy.of}'"
                expected = ", ".join(str(actor) for actor, party in parties.items() if party.must_agree)
                yield Fault("SD203", _place(deal), found, expected=expected, width=len(deal))
        if policy.stance is not None:
            stance = document.stances.get(policy.of)
            if stance is None and policy.of in known.of("stances"):
                continue
            if stance is None:
                found = f"'{policy.of}' has no stances"
                yield Fault("SD204", _place(policy.stance), found, "an entry under stances", width=len(policy.stance))
            else:
                yield from _among([policy.stance], "stance", stance.options)


def _chooses(name: str, decision: Decision, policy: Policy) -> Iterator[Fault]:
    yield from _among(policy.named(), "option", decision.options)
    without = decision.without_appeal(policy)
    if without is not None:
        found = f"a policy that weighs appeals, and the option '{without}' of '{name}' has none"
        yield Fault("SD202", _place(name), found, expected="give each option an appeal", width=len(name))


def _levers(document: Document, names: Declared, known: Known) -> Iterator[Fault]:
    for lever in document.levers.values():
        yield from _among([lever.of], "actor", names.kinds["actor"])
        yield from _among([lever.parameter] if lever.parameter is not None else [], "parameter", known.of("parameters"))
        # A policy with a fault of its own may be anybody's.
        own = dict.fromkeys(name for name in known.of("policies") if name not in document.policies)
        own |= {name: None for name, policy in document.policies.items() if policy.of == lever.of}
        yield from _among(lever.policies or (), f"policy of '{lever.of}'", {Words(AS_WRITTEN): None, **own})


def _conditional(document: Document, known: Known) -> Iterator[Fault]:
    """What is wrong with the questions in whose runs another question is asked."""
    for name, question in document.questions.items():
        other = question.given.question if question.given is not None else None
        if other is None:
            continue
        asked = document.questions.get(other)
        found: str | None = None
        hint: str | None = None
        if asked is None:
            yield from _among([other], "question", known.of("questions"))
        elif other == name:
            found = f"the question '{name}' is its own condition"
        elif asked.given is not None:
            found = f"'{other}' has a condition of its own"
            hint = "write one condition that says both, under given: {when: …, at: …}"
        elif asked.number is not None or asked.type == "number":
            found, hint = f"'{other}' asks for a number", "a condition is a question of yes or no, or of a date"
        if found is not None:
            yield Fault("SD360", _place(other), found, hint=hint, width=len(other))


def _claimed(document: Document, known: Known) -> Iterator[Fault]:
    for claim in document.claims.values():
        aimed = document.questions.get(claim.question) if claim.question is not None else None
        if claim.question is not None and aimed is not None and aimed.given is not None:
            found = f"the claim is about '{claim.question}', which is asked only in some runs"
            cure = "a cause can change which runs these are: ask it of all runs, or compare two variants"
            yield Fault("SD360", _place(claim.question), found, hint=cure, width=len(claim.question))
        yield from _among(claim.against, "claim", known.of("claims"))
        yield from _among([claim.question] if claim.question is not None else [], "question", known.questions())
        yield from _among([claim.follow] if claim.follow is not None else [], "policy", known.of("policies"))
        for rival in map(read_rival, claim.rivals):
            if rival.variant is not None and rival.variant not in known.of("variants"):
                hint, expected = suggestion(rival.variant, known.of("variants"), what="variants")
                found = f"the scenario has no variant '{rival.variant}'"
                yield Fault("SD215", _place(rival.variant), found, expected, hint, width=len(rival.variant))
            yield from _among(rival.settings, "parameter", known.of("parameters"))
    for mechanism in document.mechanisms.values():
        yield from _among(mechanism.off, "parameter", known.of("parameters"))


def _recorded(document: Document, names: Declared) -> Iterator[Fault]:
    members = names.members()
    acting = {name: None for kind, those in members.items() if kind != "place" for name in those}
    holders = {**acting, "none": None}
    for observed in document.record.values():
        header = observed.header
        # Several words are the other name of something; if not, the event is no event, such as `by blue in ford`.
        if any(len(part.split()) > 1 for part in (header.source, header.target, header.place) if part is not None):
            where, found = _place(observed.event), f"{shown(observed.event)} is not an observed event"
            yield Fault("SD210", where, found, expected=EVENT_FORM, width=len(observed.event))
            continue
        yield from _among([one for one in (header.source, header.target) if one is not None], "actor", acting)
        yield from _among([header.place] if header.place is not None else [], "place", members["place"])
        yield from _among([observed.holder] if observed.holder is not None else [], "actor", holders)


def _asked(document: Document, names: Declared) -> Iterator[Fault]:
    sets = (name for name, what in names.others if what in ("define", "zone"))
    known = dict.fromkeys(chain(names.entities(), names.groups, sets))
    counted = [one.happens for one in document.questions.values()] + [one.events for one in document.claims.values()]
    counted += [one.given.happens for one in document.questions.values() if one.given is not None]
    for happens in counted:
        if happens is not None:
            for part in (happens.source, happens.target, happens.place):
                yield from _among(part, "entity, group or define", known)


MOST_KEY_QUESTIONS = 6


def _foremost(document: Document, known: Known) -> Iterator[Fault]:
    """What is wrong with the questions that come first."""
    keys, headline = document.key_questions, document.headline
    yield from _among([*([headline] if headline is not None else []), *keys], "question", known.questions())
    for number, name in enumerate(keys):
        if name in keys[:number]:
            yield Fault("SD203", _place(name), f"the key question '{name}' is given twice", width=len(name))
    if len(keys) > MOST_KEY_QUESTIONS:
        found = f"{len(keys)} key questions"
        yield Fault("SD203", _place(keys[MOST_KEY_QUESTIONS]), found, expected=f"at most {MOST_KEY_QUESTIONS}")


def _priors(document: Document, source: Source, known: Known) -> Iterator[Fault]:
    written = source.data.get("parameters")
    for name, parameter in document.parameters.items():
        yield from _among(parameter.correlates, "parameter", known.of("parameters"))
        try:
            parse_prior(parameter.prior, at_least=parameter.at_least, at_most=parameter.at_most)
        except Faults as error:
            key = name if isinstance(written, dict) and name in written else whole_of(name)
            yield from (fault.at(source.locate_value(("parameters", key, "prior"))) for fault in error.faults)


def _variants(document: Document) -> Iterator[Fault]:
    known = [key for key in Document.written_keys() if key not in NOT_IN_VARIANTS]
    for variant in document.variants.values():
        for key in variant:
            if key not in known:
                hint, expected = suggestion(key, known, what="keys")
                keys = list(variant)
                hint = words_cut(key, str(keys[keys.index(key) - 1]), variant) or hint
                found = f"a variant cannot have the key '{key}'"
                yield Fault("SD201", _place(key), found, expected, hint, width=len(key))
