"""A theatre's actors and places are known to a draft: they go by their keys there and are not written again."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
import yaml

from standoff.drafting import Desk, Draft, draft, has_parser, opened, write
from standoff.drafting.decisions import decided
from standoff.drafting.pages import pages
from standoff.drafting.theatres import theatre
from standoff.errors import UsageError

pytestmark = pytest.mark.skipif(not has_parser(), reason="the extra `draft` is not installed")
WHEN = "2024-09-01T10:00:00+00:00"
ARTICLE = """Three patrols and a junction
On June 3, 2017, Russian aircraft bombed a patrol of the Pentagon near the Zaza checkpoint.
The Mountain Rivers Council met Moscow near Zaza on June 5, after several weeks of silence between the two of them.
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Draft:
    folder = tmp_path_factory.mktemp("theatre")
    (folder / "patrols.txt").write_text(ARTICLE, encoding="utf-8")
    return draft([folder / "patrols.txt"], into=folder / "made", dated={"": date(2017, 6, 10)}, theatre="eastern-syria")


def test_what_a_theatre_has_is_a_match_and_what_it_has_not_is_new(made: Draft) -> None:
    found = {one.fields["name"]: one.fields["theatre"] for one in made.candidates if one.kind in ("actor", "place")}
    assert {"Russia": "rus", "Pentagon": "dod", "Zaza checkpoint": "zaza"}.items() <= found.items()
    assert found["Mountain Rivers Council"] is None


def test_the_theatre_is_kept_for_later_runs(made: Draft) -> None:
    again = draft([], into=made.folder)
    assert again.theatre == opened(made.folder).theatre == "eastern-syria-v2"
    assert again.candidates == made.candidates


def test_matches_go_by_their_keys_and_are_not_written_again(made: Draft) -> None:
    made.decide(*(decided("accept", one, when=WHEN) for one in made.candidates if one.kind != "conflict"))
    written = write(made, starts=date(2017, 5, 17), ends=date(2017, 12, 31))
    # The theatre leaves to each date how things stood then: that is all that is missing.
    assert {fault.code for fault in written.faults if fault.severity == "error"} <= {"SD312"}
    page = yaml.safe_load((made.folder / "accepted.yaml").read_text(encoding="utf-8"))
    assert set(page["actors"]) & {"russia", "dod", "pentagon"} == set() and "mountain_rivers_council" in page["actors"]
    assert page["actors"]["rus"] == {"aliases": ["Moscow", "Kremlin", "Russian aircraft"]}
    events = [entry["event"] for entry in page["record"].values()]
    assert any(event.startswith("ASSAULT") and "by rus" in event and "at zaza" in event for event in events)
    assert "theatre: eastern-syria-v2" in (made.folder / "scenario.yaml").read_text(encoding="utf-8")


def test_another_match_can_be_named_and_one_that_is_not_there_is_refused(made: Draft) -> None:
    desk = Desk(made, kind="actor")
    council = next(one for one in desk.standings if one.fields.get("name") == "Mountain Rivers Council")
    with pytest.raises(UsageError, match="no actor 'sdff'; did you mean 'sdf'"):
        desk.edit(council, {"theatre": "sdff"}, when=WHEN)
    desk.edit(council, {"theatre": "Syrian Democratic Forces"}, when=WHEN)
    assert next(one for one in desk.standings if one.id == council.id).fields["theatre"] == "sdf"


def test_what_is_merged_into_a_match_is_another_name_of_it_beside_those_of_the_theatre(made: Draft) -> None:
    named = {one.fields["name"]: one for one in made.candidates if one.kind == "actor"}
    made.decide(decided("accept", named["Russia"], when=WHEN))
    made.decide(decided("merge", named["Mountain Rivers Council"], when=WHEN, into=named["Russia"].id))
    days = date(2017, 5, 17), date(2017, 12, 31)
    page, _ = pages(made.standings(), made.sources, *days, ground=theatre(str(made.theatre)))
    # A list of the scenario takes the place of the theatre's: so it has both.
    assert page["actors"]["rus"] == {"aliases": ["Moscow", "Kremlin", "Russian aircraft", "Mountain Rivers Council"]}


def test_a_scenario_on_other_ground_and_a_theatre_that_is_not_there_are_refused(made: Draft, tmp_path: Path) -> None:
    scenario = made.folder / "scenario.yaml"
    scenario.write_text("standoff: 1\ntitle: other\nstarts: 2017-05-17\nends: 2017-12-31\n", encoding="utf-8")
    with pytest.raises(UsageError, match="add the line: theatre: eastern-syria-v2"):
        write(made, over=True)
    with pytest.raises(UsageError, match="no theatre 'eastern-syira'"):
        draft([made.folder.parent / "patrols.txt"], into=tmp_path, theatre="eastern-syira")
