"""Deals: what each party gains becomes defines that can be watched, the striking and the ending of the deal rules."""

from __future__ import annotations

from standoff.scenario.expression.written import Form, applied, assigned, called, chosen, form, phrase, written
from standoff.scenario.origin import Origin
from standoff.scenario.reading.source import Words
from standoff.scenario.schema import Deal, Define, Ending, Rule, State, Watch
from standoff.scenario.words.expansion import Expansion

TRUTH = Words("truth")


def expand_deals(expansion: Expansion) -> None:
    """Writes out every deal of the document."""
    for name, deal in expansion.document.deals.items():
        about = deal.about or phrase(f"the deal {name} is in force", name)
        state = State(is_=TRUTH, about=about, evidence=deal.evidence)
        expansion.add_state(f"in_force_{name}", state, Origin("deal", str(name), "in force"), near=name)
        _gains(expansion, name, deal)
        _struck(expansion, name, deal)
        if deal.ends is not None:
            _ends(expansion, name, deal, deal.ends)
        _watches(expansion, name, deal)


def _gains(expansion: Expansion, name: str, deal: Deal) -> None:
    for actor, party in deal.parties.items():
        # Each side is a define of its own, so that a fault in it points at the author's words.
        for what, words in (("worth", party.deal), ("outside", party.no_deal)):
            expansion.add_define(f"{what}_{name}_{actor}", Define(is_=words), near=actor)
        difference = written(applied("-", f"worth_{name}_{actor}", f"outside_{name}_{actor}"), actor)
        expansion.add_define(f"surplus_{name}_{actor}", Define(is_=difference), near=actor)
    least = called("min", *(f"surplus_{name}_{actor}" for actor in _must_agree(deal)))
    about = phrase(f"what the party that gains least by {name} gains", name)
    expansion.add_define(f"surplus_{name}", Define(is_=written(least, name), about=about), near=name)


def _must_agree(deal: Deal) -> list[str]:
    return [actor for actor, party in deal.parties.items() if party.must_agree]


def _struck(expansion: Expansion, name: str, deal: Deal) -> None:
    needed = [f"in_force_{other}" for other in deal.after]
    gains, pace = _agreed(expansion, name, deal)
    asked = [deal.when] if deal.when is not None else []
    guard = applied("and", applied("not", f"in_force_{name}"), *needed, *gains, *asked)
    first, second = _must_agree(deal)[:2]
    rule = Rule(
        when=written(guard, name),
        rate=written(applied("*", deal.rate, pace), name),
        then=(assigned(f"in_force_{name}", "=", True, name), *deal.terms),
        event=deal.event or phrase(f"AGREE (deal) by {first} on {second}", name),
        mechanism=deal.mechanism,
        about=deal.about,
        evidence=deal.evidence,
    )
    expansion.add_rule(f"{name}_struck", rule, Origin("deal", str(name), "struck"), near=name)


def _agreed(expansion: Expansion, name: str, deal: Deal) -> tuple[list[Form], Form]:
    """Whether all agree who must; and how much those gain by it who agree because they gain."""
    gains: list[Form] = []
    others: dict[str, Form] = {}
    for actor in _must_agree(deal):
        accepts = form(applied(">", f"surplus_{name}_{actor}", 0))
        own = [each for each in expansion.switched if each.policy.of == actor and name in each.policy.deals]
        for each in own:
            accepts = chosen(each.policy.deals[Words(name)].accept, each.on, accepts)
        if own:
            gains.append(accepts)
            others[actor] = applied("or", *(each.on for each in own))
    if not others:
        return [applied(">", f"surplus_{name}", 0)], form(f"surplus_{name}")
    rest = [actor for actor in _must_agree(deal) if actor not in others]
    gains += [applied(">", f"surplus_{name}_{actor}", 0) for actor in rest]
    return gains, _pace(name, _must_agree(deal), others)


def _pace(name: str, parties: list[str], others: dict[str, Form]) -> Form:
    """The least gain of the parties, but for those of which a condition says that they agree for reasons of their own.

    1 where all of them do.
    """
    if not others:
        gains = [f"surplus_{name}_{actor}" for actor in parties]
        return called("min", *gains) if len(gains) > 1 else form(gains[0] if gains else 1)
    actor, *later = others
    left = {one: others[one] for one in later}
    without = [party for party in parties if party != actor]
    return chosen(_pace(name, without, left), others[actor], _pace(name, parties, left))


def _ends(expansion: Expansion, name: str, deal: Deal, ends: Ending) -> None:
    asked = [ends.when] if ends.when is not None else []
    rule = Rule(
        when=written(applied("and", f"in_force_{name}", *asked), name),
        rate=ends.rate,
        then=(assigned(f"in_force_{name}", "=", False, name), *ends.then),
        event=ends.event,
        mechanism=deal.mechanism,
        evidence=deal.evidence,
    )
    expansion.add_rule(f"{name}_ends", rule, Origin("deal", str(name), "ends"), near=name)


def _series(deal: str, actor: str | None = None) -> str:
    name = f"deal-{deal}" if actor is None else f"surplus-{deal}-{actor}"
    return name.replace("_", "-")


def _watches(expansion: Expansion, name: str, deal: Deal) -> None:
    in_force = Watch(of=phrase(f"in_force_{name}", name), label=phrase(f"In force: {name}", name))
    expansion.add_watch(_series(name), in_force, Origin("deal", str(name), "in force"), near=name)
    for actor in deal.parties:
        gain = Watch(of=phrase(f"surplus_{name}_{actor}", actor), label=phrase(f"Gain of {actor} by {name}", actor))
        expansion.add_watch(_series(name, actor), gain, Origin("deal", str(name), "gain", str(actor)), near=actor)
