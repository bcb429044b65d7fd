"""Runs on other machines, by Dask: whether they run this very program, and what becomes of work that they lose.

Dask moves the work of a worker that dies to another. What it leaves to its user is here: a cluster that has no worker
left, results that come faster than the disk takes them, versions that differ, and each of these in one sentence. This
file is imported only where `--on` is given.
"""

from __future__ import annotations

import asyncio
import logging
import re
import signal
import sys
import threading
import warnings
from collections.abc import Callable, Coroutine, Mapping
from concurrent.futures import CancelledError, Future
from contextlib import suppress
from functools import partial
from importlib import metadata
from typing import TYPE_CHECKING, Any, TypeVar

from standoff.ensemble.plan import Crew, Desk
from standoff.ensemble.workers import LEFT_TO_THE_PARENT, Job, Lacking, NoMoreWork, start_tracker
from standoff.ensemble.written import Texts, Ways, at_work, own_ways
from standoff.errors import UsageError, shown

if TYPE_CHECKING:
    from standoff.scenario import Scenario

Value = TypeVar("Value")

LOCAL = "local:"
MOST_LOCAL = 1000
CONNECT_S = 10.0
"""How long a scheduler may take to answer."""
PATIENCE_S = 30.0
"""How long the work waits for a first worker, or for another once all are gone."""
LOOK_S = 1.0
"""How often the scheduler is asked how many workers it has."""
END_S = 2.0
"""How long workers of this machine may take to end."""
FETCHED = 8
"""How many results that need no order are here at once, or on their way here: the others wait with the workers."""
COMPARED = ("standoff", "numpy", "llvmlite", "distributed")
"""The packages whose versions must be the same everywhere: bytes, and how machines talk, depend on them."""


class Cluster(Crew):
    """The workers of a Dask scheduler at an address, or of one that is started here (`local:4`) and ends with this.

    It is opened in the background; what is wrong with it is raised, as NoMoreWork, where the first work is handed in.
    The scenarios are those whose text can be sent in place of the tables that are made from it.
    """

    def __init__(self, on: str, *scenarios: Scenario) -> None:
        """Raises UsageError for what is no address, and where Dask is not installed."""
        self._on, self._own = on, local_workers(on)
        check_installed()
        self._texts = Texts(scenarios)
        self._threads = self._own or 1
        self._loop = asyncio.new_event_loop()
        self._local: Any = None
        self._client: Any = None
        self._tasks: set[asyncio.Task[Any]] = set()
        self._lost: asyncio.Future[str] = self._loop.create_future()
        self._thread = threading.Thread(target=self._serve, name="standoff-cluster", daemon=True)
        self._thread.start()
        self._opened = self._soon(self._open())

    @property
    def workers(self) -> int:
        """How many pieces of work are done at once, now; raises NoMoreWork where the cluster cannot be used."""
        self._opened.result()
        return self._threads

    @property
    def address(self) -> str:
        """The address of the scheduler."""
        self._opened.result()
        return str(self._client.scheduler.address)

    def as_sent(self, job: Job[Any, Any]) -> Any:
        """The job with its scenario as text, where its tables are made from one of the scenarios as they are."""
        return self._texts.written(job) or job

    def desk(self, *, in_order: bool) -> Desk:
        """Where the work of one job is handed in."""
        return _ClusterDesk(self, None if in_order else asyncio.Semaphore(FETCHED))

    def submit(self, work: Callable[..., Any], /, *arguments: Any, **named: Any) -> Future[Any]:
        """Have a function of a module called on some worker."""
        return self.send(partial(work, **named) if named else work, arguments, None)

    def send(self, work: Callable[..., Any], arguments: tuple[Any, ...], gate: asyncio.Semaphore | None) -> Future[Any]:
        """Have work done; where there is a gate, its result comes only through that."""
        self._opened.result()
        return self._soon(self._done(work, arguments, gate))

    def call(self, function: Callable[[], None]) -> None:
        """Call a function where all of this happens, in its own thread."""
        self._loop.call_soon_threadsafe(function)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Leave the scheduler, and end what was started here; work that is not done is dropped."""
        if not self._thread.is_alive():
            return
        if self._own:
            # Workers that are just starting would be left behind. What is wrong is told where work is handed in.
            self._opened.exception()
        else:
            self._opened.cancel()
        self._soon(self._close()).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()

    def _soon(self, work: Coroutine[Any, Any, Value]) -> Future[Value]:
        return asyncio.run_coroutine_threadsafe(work, self._loop)

    def _serve(self) -> None:
        start_tracker()  # started later, it would let Ctrl-C through again
        if hasattr(signal, "pthread_sigmask"):
            # Workers that are started here inherit this, and so leave Ctrl-C to us.
            numbers = [getattr(signal, name) for name in LEFT_TO_THE_PARENT]
            signal.pthread_sigmask(signal.SIG_BLOCK, numbers)
        # What goes wrong with our work is raised where it was handed in. The rest is Dask's farewell to machines that
        # are gone, and would be printed beside the sentence that says so.
        self._loop.set_exception_handler(lambda loop, context: None)
        try:
            self._loop.run_forever()
        finally:
            self._loop.close()

    async def _open(self) -> None:
        import distributed
        from distributed.versions import VersionMismatchWarning

        # What is wrong is said in a sentence; Dask would say it in its own way too.
        warnings.simplefilter("ignore", VersionMismatchWarning)
        for name in [name for name in logging.Logger.manager.loggerDict if name.partition(".")[0] == "distributed"]:
            logging.getLogger(name).setLevel(logging.CRITICAL)
        address = self._on
        if self._own:
            # One thread each: most of what makes a run holds Python's lock.
            self._local = await distributed.LocalCluster(
                n_workers=self._own, threads_per_worker=1, host="127.0.0.1", dashboard_address="127.0.0.1:0",
                scheduler_kwargs={"dashboard": False}, silence_logs=logging.CRITICAL, asynchronous=True,
            )  # fmt: skip
            address = self._local.scheduler_address
        try:
            self._client = await distributed.Client(
                address, asynchronous=True, timeout=CONNECT_S, set_as_default=False, name="standoff"
            )
        except (OSError, ValueError) as error:
            raise NoMoreWork(
                f"no Dask scheduler answers at {self._on}: start one with `dask scheduler`, or correct the address"
            ) from error
        self._threads = await self._first_workers()
        self._compare(await self._client.get_versions(packages=list(COMPARED)))
        self._keep(asyncio.ensure_future(self._watch()))

    async def _first_workers(self) -> int:
        end = self._loop.time() + PATIENCE_S
        while not (threads := await self._working()):
            if self._loop.time() > end:
                raise NoMoreWork(f"the cluster at {self._on} has no worker: start some with `dask worker {self._on}`")
            await asyncio.sleep(LOOK_S)
        return threads

    async def _working(self) -> int:
        about = await self._client.scheduler.identity(n_workers=0)
        return int(about["total_threads"])

    async def _watch(self) -> None:
        seen = self._loop.time()
        while self._loop.time() - seen <= PATIENCE_S:
            await asyncio.sleep(LOOK_S)
            try:
                # A client that has given up its scheduler holds none.
                threads = await self._working() if self._client.scheduler is not None else None
            except OSError:
                threads = None
            if threads is None:
                self._lose(self._gone())
                return
            if threads:
                seen, self._threads = self._loop.time(), threads
        self._lose(
            f"the cluster at {self._on} has lost its last worker: start workers again (`dask worker {self._on}`)"
        )

    def _gone(self) -> str:
        return f"the Dask scheduler at {self._on} is gone: start it and its workers again"

    def _lose(self, sentence: str) -> None:
        if not self._lost.done():
            self._lost.set_result(sentence)

    async def _done(self, work: Callable[..., Any], arguments: tuple[Any, ...], gate: asyncio.Semaphore | None) -> Any:
        import distributed

        self._keep(asyncio.current_task())
        task, inside = None, False
        try:
            # Each piece is work of its own, also where it has the arguments of one before (pure=False).
            task = self._client.submit(on_worker, own_ways(), work, arguments, pure=False)
            with self._client.as_current():
                finished = distributed.wait(task)
            await self._unless_lost(finished)
            if gate is not None:
                await gate.acquire()
                inside = True
            result = await self._unless_lost(task)
            if isinstance(result, Lacking) and gate is not None:
                gate.release()
        except BaseException as error:
            if inside and gate is not None:
                gate.release()
            sentence = self._why(error)
            if sentence is None:
                raise
            raise NoMoreWork(sentence) from error
        finally:
            if task is not None:
                task.release()
        return result

    def _keep(self, task: asyncio.Task[Any] | None) -> None:
        """Hold a task until it is done, as its loop does not, and end it when this is shut down."""
        if task is not None:
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _unless_lost(self, work: Any) -> Any:
        waiting = asyncio.ensure_future(work)
        try:
            await asyncio.wait({waiting, self._lost}, return_when=asyncio.FIRST_COMPLETED)
            if waiting.done():
                return waiting.result()
            raise NoMoreWork(self._lost.result())
        finally:
            waiting.cancel()

    def _why(self, error: BaseException) -> str | None:
        """Why no more work is done, where an error is of the cluster and not of the work."""
        from distributed import KilledWorker
        from distributed.client import ClosedClientError

        if isinstance(error, KilledWorker):
            return (
                "the same piece of work ended one worker after the other, probably for lack of memory: give each "
                "worker more (`dask worker --memory-limit`)"
            )
        if isinstance(error, CancelledError | OSError | ClosedClientError):
            return self._gone()
        if isinstance(error, ImportError):
            return f"a worker of {self._on} lacks a package ({error}): {_install()}"
        return None

    def _compare(self, versions: Mapping[str, Any]) -> None:
        """Raise NoMoreWork where scheduler or workers run other versions than this machine; of the first that does."""
        scheduler = {"the scheduler": versions["scheduler"]}
        workers = {f"the worker {address}": about for address, about in versions["workers"].items()}
        for name, about in (scheduler | workers).items():
            there = about["packages"]
            python = ".".join(there["python"].split(".")[:2])
            if python != f"{sys.version_info[0]}.{sys.version_info[1]}":
                raise NoMoreWork(
                    f"{name} runs Python {python}, this machine {sys.version_info[0]}.{sys.version_info[1]}: start it "
                    "with the same Python"
                )
            for package in COMPARED:
                ours, theirs = _version(package), there.get(package)
                # A scheduler makes no runs: what it lacks it does not need.
                if ours != theirs and not (name in scheduler and theirs is None):
                    has = f"has {package} {theirs}" if theirs is not None else f"has no {package}"
                    raise NoMoreWork(f"{name} {has}, this machine {ours}: {_install(package)}")

    async def _close(self) -> None:
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._client is not None:
            with suppress(TimeoutError):
                await self._client.close(timeout=END_S)
        if self._local is not None:
            # A run can be endless: workers that do not end in time are killed.
            ends = (nanny.close(timeout=END_S) for nanny in self._local.workers.values())
            await asyncio.gather(*ends, return_exceptions=True)
            await self._local.close()


class _ClusterDesk(Desk):
    def __init__(self, cluster: Cluster, gate: asyncio.Semaphore | None) -> None:
        self._cluster, self._gate = cluster, gate

    def submit(self, work: Callable[..., Any], /, *arguments: Any, **named: Any) -> Future[Any]:
        return self._cluster.send(partial(work, **named) if named else work, arguments, self._gate)

    def taken(self) -> None:
        if self._gate is not None:
            self._cluster.call(self._gate.release)


def on_worker(ways: Ways, work: Callable[..., Any], arguments: tuple[Any, ...]) -> Any:
    """What Dask has a worker do."""
    from distributed import get_worker

    worker = get_worker()
    key = worker.get_current_task()

    def dropped() -> bool:
        state = worker.state.tasks.get(key)
        return state is None or state.state == "cancelled"

    return at_work(ways, dropped, work, arguments)


def local_workers(on: str) -> int:
    """How many workers `local:N` asks for, 0 for an address; raises UsageError for what is neither."""
    if not isinstance(on, str):
        raise UsageError(f"a cluster is named by text, such as tcp://host:8786 or local:4, not by {shown(on)}")
    if on.startswith(LOCAL):
        number = on.removeprefix(LOCAL)
        if number.isascii() and number.isdecimal() and 1 <= int(number[:9]) <= MOST_LOCAL:
            return int(number)
    elif re.fullmatch(r"(tcp|tls|ucx|ws|wss)://\S+:[0-9]{1,5}", on):
        return 0
    raise UsageError(
        f"'{on[:80]}' is neither the address of a Dask scheduler, such as tcp://host:8786, nor local:N, with N from "
        f"1 to {MOST_LOCAL:,}"
    )


def check_installed() -> None:
    """Raises UsageError where Dask is not installed."""
    try:
        import distributed  # noqa: F401
    except ImportError as error:
        raise UsageError("other machines are reached by Dask: pip install 'standoff[cluster]'") from error


def _version(package: str) -> str | None:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return None


def _install(package: str = "standoff") -> str:
    name = "'standoff[cluster]" if package == "standoff" else f"'{package}"
    return f"install the same there: pip install {name}=={_version(package)}'"
