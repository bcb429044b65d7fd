"""One picture of the figures: times per event as ratios to the floor, on a logarithmic axis."""

from __future__ import annotations

from pathlib import Path

from benchmarks.measuring import Document, tell

COLOURS = {"direct": "#1b6ca8", "coupled": "#6aa84f", "structured": "#777777"}
RIVAL = "#c0504d"


def plot(workloads: dict[str, Document], path: Path) -> bool:
    """Draw the figures of these workloads; without matplotlib, say so and draw nothing."""
    try:
        import matplotlib
    except ImportError:
        tell("no plot: matplotlib is not installed; pip install -r benchmarks/rivals.txt")
        return False
    matplotlib.use("Agg")
    # The same figures give the same bytes.
    matplotlib.rcParams["svg.hashsalt"] = "standoff"
    from matplotlib import pyplot

    shown = [one for one in workloads.values() if "floor" in one["floors"]]
    figure, axes = pyplot.subplots(figsize=(9, 0.62 * len(shown) + 1.6), layout="constrained")
    for height, one in enumerate(reversed(shown)):
        for at, (name, ratio, colour) in enumerate(sorted(marks(one), key=lambda mark: float(mark[1]["median"]))):
            axes.plot([ratio["low"], ratio["high"]], [height, height], color=colour, linewidth=2)
            axes.plot(ratio["median"], height, "o", color=colour, markersize=6)
            axes.annotate(
                name, (ratio["median"], height), textcoords="offset points", xytext=(0, -13 if at % 2 else 7),
                ha="center", fontsize=7,
            )  # fmt: skip
    axes.axvline(1.0, color="#333333", linewidth=1)
    axes.set_xscale("log")
    axes.xaxis.set_major_formatter("{x:g}")
    axes.set_yticks(range(len(shown)), [one["title"] for one in reversed(shown)])
    axes.set_ylim(-0.6, len(shown) - 0.3)
    axes.set_xlabel("time per event over the C floor's, median and extremes of the rounds (left is faster)")
    axes.grid(axis="x", which="both", color="#dddddd", linewidth=0.5)
    axes.set_axisbelow(True)
    figure.savefig(path, metadata={"Date": None})
    pyplot.close(figure)
    return True


def marks(one: Document) -> list[tuple[str, Document, str]]:
    """Name, ratio and colour of every mark in a workload's row."""
    found = [(name, side["ratio_to_floor"], COLOURS[name]) for name, side in one["samplers"].items()]
    found += [
        (name, rival["ratio_to_floor"], RIVAL) for name, rival in one["rivals"].items() if rival["status"] == "measured"
    ]
    direct = one["samplers"]["direct"]
    if direct["ratio_to_structured_floor"] is not None:
        ratio, structured = direct["ratio_to_floor"]["median"], direct["ratio_to_structured_floor"]["median"]
        by_hand = ratio / structured
        found.append(("C by hand", {"median": by_hand, "low": by_hand, "high": by_hand}, COLOURS["structured"]))
    return found
