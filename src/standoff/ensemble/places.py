"""Default run folders: where an ensemble is kept if no folder is named, and which others of its scenario lie there."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from standoff.engine import Sampler
from standoff.ensemble.key import run_key
from standoff.ensemble.manifest import Manifest
from standoff.ensemble.results import Ensemble
from standoff.ensemble.store import RunFolder
from standoff.errors import UsageError

if TYPE_CHECKING:
    from standoff.scenario import Scenario


def free_folder(
    scenario: Scenario, *, base: Path, runs: int, seed: int, events: str, sampler: Sampler = "direct"
) -> Path:
    """The folder under `base` that an ensemble goes to by itself: the first that is free or holds a part of it."""
    from standoff import __version__ as version

    key = run_key(scenario, version=version, seed=seed, events=events, sampler=sampler)
    stem = _stem(scenario.name, seed)
    for name in (stem, f"{stem}-{key[:8]}", f"{stem}-{key[:8]}-runs{runs}"):
        if RunFolder(base / name).usable_for(key, runs) is None:
            return base / name
    raise UsageError(f"{base / stem} and its neighbours hold other runs; name a folder with --out")


def others_beside(ensemble: Ensemble) -> list[tuple[Path, Manifest, bool]]:
    """The folders beside this one that hold runs of the same scenario and seed made otherwise; whether they are newer.

    After an edit of the scenario, its runs go to a folder of their own beside the old one.
    """
    mine, stem = ensemble.manifest, _stem(ensemble.manifest.scenario, ensemble.manifest.seed)
    if not ensemble.folder.name.startswith(stem):
        return []
    age = _written(ensemble.folder)
    others = []
    for folder in sorted(ensemble.folder.parent.glob(f"{stem}*")):
        try:
            other = RunFolder(folder).manifest()
        except UsageError:
            continue
        if other is not None and (other.scenario, other.seed) == (mine.scenario, mine.seed) and other.key != mine.key:
            others.append((folder, other, _written(folder) > age))
    return others


def _stem(name: str, seed: int) -> str:
    plain = "".join(c if c.isalnum() or c in "-_." else "-" for c in name).strip(".") or "scenario"
    return f"{plain}-seed{seed}"


def _written(folder: Path) -> int:
    return (folder / "manifest.json").stat().st_mtime_ns
