"""This tool's reading of a file: the document's entry and the model behind it."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from unittest.mock import patch

from tests.fidelity.details import FileDetails, file_details
from transpiler import evaluate
from transpiler.config import MigrationConfig
from transpiler.model.dag import DagFile
from transpiler.report.document import build_document
from transpiler.report.models import FileEntry
from transpiler.service import analyse


@dataclass(frozen=True)
class Reading:
    """`seconds` of a processor that reading and lowering took."""

    path: Path
    file: FileEntry
    details: FileDetails
    seconds: float


def read(path: Path, root: Path) -> Reading:
    """Read one file as `dag2zen assess` does, and keep the model that it makes on the way."""
    models: list[DagFile] = []
    original = evaluate.read_dag_file

    def keeping(path: Path, root: Path) -> DagFile:
        models.append(original(path, root))
        return models[-1]

    began = time.process_time()
    with patch.object(evaluate, "read_dag_file", keeping):
        results = analyse([path], project_root=root, config=MigrationConfig(), jobs=1)
    seconds = time.process_time() - began
    (file,) = build_document(results).files
    return Reading(path, file, file_details(models[0]) if models else {}, seconds)


def read_all(files: Iterable[Path], root: Path, pool: ProcessPoolExecutor) -> Iterator[Reading]:
    """Read files of one project root in the processes of the pool; in the order they end."""
    futures = [pool.submit(read, path, root) for path in files]
    for future in as_completed(futures):
        yield future.result()


def processes(jobs: int) -> ProcessPoolExecutor:
    """Processes that start clean, each with this tool loaded."""
    context = get_context("forkserver")
    context.set_forkserver_preload([__name__, "transpiler.lower.dag"])
    return ProcessPoolExecutor(jobs, context)
