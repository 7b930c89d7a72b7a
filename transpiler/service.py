"""The compile service: paths to results, file by file, in one process or several."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from transpiler.batch.awaited import with_awaited
from transpiler.batch.collisions import identifier_overrides, with_duplicates, with_renamed
from transpiler.batch.helpers import with_helpers
from transpiler.batch.inputs import Inputs, gather
from transpiler.batch.job import Job, Request
from transpiler.batch.pool import run
from transpiler.report.result import FileResult

if TYPE_CHECKING:
    from transpiler.config import MigrationConfig

Progress = Callable[[int, int], None]
"""Called with the number of files done and the number of all files."""


def analyse(
    paths: Iterable[Path],
    *,
    project_root: Path,
    config: MigrationConfig,
    rules: Sequence[Path] = (),
    jobs: int | None = None,
    emit: bool = False,
    progress: Progress | None = None,
    inputs: Inputs | None = None,
) -> list[FileResult]:
    """Read and lower each DAG file of the paths, in the order of their names; with `emit`, write
    its files too.

    `rules` are rule files and folders of the user. `jobs` is the number of processes; None chooses
    by the number of files; `inputs` is what the paths stand for, where that is known. A failure of
    ours becomes finding D2Z119 of its file, and the others go on. Raises RuleLoadError for a rule
    module that cannot be loaded.
    """
    inputs = inputs or gather(paths, project_root, config)
    job = Job(project_root, config, tuple(rules), emit)
    requests = [Request(path) for path in inputs.files]
    report = progress or (lambda done, total: None)
    results = run(requests, job, jobs, lambda done: report(done, len(requests)))
    overrides = identifier_overrides(results)
    if overrides:
        again = [replace(requests[i], identifiers=names) for i, names in overrides.items()]
        for index, result in zip(overrides, run(again, job, jobs, lambda done: None), strict=True):
            results[index] = with_renamed(results[index], result)
    return [*inputs.failed, *with_helpers(with_awaited(list(with_duplicates(results))))]
