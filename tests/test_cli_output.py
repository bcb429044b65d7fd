"""What is printed loses no number, steers no terminal, and finds a plain sign in every encoding."""

from __future__ import annotations

import importlib
import io
import json
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from html.parser import HTMLParser
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from standoff.cli import main
from standoff.cli.app import app
from standoff.cli.layout import EIGHTHS, bar_of, one_line, show
from standoff.cli.output import ENDLESS, PLAINLY, console_here, legible, print_json
from standoff.display import Bar, Cell, Display, Note, Row, Table, as_html, columns
from standoff.errors import visible
from standoff.scenario import entry_of
from tests.kept_results import kept_results

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
RUN_HERE = {
    "list": ["list"],
    "show": ["show", "FILE"],
    "check": ["check", "FILE", "--deep", "--runs", "5", "--quiet"],
    "records": ["records", "FILE"],
    "evidence coverage": ["evidence", "coverage", "FILE"],
    "ask": ["ask", "RUN"],
    "run": ["run", "FILE", "--runs", "20", "--out", "RUN", "--quiet"],
    "deals": ["deals", "RUN"],
    "score": ["score", "FILE", "--runs", "20", "--quiet"],
    "diff": ["diff", "FILE", "OTHER", "--runs", "5", "--quiet"],
    "elicit": ["elicit", "FILE", "--from", "EXPERTS"],
    "draft read": ["draft", "ARTICLE", "--into", "DRAFT"],
    "draft status": ["draft", "status", "DRAFT"],
}
ARTICLE = """On June 10, 2017 Red forces attacked the ford. The United States is likely to answer within 30 days.

Because the mill was lost, Blue forces withdrew 25 km. Red forces attacked the mill again on June 12, 2017.
"""
KEPT = {
    "compare": ["compare"], "claims": ["claims", "knock-out"], "sense": ["sense", "deciders"],
    "explain": ["explain-land-link"], "branch": ["branch"], "rare": ["rare"], "solve game": ["game"],
    "solve levers": ["levers"], "solve bargain": ["bargain"], "solve decide": ["decide"], "solve grow": ["grow"],
}  # fmt: skip
NO_TABLE = {
    "schema": "a JSON document", "report": "paths", "doctor": "lines", "evidence check": "lines",
    "evidence hindsight": "lines", "evidence paraphrases": "lines", "evidence digests": "a list in YAML",
    "play": "tables of the same kind, in a dialogue", "sheet": "paths", "merge": "the lines that change",
    "new": "paths", "copy": "paths",
    "draft review": "a dialogue", "draft write": "paths and counts", "draft merge": "counts", "lsp": "a protocol",
    "watch": "lines, until Ctrl-C",
}  # fmt: skip
WIDTHS = [60, 80, 100, 120, 160, ENDLESS]
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
    (folder / "other.yaml").write_text(TEXT.replace("uniform(0.5, 1.5)", "uniform(0.5, 2)"), encoding="utf-8")
    (folder / "article.txt").write_text(ARTICLE, encoding="utf-8")
    _answered(file, folder / "experts")
    return file, folder / "runs"


def _answered(file: Path, folder: Path) -> None:
    """What two experts say of a parameter."""
    asked = ["elicit", str(file), "--to", str(folder), "--parameters", "pace", "--experts", "Ann, Bo"]
    done = CliRunner().invoke(app, asked)
    assert done.exit_code == 0, done.output
    for expert, quantiles in (("A", [0.5, 1, 1.4]), ("B", [0.9, 1.2, 3])):
        page = (folder / f"{expert}.html").read_text(encoding="utf-8")
        token = json.loads(page.partition('id="asked">')[2].partition("</script>")[0])["token"]
        answers = {"q1": {"quantiles": quantiles, "why": "\x1b[31msince"}}
        content = {"standoff_elicitation": 1, "expert": expert, "token": token, "answers": answers}
        (folder / f"{expert}.json").write_text(json.dumps(content), encoding="utf-8")


def words_of(words: list[str], made: tuple[Path, Path]) -> list[str]:
    file, run = made
    there = {"OTHER": "other.yaml", "EXPERTS": "experts", "ARTICLE": "article.txt", "DRAFT": "draft"}
    paths = {"FILE": file, "RUN": run, **{word: file.parent / name for word, name in there.items()}}
    return [str(paths.get(word, word)) for word in words]


@pytest.fixture(scope="module")
def shown(made: tuple[Path, Path]) -> dict[str, list[Display]]:
    """What each verb shows."""
    kept = kept_results()
    everything = {verb: [kept[name].display() for name in names] for verb, names in KEPT.items()}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("standoff.scenario.catalogue", lambda: (entry_of("ford", made[0], "ford.yaml"),))
        for verb, words in RUN_HERE.items():
            displays: list[Display] = []
            for room in ("layout", "answers"):
                into = partial(keeping, displays)
                patch.setattr(importlib.import_module(f"standoff.cli.{room}"), "show", into)
            done = CliRunner().invoke(app, words_of(words, made))
            assert done.exit_code in (0, 1), f"{verb}: {done.output}"
            everything[verb] = displays
    return everything


def keeping(displays: list[Display], display: Display, *, everything: bool = False) -> None:
    displays.append(display)


def verbs_of(command: object, name: str = "") -> Iterator[str]:
    """Every verb, those of a group with the name of the group."""
    inside = getattr(command, "commands", None)
    if inside is None:
        yield name
    for verb, one in (inside or {}).items():
        yield from verbs_of(one, f"{name} {verb}".strip())


def test_every_verb_has_a_case_here() -> None:
    assert set(verbs_of(typer.main.get_command(app))) == {*RUN_HERE, *KEPT, *NO_TABLE}


class Screen(io.StringIO):
    """What takes itself for a terminal."""

    def isatty(self) -> bool:
        return True


def printed_at(display: Display, width: int, *, everything: bool = True) -> str:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "stdout", Screen() if width < ENDLESS else io.StringIO())
        patch.setenv("COLUMNS", str(width))
        show(display, everything=everything)
        text = sys.stdout.getvalue()  # type: ignore[attr-defined]
    return STYLE.sub("", text)


def told_in_numbers(display: Display) -> Iterator[str]:
    """Every text of a result that has numbers, but for authors' texts, which may wrap anywhere."""
    yield display.sentence
    yield display.about
    for part in display.parts:
        if isinstance(part, Table):
            for at, column in enumerate(part.columns):
                cells = [row.cells[at] for row in part.rows]
                if column.kind in ("number", "name"):
                    yield from (cell.text if isinstance(cell, Cell) else str(cell) for cell in cells)
        else:
            yield part.text


@pytest.mark.parametrize(
    "width", [width if width in (60, 100, ENDLESS) else pytest.param(width, marks=pytest.mark.slow) for width in WIDTHS]
)
def test_no_verb_crops_a_number_or_is_wider_than_the_screen(shown: dict[str, list[Display]], width: int) -> None:
    for verb, displays in shown.items():
        for display in displays:
            text = printed_at(display, width)
            there = Counter(NUMBER.findall(text))
            for words in told_in_numbers(display):
                for number in NUMBER.findall(words):
                    assert there[number], f"{verb} at {width}: {number} of '{words}' is not in\n{text}"
            whole = {part.text for part in display.parts if isinstance(part, Note) and part.whole}
            for line in text.splitlines():
                assert len(line) <= width or line.strip() in whole or " " not in line.strip(), f"{verb}: {line}"


class Texts(HTMLParser):
    """What stands in a page: its texts, and the titles that appear over them."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.texts += [value for name, value in attrs if name == "title" and value is not None]


def test_a_notebook_tells_the_numbers_of_the_terminal_digit_for_digit() -> None:
    """What a terminal shows at first stands in a notebook, which folds rows away, and a notebook adds nothing."""
    for verb, made in kept_results().items():
        page, display = Texts(), made.display()
        page.feed(as_html(display))
        notebook = Counter(NUMBER.findall(" \n ".join(page.texts)))
        first, everything = (
            Counter(NUMBER.findall(printed_at(display, ENDLESS, everything=whole))) for whole in (False, True)
        )
        assert first and not first - notebook, f"{verb}: a notebook lacks {first - notebook}"
        # The heads of folded rows stand there again, and how many rows those are.
        beyond = set(notebook) - set(everything) - set(first)
        assert not beyond, f"{verb}: a terminal lacks {beyond}"


def test_what_is_not_shown_at_first_is_counted(shown: dict[str, list[Display]]) -> None:
    folded = 0
    for verb, displays in shown.items():
        for display in displays:
            text = " ".join(printed_at(display, 80, everything=False).split())
            for part in display.parts:
                if isinstance(part, Table) and part.first < len(part.rows):
                    assert f"{part.rest} (--all)" in text, verb
                    folded += 1
    assert folded >= 5


@pytest.mark.parametrize("width", [60, 80, 100])
def test_a_row_with_numbers_takes_two_lines_on_a_narrow_screen(width: int) -> None:
    ask = "Will a force that the United States backs have opened an offensive by the end of the year?"
    heads = columns("question", "", "probability", "95% interval", number=("probability", "95% interval"), bar=("",))
    table = Table(heads, (Row((Cell(ask, "deir-offensive"), Bar(0.163, 0.1, 0.2), "16.3%", "9.8–20.1%")),))
    lines = printed_at(Display("", "", (table,)), width).splitlines()
    numbers = next(line for line in lines if "16.3%" in line)
    assert "9.8–20.1%" in numbers and "█▋" in numbers and "Will" not in numbers
    above = " ".join(" ".join(lines[: lines.index(numbers)]).split())
    assert above.endswith(f"{ask} deir-offensive")


def test_where_numbers_do_not_fit_side_by_side_they_follow_each_other_by_name() -> None:
    heads = [f"number {n}" for n in range(8)]
    row = Row(("ford", *(f"{n}.123456789" for n in range(8))))
    text = printed_at(Display("", "", (Table(columns("name", *heads, number=heads), (row,), "Much"),)), 60)
    assert all(f"number {n}: {n}.123456789" in text for n in range(8))
    assert max(map(len, text.splitlines())) <= 60


@pytest.mark.parametrize(
    ("bar", "signs", "text"),
    [
        (Bar(0.5, 0.4, 0.6), EIGHTHS, "█████"), (Bar(0.56, 0.4, 0.6), EIGHTHS, "█████▋"),
        (Bar(1, 1, 1), " #", "#" * 10),
        (Bar(0.56, 0.4, 0.6), " #", "######"), (Bar(0.0, 0, 0), EIGHTHS, ""), (Bar(7.0, 0, 0), EIGHTHS, "█" * 10),
        (Bar(0.3, 0.2, 0.4, signed=True, most=0.6), EIGHTHS, "     │██▌"),
        (Bar(-0.6, -0.7, -0.5, signed=True, most=0.6), EIGHTHS, "█████│"),
        (Bar(-0.3, -0.4, -0.2, signed=True, most=0.6), " #", "   ##|"),
        (Bar(0.0, 0, 0, signed=True, most=0.0), " #", "     |"),
    ],
)  # fmt: skip
def test_bars_are_as_long_as_their_values(bar: Bar, signs: str, text: str) -> None:
    assert bar_of(bar, signs) == text


@pytest.mark.parametrize(("encoding", "there"), [("utf-8", "█"), ("ascii", "#"), ("cp1252", "#")])
def test_bars_use_what_the_terminal_has_and_a_pipe_has_none(
    shown: dict[str, list[Display]], encoding: str, there: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (display,) = shown["compare"]
    for watched in (True, False):
        stream = io.TextIOWrapper(io.BytesIO(), encoding=encoding, errors=PLAINLY)
        stream.isatty = lambda watched=watched: watched  # type: ignore[method-assign, misc]
        monkeypatch.setattr(sys, "stdout", stream)
        with legible():
            show(display)
        stream.flush()
        text = stream.buffer.getvalue().decode(encoding)  # type: ignore[attr-defined]
        assert (there in text) == watched


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
