"""The verb that follows an author: watch."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from standoff.cli.elsewhere import processors
from standoff.cli.numbers import whole
from standoff.cli.refusals import errors_reported
from standoff.cli.scenarios import Name, Processes, Seed, count_faults, counted
from standoff.errors import Fault, Faults, RunStopped, UsageError
from standoff.numerals import many

if TYPE_CHECKING:
    from standoff.report import LivePage

PAUSE = 0.3
"""Seconds between two looks at the files."""
MOST_ENTRIES = 20_000
"""A folder with more files than this is not looked through three times a second."""
USUAL_PORT = 8377
PARTS = (".yaml", ".yml", ".geojson")
NOT_A_PART = ("runs", "node_modules", "__pycache__")

Stamp = dict[str, tuple[int, int]]
"""When each file was written, in nanoseconds, and its size in bytes."""


def watch(
    name: Name,
    runs: Annotated[int, whole(1, "Number of runs at each save.")] = 200,
    seed: Seed = 1,
    jobs: Processes = None,
    port: Annotated[int | None, whole(0, "Serve the report here; by default 8377 or a free one.")] = None,
    open_it: Annotated[bool, typer.Option("--open", help="Open the report in a browser.")] = False,
) -> None:
    """Check and run a file at each save; the report follows.

    The report is served on this machine only, until Ctrl-C; its runs are not kept.
    """
    with errors_reported():
        from standoff.scenario import bundled, find

        called, path, _ = find(name)
        if called in bundled():
            raise UsageError(f"{called} is bundled and does not change; make it yours first")
        try:
            with tempfile.TemporaryDirectory(prefix="standoff-watch-") as folder, _served(port) as page:
                print(f"{path}: the report is at {page.address}; Ctrl-C ends", flush=True)
                for number in _saves(path.parent):
                    _follow(name, runs, seed, jobs or processors(), Path(folder) / str(number), page)
                    if open_it and number == 1:
                        import webbrowser

                        webbrowser.open(page.address)
        except KeyboardInterrupt:
            print("ended; nothing is kept", file=sys.stderr)


def _served(port: int | None) -> LivePage:
    from standoff.report import LivePage

    if port is not None:
        return LivePage(port=port)
    try:
        return LivePage(port=USUAL_PORT)
    except OSError:
        return LivePage()


def _follow(name: str, runs: int, seed: int, jobs: int, folder: Path, page: LivePage) -> None:
    """Check the scenario and, where it has no errors, run it, and tell the terminal and the page."""
    from standoff import calibration, scenario
    from standoff.report import report_of

    began = time.monotonic()
    faults: Sequence[Fault] = ()
    report, said, checked = None, "", False
    try:
        faults, checked = scenario.check(name), True
        made = calibration.run(scenario.load_to_run(name), runs=runs, seed=seed, jobs=jobs, out=folder, name=name)
        brief = calibration.brief_of(made.manifest, made.answered)
        said = brief.headline.sentence if brief.headline is not None else "Nothing is asked of these runs."
        report = report_of(made).read_bytes()
    except Faults as error:
        if not any(fault.severity == "error" for fault in faults):  # What was saved in between.
            faults = error.faults
    except (RunStopped, UsageError) as error:  # UsageError: the file is not there, as while an editor replaces it.
        said = f"{error}\nThe report is that of the last save that ran."
    finally:
        shutil.rmtree(folder, ignore_errors=True)  # Else a day of saves would fill the disk.
    counts = counted(count_faults(faults)) if checked else "not checked"
    rest = f"; {many(runs, 'run')} in {time.monotonic() - began:.1f} s" if report is not None else ""
    lines = [f"{time.strftime('%H:%M:%S')}  {counts}{rest}", *([said] if said else []), *(f.render() for f in faults)]
    print("\n".join(lines), flush=True)
    page.show(report, "\n".join(lines))


def _saves(folder: Path) -> Iterator[int]:
    """The numbers of the saves, from 1 for what is there at first, as they come."""
    seen: Stamp | None = None
    number = 0
    while True:
        now = _stamp(folder)
        if now != seen:
            number += 1
            seen = now
            yield number
        time.sleep(PAUSE)


def _stamp(folder: Path) -> Stamp:
    """The files of a scenario's folder that can be parts of it: what it includes lies in or below its folder."""
    stamp: Stamp = {}
    entries = 0
    for where, folders, names in os.walk(folder):
        folders[:] = [one for one in folders if one[0] != "." and one not in NOT_A_PART]
        entries += len(names)
        if entries > MOST_ENTRIES:
            raise UsageError(f"{folder} holds more than {MOST_ENTRIES:,} files; give the scenario a folder of its own")
        for one in names:
            if Path(one).suffix in PARTS:
                try:
                    status = (Path(where) / one).stat()
                except OSError:  # An editor puts a new file in the place of the old one.
                    continue
                stamp[str(Path(where) / one)] = (status.st_mtime_ns, status.st_size)
    return stamp
