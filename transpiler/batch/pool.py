"""Sharing files out to processes."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool

from transpiler.batch.inputs import shown_path
from transpiler.batch.job import Job, Request, internal_failure, process, registry
from transpiler.memory import collect_seldom
from transpiler.report.result import FileResult

_PRELOADED = ["transpiler.batch.job", "transpiler.evaluate", "transpiler.lower.dag"]
_WORTH_IT = 8
"""Fewer files than this are read faster by one process than others start."""


def run(
    requests: Sequence[Request], job: Job, jobs: int | None, done: Callable[[int], None]
) -> list[FileResult]:
    """The result of each request, in their order; `done` is called with the number finished."""
    registry(job.rules)  # a rule module that cannot be loaded fails the run, not a file
    workers = min(_workers(jobs, len(requests)), len(requests))
    if workers > 1:
        return _in_processes(requests, job, workers, done)
    results = []
    for number, request in enumerate(requests, start=1):
        results.append(process(request, job))
        done(number)
    return results


def _workers(jobs: int | None, files: int) -> int:
    if jobs is not None:
        return jobs
    return len(os.sched_getaffinity(0)) if files >= _WORTH_IT else 1


def _in_processes(
    requests: Sequence[Request], job: Job, workers: int, done: Callable[[int], None]
) -> list[FileResult]:
    results: dict[int, FileResult] = {}
    lost: list[int] = []
    with _pool(workers) as pool:
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
        return ProcessPoolExecutor(workers, spawn, initializer=collect_seldom)
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(_PRELOADED)
    return ProcessPoolExecutor(workers, context, initializer=collect_seldom)


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
            return pool.submit(process, request, job).result()
        except BrokenProcessPool as error:
            return internal_failure(shown_path(request.path, job.project_root), error)
