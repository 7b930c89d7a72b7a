"""The arguments of a step that runs a callable, as expressions."""

from __future__ import annotations

import keyword
import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from transpiler.lower.errors import UntranslatableError
from transpiler.lower.passed import Passed, is_dag_param, outputs_in
from transpiler.lower.python_literals import NotALiteralError, literal
from transpiler.lower.signatures import RESERVED, survives_as_parameter
from transpiler.lower.step_definitions import Wrapper
from transpiler.lower.steps_namespace import StepsNamespace
from transpiler.model.dag import Argument
from transpiler.model.finding import finding
from transpiler.model.pipeline import Expr, StepCall
from transpiler.model.values import TaskOutput, Value, is_known

if TYPE_CHECKING:
    from transpiler.lower.lowering import Lowering

SELECT = "runtime.steps.select_output"
RETURN_VALUE = "return_value"


class StepArguments:
    """Expressions for one call; collects which keys of other results must be selected first."""

    def __init__(
        self, to: Lowering, variables: Mapping[str, str], space: StepsNamespace, task_id: str
    ) -> None:
        self._to = to
        self._variables = variables
        self._space = space
        self._task_id = task_id
        self._parameters: dict[str, Expr] = {}
        self.selected: dict[TaskOutput, str] = {}

    def direct(self, passed: Sequence[Passed]) -> dict[str, Expr]:
        """The arguments as they are, for a function that is the step itself."""
        return {str(one.name): self._expr(one) for one in passed}

    def wrapped(
        self,
        function: str,
        passed: Sequence[Passed],
        templates_dict: Argument | None,
        params: Mapping[str, Value],
        timeout: float | None,
    ) -> tuple[Wrapper, dict[str, Expr]]:
        """A step around the function, and the arguments of its call."""
        op_args = [
            self._carried(one, f"arg_{n}") for n, one in enumerate(passed) if one.name is None
        ]
        op_kwargs = [
            (one.name, self._carried(one, one.name)) for one in passed if one.name is not None
        ]
        templates = None
        if templates_dict is not None:
            given = Passed(
                "templates_dict", templates_dict.value, templates_dict.span, templates_dict.source
            )
            templates = self._carried(given, "templates_dict")
        own_params = None
        if params:
            own_params = self._embedded(Passed("params", dict(params), self._to.dag.span))
        wrapper = Wrapper(
            function,
            tuple(self._parameters),
            tuple(op_args),
            tuple(op_kwargs),
            templates,
            own_params,
            timeout,
        )
        return wrapper, self._parameters

    def selections(self) -> list[StepCall]:
        """Steps that take one key out of another task's result."""
        return [
            StepCall(
                function=SELECT,
                step_id=Expr(f".{variable}"),
                task_id=self._task_id,
                args=(self._variable(output),),
                kwargs={"key": self._to.literal(output.key)},
                assign=variable,
            )
            for output, variable in self.selected.items()
        ]

    def _carried(self, one: Passed, wanted: str) -> str:
        """The expression inside the step for one value: a parameter of the step where that is
        possible.
        """
        if one.is_output or is_dag_param(one.value) or survives_as_parameter(one.value):
            return self._parameter(wanted, self._expr(one))
        if not is_known(one.value) and not outputs_in(one.value):
            # Only code that runs in the pipeline function can tell it, as `os.environ["BUCKET"]`.
            return self._parameter(wanted, self._expr(one))
        return self._embedded(one)

    def _embedded(self, one: Passed) -> str:
        """A literal inside the step, with a parameter for each task result in it."""
        names = {
            output: self._parameter(f"{one.name or 'arg'}_{n}", self._output(output))
            for n, output in enumerate(outputs_in(one.value), start=1)
        }
        try:
            return literal(one.value, names, self._space.use)[0]
        except NotALiteralError as error:
            detail = f"{one.name or 'an argument'}: {error}"
            raise UntranslatableError(finding("D2Z303", one.span, detail)) from error

    def _parameter(self, wanted: str, value: Expr) -> str:
        name = re.sub(r"\W", "_", wanted)
        if not name.isidentifier() or keyword.iskeyword(name) or name in RESERVED:
            name = f"arg_{name}"
        while name in self._parameters:
            name += "_"
        self._parameters[name] = value
        return name

    def _expr(self, one: Passed) -> Expr:
        if isinstance(one.value, TaskOutput):
            return self._output(one.value)
        outputs = outputs_in(one.value)
        if outputs:
            parts = [self._output(output) for output in one.value]
            names = frozenset().union(*(part.names for part in parts))
            return Expr(f"[{', '.join(part.code for part in parts)}]", names)
        return self._to.expr_of(one.value, one.source)

    def _output(self, output: TaskOutput) -> Expr:
        if output.key == RETURN_VALUE:
            return self._variable(output)
        variable = self.selected.get(output)
        if variable is None:
            key = re.sub(r"\W", "_", output.key)
            variable = self.selected[output] = f"{self._variables[output.task_id]}_{key}"
        return Expr(variable, frozenset({variable}))

    def _variable(self, output: TaskOutput) -> Expr:
        name = self._variables[output.task_id]
        return Expr(name, frozenset({name}))
