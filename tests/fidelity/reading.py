"""This tool's reading of a file: the document's entry and the model behind it."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any
from unittest.mock import patch

from tests.fidelity.details import FileDetails, file_details
from tests.fidelity.store import Store, reading_key
from transpiler import evaluate
from transpiler.config import MigrationConfig
from transpiler.model.dag import DagFile
from transpiler.report.document import build_document
from transpiler.report.models import FileEntry
from transpiler.service import analyse


@dataclass(frozen=True)
class Reading:
    """`seconds` of a processor that reading and lowering took; `airflow` is the major version that
    the file was read for.
    """

    path: Path
    file: FileEntry
    details: FileDetails
    seconds: float
    airflow: int


def read(path: Path, root: Path, airflow: str | None = None) -> Reading:
    """Read one file as `dag2zen assess` does, and keep the model that it makes on the way.

    `airflow` is what the user says that the file is for.
    """
    models: list[DagFile] = []
    original = evaluate.read_dag_file

    def keeping(path: Path, root: Path, **settings: Any) -> DagFile:
        models.append(original(path, root, **settings))
        return models[-1]

    config = MigrationConfig(airflow_version=airflow)
    began = time.process_time()
    with patch.object(evaluate, "read_dag_file", keeping):
        results = analyse([path], project_root=root, config=config, jobs=1)
    seconds = time.process_time() - began
    (file,) = build_document(results).files
    details = file_details(models[0]) if models else {}
    major = models[0].airflow.major if models else 2
    return Reading(path, file, details, seconds, major)


def read_all(
    files: Iterable[Path],
    root: Path,
    pool: ProcessPoolExecutor,
    store: Store,
    airflow: str | None = None,
) -> Iterator[Reading]:
    """Read files of one project root in the processes of the pool, those that are not in the store;
    in the order they end.
    """
    futures = {}
    for path in files:
        key = reading_key(path, root, airflow)
        known = store.get(key)
        if known is not None:
            yield known
        else:
            futures[pool.submit(read, path, root, airflow)] = key
    for future in as_completed(futures):
        store.put(futures[future], future.result())
        yield future.result()


def processes(jobs: int) -> ProcessPoolExecutor:
    """Processes that start clean, each with this tool loaded."""
    context = get_context("forkserver")
    context.set_forkserver_preload([__name__, "transpiler.lower.dag"])
    return ProcessPoolExecutor(jobs, context)
