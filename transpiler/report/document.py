"""Results to the document."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, time, timedelta
from typing import Any

from transpiler import __version__
from transpiler.emit.project import pipeline_path
from transpiler.emit.text import BIDI_CONTROLS, escape_char
from transpiler.lower.assets import asset_keys
from transpiler.model.finding import Finding
from transpiler.model.pipeline import PipelineModel, TaskAccount
from transpiler.model.span import Span
from transpiler.model.suppression import Suppressed
from transpiler.report.coverage import (
    account_entries,
    coverage_of,
    coverage_of_files,
    manual_points,
)
from transpiler.report.models import (
    DagEntry,
    FileEntry,
    FindingEntry,
    MigrationDocument,
    OperatorCount,
    Source,
    SuppressedEntry,
    TaskEntry,
    Totals,
)
from transpiler.report.result import FileResult

_CONTROLS = re.compile(f"[{BIDI_CONTROLS}\u2028\u2029]")
_EACH = "__all__"
_PLACES = {"output": {_EACH: {"line", "end_line"}}}
_OUTPUT_LINES = {"files": {_EACH: {"account": {_EACH: _PLACES}}}}
_DISPOSITIONS = ("mapped", "approximated", "not_needed", "manual")
_SEVERITIES = ("manual", "warning", "info")


def build_document(
    results: Iterable[FileResult],
    findings: Iterable[Finding] = (),
    carried: Iterable[FileEntry] = (),
) -> MigrationDocument:
    """The document of the results, files sorted by path; `findings` are those of the run as a
    whole, `carried` are entries of earlier runs into the same folder.
    """
    made = [_redacted(_file(result), result) for result in results]
    files = sorted([*made, *carried], key=lambda entry: entry.path)
    own = _findings(findings)
    return MigrationDocument(
        generator=f"dag2zen {__version__}", totals=_totals(files, own), files=files, findings=own
    )


def _redacted(entry: FileEntry, result: FileResult) -> FileEntry:
    """The file's part without the secrets of its source, wherever they stand in it."""
    if not result.secrets:
        return entry
    from transpiler.lower.redaction import redact

    return FileEntry.model_validate_json(redact(entry.model_dump_json(), result.secrets))


def document_json(document: MigrationDocument) -> str:
    """The document's text, as it is written and printed; direction controls as escapes.

    Lines of the output are left out: `assess` does not know them, and the first edit moves them.
    """
    text = document.model_dump_json(indent=2, exclude=_OUTPUT_LINES) + "\n"
    return _CONTROLS.sub(lambda match: escape_char(match[0]), text)


def all_findings(document: MigrationDocument) -> list[FindingEntry]:
    """Every finding of the document, in its order."""
    found = list(document.findings)
    for file in document.files:
        found += file.findings
        found += (entry for dag in file.dags for entry in dag.findings)
    return found


def _file(result: FileResult) -> FileEntry:
    account = account_entries(result.account, result.pipelines)
    return FileEntry(
        path=result.path,
        error=result.error,
        dags=[_dag(pipeline) for pipeline in result.pipelines],
        findings=_findings(result.findings),
        account=account,
        coverage=coverage_of(account),
    )


def _dag(pipeline: PipelineModel) -> DagEntry:
    return DagEntry(
        dag_id=pipeline.dag_id,
        pipeline=pipeline_path(pipeline) if pipeline.tasks else None,
        mode=pipeline.mode,
        mode_reason=pipeline.mode_reason,
        schedule=pipeline.schedule_text,
        start_date=pipeline.start_date,
        catchup=pipeline.catchup,
        tags=list(pipeline.tags),
        params=_json(pipeline.params),
        tasks=[_task(task) for task in pipeline.tasks],
        findings=_findings(pipeline.findings),
        source=_source(pipeline.span),
        starts_by=list(asset_keys(pipeline.schedule.assets, pipeline.schedule.datasets)),
    )


def _task(task: TaskAccount) -> TaskEntry:
    return TaskEntry(
        task_id=task.task_id,
        operator=task.operator,
        step=task.step,
        steps=list(task.steps),
        upstream=sorted(task.upstream),
        trigger_rule=task.trigger_rule,
        retries=task.retries,
        retry_delay_seconds=task.retry_delay_seconds,
        execution_timeout_seconds=task.execution_timeout_seconds,
        mapped=task.mapped,
        group=task.group,
        disposition=task.disposition,
        source=_source(task.span),
        kind=task.kind,
        setup=task.setup,
        teardown=task.teardown,
        waits_for=list(task.waits_for),
        triggers=list(task.triggers),
        updates=list(task.updates),
    )


def _findings(findings: Iterable[Finding]) -> list[FindingEntry]:
    """Each finding once, by place."""
    unique = dict.fromkeys(findings)
    order = sorted(unique, key=lambda f: (f.span, f.code, f.task_id or "", f.message))
    return [
        FindingEntry(
            code=f.code,
            severity=f.severity,
            message=f.message,
            remedy=f.remedy,
            file=f.span.file,
            line=f.span.line,
            column=f.span.column,
            task_id=f.task_id,
            suppressed=_suppressed(f.suppressed),
        )
        for f in order
    ]


def _suppressed(item: Suppressed | None) -> SuppressedEntry | None:
    return None if item is None else SuppressedEntry(reason=item.reason, place=item.place)


def _source(span: Span) -> Source:
    return Source(line=span.line, column=span.column)


def _totals(files: list[FileEntry], findings: list[FindingEntry]) -> Totals:
    dags = [dag for file in files for dag in file.dags]
    tasks = [task for dag in dags for task in dag.tasks]
    entries = [*findings, *(f for file in files for f in file.findings)]
    entries += [f for dag in dags for f in dag.findings]
    by_disposition = Counter[str](task.disposition for task in tasks)
    by_severity = Counter[str](e.severity for e in entries if e.suppressed is None)
    return Totals(
        files=len(files),
        files_with_error=sum(file.error is not None for file in files),
        dags=len(dags),
        tasks=len(tasks),
        tasks_by_disposition={name: by_disposition[name] for name in _DISPOSITIONS},
        findings_by_severity={name: by_severity[name] for name in _SEVERITIES},
        findings_suppressed=sum(entry.suppressed is not None for entry in entries),
        blocking_operators=_blocking(dags),
        coverage=coverage_of_files(files),
        manual_points=manual_points(files),
    )


def _blocking(dags: list[DagEntry]) -> list[OperatorCount]:
    """Operators with tasks that need a person, those with most tasks first."""
    tasks: Counter[str] = Counter()
    places: Counter[str] = Counter()
    for dag in dags:
        blocked = [task.operator for task in dag.tasks if task.disposition == "manual"]
        tasks.update(blocked)
        places.update(set(blocked))
    order = sorted(tasks, key=lambda operator: (-tasks[operator], operator))
    return [OperatorCount(operator=o, tasks=tasks[o], dags=places[o]) for o in order]


def _json(value: Any) -> Any:
    """Plain data as JSON has it: dates as ISO text, durations as seconds, the rest as text."""
    if isinstance(value, Mapping):
        return {str(key): _json(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_json(item) for item in value]
    if isinstance(value, (set, frozenset)):
        return sorted((_json(item) for item in value), key=str)
    if isinstance(value, (date, time)):
        return value.isoformat()
    if isinstance(value, timedelta):
        return value.total_seconds()
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    return str(value)
