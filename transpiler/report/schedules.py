"""The schedules of a run's DAGs in words, by DAG id."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from transpiler.report.result import FileResult

if TYPE_CHECKING:
    from transpiler.report.page.schedule import ScheduleView


def schedule_views(results: Iterable[FileResult]) -> dict[str, ScheduleView]:
    """A view for each DAG that has a pipeline."""
    from transpiler.report.page.schedule import schedule_view

    return {
        pipeline.dag_id: schedule_view(pipeline.schedule, pipeline.schedule_text)
        for result in results
        for pipeline in result.pipelines
        if pipeline.tasks
    }
