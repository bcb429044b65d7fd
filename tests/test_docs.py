"""The blocks of the documentation run: the README's scenario, the tutorial and other pages from first line to last.

In a page, ```yaml blocks make a file: each adds its top-level keys, and takes the place of those already there. A
```console block runs the lines that begin with `$ standoff`; the lines below are what it must print, where a line `…`
stands for any number of lines and a … inside a line for anything. A block marked `mistake` counts only until the next
console block, which must fail with exit code 1.
"""

from __future__ import annotations

import contextlib
import json
import re
import shlex
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from standoff.cli.app import app
from standoff.errors import faults_page
from standoff.scenario import json_schema, reference
from tests.test_house import ROWS
from tools.api_page import api_page
from tools.code_map import DATA, MARK, with_map

ROOT = Path(__file__).resolve().parent.parent
FENCE = re.compile(r"^```(yaml|console)( mistake)?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SECTION = re.compile(r"^(?=\w[\w-]*:)", re.MULTILINE)


@dataclass(frozen=True)
class Block:
    """A fenced block of a page."""

    kind: str
    mistake: bool
    text: str


def blocks_of(page: str) -> list[Block]:
    text = (ROOT / page).read_text(encoding="utf-8")
    return [Block(kind, bool(mistake), body) for kind, mistake, body in FENCE.findall(text)]


def sections(text: str) -> dict[str, str]:
    """The top-level entries of a YAML text, as text."""
    return {part.partition(":")[0]: part.rstrip("\n") + "\n" for part in SECTION.split(text) if part.strip()}


def standoff(arguments: list[str], folder: Path, said: str = "") -> Any:
    with contextlib.chdir(folder):
        return CliRunner().invoke(app, arguments, input=said)


def printed_as(expected: str, printed: str) -> bool:
    """Whether a text is what a page shows of it; blanks at the ends of lines do not count."""
    return match(expected.strip("\n").splitlines(), printed.strip("\n").splitlines())


def match(expected: list[str], printed: list[str]) -> bool:
    if not expected:
        return not printed
    if expected[0].strip() == "…":
        return any(match(expected[1:], printed[skipped:]) for skipped in range(len(printed) + 1))
    if not printed:
        return False
    pattern = ".*".join(map(re.escape, expected[0].rstrip().split("…")))
    return re.fullmatch(pattern, printed[0].rstrip()) is not None and match(expected[1:], printed[1:])


def test_the_reader_of_expected_output_can_say_no() -> None:
    assert printed_as("a\n…\nz", "a\nb\nc\nz")
    assert printed_as("a … c\n…", "a b c\nd")
    assert printed_as("…", "")
    assert not printed_as("a\n…\nz", "a\nb\nc")
    assert not printed_as("a … c", "a b d")


@pytest.mark.timeout(360)
@pytest.mark.statistical(false_alarm=0)
@pytest.mark.parametrize(
    ("page", "file", "least"),
    [
        ("tutorial", "border", 14), ("deciding", "crisis", 3), ("playing", "crisis", 4), ("when", "october", 4),
        ("start", "unused", 3),
        # What these solve is solved by other tests too.
        pytest.param("games", "tripwire", 5, marks=pytest.mark.slow),
        pytest.param("bargains", "gas", 3, marks=pytest.mark.slow),
    ],
)
def test_a_page_builds_what_it_says(page: str, file: str, least: int, tmp_path: Path) -> None:
    parts: dict[str, str] = {}
    mistaken: dict[str, str] = {}
    consoles = 0
    for block in blocks_of(f"docs/{page}.md"):
        if block.kind == "yaml":
            (mistaken if block.mistake else parts).update(sections(block.text))
            continue
        (tmp_path / f"{file}.yaml").write_text("".join({**parts, **mistaken}.values()), encoding="utf-8")
        mistaken.clear()
        for command, expected in re.findall(r"^\$ standoff (.*)\n((?:(?!\$ ).*\n)*)", block.text, re.MULTILINE):
            # What a player says stands behind the name of the seat.
            said = "".join(f"{words}\n" for words in re.findall(r"^\w+[>?] (.+)$", expected, re.MULTILINE))
            done = standoff(shlex.split(command), tmp_path, said)
            assert done.exit_code == int(block.mistake), f"standoff {command}\n{done.stdout}{done.stderr}"
            shown = done.stdout + (done.stderr if block.mistake else "")
            assert printed_as(expected, shown), f"standoff {command} prints\n{shown}\nand not\n{expected}"
            consoles += 1
    assert consoles >= least
    assert list((tmp_path / "runs").glob("*/report.html"))


@pytest.mark.timeout(60)
def test_the_scenario_of_the_readme_has_ten_lines_and_runs(tmp_path: Path) -> None:
    scenario = next(block for block in blocks_of("README.md") if block.kind == "yaml")
    assert len(scenario.text.splitlines()) == 10
    (tmp_path / "two-posts.yaml").write_text(scenario.text, encoding="utf-8")
    console = next(block for block in blocks_of("README.md") if "$ standoff run two-posts.yaml" in block.text)
    for command, expected in re.findall(r"^\$ standoff (.*)\n((?:(?!\$ ).*\n)*)", console.text, re.MULTILINE):
        done = standoff(shlex.split(command), tmp_path)
        assert done.exit_code == 0, done.stderr
        assert printed_as(expected, done.stdout), f"standoff {command} prints\n{done.stdout}\nand not\n{expected}"


def test_the_generated_pages_say_what_the_code_says() -> None:
    """`make docs` writes them."""
    docs = ROOT / "docs"
    assert (docs / "language.md").read_text(encoding="utf-8") == reference()
    assert (docs / "faults.md").read_text(encoding="utf-8") == faults_page()
    assert (docs / "api.md").read_text(encoding="utf-8") == api_page()
    page = (docs / "code-map.md").read_text(encoding="utf-8")
    assert page == with_map(page)
    assert json.loads((docs / "scenario.schema.json").read_text(encoding="utf-8")) == json_schema()
    assert json.loads((docs / "part.schema.json").read_text(encoding="utf-8")) == json_schema(part=True)


PAGES = [
    "README.md", "CONTRIBUTING.md", "CHANGELOG.md",
    *(path.relative_to(ROOT).as_posix() for path in sorted((ROOT / "docs").glob("**/*.md"))),
]  # fmt: skip


@pytest.mark.parametrize("page", PAGES)
def test_every_link_to_a_file_leads_to_one(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)", text):
        assert ((ROOT / page).parent / target).exists(), f"{page} links to {target}"


GENERATED = {"language.md", "faults.md", "api.md", "code-map.md"}


@pytest.mark.parametrize("page", [page for page in PAGES if Path(page).name not in GENERATED])
def test_lines_of_a_page_have_one_width(page: str) -> None:
    """120 characters, as in the code; tables, code and a word that is longer by itself have their own."""
    fenced = False
    for number, line in enumerate((ROOT / page).read_text(encoding="utf-8").splitlines(), 1):
        fenced ^= line.lstrip().startswith("```")
        free = fenced or line.startswith(("|", "    ", "#", "!")) or len(line.split()) < 3
        assert free or len(line) <= 120, f"{page}:{number}: {len(line)} characters"


def test_every_file_that_the_map_of_the_code_names_is_there() -> None:
    """NEW, NAME and WORD stand for names that are not there yet."""
    above = (ROOT / "docs" / "code-map.md").read_text(encoding="utf-8").partition(MARK)[0]
    named = re.findall(r"`([\w./-]+\.(?:py|ts|svelte|mjs|md|json))`", above)
    wanted = {one for one in named if not re.search("NEW|NAME|WORD", one)}
    there = [
        path.relative_to(ROOT).as_posix()
        for folder in ("src", "tests", "tools", "docs", "conformance", "viewer/src", "viewer/tools")
        for path in (ROOT / folder).rglob("*.*")
    ] + [path.name for path in ROOT.glob("*.md")]
    assert len(wanted) > 100
    assert [one for one in sorted(wanted) if not any(f"/{path}".endswith(f"/{one}") for path in there)] == []


def test_the_map_of_the_code_names_every_verb_and_every_folder_of_data() -> None:
    page = (ROOT / "docs" / "code-map.md").read_text(encoding="utf-8")
    table = page.partition("## Which verb is where")[2].partition("## Where would")[0]
    verbs = {one.name for one in app.registered_commands} | {one.name for one in app.registered_groups}
    assert verbs == set(re.findall(r"\w+", " ".join(re.findall(r"^\| (`.*?) \|", table, re.MULTILINE))))
    assert [folder for folder in DATA if not (ROOT / folder).is_dir()] == []


def test_the_map_of_the_code_gives_each_room_its_row_and_each_wing_its_neighbours() -> None:
    top = (ROOT / "docs" / "code-map.md").read_text(encoding="utf-8").partition("## Which verb is where")[0]
    rows = re.findall(r"^\| (\d+) \| (.*) \|$", top, re.MULTILINE)
    on_the_map = {room: int(row) for row, rooms in rows for room in re.findall(r"`(\w+)`", rooms)}
    assert on_the_map == {room: row for room, row in ROWS.items() if room != "__main__"}
    analysis = ROOT / "src" / "standoff" / "analysis"
    for wing in (door.parent for door in analysis.glob("*/__init__.py")):
        line = re.search(rf"^\| `{wing.name}` \| .* \| (.*) \|$", top, re.MULTILINE)
        assert line is not None, wing.name
        texts = "".join(file.read_text(encoding="utf-8") for file in wing.glob("*.py"))
        imports = set(re.findall(r"^ *from standoff\.analysis\.(\w+)", texts, re.MULTILINE)) - {wing.name}
        assert imports == set(re.findall(r"`(\w+)`", line[1])), wing.name


def test_every_test_that_a_page_names_is_there() -> None:
    there = {
        name
        for file in (ROOT / "tests").glob("test_*.py")
        for name in re.findall(r"^def (test_\w+)\(", file.read_text(encoding="utf-8"), re.MULTILINE)
    } | {file.stem for file in (ROOT / "tests").glob("test_*.py")}
    named = {
        (page.name, name)
        for page in (ROOT / "docs").glob("*.md")
        for name in re.findall(r"`(test_\w+)`", page.read_text(encoding="utf-8"))
    }
    assert len(named) > 50
    assert [(page, name) for page, name in sorted(named) if name not in there] == []
