"""Break the newest code on purpose, one small change at a time, and say which breaks no test notices.

`make mutants` takes the Python files of the package that differ from a commit (SINCE, by default the last one), draws
COUNT mutants of them, and runs for each the tests that mirror its file. A mutant that they all let through is printed
with its place. The tree is copied first: nothing in the checkout changes.
"""

from __future__ import annotations

import argparse
import ast
import difflib
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCE = Path("src/standoff")
SECONDS = 240

# Where a file's mutants can be noticed: tests named after its room, and those that hold the room to something outside.
MIRRORS = {
    "scenario": ("test_scenario*", "test_words*", "test_operators", "test_conformance_*valid"),
    "model": ("test_model*", "test_engine_run", "test_engine_twin"),
    "engine": ("test_engine*", "test_samplers*", "test_memories", "test_operators", "test_conformance_exact"),
    "ensemble": ("test_ensemble*",),
    "analysis": ("test_analysis*",),
    "calibration": ("test_calibration*",),
    "report": ("test_report*",),
    "cli": ("test_cli*",),
}

COMPARISONS: dict[type[ast.cmpop], str] = {
    ast.Lt: "<=",
    ast.LtE: "<",
    ast.Gt: ">=",
    ast.GtE: ">",
    ast.Eq: "!=",
    ast.NotEq: "==",
    ast.In: "not in",
    ast.NotIn: "in",
    ast.Is: "is not",
    ast.IsNot: "is",
}
OPERATORS: dict[type[ast.operator], str] = {
    ast.Add: "-",
    ast.Sub: "+",
    ast.Mult: "/",
    ast.Div: "*",
    ast.BitAnd: "|",
    ast.BitOr: "&",
}
NAMES = {
    "min": "max",
    "max": "min",
    "any": "all",
    "all": "any",
    "union": "intersection",
    "intersection": "union",
}


@dataclass(frozen=True)
class Mutant:
    """One small change: the file, the line it begins in, and the file's new text."""

    path: Path
    line: int
    text: str

    def diff(self) -> str:
        """What was changed, as a difference of two lines."""
        before = (ROOT / self.path).read_text(encoding="utf-8").splitlines()
        lines = difflib.unified_diff(before, self.text.splitlines(), n=0, lineterm="")
        return "\n".join(line for line in lines if not line.startswith(("---", "+++", "@@")))


def mutants_of(path: Path) -> Iterator[Mutant]:
    """Every mutant of a file, in the order of the file."""
    text = (ROOT / path).read_text(encoding="utf-8")
    raw = text.encode("utf-8")
    starts = [0]
    for line in raw.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    tree = ast.parse(text)
    typing_only = {id(inner) for node in ast.walk(tree) for inner in _untested(node)}
    for node in ast.walk(tree):
        if id(node) in typing_only:
            continue
        for place, words in _changes(node):
            begin = starts[place.lineno - 1] + place.col_offset
            end = starts[(place.end_lineno or place.lineno) - 1] + (place.end_col_offset or place.col_offset)
            changed = (raw[:begin] + words.encode("utf-8") + raw[end:]).decode("utf-8")
            try:
                ast.parse(changed)
            except SyntaxError:
                continue
            yield Mutant(path, place.lineno, changed)


def _untested(node: ast.AST) -> Iterator[ast.AST]:
    """What a test cannot notice: annotations, decorators, and what is imported for type checkers only."""
    parts: list[ast.AST | None] = []
    if isinstance(node, ast.arg | ast.AnnAssign):
        parts.append(node.annotation)
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        parts += [node.returns, *node.decorator_list]
    if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
        parts.append(node)
    for part in parts:
        if part is not None:
            yield from ast.walk(part)


def _changes(node: ast.AST) -> Iterator[tuple[ast.expr, str]]:
    """Expressions at or below a node, each with the words to put in its place."""
    if isinstance(node, ast.Compare) and len(node.ops) == 1:
        sign = COMPARISONS[type(node.ops[0])]
        yield node, f"({_words(node.left)} {sign} {_words(node.comparators[0])})"
    elif isinstance(node, ast.BoolOp):
        sign = " or " if isinstance(node.op, ast.And) else " and "
        yield node, f"({sign.join(_words(value) for value in node.values)})"
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield node, f"({_words(node.operand)})"
    elif isinstance(node, ast.BinOp) and type(node.op) in OPERATORS:
        yield node, f"({_words(node.left)} {OPERATORS[type(node.op)]} {_words(node.right)})"
    elif isinstance(node, ast.Constant) and isinstance(node.value, bool):
        yield node, str(not node.value)
    elif isinstance(node, ast.Constant) and isinstance(node.value, int | float):
        yield node, str(node.value + 1)
    elif isinstance(node, ast.IfExp):
        yield node, f"({_words(node.orelse)} if {_words(node.test)} else {_words(node.body)})"
    elif isinstance(node, ast.Return) and isinstance(node.value, ast.Name | ast.Attribute | ast.Subscript):
        yield node.value, "None"
    elif isinstance(node, ast.Name) and node.id in NAMES:
        yield node, NAMES[node.id]
    elif isinstance(node, ast.Call):
        yield from _call(node)


def _call(node: ast.Call) -> Iterator[tuple[ast.expr, str]]:
    if isinstance(node.func, ast.Attribute) and node.func.attr in NAMES:
        yield node.func, f"{_words(node.func.value)}.{NAMES[node.func.attr]}"
    plain = [part for part in node.args if not isinstance(part, ast.Starred)]
    if len(plain) == len(node.args) >= 2 and ast.dump(plain[0]) != ast.dump(plain[1]):
        first, second, *rest = (ast.unparse(part) for part in node.args)
        others = [ast.unparse(keyword) for keyword in node.keywords]
        yield node, f"{_words(node.func)}({', '.join([second, first, *rest, *others])})"


def _words(node: ast.expr) -> str:
    """A node as words that mean the same wherever they stand."""
    plain = isinstance(node, ast.Name | ast.Attribute | ast.Constant | ast.Call | ast.Subscript)
    return ast.unparse(node) if plain else f"({ast.unparse(node)})"


def changed_files(since: str) -> list[Path]:
    """The package's Python files that differ from a commit."""
    command = ["git", "diff", "--name-only", "--diff-filter=d", since, "--", f"{SOURCE}/**.py"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return [Path(line) for line in done.stdout.splitlines()]


def mirrors_of(path: Path) -> list[str]:
    """The test files that mirror a file of the package, the most alike first."""
    room = path.relative_to(SOURCE).with_suffix("").parts[0]
    patterns = MIRRORS.get(room, (f"test_{room}*",))
    files = sorted({file for pattern in patterns for file in (ROOT / "tests").glob(f"{pattern}.py")})
    words = set("_".join(path.relative_to(SOURCE).with_suffix("").parts).split("_")) - {room}
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    names = {node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)}

    def unlike(file: Path) -> tuple[int, int, int]:
        text, own = file.read_text(encoding="utf-8"), set(file.stem.split("_"))
        return -len(words & own), len(own - words), -sum(name in text for name in names)

    return [file.relative_to(ROOT).as_posix() for file in sorted(files, key=unlike)]


def survives(mutant: Mutant, home: Path) -> bool | None:
    """Whether all tests of its file pass with the mutant in the copy at `home`; None if they take too long."""
    place = home / mutant.path
    before = place.read_bytes()
    place.write_text(mutant.text, encoding="utf-8")
    try:
        return _tests_pass(home, mirrors_of(mutant.path))
    finally:
        place.write_bytes(before)


def _tests_pass(home: Path, tests: list[str]) -> bool | None:
    environment = os.environ | {"PYTHONPATH": str(home / "src"), "PYTHONDONTWRITEBYTECODE": "1"}
    options = ("-x", "-q", "-p", "no:cacheprovider", "--numprocesses", "0", "--timeout", "60")
    command = [sys.executable, "-m", "pytest", *options, *tests]
    try:
        done = subprocess.run(command, cwd=home, env=environment, capture_output=True, check=False, timeout=SECONDS)
    except subprocess.TimeoutExpired:
        return None
    return done.returncode == 0


def main() -> int:
    """Make the mutants and print those that survive; the exit status says whether there is one."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--since", default="HEAD~1", help="the commit that the files must differ from")
    parser.add_argument("--count", type=int, default=40, help="how many mutants")
    parser.add_argument("--seed", type=int, default=1, help="the seed of the sample")
    parser.add_argument("paths", nargs="*", type=Path, help="these files, whether they have changed or not")
    asked = parser.parse_args()
    files = asked.paths or changed_files(asked.since)
    mutants = [mutant for path in files if mirrors_of(path) for mutant in mutants_of(path)]
    sample = random.Random(asked.seed).sample(mutants, min(asked.count, len(mutants)))
    print(f"{len(sample)} of {len(mutants)} mutants of {len(files)} files", flush=True)
    survivors = 0
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "house"
        shutil.copytree(ROOT, home, ignore=shutil.ignore_patterns(".venv*", ".git", "node_modules", "runs", ".*_cache"))
        for number, mutant in enumerate(sample, 1):
            alive = survives(mutant, home)
            survivors += alive is True
            word = {True: "survives", False: "noticed", None: "takes too long"}[alive]
            print(f"{number:3} {word}: {mutant.path}:{mutant.line}", flush=True)
            if alive:
                print(mutant.diff(), flush=True)
    print(f"{survivors} of {len(sample)} mutants survive")
    return survivors > 0


if __name__ == "__main__":
    sys.exit(main())
