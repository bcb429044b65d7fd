"""`standoff watch` as an author meets it: each save is checked and run, and the page in the browser follows."""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from standoff.report import LivePage
from tests.ensemble_cases import border
from tests.front import Texts
from tests.pages import run_of_front

WRONG = "bogus: 1\n"


def asked(port: int, path: str, host: str = "") -> http.client.HTTPResponse:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", path, headers={"Host": host or f"127.0.0.1:{port}"})
    return connection.getresponse()


def changes(response: http.client.HTTPResponse) -> Iterator[Any]:
    while line := response.readline():
        if line.startswith(b"data: "):
            yield json.loads(line[6:])


@pytest.mark.timeout(120)
def test_each_save_is_checked_and_run_and_a_fault_keeps_the_last_report(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    file = border(tmp_path)
    good = file.read_text(encoding="utf-8")
    scratch = tmp_path_factory.mktemp("scratch")
    words = [sys.executable, "-m", "standoff", "watch", file.name, "--runs", "5", "--port", "0", "--jobs", "1"]
    process = subprocess.Popen(
        words, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env={**os.environ, "TMPDIR": str(scratch)},
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )  # fmt: skip
    try:
        assert process.stdout is not None
        port = int(re.findall(r"http://127\.0\.0\.1:(\d+)/", process.stdout.readline())[0])
        told = changes(asked(port, "/changes"))
        first = next(one for one in told if one["version"] == 1)
        assert not first["faults"] and "0 errors" in first["text"] and "In " in first["text"]
        report = asked(port, "/report.html").read()
        assert b"STANDOFF-DATA" not in report and b"</html>" in report

        file.write_text(good + WRONG, encoding="utf-8")
        second = next(one for one in told if one["faults"])
        assert second["version"] == 1 and f"{file.name}:{good.count(chr(10)) + 1}:1" in second["text"]
        assert asked(port, "/report.html").read() == report

        file.write_text(good.replace("title: ", "title: Another "), encoding="utf-8")
        third = next(one for one in told if one["version"] == 2)
        assert not third["faults"]
        newest = asked(port, "/report.html").read()
        assert newest != report

        # An editor may take the file away for a moment, and an author may give it another name and back.
        away = file.rename(tmp_path / "other.yaml")
        gone = next(one for one in told if one["faults"])
        assert "there is no scenario" in gone["text"] and "last save that ran" in gone["text"]
        assert asked(port, "/report.html").read() == newest
        away.rename(file)
        file.write_text(good.replace("title: ", "title: Yet another "), encoding="utf-8")
        file.write_text(good, encoding="utf-8")
        assert next(one for one in told if asked(port, "/report.html").read() == report)["version"] >= 3
        assert not list(scratch.glob("standoff-watch-*/*")), "the runs of each save are removed when it was shown"
    finally:
        process.send_signal(signal.SIGINT)
        _out, error = process.communicate(timeout=30)
    assert process.returncode == 0 and "ended" in error, error
    assert {one.name for one in tmp_path.iterdir()} == {file.name}


def test_a_bundled_scenario_is_not_watched() -> None:
    words = [sys.executable, "-m", "standoff", "watch", "eastern-syria-2017"]
    done = subprocess.run(words, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 2 and "does not change" in done.stderr


def test_the_page_is_for_this_machine_and_has_four_addresses() -> None:
    with LivePage() as page:
        assert asked(page.port, "/report.html").status == 404
        page.show(b"<html>one</html>", "fine")
        assert asked(page.port, "/report.html?1").read() == b"<html>one</html>"
        assert asked(page.port, "/", host="evil.example").status == 403
        assert asked(page.port, "/", host=f"evil.example:{page.port}").status == 403
        assert asked(page.port, "/../following.py").status == 404
        assert "default-src 'none'" in str(asked(page.port, "/").headers["Content-Security-Policy"])
        assert asked(page.port, "/follow.js").headers["Content-Type"].startswith("text/javascript")


def test_words_about_a_save_come_with_the_newest_report_or_with_the_last_one() -> None:
    with LivePage() as page:
        told = changes(asked(page.port, "/changes"))
        assert next(told)["version"] == 0
        page.show(b"<html>one</html>", "fine")
        assert next(told) == {"version": 1, "text": "fine", "faults": False}
        page.show(None, "<b>wrong</b>")
        assert next(told) == {"version": 1, "text": "<b>wrong</b>", "faults": True}
        assert page.report == b"<html>one</html>"
    assert list(told) == []


def test_a_browser_follows_and_stays_where_its_reader_is(browser: Any, tmp_path: Path) -> None:
    report = (run_of_front(tmp_path, Texts(), full=True) / "report.html").read_bytes()
    complaints: list[str] = []
    with LivePage() as page:
        opened = browser.new_page()
        opened.on("console", lambda line: complaints.append(line.text) if line.type == "error" else None)
        opened.on("pageerror", lambda error: complaints.append(str(error)))
        page.show(report, "<b>fine</b>")
        opened.goto(page.address)
        inside = opened.frame_locator("iframe")
        inside.get_by_role("link", name="Library", exact=True).click()
        inside.locator('nav[aria-label="Views"] a[href*="view=library"][aria-current]').wait_for()
        assert opened.locator("#said").inner_text() == "<b>fine</b>"

        page.show(report.replace(b"</html>", b"<!-- newer --></html>"), "newer")
        opened.wait_for_function("document.querySelector('iframe').src.includes('report.html?2#')")
        inside.locator('nav[aria-label="Views"] a[href*="view=library"][aria-current]').wait_for()
        page.show(None, "SD201 wrong")
        opened.wait_for_selector("#said.faults")
        opened.close()
    assert complaints == []
