"""Every entry of the page “How do I say …” is added to the page's scenario, checked and run, and does what it says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from standoff.engine import reference_run
from standoff.model import Model, ground
from standoff.scenario import check, load

PAGE = (Path(__file__).resolve().parent.parent / "docs" / "how-to-say.md").read_text(encoding="utf-8")
BASE, *ENTRIES = re.split(r"^### ", PAGE, flags=re.MULTILINE)
TITLES = [entry.splitlines()[0] for entry in ENTRIES]
LINES = re.compile(r"^```yaml(?: base)?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
WITHOUT_EVIDENCE = "SD407"
MOST_RUNS = 200


def in_folder(folder: Path, entry: str | None) -> Path:
    """The page's scenario in a folder, and an entry that includes it; the file to run."""
    (folder / "strait.yaml").write_text(LINES.findall(BASE)[0], encoding="utf-8")
    if entry is None:
        return folder / "strait.yaml"
    (block,) = LINES.findall(entry)
    (folder / "mine.yaml").write_text(f"standoff: 1\ninclude: strait.yaml\n{block}", encoding="utf-8")
    return folder / "mine.yaml"


def told(model: Model) -> set[str]:
    """The rules whose firings are recorded."""
    return {rule.name for rule in model.rules if not rule.silent}


@pytest.fixture(scope="module")
def strait(tmp_path_factory: pytest.TempPathFactory) -> Model:
    return ground(load(in_folder(tmp_path_factory.mktemp("base"), None)).resolved)


def test_the_page_has_forty_entries_or_more_each_named_once() -> None:
    assert len(TITLES) == len(set(TITLES)) >= 40


def test_the_scenario_of_the_page_has_no_fault_and_no_warning(tmp_path: Path) -> None:
    assert [fault.render() for fault in check(in_folder(tmp_path, None))] == []


@pytest.mark.statistical(false_alarm=0)
@pytest.mark.parametrize("entry", ENTRIES, ids=TITLES)
def test_every_rule_of_an_entry_fires_and_every_question_is_open(entry: str, strait: Model, tmp_path: Path) -> None:
    file = in_folder(tmp_path, entry)
    assert [fault.render() for fault in check(file) if fault.code != WITHOUT_EVIDENCE] == []
    model = ground(load(file).resolved)
    waiting = told(model) - told(strait)
    asked = [i for i, question in enumerate(model.questions) if question.name not in {q.name for q in strait.questions}]
    answers: list[set[float]] = [set() for _ in asked]
    for number in range(MOST_RUNS):
        run = reference_run(model, seed=1, run=number)
        waiting -= {model.rules[model.rule_of[ground_rule]].name for ground_rule in set(run.rule.tolist())}
        for seen, i in zip(answers, asked, strict=True):
            seen.add(float(run.answers[i]))
        if not waiting and all(len(seen) > 1 for seen in answers):
            break
    assert waiting == set(), f"never in {MOST_RUNS} runs"
    assert [model.questions[i].name for seen, i in zip(answers, asked, strict=True) if len(seen) < 2] == []
