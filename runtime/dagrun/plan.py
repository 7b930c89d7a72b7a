"""What a pipeline would run, without running it."""

from __future__ import annotations

from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from runtime.context import RunContext
from runtime.dagrun.graph import Graph
from runtime.exceptions import DagDefinitionError

if TYPE_CHECKING:
    from zenml.config.retry_config import StepRetryConfig
    from zenml.pipelines.pipeline_definition import Pipeline


@dataclass(frozen=True)
class PlannedTask:
    """A task of a plan; `kind` is `task`, `branch` or `short_circuit`.

    Retries are those of the step, or else of the pipeline.
    """

    id: str
    step: str
    kind: str
    upstream: tuple[str, ...]
    trigger_rule: str
    mapped: bool
    group: str | None
    setup: bool
    teardown: bool
    part_of: str | None
    retries: int = 0
    retry_delay_seconds: int = 0


@dataclass(frozen=True)
class Plan:
    """The tasks of a pipeline, in the order in which they are noted, and how the run is limited."""

    tasks: tuple[PlannedTask, ...]
    options: Mapping[str, Any] = field(default_factory=dict)

    def __getitem__(self, id: str) -> PlannedTask:
        """Give a task by its id."""
        return {task.id: task for task in self.tasks}[id]

    @property
    def edges(self) -> set[tuple[str, str]]:
        """Give all (upstream id, id)."""
        return {(other, task.id) for task in self.tasks for other in task.upstream}


class Recorder:
    """Takes the plan that a pipeline function notes."""

    def __init__(self, retry: StepRetryConfig | None) -> None:
        """Begin without a plan; `retry` is that of steps that have none."""
        self.plan: Plan | None = None
        self._retry = retry

    def record(self, graph: Graph, options: Mapping[str, Any]) -> None:
        """Take a graph; raises `DagDefinitionError` for a second one."""
        if self.plan is not None:
            raise DagDefinitionError("The pipeline has two `with DagRun(...)` blocks.")
        self.plan = Plan(tuple(_planned(graph, id, self._retry) for id in graph.notes), options)


recording: ContextVar[Recorder | None] = ContextVar("recording", default=None)


def plan(pipeline: Pipeline, run: RunContext) -> Plan:
    """Run a pipeline's function so that it only notes its tasks; nothing is started or stored.

    Raises `DagDefinitionError` for a graph that could not be run, and for a pipeline without a
    `with DagRun(...)` block.
    """
    recorder = Recorder(pipeline.configuration.retry)
    token = recording.set(recorder)
    try:
        pipeline.entrypoint(run)
    finally:
        recording.reset(token)
    if recorder.plan is None:
        raise DagDefinitionError(
            f"The pipeline {pipeline.name!r} notes no tasks: it has no `with DagRun(run)` block."
        )
    return recorder.plan


def _planned(graph: Graph, id: str, default: StepRetryConfig | None) -> PlannedTask:
    note = graph.notes[id]
    retry = note.step.configuration.retry or default
    return PlannedTask(
        id=id,
        step=getattr(note.step, "name", repr(note.step)),
        kind=note.kind,
        upstream=graph.upstream[id],
        trigger_rule=note.trigger_rule,
        mapped=bool(graph.expansions(id)),
        group=note.group,
        setup=note.scheduling.setup,
        teardown=note.scheduling.teardown,
        part_of=note.part_of,
        retries=retry.max_retries if retry else 0,
        retry_delay_seconds=retry.delay if retry else 0,
    )
