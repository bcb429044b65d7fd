"""Two articles about a river that two countries share, written for these tests: what they say never happened."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

from standoff.drafting import Draft, draft

FOLDER = Path(__file__).parent / "drafted"
DATED = {"river-watch": date(2024, 8, 3), "harbour-notes": date(2024, 8, 20)}
RIVER_WATCH = (FOLDER / "river-watch.txt").read_text(encoding="utf-8")


def written(folder: Path) -> list[Path]:
    """Both articles as files in a folder."""
    return [Path(shutil.copy(FOLDER / f"{name}.txt", folder)) for name in DATED]


def drafted(folder: Path) -> Draft:
    """A draft of both articles in a folder."""
    return draft(written(folder), into=folder / "draft-of-two", dated=DATED)
