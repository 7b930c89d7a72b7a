"""The arguments that a callable is called with, and the step parameters that carry them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import libcst as cst

from transpiler.lower.errors import UntranslatableError
from transpiler.lower.signatures import Signature
from transpiler.model.dag import Argument, SourceExpression, Task
from transpiler.model.finding import finding
from transpiler.model.span import Span
from transpiler.model.values import (
    DAG_PARAM,
    Call,
    Each,
    PartialRef,
    Value,
    is_known,
    is_result,
    marks,
    results_in,
)


@dataclass(frozen=True, slots=True)
class Passed:
    """One value. `name` is None for what goes to `*args`; `source` is the expression that it was
    written as.
    """

    name: str | None
    value: Value
    span: Span
    source: SourceExpression | None = None


class ArgumentsOfCall:
    """Binds op_args, op_kwargs and the arguments of a TaskFlow call as Airflow does."""

    def __init__(self, task: Task, signature: Signature | None) -> None:
        self._task = task
        self._signature = signature

    def bind(
        self, op_args: Argument | None, op_kwargs: Argument | None, partial: PartialRef | None
    ) -> list[Passed]:
        """The values by parameter name; positional ones without name where the callable takes
        `*args` for them. Op_args and op_kwargs that are mapped as a whole have no part in it.

        Raises UntranslatableError (D2Z303, D2Z216).
        """
        positional: list[Passed] = []
        named: list[Passed] = []
        if partial is not None:
            positional += [Passed(None, value, self._task.span) for value in partial.args]
            named += [Passed(str(k), v, self._task.span) for k, v in partial.kwargs.items()]
        positional += self._positional(op_args)
        named += self._named(op_kwargs)
        called, by_position = self._called()
        positional += by_position
        named += called
        bound = [*self._with_names(positional), *named]
        for one in bound:
            self.check(one)
        by_name = {one.name: one for one in bound if one.name is not None}
        return [*(one for one in bound if one.name is None), *by_name.values()]

    def _called(self) -> tuple[list[Passed], list[Passed]]:
        """The arguments of a TaskFlow call: by name, and by position where some go to `*args`."""
        given = [Passed(a.name, a.value, a.span, a.source) for a in self._task.call_arguments]
        rest = [replace(one, name=None) for one in given if str(one.name).startswith("*")]
        if not rest or self._signature is None:
            return given, []
        names = self._signature.positional
        by_name = {str(one.name): one for one in given}
        first = [replace(by_name.pop(name), name=None) for name in names if name in by_name]
        named = [one for name, one in by_name.items() if not name.startswith("*")]
        return named, [*first, *rest]

    def _positional(self, argument: Argument | None) -> list[Passed]:
        if argument is None or argument.value is None:
            return []
        if isinstance(argument.value, Each):
            return []
        if not isinstance(argument.value, (list, tuple)):
            raise self._error("D2Z303", argument.span, "op_args is not a list that is known")
        sources = _items(argument)
        return [
            Passed(None, value, argument.span, sources.get(index))
            for index, value in enumerate(argument.value)
        ]

    def _named(self, argument: Argument | None) -> list[Passed]:
        if argument is None or argument.value is None:
            return []
        value = argument.value
        if isinstance(value, Each):
            return []
        if not isinstance(value, dict) or not all(isinstance(key, str) for key in value):
            raise self._error("D2Z303", argument.span, "op_kwargs is not a dict that is known")
        sources = _items(argument)
        return [Passed(key, item, argument.span, sources.get(key)) for key, item in value.items()]

    def _with_names(self, positional: Sequence[Passed]) -> Iterator[Passed]:
        names = self._signature.positional if self._signature is not None else []
        if len(positional) <= len(names):
            for name, one in zip(names, positional, strict=False):
                yield replace(one, name=name)
            return
        if self._signature is not None and not self._signature.variable_positional:
            detail = (
                f"the callable takes {len(names)} positional arguments, {len(positional)} are given"
            )
            raise self._error("D2Z303", positional[-1].span, detail)
        yield from positional

    def check(self, one: Passed) -> None:
        """Refuse a value that only a run of the DAG file could tell (D2Z216)."""
        if is_dag_param(one.value):
            return
        computed = one.source is not None and not results_in(_inside(one.value))
        if _unknown(one.value) and not computed:
            what = one.name or "an argument"
            detail = f"{what} is known only when the DAG file runs"
            raise self._error("D2Z216", one.span, detail)

    def _error(self, code: str, span: Span, detail: str) -> UntranslatableError:
        return UntranslatableError(finding(code, span, detail, task_id=self._task.task_id))


def whole_arguments(
    task: Task, op_args: Argument | None, op_kwargs: Argument | None
) -> dict[str, Passed]:
    """The `op_args` and `op_kwargs` that a task is mapped over as a whole, by these names; those of
    `expand_kwargs` of a `@task` function too.
    """
    given = {"op_args": op_args, "op_kwargs": op_kwargs}
    if task.function is not None and task.mapped is not None and task.mapped.kind != "expand":
        mapped = task.mapped.arguments["kwargs"]
        given["op_kwargs"] = replace(mapped, value=Each(mapped.value))
    return {
        name: Passed(name, one.value, one.span, one.source)
        for name, one in given.items()
        if one is not None and isinstance(one.value, Each)
    }


def is_dag_param(value: Value) -> bool:
    """Whether the value is a parameter of a `@dag` function, which the pipeline has in `run.params`."""
    return isinstance(value, Call) and value.func == DAG_PARAM


def _inside(value: Value) -> Value:
    return value.value if isinstance(value, Each) else value


def _unknown(value: Value) -> list[Value]:
    """The marks of a value that no run gives."""
    return [mark for mark in marks(_inside(value)) if not is_result(mark)]


def is_plain(one: Passed) -> bool:
    """Whether the value is known and holds no task result."""
    return is_known(one.value)


def _items(argument: Argument) -> Mapping[object, SourceExpression]:
    """The source of each item of a display or of `dict(…)`, by key or index."""
    if argument.source is None:
        return {}
    whole = argument.source
    node = whole.node

    def expression(part: cst.BaseExpression) -> SourceExpression:
        return replace(whole, node=part)

    if isinstance(node, (cst.List, cst.Tuple)):
        if any(isinstance(element, cst.StarredElement) for element in node.elements):
            return {}
        return {index: expression(element.value) for index, element in enumerate(node.elements)}
    if isinstance(node, cst.Dict):
        return {
            element.key.evaluated_value: expression(element.value)
            for element in node.elements
            if isinstance(element, cst.DictElement) and isinstance(element.key, cst.SimpleString)
        }
    if isinstance(node, cst.Call) and isinstance(node.func, cst.Name) and node.func.value == "dict":
        return {arg.keyword.value: expression(arg.value) for arg in node.args if arg.keyword}
    return {}
