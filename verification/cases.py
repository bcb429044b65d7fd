"""The folders of the suite: one case each, with its model, its settings and its exact means and deviations."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from verification.formula import Inexpressible
from verification.translate import Sampling

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Output:
    """What a case asks for: a quantity as `amount`, `concentration` or the `value` in formulas, or its logarithm."""

    label: str
    quantity: str
    how: str
    logarithm: bool


@dataclass(frozen=True)
class Case:
    """A case. `mean` and `sd` are (outputs, times); not a number where the suite gives none, or an infinite one."""

    name: str
    model: Path
    sampling: Sampling
    outputs: tuple[Output, ...]
    mean: Floats
    sd: Floats
    mean_limit: float
    sd_limit: float


def cases_in(folder: Path, wanted: list[str] | None = None) -> list[Path]:
    """The folders of cases in a folder, in order: all, or those that are wanted by name."""
    found = sorted(path for path in folder.iterdir() if path.is_dir() and any(path.glob("*-settings.txt")))
    return [path for path in found if not wanted or path.name in wanted]


def read_case(folder: Path) -> Case:
    """A case from its folder; raises Inexpressible where its files do not say what a case must say."""
    name = folder.name
    settings = _settings(folder / f"{name}-settings.txt")
    sampling = Sampling(float(settings.get("start") or 0), float(settings["duration"]), int(float(settings["steps"])))
    head, body = _results(folder / f"{name}-results.csv", sampling)
    wanted = _listed(settings.get("output", "")) or head[1:]
    labels = tuple(dict.fromkeys(word.rpartition("-")[0] for word in wanted))
    outputs = tuple(_output(label, settings) for label in labels)
    for word in wanted:
        if word not in head or word.rpartition("-")[2] not in ("mean", "sd"):
            raise Inexpressible(f"an output that the results do not have, or that is no mean or deviation ({word})")
    nothing = np.full(len(body), np.nan)
    mean, sd = (
        np.array([body[:, head.index(word)] if (word := f"{label}-{what}") in wanted else nothing for label in labels])
        for what in ("mean", "sd")
    )
    # Where a mean is infinite, as of the logarithm of 0, no deviation from it says anything.
    sd = np.where(np.isnan(mean) & ~np.isnan(mean).all(axis=1, keepdims=True), np.nan, sd)
    return Case(
        name, _newest(folder), sampling, outputs, mean, sd,
        _limit(settings.get("meanRange", ""), 3.0), _limit(settings.get("sdRange", ""), 5.0),
    )  # fmt: skip


def _settings(path: Path) -> dict[str, str]:
    pairs = (line.partition(":") for line in path.read_text(encoding="utf-8").splitlines() if ":" in line)
    return {key.strip(): value.strip() for key, _, value in pairs}


def _output(label: str, settings: dict[str, str]) -> Output:
    inner = re.fullmatch(r"ln\((.*)\)", label)
    quantity = inner[1] if inner else label
    amounts, concentrations = (_listed(settings.get(key, "")) for key in ("amount", "concentration"))
    how = "amount" if quantity in amounts else "concentration" if quantity in concentrations else "value"
    return Output(label, quantity, how, inner is not None)


def _listed(words: str) -> list[str]:
    return [word.strip() for word in words.split(",") if word.strip()]


def _limit(words: str, otherwise: float) -> float:
    ends = [float(end) for end in re.findall(r"[-+]?[\d.]+(?:[eE][-+]?\d+)?", words)]
    if not ends:
        return otherwise
    if len(ends) != 2 or ends[0] != -ends[1]:
        raise Inexpressible(f"a range that is not even on both sides ({words})")
    return ends[1]


def _results(path: Path, sampling: Sampling) -> tuple[list[str], Floats]:
    """The names of the columns, and the rows."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.reader(file, skipinitialspace=True) if any(cell.strip() for cell in row)]
    head, body = [cell.strip() for cell in rows[0]], np.array(rows[1:], dtype=np.float64)
    times = sampling.start + sampling.step * np.arange(sampling.steps + 1)
    if len(body) != len(times) or not np.allclose(body[:, 0], times):
        raise Inexpressible("results at other times than the settings say")
    return head, np.where(np.isfinite(body), body, np.nan)


def _newest(folder: Path) -> Path:
    """The model file of the highest level and version."""

    def age(path: Path) -> tuple[int, int, str]:
        tag = re.search(r"<(?:\w+:)?sbml\b[^>]*>", path.read_text(encoding="utf-8", errors="replace"))
        numbers = dict(re.findall(r"\s(level|version)=[\"'](\d+)[\"']", tag[0] if tag else ""))
        return int(numbers.get("level", 0)), int(numbers.get("version", 0)), path.name

    files = [path for path in folder.glob("*.xml") if age(path)[0]]
    if not files:
        raise Inexpressible("no model file")
    return max(files, key=age)
