"""The mistakes that are tried: those handed over under `shared`, and those seeded in our own scenarios."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from verification.faults.judging import Mistake

HERE = Path(__file__).resolve().parent
SCENARIOS = HERE / "scenarios"


def shared() -> Path:
    """Where the mistakes that were handed over lie; it may not be there."""
    beside = Path(__file__).resolve().parents[3] / "shared"
    return Path(os.environ.get("STANDOFF_SHARED", beside)) / "found" / "faults"


def handed_over(folder: Path) -> Iterator[Mistake]:
    """Those of the folder's table that are mistakes still; the cure is what `cures.yaml` says of their number."""
    cures: dict[int, dict[str, Any]] = yaml.safe_load((HERE / "cures.yaml").read_text(encoding="utf-8"))
    with (folder / "faults.tsv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            number = int(row["number"])
            said = cures[number]
            if "none" in said:
                continue
            base, _, line = row["scenario:line"].partition(":")
            right = (folder / f"{base}.yaml").read_text(encoding="utf-8")
            wrong = (folder / f"f{number:02d}.yaml").read_text(encoding="utf-8")
            yield Mistake(
                str(number), row["mistake"], right, wrong, int(said.get("at", line)), tuple(map(str, said["cure"]))
            )


def seeded() -> Iterator[Mistake]:
    """Those of `seeded.yaml`; raises ValueError for an edit that does not fit its file exactly once."""
    rows: list[dict[str, Any]] = yaml.safe_load((HERE / "seeded.yaml").read_text(encoding="utf-8"))
    for number, row in enumerate(rows, 1):
        right = (SCENARIOS / f"{row['file']}.yaml").read_text(encoding="utf-8")
        was, now = row["was"], row["now"]
        if right.count(was) != 1:
            raise ValueError(f"{row['kind']} ({row['file']}): '{was}' stands {right.count(was)} times in the file")
        wrong = right.replace(was, now)
        yield Mistake(
            f"{row['file']} {number}",
            row["kind"],
            right,
            wrong,
            _line(right, wrong, row.get("at")),
            tuple(map(str, row["cure"])),
        )


def _line(right: str, wrong: str, at: str | None) -> int:
    if at is not None:
        if wrong.count(at) != 1:
            raise ValueError(f"'{at}' stands {wrong.count(at)} times in the file with the mistake")
        return wrong[: wrong.index(at)].count("\n") + 1
    same = 0
    while same < min(len(right), len(wrong)) and right[same] == wrong[same]:
        same += 1
    return wrong[:same].count("\n") + 1
