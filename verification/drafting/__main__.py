"""The command `python -m verification.drafting`: its exit status is 1 if a bar is missed, 2 if one was not looked at.

Bars 1 and 7 of DRAFT.md are for the five texts, bar 2 for those that no rule was changed for, counted together. What a
text of development misses, or one of the others by itself, is told and does not count.
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory

from standoff.drafting import Draft, draft, has_parser
from standoff.errors import StandoffError
from verification.drafting.corpora import Corpus, texts
from verification.drafting.scores import Figure

MOST_SECONDS, MOST_MB = 10.0, 600.0
"""Bar 7 of DRAFT.md: what a draft of the five may take of one free core, loading included, and of memory."""


def main(arguments: list[str] | None = None) -> int:
    """The command; its exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m verification.drafting",
        description="Scores drafts of five texts that the rules were made with, of those that they were mended after, "
        "and of those that no rule was changed for, if there are any.",
    )
    parser.add_argument("--json", action="store_true", help="one JSON document in place of text")
    given = parser.parse_args(arguments)
    if not has_parser():
        print("skipped: the extra is not installed: pip install 'standoff[draft]'", file=sys.stderr)
        return 2
    scored: list[tuple[Corpus, list[Figure]]] = []
    skipped = False
    for corpus in texts():
        missing = corpus.missing()
        if missing is not None:
            print(f"{corpus.name}: skipped, {missing} is not there (STANDOFF_SHARED)", file=sys.stderr)
            skipped |= corpus.decides
            continue
        try:
            scored.append((corpus, draft_of(corpus)))
        except StandoffError as error:
            print(error, file=sys.stderr)
            return 2
    from verification.drafting.scores import together

    unseen = together([figures for corpus, figures in scored if corpus.role == "held out"])
    every = [f"{what} ({corpus.name})" for corpus, figures in scored for what in missed(corpus, figures)]
    every += [f"{one.what} (held out)" for one in unseen if one.verdict == "MISSES"]
    if given.json:
        rows = {corpus.name: _row(corpus, figures) for corpus, figures in scored}
        pooled = {"role": "held out", "decides": True, "figures": _figures(unseen)}
        print(json.dumps({**rows, "held out": pooled}, indent=1))
    else:
        tables = [_table(f"{corpus.name}: {_ROLES[corpus.role]}", figures) for corpus, figures in scored]
        both = [_table("held out: those that no rule was changed for, counted together", unseen)] if unseen else []
        print("\n".join([*tables, *both, f"missed: {', '.join(every)}" if every else "no bar that counts is missed"]))
    return 1 if every else 2 if skipped else 0


def missed(corpus: Corpus, figures: Sequence[Figure]) -> list[str]:
    """The bars that a text misses and that the command fails for by itself."""
    return [one.what for one in figures if one.verdict == "MISSES"] if corpus.decides else []


def draft_of(corpus: Corpus) -> list[Figure]:
    """The figures of a draft of some texts; of the five, which are drafted first, with the time and memory it took."""
    from verification.drafting.scores import measured

    begun = 0.0 if corpus.role == "seeds" else time.process_time()
    with TemporaryDirectory() as folder:
        made = draft(corpus.files, into=Path(folder) / "draft", dated=corpus.dated)
        taken = time.process_time() - begun
        megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)
        most = (MOST_SECONDS, MOST_MB) if corpus.role == "seeds" else (None, None)
        spent = [
            Figure("seconds of processor time", round(taken, 1), "", most=most[0]),
            Figure("memory of the process, MB", round(megabytes), "", most=most[1]),
        ]
        found = measured(made.candidates, list(made.texts().values()), corpus)
        return [*found, *spent, *(at_the_desk(made, corpus) if corpus.role != "seeds" else ())]


def at_the_desk(made: Draft, corpus: Corpus) -> list[Figure]:
    """What of bar 8 can be counted without a person: what is typed until a scenario is written, and its errors."""
    from verification.drafting.sitting import sat

    one = sat(made, corpus)
    told = ", ".join(f"{count} {kind}" for kind, count in one.kinds.most_common(3))
    return [
        Figure("desk: decisions (lines typed)", len(one.lines), f"{told} …"),
        Figure("desk: keystrokes", one.keystrokes, f"{one.candidates} candidates"),
        Figure("desk: errors of the check", len(one.errors), "", most=0),
    ]


def _row(corpus: Corpus, figures: Sequence[Figure]) -> dict[str, object]:
    return {
        "role": corpus.role,
        "decides": corpus.decides,
        "figures": _figures(figures),
    }


def _figures(figures: Sequence[Figure]) -> list[dict[str, object]]:
    return [{**asdict(one), "verdict": one.verdict} for one in figures]


_ROLES = {
    "seeds": "the rules were made with them",
    "development": "the rules were mended for what it showed: what it misses does not count",
    "held out": "no rule was changed for it",
}


def _table(title: str, figures: Sequence[Figure]) -> str:
    lines = [title]
    for one in figures:
        bar = "" if one.least is None else f"at least {one.least:.2f}"
        bar = bar if one.most is None else f"at most {one.most:.2f}"
        lines.append(f"  {one.what:42} {one.value:6.2f}  {one.of:22.22} {bar:15} {one.verdict}".rstrip())
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
