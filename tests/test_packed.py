"""Frozen data as bytes and back: alike in type and value, and nothing but what its annotations name."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Literal

import numpy as np
import pytest
from numpy.typing import NDArray

from standoff.model import content_digest
from standoff.packed import packed, unpacked

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Leaf:
    """A number with a name."""

    name: str
    value: float


@dataclass(frozen=True, slots=True)
class Twig:
    """Two of either."""

    left: Leaf | Twig
    right: Leaf | Twig


@dataclass(frozen=True, slots=True)
class Tree:
    """One of every form."""

    of: Leaf | Twig
    kind: Literal["oak", "elm"]
    planted: date
    felled: date | None
    rings: tuple[int, ...]
    at: tuple[float, str | None]
    called: dict[str, list[Leaf]]
    by_number: dict[int, tuple[Twig | None, ...]]
    heights: Floats
    marks: NDArray[np.int32]
    tall: bool | None
    girth: float
    worked_out: int = field(init=False, default=3)


TREE = Tree(
    of=Twig(Leaf("a", 0.1), Twig(Leaf("b", -0.0), Leaf("ü\ud800\0", math.inf))),
    kind="elm",
    planted=date(2020, 1, 31),
    felled=None,
    rings=(1, 2, 2**70),
    at=(1.5, None),
    called={"one": [Leaf("c", 1)], "none": []},
    by_number={7: (None, Twig(Leaf("", math.nan), Leaf("d", 5e-324)))},
    heights=np.array([[0.1, math.nan], [-0.0, math.inf]]),
    marks=np.zeros((0, 3), dtype=np.int32),
    tall=None,
    girth=2.5,
)


def test_what_is_packed_comes_back_alike_in_type_and_value_to_the_last_bit() -> None:
    again = unpacked(packed(TREE, Tree), Tree)
    assert content_digest(again) == content_digest(TREE)
    assert again.heights.flags.writeable


class Word(str):
    """A text that is more than one."""

    __slots__ = ()


@pytest.mark.parametrize(
    "wrong",
    [
        {"girth": np.float64(1.0)}, {"girth": "1"}, {"kind": Word("elm")}, {"rings": [1]}, {"of": None},
        {"at": (1.0, None, 2)}, {"called": {"one": (Leaf("c", 1),)}}, {"felled": "2020-01-01"}, {"tall": 1},
    ],
)  # fmt: skip
def test_what_the_annotations_do_not_say_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises((TypeError, ValueError, AttributeError)):
        packed(replace(TREE, **wrong), Tree)  # type: ignore[arg-type]


def test_bytes_of_another_form_are_refused() -> None:
    content = packed(TREE, Tree)
    length = int.from_bytes(content[:8], "little")
    tree = json.loads(content[8 : 8 + length])
    shorter, other = _with(tree[:-1]), packed(Leaf("a", 1.0), Leaf)
    for wrong in (content[: length // 2], content[:-40], b"", other, shorter, _with({})):
        with pytest.raises(ValueError, match=r"Expecting|no Tree|has 12 fields|beyond the end"):
            unpacked(wrong, Tree)


def _with(tree: object) -> bytes:
    text = json.dumps(tree).encode()
    return len(text).to_bytes(8, "little") + text
