"""The place in the output of each construct that is carried over."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from transpiler.account.emitted import EmittedModule, Lines, step_calls
from transpiler.account.evidence import Evidence, calls_of
from transpiler.account.found import Found
from transpiler.account.nodes import names_in
from transpiler.account.usage import defined_names
from transpiler.emit.names import bound_name
from transpiler.emit.project import pipeline_path
from transpiler.model.account import Place
from transpiler.model.pipeline import PipelineModel

_SCHEDULE = frozenset(
    {"schedule", "schedule_interval", "timetable", "start_date", "end_date", "catchup"}
)
_TEXTS = frozenset({"description", "doc_md"})


class Output:
    """What one DAG's files hold. What is where is told by the model, so that `assess` and `transpile`
    say the same; the lines come from the emitted files, where there are some.
    """

    def __init__(self, pipeline: PipelineModel, files: Mapping[str, str]) -> None:
        self.pipeline = pipeline
        self.path = pipeline_path(pipeline)
        self.steps_path = f"steps/{pipeline.identifier}.py"
        self.module = EmittedModule.of(self.path, files)
        self.steps = EmittedModule.of(self.steps_path, files)
        self.lines = step_calls(self.module, pipeline) if self.module is not None else {}
        self.calls = {call.task_id: call for call in calls_of(pipeline.body)}
        steps = pipeline.steps_module
        self.names = {
            self.steps_path: defined_names(steps.definitions if steps is not None else ()),
            self.path: defined_names(pipeline.constants),
        }
        self.imports = {bound_name(item) for item in steps.imports} if steps is not None else set()

    def task(self, task_id: str) -> Place | None:
        """The step call of a task."""
        call = self.calls.get(task_id)
        if call is None:
            return None
        emitted = self.lines.get(task_id)
        what = f"step call of {call.function.rpartition('.')[2]}"
        return _place(self.path, what, None if emitted is None else emitted.lines)

    def argument(self, task_id: str, name: str) -> Iterator[Place]:
        """An argument: its keyword in the step call, or the call; the SQL file it became."""
        call = self.calls.get(task_id)
        where = self.task(task_id)
        if call is not None and name in call.kwargs:
            emitted = self.lines.get(task_id)
            lines = None if emitted is None else emitted.keywords.get(name)
            yield _place(self.path, f"argument {name}", lines)
        elif where is not None:
            yield where
        if name == "sql":
            tail = task_id.rpartition(".")[2]
            yield from (
                Place(f"sql/{path}", "SQL", 1)
                for path in sorted(self.pipeline.sql_files)
                if path.rpartition("/")[2].startswith((f"{tail}.", f"{tail}_"))
            )

    def dag_argument(self, name: str) -> Place:
        """An argument of the DAG: schedule, docstring, configuration or `@pipeline`."""
        if name == "params":
            return Place(f"configs/{self.pipeline.identifier}.yaml", "params")
        module = self.module
        if name in _TEXTS:
            return _place(self.path, "docstring", None if module is None else module.docstring)
        if name in _SCHEDULE:
            return _place(
                self.path, "SCHEDULE", None if module is None else module.defined.get("SCHEDULE")
            )
        return self.function()

    def function(self) -> Place:
        """The pipeline function with its decorator."""
        module = self.module
        lines = None if module is None else module.defined.get(self.pipeline.identifier)
        return _place(self.path, f"pipeline {self.pipeline.identifier}", lines)

    def defined(self, name: str) -> Iterator[Place]:
        """A function, class or constant that was carried over."""
        for path, module in ((self.steps_path, self.steps), (self.path, self.module)):
            if name in self.names[path]:
                yield _place(path, name, None if module is None else module.defined.get(name))

    def imported(self, names: Iterable[str]) -> Iterator[Place]:
        """An import that the steps module has taken over."""
        for name in names:
            if name in self.imports:
                lines = None if self.steps is None else self.steps.imported.get(name)
                yield _place(self.steps_path, f"import of {name}", lines)


def _place(file: str, what: str, lines: Lines | None) -> Place:
    return Place(file, what) if lines is None else Place(file, what, *lines)


def places(item: Found, outputs: Mapping[str, Output], evidence: Evidence) -> Iterator[Place]:
    """Where the construct is in the output; nothing where it needs no place of its own."""
    if item.kind in ("function", "class", "constant"):
        for output in outputs.values():
            for name in item.bound:
                yield from output.defined(name)
    elif item.kind == "import":
        for output in outputs.values():
            yield from output.imported(item.bound)
    elif item.kind == "docstring":
        for output in outputs.values():
            yield output.dag_argument("doc_md")
    else:
        yield from _of_made(item, outputs, evidence)


def _of_made(item: Found, outputs: Mapping[str, Output], evidence: Evidence) -> Iterator[Place]:
    if item.kind == "edge" and item.node is not None:
        names = set(names_in(item.node))
        for dag_id, output in outputs.items():
            for task_id in evidence.variables(dag_id, names):
                where = output.task(task_id)
                if where is not None:
                    yield where
    for start in item.starts:
        place = (item.span.file, *start)
        for dag_id in evidence.dags.get(place, ()):
            if dag_id in outputs:
                yield outputs[dag_id].function()
        for dag_id, task in evidence.tasks.get(place, ()):
            where = outputs[dag_id].task(task.task_id) if dag_id in outputs else None
            if where is not None and item.kind == "task":
                yield where
        for given in evidence.arguments.get(place, ()):
            if given.dag_id in outputs and item.kind not in ("task", "dag", "group"):
                output = outputs[given.dag_id]
                if given.task_id is None:
                    yield output.dag_argument(item.name)
                elif item.kind not in ("default_argument",):
                    yield from output.argument(given.task_id, item.name)
