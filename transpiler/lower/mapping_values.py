"""Code for values that only a run gives: results of tasks, what mapped tasks run over, parameters of
mapped groups.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from transpiler.lower.errors import UntranslatableError
from transpiler.lower.mapping import group_variables
from transpiler.lower.mapping_templates import is_text, with_templates
from transpiler.lower.outputs import multiple_outputs
from transpiler.lower.python_literals import NotALiteralError, literal
from transpiler.lower.reporting import report_once
from transpiler.lower.step_extra import pushes_nothing
from transpiler.model.dag import SourceExpression, Task
from transpiler.model.finding import finding
from transpiler.model.pipeline import Expr, Import, StepCall
from transpiler.model.span import Span
from transpiler.model.values import (
    Each,
    GroupParameter,
    JoinedOutputs,
    MappedOutput,
    TaskOutput,
    Value,
    is_result,
    results_in,
)

if TYPE_CHECKING:
    from transpiler.lower.lowering import Lowering

EACH = Import("runtime.dagrun", "each")
PULL = "runtime.steps.pull_output"
SELECT = "runtime.steps.select_output"
RETURN_VALUE = "return_value"


class ResultExpressions:
    """Expressions for the arguments of one task; collects which keys of other results a static
    pipeline must select first.
    """

    def __init__(self, to: Lowering, variables: Mapping[str, str], task: Task | None) -> None:
        """`variables` has the name of each task's result in the pipeline function; `task` is None
        for a group.
        """
        self._to = to
        self._variables = variables
        self._task_id = task.task_id if task is not None else "group"
        self._groups = group_variables(to.dag)
        self.selected: dict[TaskOutput, str] = {}
        self.each: list[Expr] = []
        """What was written as `each(…)`, in order."""

    def of(self, value: Value, source: SourceExpression | None, span: Span) -> Expr | None:
        """Code for a value that is or holds a result; None for any other value.

        Raises UntranslatableError (D2Z303) where a static pipeline cannot pass it on.
        """
        if isinstance(value, Each):
            return self._each(value, source, span)
        if not results_in(value):
            return None
        if is_result(value):
            return self.result(value, span)
        if self._to.mode.dynamic:
            return self._nested(value, span)
        return self._list_of_results(value, span)

    def result(self, value: Value, span: Span) -> Expr:
        """Code for one result or group parameter."""
        if isinstance(value, TaskOutput):
            return self._output(value)
        if isinstance(value, GroupParameter):
            return self._parameter(value)
        if isinstance(value, MappedOutput):
            source = self.result(value.source, span)
            name = self._to.callables.plain(value.function, span, f"{self._identifier()}_item")
            return Expr(f"{source.code}.map({name})", source.names | {name.partition(".")[0]})
        assert isinstance(value, JoinedOutputs)
        first, *others = (self.result(one, span) for one in value.sources)
        arguments = [one.code for one in others]
        if value.filled:
            arguments.append(f"fillvalue={self._to.literal(value.fillvalue).code}")
        names = frozenset().union(first.names, *(one.names for one in others))
        return Expr(f"{first.code}.{value.kind}({', '.join(arguments)})", names)

    def over(self, value: Value, source: SourceExpression | None, span: Span) -> Expr:
        """Code for what a task or a group is mapped over, without `each(…)`."""
        found = self.of(value, source, span)
        return found if found is not None else self._to.expressions.of(value, source, span)

    def each_of(self, items: Sequence[Expr]) -> Expr:
        """Code for one element of a list whose items are expressions."""
        names = frozenset().union(*(item.names for item in items))
        return self._noted(Expr(f"[{', '.join(item.code for item in items)}]", names))

    def selections(self) -> list[StepCall]:
        """Steps of a static pipeline that take one key out of another task's result."""
        return [self._selection(output, variable) for output, variable in self.selected.items()]

    def _each(self, value: Each, source: SourceExpression | None, span: Span) -> Expr:
        return self._noted(self.over(value.value, source, span))

    def _noted(self, inner: Expr) -> Expr:
        self._to.use(EACH)
        expr = Expr(f"each({inner.code})", inner.names)
        self.each.append(expr)
        return expr

    def _output(self, output: TaskOutput) -> Expr:
        if output.key == RETURN_VALUE and pushes_nothing(self._to.dag.task(output.task_id)):
            return Expr("None")
        variable = self._variables[output.task_id]
        if output.key == RETURN_VALUE:
            return Expr(variable, frozenset({variable}))
        if self._to.mode.dynamic:
            return Expr(f"{variable}[{self._to.literal(output.key).code}]", frozenset({variable}))
        selected = self.selected.get(output)
        if selected is None:
            key = re.sub(r"\W", "_", output.key)
            selected = self.selected[output] = f"{variable}_{key}"
        return Expr(selected, frozenset({selected}))

    def _parameter(self, parameter: GroupParameter) -> Expr:
        group = next(one for one in self._to.dag.groups if one.group_id == parameter.group_id)
        variable = self._groups[parameter.group_id]
        if group.mapped is not None and group.mapped.kind == "expand_kwargs":
            return Expr(f"{variable}.kwargs[{parameter.name!r}]", frozenset({variable}))
        return Expr(f"{variable}.{parameter.name}", frozenset({variable}))

    def _nested(self, value: Value, span: Span) -> Expr:
        """A literal with handles inside."""
        found = {one: self.result(one, span) for one in results_in(value)}
        try:
            code, imports = literal(value, {one: expr.code for one, expr in found.items()})
        except NotALiteralError as error:
            raise UntranslatableError(
                finding("D2Z303", span, f"a value cannot be written as code: {error}")
            ) from error
        for import_ in imports:
            self._to.use(import_)
        return Expr(code, frozenset().union(*(expr.names for expr in found.values())))

    def _list_of_results(self, value: Value, span: Span) -> Expr:
        """ZenML takes a list of artifacts, and no other container of them: in any other, a template
        pulls the result when the step runs.
        """
        if isinstance(value, list) and all(isinstance(one, TaskOutput) for one in value):
            parts = [self._output(output) for output in value]
            names = frozenset().union(*(part.names for part in parts))
            return Expr(f"[{', '.join(part.code for part in parts)}]", names)
        outputs = [one for one in results_in(value) if isinstance(one, TaskOutput)]
        for output in outputs:
            if not is_text(self._to.dag, output):
                detail = (
                    f"the result of {output.task_id} is pulled by a template, which makes it text"
                )
                report_once(self._to, finding("D2Z231", span, detail, task_id=self._task_id))
        return self._to.literal(with_templates(value))

    def _selection(self, output: TaskOutput, variable: str) -> StepCall:
        """Of a task without multiple outputs only what it pushed under the key."""
        result = self._variables[output.task_id]
        several = multiple_outputs(self._to.dag.task(output.task_id))
        return StepCall(
            function=SELECT if several else PULL,
            step_id=Expr(f".{variable}"),
            task_id=self._task_id,
            args=(
                Expr(result, frozenset({result})) if several else self._to.literal(output.task_id),
            ),
            kwargs={"key": self._to.literal(output.key)},
            assign=variable,
        )

    def _identifier(self) -> str:
        name = re.sub(r"\W", "_", self._task_id)
        return f"task_{name}" if name[:1].isdigit() else name
