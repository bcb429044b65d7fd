"""The texts that drafts are scored on: five that the rules were made with, and nine of our own, coded first."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

from verification.drafting.gold import Gold, Locator

HERE = Path(__file__).resolve().parent
BELOW = 0.15
"""By how much a text that nobody made rules with may miss the bars of the five (DRAFT.md, section 8, bar 2)."""

Role = Literal["seeds", "development", "held out"]
"""What the rules owe to a text: made with it in view; mended after its first figures; never changed for its sake."""


@dataclass(frozen=True, slots=True)
class Corpus:
    """Some texts with the file of a reader's tables of them, and by how much their figures may miss the bars.

    `dated` is the day from which each text's dates are counted; `furniture` and `numbers` are as `Gold` takes them.
    `judged` are events that were read by hand, `weighed` claims and forecasts.
    """

    name: str
    role: Role
    folder: Path
    table: Path
    judged: Path
    weighed: Path | None
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
        own = (self.table, self.judged, *((self.weighed,) if self.weighed else ()), *self.files)
        return next((file for file in own if not file.exists()), None)

    @property
    def decides(self) -> bool:
        """Whether a bar that it misses by itself makes the command fail: those held out are counted together."""
        return self.role == "seeds"

    def gold(self) -> Gold:
        """The reader's tables."""
        return Gold(
            self.table, furniture=self.furniture, numbers=set(self.numbers), judged=self.judged, weighed=self.weighed
        )


def shared() -> Path:
    """The folder with SEEDS.md and its texts: STANDOFF_SHARED, or `shared` beside the project."""
    return Path(os.environ.get("STANDOFF_SHARED", HERE.parent.parent.parent / "shared"))


def five() -> Corpus:
    """The five texts of SEEDS.md, which are not ours to publish: they are only where the shared folder is."""
    return Corpus(
        "five texts",
        "seeds",
        shared() / "seeds",
        shared() / "SEEDS.md",
        HERE / "judged-five.csv",
        HERE / "judged-claims-five.csv",
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
    """A text that was coded before the rules were run on it; they were mended since, for what it showed."""
    numbers = {
        3: [50_000.0], 4: [255.0], 6: [20.0, 43.0], 7: [1.5, 3.0], 8: [2.0], 12: [4.5],
    }  # fmt: skip
    return _own("a sixth text", "development", "sixth", "galwan-2020", date(2020, 11, 20), {2, 15}, numbers)


def seventh() -> Corpus:
    """A text that was coded before the rules were run on it; they were mended since, for what it showed."""
    numbers = {
        1: [0.25], 8: [22.0, 0.25], 9: [14.0], 13: [20.0, 5.0], 14: [19.312128], 15: [12_874.752],
    }  # fmt: skip
    return _own("a seventh text", "development", "seventh", "beagle-1979", date(1979, 2, 10), {2, 16}, numbers)


def eighth() -> Corpus:
    """A text that was coded before the rules were run on it; they were mended since, for what it showed."""
    numbers = {
        4: [4.6], 7: [50.0, 0.3], 10: [10.0], 11: [150.0, 85_000.0], 13: [17.0], 16: [800.0], 19: [11.0],
    }  # fmt: skip
    furniture = {2, 3, 9, 20, 21}
    return _own("an eighth text", "development", "eighth", "preah-2011", date(2011, 7, 26), furniture, numbers)


def ninth() -> Corpus:
    """A text that was coded before the rules were run on it; they were mended since, for what it showed."""
    numbers = {
        8: [400.0], 9: [8_000.0], 11: [2_000.0, 60.0], 13: [2_000.0], 14: [200.0, 2.0], 17: [3_800.0], 21: [133.0],
    }  # fmt: skip
    return _own("a ninth text", "development", "ninth", "ossetia-2008", date(2008, 10, 10), {2, 22, 24}, numbers)


def tenth() -> Corpus:
    """A text that was coded before the rules were run on it; they were mended since, for what it showed."""
    numbers = {
        6: [7.0376], 8: [20.0], 11: [375_000_000.0], 13: [9.656064, 19.312128], 14: [30_000.0, 600.0], 21: [6.7598],
    }  # fmt: skip
    return _own("a tenth text", "development", "tenth", "imia-1996", date(1996, 2, 29), {2, 3, 23, 24}, numbers)


def eleventh() -> Corpus:
    """A text that was coded before the rules were run on it; they were mended since, for what it showed."""
    numbers = {
        7: [150.0], 9: [37.04, 53.708, 321.8688], 10: [60.0, 17.702784, 150_000.0, 16.0], 11: [200_000_000_000.0],
        14: [150.0], 17: [20_000_000_000.0], 21: [370.4], 22: [42.596], 23: [100_000.0],
    }  # fmt: skip
    furniture = {2, 3, 24, 25}
    return _own("an eleventh text", "development", "eleventh", "taiwan-1996", date(1996, 4, 10), furniture, numbers)


def twelfth() -> Corpus:
    """A text that was coded before the rules were run on it; they were mended since, for what it showed."""
    numbers = {
        6: [12.0], 8: [46.0, 104.0, 44_000.0], 9: [110.0, 5_000.0], 11: [170.0, 1_700.0], 16: [28_500.0], 26: [117.0],
        27: [200.0],
    }  # fmt: skip
    return _own("a twelfth text", "development", "twelfth", "korea-2010", date(2010, 12, 15), {2, 3, 28, 29}, numbers)


def thirteenth() -> Corpus:
    """A text that was written and coded without the rules having been read, and for which none was changed."""
    numbers = {
        6: [70.0], 8: [48.0], 11: [60.0, 57.0, 10_000.0, 300.0, 0.2, 16.0], 12: [60_000.0, 300_000.0], 14: [700.0],
        22: [200_000.0], 25: [45.0],
    }  # fmt: skip
    furniture = {2, 3, 26, 27}
    return _own("a thirteenth text", "held out", "thirteenth", "badme-1999", date(1999, 7, 23), furniture, numbers)


def fourteenth() -> Corpus:
    """A text that was written and coded without the rules having been read, and for which none was changed."""
    numbers = {
        6: [200.0], 9: [300.0], 12: [2_400.0], 15: [100_000.0], 16: [9_000.0, 40_000.0], 26: [489.0, 132.0],
        27: [6_500.0],
    }  # fmt: skip
    furniture = {2, 3, 28, 29}
    return _own("a fourteenth text", "held out", "fourteenth", "dniester-1992", date(1992, 8, 11), furniture, numbers)


def texts() -> tuple[Corpus, ...]:
    """All of them, in the order in which they were written."""
    own = (sixth, seventh, eighth, ninth, tenth, eleventh, twelfth, thirteenth, fourteenth)
    return (five(), *(text() for text in own))


def _own(
    name: str, role: Role, folder: str, text: str, dated: date, furniture: set[int], numbers: dict[int, list[float]]
) -> Corpus:
    """A text of our own, in a folder with its table."""
    return Corpus(
        name,
        role,
        HERE / folder,
        HERE / folder / f"{text}.md",
        HERE / folder / "judged.csv",
        None,
        {text: dated},
        {text: furniture},
        frozenset(((text, paragraph), value) for paragraph, values in numbers.items() for value in values),
        allowance=BELOW,
    )
