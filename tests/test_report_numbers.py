"""The page writes numbers as every verb does: one table of cases holds numerals.ts and numerals.py."""

from __future__ import annotations

import json
import random
import shutil
import subprocess
from decimal import ROUND_HALF_EVEN, Decimal
from pathlib import Path
from typing import Any

import pytest

from standoff import numerals

ROOT = Path(__file__).parents[1]
VIEWER = ROOT / "viewer"
CASES = ROOT / "tests" / "number_cases.json"
NAMES = {
    "percent": "percent", "percents": "percents", "percent_with_interval": "percentWithInterval", "figure": "figure",
    "signed": "signed", "with_interval": "withInterval", "points": "points", "with_unit": "withUnit",
    "many": "many", "with_seed": "withSeed",
}  # fmt: skip
SCRIPT = """
import { existsSync, readFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
const [, , bundler, source, module, calls] = process.argv
if (!existsSync(module)) {
  const { rolldown } = await import(pathToFileURL(bundler))
  await (await rolldown({ input: source })).write({ file: module })
}
const numerals = await import(pathToFileURL(module))
const made = JSON.parse(readFileSync(calls, 'utf8')).map(([name, ...values]) => numerals[name](...values))
console.log(JSON.stringify(made))
"""


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the script lies, and what it makes of the page's code for the first test, for the others."""
    folder = tmp_path_factory.mktemp("numerals")
    (folder / "run.mjs").write_text(SCRIPT, encoding="utf-8")
    return folder


def _on_the_page(calls: list[list[Any]], place: Path) -> list[Any]:
    """What the functions of the page make of these calls; skips where there is no Node."""
    node, bundler = shutil.which("node"), VIEWER / "node_modules/rolldown/dist/index.mjs"
    if node is None or not bundler.is_file():
        pytest.skip("no Node, or nothing installed: cd viewer && npm ci")
    (place / "calls.json").write_text(json.dumps(calls), encoding="utf-8")
    source = VIEWER / "src/shared/numerals.ts"
    paths = [place / "run.mjs", bundler, source, place / "numerals.mjs", place / "calls.json"]
    done = subprocess.run([node, *map(str, paths)], capture_output=True, text=True, timeout=60, check=True)
    words: list[Any] = json.loads(done.stdout)
    return words


def test_the_page_writes_each_number_of_the_table_as_it_says(place: Path) -> None:
    table = json.loads(CASES.read_text(encoding="utf-8"))
    cases = [(name, case) for name in NAMES for case in table[name]]
    assert set(table) - {"about"} == set(NAMES)
    said = _on_the_page([[NAMES[name], *case[:-1]] for name, case in cases], place)
    assert said == [case[-1] for _, case in cases]


def test_the_page_writes_numbers_at_random_as_python_does(place: Path) -> None:
    draw = random.Random(20260101)
    calls: list[list[Any]] = []
    expected = []
    for _ in range(1500):
        low, share, high = sorted(draw.choice([draw.random(), 10 ** draw.uniform(-7, 0)]) for _ in range(3))
        value = draw.choice([-1, 1]) * 10 ** draw.uniform(-6, 8)
        half = abs(value) * draw.random()
        calls += [["percents", low, high, share], ["withInterval", value, value - half, value + half]]
        calls += [["figure", value], ["points", share - low, share - high, high - low]]
        expected += [
            numerals.percents(low, high, like=share), numerals.with_interval(value, value - half, value + half),
            numerals.figure(value), numerals.points(share - low, share - high, high - low),
        ]  # fmt: skip
    assert _on_the_page(calls, place) == expected


def test_a_share_is_so_many_of_fifty_dots_rounded_half_to_even(place: Path) -> None:
    shares = [runs / 1000 for runs in range(1001)]
    expected = [int((Decimal(repr(share)) * 50).quantize(Decimal(1), ROUND_HALF_EVEN)) for share in shares]
    assert _on_the_page([["partOf", share, 50] for share in shares], place) == expected
    assert [expected[10], expected[30], expected[50], expected[687]] == [0, 2, 2, 34]


def test_so_many_of_the_runs_are_told_as_every_verb_tells_them(place: Path) -> None:
    cases = [(hits, runs) for runs in (60, 100, 334, 1000) for hits in range(1, runs, 7)]
    expected = [numerals.out_of(hits, runs, 0.0, 1.0)[0] for hits, runs in cases]
    assert [" of ".join(pair) for pair in _on_the_page([["outOf", *case] for case in cases], place)] == expected
