"""Test the wheel on each other version of Python that this machine has, or on the lowest releases that are allowed.

`make versions` and `make lowest` call it. Each version gets an environment of its own beside .venv, which is kept and
brought up to date. All versions are tested at once, and what each printed is shown when it has ended. A version that is
not there is said to be skipped: it is no fault of a machine to have one Python.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = ROOT / ".venv" / "bin"
LOCKED = ROOT / ".venv" / "locked.txt"
LOWEST = ROOT / ".venv" / "lowest.txt"
THIS = f"{sys.version_info.major}.{sys.version_info.minor}"
QUIET = ("--quiet", "--disable-pip-version-check")

# What the version of Python can change; the whole suite on one version proves the rest.
PART = {
    "test_analysis_explanations.py": "threads that share a program",
    "test_cli.py": "typer and rich read signatures and terminals",
    "test_cli_output.py::test_a_process_takes_its_encoding_from_where_it_is_started": "encodings",
    "test_cli_streams.py::test_a_signal_to_stop_keeps_what_is_finished_and_says_so[to_all-SIGINT]": "signals",
    "test_cli_streams.py::test_a_signal_to_stop_keeps_what_is_finished_and_says_so[to_parent-SIGTERM]": "the same",
    "test_cli_streams.py::test_closed_streams_keep_no_run_from_being_made": "streams that are None",
    "test_conformance_invalid.py": "expressions are parsed by Python's own `ast`, whose errors move",
    "test_conformance_playthroughs.py": "arithmetic: scenarios of the gallery give the same bytes",
    "test_conformance_valid.py": "the same, and annotations that pydantic reads",
    "test_engine_shared.py": "threads in one compiled program",
    "test_engine_threads.py": "the same, on purpose",
    "test_errors.py": "texts and places",
    "test_import_time.py": "what an import loads",
    "test_packed.py": "what annotations are made of",
    "test_model_sums.py": "sums of floats",
    "test_public.py": "the names that were promised",
    "test_scenario_expr.py": "expressions",
    "test_scenario_source.py": "the YAML reader",
    "test_time.py": "dates",
}


def main() -> int:
    """Test; the exit status is pytest's worst."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lowest", action="store_true", help="all tests on the lowest releases")
    if parser.parse_args().lowest:
        command = ("--quiet", "pip", "compile", "pyproject.toml", "--extra", "dev", "--resolution", "lowest-direct")
        run(BIN / "uv", *command, "--generate-hashes", "--python-version", THIS, "--output-file", LOWEST)
        with tempfile.TemporaryDirectory() as folder:
            home = environment("lowest", Path(sys.executable), LOWEST, wheel_in(Path(folder)))
        return subprocess.run(pytest_of(home, "auto", []), cwd=ROOT, env=variables(), check=False).returncode
    pythons = {version: python_of(version) for version in other_versions()}
    there = {version: python for version, python in pythons.items() if python is not None}
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor() as at_once:
        wheel = wheel_in(Path(folder))
        tested = at_once.map(lambda version: part_on(version, there[version], wheel, len(there)), there)
        worst = 0
        for version, done in zip(there, tested, strict=True):
            print(f"--- {version}: {there[version]}\n{done.stdout}", flush=True)
            worst = max(worst, done.returncode)
    for version in pythons.keys() - there.keys():
        print(f"Python {version} is not on this machine: skipped")
    return worst


def other_versions() -> list[str]:
    """The versions that pyproject.toml names and this Python is not."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    python = "Programming Language :: Python :: "
    named = [line.removeprefix(python) for line in project["classifiers"] if line.startswith(python)]
    return [version for version in named if version != THIS]


def python_of(version: str) -> Path | None:
    """A Python of that version which really starts: a shim of pyenv is on the path also where it leads nowhere."""
    candidates = [shutil.which(f"python{version}")]
    if shutil.which("pyenv"):
        asked = subprocess.run(["pyenv", "prefix", version], capture_output=True, text=True, check=False)
        candidates += [f"{line}/bin/python" for line in asked.stdout.split("\n") if line]
    for candidate in candidates:
        if candidate is None:
            continue
        program = "import ensurepip, sys, venv; print('%d.%d' % sys.version_info[:2])"
        answer = subprocess.run([candidate, "-c", program], capture_output=True, text=True, check=False)
        if answer.returncode == 0 and answer.stdout.strip() == version:
            return Path(candidate)
    return None


def wheel_in(folder: Path) -> Path:
    """The wheel of this checkout, made by .venv."""
    pip = (BIN / "python", "-m", "pip", *QUIET)
    run(*pip, "wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", folder, ROOT)
    (wheel,) = folder.glob("*.whl")
    return wheel


def part_on(version: str, python: Path, wheel: Path, versions: int) -> subprocess.CompletedProcess[str]:
    """Test the part on one version, with its share of the processors; what is printed is kept."""
    home = environment(version, python, LOCKED, wheel)
    share = (os.cpu_count() or 1) // versions
    command = pytest_of(home, str(share) if share > 1 else "0", [f"tests/{name}" for name in PART])
    output = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
    return subprocess.run(command, cwd=ROOT, env=variables(), check=False, **output)


def variables() -> dict[str, str]:
    """The environment of what is called here: none of this one, and what is compiled is kept for the next process."""
    return {name: value for name, value in os.environ.items() if name not in ("VIRTUAL_ENV", "PYTHONDONTWRITEBYTECODE")}


def pytest_of(home: Path, processes: str, tests: list[str]) -> list[str | Path]:
    """The command that runs tests in an environment."""
    return [home / "bin" / "python", "-m", "pytest", "--numprocesses", processes, "--dist", "loadfile", *tests]


def environment(name: str, python: Path, requirements: Path, wheel: Path) -> Path:
    """Bring the environment of that name up to date, and install the wheel in it."""
    home = ROOT / f".venv-{name}"
    own = home / "bin" / "python"
    stamp = home / ".installed"
    wanted = hashlib.sha256(requirements.read_bytes()).hexdigest()
    if not stamp.exists() or stamp.read_text(encoding="ascii") != wanted:
        run(python, "-m", "venv", "--clear", home)
        run(own, "-m", "pip", *QUIET, "install", "--no-compile", "--require-hashes", "--requirement", requirements)
        stamp.write_text(wanted, encoding="ascii")
    run(own, "-m", "pip", *QUIET, "install", "--no-deps", "--force-reinstall", wheel)
    return home


def run(*command: str | Path) -> None:
    """Run a step that must succeed, from the root of the checkout."""
    subprocess.run(command, cwd=ROOT, env=variables(), check=True)


if __name__ == "__main__":
    sys.exit(main())
