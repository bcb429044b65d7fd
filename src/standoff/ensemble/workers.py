"""The one way to have work on runs done: here, on threads, in processes, or by any `concurrent.futures` executor.

A job is one kind of work on one model; its items are what is done piece by piece. Tasks for an executor name the job by
the digest of its content: a worker that lacks it says so, and as many tasks are sent again with the job as workers lack
it; the others wait until it has arrived. No more items are ahead of what was handed over than keep the workers busy, so
that memory does not grow with their number.
"""

from __future__ import annotations

import os
import signal
import socket
import sys
import threading
from collections import OrderedDict
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import (
    BrokenExecutor,
    Executor,
    Future,
    ThreadPoolExecutor,
)
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any, Generic, Literal, Protocol, TypeVar

from standoff.engine import Program, prepare, stop_this_thread_when
from standoff.ensemble.plan import Crew, Desk, Where
from standoff.ensemble.tiered import TieredProgram
from standoff.errors import StandoffError
from standoff.model import Model, content_digest

if TYPE_CHECKING:
    # It brings all of multiprocessing along, which few runs need.
    from concurrent.futures import ProcessPoolExecutor

Item = TypeVar("Item")
Item_contra = TypeVar("Item_contra", contravariant=True)
Result = TypeVar("Result")
Result_co = TypeVar("Result_co", covariant=True)

Kind = Literal["threads", "processes"]

LEFT_TO_THE_PARENT = ("SIGINT", "SIGHUP")
"""What a terminal sends to all processes of a command: the parent alone answers to it."""
LOOK_S = 0.25
"""How often the main thread looks whether to stop, while it waits for work."""
SWITCH_S = 0.0005
"""How long a thread that comes back from the kernel waits at most for one that draws numbers or makes tables."""
HELD = 4
"""How many jobs a worker holds."""


class Job(Protocol[Item_contra, Result_co]):
    """One kind of work on one model; it can be sent to another machine, and so can its items and results."""

    @property
    def model(self) -> Model:
        """The model whose runs are worked on."""

    def __call__(self, program: Program, item: Item_contra, /) -> Result_co:
        """Do the work on one item; raises RunStopped."""


class NoMoreWork(BrokenExecutor, StandoffError):
    """An executor was shut down, or dropped what it was given."""


@dataclass(frozen=True, slots=True)
class Lacking:
    """What a worker answers that does not hold the job of a task."""

    worker: str


@dataclass(frozen=True, slots=True)
class Done:
    """What a worker answers that holds it."""

    worker: str
    result: Any


def each(
    job: Job[Item, Result],
    items: Iterable[Item],
    where: Where,
    *,
    kind: Kind = "threads",
    in_order: bool = True,
    many: bool = False,
) -> Generator[Result, None, None]:
    """The results of a job on each of its items, as they come, in the order of the items or not.

    `many` says that it is worth while to compile for speed at once; else threads do so when it is (`tiered.py`).

    Where an item fails, all before it are still handed over and then its error is raised: the same on any workers.
    Whoever stops listening closes the iterator, and what waits is dropped.
    """
    if where.executor is not None:
        yield from _Sent(job, where, where.executor, in_order).results(items)
    elif where.jobs == 1 and kind == "threads":
        tiered = TieredProgram(job.model, many=many)
        for item in items:
            yield tiered.work(job, item)
    elif kind == "threads":
        tiered = TieredProgram(job.model, many=many)
        stop = threading.Event()
        make_ready = stop_this_thread_when, (stop.is_set,)
        with _switching_often(), ThreadPoolExecutor(where.jobs, "", *make_ready) as threads:

            def here(item: Item) -> Future[Result]:
                return threads.submit(tiered.work, job, item)

            try:
                yield from _Spread(here, where, in_order).results(items)
            finally:
                # Nobody waits any more for what still runs, and a run can be endless.
                stop.set()
                threads.shutdown(wait=False, cancel_futures=True)
    else:
        prepare(job.model)  # what this compiles is kept, and the processes need not
        with _processes(job, where.jobs) as pool:

            def there(item: Item) -> Future[Result]:
                # A process that is just starting cannot leave Ctrl-C to its parent yet: it would die with a traceback.
                with _withheld(*LEFT_TO_THE_PARENT):
                    return pool.submit(_work, item)

            yield from _Spread(there, where, in_order).results(items)


def on_threads(make: Callable[[Item], Result], items: Iterable[Item], *, most: int) -> list[Result]:
    """What is made of each item, in their order, on as many processors as there are or on `most`.

    Meant for work of NumPy's, which lets go of Python's lock.
    """
    import polars as pl

    with ThreadPoolExecutor(min(pl.thread_pool_size(), most)) as threads:
        return list(threads.map(make, items))


_held: OrderedDict[str, Job[Any, Any]] = OrderedDict()
_holding = threading.Lock()


def perform(digest: str, job: Job[Item, Any] | None, item: Item) -> Done | Lacking:
    """What an executor's worker does: the job with this digest, which it holds or is sent, on one item."""
    with _holding:
        known: Job[Item, Any] | None = _held.get(digest)
        if known is None:
            if job is None:
                return Lacking(_this_worker())
            known = job
        _held[digest] = known
        _held.move_to_end(digest)
        while len(_held) > HELD:
            _held.popitem(last=False)
    return Done(_this_worker(), known(prepare(known.model), item))


def _this_worker() -> str:
    return f"{socket.gethostname()}/{os.getpid()}"


class _Spread(Generic[Item]):
    """Items on their way: no more are submitted or waiting to be handed over than `where` allows."""

    def __init__(self, submit: Callable[[Item], Future[Any]], where: Where, in_order: bool) -> None:
        self.submit, self.where, self.in_order = submit, where, in_order
        self.waiting: dict[Future[Any], tuple[int, Item]] = {}
        self.done: SimpleQueue[Future[Any]] = SimpleQueue()
        self.ready: dict[int, Any] = {}
        self.next = 0
        self.failed: tuple[int, BaseException] | None = None
        self.broken: BrokenExecutor | None = None

    def results(self, items: Iterable[Item]) -> Iterator[Any]:
        """Hand over what is done until all is, or until what failed is the first that is not."""
        todo = enumerate(items)
        while True:
            self._fill(todo)
            if not self.waiting or self._failed_first():
                break
            self._take_all(self._come())
            yield from self._handed_over()
            if self.broken is not None:
                raise self.broken
        if self.failed is not None:
            raise self.failed[1]

    def _fill(self, todo: Iterator[tuple[int, Item]]) -> None:
        window = self.where.ahead
        while self.failed is None and self._ahead() < window:
            following = next(todo, None)
            if following is None:
                return
            self._await(self.submit(following[1]), following)

    def _await(self, future: Future[Any], item: tuple[int, Item]) -> None:
        self.waiting[future] = item
        future.add_done_callback(self.done.put)

    def _come(self) -> list[Future[Any]]:
        """What is done by now, after a while of waiting for the first."""
        # To wait for all futures at once would take the longer the more there are, for each result anew.
        come: list[Future[Any]] = []
        with suppress(Empty):
            # A signal that another thread receives does not wake this one, which alone can act on it.
            come.append(self.done.get(timeout=LOOK_S))
            while True:
                come.append(self.done.get_nowait())
        return come

    def _ahead(self) -> int:
        return len(self.waiting) + len(self.ready)

    def _take_all(self, done: Iterable[Future[Any]]) -> None:
        for future in done:
            self._take(future)

    def _take(self, future: Future[Any]) -> None:
        number, _ = self.waiting.pop(future)
        if future.cancelled():
            self.broken = NoMoreWork("the executor cancelled its work")
            return
        error = future.exception()
        if isinstance(error, BrokenExecutor):
            self.broken = error
        elif error is not None:
            if self.failed is None or number < self.failed[0]:
                self.failed = number, error
        else:
            self.ready[number] = future.result()

    def _failed_first(self) -> bool:
        return self.failed is not None and all(number > self.failed[0] for number, _ in self.waiting.values())

    def _handed_over(self) -> Iterator[Any]:
        if not self.in_order:
            for number in sorted(self.ready):
                yield self.ready.pop(number)
        while self.next in self.ready:
            yield self.ready.pop(self.next)
            self.next += 1


class _Sent(_Spread[Item]):
    """Items sent to workers that may not see this process's memory, and of whom nobody knows how many there are."""

    def __init__(self, job: Job[Item, Any], where: Where, executor: Executor, in_order: bool) -> None:
        super().__init__(self._without_job, where, in_order)
        if isinstance(executor, Crew):
            job, executor = executor.as_sent(job), executor.desk(in_order=in_order)
        self.job, self.executor, self.digest = job, executor, content_digest(job)
        self.lacking: set[str] = set()
        self.carrying: set[Future[Any]] = set()
        self.back: list[tuple[int, Item]] = []

    def results(self, items: Iterable[Item]) -> Iterator[Any]:
        """As always; what nobody waits for any more is cancelled, since the executor goes on."""
        # An executor of our own does so itself when it ends. A process pool whose workers were ended would stumble
        # over a future that somebody else cancelled.
        try:
            yield from super().results(items)
        finally:
            for future in self.waiting:
                future.cancel()

    def _without_job(self, item: Item) -> Future[Any]:
        return self._send(None, item)

    def _send(self, job: Job[Item, Any] | None, item: Item) -> Future[Any]:
        try:
            return self.executor.submit(perform, self.digest, job, item)
        except BrokenExecutor:
            raise
        except RuntimeError as error:  # what concurrent.futures raises after shutdown
            raise NoMoreWork(f"the executor takes no more work: {error}") from error

    def _ahead(self) -> int:
        return super()._ahead() + len(self.back)

    def _take_all(self, done: Iterable[Future[Any]]) -> None:
        """Take what is done and send again what came back, with the job for each worker that lacks it.

        The rest of what came back follows without it as soon as some worker has done something.
        """
        answered = False
        # A worker that lacked the job may have got it since: what was lacking is read first.
        for future in sorted(done, key=lambda one: not _is_lacking(one)):
            self.carrying.discard(future)
            if _is_lacking(future):
                self.lacking.add(future.result().worker)
                self.back.append(self.waiting.pop(future))
            else:
                answered = True
                self._take(future)
        if self.failed is not None:
            self.back = [one for one in self.back if one[0] < self.failed[0]]
        self.back.sort(key=lambda one: one[0])
        while self.back and len(self.carrying) < len(self.lacking):
            number, item = self.back.pop(0)
            future = self._send(self.job, item)
            self._await(future, (number, item))
            self.carrying.add(future)
        while self.back and answered:
            number, item = self.back.pop(0)
            self._await(self.submit(item), (number, item))

    def _take(self, future: Future[Any]) -> None:
        number, _ = self.waiting[future]
        super()._take(future)
        if number in self.ready:
            done: Done = self.ready[number]
            self.lacking.discard(done.worker)
            self.ready[number] = done.result

    def _handed_over(self) -> Iterator[Any]:
        for result in super()._handed_over():
            yield result
            if isinstance(self.executor, Desk):
                self.executor.taken()

    def _failed_first(self) -> bool:
        return not self.back and super()._failed_first()


def _is_lacking(future: Future[Any]) -> bool:
    return not future.cancelled() and future.exception() is None and isinstance(future.result(), Lacking)


@contextmanager
def _processes(job: Job[Any, Any], workers: int) -> Iterator[ProcessPoolExecutor]:
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    start_tracker()
    # Spawned, not forked: threads of polars do not survive a fork.
    pool = ProcessPoolExecutor(workers, mp_context=get_context("spawn"), initializer=_install, initargs=(job,))
    done = False
    try:
        yield pool
        done = True
    finally:
        # Python has a public way to end them from 3.14 on only (terminate_workers).
        processes, results = list(pool._processes.values()), pool._result_queue
        pool.shutdown(wait=done, cancel_futures=True)
        if not done:
            # They leave Ctrl-C to us, and a run in one of them can be endless: the interpreter would wait for it.
            for process in processes:
                process.terminate()
            # Nor would it ever see the end of a result that one of them was sending, while we could send on ourselves.
            results._writer.close()  # type: ignore[attr-defined]


_switching = threading.Lock()
_intervals_before: list[float] = []


@contextmanager
def _switching_often() -> Iterator[None]:
    """Let threads take turns more often, for as long as anyone in this process wants it."""
    # The interval is the whole process's: whoever comes first keeps what it was, whoever leaves last puts it back.
    with _switching:
        _intervals_before.append(sys.getswitchinterval() if not _intervals_before else _intervals_before[0])
        sys.setswitchinterval(min(_intervals_before[0], SWITCH_S))
    try:
        yield
    finally:
        with _switching:
            before = _intervals_before.pop()
            if not _intervals_before:
                sys.setswitchinterval(before)


def _install(job: Job[Any, Any]) -> None:
    """Make a fresh worker process ready: it holds the job, leaves Ctrl-C to its parent and ends with it."""
    _installed[:] = [job]
    for number in _known(*LEFT_TO_THE_PARENT):
        signal.signal(number, signal.SIG_IGN)
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _known(*LEFT_TO_THE_PARENT))
    threading.Thread(target=_end_with_parent, daemon=True).start()


_installed: list[Job[Any, Any]] = []


def _work(item: Any) -> Any:
    """What a process of our own does."""
    (job,) = _installed
    return job(prepare(job.model), item)


def _end_with_parent() -> None:
    # A worker whose parent was killed would wait for work for ever.
    from multiprocessing import connection, parent_process

    parent = parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        os._exit(1)


def start_tracker() -> None:
    """Start multiprocessing's tracker of resources so that a terminal that closes leaves it running.

    It ignores the other signals by itself; killed, it would be started again with a warning.
    """
    from multiprocessing import resource_tracker

    with _withheld("SIGHUP"):
        resource_tracker.ensure_running()


@contextmanager
def _withheld(*names: str) -> Iterator[None]:
    """Let signals wait meanwhile; processes that are started meanwhile never get them unless they ask to."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _known(*names))
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _known(*names: str) -> list[int]:
    """The numbers of those signals that this system has."""
    return [getattr(signal, name) for name in names if hasattr(signal, name)]
