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
