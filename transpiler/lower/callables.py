"""Python callables as ZenML steps of the emitted steps module.

A function whose parameters ZenML can take as they are becomes a step itself. Any other stays a
plain function, and a small step calls it through `runtime.callables.call_python`, which renders
templates and passes the context keys that the function names, as Airflow does.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from transpiler.lower.airflow_names import needs_airflow
from transpiler.lower.airflow_uses import reached
from transpiler.lower.callables_parts import blocks, called_by, lambda_name, unwrapped
from transpiler.lower.callables_uses import report_uses
from transpiler.lower.errors import UntranslatableError
from transpiler.lower.function_environment import refuse_imports_in
from transpiler.lower.function_identity import function_identity
from transpiler.lower.function_source import FunctionSource
from transpiler.lower.outputs import multiple_outputs, output_variables
from transpiler.lower.own_notifiers import method_of_object
from transpiler.lower.params import own_params, plain_params
from transpiler.lower.passed import ArgumentsOfCall, Passed, whole_arguments
from transpiler.lower.process_exits import exits_process
from transpiler.lower.project_modules import modules_of
from transpiler.lower.reader import TaskReader
from transpiler.lower.scheduling import RESERVED as SCHEDULING
from transpiler.lower.signatures import has_template, signature_as_called, signature_of
from transpiler.lower.step_arguments import StepArguments
from transpiler.lower.step_definitions import (
    ANY,
    CALL_BASH,
    CALL_IN_ENVIRONMENT,
    CALL_PYTHON,
    POLL_PYTHON,
    POLLING,
    RESERVED_NAMES,
    STEP,
    TIMEOUT,
    Wrapper,
)
from transpiler.lower.step_endings import AIRFLOW_TASK, StepEndings
from transpiler.lower.step_fit import CallToFit, fit_as_step
from transpiler.lower.steps_namespace import StepsNamespace
from transpiler.lower.template_exts import with_files_of_call
from transpiler.lower.timeouts import execution_timeout
from transpiler.model.dag import Argument, OperatorClass, Task
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
                return self._step(
                    task, function, op_args, op_kwargs, templates_dict, poll, environment, bash
                )
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

    def _step(
        self,
        task: TaskReader,
        function: Value,
        op_args: Argument | None,
        op_kwargs: Argument | None,
        templates_dict: Argument | None,
        poll: Mapping[str, Expr] | None,
        environment: Mapping[str, Expr] | None,
        bash: Mapping[str, Expr] | None,
    ) -> StepCall | list[StepCall]:
        partial, target = unwrapped(function)
        signature = signature_as_called(target) if isinstance(target, FunctionRef) else None
        called = with_files_of_call(task, self._to)
        passed = ArgumentsOfCall(called, signature).bind(op_args, op_kwargs, partial)
        task.take("params")
        task_params = plain_params(own_params(task.task))
        whole = whole_arguments(task.task, op_args, op_kwargs)
        several = multiple_outputs(task.task)
        arguments = StepArguments(self._to, self.output_variables, self.space, task.task)
        timeout = execution_timeout(task) if poll is None else None
        skipped = self.endings.hook(task, self)
        name: str | None = None
        if isinstance(target, FunctionRef) and target.module in self.modules:
            told = None if whole else [one.name for one in passed]
            report_uses(task, target, self.modules, self._to, told)
            if environment is not None:
                refuse_imports_in(self.modules, target)
            plain_call = (
                all(one is None for one in (poll, environment, bash, templates_dict, target.owner))
                and not self._clashes(target)
                and not exits_process(reached(self.modules, target))
            )
            if plain_call and not any(
                has_template(one.value) for one in (*passed, *whole.values())
            ):
                name = self._as_step(target, passed, task.task, timeout, whole)
        args: tuple[Expr, ...] = ()
        if name is not None:
            kwargs = arguments.direct(passed)
            args = tuple(arguments.over(one) for one in whole.values())
        else:
            plain = self._as_called(target, task)
            wrapper, kwargs = arguments.wrapped(
                plain, passed, templates_dict, task_params, timeout, several, whole
            )
            if poll is not None:
                wrapper = called_by(POLL_PYTHON, wrapper, poll)
                self.space.use(POLL_PYTHON)
                if "polling" in poll:
                    self.space.use(POLLING)
            if environment is not None:
                wrapper = called_by(CALL_IN_ENVIRONMENT, wrapper, environment)
                self.space.use(CALL_IN_ENVIRONMENT)
            if bash is not None:
                wrapper = called_by(CALL_BASH, wrapper, bash)
                self.space.use(CALL_BASH)
            name = self._wrapper_name(wrapper, plain, task.task_id)
        self.endings.note(name, skipped, task)
        call = StepCall(
            function=name,
            step_id=Expr(""),
            task_id=task.task_id,
            args=args,
            kwargs=kwargs,
            assign=self.output_variables.get(task.task_id),
            span=task.span,
            kind="task" if task.task.mapped is None else "map_kwargs" if args else "map",
        )
        selections = arguments.selections()
        return [*selections, call] if selections else call

    def _as_step(
        self,
        ref: FunctionRef,
        passed: list[Passed],
        task: Task,
        timeout: float | None,
        whole: Mapping[str, Passed],
    ) -> str | None:
        """The function itself as a step, where ZenML can call it with these arguments; None where
        it cannot.
        """
        if task.function is None and whole:
            return None
        call = CallToFit(task, tuple(passed), whole.get("op_kwargs"))
        taken = task.task_id in self.output_variables
        fit = fit_as_step(self._to.dag, self.modules, ref, call, taken, timeout)
        if fit is None:
            return None
        known = self.space.steps.get(function_identity(ref))
        if known is not None:
            return known[0] if known[1].covers(fit) else None
        if self.source.emitted(ref) is not None or self.source.has_own_decorators(ref):
            return None
        name = self.source.function(ref, fit)
        self.space.use(STEP)
        if fit.timeout is not None:
            self.space.use(TIMEOUT)
        if fit.returns == "Any":
            self.space.use(ANY)
        self.space.steps[function_identity(ref)] = (name, fit)
        return name

    def _clashes(self, ref: FunctionRef) -> bool:
        """Whether `dag.task` takes an argument of the function for its own."""
        names = {one.name for one in signature_of(ref.node).parameters}
        return self._to.mode.dynamic and bool(names & SCHEDULING)

    def _as_called(self, function: Value, task: TaskReader) -> str:
        """The function as an expression: a plain one, or the method of an object made on the spot."""
        if isinstance(function, FunctionRef) and function.owner is not None:
            return method_of_object(function, self._to)
        return self.plain(function, task.span, lambda_name(task.task_id))

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

    def _wrapper_name(self, wrapper: Wrapper, plain: str, task_id: str) -> str:
        for import_ in (STEP, ANY):
            self.space.use(import_)
        if wrapper.call == CALL_PYTHON.name:
            self.space.use(CALL_PYTHON)
        if wrapper.timeout is not None:
            self.space.use(TIMEOUT)
        base = plain.removesuffix(".entrypoint").rpartition(".")[2]
        base = base if base.isidentifier() else lambda_name(task_id)
        return self.define(f"{base}_step", wrapper.text)
