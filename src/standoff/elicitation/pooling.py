"""What experts say together: where they differ, pooled by equal weights or by performance, and as priors."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from itertools import combinations, pairwise
from typing import Any, Literal

from standoff.display import Cell, Display, Displayed, Note, Row, Table, columns
from standoff.elicitation.answers import Answers
from standoff.elicitation.performance import FEW, Performance, Score, Seed, performance
from standoff.elicitation.plan import Asked, Plan, percent
from standoff.elicitation.steps import Steps, intrinsic_range, linear_pool, logarithmic_pool
from standoff.errors import UsageError
from standoff.numerals import figure, many
from standoff.scenario import Amendment, Document, Evidence, PlainWords

Pool = Literal["linear", "log"]
Weighting = Literal["equal", "performance"]
POOL = "pool"
BAR = 30
"""Signs of a bar in the terminal."""


@dataclass(frozen=True, slots=True)
class Pooled:
    """A question as it was answered: each expert's quantiles, their weights, and the quantiles of all together.

    `within` is the intrinsic range, as values. `apart` are pairs of experts whose outermost quantiles do not meet.
    """

    question: Asked
    experts: Mapping[str, tuple[float, ...]]
    weights: Mapping[str, float]
    values: tuple[float, ...]
    within: tuple[float, float]
    apart: tuple[tuple[str, str], ...]


@dataclass(frozen=True, repr=False)
class Elicited(Displayed):
    """The result of an elicitation; parameters only, seed questions are what the weights rest on."""

    plan: Plan
    pool: Pool
    weighting: Weighting
    pooled: tuple[Pooled, ...]
    performance: Performance | None
    waiting: tuple[str, ...]

    def display(self) -> Display:
        """A table for the experts where they were scored, and one for each question with everybody's range."""
        differ = sum(bool(one.apart) for one in self.pooled)
        experts = len({expert for one in self.pooled for expert in one.experts})
        sentence = f"{many(experts, 'expert')} on {many(len(self.pooled), 'parameter')}: " + (
            f"on {differ} of them some ranges do not meet." if differ else "all ranges meet."
        )
        notes = [Note(f"Nothing has come from {', '.join(self.waiting)}.", "poor")] if self.waiting else []
        parts: list[Table | Note] = [*notes, *self._scores()]
        parts += [_table(one, self.plan) for one in sorted(self.pooled, key=lambda one: -len(one.apart))]
        return Display(sentence, f"{self.how}; whose letter is whose, the plan alone says", tuple(parts))

    @property
    def how(self) -> str:
        """How the answers were put together, in words."""
        pool = "linear pool" if self.pool == "linear" else "logarithmic pool"
        weights = "equal weights" if self.performance is None else "weights by performance on seed questions"
        return f"{pool}, {weights}"

    def _scores(self) -> list[Table | Note]:
        if self.performance is None:
            return []
        numbers = ("calibration", "information", "weight")
        heads = columns("expert", "hits", *numbers, number=numbers)
        weights = self.performance.weights
        rows = [Row((name, *_scored(one), figure(weights[name]))) for name, one in self.performance.scores.items()]
        rows.append(Row((Cell(POOL, tone="strong"), *_scored(self.performance.pooled), "")))
        seeds = many(self.performance.seeds, "seed question")
        few = f"{seeds}: fewer than {FEW} say little of anybody's calibration." if self.performance.seeds < FEW else ""
        title = f"Performance on {seeds}; cut-off {figure(self.performance.cut_off)}"
        return [Table(heads, tuple(rows), title), *([Note(few, "poor")] if few else [])]

    def as_data(self) -> dict[str, Any]:
        """Everything as plain data; experts by their letters."""
        scores = None if self.performance is None else asdict(self.performance)
        questions = [
            {
                "parameter": one.question.of, "ask": one.question.ask, "unit": one.question.unit,
                "experts": {name: list(values) for name, values in one.experts.items()},
                "weights": dict(one.weights), "pooled": list(one.values), "prior": self.prior_of(one),
                "apart": [list(pair) for pair in one.apart],
            }
            for one in self.pooled
        ]  # fmt: skip
        return {
            "scenario": self.plan.scenario, "pool": self.pool, "weights": self.weighting,
            "quantiles": list(self.plan.quantiles), "waiting": list(self.waiting), "performance": scores,
            "parameters": questions,
        }  # fmt: skip

    def to_json(self) -> str:
        """The same as one JSON document."""
        return json.dumps(self.as_data(), ensure_ascii=False, indent=1)

    def prior_of(self, one: Pooled) -> str:
        """The prior that stands for the pooled answers, in the language's own words."""
        name = "logquantiles" if one.question.log else "quantiles"
        values = zip(self.plan.quantiles, _told(one.values), strict=True)
        return f"{name}({', '.join(f'{percent(share)}: {value}' for share, value in values)})"

    def evidence_of(self, one: Pooled) -> dict[str, str]:
        """The evidence of the prior: who counted, by letters, and how."""
        letters = [name for name, weight in one.weights.items() if weight > 0.0]
        experts = f"{many(len(letters), 'expert')} ({', '.join(letters)})"
        return {"from": "elicited", "says": f"{experts}, {self.how}"}

    def changes(self, document: Document) -> list[Amendment]:
        """The changes of a scenario that make these its priors; raises UsageError for a parameter that it lacks."""
        found = []
        for one in self.pooled:
            parameter = document.parameters.get(one.question.of)
            if parameter is None:
                raise UsageError(f"the scenario has no parameter '{one.question.of}' any more")
            path = ("parameters", one.question.of)
            others = [
                _as_written(piece) for piece in parameter.evidence if piece.from_ not in ("assumption", "elicited")
            ]
            own: Any = self.evidence_of(one)
            found.append(Amendment("set", (*path, "prior"), PlainWords(self.prior_of(one))))
            found.append(Amendment("set", (*path, "evidence"), [own, *others] if others else own))
        return found

    def lines(self) -> str:
        """The parameters as an author would write them, for those who paste."""
        parts = ["parameters:"]
        for one in self.pooled:
            evidence = self.evidence_of(one)
            parts += [
                f"  {one.question.of}:", f'    prior: "{self.prior_of(one)}"',
                *([f"    unit: {one.question.unit}"] if one.question.unit else []),
                f'    evidence: {{from: elicited, says: "{evidence["says"]}"}}',
            ]  # fmt: skip
        return "\n".join(parts)


def pooled(
    plan: Plan, answers: Answers, *, pool: Pool = "linear", weighting: Weighting = "equal", cut_off: float | None = None
) -> Elicited:
    """What the answers come to; raises UsageError where there are none, or not enough for weights by performance."""
    if not answers.given:
        raise UsageError("no answers have come back; put the files of the experts into the folder")
    scored = None
    if weighting == "performance":
        scored = performance(_seeds(plan, answers), plan.quantiles, cut_off=cut_off)
    elif cut_off is not None:
        raise UsageError("a cut-off needs weights by performance: --weights performance")
    found = []
    for question in plan.questions:
        given = {name: one[question.id].values for name, one in answers.given.items() if question.id in one}
        if question.answer is not None or not given:
            continue
        weights = {name: 1.0 if scored is None else scored.weights[name] for name in given}
        total = sum(weights.values())
        if total <= 0.0:
            raise UsageError(f"'{question.of}' is answered only by experts who have no weight; take equal weights")
        weights = {name: weight / total for name, weight in weights.items()}
        found.append(_one(question, given, weights, plan, pool))
    if not found:
        raise UsageError("no question about a parameter was answered")
    return Elicited(plan, pool, weighting, tuple(found), scored, answers.waiting)


def _one(
    question: Asked, given: Mapping[str, tuple[float, ...]], weights: Mapping[str, float], plan: Plan, pool: Pool
) -> Pooled:
    scale = question.scale
    within = intrinsic_range([value for one in given.values() for value in one], scale, question.low, question.high)
    beliefs = [Steps.of(values, plan.quantiles, scale, within) for values in given.values()]
    made = (linear_pool if pool == "linear" else logarithmic_pool)(beliefs, [weights[name] for name in given])
    apart = tuple((one, two) for one, two in combinations(given, 2) if _do_not_meet(given[one], given[two]))
    values = tuple(scale.down(made.quantile(share)) for share in plan.quantiles)
    return Pooled(question, given, weights, values, (scale.down(within[0]), scale.down(within[1])), apart)


def _do_not_meet(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    return one[-1] < other[0] or other[-1] < one[0]


def _seeds(plan: Plan, answers: Answers) -> list[Seed]:
    if not plan.seeds:
        raise UsageError("weights by performance need seed questions: standoff elicit --to DIR --seeds FILE")
    found = []
    for seed in plan.seeds:
        silent = [expert for expert, given in answers.given.items() if seed.id not in given]
        if silent:
            who = f"expert {silent[0]} has not answered the seed question '{seed.of}'"
            raise UsageError(f"{who}: weights by performance need all answers; ask, or take equal weights")
        answer = 0.0 if seed.answer is None else seed.answer
        values = [value for given in answers.given.values() for value in given[seed.id].values]
        within = intrinsic_range([*values, answer], seed.scale, seed.low, seed.high)
        beliefs = {
            expert: Steps.of(given[seed.id].values, plan.quantiles, seed.scale, within)
            for expert, given in answers.given.items()
        }
        found.append(Seed(seed.scale, answer, beliefs))
    return found


def _as_written(piece: Evidence) -> Any:
    """A piece of evidence as its author writes it: the locator alone where it says no more."""
    written: Any = piece.model_dump(by_alias=True, exclude_defaults=True)
    if not isinstance(written, dict):
        return str(written)
    return {key: one if isinstance(one, str) else PlainWords(str(one).lower()) for key, one in written.items()}


def _told(values: tuple[float, ...]) -> list[str]:
    """Values to four digits, or to as many as keep them apart."""
    for digits in range(4, 18):
        texts = [f"{value:.{digits}g}" for value in values]
        if all(float(b) > float(a) for a, b in pairwise(texts)):
            return texts
    return [repr(value) for value in values]


def _scored(one: Score) -> tuple[str, str, str]:
    return " ".join(map(str, one.hits)), figure(one.calibration), figure(one.information)


def _table(one: Pooled, plan: Plan) -> Table:
    names = [percent(share) for share in plan.quantiles]
    heads = columns("expert", "range", *names, "weight", name=("range",), number=(*names, "weight"))
    rows = [
        Row((name, _bar(values, one), *map(figure, values), figure(one.weights[name])), quiet=one.weights[name] == 0.0)
        for name, values in one.experts.items()
    ]
    rows.append(Row((Cell(POOL, tone="strong"), _bar(one.values, one), *map(figure, one.values), "")))
    unit = f", {one.question.unit}" if one.question.unit else ""
    apart = f"; {', '.join(f'{a} and {b}' for a, b in one.apart)} do not meet" if one.apart else ""
    return Table(heads, tuple(rows), f"{one.question.of}: {one.question.ask}{unit}{apart}")


def _bar(values: tuple[float, ...], one: Pooled) -> str:
    """A range on the range of all, as signs: dots, a line from the lowest to the highest quantile, the middle one."""
    scale = one.question.scale
    low, high = (scale.up(end) for end in one.within)
    places = [round((scale.up(value) - low) / (high - low) * (BAR - 1)) for value in values]
    signs = ["─" if places[0] <= at <= places[-1] else "·" for at in range(BAR)]
    signs[places[len(places) // 2]] = "█"
    return "".join(signs)
