"""Frozen data as bytes and back: alike in type and value, and nothing but what its annotations name."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import Literal

import numpy as np
import pytest
from numpy.typing import NDArray

from standoff import packed as packed_module
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


ENDLESS = Twig(Leaf("a", 0.1), Leaf("b", 0.1))
object.__setattr__(ENDLESS, "left", ENDLESS)


@pytest.mark.parametrize(
    "wrong",
    [
        {"girth": np.float64(1.0)}, {"girth": "1"}, {"kind": Word("elm")}, {"rings": [1]}, {"of": None},
        {"at": (1.0, None, 2)}, {"called": {"one": (Leaf("c", 1),)}}, {"felled": "2020-01-01"}, {"tall": 1},
        {"felled": datetime(2020, 1, 1, tzinfo=UTC)}, {"heights": [1.0]}, {"heights": None},
        {"heights": np.zeros(2, np.float32)},
        {"heights": np.array([None, 1.0])}, {"marks": np.zeros(2)}, {"rings": (10**5000,)},
        {"marks": np.ma.masked_array(np.zeros(2, np.int32))}, {"of": ENDLESS},
    ],
)  # fmt: skip
def test_what_the_annotations_do_not_say_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(TypeError):
        packed(replace(TREE, **wrong), Tree)  # type: ignore[arg-type]


def test_what_of_two_was_named_first_makes_no_other_bytes() -> None:
    kinds = [Leaf | Twig, Twig | Leaf]
    contents = []
    for kind in kinds:
        # As in two processes, each of which asks for another of these first.
        packed_module._kind.cache_clear()
        contents.append(packed(TREE.of, kind))  # type: ignore[arg-type]
    assert contents[0] == contents[1]


@dataclass(frozen=True, slots=True)
class Branch:
    """Something that fits, and a stump."""

    bears: Stump | None


@dataclass(frozen=True, slots=True)
class Stump:
    """Something that fits, then something that cannot be packed."""

    bears: Branch | None
    left: set[str]


def test_a_class_that_cannot_be_packed_is_refused_each_time_and_so_is_what_holds_it() -> None:
    for thing in (Stump(None, set()), Branch(None), Stump(Branch(None), set())):
        with pytest.raises(TypeError, match="cannot be packed"):
            packed(thing, type(thing))


def test_too_much_is_refused_before_it_is_put_together() -> None:
    content = packed(TREE, Tree)
    assert packed(TREE, Tree, most=len(content)) == content
    with pytest.raises(OverflowError, match="more than"):
        packed(TREE, Tree, most=len(content) - 1)
    # As many bytes as no machine has: they take none themselves.
    endless = np.broadcast_to(np.float64(0.0), (2**50,))
    with pytest.raises(OverflowError, match="more than 1000 bytes"):
        packed(replace(TREE, heights=endless), Tree, most=1000)


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
