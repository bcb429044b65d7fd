"""The house of docs/decisions.md is kept: layers, doors, names, sizes, and nothing that evaluates text."""

from __future__ import annotations

import ast
import re
import tokenize
import tomllib
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest

from tools import code_map, versions

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "standoff"
PACKAGE = sorted(SOURCE.rglob("*.py"))
OURS = sorted(
    path
    for folder in ("src", "tests", "tools", "benchmarks", "conformance", "verification")
    for path in (ROOT / folder).rglob("*.py")
    if "build" not in path.relative_to(ROOT).parts
)
OF_THE_PAGE = sorted(path for path in code_map.PAGE.rglob("*") if path.suffix in {".ts", ".svelte", ".css"})

# A room may import any room on a lower row, and none on its own. play is planned.
ROWS = {
    "__main__": 11,
    "cli": 10,
    "play": 9,
    "report": 8,
    "calibration": 7,
    "strategy": 7,
    "elicitation": 7,
    "drafting": 7,
    "analysis": 6,
    "game": 6,
    "ensemble": 5,
    "engine": 4,
    "records": 4,
    "evidence": 4,
    "sheets": 4,
    "model": 3,
    "editor": 3,
    "scenario": 2,
    "errors": 1,
    "cache": 1,
    "doors": 1,
    "garbage": 1,
    "packed": 1,
    "plain": 1,
    "sources": 1,
    "time": 1,
    "units": 1,
    "intervals": 1,
    "numerals": 1,
    "geography": 1,
    "display": 1,
}
# Rooms whose work needs a lower room only as a user would: what the row allows is not all that is wanted.
NOT_WANTED = {
    "engine": {"scenario"},  # the engine knows the model's tables only
}
# Rooms that are built in wings: each wing has a door of its own, for its neighbours in the room and for other rooms.
WINGED = {"analysis"}
# Rooms on row 1 that may use the vocabulary of errors, which stands below everything.
FOUNDATION = "errors"
# Data folders: they hold files that are read, and no code that imports.
DATA = {"scenarios"}

HEAVY = {
    "errors": {"pydantic", "numpy", "llvmlite", "polars", "yaml", "typer", "rich"},
    "cache": {"pydantic", "numpy", "llvmlite", "polars", "yaml", "typer", "rich"},
    "doors": {"pydantic", "numpy", "llvmlite", "polars", "yaml", "typer", "rich"},
    "garbage": {"pydantic", "numpy", "llvmlite", "polars", "yaml", "typer", "rich"},
    "plain": {"pydantic", "llvmlite", "polars", "yaml", "typer", "rich"},
    "packed": {"pydantic", "llvmlite", "polars", "yaml", "typer", "rich"},
    "sources": {"pydantic", "numpy", "llvmlite", "polars", "yaml", "typer", "rich"},
    "time": {"pydantic", "numpy", "llvmlite", "polars", "yaml", "typer", "rich"},
    "units": {"pydantic", "numpy", "llvmlite", "polars", "yaml", "typer", "rich"},
    "intervals": {"pydantic", "numpy", "llvmlite", "polars", "yaml", "typer", "rich"},
    "numerals": {"pydantic", "numpy", "llvmlite", "polars", "yaml", "typer", "rich"},
    "display": {"pydantic", "numpy", "llvmlite", "polars", "yaml", "typer", "rich"},
    "scenario": {"numpy", "llvmlite", "polars", "typer", "rich"},
    "model": {"llvmlite", "polars", "pydantic", "yaml", "typer", "rich"},
    "engine": {"pydantic", "polars", "yaml", "typer", "rich"},
}

FORBIDDEN_NAMES = re.compile(r"(^|_)(utils?|helpers?|common|base|misc|managers?)(_|$)|Manager$|Helper$|Util$")
LINES_IN_A_FILE = 600
LINES_IN_A_FUNCTION = 60


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


@cache
def nodes_of(path: Path) -> tuple[ast.AST, ...]:
    return tuple(ast.walk(tree_of(path)))


def over(paths: list[Path]) -> Callable[[Callable[[Path], None]], Callable[[], None]]:
    """Make a check of one file a test of many, which names every offender; a test for each file would be slow."""

    def decorate(check: Callable[[Path], None]) -> Callable[[], None]:
        def test() -> None:
            offenders = [offence for path in paths if (offence := offence_of(check, path))]
            assert not offenders, "\n" + "\n".join(offenders)

        test.__name__ = check.__name__
        return test

    return decorate


def offence_of(check: Callable[[Path], None], path: Path) -> str | None:
    """What a check says against a file, or None."""
    try:
        check(path)
    except (AssertionError, pytest.fail.Exception) as offence:
        return str(offence)
    return None


def module_of(path: Path) -> str:
    """The dotted name of a file of the package."""
    parts = ["standoff", *path.relative_to(SOURCE).with_suffix("").parts]
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def room_of(module: str) -> str:
    """The room a module of the package belongs to; the package's own front is the empty text."""
    parts = module.split(".")
    return parts[1] if len(parts) > 1 else ""


def imports_of(path: Path) -> Iterator[tuple[str, int]]:
    """Every module a file imports, at any depth and also for type checking only, with its line."""
    for node in nodes_of(path):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, node.lineno
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno}: a relative import"
            module = node.module or ""
            for alias in node.names:
                inside = SOURCE.joinpath(*module.split(".")[1:], alias.name)
                is_module = module.startswith("standoff") and (inside.is_dir() or inside.with_suffix(".py").exists())
                yield (f"{module}.{alias.name}" if is_module else module), node.lineno
        elif isinstance(node, ast.Call) and is_import_module(node):
            name = node.args[0]
            if isinstance(name, ast.Constant) and isinstance(name.value, str):
                yield name.value, node.lineno


def is_import_module(node: ast.Call) -> bool:
    called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    return called in {"import_module", "__import__"} and bool(node.args)


@cache
def own_imports(path: Path) -> list[tuple[str, int]]:
    return [(name, line) for name, line in imports_of(path) if name.split(".")[0] == "standoff"]


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def test_every_room_has_a_row() -> None:
    rooms = {room_of(module_of(path)) for path in PACKAGE} - {""} - DATA
    assert rooms, "the package is empty"
    assert rooms <= set(ROWS), f"say on which row these stand: {sorted(rooms - set(ROWS))}"


@over(PACKAGE)
def test_a_room_imports_only_rooms_below_it(path: Path) -> None:
    own = room_of(module_of(path))
    if own == "":
        return  # the front names every room, lazily; tests/test_import_time.py holds it to that
    for name, line in own_imports(path):
        other = room_of(name)
        if other in {own, ""}:
            continue  # `from standoff import __version__` asks the front for a fact, not for a room
        lower = ROWS[other] < ROWS[own] or (other == FOUNDATION and ROWS[own] == 1)
        assert lower, f"{named(path)}:{line}: {own} (row {ROWS[own]}) imports {other} (row {ROWS[other]})"
        assert other not in NOT_WANTED.get(own, ()), f"{named(path)}:{line}: {own} must not know {other}"


@over(PACKAGE)
def test_a_room_is_entered_through_its_door(path: Path) -> None:
    own = room_of(module_of(path))
    for name, line in own_imports(path):
        parts = name.split(".")
        if len(parts) <= 2 or parts[1] == own or own == "":
            continue
        if is_wing(name):
            continue
        # A door may offer a file of its room as a whole: `from standoff.scenario import tree`.
        offered = len(parts) == 3 and parts[2] in offered_by(parts[1]) and not reaches_inside(path, name)
        assert offered, f"{named(path)}:{line}: import from the door: `from standoff.{parts[1]} import …`"


@over([path for path in PACKAGE if room_of(module_of(path)) in WINGED])
def test_a_wing_is_entered_through_its_door_by_its_neighbours(path: Path) -> None:
    own = module_of(path).split(".")[:3]
    for name, line in own_imports(path):
        parts = name.split(".")
        inside = parts[1] in WINGED and len(parts) > 3 and parts[:3] != own
        assert not inside, f"{named(path)}:{line}: import from the wing: `from {'.'.join(parts[:3])} import …`"


@over([path for path in PACKAGE if path.name == "__init__.py"])
def test_no_name_that_a_door_offers_hides_a_file_behind_it(path: Path) -> None:
    # `from package.compare import compare` puts the function where the module was: then `import package.compare` fails.
    behind = {beside.stem for beside in path.parent.iterdir() if beside.suffix == ".py" or is_package(beside)}
    hidden = {alias.asname or alias.name for node in nodes_of(path) if isinstance(node, ast.ImportFrom)
              for alias in node.names if node.module != module_of(path)} & behind  # fmt: skip
    assert not hidden, f"{named(path)}: name the files by nouns: {sorted(hidden)}"


def is_package(path: Path) -> bool:
    return (path / "__init__.py").exists()


def is_wing(module: str) -> bool:
    """Whether a module is the door of a wing."""
    parts = module.split(".")
    return len(parts) == 3 and parts[1] in WINGED and is_package(SOURCE.joinpath(*parts[1:]))


def reaches_inside(path: Path, module: str) -> bool:
    """Whether a file takes names out of a module inside a room, and not the module as the door offers it."""
    return any(isinstance(node, ast.ImportFrom) and node.module == module for node in nodes_of(path))


@cache
def offered_by(room: str) -> frozenset[str]:
    """The names in `__all__` of a room's door."""
    return listed_in(SOURCE / room / "__init__.py")


def listed_in(door: Path) -> frozenset[str]:
    """The names in `__all__` of a file."""
    for node in tree_of(door).body if door.exists() else ():
        if isinstance(node, ast.Assign | ast.AnnAssign):
            target = node.targets[0] if isinstance(node, ast.Assign) else node.target
            if isinstance(target, ast.Name) and target.id == "__all__" and node.value is not None:
                return frozenset(ast.literal_eval(node.value))
    return frozenset()


@over(PACKAGE)
def test_a_room_uses_only_the_libraries_of_its_row(path: Path) -> None:
    barred = HEAVY.get(room_of(module_of(path)), set())
    for name, line in imports_of(path):
        assert name.split(".")[0] not in barred, f"{named(path)}:{line}: {name} is not for this room"


def test_no_rooms_import_each_other_in_a_circle() -> None:
    below = {module_of(path): {name for name, _ in at_import(path)} for path in PACKAGE}
    state: dict[str, int] = {}

    def visit(module: str, trail: tuple[str, ...]) -> None:
        if state.get(module) == 2 or module not in below:
            return
        assert state.get(module) != 1, f"import circle: {' -> '.join([*trail[trail.index(module):], module])}"
        state[module] = 1
        for other in sorted(below[module] - {module}):
            visit(other, (*trail, module))
        state[module] = 2

    for module in sorted(below):
        visit(module, ())


def at_import(path: Path) -> Iterator[tuple[str, int]]:
    """The package's own modules that are loaded when the file is: not those inside functions or for types only."""
    pending: list[ast.AST] = list(tree_of(path).body)
    while pending:
        node = pending.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test):
            continue
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names if alias.name.startswith("standoff."))
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("standoff."):
            # A door that gathers its own room's files is not a circle: the files name each other directly.
            for alias in node.names:
                inside = SOURCE.joinpath(*(node.module or "").split(".")[1:], alias.name)
                whole = inside.is_dir() or inside.with_suffix(".py").exists()
                yield (f"{node.module}.{alias.name}" if whole else node.module or ""), node.lineno
        pending.extend(ast.iter_child_nodes(node))


@over(OURS)
def test_a_file_opens_with_one_sentence_that_says_what_it_is(path: Path) -> None:
    text = ast.get_docstring(tree_of(path))
    assert text, f"{named(path)}: no docstring"
    first = text.split("\n\n")[0].rstrip()
    assert first.endswith((".", "?", ":")), f"{named(path)}: the docstring's first paragraph is no sentence: {first!r}"


@over(OF_THE_PAGE)
def test_a_file_of_the_page_opens_with_one_sentence_that_says_what_it_is(path: Path) -> None:
    words = code_map.page_sentence(path)
    assert words, f"{named(path)}: the first line of code is no comment that says what this file is"
    assert words.endswith((".", "?", ":", ";")) or ". " in words, f"{named(path)}: no sentence: {words!r}"


# What a tool writes from dataclasses is read there: `write_types.py --check` holds it to them.
@over([path for path in OF_THE_PAGE if path.parent.name != "types"])
def test_a_file_of_the_page_can_be_read_in_one_sitting(path: Path) -> None:
    lines = len(path.read_text(encoding="utf-8").splitlines())
    assert lines <= LINES_IN_A_FILE, f"{named(path)}: {lines} lines; {LINES_IN_A_FILE} is the most"


@over(OURS)
def test_a_file_can_be_read_in_one_sitting(path: Path) -> None:
    lines = len(path.read_text(encoding="utf-8").splitlines())
    assert lines <= LINES_IN_A_FILE, f"{named(path)}: {lines} lines; {LINES_IN_A_FILE} is the most"


@over(PACKAGE)
def test_a_function_can_be_seen_at_once(path: Path) -> None:
    for node in nodes_of(path):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            assert lines <= LINES_IN_A_FUNCTION, f"{named(path)}:{node.lineno}: {node.name} has {lines} lines"


@over(OURS)
def test_names_say_what_a_thing_is(path: Path) -> None:
    parts = path.relative_to(ROOT).with_suffix("").parts
    assert not any(FORBIDDEN_NAMES.search(part) for part in parts), f"{named(path)}: name it by what it holds"
    for node in nodes_of(path):
        if isinstance(node, ast.ClassDef | ast.FunctionDef):
            assert not FORBIDDEN_NAMES.search(node.name), f"{named(path)}:{node.lineno}: {node.name}"


@over(PACKAGE)
def test_text_is_never_run_and_nothing_is_unpickled(path: Path) -> None:
    for node in nodes_of(path):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            barred = node.func.id in {"eval", "exec", "compile", "__import__"}
            assert not barred, f"{named(path)}:{node.lineno}: {node.func.id}()"
    for name, line in imports_of(path):
        barred = name.split(".")[0] in {"pickle", "marshal", "shelve"}
        assert not barred, f"{named(path)}:{line}: {name}"


@over(PACKAGE)
def test_only_the_command_line_prints(path: Path) -> None:
    if room_of(module_of(path)) in {"cli", "__main__"}:
        return
    for node in nodes_of(path):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            assert node.func.id != "print", f"{named(path)}:{node.lineno}: print()"


@over(PACKAGE)
def test_no_fault_of_a_user_is_met_by_assert_or_a_bare_except(path: Path) -> None:
    for node in nodes_of(path):
        if isinstance(node, ast.ExceptHandler):
            assert node.type is not None, f"{named(path)}:{node.lineno}: a bare except"
            swallowed = len(node.body) == 1 and isinstance(node.body[0], ast.Pass)
            broad = isinstance(node.type, ast.Name) and node.type.id in {"Exception", "BaseException"}
            assert not (swallowed and broad), f"{named(path)}:{node.lineno}: an exception is swallowed"
        if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call) and isinstance(node.exc.func, ast.Name):
            assert node.exc.func.id != "Exception", f"{named(path)}:{node.lineno}: raise something that has a name"
        assert not isinstance(node, ast.Assert), f"{named(path)}:{node.lineno}: assert vanishes under -O"


LEFT_TO_DO = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")


@over(OURS)
def test_what_is_left_to_do_stands_in_an_issue_and_not_in_a_comment(path: Path) -> None:
    if not LEFT_TO_DO.search(path.read_text(encoding="utf-8")):
        return
    with tokenize.open(path) as file:
        for token in tokenize.generate_tokens(file.readline):
            left = token.type == tokenize.COMMENT and LEFT_TO_DO.search(token.string)
            assert not left, f"{named(path)}:{token.start[0]}: {token.string}"


@over(PACKAGE)
def test_nothing_depends_on_a_global_generator_a_uuid_or_the_order_of_a_set(path: Path) -> None:
    for name, line in imports_of(path):
        # The luck of a game must be unknown to its players. It is drawn once and kept: all else follows from it.
        drawn = {"uuid"} if path == SOURCE / "cli" / "play.py" else {"uuid", "secrets"}
        assert name.split(".")[0] not in drawn, f"{named(path)}:{line}: {name}"
    for node in nodes_of(path):
        if isinstance(node, ast.ImportFrom):
            assert node.module != "random", f"{named(path)}:{node.lineno}: name it random.Random(seed)"
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "random":
            assert node.attr == "Random", f"{named(path)}:{node.lineno}: random.{node.attr} is a global generator"
        if isinstance(node, ast.Attribute) and ast.unparse(node) == "np.random.seed":
            pytest.fail(f"{named(path)}:{node.lineno}: numpy's global generator")


@over(PACKAGE)
def test_no_source_file_names_a_folder_of_one_machine(path: Path) -> None:
    found = re.search(r"[\"'](/work/|/home/|/root/|/tmp/)", path.read_text(encoding="utf-8"))
    assert not found, f"{named(path)}: {found.group() if found else ''}"


LOCKED = tomllib.loads((ROOT / "uv.lock").read_text(encoding="utf-8"))
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PROJECT = PYPROJECT["project"]


def test_the_lock_was_made_from_the_ranges_that_stand_in_pyproject() -> None:
    (own,) = (package for package in LOCKED["package"] if package["name"] == PROJECT["name"])
    wanted = own["metadata"]["requires-dist"]
    locked = sorted((want.get("marker", ""), f"{want['name']}{want['specifier']}") for want in wanted)
    extras = PROJECT["optional-dependencies"].items()
    ranges = [("", text) for text in PROJECT["dependencies"]]
    ranges += [(f"extra == '{extra}'", text) for extra, texts in extras for text in texts]
    assert locked == sorted(ranges), "run `make lock`"
    of_groups = own["metadata"]["requires-dev"].items()
    groups = {name: [f"{want['name']}{want['specifier']}" for want in wanted] for name, wanted in of_groups}
    assert groups == PYPROJECT["dependency-groups"], "run `make lock`"
    assert LOCKED["requires-python"] == PROJECT["requires-python"]


def test_the_lock_names_the_public_index_only_and_a_digest_of_every_file() -> None:
    for package in LOCKED["package"]:
        if package["name"] == PROJECT["name"]:
            assert package["source"] == {"editable": "."}
            continue
        assert package["source"] == {"registry": "https://pypi.org/simple"}, package["name"]
        for file in [*package.get("wheels", ()), *([package["sdist"]] if "sdist" in package else ())]:
            assert file["url"].startswith("https://files.pythonhosted.org/packages/"), file["url"]
            assert re.fullmatch("sha256:[0-9a-f]{64}", file["hash"]), file["url"]


def test_the_map_of_the_code_has_every_room_of_the_package_and_every_folder_of_the_page() -> None:
    rooms = {room_of(module_of(path)) for path in PACKAGE} - {"", "__main__"} - DATA
    assert set(code_map.ROOMS) == rooms
    folders = {path.name for path in (ROOT / "viewer" / "src").iterdir() if path.is_dir()}
    assert set(code_map.VIEWER) == folders | {""}


# What may be taken from the libraries that make processes and threads outside `ensemble`, which alone makes runs: locks
# that guard what threads share, the type of an executor that is handed through, and which thread this is.
HARMLESS = {"Lock", "RLock", "Executor", "current_thread", "main_thread"}
RUNNERS = {"threading", "multiprocessing", "concurrent", "asyncio", "_thread", "subprocess"}
# They start a browser to print a figure, and Gambit to solve a game, and no run.
STARTS_A_PROGRAM = {"report/figures/browser.py", "strategy/gambit.py", "strategy/external.py"}
# It answers an editor while it looks at files, and makes no run.
ANSWERS_MEANWHILE = {"editor/server.py", "report/following.py"}


def taken_from_runners(path: Path) -> Iterator[tuple[str, int]]:
    """What a file takes from a library that makes processes or threads, with its line."""
    whole: set[str] = set()
    for node in nodes_of(path):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in RUNNERS:
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.Import):
            whole |= {alias.asname or alias.name.split(".")[0] for alias in node.names} & RUNNERS
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in RUNNERS:
            yield node.attr, node.lineno
    assert not whole - {"threading"}, f"{named(path)}: import the names that are used, so that they can be seen"


@over(PACKAGE)
def test_only_the_ensemble_makes_processes_and_threads(path: Path) -> None:
    spared = STARTS_A_PROGRAM | ANSWERS_MEANWHILE
    if room_of(module_of(path)) == "ensemble" or path.relative_to(SOURCE).as_posix() in spared:
        return
    for name, line in taken_from_runners(path):
        assert name in HARMLESS, f"{named(path)}:{line}: {name}: runs are made by standoff.ensemble"


# Rooms whose work is to read what people write: there text is taken apart.
READS_TEXT = {"errors", "time", "units", "numerals", "evidence", "drafting"}
READS_TEXT_IN = (
    "scenario/reading/", "scenario/editing/", "scenario/schema/", "scenario/expression/", "scenario/language.py",
)  # fmt: skip
# Elsewhere what a thing is stands in its origin or its type, and never in the form of a name. Each file that takes text
# apart all the same stands here with what that text is.
TAKES_TEXT_APART: dict[str, str] = {
    "analysis/effects/comparison.py": "a what-if as the user writes it",
    "calibration/forecasts.py": "the numbers in labels, for their order",
    "cli/desk.py": "keys and fields as a reader types them, and locators",
    "cli/draft.py": "the days of texts as the user writes them",
    "calibration/scores.py": "the source in a locator",
    "analysis/explanations/explanation_display.py": "the first sentence of what an author says of a rule",
    "evidence.py": "the source in a locator, line ends",
    "cli/layout.py": "lines of a terminal",
    "cli/numbers.py": "numbers as people type them",
    "cli/output.py": "the encoding of a terminal",
    "report/following.py": "the address of a request",
    "cli/refusals.py": "arguments of the command line",
    "cli/scenarios.py": "arguments of the command line",
    "cli/sensing.py": "arguments of the command line",
    "cli/solving.py": "arguments of the command line",
    "cli/whatifs.py": "arguments of the command line",
    "doors.py": "names of our own files",
    "ensemble/cluster.py": "addresses and versions",
    "ensemble/key.py": "the imports of our own files",
    "ensemble/parts.py": "names of folders",
    "ensemble/places.py": "names of folders",
    "ensemble/run.py": "names of files",
    "editor/completing.py": "expressions that are half written",
    "editor/page.py": "the lines of a file",
    "editor/place.py": "YAML that is half written",
    "editor/projects.py": "the lines of a file",
    "editor/server.py": "addresses and lines of files",
    "model/slots.py": "a slot as the user writes it",
    "report/figures/browser.py": "the size of an SVG",
    "report/ground.py": "the paths that it wrote",
    "report/entities.py": "colours and names as their author wrote them, for labels",
    "cli/elicitation.py": "arguments of the command line",
    "cli/sheets.py": "names of tables",
    "elicitation/plan.py": "names of seed questions",
    "sheets/csv_folder.py": "lines of CSV",
    "sheets/merging.py": "heads of columns, and the lines of a cell",
    "sheets/tables.py": "heads of columns",
    "report/untrusted.py": "texts of files from anywhere",
    "strategy/external.py": "lines that a program writes",
    "scenario/loading.py": "the version in a scenario's name",
    "scenario/builder.py": "keys that Python reserves, such as `for_`",
    "scenario/index/meeting.py": "rivals and locators as their author wrote them",
    "scenario/index/renaming.py": "the lines of a file",
    "scenario/readers.py": "what an author says of a thing, for readers",
    "scenario/resolving/elicited.py": "quantiles as their author wrote them",
    "scenario/resolving/statements.py": "names as their author wrote them",
    "sources.py": "what Linux says of its processor",
}
TAKING_APART = {"startswith", "endswith", "removeprefix", "removesuffix", "partition", "rpartition"}
AT_A_MARK = {"split", "rsplit"}


def takings_apart(path: Path) -> Iterator[tuple[str, int]]:
    """Calls that look inside a text: its beginning or end, its parts, or a pattern."""
    for node in nodes_of(path):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        of, name = node.func.value, node.func.attr
        pattern = isinstance(of, ast.Name) and of.id == "re" and name != "escape"
        at_a_mark = name in AT_A_MARK and node.args and isinstance(node.args[0], ast.Constant)
        if pattern or name in TAKING_APART or at_a_mark:
            yield ast.unparse(node), node.lineno


def reads_text(path: Path) -> bool:
    return room_of(module_of(path)) in READS_TEXT or path.relative_to(SOURCE).as_posix().startswith(READS_TEXT_IN)


@over([path for path in PACKAGE if not reads_text(path)])
def test_no_name_is_taken_apart_for_what_it_means(path: Path) -> None:
    if path.relative_to(SOURCE).as_posix() not in TAKES_TEXT_APART:
        for call, line in takings_apart(path):
            pytest.fail(f"{named(path)}:{line}: {call}: go by the origin or the type, not by the name")


def test_the_list_of_files_that_take_text_apart_names_only_those_that_do() -> None:
    for name in TAKES_TEXT_APART:
        assert next(takings_apart(SOURCE / name), None), f"{name} takes no text apart any more: take it off the list"


def pieces(path: Path) -> Iterator[tuple[str, int]]:
    """The fixed beginnings and ends of names that a file puts together, such as `answer_` of `answer_land_link`."""
    for node in nodes_of(path):
        if isinstance(node, ast.JoinedStr):
            for part, text in ((node.values[0], r"[a-z]+_"), (node.values[-1], r"_[a-z_]+")):
                if isinstance(part, ast.Constant) and len(node.values) > 1 and re.fullmatch(text, str(part.value)):
                    yield str(part.value), node.lineno


@cache
def pieces_of_words() -> frozenset[str]:
    """The pieces of every name that the words of the language make."""
    return frozenset(piece for file in (SOURCE / "scenario" / "words").glob("*.py") for piece, _ in pieces(file))


@over([path for path in PACKAGE if not path.is_relative_to(SOURCE / "scenario" / "words")])
def test_names_that_words_make_are_put_together_by_words_alone(path: Path) -> None:
    made = pieces_of_words()
    assert "answer_" in made
    constants = {
        (node.value, node.lineno)
        for node in nodes_of(path)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value in made
    }
    assert not constants, f"{named(path)}: {sorted(constants)}: only scenario/words knows the form of these names"


def test_the_tests_that_other_versions_of_python_run_are_there() -> None:
    for name in versions.PART:
        file, _, function = name.partition("::")
        assert f"def {function.partition('[')[0]}" in (ROOT / "tests" / file).read_text(encoding="utf-8"), name
