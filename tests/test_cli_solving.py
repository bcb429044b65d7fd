"""The verbs of strategy on the command line: what they print, and how they refuse."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from standoff.cli import main
from tests.test_strategy_deciding import DOORS
from tests.test_strategy_scenarios import BARGAIN

GAMES = Path(__file__).resolve().parent.parent / "conformance" / "strategy"
Call = Callable[..., tuple[int, str, str]]


@pytest.fixture
def call(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Call:
    """Calls `standoff solve`; gives exit code, standard output and standard error."""
    monkeypatch.setenv("COLUMNS", "120")

    def called(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["standoff", "solve", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        printed = capsys.readouterr()
        return int(ended.value.code or 0), printed.out, printed.err

    return called


def test_a_game_is_shown_with_its_payoffs_and_what_is_stable(call: Call) -> None:
    code, out, err = call("game", str(GAMES / "deterrence.yaml"), "--tolerance", "0.1", "--blocks", "100", "--quiet")
    assert (code, err) == (0, "")
    assert "red (2 policies) and blue (2 policies), 100 runs (coupled sampler, seed 1) of each profile" in out
    assert "red gains, point" in out and "hold" in out
    assert "Equilibrium 1: settled" in out and "nobody gains more than 0.1 points by leaving it" in out


def test_the_numbers_of_a_game_are_the_same_as_json(call: Call) -> None:
    code, out, _ = call("game", str(GAMES / "hawk-dove.yaml"), "--tolerance", "north=0.5", "--tolerance", "south=0.4",
                        "--blocks", "100", "--json")  # fmt: skip
    made = json.loads(out)
    assert code == 0 and made["tolerance"] == {"north": 0.5, "south": 0.4}
    assert [player["policies"][1] for player in made["players"]] == ["north_hawk", "south_hawk"]
    assert len(made["payoffs"]) == 8 and "fresh blocks" in made["method"]


def test_actors_and_policies_that_are_named_make_the_game(call: Call) -> None:
    code, out, _ = call("game", str(GAMES / "deterrence.yaml"), "--actor", "blue", "--actor", "red=hold", "--tolerance",
                        "1", "--blocks", "10", "--quiet")  # fmt: skip
    assert code == 0 and "the game of blue (2 policies) and red (1 policy)" in out


REFUSED = [
    ([], "the gain that does not matter to an actor, in the unit of its goal (red: point, blue: point)"),
    (["--tolerance", "0"], "'0' is not a number above 0"),
    (["--tolerance", "red=1"], "there is no tolerance for 'blue'"),
    (["--tolerance", "1", "--tolerance", "red=1"], "give one for all, or one for each actor"),
    (["--tolerance", "1", "--actor", "rad"], "'rad' has no goal; did you mean 'red'?"),
    (["--tolerance", "1", "--actor", "red=hald"], "'red' has no policy 'hald'; did you mean 'hold'?"),
    (["--tolerance", "1", "--actor", "red", "--actor", "red=hold"], "'red' is named twice"),
]  # fmt: skip


@pytest.mark.parametrize(("options", "message"), REFUSED)
def test_what_makes_no_game_is_refused_in_words(call: Call, options: list[str], message: str) -> None:
    code, out, err = call("game", str(GAMES / "deterrence.yaml"), *options)
    assert (code, out) == (2, "") and message in " ".join(err.split())


def test_nobody_is_told_to_make_more_than_a_million_runs(call: Call) -> None:
    code, out, _ = call("game", str(GAMES / "hawk-dove.yaml"), "--tolerance", "1e-12", "--blocks", "20",
                        "--runs", "20", "--quiet")  # fmt: skip
    assert code == 0 and "it would take more than a million more runs" in out


def test_levers_are_weighed_by_each_criterion(call: Call) -> None:
    code, out, _ = call("levers", str(GAMES / "three-levers.yaml"), "--worlds", "20", "--replicates", "10",
                        "--threshold", "4", "--quiet")  # fmt: skip
    assert code == 0
    assert "the levers of us in 20 worlds of 10 runs (coupled sampler, seed 1)" in out
    assert "By regret: second_thing" in out and "By how often it is good enough:" in out
    assert "good enough: 4 points at least" in out
    assert "nature (as_written, mild, wet, hard)" in out
    code, out, err = call("levers", str(GAMES / "three-levers.yaml"), "--for", "nature")
    assert (code, out) == (2, "") and "'nature' has no levers" in err


def test_a_bargain_says_whether_there_is_anything_to_agree_on(call: Call, tmp_path: Path) -> None:
    file = tmp_path / "pie.yaml"
    file.write_text(BARGAIN, encoding="utf-8")
    code, out, _ = call("bargain", str(file), "divide", "--runs", "50", "--impatience", "one=0.02", "--impatience",
                        "two=0.01", "--quiet")  # fmt: skip
    assert code == 0
    assert "divide, struck on 1 January 2019 or never, in 50 pairs of runs" in out
    assert out.startswith("There are terms by which all gain: share 0.1;")
    assert "Nash: share 0.5" in out and "Offers in turn: share" in out
    code, _, err = call("bargain", str(file), "devide")
    assert code == 1 and "did you mean 'divide'?" in err


def test_how_often_actors_err_is_told_where_it_is_asked_for(call: Call) -> None:
    code, out, _ = call("game", str(GAMES / "hawk-dove.yaml"), "--tolerance", "1", "--blocks", "50", "--lambda", "0.5",
                        "--quiet")  # fmt: skip
    assert code == 0 and "logit quantal response, precision north 0.5, south 0.5" in out


def test_decisions_from_outside_are_compared_with_what_is_written(call: Call, tmp_path: Path) -> None:
    file, bot = tmp_path / "doors.yaml", tmp_path / "bot.py"
    file.write_text(DOORS, encoding="utf-8")
    code, out, _ = call("decide", str(file), "--runs", "4", "--looks", "32", "--quiet")
    assert code == 0 and "the seat chooser decided by lookahead, in 4 runs" in out
    assert "go_left 100%" in out and "The decider knows everything" in out
    bot.write_text("import sys\nfor line in sys.stdin: print('{\"choose\": \"wait\"}', flush=True)\n")
    code, out, _ = call("decide", str(file), "--by", f"{sys.executable} {bot}", "--runs", "4", "--json")
    assert code == 0 and json.loads(out)["chosen"] == [{"decision": "opens", "asked": 4, "options": {"wait": 4}}]
    code, out, err = call("decide", str(file), "--by", f"{sys.executable} -c pass", "--runs", "4")
    assert code == 2 and "before it answered; run it by hand" in " ".join(err.split())
    code, out, err = call("decide", str(GAMES / "hawk-dove.yaml"), "--seat", "north")
    assert code == 2 and "has no seats" in err


MISPLACED = [
    (["decide", "FILE", "--by", "python 'bot.py"], "is no command: No closing quotation"),
    (["decide", "FILE", "--answers", "x.jsonl"], "lookahead asks no program; leave it out"),
    (["bargain", "FILE", "truce", "--every", "3"], "belongs to offers in turn; give --impatience too"),
]


@pytest.mark.parametrize(("arguments", "message"), MISPLACED)
def test_an_option_that_would_be_ignored_is_refused(
    call: Call, tmp_path: Path, arguments: list[str], message: str
) -> None:
    file = tmp_path / "doors.yaml"
    file.write_text(DOORS, encoding="utf-8")
    code, out, err = call(*(str(file) if word == "FILE" else word for word in arguments))
    assert (code, out) == (2, "") and message in " ".join(err.split())
