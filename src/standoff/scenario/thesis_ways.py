"""The way from what a claim changes to what it measures, rule by rule, and whether a thesis can fail on it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from standoff.errors import Fault
from standoff.numerals import many
from standoff.scenario.linting.manners import Manner, manner_of
from standoff.scenario.linting.possible_values import PossibleValues
from standoff.scenario.origin import Origin
from standoff.scenario.reading.source import Words
from standoff.scenario.resolved import Resolved
from standoff.scenario.rule_graph import Quantities, Quantity, RuleGraph
from standoff.scenario.schema import Document
from standoff.scenario.walks import assignments
from standoff.scenario.words.claims import ClaimPlan

LEAST_RULES = 3
"""From how many rules on a thesis needs nothing else: on its way there is enough that the model decides."""

Way = tuple[str, ...]


class ClaimWays:
    """The ways of some claims, in the form in which all claims are tested.

    `plain` are the rules of the scenario without its claims. `ways` are the rules on a shortest way from the cause of
    each claim to its effect, in order; None where there is no way.
    """

    def __init__(
        self, document: Document, plain: Collection[str], tested: Resolved, plans: Sequence[ClaimPlan]
    ) -> None:
        self.document, self.plans = document, plans
        self.graph = RuleGraph(tested)
        self._ever = PossibleValues(tested)
        self._asked = {question.name: question for question in tested.questions}
        self._made = {name for name in self.graph.rules if name not in plain and not self._is_of_a_question(name)}
        self.ways: dict[str, Way | None] = {plan.claim: self._way(plan) for plan in plans}

    def faults(self) -> Iterator[Fault]:
        """The theses that cannot fail, as errors, and those that run through few rules and name no rival, as warnings.

        With fewer rules than three, or no way at all, between cause and effect, a thesis says what was just written,
        unless something else has a hand in it (`hindering`): then the model may come out otherwise.
        """
        plans = {plan.claim: plan for plan in self.plans}
        for name, claim in self.document.claims.items():
            if claim.kind != "thesis" or str(name) not in plans:
                continue
            way, severity = self.ways[str(name)], "error"
            if way is None:
                found = f"nothing that the thesis '{name}' changes reaches what it measures"
                hint = "connect them by rules, or measure something else"
            elif len(way) >= LEAST_RULES:
                continue
            else:
                through = f": {', '.join(way)}" if way else ""
                found = f"the thesis '{name}' runs through {many(len(way), 'rule')}{through}"
                hindering = self.hindering(plans[str(name)])
                if not hindering:
                    found += ", and nothing else has a hand in it: it cannot fail"
                    hint = (
                        "write kind: wiring, measure an outcome that other rules bear on too or that lies three rules "
                        "away, or, where somebody's choice is the cause, name it under policies and write "
                        "follow: POLICY"
                    )
                elif claim.rivals:
                    continue
                else:
                    severity = "warning"
                    found += ", and no rival of it is tried"
                    hint = (
                        "name under rivals: where it must fail, a variant or 'parameter = number'; what can come "
                        f"between is {', '.join(sorted(hindering)[:3])}"
                    )
            location = name.location if isinstance(name, Words) else None
            yield Fault("SD218", location, found, None, hint, "error" if severity == "error" else "warning", len(name))

    def hindering(self, plan: ClaimPlan) -> frozenset[str]:
        """Rules beside the way of a claim that can keep its effect from coming, or bring it about without its cause.

        Such a rule writes what a rule on the way reads, but not what the claim itself changes in it, or what the answer
        reads. One that only moves it as the way does takes nothing from the effect, but where a claim takes away what
        others may bring about all the same: then an answer that is no number can stay as it is. Empty where cause and
        answer are the same thing.
        """
        way = self.ways[plan.claim]
        if not way:
            return frozenset()
        graph, causes = self.graph, self._causes(plan)
        on_way = {name for name in graph.rules if graph.step(name) in way}
        started = {name for name in graph.rules if graph.is_bookkeeping(name) and graph.reads(name) & causes}
        # What the cause does to a rule itself, whether it fires and how often, is the claim and no test of it.
        moving = {name for name in on_way if graph.reads(name) & causes or name == self._forced(plan)}
        read = {part for name in on_way - moving for part in graph.reads(name)}
        question = self._asked[plan.effect]
        ends = {*graph.answer(question), *graph.asked(question)}
        # A state that flows is written by whoever sets how fast.
        still = [one for one in graph.influences if one.rule is None]
        read |= {part for one in still if any(one.writes.meets(those) for those in read | ends) for part in one.reads}
        claim = self.document.claims[Words(plan.claim)]
        replaced = question.type != "number" and bool(claim.remove or claim.lower or claim.follow)
        moved, given = self._manners(on_way), self._manners(started)
        found = set[str]()
        for one in graph.influences:
            beside = one.rule is not None and graph.step(one.rule) is not None and one.rule not in on_way
            if beside and one.rule is not None and any(one.writes.meets(part) for part in read | ends):
                manner = self._manners({one.rule}).get(one.writes.name, {"rises"})
                known = moved.get(one.writes.name, {"rises"} if one.writes.kind == "firings" else set())
                known |= {"rises"} if one.writes.name in given else set()
                alike = manner == known and len(known) == 1 and known <= {"rises", "falls"}
                if replaced or not alike:
                    found.add(graph.step(one.rule) or one.rule)
        return frozenset(found)

    def _manners(self, rules: Collection[str]) -> dict[str, set[Manner]]:
        """How some rules write each state: whether it rises by them, falls, or what else becomes of it."""
        found: dict[str, set[Manner]] = {}
        for name in rules:
            rule = self.graph.rules[name]
            for one in assignments(rule.then):
                manner = manner_of(one, self.graph.resolved.states[one.state], self._ever, self._ever.ranges(rule))
                found.setdefault(one.state, set()).add(manner)
        return found

    def _way(self, plan: ClaimPlan) -> Way | None:
        others = {name for name in self._made if not self.graph.reads(name) & self._causes(plan)}
        way = self.graph.way(self._causes(plan), self.graph.answer(self._asked[plan.effect]), leaving_out=others)
        forced = self._forced(plan)
        # What is forced happens by a rule of the claim's own.
        return way if way is None or forced is None else (forced, *way)

    def _forced(self, plan: ClaimPlan) -> str | None:
        """The rule that a claim forces; an inject that is forced fires by itself."""
        forced = self.document.claims[Words(plan.claim)].force
        return None if forced is None or forced in self.document.injects else str(forced)

    @staticmethod
    def _causes(plan: ClaimPlan) -> Quantities:
        names = (*plan.factors, *plan.values, *(() if plan.switch is None else (plan.switch,)))
        return frozenset(Quantity("parameter", name) for name in names)

    def _is_of_a_question(self, rule: str) -> bool:
        origin: Origin | None = self.graph.rules[rule].origin
        return origin is not None and origin.word in ("question", "goal")
