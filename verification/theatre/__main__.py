"""The command: `python -m verification.theatre [--only SECTION …]`.

Its exit status is 1 if a bar is missed or what has a bar is not in the scenarios, and 2 if nothing could be run.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

from standoff.errors import StandoffError
from verification.theatre import acceptance, by_mechanism, chaining, claims, hindsight, materiality, structure, tempo
from verification.theatre.asked import Asked
from verification.theatre.table import Section

SECTIONS: dict[str, Callable[[Asked], Section]] = {
    "claims": claims.section,
    "materiality": materiality.section,
    "structure": structure.section,
    "acceptance": acceptance.section,
    "tempo": tempo.section,
    "chaining": chaining.section,
    "hindsight": hindsight.section,
}


def main(arguments: list[str] | None = None) -> int:
    """The command; its exit status."""
    parser = argparse.ArgumentParser(prog="python -m verification.theatre", description="Measures the theatre again.")
    parser.add_argument("--only", nargs="+", choices=SECTIONS, metavar="SECTION", help=f"of {', '.join(SECTIONS)}")
    parser.add_argument("--version", default="", metavar="vN", help="scenarios of this version (default: the newest)")
    parser.add_argument("--runs", type=int, default=300, help="runs of each scenario (default 300)")
    parser.add_argument("--pairs", type=int, default=400, help="most pairs of runs for a claim (default 400)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=2, help="processes (default 2)")
    parser.add_argument("--bars", action="store_true", help="only the rows that have a bar, without notes")
    parser.add_argument("--json", action="store_true", help="one JSON document in place of text")
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="keep the runs here, and use those that are there")
    parser.add_argument("--page", type=Path, metavar="FILE", help="write a table of all mechanisms here, as Markdown")
    given = parser.parse_args(arguments)
    with ExitStack() as stack:
        folder = given.keep or Path(stack.enter_context(TemporaryDirectory()))
        asked = Asked(given.version, given.runs, given.pairs, given.seed, given.jobs, folder)
        try:
            sections = [_told(SECTIONS[name](asked), given) for name in given.only or SECTIONS]
            if given.page:
                given.page.write_text(by_mechanism.page(asked.tried, asked.knocked), encoding="utf-8")
        except StandoffError as error:
            print(error, file=sys.stderr)
            return 2
    if given.json:
        content = {"version": given.version or "newest", "runs": given.runs, "seed": given.seed}
        content["sections"] = {one.name: one.as_dict() for one in sections}
        print(json.dumps(content, indent=1))
    return 1 if any(row.verdict in ("misses", "not in this scenario") for one in sections for row in one.rows) else 0


def _told(section: Section, given: argparse.Namespace) -> Section:
    """The section, told at once where text is asked for: the next one may take minutes."""
    if not given.json:
        print(section.text(bars=given.bars), end="\n\n", flush=True)
    return section


if __name__ == "__main__":
    sys.exit(main())
