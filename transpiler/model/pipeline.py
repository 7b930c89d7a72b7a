"""PipelineModel: what is emitted for one DAG, statement by statement, as Python source expressions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

from transpiler.model.finding import Finding
from transpiler.model.span import Span

Disposition = Literal["mapped", "approximated", "not_needed", "manual"]
Kind = Literal["task", "branch", "short_circuit", "map", "map_kwargs"]
"""The method of `runtime.dagrun.DagRun` that a dynamic pipeline notes the task by."""


@dataclass(frozen=True, slots=True)
class Expr:
    """A Python expression as source text; `names` are the free names it reads."""

    code: str
    names: frozenset[str] = frozenset()

    def __str__(self) -> str:
        return self.code


@dataclass(frozen=True, slots=True)
class StepCall:
    """A call of a step inside the pipeline function.

    `function` is the qualified name of the step (`runtime.steps.run_bash`, or a bare name for a function of the
    emitted steps module). `options` go to `.with_options(…)`, `kwargs` to the call. `step_id` is the step's id as
    an expression, `after` the list of ids it waits for without data.
    """

    function: str
    step_id: Expr
    task_id: str
    args: tuple[Expr, ...] = ()
    kwargs: Mapping[str, Expr] = field(default_factory=dict)
    options: Mapping[str, Expr] = field(default_factory=dict)
    after: tuple[Expr, ...] = ()
    """Each is an id expression, or a starred comprehension over ids."""
    assign: str | None = None
    comments: tuple[str, ...] = ()
    trailing_comment: str | None = None
    span: Span | None = None
    kind: Kind = "task"
    scheduling: Mapping[str, Expr] = field(default_factory=dict)
    """Dynamic pipelines only: what Airflow's scheduler would go by, as `trigger_rule` or `teardown`."""


@dataclass(frozen=True, slots=True)
class Assignment:
    """`name = value` inside the pipeline function."""

    name: str
    value: Expr
    comments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ForLoop:
    """A loop of the source that stays a loop."""

    target: str
    iterable: Expr
    body: tuple[Statement, ...]
    comments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class GroupBlock:
    """A mapped task group: `with dag.mapped_group(id, name=each(…)) as target:`."""

    group_id: Expr
    target: str | None
    kwargs: Mapping[str, Expr]
    body: tuple[Statement, ...]
    comments: tuple[str, ...] = ()
    scheduling: Mapping[str, Expr] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment line of its own (with its `#`)."""

    text: str


Statement: TypeAlias = "StepCall | Assignment | ForLoop | GroupBlock | Comment"


@dataclass(frozen=True, slots=True)
class Import:
    """`from module import name as alias`, or `import module as alias` where `name` is None."""

    module: str
    name: str | None = None
    alias: str | None = None


@dataclass(frozen=True, slots=True)
class StepsModule:
    """The emitted steps module: imports and the source text of its definitions, in order."""

    imports: tuple[Import, ...]
    definitions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ScheduleModel:
    """The schedule constant of the emitted module; all empty for a DAG that is started by hand."""

    cron: str | tuple[str, ...] | None = None
    every_seconds: float | None = None
    every: Mapping[str, int] | None = None
    once: bool = False
    continuous: bool = False
    assets: str | dict[str, Any] | None = None
    datasets: str | dict[str, Any] | None = None
    events: tuple[str, ...] = ()
    restrict_to_events: bool = False
    trigger: bool = False
    interval_seconds: float = 0
    start_date: str | None = None
    end_date: str | None = None
    timezone: str = "UTC"
    catchup: bool = False
    max_active_runs: int = 16


@dataclass(frozen=True, slots=True)
class TaskAccount:
    """What became of one task, as `migration.json` tells it."""

    task_id: str
    operator: str
    step: str
    steps: tuple[str, ...]
    upstream: tuple[str, ...]
    trigger_rule: str
    retries: int
    retry_delay_seconds: float
    execution_timeout_seconds: float | None
    mapped: bool
    group: str | None
    disposition: Disposition
    span: Span
    kind: Kind = "task"
    setup: bool = False
    teardown: bool = False
    waits_for: tuple[str, ...] = ()
    """Other DAGs whose runs the task waits for."""
    triggers: tuple[str, ...] = ()
    """Other DAGs that the task starts."""
    updates: tuple[str, ...] = ()
    """Assets that the task updates, as `asset_keys` has them."""


@dataclass(frozen=True, slots=True)
class PipelineModel:
    """Everything that is written for one DAG."""

    dag_id: str
    identifier: str
    """Python identifier made of the DAG id; stem of all its files and name of the pipeline function."""
    mode: Literal["static", "dynamic"]
    mode_reason: str
    docstring: str
    source_path: str
    imports: tuple[Import, ...]
    constants: tuple[str, ...]
    """Module-level statements taken over from the source, comments included, as text."""
    decorator: Mapping[str, Expr]
    """Keyword arguments of `@pipeline` in order."""
    body: tuple[Statement, ...]
    schedule: ScheduleModel
    schedule_text: str | None
    """Schedule as migration.json shows it: cron text, seconds, preset or null."""
    steps_module: StepsModule | None
    sql_files: Mapping[str, str]
    """Text by path below `sql/`."""
    config: Mapping[str, Any]
    """Content of `configs/<identifier>.yaml`; environment references instead of secrets."""
    config_comments: Mapping[str, str]
    params: Mapping[str, Any]
    tags: tuple[str, ...]
    tasks: tuple[TaskAccount, ...]
    findings: tuple[Finding, ...]
    span: Span
    start_date: str | None = None
    catchup: bool = False
    dag_run: Mapping[str, Expr] = field(default_factory=dict)
    """Keyword arguments of `DagRun` in a dynamic pipeline."""
