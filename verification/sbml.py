"""Runs the SBML stochastic suite: `python -m verification.sbml DIR`.

Each case's SBML is read, written as a scenario in our language, run many times through the public doors and held
against the suite's exact means and standard deviations; judging.py says how. One line per case and a total; exit status
1 if a case fails, 2 if nothing could be run. What the language cannot express is named with the reason.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Iterator
from concurrent.futures import Future
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zlib import crc32

from standoff.errors import Faults, RunStopped
from verification.cases import Case, cases_in, read_case
from verification.formula import Inexpressible
from verification.judging import Judgement, centre_of, scores_of
from verification.reading import read_network
from verification.simulate import Pool, Sums, begin, pool_of, together
from verification.translate import Written, translate

RUNS = 10_000
SEED = 1
_SEEDS = 2**24


@dataclass
class Outcome:
    """What came of a case: `pass`, `fail`, `stopped` (the engine refused to go on) or `not expressible`."""

    case: str
    verdict: str
    reason: str = ""
    judgement: Judgement | None = None
    seconds: float = 0.0

    def as_dict(self) -> dict[str, Any]:
        """The outcome as plain data."""
        found: dict[str, Any] = {"case": self.case, "verdict": self.verdict, "seconds": round(self.seconds, 3)}
        if self.reason:
            found["reason"] = self.reason
        if self.judgement is not None:
            counts, worst = self.judgement.counts(), self.judgement.worst()
            strict = not self.judgement.strict.any()
            found |= {**counts, **worst, "every_point_inside": strict, "batches": self.judgement.batches}
        return found


@dataclass
class Started:
    """A case that is under way, or why it is not."""

    name: str
    case: Case | None = None
    written: Written | None = None
    path: Path | None = None
    parts: list[Future[Sums]] | None = None
    reason: str = ""


@dataclass(frozen=True)
class Suite:
    """How the cases are run."""

    pool: Pool
    folder: Path
    runs: int
    seed: int

    def start(self, case_folder: Path) -> Started:
        """Write the scenario of a case and begin its first batch."""
        name = case_folder.name
        try:
            case = read_case(case_folder)
            network = read_network(case.model)
            outputs = {output.quantity: output.how for output in case.outputs}
            written = translate(replace(network, name=f"{name}: {network.name}"), case.sampling, outputs)
        except Inexpressible as reason:
            return Started(name, reason=str(reason))
        path = self.folder / f"{name}.yaml"
        written.save(path)
        started = Started(name, case, written, path)
        started.parts = self.batch(started, 0)
        return started

    def batch(self, started: Started, number: int) -> list[Future[Sums]]:
        """Begin a batch: its runs have numbers that no other batch has."""
        case, written, path = started.case, started.written, started.path
        if case is None or written is None or path is None:
            raise ValueError(f"{started.name} was not begun")
        columns = tuple((written.columns[output.quantity], output.logarithm) for output in case.outputs)
        centre, first = centre_of(case.mean), number * self.runs
        # A seed of its own for each case: many models of the suite are the same, and luck would repeat with them.
        seed = self.seed * _SEEDS + crc32(case.name.encode()) % _SEEDS
        return begin(self.pool, path, columns, written.days, centre, seed=seed, first=first, runs=self.runs)

    def finish(self, started: Started) -> Outcome:
        """Wait for a case's batches, and judge."""
        case = started.case
        if case is None or started.parts is None:
            return Outcome(started.name, "not expressible", started.reason)
        before = time.perf_counter()
        try:
            scores = scores_of(together(started.parts), case.mean, case.sd)
            judgement = Judgement(scores, case.mean_limit, case.sd_limit)
            while judgement.open:
                sums = together(self.batch(started, judgement.batches))
                judgement.again(scores_of(sums, case.mean, case.sd))
        except Faults as faults:
            return Outcome(case.name, "not expressible", f"the language refuses it: {faults.faults[0].found}")
        except RunStopped as stop:
            where = f"{stop.code} in {stop.rule} at day {stop.time_days}, run {stop.run}"
            return Outcome(case.name, "stopped", f"{stop.found} ({where}; {stop.values})")
        verdict = "pass" if judgement.passed else "fail"
        return Outcome(case.name, verdict, _doubts(case, judgement), judgement, time.perf_counter() - before)


def _doubts(case: Case, judgement: Judgement) -> str:
    """The first point that is in doubt in every batch."""
    if judgement.passed:
        return ""
    which, output, at = (int(part[0]) for part in judgement.doubtful.nonzero())
    scores = (judgement.scores.z, judgement.scores.y)[which]
    time_ = case.sampling.start + at * case.sampling.step
    points = int((judgement.doubtful != 0.0).sum())
    name = case.outputs[output].label
    first = f"{'ZY'[which]} = {scores[output, at]:.2f} of {name} at {time_:g}"
    return f"{points} points in doubt in every batch, first {first}"


def outcomes(folders: list[Path], pool: Pool, folder: Path, *, runs: int, seed: int) -> Iterator[Outcome]:
    """The outcomes of cases in order; the next case is begun while one is awaited."""
    suite = Suite(pool, folder, runs, seed)
    ahead: Started | None = None
    for case_folder, following in zip(folders, [*folders[1:], None], strict=True):
        now = suite.start(case_folder) if ahead is None else ahead
        ahead = None if following is None else suite.start(following)
        _tell(f"{now.name} ({folders.index(case_folder) + 1} of {len(folders)})")
        outcome = suite.finish(now)
        _tell("")
        yield outcome


def _tell(words: str) -> None:
    """On a terminal, what is under way, in a line that the next one replaces."""
    if sys.stderr.isatty():
        print(f"\r\033[K{words}", end="", file=sys.stderr, flush=True)


def line_of(outcome: Outcome) -> str:
    """One line on a case."""
    if outcome.judgement is None:
        return f"{outcome.case}  {outcome.verdict}: {outcome.reason}"
    judgement, counts, worst = outcome.judgement, outcome.judgement.counts(), outcome.judgement.worst()
    words = [f"{outcome.case}  {outcome.verdict}"]
    for name, limit in (("z", judgement.mean_limit), ("y", judgement.sd_limit)):
        inside = f"{counts[f'{name}_inside']:3d} of {counts[f'{name}_points']:3d} inside"
        words.append(f"{name.upper()} {inside}, widest {worst[f'{name}_worst']:5.2f} of {limit:g}")
    if judgement.batches > 1:
        words.append(f"{judgement.batches} batches")
    return "  ".join([*words, outcome.reason]).rstrip()


def total_of(found: list[Outcome]) -> dict[str, Any]:
    """The suite in numbers: cases by verdict, and points inside in the first batches."""
    judged = [outcome.judgement for outcome in found if outcome.judgement is not None]
    names = ("z_points", "z_inside", "y_points", "y_inside")
    verdicts = ("pass", "fail", "stopped", "not expressible")
    return {
        "cases": len(found),
        **{v.replace(" ", "_"): sum(o.verdict == v for o in found) for v in verdicts},
        "every_point_inside": sum(not judgement.strict.any() for judgement in judged),
        **{name: sum(judgement.counts()[name] for judgement in judged) for name in names},
    }


def total_line(total: dict[str, Any], runs: int, seconds: float) -> str:
    """The last line."""
    points, inside = total["z_points"] + total["y_points"], total["z_inside"] + total["y_inside"]
    share = f"{100.0 * inside / points:.2f} % of {points} points inside" if points else "no points"
    out = f"{total['z_points'] - total['z_inside']} Z and {total['y_points'] - total['y_inside']} Y outside"
    return (
        f"{total['pass']} of {total['cases']} cases pass, {total['fail'] + total['stopped']} fail, "
        f"{total['not_expressible']} cannot be expressed; {runs} runs each: {share} ({out}; "
        f"{total['every_point_inside']} cases with every point inside at the first look); {seconds:.0f} s"
    )


def main(arguments: list[str] | None = None) -> int:
    """The command; its exit status."""
    parser = argparse.ArgumentParser(prog="python -m verification.sbml", description="Runs the SBML stochastic suite.")
    parser.add_argument("folder", type=Path, help="the folder of the cases")
    parser.add_argument("--runs", type=int, default=RUNS, help="runs of each case in a batch (default 10000)")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--jobs", type=int, default=2, help="processes (default 2)")
    parser.add_argument("--case", nargs="+", metavar="NNNNN", help="only these cases")
    parser.add_argument("--json", action="store_true", help="one JSON document in place of lines")
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="write the scenarios here, and leave them")
    given = parser.parse_args(arguments)
    if not given.folder.is_dir() or not (folders := cases_in(given.folder, given.case)):
        print(f"there is no case in {given.folder}", file=sys.stderr)
        return 2
    if given.runs < 2:
        parser.error("--runs must be 2 or more")
    begun, found = time.perf_counter(), []
    with TemporaryDirectory() as temporary, pool_of(given.jobs) as pool:
        folder = given.keep or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        for outcome in outcomes(folders, pool, folder, runs=given.runs, seed=given.seed):
            found.append(outcome)
            if not given.json:
                print(line_of(outcome), flush=True)
    total, seconds = total_of(found), time.perf_counter() - begun
    if given.json:
        cases = [outcome.as_dict() for outcome in found]
        print(json.dumps({"runs": given.runs, "seed": given.seed, "total": total, "cases": cases}, indent=2))
    else:
        print(total_line(total, given.runs, seconds))
    return 1 if total["fail"] + total["stopped"] else 0


if __name__ == "__main__":
    sys.exit(main())
