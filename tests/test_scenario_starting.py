"""A scenario of one's own to begin with: templates that run, any names in them, copies that say the same."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from standoff import calibration
from standoff.ensemble import DateAnswer, YesNoAnswer
from standoff.errors import UsageError
from standoff.scenario import (
    RESERVED,
    Site,
    Template,
    bundled,
    check,
    copied,
    load,
    load_text,
    site,
    template,
    templates,
    write_files,
)
from standoff.scenario.starting import LONGEST_NAME
from tests.proofs import THEATRE, first_of

MAIN = "scenario.yaml"
NAMES = ("crisis", *sorted({*templates()} - {"crisis"}))


def of(name: str) -> Template:
    return Template.read(templates()[name])


def written(folder: Path, files: dict[str, bytes]) -> Path:
    write_files(folder, files)
    return folder


def test_the_templates_are_those_that_were_promised() -> None:
    assert set(templates()) == {"crisis", "blockade", "grey-zone", "race", "insurgency", "bargain"}


def test_the_page_says_how_many_sides_and_places_a_template_has() -> None:
    page = (Path(__file__).resolve().parent.parent / "docs/start.md").read_text(encoding="utf-8").splitlines()
    for begun in map(template, templates()):
        (row,) = (line.split("|") for line in page if line.partition("` |")[0] == f"| `{begun.name}")
        assert len(row[3].split(", who ")) == len(begun.sides)
        places = row[4].strip()
        assert (0 if places == "none" else int(places[0])) == len(begun.places)


@pytest.mark.parametrize("name", first_of(NAMES))
def test_a_template_makes_a_scenario_without_fault_or_warning_or_slot(name: str, tmp_path: Path) -> None:
    folder = written(tmp_path / "mine", dict(of(name).with_names()))
    assert [fault.render() for fault in check(folder)] == []
    data = load(folder).text
    assert "{" + of(name).sides[0].id + "}" not in data
    lines = (folder / MAIN).read_text(encoding="utf-8").splitlines()
    assert sum(line.lstrip().startswith("#") for line in lines) >= 12
    assert max(map(len, lines)) <= 120
    assert sum("FIRST" in line for line in lines) >= 3


@pytest.mark.statistical(false_alarm=0)
@pytest.mark.parametrize("name", first_of(NAMES))
def test_what_a_template_asks_is_open(name: str, tmp_path: Path) -> None:
    scenario = load_text(of(name).with_names()[MAIN].decode("utf-8"), name)
    made = calibration.run(scenario, runs=200, seed=1, out=tmp_path / "runs", name=name)
    answered = calibration.answers(made).questions
    shares = [one.chance.probability for one in answered if isinstance(one, YesNoAnswer)]
    assert len(shares) >= 2
    assert all(0.02 < share < 0.98 for share in shares), shares
    assert any(isinstance(one, YesNoAnswer | DateAnswer) for one in answered)


@pytest.mark.statistical(false_alarm=0)
@pytest.mark.parametrize("name", first_of(NAMES))
def test_what_a_template_claims_holds_in_it(name: str) -> None:
    from standoff.analysis import try_claims

    scenario = load_text(of(name).with_names()[MAIN].decode("utf-8"), name)
    assert [one.verdict for one in try_claims(scenario, seed=1, at_most=2000).claims] == ["holds"]


@pytest.mark.parametrize("name", NAMES)
def test_every_date_of_a_template_is_that_of_its_end(name: str) -> None:
    # So that other dates leave nothing behind.
    made = of(name).with_names(starts=date(1962, 10, 16), ends=date(1962, 11, 20))
    document = load_text(made[MAIN].decode("utf-8"), name).document
    assert document.starts == date(1962, 10, 16)
    assert {one.by or one.at for one in document.questions.values()} == {date(1962, 11, 20)}
    assert "2030" not in made[MAIN].decode("utf-8")


def test_names_are_given_where_they_are_meant_and_nowhere_else() -> None:
    made = (
        of("blockade")
        .with_names(
            sides=["United States", "Cuba"],
            places=[Site("Havana", 23.1, -82.4), Site("Straits", 24, -81), Site("Key West", 24.55, -81.8)],
        )[MAIN]
        .decode("utf-8")
    )
    for words in (
        "  united_states: {name: United States, kind: state", "holder: {havana: cuba, straits: united_states",
        "at: [23.1, -82.4]", 'title: "The United States and Cuba: a blockade"', "'holder[havana] = united_states'",
        "event: AID (convoy) by friend on cuba at straits",
    ):  # fmt: skip
        assert words in made, words
    # Comments are for people: they keep the words that the template explains itself with.
    assert "# A BLOCKADE: one side closes the way to a port" in made


printable = st.text(st.characters(exclude_categories=("C", "Z")), min_size=1, max_size=25)
awkward = st.sampled_from(
    ["true", "null", "none", "1962", "a: b", "- x", "#", "'", '"', "{x}", "{challenger}", "%s", "é", "中国", "t", "for",
     "rung", "tension", "defender", "no_probes", "*a", "&b", "!!str x", "? k", "~", "shots", "frontier", "a'b\"c"]
)  # fmt: skip
called = awkward | printable


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(sides=st.lists(called, min_size=1, max_size=3, unique_by=str.casefold), title=called)
def test_any_title_and_names_make_a_scenario_that_reads_them_back(sides: list[str], title: str) -> None:
    try:
        made = of("crisis").with_names(title=title, sides=sides)
    except UsageError as error:
        if "is there twice" not in str(error):
            raise
        return
    scenario = load_text(made[MAIN].decode("utf-8"), "any")
    assert scenario.document.title == " ".join(title.split())
    told = [str(one.name) for one in scenario.document.actors.values()]
    assert told[: len(sides)] == [" ".join(side.split()) for side in sides]
    assert not set(map(str, scenario.document.actors)) & RESERVED
    assert scenario.warnings == ()


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"sides": ["a", "A"]}, "is there twice"), ({"sides": [" "]}, "cannot be empty"),
        ({"sides": ["a", "b", "c", "d"]}, "has 3 sides: challenger, defender, mediator"),
        ({"sides": ["x" * 51]}, "at most 50 letters"),
        ({"title": "x" * 121}, "at most 120 letters"), ({"title": "a\x1b[2Jb"}, "cannot be printed"),
        ({"sides": ["a\u202eb"]}, "cannot be printed"),
        ({"places": [Site("x", 1, 2), Site("y", 3, 4)]}, "takes all its 1 place"),
        ({"starts": date(2030, 1, 2), "ends": date(2030, 1, 1)}, "ends after it starts"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_with_the_cure(given: dict[str, object], told: str) -> None:
    with pytest.raises(UsageError, match=told):
        of("crisis").with_names(**given)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "text", ["Berlin", "52.5 13.4", "Berlin 95 13", "Berlin 52 north", "", "Berlin nan 3", "X 1 inf"]
)
def test_a_place_needs_a_name_and_where_it_is(text: str) -> None:
    with pytest.raises(UsageError, match="is not"):
        site(text)
    assert site("East Berlin 52.5, 13.4") == Site("East Berlin", 52.5, 13.4)


@pytest.mark.parametrize("name", NAMES)
def test_the_longest_names_fit(name: str) -> None:
    sides = [chr(ord("a") + number) * LONGEST_NAME for number in range(len(of(name).sides))]
    places = [Site(chr(ord("k") + number) * LONGEST_NAME, number, number) for number in range(len(of(name).places))]
    made = load_text(of(name).with_names(sides=sides, places=places)[MAIN].decode("utf-8"), name)
    assert [one.name for one in made.document.actors.values()] == sides


def test_a_name_that_is_no_template_is_told_with_the_nearest() -> None:
    with pytest.raises(UsageError, match="did you mean 'blockade'"):
        template("blokade")
    assert template("eastern-syria-2017") is None


@pytest.mark.parametrize("name", first_of(sorted(bundled(), key=lambda name: name in THEATRE)))
def test_a_copy_says_the_same(name: str, tmp_path: Path) -> None:
    folder = written(tmp_path / "mine", dict(copied(name)))
    assert load(folder).digest == load(name).digest


def test_a_copy_may_have_another_title_and_is_all_the_same(tmp_path: Path) -> None:
    name = THEATRE[0]
    plain, other = copied(name), copied(name, title="Mine: 'all'")
    assert {one for one in plain if plain[one] != other[one]} == {MAIN}
    assert b"title: \"Mine: 'all'\"" in other[MAIN] or b"title: 'Mine: ''all'''" in other[MAIN]


def test_nothing_is_written_over(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "notes.txt").write_text("mine", encoding="utf-8")
    for there in (tmp_path / "mine", tmp_path / "mine" / "notes.txt"):
        with pytest.raises(UsageError, match="is there already"):
            write_files(there, {MAIN: b"x"})
    assert [path.name for path in (tmp_path / "mine").iterdir()] == ["notes.txt"]


@pytest.mark.parametrize("name", templates())
@pytest.mark.parametrize(
    ("sides", "as_said", "wrong"),
    [
        (("United Kingdom", "Dutch Republic", "Soviet Union"), ("the United Kingdom", "the Dutch Republic"), ()),
        (("Houthis", "Saudi forces", "Kurds"), ("the Houthis", "the Saudi forces"), ("Does the",)),
        (("Cardinal Richelieu", "Wallenstein", "Father Joseph"), ("Cardinal Richelieu", "Wallenstein"), ("the Card",)),
    ],
)
def test_sentences_fit_names_in_the_plural_with_an_article_and_of_a_person(
    name: str, sides: tuple[str, ...], as_said: tuple[str, ...], wrong: tuple[str, ...]
) -> None:
    begun = template(name)
    assert begun is not None
    files = begun.with_names(sides=sides[: len(begun.sides)])
    text = " ".join(files["scenario.yaml"].decode("utf-8").split())
    title = begun.title_with(sides[: len(begun.sides)], ())
    assert as_said[0] in text
    assert title[0].isupper()
    assert title.casefold().count(as_said[0].casefold()) == (sides[0] in title)
    assert [one for one in wrong if one in text] == []
    # Verbs that change with the number of who acts stand in no question about a side.
    asked = [line for line in text.split("ask: ")[1:] if any(side in line.split("?")[0] for side in sides)]
    assert [line for line in asked if line.lstrip('"').split()[0] in ("Does", "Do", "Is", "Are", "Has", "Have")] == []
