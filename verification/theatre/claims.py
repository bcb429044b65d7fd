"""Claims: how far each mechanism's best claim reaches, and what the model says to theses and wiring."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence

from standoff.analysis.effects import ClaimFinding, Claims
from verification.theatre.asked import Asked
from verification.theatre.table import Row, Section, met

MECHANISMS = 100
"""The mechanisms of the table of seeds, M01 to M100."""
THESES, HOLD = 70, 55
"""Mechanisms that are to have a thesis, and those of them whose thesis is to hold at its least effect."""

TITLE = "Claims: distance, kinds and verdicts"
HOW = (
    "Distance: rules on a shortest way from what a claim changes to what it measures; a mechanism counts with its "
    "longest claim. A thesis runs from an act, or a state of the world, through three rules or more to a question, and "
    "names the least effect that would count; wiring tests a part. A mechanism's thesis holds if one of its theses "
    "holds at its least effect; it tests something if it fails under a rival. Many pairs of runs are asked for by "
    "`--pairs`."
)


def section(asked: Asked) -> Section:
    """The section of the table."""
    if not asked.tried:
        return Section("claims", TITLE, skipped="the scenarios have no claims")
    return Section("claims", TITLE, tuple(rows_of(asked.tried)), (HOW,))


def rows_of(tried: Sequence[Claims]) -> list[Row]:
    """The rows of the claims of all scenarios."""
    every = [claim for one in tried for claim in one.claims]
    return [*_distances(every), *_verdicts(every), *_mechanisms(every)]


def _distances(claims: Sequence[ClaimFinding]) -> Iterator[Row]:
    by_claim = Counter(_distance(claim) for claim in claims)
    yield Row("claims by distance", _listed(by_claim), values={str(key): n for key, n in by_claim.items()})
    best = {name: max(_rules(claim) for claim in some) for name, some in _by_mechanism(claims).items()}
    by_mechanism = Counter("none" if rules < 0 else str(rules) for rules in best.values())
    yield Row("mechanisms by their longest claim", _listed(by_mechanism), values=dict(by_mechanism))


def _verdicts(claims: Sequence[ClaimFinding]) -> Iterator[Row]:
    for kind in ("thesis", "wiring"):
        some = [claim for claim in claims if claim.kind == kind]
        verdicts = Counter(str(claim.verdict) for claim in some)
        said = f"{len(some)}: " + ", ".join(f"{n} {verdict}" for verdict, n in verdicts.most_common())
        yield Row(f"claims of kind {kind}", said if some else "0", values={"claims": len(some), **verdicts})
    theses = [claim for claim in claims if claim.kind == "thesis"]
    ruled = [claim for claim in theses if claim.rivals]
    idle = [claim.id for claim in ruled if claim.tests_nothing]
    said = f"{len(ruled)} of {len(theses)} theses have a rival; {len(idle)} of them hold under every one"
    yield Row("rivals", said, values={"theses": len(theses), "with_rival": len(ruled), "test_nothing": idle})


def _mechanisms(claims: Sequence[ClaimFinding]) -> Iterator[Row]:
    theses = _by_mechanism([claim for claim in claims if claim.kind == "thesis"])
    holding = [name for name, some in theses.items() if any(claim.verdict == "holds" for claim in some)]
    weaker = [name for name in theses if name not in holding]
    yield Row(
        f"mechanisms with a thesis, of {MECHANISMS}", str(len(theses)), f"at least {THESES}",
        met(holds=len(theses) >= THESES), {"mechanisms": sorted(theses, key=_number)},
    )  # fmt: skip
    yield Row(
        "of them, whose thesis holds at its least effect", str(len(holding)), f"at least {HOLD}",
        met(holds=len(holding) >= HOLD), {"hold": sorted(holding, key=_number), "others": sorted(weaker, key=_number)},
    )  # fmt: skip
    tested = [name for name in holding if any(_told_apart(claim) for claim in theses[name])]
    yield Row(
        "of these, whose thesis fails under a rival", str(len(tested)), values={"fail": sorted(tested, key=_number)}
    )


def _told_apart(claim: ClaimFinding) -> bool:
    """Whether a thesis holds, and does not where its mechanism is absent or opposed."""
    return claim.verdict == "holds" and any(rival.fails for rival in claim.rivals)


def _by_mechanism(claims: Sequence[ClaimFinding]) -> Mapping[str, list[ClaimFinding]]:
    """The claims of each mechanism of the table of seeds."""
    of: dict[str, list[ClaimFinding]] = defaultdict(list)
    for claim in claims:
        for name in claim.mechanism:
            if is_of_the_seeds(name):
                of[name].append(claim)
    return of


def is_of_the_seeds(mechanism: str) -> bool:
    """Whether a mechanism is one of the table of seeds, and not a contradiction (C07) or a name of a scenario's own."""
    return mechanism[:1] == "M" and mechanism[1:].isdecimal()


def _rules(claim: ClaimFinding) -> int:
    """How many rules lie on the way, -1 if there is none."""
    return -1 if claim.way is None else len(claim.way)


def _distance(claim: ClaimFinding) -> str:
    return "none" if claim.way is None else str(len(claim.way))


def _listed(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{counts[key]} at {key}" for key in sorted(counts, key=lambda key: (key == "none", key)))


def _number(name: str) -> int:
    return int(name[1:])
