"""Python callables as ZenML steps of the emitted steps module.

A function whose parameters ZenML can take as they are becomes a step itself. Any other stays a
plain function, and a small step calls it through `runtime.callables.call_python`, which renders
templates and passes the context keys that the function names, as Airflow does.
"""

from __future__ import annotations

import ast
import keyword
import re
from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from typing import TYPE_CHECKING

from transpiler.lower.airflow_names import FAIL, SKIP
from transpiler.lower.airflow_uses import reached, runtime_uses
from transpiler.lower.errors import UntranslatableError
from transpiler.lower.function_identity import function_identity
from transpiler.lower.function_source import FunctionSource
from transpiler.lower.lookups import note_in_code
from transpiler.lower.outputs import output_variables
from transpiler.lower.params import own_params, plain_params
from transpiler.lower.passed import ArgumentsOfCall, Passed
from transpiler.lower.project_modules import ProjectModules
from transpiler.lower.reader import TaskReader
from transpiler.lower.reporting import report_once
from transpiler.lower.signatures import has_template, signature_of
from transpiler.lower.step_arguments import StepArguments
from transpiler.lower.step_definitions import (
    ANY,
    CALL_PYTHON,
    RESERVED_NAMES,
    STEP,
    TIMEOUT,
    Wrapper,
)
from transpiler.lower.step_fit import fit_as_step
from transpiler.lower.steps_namespace import StepsNamespace
from transpiler.lower.timeouts import execution_timeout
from transpiler.model.dag import Argument
from transpiler.model.finding import Finding, finding
from transpiler.model.pipeline import Expr, Import, StepCall, StepsModule
from transpiler.model.span import Span
from transpiler.model.values import FunctionRef, PartialRef, Ref, Value

if TYPE_CHECKING:
    from transpiler.lower.lowering import Lowering

FUTURE = Import("__future__", "annotations")


class Callables:
    """Collects the callables of one DAG. `identifier` is the stem of the emitted steps module."""

    def __init__(self, to: Lowering, identifier: str) -> None:
        self._to = to
        self.identifier = identifier
        self.modules = ProjectModules(to.dag_file.modules, to.dag_file.path)
        self.space = StepsNamespace.reserving(RESERVED_NAMES)
        self.source = FunctionSource(self.modules, self.space)
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
    ) -> StepCall | list[StepCall]:
        """The call of a step that runs a Python callable.

        `function` is the callable's value; the arguments are Airflow's, those of a TaskFlow call
        are read from the task. A list has steps before the last that select one key of another
        task's result. Raises UntranslatableError: D2Z216, D2Z303, D2Z304, D2Z305.
        """
        try:
            with self.space.undone_on_error():
                return self._step(task, function, op_args, op_kwargs, templates_dict)
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
        if not self.space.definitions:
            return None
        return StepsModule((FUTURE, *self.space.imports), tuple(_blocks(self.space.definitions)))

    def _step(
        self,
        task: TaskReader,
        function: Value,
        op_args: Argument | None,
        op_kwargs: Argument | None,
        templates_dict: Argument | None,
    ) -> StepCall | list[StepCall]:
        partial, target = _unwrapped(function)
        signature = signature_of(target.node) if isinstance(target, FunctionRef) else None
        passed = ArgumentsOfCall(task.task, signature).bind(op_args, op_kwargs, partial)
        task.take("params")
        task_params = plain_params(own_params(task.task))
        arguments = StepArguments(self._to, self.output_variables, self.space, task.task_id)
        timeout = execution_timeout(task)
        name: str | None = None
        if isinstance(target, FunctionRef) and target.module in self.modules:
            self._report_uses(task, target)
            if templates_dict is None and not any(has_template(one.value) for one in passed):
                name = self._as_step(target, passed, task.task_id, timeout)
        if name is not None:
            kwargs = arguments.direct(passed)
        else:
            plain = self.plain(target, task.span, _lambda_name(task.task_id))
            wrapper, kwargs = arguments.wrapped(plain, passed, templates_dict, task_params, timeout)
            name = self._wrapper_name(wrapper, plain)
        call = StepCall(
            function=name,
            step_id=Expr(""),
            task_id=task.task_id,
            kwargs=kwargs,
            assign=self.output_variables.get(task.task_id),
            span=task.span,
        )
        return [*arguments.selections(), call] if arguments.selected else call

    def _as_step(
        self, ref: FunctionRef, passed: list[Passed], task_id: str, timeout: float | None
    ) -> str | None:
        """The function itself as a step, where ZenML can call it with these arguments; None where
        it cannot.
        """
        fit = fit_as_step(
            self._to.dag, self.modules, ref, passed, task_id in self.output_variables, timeout
        )
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

    def _wrapper_name(self, wrapper: Wrapper, plain: str) -> str:
        for import_ in (STEP, ANY, CALL_PYTHON):
            self.space.use(import_)
        if wrapper.timeout is not None:
            self.space.use(TIMEOUT)
        base = plain.removesuffix(".entrypoint").rpartition(".")[2]
        return self.define(f"{base}_step", wrapper.text)

    def _report_uses(self, task: TaskReader, ref: FunctionRef) -> None:
        """Variables and connections, skips, and failures that Airflow does not retry."""
        pieces = reached(self.modules, ref)
        note_in_code(self.modules, pieces, self._to.settings)
        for span in runtime_uses(self.modules, pieces, SKIP):
            detail = f"{ref.name} can raise a skip; the emitted step fails instead"
            report_once(self._to, finding("D2Z307", span, detail, task_id=task.task_id))
        retries = task.task.arguments.get("retries")
        if retries is None or not retries.value:
            return
        for span in runtime_uses(self.modules, pieces, FAIL):
            detail = f"{ref.name} can fail for good; ZenML retries the step all the same"
            report_once(self._to, finding("D2Z208", span, detail, task_id=task.task_id))


def _unwrapped(function: Value) -> tuple[PartialRef | None, Value]:
    """A partial and the callable inside it."""
    if not isinstance(function, PartialRef):
        return None, function
    inner, target = _unwrapped(function.func)
    if inner is None:
        return function, target
    kwargs = {**inner.kwargs, **function.kwargs}
    return PartialRef(target, (*inner.args, *function.args), kwargs), target


def _blocks(definitions: Iterable[str]) -> Iterator[str]:
    """The definitions, with constants that follow each other in one block."""
    for is_plain, group in groupby(definitions, key=_is_plain):
        if is_plain:
            yield "\n".join(text.strip("\n") for text in group)
        else:
            yield from group


def _is_plain(definition: str) -> bool:
    """Whether a definition is no function, class or block."""
    simple = (ast.Assign, ast.AnnAssign, ast.AugAssign, ast.Expr)
    return all(isinstance(statement, simple) for statement in ast.parse(definition).body)


def _lambda_name(task_id: str) -> str:
    name = re.sub(r"\W", "_", task_id)
    return name if name.isidentifier() and not keyword.iskeyword(name) else "function"
