"""What `standoff check` calls an error in a scenario stops every verb that would run it, before anything is written."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from standoff.cli import main
from standoff.errors import Faults
from standoff.scenario import check, load, load_to_run

SOUND = """\
standoff: 1
title: Posts on a border road
starts: 2020-01-01
ends: 2020-02-09
actors: {red: {kind: state}, blue: {kind: state}}
seats: {chief: {plays: red}}
parameters:
  daring: {prior: "uniform(0.1, 0.3)", unit: 1/day, evidence: assumption}
  percent: {prior: "uniform(30, 60)", evidence: assumption}
state: {doubt: {}, massed: {}, probes: {}, lost: {unit: post}}
rules:
  masses: {rate: "daring * max(0, doubt + 1)", then: [massed += 1], event: MOBILIZE by red, evidence: assumption}
  probes_it: {rate: "daring * max(0, massed)", then: [probes += 1], evidence: assumption}
  takes:
    rate: daring * max(0, probes)
    then: [{chance: [{p: percent / 100, do: [lost += 1]}]}]
    evidence: assumption
orders: {digs: {of: red, when: massed > 0, then: [massed -= 1], event: YIELD by red on blue, evidence: assumption}}
questions: {posts-lost: {ask: Are posts lost?, when: lost > 0, by: 2020-02-09}}
claims:
  doubted:
    says: Doubt costs posts.
    set: {massed: 1}
    question: posts-lost
    expect: rises
    evidence: assumption
variants:
  hasty: {about: twice as daring, parameters: {daring: 0.4}}
"""
BROKEN = {
    "SD417": ("p: percent / 100", "p: percent"),
    "SD416": ("lost: {unit: post}", "lost: {unit: post, at_most: 0}"),
    "SD218": ("set: {massed: 1}", "kind: thesis\n    at_least: 5 points\n    set: {lost: 1}"),
    "SD203": ("set: {massed: 1}", "set: {massed: 1}\n    at_least: 2 miles"),
}  # fmt: skip
RUNNING = (
    ("run", "border.yaml", "--runs", "2"),
    ("compare", "border.yaml", "--what", "daring=0.2", "--runs", "2"),
    ("branch", "border.yaml", "--at", "2020-01-05", "--runs", "2"),
    ("claims", "border.yaml"),
    ("sense", "border.yaml", "--runs", "64"),
    ("explain", "border.yaml", "--question", "posts-lost", "--runs", "2"),
    ("rare", "border.yaml", "--question", "posts-lost"),
    ("play", "border.yaml", "--seat", "chief"),
    ("solve", "game", "border.yaml", "--runs", "2"),
    ("solve", "levers", "border.yaml", "--for", "red"),
    ("score", "border.yaml", "--runs", "2"),
    ("diff", "border.yaml", "border.yaml", "--runs", "2"),
)
Call = Callable[..., tuple[int, str]]


@pytest.fixture
def call(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Call:
    """Calls the command line in an empty folder; gives the exit code and what it says on standard error."""
    monkeypatch.chdir(tmp_path)

    def called(*arguments: str) -> tuple[int, str]:
        monkeypatch.setattr(sys, "argv", ["standoff", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        return int(ended.value.code or 0), capsys.readouterr().err

    return called


def _written(code: str | None) -> str:
    text = SOUND if code is None else SOUND.replace(*BROKEN[code])
    assert code is None or text != SOUND
    Path("border.yaml").write_text(text, encoding="utf-8")
    return "border.yaml"


@pytest.mark.parametrize("arguments", RUNNING, ids=[" ".join(one[:2]) for one in RUNNING])
def test_a_verb_that_runs_tells_the_error_and_writes_nothing(call: Call, arguments: tuple[str, ...]) -> None:
    _written("SD417")
    code, told = call(*arguments)
    assert code == 1
    assert told.startswith("SD417 border.yaml:16")
    assert [path.name for path in Path().iterdir()] == ["border.yaml"]


@pytest.mark.parametrize("code", BROKEN)
def test_run_stops_at_each_error_of_check(call: Call, code: str) -> None:
    name = _written(code)
    errors = [fault for fault in check(name) if fault.severity == "error"]
    assert [fault.code for fault in errors] == [code]
    ended, told = call("run", name, "--runs", "2")
    assert (ended, told.strip()) == (1, errors[0].render())
    # Nothing that was kept of the check changes what is told.
    Path(name).write_text(Path(name).read_text(encoding="utf-8") + "\n", encoding="utf-8")
    assert call("run", name, "--runs", "2") == (1, told)


def test_what_can_be_read_can_still_be_shown(call: Call) -> None:
    name = _written("SD417")
    assert call("show", name)[0] == 0
    assert load(name).document.title == "Posts on a border road"


def test_a_setting_that_makes_an_error_is_refused(call: Call) -> None:
    _written(None)
    load_to_run("border.yaml")
    with pytest.raises(Faults, match="SD417"):
        load_to_run("border.yaml", settings={"percent": 300.0})


def test_an_error_in_a_variant_stops_who_runs_that_variant_only(call: Call) -> None:
    _written(None)
    broken = SOUND.replace("parameters: {daring: 0.4}}", "questions: {posts-lost: {when: lots > 0}}}")
    Path("border.yaml").write_text(broken, encoding="utf-8")
    assert [fault.code for fault in check("border.yaml") if fault.severity == "error"] == ["SD303"]
    assert load_to_run("border.yaml").name == "border"
    code, told = call("run", "border.yaml", "--variant", "hasty", "--runs", "2")
    assert code == 1
    assert told.startswith("SD303")


GAME = """\
standoff: 1
title: A game
starts: 2020-01-01
ends: 2020-02-01
actors: {red: {kind: state}, blue: {kind: state}}
state: {won: {}}
rules: {wins: {rate: 0.1, then: [won += 1], evidence: assumption}}
decisions:
  presses:
    of: red
    comes: {rate: 0.1}
    policy: {best: appeal}
    options: {push: {appeal: 1, then: [won += 1]}, wait: {appeal: 0}}
policies:
  hard: {of: red, decisions: {presses: {always: push}}}
  soft: {of: red, decisions: {presses: {always: wait}}}
goals: {red: {is: won}, blue: {is: 0 - won}}
levers: {size: {of: red, policies: [hard, soft]}}
"""
WRONG_TOGETHER = {
    "numbers, settings and dates": (
        ("branch", "border.yaml", "--runs", "x", "--set", "a", "--set", "daring=0,2", "--at", "2020-01-50",
         "--change", "b", "--change", "c=", "--seed", "-1"),
        ("'x' is not", "'a' is not", "'daring=0,2' is not NAME=NUMBER; write 0.2", "'2020-01-50' is not",
         "'b' is not", "'c=' is not", "'-1' is too small"),
    ),
    "what-ifs": (
        ("compare", "border.yaml", "--what", "one: darin=1, percents=2, posts-lost=1", "--what", "two: variant=hasti",
         "--what", "three: overlay=none.yaml, overlay=never.yaml", "--what", "four: inject=war, policy=peace"),
        ("'darin'; did you mean 'daring'", "'percents'; did you mean 'percent'", "'posts-lost' is an entry of",
         "no variant 'hasti'", "'none.yaml'", "'never.yaml'", "no inject 'war'"),
    ),
    "the base case and its what-ifs": (
        ("compare", "border.yaml", "--set", "darin=1", "--set", "percents=2", "--variant", "hasti", "--what", "x: y=1"),
        ("no parameter 'darin'", "no parameter 'percents'", "no variant 'hasti'", "no parameter 'y'"),
    ),
    "claims": (("claims", "border.yaml", "doubte", "war"), ("'doubte'", "'war'; claims: doubted")),
    "questions of --until": (
        ("run", "border.yaml", "--until", "0.1", "--question", "post-lost", "--question", "war"),
        ("'post-lost'; did you mean 'posts-lost'", "'war'; questions"),
    ),
    "questions of sense": (
        ("sense", "border.yaml", "--question", "post-lost", "--question", "war"),
        ("'post-lost'; did you mean 'posts-lost'", "'war'; questions"),
    ),
    "variants of sense": (
        ("sense", "border.yaml", "--among", "hasti", "--among", "base=much", "--among", "war"),
        ("no variant 'hasti'", "'base=much' is not", "no variant 'war'"),
    ),
    "changes of a branch": (
        ("branch", "border.yaml", "--at", "2020-01-05", "--change", "darin=1", "--change", "doubt=much"),
        ("'darin'", "doubt takes a number"),
    ),
    "seats": (("play", "border.yaml", "--seat", "chef", "--seat", "king"), ("'chef'; did you mean 'chief'", "'king'")),
    "scenarios": (("score", "boarder.yaml", "none.yaml"), ("'boarder.yaml'; did you", "'none.yaml'")),
    "a start": (
        ("new", "mine", "--starts", "May", "--ends", "June", "--place", "x", "--place", "y 1"),
        ("'May' is not a day", "'June' is not a day", "'x' is not", "'y 1' is not"),
    ),
    "a game": (
        ("solve", "game", "border.yaml", "--actor", "redd=hard", "--actor", "blew", "--tolerance", "rod=1",
         "--lambda", "blu=1"),
        ("'redd' has no goal; did you mean 'red'", "'blew' has no goal", "tolerance for 'rod'", "precision for 'blu'"),
    ),
    "policies of a game": (
        ("solve", "game", "border.yaml", "--actor", "red=hrd,sofd", "--tolerance", "rod=1"),
        ("no policy 'hrd'; did you mean 'hard'", "no policy 'sofd'; did you mean 'soft'", "tolerance for 'rod'"),
    ),
    "levers": (
        ("solve", "levers", "border.yaml", "--for", "red", "--lever", "sizes", "--lever", "war"),
        ("no lever 'sizes'; did you mean 'size'", "no lever 'war'; levers of red: size"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", WRONG_TOGETHER)
def test_all_that_is_wrong_with_the_options_of_a_verb_is_told_at_once(call: Call, case: str) -> None:
    arguments, expected = WRONG_TOGETHER[case]
    _written(None)
    if arguments[0] == "solve":
        Path("border.yaml").write_text(GAME, encoding="utf-8")
    code, told = call(*arguments)
    assert code in {1, 2}
    assert [one for one in expected if told.count(one) != 1] == [], told
    assert [path.name for path in Path().iterdir()] == ["border.yaml"]
