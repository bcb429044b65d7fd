"""The command `python -m verification.drafting`: its exit status is 1 if a bar is missed, 2 if nothing is scored."""

from __future__ import annotations

import argparse
import json
import sys
import time
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory

from standoff.drafting import draft, has_parser
from standoff.errors import StandoffError
from verification.drafting.gold import DATED, Gold, shared


def main(arguments: list[str] | None = None) -> int:
    """The command; its exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m verification.drafting", description="Scores the draft of five texts."
    )
    parser.add_argument("--json", action="store_true", help="one JSON document in place of text")
    given = parser.parse_args(arguments)
    missing = [str(path) for path in (shared() / "SEEDS.md", shared() / "seeds") if not path.exists()]
    if missing or not has_parser():
        why = (
            f"{missing[0]} is not there (STANDOFF_SHARED)"
            if missing
            else "the extra is not installed: pip install 'standoff[draft]'"
        )
        print(f"skipped: {why}", file=sys.stderr)
        return 2
    from verification.drafting.scores import measured

    gold = Gold(shared() / "SEEDS.md")
    begun = time.process_time()
    with TemporaryDirectory() as folder:
        try:
            made = draft(
                [shared() / "seeds" / f"{name}.txt" for name in DATED], into=Path(folder) / "draft", dated=DATED
            )
        except StandoffError as error:
            print(error, file=sys.stderr)
            return 2
        taken = time.process_time() - begun
        figures = measured(made.candidates, list(made.texts().values()), gold)
    if given.json:
        print(
            json.dumps(
                {"seconds": taken, "figures": [{**asdict(one), "verdict": one.verdict} for one in figures]}, indent=1
            )
        )
    else:
        for one in figures:
            bar = (
                f"at least {one.least:g}"
                if one.least is not None
                else f"at most {one.most:g}"
                if one.most is not None
                else ""
            )
            print(f"{one.what:38} {one.value:7.2f}  {one.of:28.28} {bar:14} {one.verdict}".rstrip())
        print(f"{len(made.candidates)} candidates in {taken:.1f} s of processor time, the parser loaded")
    return 1 if any(one.verdict == "MISSES" for one in figures) else 0


if __name__ == "__main__":
    sys.exit(main())
