"""Processes that share the work of one command: on this machine, or of a Dask cluster."""

from __future__ import annotations

import contextlib
import logging
import signal
import socket
import sys
import threading
import warnings
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, CancelledError, Executor, Future
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from sattrack.errors import InvalidInputError, NetworkError, SattrackError

INSTALL = "python -m pip install 'sattrack-missions[cluster]'"

_PATIENCE_S = 3.0
# Of a task whose worker is lost.
_RETRIES = 5
# Parts of the work that wait at each worker, so that none stands idle.
_AHEAD = 3


@dataclass(frozen=True)
class Workers:
    """Who does the work.

    Attributes:
        executor: None for this process alone.
        tasks_ahead: how many parts of the work may wait there.
    """

    executor: Executor | None = None
    tasks_ahead: int = 1


@contextlib.contextmanager
def workers(jobs: int, scheduler: str | None) -> Iterator[Workers]:
    """Return the processes that do the work while the body runs; none of them outlives it.

    Args:
        jobs: how many on this machine.
        scheduler: address of a Dask scheduler, whose workers are used instead.

    Raises:
        InvalidInputError: both were asked for, or the extra is not installed.
        NetworkError: the cluster cannot be reached, has no workers, or is lost on the way.
    """
    if scheduler is not None and jobs > 1:
        raise InvalidInputError("--jobs and --scheduler exclude each other; give one of them")
    if scheduler is not None:
        with _cluster(scheduler) as found:
            yield found
    elif jobs > 1:
        with _processes(jobs) as found:
            yield found
    else:
        yield Workers()


@contextlib.contextmanager
def _processes(jobs: int) -> Iterator[Workers]:
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    # A forked process has all modules at once; but threads would not survive the fork, and those
    # of Apple's libraries run already.
    alone = threading.active_count() == 1
    method = "fork" if sys.platform.startswith("linux") and alone else "spawn"
    context = get_context(method)
    # A worker must not be ended in the middle of a task: Python's pool may wait for it for ever.
    # The sign to stop has no lock, which a worker that is killed might hold.
    enough = context.RawValue("b", 0)
    pool = ProcessPoolExecutor(jobs, context, _begin, (enough,))
    try:
        yield Workers(_Heeding(pool), _AHEAD * jobs)
    except BrokenExecutor as error:
        for process in [*(getattr(pool, "_processes", None) or {}).values()]:
            process.kill()
        raise SattrackError(
            "a process that did a part of the work has ended; it may have lacked memory: "
            "try fewer --jobs"
        ) from error
    finally:
        enough.value = 1
        pool.shutdown(wait=True, cancel_futures=True)


class _Heeding(Executor):
    """An executor whose tasks are left out once nobody waits for them any more."""

    def __init__(self, pool: Executor) -> None:
        self._pool = pool

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Submit a task."""
        return self._pool.submit(_unless_enough, fn, *args, **kwargs)


_ENOUGH: list[Any] = []


def _begin(enough: Any) -> None:
    """Leave Ctrl-C, which a terminal sends to all of them, to the process that asked."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    _ENOUGH.append(enough)


def _unless_enough(fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Any:
    return None if _ENOUGH[0].value else fn(*args, **kwargs)


@contextlib.contextmanager
def _cluster(address: str) -> Iterator[Workers]:
    try:
        from distributed import Client
    except ImportError as error:
        raise InvalidInputError(
            f"--scheduler needs the package distributed; run: {INSTALL}"
        ) from error
    _check_reachable(address)
    _hush()
    with warnings.catch_warnings():
        # Versions that differ are told of by what fails, if anything does.
        warnings.simplefilter("ignore")
        try:
            client = Client(address, timeout=_PATIENCE_S, set_as_default=False)
        except (OSError, ValueError, RuntimeError) as error:
            raise _unreachable(address, error) from error
    try:
        threads = _threads(client, address)
        executor = client.get_executor(pure=False, retries=_RETRIES)
        yield Workers(executor, _AHEAD * threads)
    except (CancelledError, OSError) as error:
        raise NetworkError(f"the scheduler at {address} is lost: {_said(error)}") from error
    except ImportError as error:
        raise NetworkError(
            f"the workers of {address} lack what this machine has ({error}); install the same "
            "sattrack there"
        ) from error
    except Exception as error:
        if type(error).__module__.split(".")[0] != "distributed":
            raise
        raise NetworkError(f"the workers of {address} have given up: {_said(error)}") from error
    finally:
        with contextlib.suppress(Exception):
            client.close(timeout=_PATIENCE_S)


def _hush() -> None:
    """Keep Dask's log from stderr: it tells of every task that is done again."""
    for name in [*logging.root.manager.loggerDict]:
        if name.split(".")[0] == "distributed":
            logging.getLogger(name).setLevel(logging.CRITICAL)


def _threads(client: Any, address: str) -> int:
    """Return how many parts of the work the cluster does at once."""
    threads = sum(client.nthreads().values())
    if not threads:
        raise NetworkError(f"the scheduler at {address} has no workers; start some")
    return int(threads)


def _check_reachable(address: str) -> None:
    """Ask at the door: Dask itself would knock for half a minute."""
    parts = urlsplit(address)
    try:
        host, port = parts.hostname, parts.port
    except ValueError:
        host = port = None
    if not (parts.scheme and host and port):
        raise InvalidInputError(
            f"{address!r} is no address of a scheduler; write it as tcp://HOST:8786"
        )
    try:
        socket.create_connection((host, port), _PATIENCE_S).close()
    except OSError as error:
        raise _unreachable(address, error) from error


def _unreachable(address: str, error: Exception) -> NetworkError:
    return NetworkError(f"no Dask scheduler answers at {address}: {_said(error)}")


def _said(error: Any) -> str:
    reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
    return " ".join(str(reason).split())
