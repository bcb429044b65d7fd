"""The kernel in C and what Python knows of it: the same structures, the same numbers, the library of these sources."""

from __future__ import annotations

import ctypes
import re
from pathlib import Path

import numpy as np
import pytest

from hatch_build import KERNEL, SYSTEMS, kernel_digest
from standoff.engine import begin, clocks, kernel, streams, sums, turns
from standoff.engine.structures import CallTables, StateTables, Tables, WalkTables, address
from standoff.errors import UsageError
from standoff.model.tallies import MOST_TERMS

ROOT = Path(__file__).resolve().parent.parent
SOURCES = sorted((ROOT / KERNEL).glob("*.[ch]"))
TEXT = "\n".join(path.read_text(encoding="utf-8") for path in SOURCES)
HOLDS = {
    "double": np.float64, "int32_t": np.int32, "int64_t": np.int64, "uint64_t": np.uint64, "bool": np.bool_,
    "struct chunk": np.float64, "value_code *const": np.int64, "fire_code *const": np.int64,
}  # fmt: skip


def fields_of(name: str) -> dict[str, type]:
    """The fields of a structure in C, and what Python takes them for."""
    (body,) = re.findall(rf"^struct {name} \{{\n(.*?)^\}};", TEXT, re.MULTILINE | re.DOTALL)
    found: dict[str, type] = {}
    for line in body.splitlines():
        parts = re.fullmatch(r"    (?:const )?([a-z0-9_ ]+?(?: \*const)?) (\*?)(\w+);", line)
        assert parts, f"not a field on a line of its own: {line}"
        kind, star, field = parts.groups()
        found[field] = HOLDS[kind] if star else {"int64_t": int, "double": float}[kind]
    return found


@pytest.mark.parametrize(
    ("name", "structure"), [("walk", WalkTables), ("state", StateTables), ("call", CallTables)], ids=str
)
def test_each_structure_is_the_same_in_c_and_in_python(name: str, structure: type[Tables]) -> None:
    fields = fields_of(name)
    assert list(structure.holds.items()) == list(fields.items())
    assert ctypes.sizeof(structure) == 8 * len(fields)


@pytest.mark.parametrize("names", re.findall(r"^enum \{ ([A-Z_, ]+) \};", TEXT, re.MULTILINE))
def test_what_c_counts_python_counts_alike(names: str) -> None:
    for number, name in enumerate(names.split(", ")):
        assert getattr(kernel, name) == number, name


def test_the_kernel_has_the_numbers_of_its_twin() -> None:
    written = dict(re.findall(r"^#define ([A-Z_]+) (.+)$", TEXT, re.MULTILINE))
    twin = {name: value for module in (begin, clocks, streams, sums, turns) for name, value in vars(module).items()}
    shared = written.keys() & twin.keys()
    assert shared == {
        "MOST_RATE", "MOST_AT_ONCE", "BOUND_SLACK", "MOST_DRAWN", "REBUILD_EVERY", "REBUILD_BELOW", "ROW",
        "EFFECTS_AT", "CALLED_AT", "EFFECT_DRAWS", "FINEST", "APART", "MOST_SPANS", "DEEPEST",
    }  # fmt: skip
    for name in shared:
        if written[name].startswith("0x1p"):
            assert twin[name] == float.fromhex(written[name]), name
            continue
        first, _, second = written[name].replace("(uint64_t)", "").strip("()").partition(" << ")
        number = int(first) << int(second) if second else sum(map(float, first.split(" + ")))
        assert twin[name] == number, name


def test_a_chunk_is_as_many_numbers_as_python_makes_room_for() -> None:
    (body,) = re.findall(r"^struct chunk \{\n(.*?)^\};", TEXT, re.MULTILINE | re.DOTALL)
    assert re.findall(r"^    double (\w+);$", body, re.MULTILINE) == ["factor", "sum", "weight", "most"]
    assert len(body.splitlines()) == kernel.CHUNK


def test_whole_numbers_of_a_tally_add_without_rounding() -> None:
    (most,) = re.findall(r"^#define MOST_WHOLE (.+)$", TEXT, re.MULTILINE)
    assert float(most) * MOST_TERMS <= 2.0**53


def test_the_library_is_built_from_the_files_that_stand_here() -> None:
    assert kernel.kernel_sources() == kernel_digest(ROOT)
    assert kernel.library_path().name in SYSTEMS


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_a_file_in_c_says_what_it_is_and_its_functions_fit_a_screen(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    lines = text.splitlines()
    assert text.startswith("/* ")
    assert len(lines) <= 400
    assert max(map(len, lines)) <= 120
    opened = 0
    for number, line in enumerate(lines):
        if line.endswith("{") and not line.startswith(" "):
            opened = number
        assert line != "}" or number - opened < 60, f"{path.name}:{opened + 1}"


def test_a_machine_without_the_library_is_told_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kernel, "LIBRARIES", tmp_path)
    with pytest.raises(UsageError, match=r"library for .* is not there: in a checkout, .make setup. builds it"):
        kernel._load()
    (tmp_path / "beos-ppc.so").touch()
    with pytest.raises(UsageError, match=r"library for .* is not there: standoff runs on beos-ppc$"):
        kernel._load()
    kernel.library_path().write_bytes(b"no library")
    with pytest.raises(UsageError, match=r"cannot be loaded: "):
        kernel._load()


def test_a_library_of_another_version_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    class Longer(StateTables):
        _fields_ = (("more", ctypes.c_int64),)

    monkeypatch.setattr(kernel, "StateTables", Longer)
    with pytest.raises(UsageError, match=r"is of another version of standoff: .*make setup"):
        kernel._load()


def test_an_array_that_the_kernel_would_misread_is_refused() -> None:
    given: dict[str, object] = dict.fromkeys(StateTables.holds)
    for array, words in ((np.zeros(3, np.float32), "x is an array of float32"), (np.zeros((3, 2))[:, 0], "has gaps")):
        with pytest.raises(TypeError, match=words):
            StateTables().fill(**given | {"x": array})
    for other in (given | {"y": None}, {}):
        with pytest.raises(TypeError, match="the kernel takes other tables"):
            StateTables().fill(**other)


def test_an_array_lies_where_it_says_itself_also_where_it_is_empty_or_must_not_be_written() -> None:
    arrays = [np.zeros(3), np.zeros(0), np.zeros(3)]
    arrays[2].flags.writeable = False
    assert [address(array) for array in arrays] == [array.ctypes.data for array in arrays]
