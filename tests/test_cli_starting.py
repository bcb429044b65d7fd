"""The verbs new and copy: they never wait for who is not there, write over nothing, and what they print next works."""

from __future__ import annotations

import json
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from standoff.cli.app import app
from standoff.scenario import bundled, load

MAIN = "scenario.yaml"


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder, which is the present one."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def standoff(*words: str, said: str | None = None) -> Result:
    return CliRunner().invoke(app, list(words), input=said)


def following(done: Result) -> list[list[str]]:
    lines = [line.removeprefix("Next: ") for line in done.stdout.splitlines() if line.startswith("Next: ")]
    return [shlex.split(line) for line in lines]


def test_without_a_terminal_it_asks_nothing_and_what_it_prints_next_works(here: Path) -> None:
    done = standoff("new", "my crisis")
    assert done.exit_code == 0, done.output
    assert str(Path("my crisis", MAIN)) in done.stdout
    check, run = following(done)
    assert standoff(*check[1:]).stdout == "my crisis: 0 errors, 0 warnings\n"
    made = standoff(*run[1:-1], "20", "--quiet")
    assert made.exit_code == 0, made.output
    assert "Report: " in made.stdout
    assert list(here.glob("runs/*/report.html"))


def test_options_name_sides_places_dates_and_title() -> None:
    done = standoff(
        "new", "mine", "--like", "crisis", "--title", "Berlin, 1961", "--starts", "1961-06-04", "--ends", "1961-11-09",
        "--side", "Soviet Union", "--side", "United States", "--place", "Berlin 52.5 13.4", "--json",
    )  # fmt: skip
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert told == {
        "files": [str(Path("mine", MAIN))], "next": ["standoff check mine", "standoff run mine --runs 1000"],
    }  # fmt: skip
    document = load("mine").document
    assert (document.title, str(document.starts), str(document.ends)) == ("Berlin, 1961", "1961-06-04", "1961-11-09")
    assert list(document.actors) == ["soviet_union", "united_states", "mediator"]
    assert document.places["berlin"].at == (52.5, 13.4)  # type: ignore[index]


def test_at_a_terminal_it_asks_what_is_not_given_until_it_can_be_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("standoff.cli.starting.at_a_terminal", lambda: True)
    answers = ["rase", "crisis", "Soviet Union", "", "", "Berlin", "Berlin 52.5 13.4", "soon", "1961-06-04", "", ""]
    done = standoff("new", "mine", said="\n".join(answers) + "\n")
    assert done.exit_code == 0, done.output
    for words in ("did you mean 'race'?", "'Berlin' is not a place", "'soon' is not a day", "Who wants to change how"):
        assert words in done.stderr, done.stderr
    document = load("mine").document
    assert document.title == "The Soviet Union and Southland: a crisis"
    assert (str(document.starts), str(document.ends)) == ("1961-06-04", "1961-09-03")
    assert list(document.places) == ["berlin"]


def test_who_leaves_the_questions_leaves_nothing_behind(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("standoff.cli.starting.at_a_terminal", lambda: True)
    assert standoff("new", "mine", said="crisis\n").exit_code == 1
    assert list(here.iterdir()) == []


def test_a_folder_that_is_used_is_refused_before_anything_is_asked(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("standoff.cli.starting.at_a_terminal", lambda: True)
    (here / "mine").mkdir()
    (here / "mine" / MAIN).write_text("mine", encoding="utf-8")
    for words in (("new", "mine"), ("copy", bundled("theatre")[0], "mine")):
        done = standoff(*words)
        assert done.exit_code == 2
        assert "is there already" in done.stderr and "Begin with" not in done.stderr
    assert (here / "mine" / MAIN).read_text(encoding="utf-8") == "mine"


def test_a_folder_that_is_called_as_a_bundled_scenario_is_not_taken_for_it(here: Path) -> None:
    name = bundled("theatre")[0]
    done = standoff("new", name)
    check, run = following(done)
    assert check == ["standoff", "check", f"./{name}"]
    made = standoff(*run[1:-1], "5", "--quiet")
    assert f"To repeat: standoff run ./{name} --runs 5" in made.stdout
    assert "a crisis" in made.stdout


def test_a_copy_is_named_after_its_scenario_and_can_be_compared_with_it(here: Path) -> None:
    name = bundled("theatre")[0]
    done = standoff("copy", name.rsplit("-v", 1)[0])
    assert done.exit_code == 0, done.output
    assert (here / f"my-{name}" / MAIN).is_file() and (here / f"my-{name}" / "start" / "ground.yaml").is_file()
    assert following(done)[-1] == ["standoff", "diff", name.rsplit("-v", 1)[0], f"my-{name}"]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("new", "mine", "--like", "crisys"), "did you mean 'crisis'?"),
        (("new", "mine", "--like", "eastern-syria-2017", "--side", "x"), "of its own"),
        (("new", "mine", "--ends", "tomorrow"), "is not a day such as 2030-01-31"),
        (("copy", "eastern-siria-2017"), "did you mean 'eastern-syria-2017"),
        (("copy", "../mine"), "is not a bundled scenario"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_and_nothing_is_written(words: tuple[str, ...], told: str, here: Path) -> None:
    done = standoff(*words)
    assert done.exit_code == 2
    assert told in done.stderr
    assert list(here.iterdir()) == []
