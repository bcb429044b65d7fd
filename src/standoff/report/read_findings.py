"""Reads what verbs have kept in a run folder; a file that is damaged or of another scenario is named, not shown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError
from pydantic_core import from_json

from standoff.analysis.effects import Branching, Claims, Comparison
from standoff.analysis.explanations import Explanation
from standoff.analysis.rarity import Rare
from standoff.analysis.spread import Box, Index, Sensitivity
from standoff.report.findings import Findings, PlottedBox, Sense
from standoff.report.untrusted import LONGEST_NAME, MOST_ITEMS, MOST_ROWS, read_as, tame
from standoff.strategy import ActorShare, Decided, SolvedGame, SolvedLevers

LARGEST_FILE = 64 * 2**20
INDICES_OF_A_QUESTION = 15
POINTS_OF_A_BOX = 400

Content = TypeVar(
    "Content", Branching, Comparison, Claims, Decided, Explanation, Rare, Sensitivity, SolvedGame, SolvedLevers
)


def findings(
    folder: Path, scenario: str, *, forces: Iterable[str] = (), claims: Mapping[str, Sequence[str]] | None = None
) -> Findings:
    """What the folder of a run of `scenario` holds beside its tables.

    `forces` are the series of forces at places; `claims` are the scenario's claims by their names: what each says, its
    cause and its effect in words.
    """
    not_shown: list[str] = []

    def read(name: str, kind: type[Content], verb: str = "") -> Content | None:
        try:
            return _read(folder / f"{name}.json", scenario, kind, verb or name)
        except _NotShown as why:
            not_shown.append(tame(f"{name}.json is not shown: {why}."))
            return None

    explained = [path.stem for path in sorted(folder.glob("explain-*.json"))[:MOST_ITEMS]]
    deciders = read("deciders", Decided, "sense --deciders")
    sense, compare, tested = read("sense", Sensitivity), read("compare", Comparison), read("claims", Claims)
    if tested is not None and claims is not None and not _as_worded(tested, claims):
        changed = "claims.json tests claims that have changed in the scenario since; run 'standoff claims' again."
        not_shown.append(changed)
    return Findings(
        compare=None if compare is None else _without(compare, {tame(name, LONGEST_NAME) for name in forces}),
        claims=tested,
        sense=None if sense is None else _shortened(sense),
        explain=[one for name in explained if (one := read(name, Explanation, "explain")) is not None],
        branch=read("branch", Branching),
        rare=read("rare", Rare),
        game=read("game", SolvedGame, "solve game"),
        levers=read("levers", SolvedLevers, "solve levers"),
        deciders=None if deciders is None else _extremes(deciders),
        told=not_shown,
    )


def _as_worded(tested: Claims, claims: Mapping[str, Sequence[str]]) -> bool:
    """Whether every claim that was tested stands in the scenario in the same words, with the same cause and effect."""
    worded = {tame(name, LONGEST_NAME): _plain(texts) for name, texts in claims.items()}
    return all(worded.get(one.id) == _plain([one.says, one.cause, one.expect]) for one in tested.claims)


def _plain(texts: Sequence[str]) -> list[str]:
    return [tame(" ".join(text.split())) for text in texts]


class _NotShown(Exception):
    """Why a file is not shown, as the end of a sentence."""


def _read(path: Path, scenario: str, kind: type[Content], verb: str) -> Content | None:
    try:
        if not path.exists():
            return None
        if not path.is_file():
            raise _NotShown("it is not a file")
        size = path.stat().st_size
        if size > LARGEST_FILE:
            raise _NotShown(f"it has {size / 2**20:.0f} MiB, and the limit is {LARGEST_FILE / 2**20:.0f}")
        text = path.read_bytes()
    except OSError as error:
        raise _NotShown(f"it cannot be read ({error.strerror})") from error
    try:
        content = from_json(text)
        finding = read_as(kind, _nested(content) if kind is Comparison else content)
    except ValidationError as error:
        raise _NotShown(f"it is not what 'standoff {verb}' writes ({_first(error)})") from error
    except ValueError as error:
        raise _NotShown(f"it is not what 'standoff {verb}' writes ({str(error)[:160]})") from error
    if finding.scenario != tame(scenario, LONGEST_NAME):
        raise _NotShown(f"it belongs to the scenario '{finding.scenario}', and this run does not")
    return finding


def _nested(content: Any) -> Any:  # Any: what was read from JSON
    """The document of a comparison in the form of its dataclass, whose rows hold their paired difference apart."""
    if not isinstance(content, dict):
        return content
    rows = {"questions": content.get("differences"), "series": content.get("series")}
    return content | {
        name: [one | {"paired": one} if isinstance(one, dict) else one for one in of] if isinstance(of, list) else of
        for name, of in rows.items()
    }


def _without(comparison: Comparison, forces: set[str]) -> Comparison:
    """Forces at places would be a row for each place; the map shows them."""
    return replace(comparison, series=tuple(one for one in comparison.series if one.series not in forces))


def _first(error: ValidationError) -> str:
    one = error.errors(include_url=False, include_context=False, include_input=False)[0]
    where = ".".join(str(part)[:40] for part in one["loc"])
    says = one["msg"][:1].lower() + one["msg"][1:160]
    return f"{where}: {says}" if where else says


def _shortened(sense: Sensitivity) -> Sense:
    indices: list[Index] = []
    of: dict[str, int] = {}
    weights: dict[str, Index] = {}
    for one in sorted(sense.indices, key=lambda index: -index.total.value):
        weights.setdefault(one.name, one)
        of[one.question] = of.get(one.question, 0) + 1
        if of[one.question] <= INDICES_OF_A_QUESTION:
            indices.append(one)
    return Sense(
        scenario=sense.scenario,
        seed=sense.seed,
        runs=sense.runs,
        by=sense.by,
        variants=sense.variants,
        questions=sense.questions,
        indices=indices,
        indices_left_out=len(sense.indices) - len(indices),
        weights=list(weights.values())[:MOST_ROWS],
        boxes=[_plotted(one) for one in sense.boxes],
    )


def _extremes(decided: Decided) -> Decided:
    """The split without the means of policies that are not at an end of their actor's swing."""

    def ends(one: ActorShare) -> ActorShare:
        named = {one.swing.least, one.swing.most}
        return replace(one, means=tuple(mean for mean in one.means if mean.policy in named))

    questions = (replace(one, actors=tuple(map(ends, one.actors))) for one in decided.questions)
    return replace(decided, questions=tuple(questions))


def _plotted(box: Box) -> PlottedBox:
    """The box with its points over the two parameters that most surely limit it."""
    surest = sorted(box.limits, key=lambda limit: limit.quasi_p)
    across, up = [*(limit.parameter for limit in surest), "", ""][:2]
    shown = [one for one in box.points if {across, up or across} <= one.values.keys()][:POINTS_OF_A_BOX]
    return PlottedBox(
        box=replace(box, points=()),
        across=across,
        up=up,
        points=[(_four(one.values[across]), _four(one.values[up or across]), int(one.yes)) for one in shown],
        points_left_out=len(box.points) - len(shown),
    )


def _four(value: float) -> float:
    """Four digits are what a plot can show, and keep the page small."""
    return float(f"{value:.4g}")
