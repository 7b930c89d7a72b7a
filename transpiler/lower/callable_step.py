"""One step that runs a Python callable: the function itself, or a small step that calls it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from transpiler.lower.airflow_uses import reached
from transpiler.lower.callables_parts import Caller, called_by, lambda_name, unwrapped
from transpiler.lower.callables_uses import report_uses
from transpiler.lower.function_environment import refuse_imports_in
from transpiler.lower.function_identity import function_identity
from transpiler.lower.outputs import multiple_outputs
from transpiler.lower.own_notifiers import method_of_object
from transpiler.lower.params import own_params, plain_params
from transpiler.lower.passed import ArgumentsOfCall, Passed, whole_arguments
from transpiler.lower.process_exits import exits_process
from transpiler.lower.reader import TaskReader
from transpiler.lower.scheduling import RESERVED as SCHEDULING
from transpiler.lower.signatures import has_template, signature_as_called, signature_of
from transpiler.lower.step_arguments import StepArguments
from transpiler.lower.step_definitions import (
    ANY,
    CALL_IN_ENVIRONMENT,
    CALL_PYTHON,
    POLLING,
    STEP,
    TIMEOUT,
    Wrapper,
)
from transpiler.lower.step_fit import CallToFit, fit_as_step
from transpiler.lower.template_exts import with_files_of_call
from transpiler.lower.timeouts import execution_timeout
from transpiler.model.dag import Argument
from transpiler.model.pipeline import Expr, StepCall
from transpiler.model.values import FunctionRef, Value

if TYPE_CHECKING:
    from transpiler.lower.callables import Callables
    from transpiler.lower.lowering import Lowering


class CallableStep:
    """Makes the step of one task; `caller` is what calls the callable, if not `call_python`."""

    def __init__(
        self, callables: Callables, to: Lowering, task: TaskReader, caller: Caller | None
    ) -> None:
        self._callables = callables
        self._space = callables.space
        self._to = to
        self._task = task
        self._caller = caller

    def call(
        self,
        function: Value,
        op_args: Argument | None,
        op_kwargs: Argument | None,
        templates_dict: Argument | None,
    ) -> StepCall | list[StepCall]:
        """The step's call, after those that select keys of other tasks' results."""
        task, callables = self._task, self._callables
        partial, target = unwrapped(function)
        signature = signature_as_called(target) if isinstance(target, FunctionRef) else None
        called = with_files_of_call(task, self._to)
        passed = ArgumentsOfCall(called, signature).bind(op_args, op_kwargs, partial)
        task.take("params")
        params = plain_params(own_params(task.task))
        whole = whole_arguments(task.task, op_args, op_kwargs)
        arguments = StepArguments(self._to, callables.output_variables, self._space, task.task)
        timeout = None if self._polls else execution_timeout(task)
        skipped = callables.endings.hook(task)
        self._report(target, passed, whole)
        name = None
        if templates_dict is None:
            name = self._as_step(target, passed, timeout, whole)
        args: tuple[Expr, ...] = ()
        if name is not None:
            kwargs = arguments.direct(passed)
            args = tuple(arguments.over(one) for one in whole.values())
        else:
            plain = self._as_called(target)
            several = multiple_outputs(task.task)
            wrapper, kwargs = arguments.wrapped(
                plain, passed, templates_dict, params, timeout, several, whole
            )
            name = self._wrapper_name(wrapper, plain)
        callables.endings.note(name, skipped, task)
        call = StepCall(
            function=name,
            step_id=Expr(""),
            task_id=task.task_id,
            args=args,
            kwargs=kwargs,
            assign=callables.output_variables.get(task.task_id),
            span=task.span,
            kind="task" if task.task.mapped is None else "map_kwargs" if args else "map",
        )
        selections = arguments.selections()
        return [*selections, call] if selections else call

    @property
    def _polls(self) -> bool:
        return self._caller is not None and self._caller.polls

    def _report(self, target: Value, passed: list[Passed], whole: Mapping[str, Passed]) -> None:
        """Report what the function uses that a step does not have."""
        modules = self._callables.modules
        if not isinstance(target, FunctionRef) or target.module not in modules:
            return
        told = None if whole else [one.name for one in passed]
        report_uses(self._task, target, modules, self._to, told)
        if self._caller is not None and self._caller.function == CALL_IN_ENVIRONMENT:
            refuse_imports_in(modules, target)

    def _as_step(
        self,
        target: Value,
        passed: list[Passed],
        timeout: float | None,
        whole: Mapping[str, Passed],
    ) -> str | None:
        """The function itself as a step, where ZenML can call it with these arguments; None where
        it cannot.
        """
        callables, task = self._callables, self._task.task
        if not self._is_called_plainly(target) or not isinstance(target, FunctionRef):
            return None
        if any(has_template(one.value) for one in (*passed, *whole.values())):
            return None
        if task.function is None and whole:
            return None
        call = CallToFit(task, tuple(passed), whole.get("op_kwargs"))
        taken = task.task_id in callables.output_variables
        fit = fit_as_step(self._to.dag, callables.modules, target, call, taken, timeout)
        if fit is None:
            return None
        known = self._space.steps.get(function_identity(target))
        if known is not None:
            return known[0] if known[1].covers(fit) else None
        source = callables.source
        if source.emitted(target) is not None or source.has_own_decorators(target):
            return None
        name = source.function(target, fit)
        self._space.use(STEP)
        if fit.timeout is not None:
            self._space.use(TIMEOUT)
        if fit.returns == "Any":
            self._space.use(ANY)
        self._space.steps[function_identity(target)] = (name, fit)
        return name

    def _is_called_plainly(self, target: Value) -> bool:
        """Whether nothing has to come between the step and a function of the project."""
        modules = self._callables.modules
        return (
            isinstance(target, FunctionRef)
            and target.module in modules
            and target.owner is None
            and self._caller is None
            and not self._clashes(target)
            and not exits_process(reached(modules, target))
        )

    def _clashes(self, ref: FunctionRef) -> bool:
        """Whether `dag.task` takes an argument of the function for its own."""
        names = {one.name for one in signature_of(ref.node).parameters}
        return self._to.mode.dynamic and bool(names & SCHEDULING)

    def _as_called(self, function: Value) -> str:
        """The function as an expression: a plain one, or the method of an object made on the spot."""
        if isinstance(function, FunctionRef) and function.owner is not None:
            return method_of_object(function, self._to)
        task = self._task
        return self._callables.plain(function, task.span, lambda_name(task.task_id))

    def _wrapper_name(self, wrapper: Wrapper, plain: str) -> str:
        """Define the step that calls the function; gives its name."""
        if self._caller is not None:
            wrapper = called_by(self._caller, wrapper)
            self._space.use(self._caller.function)
            if "polling" in self._caller.options:
                self._space.use(POLLING)
        for import_ in (STEP, ANY):
            self._space.use(import_)
        if wrapper.call == CALL_PYTHON.name:
            self._space.use(CALL_PYTHON)
        if wrapper.timeout is not None:
            self._space.use(TIMEOUT)
        base = plain.removesuffix(".entrypoint").rpartition(".")[2]
        base = base if base.isidentifier() else lambda_name(self._task.task_id)
        return self._callables.define(f"{base}_step", wrapper.text)
