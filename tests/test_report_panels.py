"""The panels of findings on the screen: what comes first, what is folded away, and what a link or a choice shows."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from standoff import report
from standoff.report.build import scene
from tests.front import Texts
from tests.pages import FINDINGS, Elements, run_of_front

VIEWER = Path(__file__).parents[1] / "viewer"
NAMES = ("claims", "sense", "explain-land-link", "branch", "rare", "game", "levers", "deciders")

PRESS: dict[str, Any] = {
    "id": "press", "kind": "policy", "about": "Pushes on whatever it costs.", "lines": [], "mechanisms": [],
    "evidence": [],
}  # fmt: skip


def _content(name: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((FINDINGS / f"{name}.json").read_text(encoding="utf-8"))
    return content


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run folder with more claims than are shown at first, and boxes without limits before the one that has some."""
    made = run_of_front(tmp_path_factory.mktemp("front"), Texts())
    kept = {name: _content(name) for name in NAMES}
    claims = kept["claims"]["claims"]
    kept["claims"]["claims"] = claims + [one | {"id": f"{one['id']}-again"} for one in claims]
    sense = kept["sense"]
    sense["questions"].insert(0, sense["questions"].pop(1))
    sense["boxes"].insert(0, sense["boxes"][1] | {"question": sense["questions"][0]["question"]})
    # Of town, which 60 plain runs of the front answer with yes often enough.
    kept["rare"]["question"] = "town"
    scenario = json.loads((made / "manifest.json").read_text(encoding="utf-8"))["scenario"]
    for name, content in kept.items():
        (made / f"{name}.json").write_text(json.dumps(content | {"scenario": scenario}), encoding="utf-8")
    page = report.write_report(made)
    # More numbers than the front has, as a scenario of some size has them.
    html = page.read_text(encoding="utf-8")
    written = Elements(html).data
    said = json.loads(written)
    said["world"]["rules"].append(PRESS)
    said["parameters"] = [said["parameters"][0] | {"name": f"number_{i}"} for i in range(34)]
    page.write_text(html.replace(written, json.dumps(said)), encoding="utf-8")
    return made


@pytest.fixture(scope="module")
def opened(browser: Any, folder: Path) -> Iterator[Any]:
    page = browser.new_page(viewport={"width": 1280, "height": 720})
    page.goto((folder / "report.html").as_uri())
    page.wait_for_selector("footer")
    yield page
    page.close()


def test_twenty_claims_and_thirty_numbers_are_shown_until_all_are_asked_for(opened: Any) -> None:
    for section, rows, first, all_of in (
        ("#claims", "li[id^=claim-]", 20, 28),
        ("#assumptions", "tbody tr", 30, 34),
    ):
        panel = opened.locator(section)
        assert panel.locator(rows).count() == first
        panel.get_by_role("button", name=f"Show all {all_of}").click()
        assert panel.locator(rows).count() == all_of
        panel.get_by_role("button", name=f"Show the first {first}").click()
        assert panel.locator(rows).count() == first


def test_an_event_is_explained_in_the_words_of_the_scenario_where_its_rule_is_first_named(opened: Any) -> None:
    text = opened.locator("#why").inner_text()
    assert text.count("Iraqi divisions are free once Mosul has fallen.") == 1 and "It takes weeks" not in text


def test_a_branch_shows_changes_as_they_were_written_and_what_to_know_about_them(opened: Any) -> None:
    text = opened.locator("#from-a-moment").inner_text()
    assert "unchanged, and with us will = 0, holder[tanf] = rebels." in text
    assert "relief is dated on the day of the branch: it has not happened yet" in text


def test_verdicts_are_counted_in_the_chosen_source(opened: Any) -> None:
    claims = opened.locator("#claims")
    assert claims.get_by_role("button", name="reversed 4").count() == 1
    claims.locator("select").select_option("bi-2017")
    names = ["all 8", "✓ holds 8", "< weaker than claimed 0", "✗ reversed 0", "≈ not distinguishable 0"]
    assert "Thesis, at least 1 event. Tested: column_probes" in claims.inner_text()
    assert [one.inner_text() for one in claims.locator(".choose button").all()] == names
    claims.get_by_role("button", name="reversed").click()
    assert "0 claims shown" in claims.inner_text()
    claims.get_by_role("button", name="reversed").click()
    claims.locator("select").select_option("")


def test_a_link_finds_a_claim_that_the_choice_leaves_out(opened: Any) -> None:
    claims = opened.locator("#claims")
    claims.get_by_role("button", name="not distinguishable").click()
    assert claims.locator("#claim-ratchet").count() == 0
    claims.locator("#claim-forces-drift-home a[href='#claim-ratchet']").click()
    opened.wait_for_selector("#claim-ratchet")
    opened.wait_for_function("document.getElementById('claim-ratchet').getBoundingClientRect().top < innerHeight")
    claims.get_by_role("button", name="Show the first 20").click()


def test_answers_that_the_change_moves_come_first_and_settled_ones_are_folded(opened: Any) -> None:
    panel = opened.locator("#from-a-moment")
    asks = panel.locator(".ask").all_inner_texts()
    assert [ask.split()[:3] for ask in asks] == [
        ["How", "many", "times"], ["Will", "the", "regime"], ["How", "many", "of"], ["When", "is", "regime"],
    ]  # fmt: skip
    assert panel.locator(".own").all_inner_texts() == ["0", "no", "3", "14 October 2017"]
    assert "1 difference clearly not zero comes first." in panel.inner_text()
    panel.get_by_text("3 answers that are the same in every continuation").click()
    panel.locator("details .row").first.wait_for()
    assert panel.locator("details .own").all_inner_texts() == ["yes", "yes", "20 August 2017"]


def test_what_could_be_counted_in_plain_runs_is_not_called_too_rare_for_them(opened: Any, folder: Path) -> None:
    (town,) = (one for one in scene(folder).questions if one.id == "town")
    yes = round((town.probability or 0) * town.runs)
    assert yes >= 10
    said = opened.locator("#rare").inner_text()
    assert f"Ordinary runs would have been enough: {yes} of the 60 of this report say yes" in said
    assert "too small" not in said


def test_the_matrix_has_both_payoffs_of_each_pair_of_policies_and_marks_what_is_stable(opened: Any) -> None:
    panel = opened.locator("#who-decides")
    assert panel.locator("tbody tr").count() == 3
    rows = [row.locator("td").all_inner_texts() for row in panel.locator("tbody tr").all()]
    told = [["".join(cell.split()) for cell in row] for row in rows]
    regime, rebels, best = "regimeside", "rebelsside", ",bestreply"
    assert told[1] == [
        f"{regime}{best}:3.413.20to3.62{rebels}:12.210.6to13.8equilibrium2,notdistinguishable215%equilibrium3,refuted3",
        f"{regime}:−1.27−1.48to−1.06{rebels}{best}:25.323.7to26.9equilibrium2,notdistinguishable210%",
    ]
    (stable,) = panel.locator("td.stable").all()
    assert "equilibrium 1, settled" in stable.inner_text()
    assert panel.locator("tbody th").nth(1).get_attribute("title") == PRESS["about"]
    assert panel.locator("article").nth(2).inner_text().count(PRESS["about"]) == 1


def test_what_leaving_gains_stands_beside_the_tolerance_the_nearest_to_breaking_it_first(opened: Any) -> None:
    settled, open_, refuted = opened.locator("#who-decides article").all()
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
const [, , bundler, source, module, call, given] = process.argv
const { rolldown } = await import(pathToFileURL(bundler))
await (await rolldown({ input: source })).write({ file: module })
const code = await import(pathToFileURL(module))
const called = { actor: (id) => `${id} side`, policy: (id) => id.replaceAll('_', ' '), about: () => '' }
console.log(JSON.stringify(JSON.parse(readFileSync(given, 'utf8')).map((one) => code[call](one, called))))
"""


def _on_the_page(place: Path, source: str, call: str, given: list[Any]) -> Any:
    """What a function of the page's code makes of each of these; skips where there is no Node."""
    node, bundler = shutil.which("node"), VIEWER / "node_modules/rolldown/dist/index.mjs"
    if node is None or not bundler.is_file():
        pytest.skip("no Node, or nothing installed: cd viewer && npm ci")
    (place / "given.json").write_text(json.dumps(given), encoding="utf-8")
    (place / "run.mjs").write_text(SCRIPT, encoding="utf-8")
    paths = place / "run.mjs", bundler, VIEWER / "src" / source, place / "code.mjs"
    command = [node, *map(str, paths), call, str(place / "given.json")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    return json.loads(done.stdout)


def test_a_game_is_summed_up_in_a_sentence_from_its_equilibria(tmp_path: Path) -> None:
    games = [_content("game") | {"equilibria": equilibria} for equilibria, _ in SENTENCES]
    assert _on_the_page(tmp_path, "findings/games.ts", "inASentence", games) == [sentence for _, sentence in SENTENCES]


def _of(kind: str, name: str, label: str, actor: str) -> dict[str, Any]:
    return PRESS | {"id": name, "kind": kind, "lines": [{"label": label, "texts": [actor]}]}


def test_strategy_is_offered_where_actors_have_goals_policies_and_levers(folder: Path, tmp_path: Path) -> None:
    said = json.loads(Elements((folder / "report.html").read_text(encoding="utf-8")).data)
    of_two = [_of("policy", "press", "policy of", "regime"), _of("policy", "wait", "policy of", "rebels")]
    goals = [_of("goal", actor, "the state at the date", "1") for actor in ("regime", "rebels")]
    lever = _of("lever", "course", "in the hand of", "regime")
    scenes = []
    for rules in ([], of_two[:1], [*of_two, *goals], [*of_two, *goals, lever]):
        findings = said["findings"] | {"game": None, "levers": None, "deciders": None}
        scenes.append(said | {"findings": findings, "world": said["world"] | {"rules": rules}})
    offered = _on_the_page(tmp_path, "shared/commands.ts", "commandsLeft", scenes)
    lines = [[one["line"].partition(" --into")[0] for one in some if "compare" not in one["line"]] for some in offered]
    given = said["head"]["given"]
    game, levers = f"standoff solve game {given} --tolerance GAIN", f"standoff solve levers {given} --for regime"
    deciders = f"standoff sense {given} --deciders"
    assert lines == [[], [deciders], [game, deciders], [game, levers, deciders]]


def test_a_game_of_three_is_a_table_of_combinations_those_that_are_stable_first(
    browser: Any, folder: Path, tmp_path: Path
) -> None:
    html = (folder / "report.html").read_text(encoding="utf-8")
    written = Elements(html).data
    said = json.loads(written)
    game = said["findings"]["game"]
    policies = ["as_written", "raid", "lie_low", "wait"]
    game["players"].append({"actor": "isis", "unit": None, "policies": policies})
    game["tolerance"]["isis"] = 0.1
    own = {tuple(one["profile"]): one | {"actor": "isis", "mean": 0.31, "low": 0.2, "high": 0.4}
           for one in game["payoffs"]}  # fmt: skip
    each = [*game["payoffs"], *own.values()]
    game["payoffs"] = [one | {"profile": [*one["profile"], policy]} for policy in policies for one in each]
    for one in game["equilibria"]:
        one["shares"]["isis"] = {"raid": 1.0}
    (tmp_path / "page.html").write_text(html.replace(written, json.dumps(said)), encoding="utf-8")
    page = browser.new_page(viewport={"width": 375, "height": 800})
    page.goto((tmp_path / "page.html").as_uri())
    page.wait_for_selector("footer")
    panel = page.locator("#who-decides")
    assert page.evaluate("document.documentElement.scrollWidth") == 375
    rows = panel.locator("tbody tr")
    assert rows.count() == 20
    assert [rows.nth(i).locator(".mark").count() for i in range(6)] == [1, 2, 1, 1, 1, 0]
    assert "raid" in rows.nth(0).inner_text() and "0.31" in rows.nth(0).inner_text()
    panel.get_by_role("button", name="Show all 24").click()
    assert rows.count() == 24
    page.close()


def test_on_a_phone_the_ways_are_rows_below_each_other(browser: Any, folder: Path) -> None:
    page = browser.new_page(viewport={"width": 390, "height": 844})
    page.goto((folder / "report.html").as_uri())
    page.wait_for_selector("footer")
    widths = page.locator("#from-a-moment .ask").evaluate_all("all => all.map(one => one.offsetWidth)")
    assert min(widths) > 300
    assert page.locator("#from-a-moment").evaluate("one => one.offsetHeight") < 1000
    page.close()
