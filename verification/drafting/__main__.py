"""The command `python -m verification.drafting`: its exit status is 1 if a bar is missed, 2 if nothing is scored."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory

from standoff.drafting import draft, has_parser
from standoff.errors import StandoffError
from verification.drafting.corpora import Corpus, five, sixth
from verification.drafting.scores import Figure


def main(arguments: list[str] | None = None) -> int:
    """The command; its exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m verification.drafting",
        description="Scores the draft of five texts that the rules were made with, and of a sixth that they were not.",
    )
    parser.add_argument("--json", action="store_true", help="one JSON document in place of text")
    given = parser.parse_args(arguments)
    if not has_parser():
        print("skipped: the extra is not installed: pip install 'standoff[draft]'", file=sys.stderr)
        return 2
    scored: dict[str, tuple[list[Figure], float]] = {}
    for corpus in (five(), sixth()):
        missing = corpus.missing()
        if missing is not None:
            print(f"{corpus.name}: skipped, {missing} is not there (STANDOFF_SHARED)", file=sys.stderr)
            continue
        try:
            scored[corpus.name] = draft_of(corpus)
        except StandoffError as error:
            print(error, file=sys.stderr)
            return 2
    if given.json:
        print(json.dumps({name: _row(*one) for name, one in scored.items()}, indent=1))
    else:
        for name, (figures, seconds) in scored.items():
            print(_table(name, figures, seconds))
    return 1 if any(one.verdict == "MISSES" for figures, _ in scored.values() for one in figures) else 0


def draft_of(corpus: Corpus) -> tuple[list[Figure], float]:
    """The figures of a draft of some texts, and the seconds of processor time that the draft took."""
    from verification.drafting.scores import measured

    begun = time.process_time()
    with TemporaryDirectory() as folder:
        made = draft(corpus.files, into=Path(folder) / "draft", dated=corpus.dated)
        taken = time.process_time() - begun
        return measured(made.candidates, list(made.texts().values()), corpus), taken


def _row(figures: Sequence[Figure], seconds: float) -> dict[str, object]:
    return {"seconds": seconds, "figures": [{**asdict(one), "verdict": one.verdict} for one in figures]}


def _table(name: str, figures: Sequence[Figure], seconds: float) -> str:
    lines = [f"{name}: drafted in {seconds:.1f} s of processor time"]
    for one in figures:
        bar = "" if one.least is None else f"at least {one.least:.2f}"
        bar = bar if one.most is None else f"at most {one.most:.2f}"
        lines.append(f"  {one.what:38} {one.value:5.2f}  {one.of:22.22} {bar:14} {one.verdict}".rstrip())
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
