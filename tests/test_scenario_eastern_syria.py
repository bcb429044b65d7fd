"""The bundled scenario of eastern Syria holds what its sources and the issue ask of it."""

from __future__ import annotations

import csv
import gzip
import os
from pathlib import Path

import pytest

from standoff.scenario import Scenario
from tests.proofs import dated

ROOT = Path(__file__).resolve().parents[1]
SHARED = Path(os.environ.get("STANDOFF_SHARED", ROOT.parent / "shared"))
FOLDERS = (
    ROOT / "src/standoff/scenarios/eastern-syria-2017-v2",
    ROOT / "src/standoff/scenarios/theatres/eastern-syria-v2",
)
FORECASTS = [f"F{n:02d}" for n in range(1, 23)]
# All of the local and the race mechanisms, and those marked as core further on that apply in 2017.
CORE_LATER = (30, 31, 32, 33, 41, 49, 50, 57, 58, 64, 65, 66, 67, 71, 75, 76)
MECHANISMS = [f"M{n:02d}" for n in (*range(1, 30), *CORE_LATER)]
PLACES = [
    "tanf", "zaza", "zarqa", "rukban", "zakf", "waleed", "border_ne", "palmyra", "arak", "t3", "sukhnah", "t2",
    "raqqa", "north_raqqa", "tabqa", "jadin", "resafa", "deir_city", "deir_enclave", "masrib", "mayadin",
    "albukamal", "khasham", "izba", "conoco", "omar", "tanak", "hajin", "baghuz", "shaddadi", "sinjar", "mosul",
    "qaim", "ain_al_asad", "baghdad", "damascus", "beirut", "tehran", "hamadan", "dera",
]  # fmt: skip
ACTORS = [
    "us", "coal", "uk", "rus", "irn", "syr", "irq", "tur", "sau", "uae", "qat", "gcc", "isr", "jor", "leb", "isis",
    "sdf", "kurd", "tanfreb", "sreb", "saa", "irgcqf", "ibm", "hezb", "irqmil", "pmu", "dezpop", "ruaf", "rugnd",
    "ussof", "dod", "cia", "centcom", "syrint",
]  # fmt: skip


def scenario() -> Scenario:
    return dated(2017)


def test_the_radius_of_the_zone_is_a_choice_of_25_or_55_with_both_sources() -> None:
    parameter = scenario().document.parameters["zone_radius"]
    prior = next(p.prior for p in scenario().resolved.parameters.values() if p.name == "zone_radius")
    assert {value for value, _ in prior.options} == {25.0, 55.0}
    assert {"carnegie-2017#p6", "isw-2023#p7"} <= {str(e.from_) for e in parameter.evidence}


def test_the_strike_point_lies_in_the_larger_ring_only() -> None:
    tanf, zarqa = (scenario().document.places[p].at for p in ("tanf", "zarqa"))
    assert tanf is not None
    assert zarqa is not None
    north, east = (zarqa[0] - tanf[0]) * 111.2, (zarqa[1] - tanf[1]) * 92.7
    assert 25 < (north**2 + east**2) ** 0.5 < 55


def test_it_is_said_who_recognises_the_zone() -> None:
    zone = scenario().document.zones["exclusion"]
    recognised = {str(name) for name in zone.recognised_by}
    assert "us" in recognised
    assert not recognised & {"rus", "syr", "irn"}
    assert {"carnegie-2017#p6", "bi-2017#p15"} <= {str(e.from_) for e in zone.evidence}


def test_the_places_and_actors_of_the_table_of_seeds_are_there() -> None:
    document = scenario().document
    assert [p for p in PLACES if p not in document.places] == []
    assert [a for a in ACTORS if a not in document.actors] == []
    assert all(p.at and p.evidence for p in document.places.values())


def test_what_is_taken_from_later_documents_is_marked_as_hindsight() -> None:
    later = ("aljazeera-2018", "brussels-2021", "isw-2023")
    document = scenario().document
    unmarked = []
    for name, part in [*document.parameters.items(), *document.rules.items(), *document.state.items()]:
        for evidence in part.evidence:
            if str(evidence.from_).startswith(later) and not evidence.hindsight:
                unmarked.append(f"{name}: {evidence.from_}")
    assert unmarked == []


def test_injects_known_only_later_are_off() -> None:
    for inject in scenario().document.injects.values():
        assert inject.on != any(evidence.hindsight for evidence in inject.evidence)


def test_the_event_rates_of_the_page_are_those_of_the_data_up_to_the_start() -> None:
    data = SHARED / "data/ucdp_ged_syria_2016-01_2018-03.csv.gz"
    if not data.exists():
        pytest.skip(f"{data} is not there")
    with gzip.open(data, "rt", encoding="utf-8", newline="") as file:
        events = [row for row in csv.DictReader(file) if row["date_end"] <= "2017-05-31"]
    counted = [row for row in events if int(row["duration_days"]) <= 7 and row["q_dup"] == "0"]

    def count(dyad: str, start: str, **where: str) -> int:
        return sum(
            row["dyad"] == dyad and row["date_end"] >= start and all(row[key] == value for key, value in where.items())
            for row in counted
        )

    regime, sdf = "Government of Syria - IS", "IS - SDF"
    found = [
        len(counted),
        len(events),
        count(sdf, "2016-12-01", gov="Ar Raqqah"),
        count(sdf, "2017-05-01", gov="Ar Raqqah"),
        count(regime, "2016-12-01", gov="Homs-east"),
        count(regime, "2017-05-01", gov="Homs-east"),
        count(regime, "2016-12-01", gov="Deir ez Zor"),
        count(regime, "2017-05-01", gov="Deir ez Zor"),
        count("Government of Syria - SDF", "2016-01-01"),
        count(sdf, "2016-06-01", gov="Al Hasakah"),
    ]
    assert found == [8544, 8735, 534, 127, 77, 25, 121, 27, 24, 114]
    page = (ROOT / "docs/eastern-syria-2017.md").read_text(encoding="utf-8")
    assert [n for n in found if f"{n:,}" not in page] == []
