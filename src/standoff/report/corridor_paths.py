"""Where a corridor is drawn: along its named paths, or where its places are most often in friendly hands."""

from __future__ import annotations

import heapq
import math
from collections.abc import Callable, Sequence

from standoff.report.frames import Holding
from standoff.report.stage import Corridor, Route

LEAST_SHARE = 1e-4
"""Roads through a place that is never in friendly hands still connect, but only if there is no other way."""
KM_COST = 1e-6


def paths_at(
    corridor: Corridor, routes: Sequence[Route], control: Sequence[Holding], *, runs: int, step: int
) -> list[list[int]]:
    """The paths to draw at one of the times, as positions of places; `viewer/src/map/corridors.ts` draws the same."""
    if not corridor.any_path:
        return corridor.paths
    friendly = set(corridor.friendly)
    share = {
        holding.place: sum(holder.runs[step] for holder in holding.holders if holder.id in friendly) / runs
        for holding in control
    }

    def cost(place: int) -> float:
        return -math.log(max(LEAST_SHARE, share[place])) if place in share else 0.0

    path = _cheapest(corridor.ends, routes, cost)
    return [path] if len(path) > 1 else []


def _cheapest(ends: tuple[int, int], routes: Sequence[Route], cost: Callable[[int], float]) -> list[int]:
    """The path of least cost between two places (Dijkstra 1959); empty where there is none."""
    roads: dict[int, list[tuple[int, float]]] = {}
    for route in routes:
        km = (route.km if route.km is not None else 1.0) * KM_COST
        for here, there in (route.ends,) if route.one_way else (route.ends, route.ends[::-1]):
            roads.setdefault(here, []).append((there, km))
    start, goal = ends
    best, before = {start: cost(start)}, dict[int, int]()
    waiting = [(best[start], start)]
    while waiting:
        spent, here = heapq.heappop(waiting)
        if here == goal:
            path = [goal]
            while path[-1] != start:
                path.append(before[path[-1]])
            return path[::-1]
        for there, km in roads.get(here, []) if spent <= best[here] else []:
            through = spent + cost(there) + km
            if through < best.get(there, math.inf):
                best[there], before[there] = through, here
                heapq.heappush(waiting, (through, there))
    return []
