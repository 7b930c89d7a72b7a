"""What the models and findings say, by place in the source."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass, field

from transpiler.model.dag import Argument, Dag, DagFile, Task
from transpiler.model.pipeline import ForLoop, GroupBlock, PipelineModel, Statement, StepCall
from transpiler.model.span import Span
from transpiler.model.values import FunctionRef, marks

NOT_TRANSLATED = "runtime.steps.not_translated"
Place = tuple[str, int, int]


def place_of(span: Span) -> Place:
    """File, line and column of a span."""
    return span.file, span.line, span.column


@dataclass(frozen=True, eq=False)
class Given:
    """An argument as a DAG has it; `task_id` is None for arguments of the DAG itself."""

    argument: Argument
    dag_id: str
    task_id: str | None
    dynamic: bool


@dataclass(eq=False)
class Evidence:
    """What one file's DAGs are made of, by place; `failures` is the code of each step that raises."""

    dags: dict[Place, list[str]] = field(default_factory=lambda: defaultdict(list))
    groups: dict[Place, list[str]] = field(default_factory=lambda: defaultdict(list))
    tasks: dict[Place, list[tuple[str, Task]]] = field(default_factory=lambda: defaultdict(list))
    arguments: dict[Place, list[Given]] = field(default_factory=lambda: defaultdict(list))
    failures: dict[tuple[str, str], str] = field(default_factory=dict)
    unlowered: set[str] = field(default_factory=set)
    """Ids of DAGs that this tool failed on."""
    waiting: dict[Place, str] = field(default_factory=dict)
    """Functions that steps which raise would need, and the code of such a step."""
    _variables: dict[str, list[tuple[str, str]]] = field(default_factory=lambda: defaultdict(list))

    @classmethod
    def of(cls, pairs: Iterable[tuple[Dag, PipelineModel | None]]) -> Evidence:
        """The evidence of DAGs and the pipelines that they became."""
        evidence = cls()
        for dag, pipeline in pairs:
            evidence._dag(dag, pipeline)
        return evidence

    def _dag(self, dag: Dag, pipeline: PipelineModel | None) -> None:
        dynamic = pipeline is not None and pipeline.mode == "dynamic"
        self.dags[place_of(dag.span)].append(dag.dag_id)
        if pipeline is None:
            self.unlowered.add(dag.dag_id)
        else:
            for call in calls_of(pipeline.body):
                if call.function == NOT_TRANSLATED and call.args:
                    code = call.args[0].code.strip("'\"")
                    self.failures[dag.dag_id, call.task_id] = code
        for argument in (*dag.arguments.values(), *dag.default_args.values()):
            self._given(argument, dag.dag_id, None, dynamic)
        for group in dag.groups:
            self.groups[place_of(group.span)].append(dag.dag_id)
            if group.mapped is not None:
                for argument in group.mapped.arguments.values():
                    self._given(argument, dag.dag_id, None, dynamic)
        for task in dag.tasks:
            self.tasks[place_of(task.span)].append((dag.dag_id, task))
            if task.variable is not None:
                self._variables[dag.dag_id].append((task.variable, task.task_id))
            mapped = task.mapped.arguments.values() if task.mapped is not None else ()
            for argument in (*task.arguments.values(), *task.call_arguments, *mapped):
                self._given(argument, dag.dag_id, task.task_id, dynamic)
            failure = self.failures.get((dag.dag_id, task.task_id))
            if failure is not None:
                self._wait(task, failure)

    def _given(self, argument: Argument, dag_id: str, task_id: str | None, dynamic: bool) -> None:
        found = self.arguments[place_of(argument.span)]
        if not any(g.argument is argument and g.dag_id == dag_id for g in found[-2:]):
            found.append(Given(argument, dag_id, task_id, dynamic))

    def _wait(self, task: Task, code: str) -> None:
        values = [task.function, *(argument.value for argument in task.arguments.values())]
        for mark in marks(values):
            if isinstance(mark, FunctionRef):
                self.waiting.setdefault(place_of(mark.span), code)

    def variables(self, dag_id: str, names: Set[str]) -> list[str]:
        """Ids of the DAG's tasks that the source has bound to one of the names."""
        return [task_id for name, task_id in self._variables.get(dag_id, ()) if name in names]

    def files(self) -> set[str]:
        """Files in which something of the DAGs is made."""
        return {file for table in (self.dags, self.groups, self.tasks) for file, _, _ in table}


def calls_of(body: Iterable[Statement]) -> Iterator[StepCall]:
    """Every step call of a pipeline's body, in order."""
    for statement in body:
        if isinstance(statement, StepCall):
            yield statement
        elif isinstance(statement, (ForLoop, GroupBlock)):
            yield from calls_of(statement.body)


def pairs_of(
    dag_file: DagFile, pipelines: Iterable[PipelineModel]
) -> list[tuple[Dag, PipelineModel | None]]:
    """Each DAG with its pipeline; None where lowering failed."""
    left = list(pipelines)
    pairs: list[tuple[Dag, PipelineModel | None]] = []
    for dag in dag_file.dags:
        same = next((p for p in left if p.dag_id == dag.dag_id and p.span == dag.span), None)
        if same is not None:
            left.remove(same)
        pairs.append((dag, same))
    return pairs
