"""Processor time of reading DAG files, and of LibCST's parse of the same texts in the same run."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import libcst as cst

from benchmarks.reading_corpus import write_shape
from transpiler.batch.inputs import gather
from transpiler.config import MigrationConfig
from transpiler.emit.style import formatted
from transpiler.evaluate import read_dag_file
from transpiler.model.dag import DagFile
from transpiler.project import Migration, write
from transpiler.service import analyse
from transpiler.source.deep import run_deep
from transpiler.workspace.output import Output
from transpiler.workspace.writer import write_project


@dataclass(frozen=True)
class Corpus:
    """What a corpus costs, in seconds: the parse of every module that is read, reading all files,
    and all of it up to the emitted files on the disk.
    """

    files: int
    modules: int
    tasks: int
    characters: int
    parse: float
    read: float
    transpile: float
    black: float
    """Black by itself on the emitted modules, which is part of `transpile`."""
    emitted: int
    """Characters of the emitted modules."""
    report: float
    """The same as `transpile`, with the pages and documents that report on it."""
    jobs: dict[int, float]
    """Seconds on the wall of the whole, by number of processes."""


@dataclass(frozen=True)
class Growth:
    """One shape with few and with many tasks: seconds of parse, reading and the whole."""

    shape: str
    tasks: int
    edges: int
    parse: float
    read: float
    transpile: float


def cpu_seconds(action: Callable[[], object]) -> float:
    """Processor time of this process for the action."""
    started = time.process_time()
    action()
    return time.process_time() - started


def best(action: Callable[[], object], runs: int) -> float:
    """The least of several times: what others do on the machine only adds."""
    return min(cpu_seconds(action) for _ in range(runs))


def measure_corpus(root: Path, runs: int, jobs: tuple[int, ...]) -> Corpus:
    """Read every DAG file below the folder."""
    paths = gather([root], root, MigrationConfig()).files
    found = [read_dag_file(path, root) for path in paths]
    texts = _texts(found)
    emitted = _emitted(root)
    return Corpus(
        files=len(paths),
        modules=len(texts),
        tasks=sum(len(dag.tasks) for file in found for dag in file.dags),
        characters=sum(map(len, texts)),
        parse=_parse(texts, runs),
        read=best(lambda: [read_dag_file(path, root) for path in paths], runs),
        transpile=best(lambda: _transpile(root, root, 1), runs),
        black=best(lambda: [formatted(text) for text in emitted], runs),
        emitted=sum(map(len, emitted)),
        report=best(lambda: _with_reports(root, root, 1), runs),
        jobs={number: _on_the_wall(root, number) for number in jobs},
    )


def measure_growth(shape: str, sizes: tuple[int, ...], runs: int) -> list[Growth]:
    """Read and transpile one shape at each size."""
    rows = []
    for tasks in sizes:
        with TemporaryDirectory() as folder:
            root = Path(folder)
            path = write_shape(root, shape, tasks)
            found = read_dag_file(path, root)
            (dag,) = found.dags
            rows.append(
                Growth(
                    shape=shape,
                    tasks=len(dag.tasks),
                    edges=sum(len(task.upstream) for task in dag.tasks),
                    parse=_parse(_texts([found]), runs),
                    read=best(lambda path=path, root=root: read_dag_file(path, root), runs),  # type: ignore[misc]
                    transpile=cpu_seconds(lambda path=path, root=root: _transpile(path, root, 1)),  # type: ignore[misc]
                )
            )
    return rows


def _texts(files: list[DagFile]) -> list[str]:
    """The text of each module that was read, once."""
    trees = {path: module.tree for file in files for path, module in file.modules.items()}
    return run_deep(lambda: [tree.code for tree in trees.values()])


def _parse(texts: list[str], runs: int) -> float:
    return run_deep(lambda: best(lambda: [cst.parse_module(text) for text in texts], runs))


def _emitted(root: Path) -> list[str]:
    """The text of the emitted modules that Black formats."""
    results = analyse([root], project_root=root, config=MigrationConfig(), jobs=1, emit=True)
    files = {name: text for result in results for name, text in result.files.items()}
    return [
        text
        for name, text in files.items()
        if name.endswith(".py") and name.startswith(("pipelines/", "steps/")) and text
    ]


def _transpile(path: Path, root: Path, jobs: int) -> None:
    results = analyse([path], project_root=root, config=MigrationConfig(), jobs=jobs, emit=True)
    files = {name: text for result in results for name, text in result.files.items()}
    with TemporaryDirectory() as folder:
        write_project(Path(folder) / "out", Output(files))


def _with_reports(path: Path, root: Path, jobs: int) -> None:
    results = analyse([path], project_root=root, config=MigrationConfig(), jobs=jobs, emit=True)
    with TemporaryDirectory() as folder:
        write(Path(folder) / "out", Migration(results, jobs=jobs))


def _on_the_wall(root: Path, jobs: int) -> float:
    started = time.perf_counter()
    _with_reports(root, root, jobs)
    return time.perf_counter() - started
