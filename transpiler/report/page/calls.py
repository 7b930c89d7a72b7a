"""Which steps a task became, and what each of them waits for, read off the emitted pipeline."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass

from transpiler.emit.scan import step_calls
from transpiler.model.pipeline import PipelineModel, StepCall
from transpiler.report.models import DagEntry, TaskEntry

_WORD = re.compile(r"[^\W\d]\w*")


@dataclass(frozen=True)
class WiredStep:
    """One step: its id, the step function, and the ids of the steps that it waits for."""

    step_id: str
    function: str
    after: tuple[str, ...]


@dataclass(frozen=True)
class _Pattern:
    """One call of the several that a task became: which calls of the task it takes data from."""

    function: str
    inner: tuple[int, ...]


class StepWiring:
    """The steps of each task of a DAG."""

    def __init__(self, dag: DagEntry, pipeline: PipelineModel) -> None:
        self._file = pipeline.span.file
        self._patterns = _patterns(pipeline)
        self._tasks = {task.task_id for task in dag.tasks}

    def of(self, task: TaskEntry) -> list[WiredStep]:
        """The steps of the task in order, its own last; none for a task without step."""
        patterns = self._patterns.get(task.task_id) or self._patterns.get(_place(task))
        if patterns is None or len(patterns) != len(task.steps):
            patterns = [_Pattern("", (n - 1,) if n else ()) for n in range(len(task.steps) - 1)]
            patterns.append(_Pattern(task.step, tuple(range(len(task.steps) - 1))[-1:]))
        upstream = tuple(before for before in task.upstream if before in self._tasks)
        return [
            WiredStep(
                step_id,
                pattern.function,
                tuple(task.steps[n] for n in pattern.inner) or upstream,
            )
            for step_id, pattern in zip(task.steps, patterns, strict=False)
        ]


def _place(task: TaskEntry) -> tuple[int, int]:
    return task.source.line, task.source.column


def _patterns(pipeline: PipelineModel) -> dict[object, list[_Pattern]]:
    """The calls by task id, and by place in the source for the turns of a loop."""
    calls: dict[str, list[StepCall]] = defaultdict(list)
    for call in step_calls(pipeline.body):
        calls[call.task_id].append(call)
    places = {task.task_id: (task.span.line, task.span.column) for task in pipeline.tasks}
    found: dict[object, list[_Pattern]] = {}
    for task_id, own in calls.items():
        patterns = [
            _Pattern(call.function.rpartition(".")[2], _data_from(call, own[:number]))
            for number, call in enumerate(own)
        ]
        found[task_id] = patterns
        if task_id in places:
            found.setdefault(places[task_id], patterns)
    return found


def _data_from(call: StepCall, before: list[StepCall]) -> tuple[int, ...]:
    read = {
        name for expr in (*call.args, *call.kwargs.values()) for name in _WORD.findall(expr.code)
    }
    after = {expr.code for expr in call.after}
    return tuple(
        number
        for number, other in enumerate(before)
        if (other.assign and other.assign in read) or other.step_id.code in after
    )
