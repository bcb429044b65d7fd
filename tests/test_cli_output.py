"""What is printed loses no number, steers no terminal, and finds a plain sign in every encoding."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from rich.text import Text
from typer.testing import CliRunner

from standoff.cli import layout, main
from standoff.cli.app import app
from standoff.cli.layout import Sheet, new_table, one_line
from standoff.cli.output import ENDLESS, PLAINLY, console_here, legible, print_json
from standoff.errors import visible

TEXT = """
standoff: 1
title: "≈ Ford – mill … \\e]0;owned\\a\\e[2J \\u202Edlim"
starts: 2017-01-01
ends: 2017-10-17
sources: {s: {title: "\\e[31mSource", paragraphs: 2}}
actors: {blue: {name: "\\e[31mBlue [red]x[/red]"}, red: {}}
places: {ford: {}, mill: {}}
state: {steps: {evidence: s#p1}, holder: {of: place, is: actor}}
begin: {holder: {ford: blue, mill: red}}
parameters:
  pace: {prior: "uniform(0.5, 1.5)", evidence: {from: s#p2, says: "\\e[31msays"}}
  lost: {prior: "uniform(0.001, 0.0099)", evidence: assumption}
rules:
  step: {rate: pace, then: [steps += 1]}
  taken:
    {for: {p: place, a: actor}, when: 'holder[p] != a', rate: lost, then: ['holder[p] = a'], event: ASSAULT by a at p}
stances:
  blue: {options: [talks, fights], changes: [{from: talks, to: fights, rate: 0.01}]}
deals:
  peace: {parties: {blue: {deal: 2, no_deal: 1}, red: {deal: 2, no_deal: 1}}, rate: 0.01, terms: [steps += 100]}
questions:
  many-steps-are-taken-before-the-autumn:
    {ask: "Will there be \\e[31mmany\\r\\nFAKE LINE 100%?", when: steps >= 280, at: 2017-10-17,
     recorded: {outcome: yes}, forecast: {id: F1, words: "\\u202Elikely", low: 0.55, high: 0.8}}
  steps: {ask: How many steps?, number: steps, at: 2017-10-17}
  ford-falls: {ask: When does the ford fall?, first: 'holder[ford] == red', by: 2017-10-17}
  fight: {ask: Is there an assault?, happens: {type: ASSAULT}, by: 2017-10-17}
claims: {more: {says: "\\e[31mMore.", raise: pace, expect: steps rises, evidence: s#p1}}
record:
  E1:
    {at: 2017-06-10, until: 2017-06-12, event: ASSAULT by red at ford, holder: red, about: "\\e[31mrec", evidence: s#p1}
watch: {steps: {of: steps}}
notes: "\\e[31mnote"
"""
VERBS = {
    "list": [],
    "show": ["FILE"],
    "records": ["FILE"],
    "evidence": ["coverage", "FILE"],
    "ask": ["RUN"],
    "deals": ["RUN"],
    "compare": ["FILE", "--what", "slow: pace=0.55", "--what", "fast: pace=1.4", "--runs", "20", "--quiet"],
    "claims": ["FILE", "--runs", "100", "--quiet"],
    "sense": ["FILE", "--runs", "10", "--quiet"],
    "explain": ["FILE", "--question", "fight", "--runs", "20", "--stories", "1", "--quiet"],
    "branch": ["FILE", "--at", "2017-05-05", "--runs", "5", "--change", "pace=0.6", "--quiet"],
    "rare": ["FILE", "--question", "fight", "--replicates", "2", "--particles", "10", "--quiet"],
    "score": ["FILE", "--runs", "20", "--quiet"],
}
NUMBER = re.compile(r"[-+]?[0-9][0-9.,%-]*")
STYLE = re.compile(r"\x1b\[[0-9;]*m")
STEERING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A scenario whose texts are hostile, and a folder of its runs."""
    folder = tmp_path_factory.mktemp("screen")
    file = folder / "ford.yaml"
    file.write_text(TEXT, encoding="utf-8")
    done = CliRunner().invoke(app, ["run", str(file), "--runs", "20", "--quiet", "--out", str(folder / "runs")])
    assert done.exit_code == 0, done.output
    return file, folder / "runs"


def words_of(verb: str, made: tuple[Path, Path]) -> list[str]:
    return [verb, *({"FILE": str(made[0]), "RUN": str(made[1])}.get(word, word) for word in VERBS[verb])]


@pytest.fixture(scope="module")
def sheets(made: tuple[Path, Path]) -> dict[str, list[Sheet]]:
    """Every table that each verb prints."""
    printed: dict[str, list[Sheet]] = {}
    plain = layout.Sheet.__init__
    with pytest.MonkeyPatch.context() as patch:
        for verb in VERBS:
            tables: list[Sheet] = []

            def keeping(sheet: Sheet, *arguments: object, into: list[Sheet] = tables, **options: object) -> None:
                plain(sheet, *arguments, **options)  # type: ignore[arg-type]
                into.append(sheet)

            patch.setattr(layout.Sheet, "__init__", keeping)
            done = CliRunner().invoke(app, words_of(verb, made))
            assert done.exit_code == 0, f"{verb}: {done.output}"
            printed[verb] = tables
    return printed


class Screen(io.StringIO):
    """What takes itself for a terminal."""

    def isatty(self) -> bool:
        return True


def shown(sheet: Sheet, width: int) -> str:
    for column in sheet.columns:
        column.width = None
    sheet.padding = (0, 1)
    with pytest.MonkeyPatch.context() as patch:
        screen = Screen()
        patch.setattr(sys, "stdout", screen if width < ENDLESS else io.StringIO())
        patch.setenv("COLUMNS", str(width))
        console_here().print(sheet)
        printed = sys.stdout.getvalue()
    return STYLE.sub("", printed)


@pytest.mark.parametrize("width", [60, 80, 100, ENDLESS])
@pytest.mark.parametrize("verb", VERBS)
def test_no_table_of_any_verb_crops_a_number_or_is_wider_than_the_screen(
    sheets: dict[str, list[Sheet]], verb: str, width: int
) -> None:
    assert sheets[verb]
    for sheet in sheets[verb]:
        text = shown(sheet, width)
        assert max(map(len, text.splitlines())) <= width, text
        there = NUMBER.findall(text)
        for column in sheet.columns:
            if column.header in sheet.kept:
                for cell in column.cells:
                    for number in NUMBER.findall(Text.from_markup(str(cell)).plain):
                        assert number in there, f"{number} of '{column.header}' is not in\n{text}"


@pytest.mark.parametrize("width", [60, 80, 100, ENDLESS])
def test_texts_wrap_and_lose_no_letter(width: int) -> None:
    table = new_table("Questions", ("question", "probability", "95% interval"), right=("probability", "95% interval"))
    ask = "Will a force that the United States backs have opened an offensive into Deir ez-Zor by the end of the year?"
    table.add_row(f"{ask} [dim]deir-offensive[/dim]", "0.000163", "0.000098 – 0.0002")
    text = shown(table, width)
    assert "".join(text.split()).count("0.000163") == 1
    assert re.sub(r"\W", "", ask) in re.sub(r"\W|0\.000163|0\.000098|0\.0002", "", text.replace("deir-offensive", ""))


def test_a_row_becomes_a_list_where_its_numbers_do_not_fit_side_by_side() -> None:
    columns = [f"number {n}" for n in range(8)]
    table = new_table("Much", ("name", *columns), right=columns)
    table.add_row("ford", *(f"{n}.123456789" for n in range(8)))
    lines = shown(table, 60).splitlines()
    assert lines[:3] == ["Much", "", "ford"]
    assert lines[3:] == [f"  number {n}: {n}.123456789" for n in range(8)]


def test_a_pipe_has_no_width_whatever_columns_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    monkeypatch.setattr(sys, "stdout", io.StringIO())
    assert console_here().width == ENDLESS
    monkeypatch.setattr(sys, "stdout", Screen())
    assert console_here().width == 60


# -- control characters ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        ("\x1b[31m", "\\u001b[31m"), ("\x9b31m", "\\u009b31m"), ("\u202eevil", "\\u202eevil"), ("a\rb", "a\\u000db"),
        ("\u2066x\u2069", "\\u2066x\\u2069"), ("\U000e0041", "\\udb40\\udc41"), ("Zōr\tß\n", "Zōr\tß\n"), ("👍", "👍"),
    ],
)  # fmt: skip
def test_control_characters_become_signs_and_letters_stay(text: str, sign: str) -> None:
    assert visible(text) == sign


def test_the_signs_in_json_mean_the_very_characters() -> None:
    content = {"title": "\x1b[2J \u202e \x9b \U000e0041 \u2028"}
    assert json.loads(visible(json.dumps(content, ensure_ascii=False))) == content


def printed(words: list[str], encoding: str = "utf-8") -> tuple[int, bytes, bytes]:
    """The exit code of a command, and what it writes to its two streams, which have an encoding."""
    streams = [io.TextIOWrapper(io.BytesIO(), encoding=encoding) for _ in range(2)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "argv", ["standoff", *words])
        patch.setattr(sys, "stdout", streams[0])
        patch.setattr(sys, "stderr", streams[1])
        with pytest.raises(SystemExit) as ended:
            main()
    for stream in streams:
        stream.flush()
    output, messages = (stream.buffer.getvalue() for stream in streams)  # type: ignore[attr-defined]
    return int(ended.value.code or 0), output, messages


@pytest.mark.parametrize("words", [["show", "FILE"], ["show", "FILE", "--expanded"], ["ask", "RUN"], ["check", "FILE"],
                                   ["records", "FILE"], ["ask", "RUN", "--json"], ["check", "\x1b[2J.yaml"]],
)  # fmt: skip
def test_no_text_of_a_scenario_or_a_command_reaches_the_terminal_as_a_control_sequence(
    made: tuple[Path, Path], words: list[str]
) -> None:
    words = [{"FILE": str(made[0]), "RUN": str(made[1])}.get(word, word) for word in words]
    _, output, messages = printed(words)
    text = (output + messages).decode("utf-8")
    assert text
    assert STEERING.findall(text) == []
    assert not any(line.startswith("FAKE LINE") for line in text.splitlines())
    if "--json" in words:
        assert "\r\nFAKE LINE" in json.loads(output)["questions"][0]["ask"]


def test_the_explicit_form_of_hostile_texts_is_read_as_the_same_scenario(
    made: tuple[Path, Path], tmp_path: Path
) -> None:
    from standoff import scenario

    _, output, _ = printed(["show", str(made[0]), "--expanded"])
    (tmp_path / "again.yaml").write_bytes(output)
    assert scenario.load(tmp_path / "again.yaml").document.title == scenario.load(made[0]).document.title


def test_brackets_and_colons_of_an_author_are_no_markup(capsys: pytest.CaptureFixture[str]) -> None:
    console_here().print(one_line("[bold]x[/bold] :warning: [link=http://evil]y[/link]\nz"))
    assert capsys.readouterr().out == "[bold]x[/bold] :warning: [link=http://evil]y[/link] z\n"


# -- encodings -------------------------------------------------------------------------------------------------------


def told_in(encoding: str, text: str) -> None:
    """The title of the scenario and the first of its questions, in signs that the encoding has."""
    assert "How many steps?" in text
    if encoding == "ascii":
        assert "~ Ford - mill ..." in text


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "latin-1"])
def test_answers_are_told_in_every_encoding(made: tuple[Path, Path], encoding: str) -> None:
    code, output, messages = printed(["ask", str(made[1])], encoding)
    assert (code, messages) == (0, b"")
    told_in(encoding, output.decode(encoding))
    json_here, json_anywhere = (printed(["ask", str(made[1]), "--json"], name)[1] for name in (encoding, "utf-8"))
    assert json.loads(json_here.decode(encoding)) == json.loads(json_anywhere.decode("utf-8"))


def test_a_process_takes_its_encoding_from_where_it_is_started(made: tuple[Path, Path]) -> None:
    environment = os.environ | {"PYTHONIOENCODING": "ascii"}
    command = [sys.executable, "-m", "standoff", "ask", str(made[1])]
    done = subprocess.run(command, capture_output=True, check=False, env=environment, timeout=100)
    assert (done.returncode, done.stderr) == (0, b"")
    told_in("ascii", done.stdout.decode("ascii"))


def test_what_an_encoding_has_not_becomes_the_nearest_plain_sign() -> None:
    with legible():
        assert "≈ – … Zōr ² ﬁ 漢 →".encode("ascii", PLAINLY) == b"~ - ... Zor 2 fi ? ->"


@pytest.mark.parametrize("text", ['{"a": "é≈👍"}', '["\\u0001"]\n'])
def test_json_in_ascii_says_the_same(
    text: str, monkeypatch: pytest.MonkeyPatch, write: Callable[[], io.TextIOWrapper]
) -> None:
    stream = write()
    monkeypatch.setattr(sys, "stdout", stream)
    print_json(text)
    stream.flush()
    said = stream.buffer.getvalue()  # type: ignore[attr-defined]
    assert json.loads(said.decode("ascii")) == json.loads(text)


@pytest.fixture
def write() -> Callable[[], io.TextIOWrapper]:
    return lambda: io.TextIOWrapper(io.BytesIO(), encoding="ascii")
