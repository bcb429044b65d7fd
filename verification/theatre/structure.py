"""Structure: states that nothing reads, rules that lead nowhere or never fire, parameters unused, constant rates."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from standoff.analysis import deep_check
from standoff.ensemble import Ensemble
from standoff.scenario import LooseEnds
from verification.theatre.asked import Asked
from verification.theatre.table import Row, Section, met

CONSTANT = 0.10
"""The share of rated rules below which those of a constant rate are to stay."""
EXTREME = (0.02, 0.98)

TITLE = "Structure: what leads nowhere"
HOW = (
    "By `standoff check --deep`, which looks at the rules that words make as well; the audit of November 2026 counted "
    "states and rules as their authors wrote them. What a goal alone reads counts in games and moves no other answer: "
    "it is counted among what is out, and said apart. Constant rates: of the rules with a rate of their own, those "
    "whose rate reads no state that any rule changes. Extreme questions have no bar."
)


@dataclass(frozen=True, slots=True)
class _Kind:
    """One kind of finding, what it is counted out of, and whether none is allowed."""

    finds: str
    label: str
    of: str
    barred: bool


KINDS = (
    _Kind("unread state", "states that only their writers read", "states", barred=True),
    _Kind("rule without a path", "rules without a path to a question", "rules", barred=True),
    _Kind("rule that never fired", "rules that never fired", "rules", barred=False),
    _Kind("parameter without a path", "parameters that no answer hangs on", "parameters", barred=False),
    _Kind("unread members", "states that nothing reads at some members", "states", barred=False),
    _Kind("decision that reads nothing", "decisions that read no state in what they choose", "decisions", barred=False),
)


def rows_of(names: Sequence[str], looked: Sequence[LooseEnds]) -> list[Row]:
    """Each kind by scenario and in all, then the constant rates."""
    rows: list[Row] = []
    for kind in KINDS:
        counts = []
        for name, one in zip(names, looked, strict=True):
            some = [finding for finding in one.findings if finding.finds == kind.finds]
            names_here = list(dict.fromkeys(finding.name for finding in some))
            counts.append((len(names_here), int(getattr(one, kind.of))))
            apart = sum(finding.apart == "goal" for finding in some)
            said = f"{len(names_here)} of {counts[-1][1]}" + (f", {apart} of them for a goal alone" if apart else "")
            said += f": {', '.join(names_here)}" if names_here and kind.barred else ""
            values = {"names": names_here, "goal_alone": apart}
            rows.append(Row(f"  {kind.label}, {name}", said, values=values))
        rows.append(_total(kind, counts))
    found = [finding for one in looked for finding in one.findings if finding.finds == "constant rate"]
    rated = sum(one.rated for one in looked)
    share = len(found) / max(1, rated)
    classes = Counter(finding.apart for finding in found)
    said = f"{len(found)} of {rated} ({share:.0%})" + "".join(f"; {n} {name}" for name, n in sorted(classes.items()))
    rows.append(Row("constant rates", said, f"under {CONSTANT:.0%}", met(holds=share < CONSTANT), {"share": share}))
    return rows


def _total(kind: _Kind, counts: Sequence[tuple[int, int]]) -> Row:
    found, of = (sum(column) for column in zip(*counts, strict=True))
    values = {"found": found, "of": of}
    if not kind.barred:
        return Row(f"{kind.label}, all", f"{found} of {of}", values=values)
    return Row(f"{kind.label}, all", f"{found} of {of}", "none", met(holds=found == 0), values)


def _extreme(ensembles: Sequence[Ensemble]) -> Row:
    """The questions that hardly a run, or hardly any but a few, answers with yes."""
    low, high = EXTREME
    asked = [one for ensemble in ensembles for one in ensemble.questions.iter_rows(named=True)]
    known = [one for one in asked if one["probability"] is not None and not one["id"].startswith("goal-")]
    out = [one for one in known if not low <= one["probability"] <= high]
    said = f"{len(out)} of {len(known)}: " + ", ".join(f"{one['id']} {one['probability']:.3f}" for one in out)
    return Row(f"questions outside {low} to {high}", said, values={"found": len(out), "of": len(known)})


def section(asked: Asked) -> Section:
    """The section of the table."""
    looked = [deep_check(one, runs=asked.runs, seed=asked.seed, jobs=asked.jobs) for one in asked.scenarios]
    rows = rows_of([one.name for one in asked.scenarios], looked)
    rows.append(_extreme([asked.ensemble(year) for year in asked.years]))
    return Section("structure", TITLE, tuple(rows), (HOW,))
