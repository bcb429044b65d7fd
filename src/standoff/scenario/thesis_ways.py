"""The way from what a claim changes to what it measures, rule by rule, and whether a thesis has far enough to go."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from standoff.errors import Fault
from standoff.numerals import many
from standoff.scenario.origin import Origin
from standoff.scenario.reading.source import Words
from standoff.scenario.resolved import Resolved
from standoff.scenario.rule_graph import Quantity, RuleGraph
from standoff.scenario.schema import Document
from standoff.scenario.words.claims import ClaimPlan

LEAST_RULES = 3
"""How many rules a thesis runs through at the least: with fewer, it can hardly fail."""

Way = tuple[str, ...]


def ways_of_claims(
    document: Document, plain: Collection[str], tested: Resolved, plans: Sequence[ClaimPlan]
) -> dict[str, Way | None]:
    """The rules on a shortest way from the cause of each claim to its effect, in order; None where there is no way.

    `plain` are the rules of the scenario without its claims, `tested` is the form in which all claims are tested.
    """
    graph = RuleGraph(tested)
    asked = {question.name: question for question in tested.questions}
    made = {name for name in graph.rules if name not in plain and not _is_of_a_question(graph, name)}
    ways: dict[str, Way | None] = {}
    for plan in plans:
        causes = [Quantity("parameter", name) for name in (*plan.factors, *plan.values)]
        causes += [Quantity("parameter", plan.switch)] if plan.switch is not None else []
        others = {name for name in made if not graph.reads(name) & set(causes)}
        way = graph.way(causes, graph.answer(asked[plan.effect]), leaving_out=others)
        forced = document.claims[Words(plan.claim)].force
        if way is not None and forced is not None and forced not in document.injects:
            way = (str(forced), *way)  # What is forced happens by a rule of the claim's own.
        ways[plan.claim] = way
    return ways


def _is_of_a_question(graph: RuleGraph, rule: str) -> bool:
    origin: Origin | None = graph.rules[rule].origin
    return origin is not None and origin.word in ("question", "goal")


def too_short(document: Document, ways: Mapping[str, Way | None]) -> Iterator[Fault]:
    """The faults of theses with fewer rules than three, or no way at all, between cause and effect."""
    for name, claim in document.claims.items():
        if claim.kind != "thesis" or str(name) not in ways:
            continue
        way = ways[str(name)]
        if way is None:
            found = f"nothing that the thesis '{name}' changes reaches what it measures"
            hint = "connect them by rules, or measure something else"
        elif len(way) < LEAST_RULES:
            through = f": {', '.join(way)}" if way else ""
            found = f"the thesis '{name}' runs through {many(len(way), 'rule')}{through}; it can hardly fail"
            hint = (
                "write kind: wiring, measure an outcome three rules or more away, or, where somebody's choice is the "
                "cause, name it under policies and write follow: POLICY"
            )
        else:
            continue
        location = name.location if isinstance(name, Words) else None
        yield Fault("SD218", location, found, hint=hint, width=len(name))
