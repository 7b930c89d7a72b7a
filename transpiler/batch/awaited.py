"""Pipelines that others wait for or start, and that the same run makes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from transpiler.model.finding import Finding
from transpiler.model.pipeline import PipelineModel
from transpiler.report.result import FileResult

AWAITED = "D2Z312"


def with_awaited(results: Sequence[FileResult]) -> list[FileResult]:
    """The results, where the need for another pipeline asks for nothing if this run makes it."""
    made = {pipeline.dag_id for result in results for pipeline in result.pipelines}
    return [
        replace(result, pipelines=tuple(_settled(p, made) for p in result.pipelines))
        for result in results
    ]


def _settled(pipeline: PipelineModel, made: set[str]) -> PipelineModel:
    needs = {
        task.task_id: {*task.waits_for, *task.triggers}
        for task in pipeline.tasks
        if task.waits_for or task.triggers
    }
    if not needs:
        return pipeline
    findings = tuple(
        _made_here(item) if item.code == AWAITED and _all_made(item, needs, made) else item
        for item in pipeline.findings
    )
    return replace(pipeline, findings=findings)


def _all_made(item: Finding, needs: dict[str, set[str]], made: set[str]) -> bool:
    wanted = needs.get(item.task_id or "", set())
    return bool(wanted) and wanted <= made


def _made_here(item: Finding) -> Finding:
    message = f"{item.message}; this run makes it too"
    return replace(
        item, severity="info", message=message, remedy="Nothing is to be done once both are there."
    )
