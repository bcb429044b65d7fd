"""Measure this program, and say which of its bars are met."""

from __future__ import annotations

import argparse
import json
import sys

from benchmarks.bars import judged
from benchmarks.kept import Results, keep, read
from benchmarks.measuring import Effort
from benchmarks.parts import PARTS, chosen, leave_when_ended
from benchmarks.results import printed, write


def arguments() -> argparse.Namespace:
    """What was asked for."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks", description=f"{__doc__} Parts: {', '.join(PARTS)}.",
        epilog="Each piece that was measured takes its place in benchmarks/results; all others stay as they are.",
    )  # fmt: skip
    only = "this part, or one piece of it (loop/w1-60); may be repeated"
    parser.add_argument("--only", action="append", default=[], metavar="PART", help=only)
    parser.add_argument("--quick", action="store_true", help="rough and in minutes; nothing is kept")
    parser.add_argument("--rounds", type=int, metavar="N", help="how often the sides of everything take turns")
    parser.add_argument(
        "--rivals", action=argparse.BooleanOptionalAction, default=True, help="without them nothing is kept"
    )
    parser.add_argument("--slow-rivals", action="store_true", help="rivals on 600 places too: many minutes")
    parser.add_argument("--json", action="store_true", help="print what was measured and the bars as one JSON document")
    asked = parser.parse_args()
    if asked.rounds is not None and asked.rounds < 1:
        parser.error("--rounds must be 1 or more")
    return asked


def main() -> int:
    """Measure, keep, print; 1 if a piece could not be measured, or a side does not run the law that it should."""
    asked = arguments()
    leave_when_ended()
    effort = Effort(asked.rounds, asked.quick, asked.rivals, asked.slow_rivals)
    try:
        wanted = chosen(effort, asked.only)
    except KeyError as name:
        sys.exit(f"there is no part {name}; parts: {', '.join(PARTS)}; a piece is named as in loop/w1-60")
    kept = not asked.quick and asked.rivals
    made: Results = {}
    try:
        for piece in wanted:
            record = piece.made(effort)
            made.setdefault(piece.part, {})[piece.name] = record
            if kept:
                keep(piece.part, piece.name, record)
    finally:
        if kept and made:
            write(read(tuple(PARTS)))
    shown = read(tuple(PARTS)) if kept else made
    print(json.dumps({"parts": made, "bars": judged(shown)}, indent=1) if asked.json else printed(shown, made))
    return 0 if all(right(record) for pieces in made.values() for record in pieces.values()) else 1


def right(record: dict[str, object]) -> bool:
    """Whether a piece was measured, and every side of it runs the law of the others."""
    figures = record.get("figures")
    if not isinstance(figures, dict):
        return False
    laws = [side.get("law") for side in figures.get("samplers", {}).values()]
    return all(law is None or law["same"] for law in laws)


if __name__ == "__main__":
    sys.exit(main())
