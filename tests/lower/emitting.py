"""Emits what lowering made of hand-made tasks, with the emitter that `transpile` uses."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from tests.conftest import EmittedProject
from tests.lower.factory import PlainLowering
from transpiler.emit.pipeline_module import pipeline_module
from transpiler.emit.steps_module import steps_module
from transpiler.lower.common import CommonOptions, take_common
from transpiler.lower.dag_defaults import pipeline_defaults
from transpiler.lower.reader import TaskReader
from transpiler.model.dag import Task
from transpiler.model.pipeline import Expr, PipelineModel, ScheduleModel, StepCall


def lowered(to: PlainLowering) -> tuple[list[CommonOptions], list[StepCall]]:
    """Common options and step calls of all tasks of the DAG, ids filled in."""
    options: list[CommonOptions] = []
    calls: list[StepCall] = []
    for task in to.dag.tasks:
        reader = TaskReader(task)
        options.append(take_common(reader, to))  # type: ignore[arg-type]
        callable_ = task.function or task.arguments["python_callable"].value
        made = to.callables.step(
            reader,
            callable_,
            op_args=reader.take("op_args"),
            op_kwargs=reader.take("op_kwargs"),
            templates_dict=reader.take("templates_dict"),
        )
        calls += _with_ids(task, made if isinstance(made, list) else [made])
    defaults = pipeline_defaults(options)
    left = dict(zip((task.task_id for task in to.dag.tasks), defaults.step_options, strict=True))
    return options, [replace(call, options=left[call.task_id]) for call in calls]


def _with_ids(task: Task, calls: Iterable[StepCall]) -> list[StepCall]:
    after = tuple(Expr(repr(upstream)) for upstream in task.upstream)
    return [
        replace(call, step_id=Expr(repr(task.task_id + call.step_id.code)), after=after)
        for call in calls
    ]


def write_project(
    to: PlainLowering, project: EmittedProject, config: Mapping[str, str] | None = None
) -> str:
    """Write pipeline and steps of the DAG; gives the text of the steps module."""
    options, calls = lowered(to)
    model = PipelineModel(
        dag_id="nightly",
        identifier="nightly",
        mode="static",
        mode_reason="",
        docstring="",
        source_path="dags/nightly.py",
        imports=tuple(dict.fromkeys(to.imports)),
        constants=(),
        decorator={
            "name": Expr('"nightly"'),
            "enable_cache": Expr("False"),
            **pipeline_defaults(options).decorator,
        },
        body=tuple(calls),
        schedule=ScheduleModel(cron="0 2 * * *", start_date="2024-01-01T00:00:00+00:00"),
        schedule_text="0 2 * * *",
        steps_module=to.callables.build(),
        sql_files={},
        config={},
        config_comments={},
        params={},
        tags=(),
        tasks=(),
        findings=(),
        span=to.dag.span,
    )
    steps = to.callables.build()
    assert steps is not None
    text = steps_module(model, steps)
    project.write("steps/__init__.py", "")
    project.write("steps/nightly.py", text)
    project.write("pipelines/__init__.py", "")
    project.write("pipelines/nightly.py", pipeline_module(model))
    for name, content in (config or {}).items():
        project.write(name, content)
    return text
