"""Small scenarios for the tests of ensembles and of the command line, and what their folders hold."""

from __future__ import annotations

import hashlib
from pathlib import Path

BORDER = """\
standoff: 1
title: A busy <border>
starts: 2017-06-01
ends: 2017-08-29
every: 10 days
kinds: {depot: {members: [north, south]}}
actors: {blue: {kind: state}, red: {kind: state}}
places: {ford: {at: [34.1, 40.2], kind: crossing}}
parameters:
  pace: {prior: "lognormal(median=1, sigma=0.3)", unit: 1/day, evidence: assumption}
  stay: {prior: 1, unit: day, evidence: {from: assumption, hindsight: true}}
state:
  force: {of: actor, at_least: 0}
  holder: {of: place, is: actor}
begin: {force: {blue: 3}, holder: {ford: blue}}
rules:
  arrive:
    for: {a: actor}
    rate: BUSY * pace
    then: ['force[a] += 1']
    event: MOBILIZE (ground) by a at ford size force[a]
  leave: {for: {a: actor}, when: 'force[a] > 0', rate: 'force[a] / stay', then: ['force[a] -= 1'], silent: true}
  take:
    for: {a: actor}
    when: holder[ford] != a
    rate: 0.02 * force[a] * pace
    then: ['holder[ford] = a']
    event: ASSAULT by a on holder[ford] at ford
watch:
  force: {for: {a: actor}, of: 'force[a]'}
  holder: {for: {p: place}, of: 'holder[p]'}
questions:
  blue-holds:
    ask: Does blue hold the ford at the end?
    when: holder[ford] == blue
    at: 2017-08-29
    recorded: {outcome: yes}
    forecast: {low: 0.5, high: 0.7, words: likely, evidence: assumption}
  red-took: {ask: Has red taken the ford by July?, when: 'holder[ford] == red', by: 2017-06-30, recorded: {outcome: no}}
  when-taken: {ask: When does red first take the ford?, first: 'holder[ford] == red', by: 2017-08-29}
  how-many: {ask: How large is blue in July?, number: 'force[blue]', at: 2017-07-30}
"""
"""About 2 * 90 * BUSY recorded events a run; BUSY is replaced by a number."""

STOPPING = """\
standoff: 1
title: A counter that runs into its bound
starts: 2017-06-01
ends: 2017-08-29
state: {ticks: {at_least: 0, at_most: 9}}
rules:
  tick: {rate: 0.04, then: [ticks += 1]}
"""
"""Some runs, never the first of seed 1, count past the bound and stop."""


def border(folder: Path, *, busy: float = 2) -> Path:
    """The busy border as a file in a folder."""
    file = folder / "border.yaml"
    file.write_text(BORDER.replace("BUSY", str(busy)), encoding="utf-8")
    return file


def tables_of(folder: Path) -> dict[str, str]:
    """A digest of each table and of the answers in a run folder."""
    names = [*(f"{name}.parquet" for name in ("series", "events", "parameters", "answers", "runs")), "questions.json"]
    return {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in names}


POST = """
standoff: 1
title: A post that falls or holds
starts: 2017-01-01
ends: 2017-03-01
actors: {blue: {}, red: {}}
state:
  fallen: {is: truth}
  raids: {at_least: 0}
parameters:
  pace: {prior: "uniform(0.02, 0.2)", unit: 1/day, evidence: [assumption]}
  resolve: {prior: "uniform(0.1, 0.5)", evidence: [assumption]}
rules:
  raid: {rate: pace, then: ["raids += 1"]}
  fall: {when: not fallen, rate: 0.01 * raids * (1 - resolve), then: ["fallen = true"]}
"""
"""A post that raids bring down sooner or later, without questions."""

RAIDS = """\
claims:
  raids-bring-it-down:
    says: More raids bring the post down sooner.
    raise: raid
    by: 3
    expect: rises
    question: falls
"""
"""A claim about it, and about its question `falls`."""
