"""What a Dask scheduler and our client can take: pretended workers that sleep, and send back as many bytes as ours.

The scheduler, the workers (all in one process, each with its own connection) and the client are three processes; the
client hands work in as `standoff run --on` does and writes what comes back. Two processors are enough: what is measured
is the time of the scheduler's and of the client's processor for each piece, and where the pieces stop keeping pace.

    python -m benchmarks.cluster --workers 400 --seconds 4 --bytes 100000 --pieces 3000
"""

from __future__ import annotations

import argparse
import asyncio
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import dask
import psutil

from standoff.engine import Program
from standoff.ensemble import Where, cluster, each
from standoff.ensemble.store import RunFolder
from standoff.model import Model, ground
from standoff.scenario import load

SMALL = Path(__file__).resolve().parent.parent / "conformance" / "exact" / "immigration-death.yaml"
PORT = 18787
QUIET = {
    "distributed.worker.profile.enabled": False,
    "distributed.admin.tick.interval": "2s",
    "distributed.admin.system-monitor.interval": "60s",
    "distributed.admin.system-monitor.gil.enabled": False,
}


@dataclass(frozen=True, slots=True)
class Pretended:
    """The job of a worker that only sleeps, and sends back the file of a part."""

    model: Model
    seconds: float
    size: int

    def __call__(self, program: Program, item: int) -> tuple[int, list[tuple[str, bytes]]]:
        """The number of the piece, and its bytes."""
        time.sleep(self.seconds)
        return item, [("answers.parquet", bytes(self.size))]


async def pretend(workers: int, address: str) -> None:
    """Be so many workers of a scheduler, in this process, until it ends."""
    from distributed import Worker

    # Each server looks at itself many times a second: nothing beside a processor of its own, all of two for 400 here.
    dask.config.set(QUIET)
    made = [Worker(address, nthreads=1, memory_limit=0, dashboard=False, name=str(i)) for i in range(workers)]
    for some in range(0, workers, 20):
        await asyncio.gather(*made[some : some + 20])
    print("ready", flush=True)
    await asyncio.gather(*(one.finished() for one in made))


@contextmanager
def started(*command: str) -> Iterator[psutil.Popen]:
    """A process of ours that prints a line when it is ready, and is ended."""
    process = psutil.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    try:
        yield process
    finally:
        with suppress(psutil.NoSuchProcess):
            process.kill()
        process.wait()


async def schedule() -> None:
    """Be the scheduler."""
    from distributed import Scheduler

    async with Scheduler(host="127.0.0.1", port=PORT, dashboard=False, dashboard_address="127.0.0.1:0") as scheduler:
        print("ready", flush=True)
        await scheduler.finished()


def measure(workers: int, seconds: float, size: int, pieces: int) -> None:
    """Have the pieces done, and print what each took of whom."""
    here = (sys.executable, "-m", "benchmarks.cluster")
    address = f"tcp://127.0.0.1:{PORT}"
    with (
        started(*here, "--as-scheduler") as scheduler,
        tempfile.TemporaryDirectory() as folder,
    ):
        scheduler.stdout.readline()
        with started(*here, "--as-workers", "--workers", str(workers)) as crowd, cluster.Cluster(address) as client:
            crowd.stdout.readline()
            client.submit(time.sleep, 0).result()
            while client.workers < workers:
                time.sleep(0.2)
            job, own = Pretended(ground(load(SMALL).resolved), seconds, size), psutil.Process()
            list(each(Pretended(job.model, 0.0, 1), range(workers), Where(executor=client), in_order=False))
            kept, most, processes = RunFolder(Path(folder)), 0, (scheduler, crowd, own)
            before, began = [sum(one.cpu_times()[:2]) for one in processes], time.perf_counter()
            for number, files in each(job, range(pieces), Where(executor=client), in_order=False):
                kept.write_part("", number, 1, files)
                most = max(most, own.memory_info().rss)
            took = time.perf_counter() - began
            spent = [sum(one.cpu_times()[:2]) - first for one, first in zip(processes, before, strict=True)]
    ms = [1000 * one / pieces for one in spent]
    print(
        f"{workers} workers, pieces of {seconds:g} s and {size:,} bytes: {pieces / took:.0f} pieces/s of "
        f"{workers / seconds:.0f} possible, {pieces * size / took / 1e6:.1f} MB/s; processor time a piece: scheduler "
        f"{ms[0]:.1f} ms, client {ms[2]:.1f} ms, all workers' own {ms[1]:.1f} ms; client at most {most / 1e6:.0f} MB"
    )


def main() -> None:
    """Measure, or be one of the processes that are measured."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--workers", type=int, default=400)
    parser.add_argument("--seconds", type=float, default=4.0)
    parser.add_argument("--bytes", type=int, default=100_000)
    parser.add_argument("--pieces", type=int, default=2000)
    parser.add_argument("--as-scheduler", action="store_true")
    parser.add_argument("--as-workers", action="store_true")
    given = parser.parse_args()
    if given.as_scheduler:
        asyncio.run(schedule())
    elif given.as_workers:
        asyncio.run(pretend(given.workers, f"tcp://127.0.0.1:{PORT}"))
    else:
        measure(given.workers, given.seconds, given.bytes, given.pieces)


if __name__ == "__main__":
    main()
