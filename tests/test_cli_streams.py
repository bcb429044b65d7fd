"""The command line where its streams are closed, full or a pipe that nobody reads, and where it is told to stop."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from standoff.cli import main
from standoff.ensemble import Ensemble
from tests.ensemble_cases import border
from tests.proofs import first_of

if sys.platform == "win32":
    pytest.skip("streams and signals of POSIX", allow_module_level=True)

STANDOFF = f"{sys.executable} -m standoff"


def shell(line: str, folder: Path) -> tuple[int, str, str]:
    """Runs a line of bash, in which `standoff` stands for this program; exit code of the first in a pipe, and texts."""
    script = f'standoff() {{ {STANDOFF} "$@"; }}\n{line}\nexit ${{PIPESTATUS[0]}}'
    made = subprocess.run(["bash", "-c", script], cwd=folder, capture_output=True, text=True, timeout=100, check=False)
    return made.returncode, made.stdout, made.stderr


@pytest.mark.parametrize("line", first_of(["schema", "list", "show eastern-syria-2017 --expanded"]))
def test_a_reader_that_leaves_early_ends_a_verb_as_it_ends_any_tool(line: str, tmp_path: Path) -> None:
    code, _, messages = shell(f"standoff {line} | head -c 1", tmp_path)
    assert (code, messages) in ((141, ""), (0, ""))


def test_a_reader_that_leaves_early_ends_a_large_output_with_the_code_of_a_closed_pipe(tmp_path: Path) -> None:
    assert shell("standoff schema | true", tmp_path)[::2] == (141, "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
def test_a_full_output_is_told_in_one_sentence(tmp_path: Path) -> None:
    code, _, messages = shell("standoff schema > /dev/full", tmp_path)
    assert (code, messages) == (1, "cannot write to standard output: No space left on device\n")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
def test_messages_that_cannot_be_written_stop_nothing(tmp_path: Path) -> None:
    border(tmp_path, busy=0.1)
    code, text, _ = shell("standoff run border.yaml --runs 12 --jobs 1 2> /dev/full", tmp_path)
    assert code == 0
    assert "12 runs" in text
    assert shell("standoff show nothing 2> /dev/full", tmp_path)[0] == 2


@pytest.mark.timeout(90)
def test_closed_streams_keep_no_run_from_being_made(tmp_path: Path) -> None:
    border(tmp_path, busy=0.1)
    command = "standoff run border.yaml --runs 12 --jobs 1"
    assert shell(f"{command} --out a <&- >&- 2>&-", tmp_path) == (0, "", "")
    code, text, _ = shell(f"{command} --out b 2>&-", tmp_path)
    assert code == 0
    assert "12 runs" in text
    assert Ensemble(tmp_path / "a").answers.equals(Ensemble(tmp_path / "b").answers)
    files = [path for folder in ("a", "b") for path in (tmp_path / folder).iterdir()]
    # A message may not go into a file that was opened in the place of the closed stream.
    beginnings = {".parquet": b"PAR1", ".json": b"{", ".html": b"<!doctype html>", ".yaml": b"standoff:"}
    assert [path.name for path in files if not path.read_bytes().startswith(beginnings[path.suffix])] == []


def test_a_name_that_is_no_text_is_refused(tmp_path: Path) -> None:
    code, text, messages = shell("LC_ALL=C.UTF-8 standoff run $'caf\\xe9.yaml'", tmp_path)
    assert (code, text) == (2, "")
    assert "caf\\xe9.yaml" in messages
    assert messages.count("\n") == 1


def test_a_shell_in_which_no_run_can_be_made_is_told_in_one_sentence(tmp_path: Path) -> None:
    before = "ulimit -v 1000000"
    code, text, messages = shell(f"{before}; standoff run eastern-syria-2017 --runs 5", tmp_path)
    assert (code, text) == (2, "")
    assert "ulimit -v" in messages
    assert messages.count("\n") == 1
    assert shell(f"{before}; standoff run --help", tmp_path)[0] == 0


def hear_signals() -> None:
    """Whoever runs the tests by nohup, or in the background, ignores some signals, and children inherit that."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGHUP, signal.SIG_DFL)


def to_all(process: subprocess.Popen[str], number: int) -> None:
    os.killpg(process.pid, number)


def to_parent(process: subprocess.Popen[str], number: int) -> None:
    os.kill(process.pid, number)


@pytest.mark.timeout(120)
@pytest.mark.parametrize(
    ("send", "name"),
    [
        (to_all, "SIGINT"),
        (to_parent, "SIGTERM"),
        *(
            pytest.param(send, name, marks=pytest.mark.slow)
            for send, name in ((to_parent, "SIGINT"), (to_parent, "SIGHUP"), (to_all, "SIGTERM"), (to_all, "SIGHUP"))
        ),
    ],
)
def test_a_signal_to_stop_keeps_what_is_finished_and_says_so(
    send: Callable[[subprocess.Popen[str], int], None], name: str, tmp_path: Path
) -> None:
    # Enough runs to keep two processors busy for a while, in chunks that are soon made.
    border(tmp_path, busy=5)
    line = [*STANDOFF.split(), "run", "border.yaml", "--runs", "10000", "--jobs", "2", "--out", "run", "--quiet"]
    process = subprocess.Popen(
        line, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
        preexec_fn=hear_signals,
    )  # fmt: skip
    parts = tmp_path / "run" / "parts"
    while process.poll() is None and len(list(parts.glob("[0-9]*"))) < 3:
        time.sleep(0.02)
    send(process, getattr(signal, name))
    text, messages = process.communicate(timeout=60)
    assert (process.returncode, text) == (1, ""), messages
    told = "Ctrl-C" if name == "SIGINT" else name
    assert messages.startswith(f"stopped by {told}; "), messages
    assert messages.count("\n") == 1, messages
    made = Ensemble(tmp_path / "run")
    assert made.manifest.partial
    assert made.answers.height == made.runs > 0


@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP"])
def test_other_verbs_say_by_what_they_were_stopped(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    number = getattr(signal, name)
    # Whoever runs the tests by nohup ignores SIGHUP, and so would the verb. What it does not hear ends the tests.
    as_started = signal.signal(number, signal.SIG_DFL)

    def stopped(*_: object, **__: object) -> None:
        os.kill(os.getpid(), number)
        time.sleep(2)
        raise AssertionError(f"{name} stopped nothing")

    monkeypatch.setattr("standoff.analysis.compare", stopped)
    border(tmp_path, busy=0.1)
    monkeypatch.setattr(sys, "argv", ["standoff", "compare", str(tmp_path / "border.yaml"), "--what", "slow: pace=1"])
    before = signal.getsignal(number)
    try:
        with pytest.raises(SystemExit) as ended:
            main()
        assert signal.getsignal(number) == before
    finally:
        signal.signal(number, as_started)
    assert ended.value.code == 1
    assert capsys.readouterr() == ("", f"stopped by {name}\n")


def test_a_full_output_of_a_run_leaves_the_run(tmp_path: Path) -> None:
    border(tmp_path, busy=0.1)
    assert shell("standoff run border.yaml --runs 12 --jobs 1 --out run --json | true", tmp_path)[::2] == (141, "")
    assert json.loads((tmp_path / "run" / "manifest.json").read_text(encoding="utf-8"))["partial"] is False
