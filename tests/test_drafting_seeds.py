"""The draft of five texts that are not ours to publish meets its bars; skipped where their folder is not there."""

from __future__ import annotations

from pathlib import Path

import pytest

from standoff.drafting import Draft, copies, draft, has_parser, write
from standoff.drafting.decisions import decided
from tests.drafting_proofs import Proofs
from verification.drafting.__main__ import main
from verification.drafting.corpora import Corpus, five
from verification.drafting.scores import Figure, measured

FIVE = five()
pytestmark = [
    pytest.mark.skipif(
        FIVE.missing() is not None, reason="no shared folder with SEEDS.md and the texts (STANDOFF_SHARED)"
    ),
    pytest.mark.skipif(not has_parser(), reason="the extra `draft` is not installed"),
]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Draft:
    return draft(FIVE.files, into=tmp_path_factory.mktemp("seeds") / "five", dated=FIVE.dated)


def test_the_tables_of_the_reader_are_read_whole() -> None:
    gold = FIVE.gold()
    sizes = (gold.actors, gold.places, gold.events, gold.forecasts, gold.mechanisms, gold.conflicts)
    assert [len(one) for one in sizes] == [59, 44, 71, 66, 100, 38]


def test_recall_and_precision_of_every_kind_meet_their_bars(made: Draft) -> None:
    figures = measured(made.candidates, list(made.texts().values()), FIVE)
    assert [one.what for one in figures if one.verdict == "MISSES"] == []
    assert len([one for one in figures if one.verdict == "meets"]) == 22


def test_a_draft_without_its_candidates_misses_its_bars(made: Draft) -> None:
    figures = measured(made.candidates[:100], list(made.texts().values()), FIVE)
    assert len([one for one in figures if one.verdict == "MISSES"]) > 8


def test_every_field_of_every_candidate_follows_from_the_words_of_its_text(made: Draft) -> None:
    proofs = Proofs(made.candidates, list(made.texts().values()), FIVE.dated)
    assert [fault for one in made.candidates for fault in proofs.faults(one)] == []


def test_nothing_that_is_written_has_eight_words_in_a_row_of_a_text(made: Draft) -> None:
    made.decide(*(decided("accept", one, when="2024-09-01") for one in made.candidates))
    written = write(made)
    assert not [fault for fault in written.faults if fault.severity == "error"]
    texts = list(made.texts().values())
    for file in (*written.files, *(made.folder / "draft").iterdir()):
        assert list(copies(file.read_text(encoding="utf-8"), texts)) == [], file.name


def test_without_the_shared_folder_the_command_says_so(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The others are scored all the same; how well, tests/test_drafting_unseen.py says."""
    scored: list[Corpus] = []

    def badly(corpus: Corpus) -> list[Figure]:
        scored.append(corpus)
        return [Figure("actors: recall", 0.25, "1 of 4", least=0.9, part=1, whole=4, pooled="actors: recall")]

    monkeypatch.setenv("STANDOFF_SHARED", str(tmp_path))
    monkeypatch.setattr("verification.drafting.__main__.draft_of", badly)
    assert main([]) == 1  # what is held out misses a bar
    out, err = capsys.readouterr()
    assert "five texts: skipped" in err and out.splitlines()[-1].endswith("actors: recall (held out)")
    assert {one.role for one in scored} == {"development", "held out"} and len(scored) >= 5
