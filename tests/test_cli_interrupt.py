"""Ctrl-C while runs without end are made on threads: every verb that makes runs stops, in one sentence."""

from __future__ import annotations

import os
import signal
import struct
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from standoff.cli import main
from standoff.engine import stepping
from standoff.ensemble import workers
from standoff.ensemble.plan import Where
from tests.proofs import first_of

ENDLESS = """\
standoff: 1
title: Runs without end
starts: 2020-01-01
ends: 2020-12-31
parameters: {pace: "uniform(1, 2)"}
state: {force: {at_least: 0}}
rules: {s: {rate: 1000000 * pace, then: ["force += poisson(1000000)"]}}
mechanisms: {M1: {off: {pace: 1}}}
questions: {q: {ask: Does it?, when: "force > 0", at: 2020-02-01}}
"""


@pytest.mark.timeout(60)
@pytest.mark.parametrize("jobs", first_of(["2", "1"]))
@pytest.mark.parametrize(
    "line",
    # Three ways to make runs: in pairs, by particles, and for answers; the others go one of these ways.
    ["compare endless.yaml --what fast:pace=2 --runs 8", "rare endless.yaml --question q",
     *first_of(["sense endless.yaml --question q", "explain endless.yaml --question q --runs 8",
                "claims endless.yaml --knock-out"])],
)  # fmt: skip
def test_ctrl_c_ends_runs_without_end(
    line: str, jobs: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("endless.yaml").write_text(ENDLESS, encoding="utf-8")
    begun, go_on = threading.Event(), stepping.go_on

    def noted(*arguments: Any, **options: Any) -> int:
        begun.set()
        return go_on(*arguments, **options)

    def press() -> None:
        if begun.wait(50):
            os.kill(os.getpid(), signal.SIGINT)

    monkeypatch.setattr(stepping, "go_on", noted)
    monkeypatch.setattr("sys.argv", ["standoff", *line.split(), "--jobs", jobs, "--quiet"])
    before = threading.enumerate()
    pressing = threading.Thread(target=press)
    pressing.start()
    with pytest.raises(SystemExit) as ended:
        main()
    pressing.join()
    assert ended.value.code == 1
    assert "stopped by Ctrl-C" in capsys.readouterr().err
    # The kernel looks at the clock, so a worker may take a second to see that it is to stop.
    for thread in set(threading.enumerate()) - set(before):
        thread.join(30)
        assert not thread.is_alive()


def test_the_interpreter_does_not_wait_for_a_result_that_was_cut_short() -> None:
    with suppress(KeyboardInterrupt), workers._processes(None, 1) as pool:  # type: ignore[arg-type]
        pool.submit(os.getpid).result()
        manager = pool._executor_manager_thread
        # As a worker that is ended while it sends: the length of a message, and less than that of it.
        os.write(pool._result_queue._writer.fileno(), struct.pack("!i", 1000) + b"half")
        raise KeyboardInterrupt
    manager.join(timeout=20)
    assert not manager.is_alive()


def test_a_pool_whose_workers_were_ended_says_nothing_of_what_nobody_waits_for(monkeypatch: pytest.MonkeyPatch) -> None:
    stumbled: list[object] = []
    monkeypatch.setattr(threading, "excepthook", stumbled.append)
    with workers._processes(None, 1) as pool:  # type: ignore[arg-type]
        results = workers._Spread(lambda item: pool.submit(time.sleep, item), Where(8), True).results([0, *[60] * 20])
        assert next(results) is None
        results.close()
        manager = pool._executor_manager_thread
        for process in pool._processes.values():
            process.kill()
        manager.join(timeout=20)
        assert not manager.is_alive()
    assert not stumbled
