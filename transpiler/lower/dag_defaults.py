"""Options that all tasks share stand once on `@pipeline`; a step keeps only what differs.

ZenML 0.98, seen by running: `with_options(retry=…)` and `with_options(on_failure=…)` override the
pipeline's default, but nothing takes it away (`retry=None` and `on_failure=None` are ignored). So a
default needs all tasks to have one. In a dynamic pipeline `@pipeline(retry=…)` reaches the steps too,
but `@pipeline(on_failure=…)` fires once for the run, so there `DagRun` gives the steps their hooks.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from transpiler.lower.common import CommonOptions
from transpiler.model.pipeline import Expr

SHARED = ("depends_on_past", "wait_for_downstream", "pool")
"""Arguments of `dag.task` that `DagRun` takes for all tasks, too."""
HOOKS = ("on_failure", "on_success", "on_start", "on_end")


@dataclass(frozen=True, slots=True)
class PipelineDefaults:
    """Keyword arguments of `@pipeline`, and for each task, in order, the step options that are
    left.
    """

    decorator: Mapping[str, Expr]
    step_options: tuple[Mapping[str, Expr], ...] = field(default_factory=tuple)
    dag_run: Mapping[str, Expr] = field(default_factory=dict)
    """Keyword arguments of `DagRun` in a dynamic pipeline."""


def pipeline_defaults(tasks: Sequence[CommonOptions], *, dynamic: bool = False) -> PipelineDefaults:
    """Move the most frequent retry and hooks to the pipeline, where every task has one."""
    options = [_options(task) for task in tasks]
    decorator: dict[str, Expr] = {}
    for name in ("retry", *HOOKS):
        given = [one[name] for one in options if name in one]
        if options and len(given) == len(options):
            decorator[name] = Counter(given).most_common(1)[0][0]
    left = tuple(
        {name: value for name, value in one.items() if decorator.get(name) != value}
        for one in options
    )
    if not dynamic:
        return PipelineDefaults(decorator, left)
    hooks = {name: decorator.pop(name) for name in HOOKS if name in decorator}
    return PipelineDefaults(decorator, left, {**_hooks(hooks), **_scheduling(tasks)})


def _hooks(hooks: Mapping[str, Expr]) -> dict[str, Expr]:
    if not hooks:
        return {}
    items = ", ".join(f'"{name}": {hook.code}' for name, hook in hooks.items())
    return {
        "step_options": Expr(f"{{{items}}}", frozenset().union(*(h.names for h in hooks.values())))
    }


def _scheduling(tasks: Sequence[CommonOptions]) -> dict[str, Expr]:
    """What all tasks share, as from default_args."""
    return {
        name: tasks[0].scheduling[name]
        for name in SHARED
        if len(tasks) > 1 and len({task.scheduling.get(name) for task in tasks}) == 1
        if name in tasks[0].scheduling
    }


def _options(task: CommonOptions) -> dict[str, Expr]:
    options = {} if task.retry is None else {"retry": task.retry}
    return options | {name: task.hooks[name] for name in HOOKS if name in task.hooks}
