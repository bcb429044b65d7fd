"""How many runs a what-if saves by sharing its random numbers with the base case.

The ratio is that of the variances of the estimated difference, independent seeds to pairs, at the same number of runs:
so many times more runs does a design with independent seeds need for an interval as narrow. It is told twice: as the
formula of `standoff compare` predicts it from the pairs alone, and as it comes out when small experiments of both
designs are in fact repeated, the what-if of the second one with a seed of its own.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from benchmarks.cells import line, number
from benchmarks.measuring import Document, Effort, Pieces, round_to, tell
from benchmarks.workloads import BUNDLED
from standoff.ensemble import Ensemble, run_many
from standoff.scenario import load

Floats = NDArray[np.float64]

BASE = {"regime_tempo": 0.25, "probe_rate": 0.08, "hamadan_rate": 0.0035, "us_will": 0.67}
"""The medians of four priors: a change of a fixed number is not mixed with the loss of its spread."""
WHAT_IFS = {
    "bases at Hamadan come a tenth sooner": {"hamadan_rate": 0.00385},
    "probes at Tanf a tenth more often": {"probe_rate": 0.088},
    "American will 0.70 in place of 0.67": {"us_will": 0.70},
    "the regime a tenth faster": {"regime_tempo": 0.275},
    "the regime twice as fast": {"regime_tempo": 0.5},
}
SMALL = tuple(WHAT_IFS)[:4]
AIM = 5.0
EXPERIMENTS, EACH = 100, 10
"""How many small experiments are repeated, and how many runs of each case one has."""
RESAMPLES = 1000
SHARES = (2.5, 97.5)


@dataclass(frozen=True)
class Answers:
    """The answers of an ensemble: (runs, questions), of yes or no and of dates whether it comes."""

    names: tuple[str, ...]
    values: Floats

    @classmethod
    def of(cls, made: Ensemble) -> Answers:
        """The answers of an ensemble."""
        asked = made.manifest.questions
        values = made.answers.to_numpy()[:, 1:].astype(np.float64)
        for i, one in enumerate(asked):
            if one.type == "date":
                values[:, i] = values[:, i] >= 0
        return cls(tuple(one.id for one in asked), values)


def made(settings: dict[str, float], seed: int, runs: int) -> Answers:
    """The answers of runs of the scenario under these settings."""
    scenario = load(BUNDLED, settings=BASE | settings)
    return Answers.of(run_many(scenario, runs=runs, seed=seed, jobs=os.cpu_count() or 1, events="0", sampler="coupled"))


def predicted(base: Floats, paired: Floats) -> Floats:
    """The ratio by the formula, Var Y + Var Y' to Var (Y' - Y): (…, runs, questions) to (…, questions)."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray((base.var(axis=-2) + paired.var(axis=-2)) / (paired - base).var(axis=-2))


def measured(base: Floats, paired: Floats, apart: Floats) -> tuple[Floats, Floats]:
    """The estimates of every small experiment, with pairs and with independent seeds: (experiments, questions) each."""
    means = [one.reshape(-1, EACH, one.shape[-1]).mean(axis=1) for one in (base, paired, apart)]
    return means[1] - means[0], means[2] - means[0]


def spread(value: float, again: Floats) -> Document:
    """A ratio with its 95% bootstrap interval."""
    low, high = np.percentile(again, SHARES, method="nearest")
    return {"value": round_to(value), "low": round_to(float(low)), "high": round_to(float(high))}


def what_if(what: str, base: Answers, paired: Answers, apart: Answers) -> Document:
    """The ratios of one what-if: by question, and their median over those that it changes in some pair."""
    tell(f"{what}: {len(base.values):,} pairs")
    changed = np.count_nonzero(paired.values != base.values, axis=0)
    touched = np.flatnonzero(changed)
    a, b, c = (one.values[:, touched] for one in (base, paired, apart))
    random = np.random.default_rng(1)
    formula = predicted(a, b)
    formula_again = np.array([predicted(a[rows], b[rows]) for rows in random.integers(0, len(a), (RESAMPLES, len(a)))])
    pairs, singles = measured(a, b, c)
    drawn = random.integers(0, len(pairs), (RESAMPLES, len(pairs)))
    with np.errstate(divide="ignore", invalid="ignore"):
        repeated = singles.var(axis=0, ddof=1) / pairs.var(axis=0, ddof=1)
        again = singles[drawn].var(axis=1, ddof=1) / pairs[drawn].var(axis=1, ddof=1)
    # A sample without any changed pair has no variance to divide by.
    again, formula_again = (np.where(np.isnan(one), np.inf, one) for one in (again, formula_again))
    rows = [
        {
            "question": base.names[i],
            "difference": round_to(float((b[:, k] - a[:, k]).mean())),
            "changed": int(changed[i]),
            "predicted": finite(spread(float(formula[k]), formula_again[:, k])),
            "measured": finite(spread(float(repeated[k]), again[:, k])),
        }
        for k, i in enumerate(touched)
    ]
    return {
        "what": what,
        "changes": WHAT_IFS[what],
        "small": what in SMALL,
        "questions": rows,
        "untouched": [name for name, count in zip(base.names, changed, strict=True) if not count],
        "median_predicted": finite(spread(float(np.median(formula)), np.median(formula_again, axis=1))),
        "median_measured": finite(spread(float(np.median(repeated)), np.median(again, axis=1))),
    }


def finite(told: Document) -> Document:
    """The same with None for what is beyond all bounds."""
    return {name: value if np.isfinite(value) else None for name, value in told.items()}


def pieces(effort: Effort) -> Pieces:
    """The only one."""
    return {BUNDLED: partial(measured_all, EXPERIMENTS // 10 if effort.quick else EXPERIMENTS)}


def measured_all(experiments: int) -> Document:
    """All what-ifs."""
    began, runs = spent(), experiments * EACH
    tell(f"base case: {runs:,} runs")
    base = made({}, 1, runs)
    found = [
        what_if(what, base, made(changes, 1, runs), made(changes, 2 + i, runs))
        for i, (what, changes) in enumerate(WHAT_IFS.items())
    ]
    return {
        "scenario": BUNDLED,
        "base": BASE,
        "runs": runs,
        "experiments": experiments,
        "runs_of_an_experiment": EACH,
        "median_ratios": {one["what"]: as_a_spread(one["median_measured"]) for one in found},
        "what_ifs": found,
        "processor_seconds": round_to(spent() - began, 3),
    }


def as_a_spread(told: Document) -> Document:
    """A ratio with its interval, in the form of a median with its extremes."""
    return {"median": told["value"], "low": told["low"], "high": told["high"]}


def spent() -> float:
    """The processor time of this process and of its workers that have ended, in seconds."""
    return sum(os.times()[:4])


def page(content: Document, commit: str | None) -> str:
    """The figures as Markdown."""
    made_of = (
        f"{content['scenario']}, {content['runs']:,} pairs of runs; {content['experiments']} experiments of "
        f"{content['runs_of_an_experiment']} runs of each case; {content['processor_seconds']:.0f} s of "
        f"processor time; commit {commit}. 95% bootstrap intervals.\n"
    )
    medians = (
        "The median is over the questions whose answer changes in some pair; of the others all that is known is that "
        "pairs are no worse. The least is the smallest predicted ratio of any question.\n"
    )
    text = [
        "# How many runs a what-if saves by sharing its random numbers\n",
        "Generated by `python -m benchmarks --only what-ifs`; do not edit. [How it is measured](../README.md).\n",
        made_of,
        medians,
    ]
    head = [
        "what if",
        "questions touched",
        "median ratio, predicted",
        "median ratio, measured",
        "least",
        f"aim {AIM:g}",
    ]
    text += [line(head), line(["---"] * len(head))]
    for one in content["what_ifs"]:
        touched = f"{len(one['questions'])} of {len(one['questions']) + len(one['untouched'])}"
        met = ("yes" if one["median_measured"]["value"] >= AIM else "NO") if one["small"] else "–"
        least = min(one["questions"], key=lambda row: row["predicted"]["value"])
        ratios = [both(one["median_predicted"]), both(one["median_measured"]), both(least["predicted"])]
        text.append(line([one["what"], touched, *ratios, met]))
    for one in content["what_ifs"]:
        head = ["question", "difference", "changed pairs", "ratio, predicted", "ratio, measured"]
        text += [f"\n## {one['what'][0].upper()}{one['what'][1:]}\n", line(head), line(["---"] * len(head))]
        for row in sorted(one["questions"], key=lambda row: -row["changed"]):
            cells = [row["question"], f"{row['difference']:+.3g}", f"{row['changed']:,}"]
            text.append(line([*cells, both(row["predicted"]), both(row["measured"])]))
        if one["untouched"]:
            text.append(f"\nChanged in no pair: {', '.join(one['untouched'])}.")
    return "\n".join(text) + "\n"


def both(told: Document) -> str:
    """A ratio with its interval in one cell; what is beyond all bounds is so because no pair changed."""
    value, low, high = (number(told[name]) if told[name] is not None else "∞" for name in ("value", "low", "high"))
    return f"{value} ({low} to {high})"
