"""What an ensemble costs as a command, answers, tables and report included, beside the kernel's own processor time.

The kernel's time is that spent inside calls of the kernel for the same runs, in one process of its own. The command
may take 2.5 times that, divided by the cores, and the time of three starts of Python with the usual imports.
"""

from __future__ import annotations

import json
import os
from functools import partial
from statistics import median

from benchmarks.commands import IMPORTS, PYTHON, ROOT, Home, new_machine, standoff
from benchmarks.measuring import Document, Effort, Pieces, spread, tell
from benchmarks.sides import as_file
from benchmarks.workloads import BUNDLED, workload
from standoff.scenario import bundled

TIMES_THE_KERNEL, TIMES_THE_IMPORTS = 2.5, 3.0
RUNS = 2000
SHARED = (BUNDLED, "w1-60")
"""What one worker and two are compared on."""
TIMES_AS_FAST = 1.85


def pieces(effort: Effort) -> Pieces:
    """One for each scenario of the theatre, and what a second worker brings."""
    rounds, runs = effort.rounds or 3, RUNS // 10 if effort.quick else RUNS
    return {
        **{name: partial(scenario, name, rounds, runs) for name in bundled("theatre")},
        **{f"workers-{key}": partial(workers, key, rounds, runs) for key in SHARED},
    }


def scenario(name: str, rounds: int, runs: int) -> Document:
    """The command on as many processes as it chooses, in turns with I and with the kernel alone."""
    words = (*standoff(), "run", name, "--runs", str(runs), "--seed", "1", "--quiet")
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    walls, imports, kernels, processors = [], [], [], []
    with new_machine() as home:
        # A single run would not do: the code for few runs is another than that for many.
        home.cost(words)
        for number in range(rounds):
            tell(f"{runs:,} runs of {name}: round {number + 1} of {rounds}")
            imports.append(home.cost(IMPORTS).wall)
            cost = home.cost(words)
            walls.append(cost.wall)
            processors.append(cost.processor)
            kernels.append(float(child(home, "kernel", name, str(runs))["kernel_seconds"]))
    turns = list(zip(walls, kernels, imports, strict=True))
    seconds, kernel, once = median(walls), median(kernels), median(imports)
    return {
        "beside": f"{seconds:.3g} s of {allowed(kernel, cores, once):.3g} s; kernel {kernel:.3g} s, I {once:.2g} s",
        "runs": runs,
        "cores": cores,
        "seconds": spread(walls),
        "processor_seconds": spread(processors),
        "kernel_seconds": spread(kernels),
        "imports_seconds": spread(imports),
        "times_the_kernel": spread([wall / (kernel / cores) for wall, kernel, _ in turns]),
        "of_what_is_allowed": spread([wall / allowed(kernel, cores, once) for wall, kernel, once in turns]),
        "rounds": rounds,
    }


def allowed(kernel: float, cores: int, imports: float) -> float:
    """How many seconds the command may take."""
    return TIMES_THE_KERNEL * kernel / cores + TIMES_THE_IMPORTS * imports


def workers(key: str, rounds: int, runs: int) -> Document:
    """One worker and two on the same ensemble, in turns: wall-clock time of the ensemble, and every byte of it."""
    one, two = [], []
    with new_machine() as home, as_file(workload(key)) as path:
        child(home, "first", path)
        for number in range(rounds):
            tell(f"{runs:,} runs of {key} on one and two workers: round {number + 1} of {rounds}")
            one.append(child(home, "ensemble", path, str(runs), "1"))
            two.append(child(home, "ensemble", path, str(runs), "2"))
    pairs = list(zip(one, two, strict=True))
    return {
        "workload": key,
        "runs": runs,
        "one_worker_seconds": spread([alone["seconds"] for alone in one]),
        "two_workers_seconds": spread([both["seconds"] for both in two]),
        "times_as_fast": spread([alone["seconds"] / both["seconds"] for alone, both in pairs]),
        "times_as_fast_with_start_up": spread([alone["wall"] / both["wall"] for alone, both in pairs]),
        "processor_time_of_two_over_one": spread([both["processor"] / alone["processor"] for alone, both in pairs]),
        "same_bytes": len({done["parquet"] for done in (*one, *two)}) == 1,
        "rounds": rounds,
    }


def child(home: Home, *words: str, **variables: str) -> Document:
    """What a task of `benchmarks.child` tells, and what its process took."""
    cost = home.cost((PYTHON, "-m", "benchmarks.child", *words), variables={"PYTHONPATH": str(ROOT), **variables})
    return {**json.loads(cost.printed), "wall": cost.wall, "processor": cost.processor}
