"""Draws docs/NAME.svg of each bundled scenario: its questions over 500 runs; `make figures` runs it."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from standoff import calibration, report
from standoff.scenario import load

DOCS = Path(__file__).resolve().parents[1] / "docs"
NAMES = ("eastern-syria-2017", "eastern-syria-2018", "eastern-syria-2021", "eastern-syria-2023")
RUNS = 500


def main() -> None:
    """Run each scenario and keep the figure of its questions."""
    for name in NAMES:
        with tempfile.TemporaryDirectory() as place:
            run = Path(place) / "run"
            calibration.run(load(name), runs=RUNS, seed=1, out=run, name=name)
            drawn = report.write_figures(run, Path(place) / "figures")
            shutil.copy(next(path for path in drawn if path.name == "questions.svg"), DOCS / f"{name}.svg")
        print(f"docs/{name}.svg")


if __name__ == "__main__":
    main()
