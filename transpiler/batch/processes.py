"""Processes that read files, and what becomes of a file that kills one."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool

from transpiler.batch.inputs import shown_path
from transpiler.batch.interrupts import interrupts_held, quiet_worker
from transpiler.batch.job import Job, Request, internal_failure, process
from transpiler.report.result import FileResult

_PRELOADED = ["transpiler.batch.job", "transpiler.evaluate", "transpiler.lower.dag"]


def in_processes(
    requests: Sequence[Request], job: Job, workers: int, done: Callable[[int], None]
) -> list[FileResult]:
    """The result of each request, in their order; `done` is called with the number finished.

    A file that ends its process (by using up memory, say) costs only its own result.
    """
    results: dict[int, FileResult] = {}
    lost: list[int] = []
    with _pool(workers) as pool:
        with interrupts_held():
            futures = {pool.submit(process, request, job): i for i, request in enumerate(requests)}
        try:
            for future in as_completed(futures):
                _collect(future, futures[future], results, lost)
                done(len(results))
        except KeyboardInterrupt:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    for index in sorted(lost):
        results[index] = _alone(requests[index], job)
        done(len(results))
    return [results[index] for index in range(len(requests))]


def _pool(workers: int) -> ProcessPoolExecutor:
    """Processes that start clean: a fork of this one could inherit a lock of the progress bar."""
    if "forkserver" not in multiprocessing.get_all_start_methods():
        spawn = multiprocessing.get_context("spawn")
        return ProcessPoolExecutor(workers, spawn, initializer=quiet_worker)
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(_PRELOADED)
    return ProcessPoolExecutor(workers, context, initializer=quiet_worker)


def _collect(
    future: Future[FileResult], index: int, results: dict[int, FileResult], lost: list[int]
) -> None:
    try:
        results[index] = future.result()
    except BrokenProcessPool:
        lost.append(index)


def _alone(request: Request, job: Job) -> FileResult:
    """Read a file in a process of its own, because one of several files has killed theirs."""
    with _pool(1) as pool:
        try:
            with interrupts_held():
                future = pool.submit(process, request, job)
            return future.result()
        except BrokenProcessPool as error:
            return internal_failure(shown_path(request.path, job.project_root), error)
