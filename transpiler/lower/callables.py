"""Python callables as ZenML steps of the emitted steps module.

A function whose parameters ZenML can take as they are becomes a step itself. Any other stays a
plain function, and a small step calls it through `runtime.callables.call_python`, which renders
templates and passes the context keys that the function names, as Airflow does.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from transpiler.lower.airflow_names import needs_airflow
from transpiler.lower.callable_step import CallableStep
from transpiler.lower.callables_parts import blocks, caller_of
from transpiler.lower.callables_uses import report_uses
from transpiler.lower.errors import UntranslatableError
from transpiler.lower.function_identity import function_identity
from transpiler.lower.function_source import FunctionSource
from transpiler.lower.outputs import output_variables
from transpiler.lower.project_modules import modules_of
from transpiler.lower.reader import TaskReader
from transpiler.lower.step_definitions import (
    RESERVED_NAMES,
)
from transpiler.lower.step_endings import AIRFLOW_TASK, StepEndings
from transpiler.lower.steps_namespace import StepsNamespace
from transpiler.model.dag import Argument, OperatorClass
from transpiler.model.finding import Finding, finding
from transpiler.model.pipeline import Expr, Import, StepCall, StepsModule
from transpiler.model.span import Span
from transpiler.model.values import FunctionRef, Ref, Value

if TYPE_CHECKING:
    from transpiler.lower.lowering import Lowering

FUTURE = Import("__future__", "annotations")


class Callables:
    """Collects the callables of one DAG. `identifier` is the stem of the emitted steps module."""

    def __init__(self, to: Lowering, identifier: str) -> None:
        self._to = to
        self.identifier = identifier
        self.modules = modules_of(to.dag_file)
        self.space = StepsNamespace.reserving(RESERVED_NAMES)
        self.source = FunctionSource(self.modules, self.space)
        self.endings = StepEndings(to)
        self.output_variables = output_variables(to.dag)
        self.posts_to_incident_io: dict[FunctionRef, bool] = {}
        """What was found out about callbacks, which all tasks of a DAG may share."""

    def step(
        self,
        task: TaskReader,
        function: Value,
        op_args: Argument | None = None,
        op_kwargs: Argument | None = None,
        *,
        templates_dict: Argument | None = None,
        poll: Mapping[str, Expr] | None = None,
        environment: Mapping[str, Expr] | None = None,
        bash: Mapping[str, Expr] | None = None,
    ) -> StepCall | list[StepCall]:
        """The call of a step that runs a Python callable, or with `poll` calls it until its answer
        is true; `poll` has further arguments of `poll_python`, all literals. With `environment`,
        further arguments of `call_in_environment`, it runs in an environment of its own; with `bash`,
        those of `call_bash`, its result is a command that runs.

        `function` is the callable's value; the arguments are Airflow's, those of a TaskFlow call
        are read from the task. A list has steps before the last that select one key of another
        task's result. Raises UntranslatableError: D2Z216, D2Z303, D2Z304, D2Z305.
        """
        try:
            with self.space.undone_on_error():
                made = CallableStep(self, self._to, task, caller_of(poll, environment, bash))
                return made.call(function, op_args, op_kwargs, templates_dict)
        except UntranslatableError as error:
            owned = error.finding
            raise UntranslatableError(
                Finding(
                    owned.code,
                    owned.severity,
                    owned.message,
                    owned.remedy,
                    owned.span,
                    task.task_id,
                )
            ) from error

    def build(self) -> StepsModule | None:
        """The steps module; None where the DAG has no callables."""
        definitions = list(self.space.definitions)
        if not definitions:
            return None
        if self._to.mode.dynamic:
            decorator = self.space.use(AIRFLOW_TASK)
            definitions = [self.endings.decorated(text, decorator) for text in definitions]
        return StepsModule((FUTURE, *self.space.imports), tuple(blocks(definitions)))

    def plain(self, function: Value, span: Span, name: str | None = None) -> str:
        """An expression for the plain function in the steps module, copied or imported there.

        Raises UntranslatableError (D2Z303, D2Z304, D2Z305).
        """
        if isinstance(function, FunctionRef):
            emitted = self.source.function(function, name=name)
            # A function that is a step by now still holds the function itself.
            return (
                f"{emitted}.entrypoint"
                if function_identity(function) in self.space.steps
                else emitted
            )
        if isinstance(function, Ref):
            return self._outside(function.qualified_name, span)
        raise UntranslatableError(
            finding("D2Z303", span, "the callable is not known from the file")
        )

    def operator_class(self, own: OperatorClass) -> str:
        """The name in the steps module of a class of the project, copied there. Raises
        UntranslatableError (D2Z304, D2Z305).
        """
        module = own.module.removesuffix(".py").replace("/", ".")
        return self.source.outside(f"{module}.{own.name}", own.name, own.span)

    def _outside(self, qualified: str, span: Span) -> str:
        """An imported function, or a method of an imported class: `job.Job.run`."""
        parts = qualified.split(".")
        classes = [i for i, part in enumerate(parts[:-1]) if part[:1].isupper()]
        end = classes[0] + 1 if classes else len(parts)
        name = self.source.outside(".".join(parts[:end]), parts[end - 1], span)
        return ".".join([name, *parts[end:]])

    def define(self, wanted: str, text: Callable[[str], str]) -> str:
        """Add a definition under a free name; `text` gives it for that name."""
        name = self.space.claim(wanted, ("definition", text("…")))
        self.space.define(text(name))
        return name

    def path(self, task: TaskReader, function: Value, wanted: str) -> str:
        """The dotted path of a plain function, by which steps of the library take functions: in the
        steps module, or where it is imported from. A lambda is called `wanted`. Raises
        UntranslatableError as `plain` does.
        """
        if isinstance(function, Ref) and not needs_airflow(function.qualified_name):
            outside = function.qualified_name
            return outside if "." in outside else f"builtins.{outside}"
        with self.space.undone_on_error():
            if isinstance(function, FunctionRef) and function.module in self.modules:
                report_uses(task, function, self.modules, self._to)
            name = self.plain(function, task.span, wanted)
        return f"steps.{self.identifier}.{name.removesuffix('.entrypoint')}"
