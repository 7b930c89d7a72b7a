"""Options that all tasks share stand once on `@pipeline`; a step keeps only what differs.

ZenML 0.98, seen by running: `with_options(retry=…)` and `with_options(on_failure=…)` override the
pipeline's default, but nothing takes it away (`retry=None` and `on_failure=None` are ignored). So a
default needs all tasks to have one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from transpiler.lower.common import CommonOptions
from transpiler.model.pipeline import Expr

HOOKS = ("on_failure", "on_success", "on_start", "on_end")


@dataclass(frozen=True, slots=True)
class PipelineDefaults:
    """Keyword arguments of `@pipeline`, and for each task, in order, the step options that are
    left.
    """

    decorator: Mapping[str, Expr]
    step_options: tuple[Mapping[str, Expr], ...] = field(default_factory=tuple)


def pipeline_defaults(tasks: Sequence[CommonOptions]) -> PipelineDefaults:
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
    return PipelineDefaults(decorator, left)


def _options(task: CommonOptions) -> dict[str, Expr]:
    options = {} if task.retry is None else {"retry": task.retry}
    return options | {name: task.hooks[name] for name in HOOKS if name in task.hooks}
