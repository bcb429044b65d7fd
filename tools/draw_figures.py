"""Draws docs/NAME.svg of each dated scenario, its first questions over 500 runs, and docs/theatre-tempo.svg.

Of each scenario of the gallery that has places it draws docs/gallery/NAME.svg, the map. `make figures` runs it; with
names of the gallery, it draws the maps of these alone. The tempo of the theatre needs the file of events in the shared
folder.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from standoff import calibration
from standoff.report.build import scene
from standoff.report.figures import drawn_of
from standoff.scenario import bundled, load
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


def drawn(name: str) -> dict[str, str]:
    """The figures of a scenario's runs."""
    with TemporaryDirectory() as place:
        run = Path(place) / "run"
        calibration.run(load(name), runs=RUNS, seed=1, out=run, name=name)
        return drawn_of(scene(run))


def draw_gallery(names: Iterable[str]) -> None:
    """The maps of scenarios of the gallery."""
    for name in names:
        figure = drawn(name).get("map")
        if figure is not None:
            (DOCS / "gallery" / f"{name}.svg").write_text(figure, encoding="utf-8", newline="\n")
        print(f"docs/gallery/{name}.svg" if figure is not None else f"{name} has no places, and so no map")


def main() -> None:
    """Run each scenario and keep the figure of its questions, or its map."""
    asked = sys.argv[1:]
    draw_gallery(asked or bundled("gallery"))
    if asked:
        return
    for name in NAMES:
        (DOCS / f"{name}.svg").write_text(drawn(name)["questions-1"], encoding="utf-8", newline="\n")
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
