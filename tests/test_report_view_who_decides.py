"""Who decides, in the view What if: what actors gain, what is stable, and what would break it."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.browsing import Opened
from tests.front import Texts
from tests.pages import FINDINGS, keep_findings, run_of_front

VIEWER = Path(__file__).parents[1] / "viewer"


def _content(name: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((FINDINGS / f"{name}.json").read_text(encoding="utf-8"))
    return content


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = run_of_front(tmp_path_factory.mktemp("front"), Texts())
    keep_findings(made, "game", "levers", "deciders")
    return made


@pytest.fixture(scope="module")
def opened(browser: Any, folder: Path) -> Iterator[Opened]:
    made = Opened(browser, folder / "report.html")
    made.go("whatif", part="who-decides")
    yield made
    assert made.complaints == []
    made.close()


def test_the_matrix_has_both_payoffs_of_each_pair_of_policies_and_marks_what_is_stable(opened: Opened) -> None:
    panel = opened.page.locator("main")
    rows = [row.locator("td").all_inner_texts() for row in panel.locator(".scroll tbody tr").all()]
    assert len(rows) == 3
    told = [["".join(cell.split()) for cell in row] for row in rows]
    regime, rebels, best = "regimeside", "rebelsside", ",bestreply"
    assert told[1] == [
        f"{regime}{best}:3.413.20to3.62{rebels}:12.210.6to13.8equilibrium2,notdistinguishable215%equilibrium3,refuted3",
        f"{regime}:−1.27−1.48to−1.06{rebels}{best}:25.323.7to26.9equilibrium2,notdistinguishable210%",
    ]
    (stable,) = panel.locator("td.stable").all()
    assert "equilibrium 1, settled" in stable.inner_text()


def test_what_leaving_gains_stands_beside_the_tolerance_the_nearest_to_breaking_it_first(opened: Opened) -> None:
    settled, open_, refuted = opened.page.locator("main article").all()
    names = [one.split(" (")[0] for one in open_.locator("[role=rowheader]").all_inner_texts()]
    assert names == ["regime side: as written", "rebels side: as written", "regime side: press", "regime side: hold"]
    assert open_.locator(".quiet").count() == 1  # its interval has the tolerance of 0.5 inside
    open_.get_by_role("button", name="Show all 5").click()
    assert open_.locator("[role=rowheader]").count() == 5
    first = refuted.locator(".axis[role=img]").first.get_attribute("aria-label")
    assert first == "+13.1 days, interval +10.7 to +15.5; more than the tolerance of 3 days"
    where = settled.locator(".axis[role=img] .limit").evaluate_all("all => all.map(one => one.style.left)")
    assert len(where) == 3 and len(set(where)) == 1
    # Pressing would lose more than the axis shows: an arrow without a dot.
    assert (settled.locator(".dot").count(), settled.locator(".from-left").count()) == (2, 1)


def test_the_words_of_who_decides_are_those_of_its_files(opened: Opened) -> None:
    text = " ".join((opened.page.locator("main").text_content() or "").split())
    for words in (
        "There is one stable outcome, with regime side acting as written and rebels side following “stand ready”.",
        "Whether one more is stable these runs do not tell.",
        "400 runs of each combination (coupled sampler, seed 1)", "regime side in points, of which 0.5 points do not",
        "Nobody gains more than its tolerance by leaving it.", "rebels side by “as written”, +1.3 days (+0.4 to +2.2)",
        "it would take about 5,400 more runs", "in 87% of resampled games: do not quote these shares",
        "What breaks it: rebels side by “stand ready”, +13.1 days (+10.7 to +15.5)",
        "more than its tolerance of 3 days", "regime side hold 75%, press 25%",
        "a game of this size may have equilibria that were not found",
        "regime side does best with “daring 0.05, press” on average and “daring 0.02, hold” in its worst world.",
        "No choice is clearly best by regret or by the share of worlds where it is good enough.",
        "in the same 40 worlds of 10 runs (coupled sampler, seed 1)", "yields 1.5 points at least", "2.6 1.9 to 3.8",
        "Who decides moves “Will the regime hold the town by the river at the end of August?” furthest: +61 points",
    ):  # fmt: skip
        assert words in text, words


def test_a_game_of_three_is_a_table_of_combinations_those_that_are_stable_first(
    browser: Any, folder: Path, tmp_path: Path
) -> None:
    def of_three(name: str, game: dict[str, Any]) -> dict[str, Any]:
        policies = ["as_written", "raid", "lie_low", "wait"]
        game["players"].append({"actor": "isis", "unit": None, "policies": policies})
        game["tolerance"]["isis"] = 0.1
        own = {tuple(one["profile"]): one | {"actor": "isis", "mean": 0.31, "low": 0.2, "high": 0.4}
               for one in game["payoffs"]}  # fmt: skip
        each = [*game["payoffs"], *own.values()]
        game["payoffs"] = [one | {"profile": [*one["profile"], policy]} for policy in policies for one in each]
        for one in game["equilibria"]:
            one["shares"]["isis"] = {"raid": 1.0}
        return game

    made = Path(shutil.copytree(folder, tmp_path / "run"))
    keep_findings(made, "game", change=of_three)
    phone = Opened(browser, made / "report.html", 375)
    phone.go("whatif", part="who-decides")
    panel = phone.page.locator("main")
    assert phone.page.evaluate("document.documentElement.scrollWidth") == 375
    rows = panel.locator(".scroll tbody tr")
    assert rows.count() == 20
    assert [rows.nth(i).locator(".mark").count() for i in range(6)] == [1, 2, 1, 1, 1, 0]
    assert "raid" in rows.nth(0).inner_text() and "0.31" in rows.nth(0).inner_text()
    panel.get_by_role("button", name="Show all 24").click()
    assert rows.count() == 24
    phone.close()


def _stable(regime: dict[str, float], rebels: dict[str, float], standing: str = "settled") -> dict[str, Any]:
    return _content("game")["equilibria"][0] | {"shares": {"regime": regime, "rebels": rebels}, "standing": standing}


PRESSING, HOLDING, READY, LAX = {"press": 1.0}, {"hold": 1.0}, {"stand_ready": 1.0}, {"as_written": 1.0}
SENTENCES = [
    ([], "No stable outcome was found among these policies."),
    (
        [_stable(PRESSING, LAX), _stable(PRESSING, READY), _stable(HOLDING, {"stand_ready": 0.7, "as_written": 0.3})],
        "Two of three stable outcomes have regime side following “press”.",
    ),
    (
        [_stable(PRESSING, LAX), _stable(HOLDING, READY)],
        (
            "Two outcomes are stable, and no actor keeps to the same policy in two of them; the game does not say "
            "which comes about."
        ),
    ),
    (
        [_stable({"press": 0.25, "hold": 0.75}, LAX)],
        (
            "There is one stable outcome, with regime side mixing “hold” (75%) and “press” (25%) and rebels side "
            "acting as written."
        ),
    ),
    (
        [_stable(PRESSING, LAX, "refuted"), _stable(HOLDING, LAX, "refuted")],
        "No stable outcome was found: in each of the two that came close somebody gains by leaving.",
    ),
    (
        [_stable(PRESSING, LAX, "not distinguishable"), _stable(HOLDING, LAX, "refuted")],
        "These runs do not tell whether any outcome is stable; one may be.",
    ),
    ([_stable(PRESSING, LAX), _stable(HOLDING, LAX)], "Both stable outcomes have rebels side acting as written."),
]


SCRIPT = """
import { readFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
const [, , bundler, source, module, given] = process.argv
const { rolldown } = await import(pathToFileURL(bundler))
await (await rolldown({ input: source })).write({ file: module })
const { inASentence } = await import(pathToFileURL(module))
const called = { actor: (id) => `${id} side`, policy: (id) => id.replaceAll('_', ' '), about: () => '' }
console.log(JSON.stringify(JSON.parse(readFileSync(given, 'utf8')).map((one) => inASentence(one, called))))
"""


def test_a_game_is_summed_up_in_a_sentence_from_its_equilibria(tmp_path: Path) -> None:
    node, bundler = shutil.which("node"), VIEWER / "node_modules/rolldown/dist/index.mjs"
    if node is None or not bundler.is_file():
        pytest.skip("no Node, or nothing installed: cd viewer && npm ci")
    games = [_content("game") | {"equilibria": equilibria} for equilibria, _ in SENTENCES]
    (tmp_path / "given.json").write_text(json.dumps(games), encoding="utf-8")
    (tmp_path / "run.mjs").write_text(SCRIPT, encoding="utf-8")
    paths = tmp_path / "run.mjs", bundler, VIEWER / "src/whatif/games.ts", tmp_path / "code.mjs"
    command = [node, *map(str, paths), str(tmp_path / "given.json")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    assert json.loads(done.stdout) == [sentence for _, sentence in SENTENCES]
