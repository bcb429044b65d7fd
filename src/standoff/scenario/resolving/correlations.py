"""Rank correlations between parameters, as weights of the normal numbers that they are drawn from.

Correlated parameters are a Gaussian copula (Nelsen 2006, An Introduction to Copulas, section 2.3): normal numbers with
a matrix of correlations, each put through its own prior. Spearman's rank correlation r of two of them comes about where
the normal numbers correlate by 2 sin(pi r / 6) (Pearson 1907; Kruskal 1958, doi 10.1080/01621459.1958.10501481). Each
parameter has a normal number of its own stream; the rows of the matrix's Cholesky factor mix them, in the order of the
names, so that a parameter that is fixed leaves the others as they were.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

from standoff.errors import Fault
from standoff.scenario.resolved import Luck, Prior
from standoff.scenario.resolving.declarations import fault_at
from standoff.scenario.schema import Parameter

WITHOUT_INVERSE = ("beta", "gamma")
"""Priors that are drawn by rejection, and so cannot follow one number."""
LEAST = 1e-9
"""The least square of a parameter's own weight: below it the others settle it."""

Pairs = dict[tuple[str, str], tuple[float, str]]


def lucks_of(written: Mapping[str, Parameter], priors: Mapping[str, Prior], faults: list[Fault]) -> dict[str, Luck]:
    """The weights for each correlated parameter: names of streams with what they count; notes faults SD361."""
    pairs = _pairs(written, priors, faults)
    lucks: dict[str, Luck] = {}
    for group in _groups(pairs):
        rows: list[list[float]] = []
        for name in group:
            row = _row(name, group, rows, pairs)
            if row is None:
                (others, (rank, word)) = max(
                    ((pair, told) for pair, told in pairs.items() if name in pair and max(pair) == name),
                    key=lambda item: abs(item[1][0]),
                )
                found = (
                    f"'{others[0]}' and '{others[1]}' cannot have the rank correlation {rank:g} beside the others "
                    f"of {', '.join(group)}"
                )
                hint = "the matrix of correlations must be positive definite: make one of them weaker"
                faults.append(fault_at(word, "SD361", found, hint=hint))
                break
            rows.append(row)
            lucks[name] = tuple((one, weight) for one, weight in zip(group, row, strict=False) if weight != 0.0)
    return lucks


def _pairs(written: Mapping[str, Parameter], priors: Mapping[str, Prior], faults: list[Fault]) -> Pairs:
    pairs: Pairs = {}
    for name, parameter in written.items():
        for other, rank in parameter.correlates.items():
            pair = (min(str(name), str(other)), max(str(name), str(other)))
            found, hint = None, None
            if other not in written or str(name) not in priors or str(other) not in priors:
                continue  # told elsewhere
            if other == name:
                found = f"'{name}' is correlated with itself"
            elif pair in pairs:
                found, hint = f"the correlation of '{pair[0]}' and '{pair[1]}' is given twice", "write it once"
            elif not -1.0 < rank < 1.0:
                found, hint = f"a rank correlation of {rank:g}", "it lies between -1 and 1, both left out"
            else:
                for one in pair:
                    kind = priors[one].kind
                    if kind in WITHOUT_INVERSE:
                        found = f"'{one}' has a {kind} prior, which cannot be correlated"
                        hint = "write its quantiles: quantiles(5%: …, 50%: …, 95%: …)"
            if found is not None:
                faults.append(fault_at(other, "SD361", found, hint=hint))
            else:
                pairs[pair] = (float(rank), other)
    return pairs


def _groups(pairs: Pairs) -> Iterator[list[str]]:
    """The parameters that hang together, each group in the order of the names."""
    left = {name for pair in pairs for name in pair}
    while left:
        group, waiting = set[str](), [min(left)]
        while waiting:
            name = waiting.pop()
            if name not in group:
                group.add(name)
                waiting += [one for pair in pairs if name in pair for one in pair]
        left -= group
        yield sorted(group)


def _row(name: str, group: list[str], rows: list[list[float]], pairs: Pairs) -> list[float] | None:
    """The next row of the Cholesky factor, None where the matrix is not positive definite."""
    row: list[float] = []
    for j, before in enumerate(rows):
        rank, _ = pairs.get((group[j], name), (0.0, ""))
        product = math.fsum(a * b for a, b in zip(row, before, strict=False))
        row.append((2.0 * math.sin(math.pi * rank / 6.0) - product) / before[j])
    own = 1.0 - math.fsum(weight * weight for weight in row)
    return [*row, math.sqrt(own)] if own > LEAST else None
