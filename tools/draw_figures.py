"""Draws docs/NAME.svg of each bundled scenario, its first questions over 500 runs, and docs/theatre-tempo.svg.

`make figures` runs it. The tempo of the theatre needs the file of events in the shared folder.
"""

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from standoff import calibration
from standoff.report.build import scene
from standoff.report.figures import drawn_of
from standoff.scenario import load
from verification.theatre.asked import Asked
from verification.theatre.figure import draw
from verification.theatre.ged import mapping, shared_file
from verification.theatre.tempo import YEAR, compared

DOCS = Path(__file__).resolve().parents[1] / "docs"
NAMES = ("eastern-syria-2017", "eastern-syria-2018", "eastern-syria-2021", "eastern-syria-2023")
RUNS = 500
CAPTION = (
    f"Dots: weekly records of UCDP GED, hollow outside the band of nine runs in ten; line: median of {RUNS} runs. "
    "Rates predate 31 May 2017."
)


def main() -> None:
    """Run each scenario and keep the figure of its questions."""
    for name in NAMES:
        with TemporaryDirectory() as place:
            run = Path(place) / "run"
            calibration.run(load(name), runs=RUNS, seed=1, out=run, name=name)
            (DOCS / f"{name}.svg").write_text(drawn_of(scene(run))["questions-1"], encoding="utf-8", newline="\n")
        print(f"docs/{name}.svg")
    if not shared_file().is_file():
        print(f"{shared_file().name} is not in the shared folder: docs/theatre-tempo.svg stays as it is")
        return
    with TemporaryDirectory() as place:
        asked = Asked(runs=RUNS, folder=Path(place))
        weeks = compared(asked.scenario(YEAR), asked.ensemble(YEAR), mapping())
        (DOCS / "theatre-tempo.svg").write_text(draw(weeks, first=mapping().first, caption=CAPTION), encoding="utf-8")
    print("docs/theatre-tempo.svg")


if __name__ == "__main__":
    main()
