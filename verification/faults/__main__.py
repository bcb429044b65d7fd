"""The command `python -m verification.faults`: its exit status is 1 below 95 of 100, 2 if nothing is tried."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Sequence

from verification.faults.cases import handed_over, seeded, shared
from verification.faults.judging import Judged, judge
from verification.faults.mechanical import mechanical

BAR = 0.95


def main(arguments: list[str] | None = None) -> int:
    """The command; its exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m verification.faults",
        description="How many of an author's mistakes are told with the exact line and the cure.",
    )
    parser.add_argument("--misses", action="store_true", help="what is told of each mistake that is not told in full")
    parser.add_argument("--only", choices=("handed-over", "seeded", "mechanical"), help="one of the three sets")
    parser.add_argument("--every", type=int, default=1, metavar="N", help="only every N-th of the mechanical ones")
    parser.add_argument("--json", action="store_true", help="one JSON document in place of text")
    given = parser.parse_args(arguments)
    sets: dict[str, list[Judged]] = {}
    if given.only in (None, "handed-over"):
        if (shared() / "faults.tsv").is_file():
            sets["handed over"] = judge(list(handed_over(shared())))
        else:
            print(f"skipped: {shared()} is not there (STANDOFF_SHARED)", file=sys.stderr)
    if given.only in (None, "seeded"):
        sets["seeded"] = judge(list(seeded()))
    if given.only in (None, "mechanical"):
        sets["mechanical"] = judge(list(mechanical())[:: max(1, given.every)])
    if not sets:
        return 2
    if given.json:
        print(json.dumps({name: _counts(found) for name, found in sets.items()}, indent=1))
    else:
        for name, found in sets.items():
            _print(name, found, misses=given.misses)
    by_hand = [one for name, found in sets.items() if name != "mechanical" for one in found]
    if not given.json and by_hand:
        print(f"\nhanded over and seeded: {_share(by_hand)}")
    return 1 if any(_told(found) < BAR * len(found) for found in (by_hand, sets.get("mechanical", []))) else 0


def _counts(found: Sequence[Judged]) -> dict[str, dict[str, int]]:
    kinds: dict[str, dict[str, int]] = {}
    for one in found:
        counts = kinds.setdefault(one.mistake.kind, {"told": 0, "line": 0, "elsewhere": 0, "silent": 0})
        counts[one.verdict] += 1
    return kinds


def _told(found: Iterable[Judged]) -> int:
    return sum(one.verdict == "told" for one in found)


def _share(found: Sequence[Judged]) -> str:
    return f"{_told(found)} of {len(found)} told with line and cure ({100 * _told(found) / len(found):.1f} %)"


def _print(name: str, found: Sequence[Judged], *, misses: bool) -> None:
    kinds = _counts(found)
    width = max(len(kind) for kind in kinds)
    print(f"\n{name}\n{'':{width}}  told  line  elsewhere  silent")
    for kind, counts in kinds.items():
        told, line, elsewhere, silent = (counts[key] or "" for key in ("told", "line", "elsewhere", "silent"))
        print(f"{kind:{width}}  {told:>4}  {line:>4}  {elsewhere:>9}  {silent:>6}".rstrip())
    print(_share(found))
    for one in found if misses else ():
        if one.verdict != "told":
            mistake = one.mistake
            shown = mistake.wrong.split("\n")[mistake.line - 1].strip()
            print(f"\n-- {mistake.name}, {mistake.kind}, line {mistake.line}: {shown}")
            print(f"   {one.verdict}; the cure would hold {', '.join(map(repr, mistake.cure))}")
            print("\n".join(fault.render() for fault in one.faults))


if __name__ == "__main__":
    sys.exit(main())
