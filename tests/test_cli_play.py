"""The terminal game: what is said through a pipe is played, and a game that is killed goes on where it was."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from standoff.cli.app import app
from standoff.game import Ledger
from tests.test_game_playing import CRISIS

VERIFY = bool(os.environ.get("STANDOFF_VERIFY"))
PLAYED = ("set review model", "end", "leave", "end", "set review ask", "end", "add", "end", "calm", "end")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "crisis.yaml").write_text(CRISIS.replace("HIDDEN", "0"), encoding="utf-8")
    return tmp_path


def begun(folder: Path, *arguments: str) -> subprocess.Popen[str]:
    """The command, waiting for what is said to it."""
    return subprocess.Popen(
        [sys.executable, "-m", "standoff", "play", *arguments], cwd=folder, text=True, encoding="utf-8",
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip


def played(folder: Path, words: tuple[str, ...], *arguments: str) -> tuple[int, str]:
    """The exit code and all that is printed while these words are said, and no more."""
    with contextlib.chdir(folder):
        done = CliRunner().invoke(app, ["play", *arguments], input="".join(f"{line}\n" for line in words))
    return done.exit_code, done.output


def rows(path: Path) -> list[tuple[str, str, object]]:
    ledger = Ledger.read(path)
    ledger.close()
    return [(row.seat, row.kind, row.body) for row in ledger.rows]


def test_a_game_is_played_through_a_pipe_and_gone_on_with(folder: Path) -> None:
    code, printed = played(folder, PLAYED[:4], "crisis.yaml", "--seat", "washington", "--seed", "1")
    assert code == 0, printed
    for told in ("Hold on.", "washington> leave", "Ordered: leave", "leave: done", "standoff play --game crisis.game"):
        assert told in printed
    assert "hidden" not in printed
    code, printed = played(folder, (*PLAYED[4:], "model", "set review model", *("end",) * 30), "--game", "crisis.game")
    assert code == 0, printed
    for told in ("turn 3", "What do you choose in review?", "The game is over", "Tense?", "seed 1, run 0"):
        assert told in printed
    assert not list(folder.glob("crisis.game-*")), "a game is a file that can be sent"


def assert_goes_on(folder: Path, scenario: str, words: tuple[str, ...], said: int) -> None:
    """A game that is killed after so many words, and gone on with, is the one that nobody kills."""
    code, printed = played(folder, words, scenario, "--seat", "washington", "--seed", "3", "--game", "whole.game")
    assert code == 0, printed
    process = begun(folder, scenario, "--seat", "washington", "--seed", "3", "--game", "cut.game")
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write("".join(f"{line}\n" for line in words[:said]))
    process.stdin.flush()
    # It may be anywhere from here on.
    while f"> {words[said - 1]}" not in (line := process.stdout.readline()) and f"? {words[said - 1]}" not in line:
        assert line, "it ended by itself"
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=30)
    done = len(rows(folder / "cut.game"))
    assert 1 <= done <= said
    code, printed = played(folder, words[done:], "--game", "cut.game")
    assert code == 0, printed
    assert rows(folder / "cut.game") == rows(folder / "whole.game")
    assert states(folder / "cut.game") == states(folder / "whole.game")


def states(path: Path) -> list[str]:
    ledger = Ledger.read(path)
    ledger.close()
    return [row.state for row in ledger.rows]


KILLED = pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="there is no kill -9 here")


@KILLED
@settings(max_examples=20 if VERIFY else 1)
@given(st.integers(2, len(PLAYED)))
def test_a_game_that_is_killed_goes_on_as_if_it_had_not_been(said: int) -> None:
    with TemporaryDirectory() as folder:
        (Path(folder) / "crisis.yaml").write_text(CRISIS.replace("HIDDEN", "0"), encoding="utf-8")
        assert_goes_on(Path(folder), "crisis.yaml", PLAYED, said)


@KILLED
@pytest.mark.skipif(not VERIFY, reason="it takes a quarter of a minute: make verify")
@settings(max_examples=2)
@given(st.integers(8, 14))
def test_ten_turns_in_eastern_syria_are_killed_in_the_middle_and_gone_on_with(said: int) -> None:
    decided = ("strategy", "tanf_post", "nuclear_waiver", "united_states_strikes_march")
    words = (*(f"set {rule} model" for rule in decided), *("call_moscow", "end", "drop_leaflets", "end") * 5)
    with TemporaryDirectory() as folder:
        assert_goes_on(Path(folder), "eastern-syria-2017", words, said)
        code, printed = played(Path(folder), (), "--game", "cut.game")
        assert (code, "turn 11" in printed) == (0, True), printed


def test_what_is_said_wrongly_names_the_nearest_right_word(folder: Path) -> None:
    words = ("leav", "9", "set revew ask", "back", "endd", "set review never")
    code, printed = played(folder, words, "crisis.yaml", "--seat", "washington")
    assert code == 0, printed
    for told in (
        "did you mean 'leave'?", "there is no order 9", "did you mean 'review'?", "by its number: back 3",
        "did you mean 'end'?", "review: never",
    ):  # fmt: skip
        assert told in printed, told
    for arguments, told in (
        (("crisis.yaml", "--seat", "washingtn"), "did you mean 'washington'?"),
        (("crisis.yaml",), "--seat washington or --seat tehran"),
        ((), "say what to play"),
        (("--game", "none.game"), "there is no game 'none.game'"),
        (("crisis.yaml", "--seat", "washington"), "already"),
    ):
        code, printed = played(folder, (), *arguments)
        assert (code, told in printed) == (2, True), printed
