"""Print the packages of the extra `bench`, one a line, so that they can be installed without the package itself."""

from __future__ import annotations

import tomllib
from pathlib import Path


def main() -> None:
    """Print them."""
    project = Path(__file__).resolve().parent.parent / "pyproject.toml"
    print("\n".join(tomllib.loads(project.read_text(encoding="utf-8"))["project"]["optional-dependencies"]["bench"]))


if __name__ == "__main__":
    main()
