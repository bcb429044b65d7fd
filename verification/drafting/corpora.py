"""The texts that drafts are scored on: five of SEEDS.md that the rules were made with, and a sixth of our own."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from verification.drafting.gold import Gold, Locator

HERE = Path(__file__).resolve().parent
SIXTH_FOLDER = HERE / "sixth"


@dataclass(frozen=True, slots=True)
class Corpus:
    """Some texts with the file of a reader's tables of them, and by how much their figures may miss the bars.

    `dated` is the day from which each text's dates are counted; `furniture` and `numbers` are as `Gold` takes them.
    """

    name: str
    folder: Path
    table: Path
    judged: Path
    dated: Mapping[str, date]
    furniture: Mapping[str, set[int]]
    numbers: frozenset[tuple[Locator, float]]
    allowance: float = 0.0

    @property
    def files(self) -> list[Path]:
        """The texts."""
        return [self.folder / f"{name}.txt" for name in self.dated]

    def missing(self) -> Path | None:
        """The first of its files that is not there."""
        return next((file for file in (self.table, self.judged, *self.files) if not file.exists()), None)

    def gold(self) -> Gold:
        """The reader's tables."""
        return Gold(self.table, furniture=self.furniture, numbers=set(self.numbers), judged=self.judged)


def shared() -> Path:
    """The folder with SEEDS.md and its texts: STANDOFF_SHARED, or `shared` beside the project."""
    return Path(os.environ.get("STANDOFF_SHARED", HERE.parent.parent.parent / "shared"))


def five() -> Corpus:
    """The five texts of SEEDS.md, which are not ours to publish: they are only where the shared folder is."""
    return Corpus(
        "five texts",
        shared() / "seeds",
        shared() / "SEEDS.md",
        HERE / "judged-five.csv",
        {
            "carnegie-2017": date(2017, 5, 31), "bi-2017": date(2017, 5, 31), "isw-2023": date(2023, 8, 3),
            "aljazeera-2018": date(2018, 7, 16), "brussels-2021": date(2021, 7, 8),
        },
        {"bi-2017": {1, 2, 10, 16, *range(21, 28)}, "isw-2023": set(range(25, 52))},
        frozenset({
            (("carnegie-2017", 6), 25.0), (("isw-2023", 7), 55.0), (("isw-2023", 7), 17.0), (("isw-2023", 8), 55.0)
        }),
    )  # fmt: skip


def sixth() -> Corpus:
    """A text that was coded before the rules were run on it; no figure may be more than 0.15 below its bar."""
    name = "galwan-2020"
    numbers = {
        3: [50_000.0], 4: [255.0], 6: [20.0, 43.0], 7: [1.5, 3.0], 8: [2.0], 12: [4.5],
    }  # fmt: skip
    return Corpus(
        "a sixth text",
        SIXTH_FOLDER,
        SIXTH_FOLDER / f"{name}.md",
        SIXTH_FOLDER / "judged.csv",
        {name: date(2020, 11, 20)},
        {name: {2, 15}},
        frozenset(((name, paragraph), value) for paragraph, values in numbers.items() for value in values),
        allowance=0.15,
    )
