"""Sharing files out to processes."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence

from transpiler.batch.job import Job, Request, process, registry
from transpiler.report.result import FileResult

_WORTH_IT = 8
"""Fewer files than this are read faster by one process than others start."""


def run(
    requests: Sequence[Request], job: Job, jobs: int | None, done: Callable[[int], None]
) -> list[FileResult]:
    """The result of each request, in their order; `done` is called with the number finished."""
    registry(job.rules)  # a rule module that cannot be loaded fails the run, not a file
    workers = min(_workers(jobs, len(requests)), len(requests))
    if workers > 1:
        from transpiler.batch.processes import in_processes

        return in_processes(requests, job, workers, done)
    results = []
    for number, request in enumerate(requests, start=1):
        results.append(process(request, job))
        done(number)
    return results


def _workers(jobs: int | None, files: int) -> int:
    if jobs is not None:
        return jobs
    return len(os.sched_getaffinity(0)) if files >= _WORTH_IT else 1
