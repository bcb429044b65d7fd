"""While a line is half written, the names of all others stay: what can be read now, then what could be read before."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

import pytest

from standoff.editor.completing import completions
from standoff.editor.outline import outline
from standoff.editor.page import Page
from standoff.editor.place import place_of
from standoff.editor.pointing import pointed, settled
from standoff.editor.projects import Project
from standoff.editor.server import server
from standoff.errors import UsageError
from standoff.scenario import Symbol, renamed
from tests.test_editor_completing import SCENARIO

LINES = [number for number, line in enumerate(SCENARIO.split("\n")) if line.strip()]


def looked(path: Path, *texts: str) -> Project:
    """A scenario whose main file was written so, one text after the other."""
    project = Project(path)
    for text in texts:
        project.look({str(path): text.encode()})
    return project


def meant(project: Project, text: str, words: str, more: int = 0) -> Symbol | None:
    """What is meant at the first of some words in a text."""
    found = pointed(project, Page(text), str(project.main), text.index(words) + more)
    return None if found is None else found[1].symbol


def cut(line: int, letters: int) -> str:
    """The scenario with a line of which only the first letters were written."""
    lines = SCENARIO.split("\n")
    lines[line] = lines[line][:letters]
    return "\n".join(lines)


@pytest.mark.parametrize("share", [0.3, 0.9])
def test_a_half_written_line_takes_no_name_from_another(tmp_path: Path, share: float) -> None:
    path = tmp_path / "s.yaml"
    whole = looked(path, SCENARIO)
    assert whole.index is not None
    dark = []
    for line in LINES:
        body = len(SCENARIO.split("\n")[line].lstrip())
        indent = len(SCENARIO.split("\n")[line]) - body
        text = cut(line, indent + max(1, int(share * body)))
        project, page = Project(path, whole=whole.index), Page(text)
        project.look({str(path): text.encode()})
        for use in whole.index.uses:
            if use.place.line != line + 1:
                found = pointed(project, page, str(path), page.offset(use.place.line, use.place.column))
                if found is None or found[1].symbol.name != use.symbol.name:
                    dark.append((line + 1, use.symbol.name, use.place.line))
    assert not dark


def test_what_can_be_read_needs_no_whole_text_before_it(tmp_path: Path) -> None:
    text = SCENARIO.replace("    rate: pace\n", "    rat\n").replace("holder[p] == blue'", "holder[p] == blue")
    project = looked(tmp_path / "s.yaml", text)
    assert project.whole is None
    assert meant(project, text, "stance", 0) is None
    assert meant(project, text, "mood == tense") == Symbol("state", "mood")
    assert meant(project, text, "pace: {") == Symbol("parameter", "pace")
    codes = [fault.code for fault in project.faults]
    assert codes.count("SD102") == 2, "each mistake is told"
    sections = [one.name for one in outline(Page(text), str(project.main), project.names[0])]
    assert {"actors", "parameters", "state", "questions"} <= set(sections)


def test_a_wrong_section_an_unknown_key_and_a_missing_file_leave_the_rest(tmp_path: Path) -> None:
    for wrong in (
        SCENARIO.replace("stances:", "stanzas:"), SCENARIO.replace("    rate: pace", "    rates: pace"),
        SCENARIO.replace("title: Two posts", "title: Two posts\ninclude: gone.yaml"),
    ):  # fmt: skip
        project = looked(tmp_path / "s.yaml", wrong)
        assert any(fault.severity == "error" for fault in project.faults)
        assert meant(project, wrong, "holder[p] == blue") == Symbol("state", "holder")
        assert meant(project, wrong, "force[a, first]", 9) == Symbol("member", "first", "brigade")


def test_a_name_of_the_line_that_is_being_written_is_told_by_its_word(tmp_path: Path) -> None:
    text = SCENARIO.replace("    when: 'holder[p] == blue'", "    when: 'holder[p] == mood")
    project = looked(tmp_path / "s.yaml", SCENARIO, text)
    assert meant(project, text, "== mood", 4) == Symbol("state", "mood")
    unreadable = text + "# a sign that YAML forbids: \1\n"
    project = looked(tmp_path / "s.yaml", SCENARIO, unreadable)
    assert project.index is None
    assert meant(project, unreadable, "== mood", 4) == Symbol("state", "mood")
    comment = SCENARIO + "# the mood\n"
    assert meant(looked(tmp_path / "s.yaml", comment), comment, "# the mood", 7) is None


def test_a_rule_that_is_not_finished_has_its_variables(tmp_path: Path) -> None:
    text = SCENARIO + "  other: {ask: 'Why?'}\nwatch:\n  seen:\n    for: {place_seen: place}\n    of: holder["
    project = looked(tmp_path / "s.yaml", text)
    lines = text.split("\n")
    place = place_of(lines, len(lines) - 1, len(lines[-1]))
    assert [item.label for item in completions(place, project.names[0])] == ["place_seen", "ford", "mill"]


def test_no_name_is_changed_while_some_cannot_be_read(tmp_path: Path) -> None:
    for wrong in ("    rates: pace", "    rate: 'pace"):
        project = looked(tmp_path / "s.yaml", SCENARIO, SCENARIO.replace("    rate: pace", wrong))
        assert project.index is not None
        with pytest.raises(UsageError, match="first: what cannot be read may mean the name"):
            renamed(project.index, {Symbol("parameter", "pace"): "speed"})


def test_places_of_before_move_with_their_lines(tmp_path: Path) -> None:
    project = looked(tmp_path / "s.yaml", SCENARIO)
    assert project.index is not None
    use = next(project.index.declared(Symbol("parameter", "pace")))
    page = Page("# new\n# lines\n" + SCENARIO)
    there = settled(page, use)
    assert there is not None
    assert there.place.line == use.place.line + 2
    assert settled(Page("other: text\n"), use) is None


def test_in_a_mended_line_names_stand_where_the_author_sees_them(tmp_path: Path) -> None:
    text = SCENARIO.replace("  open: {is: truth}", "\topen: {is: truth}")
    project = looked(tmp_path / "s.yaml", text)
    assert project.index is not None
    page = Page(text)
    for use in project.index.uses:
        assert page.text.startswith(use.symbol.name, page.offset(use.place.line, use.place.column)), use
    assert "open" in {use.symbol.name for use in project.index.hidden}


def test_who_asks_while_the_files_are_read_waits_for_their_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, reading, go_on = tmp_path / "s.yaml", Event(), Event()
    look = Project.look

    def slowly(project: Project, texts: Mapping[str, bytes]) -> bool:
        reading.set()
        assert go_on.wait(60)
        return look(project, texts)

    async def session() -> Project:
        made = server(pause=0.0, longer=60.0)
        monkeypatch.setattr(made, "page", lambda path: Page(SCENARIO))
        made.projects.open[path] = SCENARIO.encode()
        project = made.projects.of(path)
        assert project is not None
        project.look({str(path): b"standoff: 1\n"})
        monkeypatch.setattr(Project, "look", slowly)
        first = asyncio.create_task(made.look(project))
        await asyncio.to_thread(reading.wait, 60)
        asked = asyncio.create_task(made.current(path.as_uri()))
        await asyncio.sleep(0)
        go_on.set()
        found, _, _ = await asked
        names = found.index.known.spaces["rule"] if found.index is not None else {}
        await first
        assert "take" in names
        return found

    # In a thread of its own: a browser's tests leave a loop running in this one.
    with ThreadPoolExecutor(1) as alone:
        assert alone.submit(lambda: asyncio.run(session())).result().main == path
