"""The commands that the page offers for what its folder does not hold."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.front import Texts
from tests.pages import Elements, keep_findings, run_of_front

VIEWER = Path(__file__).parents[1] / "viewer"
NAMES = ("claims", "sense", "explain-land-link", "branch", "rare", "game", "levers", "deciders")

PRESS: dict[str, Any] = {
    "id": "press", "section": "policies", "kind": "policy", "title": "",
    "about": "Pushes on whatever it costs.", "lines": [], "mechanisms": [],
    "evidence": [],
}  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = run_of_front(tmp_path_factory.mktemp("front"), Texts())
    keep_findings(made, *NAMES)
    return made


SCRIPT = """
import { readFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
const [, , bundler, source, module, call, given] = process.argv
const { rolldown } = await import(pathToFileURL(bundler))
await (await rolldown({ input: source })).write({ file: module })
const code = await import(pathToFileURL(module))
console.log(JSON.stringify(JSON.parse(readFileSync(given, 'utf8')).map((one) => code[call](one))))
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
    for entries in ([], of_two[:1], [*of_two, *goals], [*of_two, *goals, lever]):
        findings = said["findings"] | {"game": None, "levers": None, "deciders": None}
        scenes.append(said | {"findings": findings, "world": said["world"] | {"entries": entries}})
    offered = _on_the_page(tmp_path, "shared/commands.ts", "commandsLeft", scenes)
    lines = [[one["line"].partition(" --into")[0] for one in some if "compare" not in one["line"]] for some in offered]
    given = said["head"]["given"]
    game, levers = f"standoff solve game {given} --tolerance GAIN", f"standoff solve levers {given} --for regime"
    deciders = f"standoff sense {given} --deciders"
    assert lines == [[], [deciders], [game, deciders], [game, levers, deciders]]


def test_what_is_offered_is_about_the_main_question_its_strongest_number_and_the_rarest_outcome(
    folder: Path, tmp_path: Path
) -> None:
    said = json.loads(Elements((folder / "report.html").read_text(encoding="utf-8")).data)
    said["findings"] |= {"explain": [], "rare": None, "compare": None}
    asked = {one["id"]: one["probability"] for one in said["questions"] if one["probability"] is not None}
    rarest = min(asked, key=lambda name: asked[name])
    main = next(name for name in asked if name not in {next(iter(asked)), rarest})
    said["brief"]["headline"] |= {"question": main}
    strong = [one["name"] for one in said["parameters"] if one["declared"] and not one["fixed"]][-1]
    said["contrasts"] = {"tried": 2, "clear": [{"name": strong}]}
    (offered,) = _on_the_page(tmp_path, "shared/commands.ts", "commandsLeft", [said])
    lines = {one["verb"]: one["line"] for one in offered}
    assert f"--question {main} " in lines["explain"] and f"--question {rarest} " in lines["rare"]
    assert f"{strong}=" in lines["compare"]
