"""The arguments of a step that runs a callable, as expressions."""

from __future__ import annotations

import keyword
import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from transpiler.lower.errors import UntranslatableError
from transpiler.lower.mapping_values import ResultExpressions
from transpiler.lower.passed import Passed, is_dag_param
from transpiler.lower.python_literals import NotALiteralError, literal
from transpiler.lower.scheduling import RESERVED as SCHEDULING
from transpiler.lower.signatures import RESERVED, survives_as_parameter
from transpiler.lower.step_definitions import RUN_OPERATOR, VERBATIM, Wrapper
from transpiler.lower.steps_namespace import StepsNamespace
from transpiler.model.dag import Argument, Task
from transpiler.model.finding import finding
from transpiler.model.pipeline import Expr, StepCall
from transpiler.model.values import Each, Value, is_known, is_result, results_in

if TYPE_CHECKING:
    from transpiler.lower.lowering import Lowering


class StepArguments:
    """Expressions for one call; collects which keys of other results must be selected first."""

    def __init__(
        self, to: Lowering, variables: Mapping[str, str], space: StepsNamespace, task: Task
    ) -> None:
        self._to = to
        self._space = space
        self._results = ResultExpressions(to, variables, task)
        self._parameters: dict[str, Expr] = {}

    def direct(self, passed: Sequence[Passed]) -> dict[str, Expr]:
        """The arguments as they are, for a function that is the step itself."""
        return {str(one.name): self._expr(one) for one in passed}

    def over(self, one: Passed) -> Expr:
        """What a task is mapped over as a whole."""
        assert isinstance(one.value, Each)
        return self._results.over(one.value.value, one.source, one.span)

    def wrapped(
        self,
        function: str,
        passed: Sequence[Passed],
        templates_dict: Argument | None,
        params: Mapping[str, Value],
        timeout: float | None,
        multiple_outputs: bool,
        whole: Mapping[str, Passed],
    ) -> tuple[Wrapper, dict[str, Expr]]:
        """A step around the function, and the arguments of its call.

        `whole` has the `op_args` or `op_kwargs` that are mapped as a whole.
        """
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
        whole_args, whole_kwargs = (self._whole(whole.get(n)) for n in ("op_args", "op_kwargs"))
        wrapper = Wrapper(
            function,
            tuple(self._parameters),
            tuple(op_args),
            tuple(op_kwargs),
            templates,
            own_params,
            timeout,
            multiple_outputs=multiple_outputs,
            whole_args=whole_args,
            whole_kwargs=whole_kwargs,
        )
        return wrapper, self._parameters

    def of_operator(
        self,
        name: str,
        passed: Sequence[Passed],
        written: Mapping[str, str],
        timeout: float | None,
        whole: Passed | None,
    ) -> tuple[Wrapper, dict[str, Expr]]:
        """A step around a class of the project, and the arguments of its call.

        `written` has the arguments whose expressions are known: functions of the steps module.
        """
        op_kwargs = [
            (str(one.name), written.get(str(one.name)) or self._carried(one, str(one.name)))
            for one in passed
        ]
        # Airflow renders what `expand_kwargs` gives, although a task gave it (`ListOfDictsExpandInput`).
        whole_kwargs = None if whole is None else self._parameter("arguments", self._expr(whole))
        wrapper = Wrapper(
            name,
            tuple(self._parameters),
            op_kwargs=tuple(op_kwargs),
            timeout=timeout,
            call=str(RUN_OPERATOR.name),
            whole_kwargs=whole_kwargs,
        )
        return wrapper, self._parameters

    def _whole(self, one: Passed | None) -> str | None:
        return None if one is None else self._carried(one, str(one.name))

    def selections(self) -> list[StepCall]:
        """Steps that take one key out of another task's result."""
        return self._results.selections()

    def _carried(self, one: Passed, wanted: str) -> str:
        """The expression inside the step for one value: a parameter of the step where that is
        possible.
        """
        if isinstance(one.value, Each):
            parameter = self._parameter(wanted, self._expr(one))
            return parameter if is_known(one.value.value) else self._verbatim(parameter)
        if is_result(one.value):
            return self._verbatim(self._parameter(wanted, self._expr(one)))
        if is_dag_param(one.value) or survives_as_parameter(one.value):
            return self._parameter(wanted, self._expr(one))
        if not is_known(one.value) and not results_in(one.value):
            # Only code that runs in the pipeline function can tell it, as `os.environ["BUCKET"]`.
            return self._parameter(wanted, self._expr(one))
        return self._embedded(one)

    def _embedded(self, one: Passed) -> str:
        """A literal inside the step, with a parameter for each task result in it."""
        names = {
            result: self._verbatim(
                self._parameter(f"{one.name or 'arg'}_{n}", self._results.result(result, one.span))
            )
            for n, result in enumerate(results_in(one.value), start=1)
        }
        try:
            return literal(one.value, names, self._space.use)[0]
        except NotALiteralError as error:
            detail = f"{one.name or 'an argument'}: {error}"
            raise UntranslatableError(finding("D2Z303", one.span, detail)) from error

    def _parameter(self, wanted: str, value: Expr) -> str:
        name = re.sub(r"\W", "_", wanted)
        if not name.isidentifier() or keyword.iskeyword(name) or self._reserved(name):
            name = f"arg_{name}"
        while name in self._parameters:
            name += "_"
        self._parameters[name] = value
        return name

    def _reserved(self, name: str) -> bool:
        return name in RESERVED or (self._to.mode.dynamic and name in SCHEDULING)

    def _verbatim(self, name: str) -> str:
        """What a task gave is no template, as in Airflow (`ResolveMixin` in `render_template`)."""
        return f"{self._space.use(VERBATIM)}({name})"

    def _expr(self, one: Passed) -> Expr:
        found = self._results.of(one.value, one.source, one.span)
        return self._to.expr_of(one.value, one.source) if found is None else found
