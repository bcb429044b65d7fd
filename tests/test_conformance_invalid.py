"""Every file in conformance/invalid is refused, or warned of, with the code and at the line that it names itself."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from standoff.errors import CODES
from standoff.scenario import check

FOLDER = Path(__file__).resolve().parent.parent / "conformance" / "invalid"
FILES = sorted(FOLDER.glob("*.yaml"))
PROMISE = re.compile(r"(?:# )?(SD[0-9]{3}) line ([0-9]+)(?: of (\S+))?")


def promised(path: Path) -> tuple[str, int, str]:
    """The code, the line and the file that a file's first line names, or the text file beside it."""
    beside = path.with_suffix(".expect")
    text = beside.read_text(encoding="utf-8") if beside.exists() else path.read_text(encoding="utf-8")
    match = PROMISE.fullmatch(text.split("\n", 1)[0].strip())
    assert match is not None, f"{path.name} does not begin with '# SD204 line 7'"
    return match[1], int(match[2]), match[3] or path.name


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_an_invalid_file_is_told_with_its_code_at_its_line(path: Path) -> None:
    code, line, file = promised(path)
    assert code in CODES
    faults = check(path)
    told = [(fault.code, fault.location.line, fault.location.file) for fault in faults if fault.location]
    assert [(c, n) for c, n, name in told if name.endswith(file)].count((code, line)) >= 1, (
        f"{path.name} promises {code} in line {line} of {file}; told was\n" + "\n".join(map(str, faults))
    )


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_an_invalid_file_is_not_drowned_in_faults_that_only_follow(path: Path) -> None:
    """One mistake a file: errors other than the promised one would only mislead."""
    code, _, _ = promised(path)
    others = [fault for fault in check(path) if fault.severity == "error" and fault.code != code]
    assert not others, "\n".join(map(str, others))


def test_every_code_that_a_file_can_cause_has_a_file() -> None:
    # A file over 4 MB is made by tests/test_scenario_source.py; variants and settings are asked for by name.
    # What only a deep check finds has its files in conformance/deep.
    by_other_tests = {"SD103", "SD215", "SD216", *(code for code in CODES if code.startswith("SD42"))}
    wanted = {code for code in CODES if code[2] in "12346"} - by_other_tests
    shown = {promised(path)[0] for path in FILES}
    assert wanted - shown == set()
