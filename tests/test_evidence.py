"""Evidence: digests that notice every change of a text, and which paragraphs support what."""

from __future__ import annotations

import json
import os
import unicodedata
from itertools import permutations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from standoff import evidence
from standoff.cli.app import app
from standoff.errors import Faults
from standoff.scenario import hindsight, load, named_sections, supports
from standoff.scenario.foundations import APART
from tests.proofs import first_of

SHARED = Path(os.environ.get("STANDOFF_SHARED", Path(__file__).resolve().parent.parent.parent / "shared"))
TEXT = "One   thing.\n\n \t\nAnother thing,\nand a third.\n"
SCENARIO = """
standoff: 1
title: What rests on what
starts: 2017-06-01
ends: 2017-06-30
sources:
  paper:
    title: A paper
    paragraphs: 3
    remarks: [{at: 3, is: furniture, why: a disclaimer}, {at: "1-2", is: disputed}]
DIGESTS
actors: {blue: {evidence: [{from: paper#p1, contradicts: true}]}, red: {}}
state: {steps: {evidence: assumption}}
parameters:
  pace: {prior: 0.1, evidence: [paper#p1, assumption]}
  will: {prior: 0.2, evidence: [{from: assumption, hindsight: true}]}
rules: {step: {rate: pace * will, then: [steps += 1], evidence: [paper#p1]}}
ties: {rivalry: [{from: blue, to: red, evidence: paper#p1}]}
"""


def written(tmp_path: Path, digests: list[str]) -> str:
    lines = "\n".join(["    digests:", *(f"      - {one}" for one in digests)]) if digests else ""
    file = tmp_path / "scenario.yaml"
    file.write_text(SCENARIO.replace("DIGESTS", lines), encoding="utf-8")
    return str(file)


def digests_of(text: str) -> list[str]:
    return [evidence.digest(one) for one in evidence.paragraphs(text)]


def test_paragraphs_are_the_lines_that_are_not_empty() -> None:
    assert evidence.paragraphs(TEXT) == ["One thing.", "Another thing,", "and a third."]


@given(st.lists(st.sampled_from(["a", "b", " ", "  ", "\t"]), max_size=12), st.sampled_from([" ", "\t", "   "]))
def test_blanks_between_words_do_not_matter(parts: list[str], blank: str) -> None:
    text = "x " + "".join(parts)
    assert evidence.digest(text) == evidence.digest(text.replace(" ", blank))


def test_an_unchanged_text_passes_and_every_change_is_told(tmp_path: Path) -> None:
    path = written(tmp_path, digests_of(TEXT))
    texts = tmp_path / "texts"
    texts.mkdir()
    document = load(path).document

    def told(text: str) -> tuple[int, tuple[str, ...]]:
        (texts / "paper.txt").write_text(text, encoding="utf-8")
        (one,) = evidence.check(document, texts)
        return one.same, one.problems

    assert told(TEXT) == (3, ())
    assert told(TEXT.replace("thing,", "thing;")) == (2, ("p2 is not the original text",))
    moved = told("A new first.\n" + TEXT)
    assert moved == (0, ("4 paragraphs, but the original had 3", "p1 is now p2", "p2 is now p3", "p3 is now p4"))
    gone = [f"p{number} is not the original text" for number in (1, 2, 3)]
    assert told("") == (0, ("0 paragraphs, but the original had 3", *gone))
    (texts / "paper.txt").unlink()
    (one,) = evidence.check(document, texts)
    assert one.problems == ("there is no paper.txt",)


def test_coverage_says_what_each_paragraph_supports_and_what_rests_on_none(tmp_path: Path) -> None:
    found = evidence.coverage({"mine": load(written(tmp_path, [])).document})
    first, second, third = found.paragraphs
    assert first.supports == ("parameters/pace", "rules/step", "ties/rivalry blue - red")
    assert first.contradicts == ("actors/blue",)
    assert (second.supports, second.remarks, third.remarks) == ((), ("disputed",), ("furniture: a disclaimer",))
    assert found.unexplained == ()
    assert found.assumed == ("state/steps", "parameters/will")
    assert found.hindsight == ("parameters/will",)


def test_evidence_counts_wherever_the_language_has_it(tmp_path: Path) -> None:
    more = """
kinds: {base: {members: [fort], evidence: paper#p1}}
places: {ford: {at: [34, 40], evidence: paper#p1}, mill: {at: [34.4, 40.6]}}
routes: [{between: [ford, mill], evidence: paper#p2}]
"""
    file = tmp_path / "scenario.yaml"
    file.write_text(SCENARIO.replace("DIGESTS", "") + more, encoding="utf-8")
    there = {(one.section, one.name, one.at) for one in supports(load(file).document)}
    assert there >= {
        ("kinds", "base", "paper#p1"), ("places", "ford", "paper#p1"), ("routes", "ford - mill", "paper#p2"),
        ("ties", "rivalry blue - red", "paper#p1"),
    }  # fmt: skip


LATER = "{from: assumption, hindsight: true}"
EVERYWHERE = f"""
standoff: 1
title: Hindsight everywhere
starts: 2017-06-01
ends: 2017-06-30
kinds: {{base: {{members: [fort], evidence: {LATER}}}}}
actors: {{blue: {{evidence: {LATER}}}, red: {{}}}}
places: {{ford: {{at: [34, 40], evidence: {LATER}}}, mill: {{at: [34.4, 40.6]}}}}
routes: [{{between: [ford, mill], evidence: {LATER}}}]
groups: {{sides: {{of: actor, members: [blue, red], evidence: {LATER}}}}}
relations: {{hosts: {{of: [actor, actor], pairs: [[blue, red]], evidence: {LATER}}}}}
state: {{steps: {{evidence: {LATER}}}, store: {{at_least: 0}}, holder: {{of: place, is: actor, evidence: assumption}}}}
flows: {{drain: {{into: store, rate: -1, evidence: {LATER}}}}}
define: {{few: {{is: steps < 3, evidence: {LATER}}}}}
parameters: {{pace: {{prior: 0.1, evidence: {LATER}}}}}
zones: {{ring: {{places: [ford], holder: blue, excludes: red, evidence: {LATER}}}}}
red_lines: {{entry: {{of: blue, crossed_by: [{{rule: step, by: red, at: ford}}], evidence: {LATER}}}}}
ties: {{rivalry: [{{from: blue, to: red, evidence: {LATER}}}]}}
corridors: {{road_west: {{from: ford, to: mill, friendly: red, evidence: {LATER}}}}}
stances: {{red: {{options: [calm, alert], changes: [{{from: calm, to: alert, rate: pace, evidence: {LATER}}}]}}}}
deals:
  truce: {{parties: {{blue: {{deal: 1, no_deal: 0}}, red: {{deal: 1, no_deal: 0}}}}, rate: pace, evidence: {LATER}}}
goals: {{blue: {{is: steps, evidence: {LATER}}}}}
decisions:
  go:
    {{of: red, comes: {{rate: pace}}, options: {{stay: {{}}, leave: {{evidence: {LATER}}}}}, policy: {{always: stay}}}}
policies: {{firm: {{of: red, decisions: {{go: {{always: leave}}}}, evidence: {LATER}}}}}
levers: {{hold: {{of: red, policies: [as_written, firm], evidence: {LATER}}}}}
orders: {{march: {{of: red, then: [steps += 1], evidence: {LATER}}}}}
injects: {{storm: {{at: 2017-06-10, then: [steps += 1], evidence: {LATER}}}}}
rules: {{step: {{rate: pace, then: [steps += 1], evidence: {LATER}}}}}
questions:
  many: {{ask: Many?, when: steps > 3, at: 2017-06-20, forecast: {{low: 0.1, high: 0.3, evidence: {LATER}}}}}
claims: {{pace-counts: {{says: A pace counts., raise: step, expect: steps rises, evidence: {LATER}}}}}
seats: {{west: {{plays: blue, evidence: {LATER}}}}}
watch: {{steps: {{of: steps, evidence: {LATER}}}}}
"""


def everywhere(tmp_path: Path, *changes: tuple[str, str]) -> dict[str, list[str]]:
    """What counts as hindsight in that scenario, by section."""
    text = EVERYWHERE
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    file = tmp_path / "scenario.yaml"
    file.write_text(text, encoding="utf-8")
    listed: dict[str, list[str]] = {}
    for one in hindsight(load(file).document):
        listed.setdefault(one.section, []).append(one.name)
    return listed


def test_hindsight_counts_wherever_it_can_move_an_answer(tmp_path: Path) -> None:
    listed = everywhere(tmp_path)
    assert set(listed) == {*named_sections("evidence"), "routes", "ties"} - set(APART)
    assert (listed["decisions"], listed["stances"], listed["questions"]) == (["go"], ["red"], ["many"])


def test_an_inject_that_is_off_and_what_is_recorded_are_no_hindsight(tmp_path: Path) -> None:
    off = everywhere(tmp_path, ("storm: {at", "storm: {on: false, at"))
    recorded = ("forecast: {low: 0.1, high: 0.3, evidence", "recorded: {outcome: yes, evidence")
    assert "injects" not in off
    assert "questions" not in everywhere(tmp_path, recorded)


def test_a_text_that_speaks_of_days_after_the_start_is_hindsight_unless_it_is_argued(tmp_path: Path) -> None:
    source = Path(written(tmp_path, []))

    def listed(dated: str, piece: str = "paper#p1") -> set[str]:
        text = SCENARIO.replace("DIGESTS", dated).replace("evidence: [paper#p1]}}", f"evidence: [{piece}]}}}}")
        source.write_text(text, encoding="utf-8")
        return {one.of for one in hindsight(load(str(source)).document)} - {"parameters/will"}

    assert listed("    date: 2017-06-01") == set()
    assert listed("    date: 2017-06-02") == {"actors/blue", "parameters/pace", "rules/step", "ties/rivalry blue - red"}
    assert listed("    date: 2019-11-01\n    until: 2017-05-31") == set()
    argued = "{from: paper#p1, hindsight: false}"
    assert listed("    date: 2017-06-02", argued) == {"actors/blue", "parameters/pace", "ties/rivalry blue - red"}


def test_hindsight_is_listed_by_kind_with_its_places(tmp_path: Path) -> None:
    path = written(tmp_path, [])
    told = CliRunner().invoke(app, ["evidence", "hindsight", path])
    assert told.output.splitlines()[0].endswith(": 1 parameter")
    assert told.output.splitlines()[1].endswith("scenario.yaml:16 parameters/will assumption")
    plain = CliRunner().invoke(app, ["evidence", "hindsight", path, "--json"])
    ((one,),) = json.loads(plain.output)["scenarios"].values()
    assert (one["of"], one["at"], one["line"]) == ("parameters/will", "assumption", 16)


def test_locators_that_say_what_they_support_are_counted_and_the_others_listed(tmp_path: Path) -> None:
    path = Path(written(tmp_path, []))
    says = "rules: {step: {rate: pace * will, then: [steps += 1], evidence: [{from: paper#p1, says: A step leads on}]}}"
    silent = "rules: {step: {rate: pace * will, then: [steps += 1], evidence: [paper#p1]}}"
    before = evidence.paraphrases({"mine": load(path).document})
    assert silent in path.read_text(encoding="utf-8")
    path.write_text(path.read_text(encoding="utf-8").replace(silent, says), encoding="utf-8")
    after = evidence.paraphrases({"mine": load(path).document, "the same": load(path).document})
    # A parameter and a rule count, `assumption` is no locator; an actor and a tie are told apart.
    assert (before.say, before.locators, after.say, after.locators) == (0, 2, 1, 2)
    assert [one.of for one in after.silent] == ["actors/blue", "parameters/pace", "ties/rivalry blue - red"]
    told = CliRunner().invoke(app, ["evidence", "paraphrases", str(path)]).output.splitlines()
    assert told[0].endswith("scenario.yaml:15 parameters/pace paper#p1")
    assert "1 of 2 locators on rules, parameters, decisions and goals say what they support" in told[1]
    assert len(CliRunner().invoke(app, ["evidence", "paraphrases", str(path), "--all"]).output.splitlines()) == 4


def test_a_paragraph_that_nothing_rests_on_and_no_remark_explains_is_named(tmp_path: Path) -> None:
    path = Path(written(tmp_path, []))
    path.write_text(path.read_text().replace('{at: "1-2", is: disputed}', "{at: 1, is: disputed}"), encoding="utf-8")
    assert evidence.coverage({"mine": load(path).document}).unexplained == ("paper#p2",)


def test_coverage_is_the_same_in_any_order_of_documents(tmp_path: Path) -> None:
    """Two scenarios that remark on other paragraphs of one source, and a third that does not count them."""
    head = "standoff: 1\ntitle: T\nstarts: 2017-01-01\nends: 2017-02-01\nsources: {paper: {title: A paper, "
    said = [
        "paragraphs: 3, remarks: [{at: 1, is: caption}, {at: 2, is: disputed}]}}",
        "paragraphs: 3, remarks: [{at: 3, is: caption}, {at: 2, is: disputed}, {at: 2, is: furniture}]}}",
        "remarks: [{at: 5, is: caption}]}}\nparameters: {pace: {prior: 1, evidence: paper#p4}}",
    ]
    documents = {}
    for name, sources in zip("abc", said, strict=True):
        file = tmp_path / f"{name}.yaml"
        file.write_text(head + sources + "\n", encoding="utf-8")
        documents[name] = load(file).document
    for order in permutations(documents):
        found = evidence.coverage({name: documents[name] for name in order})
        there = [(one.at, one.supports, tuple(sorted(one.remarks))) for one in found.paragraphs]
        assert there == [
            ("paper#p1", (), ("caption",)), ("paper#p2", (), ("disputed", "furniture")), ("paper#p3", (), ("caption",)),
            ("paper#p4", ("parameters/pace",), ()), ("paper#p5", (), ("caption",)),
        ]  # fmt: skip
        assert (found.unexplained, found.uncounted) == ((), ())


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ("at: 3,", "at: 4,"),
        ("at: 3,", "at: x,"),
        ('at: "1-2"', 'at: "2-1"'),
        ("DIGESTS", "    digests: [abc]"),
        ("DIGESTS", "    digests: [" + ", ".join(["z" * 64] * 3) + "]"),
    ],
)
def test_remarks_and_digests_that_cannot_be_meant_are_refused(tmp_path: Path, wrong: str, told: str) -> None:
    file = tmp_path / "wrong.yaml"
    file.write_text(SCENARIO.replace(wrong, told).replace("DIGESTS", ""), encoding="utf-8")
    with pytest.raises(Faults, match="SD203"):
        load(file)


@pytest.mark.parametrize("names", first_of([["eastern-syria-2017"], []]), ids=["one", "all"])
def test_the_bundled_scenarios_locators_point_at_what_was_read(names: list[str]) -> None:
    seeds = SHARED / "seeds"
    if not seeds.is_dir():
        pytest.skip(f"{seeds} is not there")
    result = CliRunner().invoke(app, ["evidence", "check", *names, "--sources", str(seeds), "--json"])
    assert result.exit_code == 0, result.output
    told = {one["source"]: (one["same"], one["paragraphs"]) for one in json.loads(result.stdout)["sources"]}
    assert told == {
        "aljazeera-2018": (20, 20), "bi-2017": (27, 27), "brussels-2021": (7, 7), "carnegie-2017": (11, 11),
        "isw-2023": (51, 51),
    }  # fmt: skip


def test_the_verbs_print_what_they_found(tmp_path: Path) -> None:
    path = written(tmp_path, digests_of(TEXT))
    (tmp_path / "paper.txt").write_text(TEXT.replace("third", "fourth"), encoding="utf-8")
    checked = CliRunner().invoke(app, ["evidence", "check", path, "--sources", str(tmp_path)])
    assert checked.exit_code == 1
    assert "2 of 3 paragraphs" in checked.output
    listed = CliRunner().invoke(app, ["evidence", "coverage", path])
    assert "Numbers that rest on assumption alone (2)." in listed.output
    printed = CliRunner().invoke(app, ["evidence", "digests", str(tmp_path / "paper.txt")])
    assert printed.output.count("      - ") == 3
    assert CliRunner().invoke(app, ["evidence", "check", path, "--sources", str(tmp_path / "no")]).exit_code == 2


LINES = "A report on Deir ez-Zor\n\nKämpfer der Miliz.\n\nSecond  part of it\n"


@pytest.mark.parametrize(
    "raw",
    [
        LINES.encode(),
        b"\xef\xbb\xbf" + LINES.encode(),
        LINES.replace("\n", "\r\n").encode(),
        LINES.replace("\n", "\r").encode(),
        LINES.replace("part of", "part\x0cof").encode(),
        LINES.replace("part of", "part \u2028of").encode(),
        LINES.replace("part of", "part\x85of").encode(),
        LINES.replace("part of", "part\u00a0of").encode(),
        unicodedata.normalize("NFD", LINES).encode(),
    ],
    ids=["plain", "mark", "windows", "old mac", "page break", "line separator", "next line", "hard blank", "NFD"],
)
def test_the_same_text_has_the_same_digests_however_a_file_writes_it(raw: bytes, tmp_path: Path) -> None:
    (tmp_path / "paper.txt").write_bytes(raw)
    result = CliRunner().invoke(
        app, ["evidence", "check", written(tmp_path, digests_of(LINES)), "--sources", str(tmp_path)]
    )
    assert "3 of 3 paragraphs are unchanged" in result.output


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        ("Kämpfer\n".encode("latin-1"), ["paper.txt:1:2", "byte 0xe4 is not UTF-8", "save the file as UTF-8"]),
        ("Kämpfer\n".encode("utf-16"), ["UTF-16", "save the file as UTF-8"]),
        (b"%PDF-1.7\n\xff", ["a PDF", "save its text as UTF-8"]),
        (b"PK\x03\x04 word/document.xml", ["a Word document", "save its text as UTF-8"]),
    ],
)
def test_a_text_that_is_not_utf_8_is_told_with_the_cure(raw: bytes, words: list[str], tmp_path: Path) -> None:
    file = tmp_path / "paper.txt"
    file.write_bytes(raw)
    printed = CliRunner().invoke(app, ["evidence", "digests", str(file)])
    assert printed.exit_code == 1
    assert all(word in printed.output for word in words)
    path = written(tmp_path, digests_of(LINES))
    checked = CliRunner().invoke(app, ["evidence", "check", path, "--sources", str(tmp_path)])
    assert checked.exit_code == 1
    assert all(word in checked.output.replace(", line 1: byte", ":1:2  byte") for word in words)


def test_paragraphs_of_a_source_that_does_not_count_them_are_listed_where_something_points_at_them(
    tmp_path: Path,
) -> None:
    text = (
        "standoff: 1\ntitle: t\nstarts: 2020-01-01\nends: 2020-01-31\n"
        "sources: {book: {title: A book, remarks: [{at: 7, is: caption}]}, paper: {title: A paper, paragraphs: 2}}\n"
        "state: {n: {evidence: paper#p1}}\nrules: {go: {rate: 1, then: [n += 1], evidence: [book#p110, book#p12]}}\n"
        "questions: {q: {ask: q, number: n, at: 2020-01-31}}\n"
    )
    file = tmp_path / "uncounted.yaml"
    file.write_text(text, encoding="utf-8")
    found = evidence.coverage({"uncounted": load(file).document})
    listed = {one.at: one.supports for one in found.paragraphs}
    assert listed == {
        "book#p7": (), "book#p12": ("rules/go",), "book#p110": ("rules/go",), "paper#p1": ("state/n",), "paper#p2": (),
    }  # fmt: skip
    assert found.uncounted == ("book",)
    printed = CliRunner().invoke(app, ["evidence", "coverage", str(file)]).output
    assert "1 of 2 paragraphs support something; 3 more in book" in printed
