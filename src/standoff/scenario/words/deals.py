"""Deals: what each party gains becomes defines that can be watched, the striking and the ending of the deal rules."""

from __future__ import annotations

from standoff.scenario.expression.written import Form, applied, assigned, called, chosen, form, indexed, phrase, written
from standoff.scenario.origin import Origin, Role
from standoff.scenario.reading.source import Words
from standoff.scenario.schema import Deal, Define, Ending, Offers, Rule, State, Watch
from standoff.scenario.words.expansion import Expansion, Switched

TRUTH = Words("truth")


def expand_deals(expansion: Expansion) -> None:
    """Writes out every deal of the document."""
    for name, deal in expansion.document.deals.items():
        about = deal.about or phrase(f"the deal {name} is in force", name)
        state = State(is_=TRUTH, about=about, evidence=deal.evidence)
        expansion.add_state(f"in_force_{name}", state, Origin("deal", str(name), "in force"), near=name)
        _gains(expansion, name, deal)
        if deal.offers is not None:
            _Offering(expansion, name, deal, deal.offers).write()
        elif deal.rate is not None:
            _struck(expansion, name, deal, deal.rate)
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


def can_be_struck(name: str, deal: Deal) -> list[Form]:
    """What must hold for a deal to be struck, whoever gains by it."""
    needed = [form(f"in_force_{other}") for other in deal.after]
    asked = [form(deal.when)] if deal.when is not None else []
    return [applied("not", f"in_force_{name}"), *needed, *asked]


def _event(name: str, deal: Deal) -> Words:
    first, second = _must_agree(deal)[:2]
    return deal.event or phrase(f"AGREE (deal) by {first} on {second}", name)


def _struck(expansion: Expansion, name: str, deal: Deal, rate: Words) -> None:
    gains, pace = _agreed(expansion, name, deal)
    possible = can_be_struck(name, deal)
    conditions = 1 + len(deal.after)
    guards = [*possible[:conditions], *gains, *possible[conditions:]]
    rule = Rule(
        when=written(applied("and", *guards), name),
        rate=written(applied("*", rate, pace), name),
        then=(assigned(f"in_force_{name}", "=", True, name), *deal.terms),
        event=_event(name, deal),
        mechanism=deal.mechanism,
        title=deal.title,
        about=deal.about,
        evidence=deal.evidence,
    )
    expansion.add_rule(f"{name}_struck", rule, Origin("deal", str(name), "struck"), near=name)


class _Offering:
    """A deal that is offered and accepted party by party, while it is written out."""

    def __init__(self, expansion: Expansion, name: str, deal: Deal, offers: Offers) -> None:
        self.expansion, self.name, self.deal, self.offers = expansion, name, deal, offers
        self.parties = _must_agree(deal)

    def write(self) -> None:
        """Who has offered it, what each party can do and does by itself, and the striking once all have offered."""
        name, deal = self.name, self.deal
        about = phrase(f"who offers {name}, or has accepted it", name)
        state = State(of=(Words("actor"),), is_=Words("truth"), about=about)
        self.expansion.add_state(f"offers_{name}", state, self._origin("offered"), near=name)
        for actor in self.parties:
            self._by(actor)
        offered = [self._offered(actor) for actor in self.parties]
        over = [assigned(self._offered(actor), "=", False, name) for actor in self.parties]
        rule = Rule(
            # The last of the offers could only be made while the deal was possible.
            when=written(applied("and", *offered), name),
            then=(assigned(f"in_force_{name}", "=", True, name), *over, *deal.terms),
            event=_event(name, deal),
            mechanism=deal.mechanism,
            title=deal.title,
            about=deal.about,
            evidence=deal.evidence,
        )
        self.expansion.add_rule(f"{name}_agreed", rule, self._origin("agreed"), near=name)

    def _by(self, actor: str) -> None:
        """What one party can be told to do, and what it does by itself while it gains."""
        name, mine, offers = self.name, self._offered(actor), self.offers
        others = [self._offered(other) for other in self.parties if other != actor]
        another = applied("or", *others)
        gains, free = _accepts(self.expansion, name, actor), applied("not", mine)
        possible = [*can_be_struck(name, self.deal), free]
        self._rule("offer", actor, possible, True)
        self._rule("withdraw", actor, [mine], False)
        self._rule("opens", actor, [*possible, applied("not", another), gains], True, offers.opens)
        self._rule("replies", actor, [*possible, another, gains], True, offers.reply)
        self._rule("withdraws", actor, [mine, applied("not", gains)], False, offers.reply)

    def _rule(self, role: Role, actor: str, guards: list[Form], offered: bool, rate: Words | None = None) -> None:
        rule = Rule(
            when=written(applied("and", *guards), self.name),
            called=rate is None,
            rate=rate,
            then=(assigned(self._offered(actor), "=", offered, self.name),),
            decides=phrase(actor, actor),
            mechanism=self.deal.mechanism,
            evidence=self.deal.evidence,
        )
        made = f"{self.name}_{role}_{actor}"
        self.expansion.add_rule(made, rule, self._origin(role, actor), near=self.name)

    def _offered(self, actor: str) -> Form:
        return indexed(f"offers_{self.name}", actor)

    def _origin(self, role: Role, of: str = "") -> Origin:
        return Origin("deal", str(self.name), role, of)


def _own(expansion: Expansion, name: str, actor: str) -> list[Switched]:
    """The policies of an actor that say when it agrees to a deal."""
    return [each for each in expansion.switched if each.policy.of == actor and name in each.policy.deals]


def _accepts(expansion: Expansion, name: str, actor: str) -> Form:
    """Whether an actor agrees to a deal: where it gains, or by the policy that it follows."""
    accepts = form(applied(">", f"surplus_{name}_{actor}", 0))
    for each in _own(expansion, name, actor):
        accepts = chosen(each.policy.deals[Words(name)].accept, each.on, accepts)
    return accepts


def _agreed(expansion: Expansion, name: str, deal: Deal) -> tuple[list[Form], Form]:
    """Whether all agree who must; and how much those gain by it who agree because they gain."""
    gains: list[Form] = []
    others: dict[str, Form] = {}
    for actor in _must_agree(deal):
        own = _own(expansion, name, actor)
        if own:
            gains.append(_accepts(expansion, name, actor))
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
        after=ends.after,
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
