"""One file: read, lower, emit, with every failure of ours isolated."""

from __future__ import annotations

import traceback
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from transpiler.batch.inputs import shown_path
from transpiler.batch.redacting import without_secrets
from transpiler.batch.sources import shown_sources
from transpiler.model.finding import Finding, finding
from transpiler.model.pipeline import PipelineModel
from transpiler.model.span import Span
from transpiler.report.result import FileResult

if TYPE_CHECKING:
    from rules.registry import RuleRegistry
    from transpiler.config import MigrationConfig
    from transpiler.model.dag import Dag, DagFile

_PACKAGES = ("transpiler", "rules")


@dataclass(frozen=True)
class Job:
    """What is the same for all files of a run."""

    project_root: Path
    config: MigrationConfig
    rules: tuple[Path, ...]
    emit: bool


@dataclass(frozen=True)
class Request:
    """One file; `identifiers` replaces the identifier of the pipeline at that position of its
    result.
    """

    path: Path
    identifiers: Mapping[int, str] = field(default_factory=dict)


@lru_cache(maxsize=1)
def registry(rules: tuple[Path, ...]) -> RuleRegistry:
    """The rules of the run, loaded once in each process. Raises RuleLoadError."""
    from rules.registry import RuleRegistry

    return RuleRegistry.load(rules)


def process(request: Request, job: Job) -> FileResult:
    """The result of one file; never raises for what is in the file."""
    from transpiler.source.deep import run_deep

    return run_deep(lambda: _process(request, job))


def _process(request: Request, job: Job) -> FileResult:
    from transpiler.evaluate import read_dag_file

    name = shown_path(request.path, job.project_root)
    try:
        dag_file = read_dag_file(
            request.path, job.project_root, airflow=job.config.airflow_release()
        )
    except Exception as error:  # our own failure: it must not end the batch
        return internal_failure(name, error)
    findings = list(dag_file.findings)
    pipelines: list[PipelineModel] = []
    files: dict[str, str] = {}
    for dag in dag_file.dags:
        try:
            pipeline = _lower(dag_file, dag, request.identifiers.get(len(pipelines)), job)
            emitted = _emit(pipeline, job)
        except Exception as error:  # our own failure: the other DAGs of the file go on
            findings.append(_internal(error, dag.span, f"DAG {dag.dag_id}: "))
            continue
        pipelines.append(pipeline)
        files.update(emitted)
    result = FileResult(
        dag_file.path,
        dag_file.error,
        tuple(pipelines),
        tuple(findings),
        files,
        modules=tuple(dag_file.modules),
    )
    try:
        result = without_secrets(result, dag_file, job.project_root)
        if job.emit:
            result = replace(result, sources=shown_sources(result, dag_file))
    except Exception as error:  # what cannot be redacted is not shown
        return internal_failure(name, error)
    return _with_account(result, dag_file)


def _with_account(result: FileResult, dag_file: DagFile) -> FileResult:
    """The result with its coverage account, and what was found in drawing it up."""
    from transpiler.account import account_of
    from transpiler.account.readable import readable
    from transpiler.suppression.comments import suppressions_of

    comments = tuple(item for m in dag_file.modules.values() for item in suppressions_of(m))
    result = replace(result, suppressions=comments)
    try:
        account = account_of(dag_file, result.pipelines, result.findings, result.files)
    except Exception as error:  # our own failure: the DAGs are still right
        failure = _internal(error, Span(result.path, 1, 1), "the coverage account: ")
        return replace(result, findings=(*result.findings, failure))
    return replace(
        result,
        account=readable(account.constructs, result.secrets),
        findings=(*result.findings, *account.findings),
    )


def _lower(dag_file: DagFile, dag: Dag, identifier: str | None, job: Job) -> PipelineModel:
    from transpiler.lower.dag import lower_dag

    rules = registry(job.rules)
    return lower_dag(dag_file, dag, job.config, rules, job.project_root, identifier=identifier)


def _emit(pipeline: PipelineModel, job: Job) -> dict[str, str]:
    if not job.emit:
        return {}
    from transpiler.emit.project import emit_pipeline

    return emit_pipeline(pipeline)


def internal_failure(name: str, error: BaseException) -> FileResult:
    """The result of a file that this tool failed on."""
    failure = _internal(error, Span(name, 1, 1))
    return FileResult(name, f"{failure.code}: {failure.message}", findings=(failure,))


def _internal(error: BaseException, span: Span, where: str = "") -> Finding:
    """D2Z119 with exception type and place; not the message, which may hold text of the file."""
    return finding("D2Z119", span, f"{where}{type(error).__name__} at {_place(error)}")


def _place(error: BaseException) -> str:
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        parts = Path(frame.filename).parts
        for package in _PACKAGES:
            if package in parts:
                start = len(parts) - 1 - parts[::-1].index(package)
                return f"{'/'.join(parts[start:])}:{frame.lineno}"
    return "an unknown place"
