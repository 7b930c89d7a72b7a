"""Statements of the pipeline function from the lowered tasks, with loops put back together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import groupby

from transpiler.lower.expressions import Expressions
from transpiler.lower.keeping import KeptLoops
from transpiler.lower.lowered import LoweredTask, names_in
from transpiler.lower.mapping_groups import MappedGroups
from transpiler.model.pipeline import Assignment, Expr, ForLoop, GroupBlock, Statement, StepCall


class UnlikeTurnsError(Exception):
    """The turns of loops made different steps; the loops cannot be kept."""

    def __init__(self, entries: frozenset[int]) -> None:
        super().__init__(f"loops {sorted(entries)}")
        self.entries = entries


class BodyBuilder:
    """Builds the statements; raises UnlikeTurnsError for the loops that must be unrolled."""

    def __init__(
        self,
        calls: Mapping[str, list[StepCall]],
        kept: KeptLoops,
        expressions: Expressions,
        groups: MappedGroups,
    ) -> None:
        self._calls = calls
        self._groups = groups
        self._kept = kept
        self._expressions = expressions
        self._unlike: set[int] = set()

    def build(self, tasks: Sequence[LoweredTask]) -> tuple[Statement, ...]:
        """All statements, the function's local assignments first."""
        block: list[Statement] = []
        for group_id, members in groupby(tasks, key=lambda item: self._groups.of(item.task)):
            inner = self._block(list(members), 0)
            if group_id is not None:
                read = names_in([expr for one in inner for expr in _expressions_of(one)])
                inner = [self._groups.block(group_id, tuple(inner), read)]
            block += inner
        if self._unlike:
            raise UnlikeTurnsError(frozenset(self._unlike))
        return (*self._expressions.bindings.locals.values(), *without_unread(block))

    def _block(self, tasks: Sequence[LoweredTask], depth: int) -> list[Statement]:
        statements: list[Statement] = []
        for entry, members in groupby(tasks, key=lambda item: _entry(item, depth)):
            group = list(members)
            if entry is None:
                for item in group:
                    statements.extend(self._calls[item.task.task_id])
            else:
                statements.append(self._loop(entry, group, depth))
        return statements

    def _loop(self, entry: int, group: list[LoweredTask], depth: int) -> ForLoop:
        step = group[0].loops[depth]
        unlike_before = len(self._unlike)
        turns = [
            self._block(list(items), depth + 1)
            for _index, items in groupby(group, key=lambda item: item.loops[depth].index)
        ]
        shapes = [[_shape(statement) for statement in turn] for turn in turns]
        alike = len(turns) == step.count and all(shape == shapes[0] for shape in shapes[1:])
        # Turns that hold unlike loops are compared again when those are unrolled.
        if not alike and len(self._unlike) == unlike_before:
            self._unlike.add(entry)
        locals_ = self._expressions.bindings.loop_locals.get(id(step.loop), {})
        body: list[Statement] = [*locals_.values(), *turns[0]]
        return ForLoop(
            self._kept.target(step), self._kept.iterable(step), tuple(body), step.leading_comments
        )


def without_unread(statements: Sequence[Statement]) -> tuple[Statement, ...]:
    """The statements without names for results that none of them reads, as where the task that
    takes a result could not be translated.
    """
    read = names_in([expr for statement in statements for expr in _expressions_of(statement)])
    return tuple(_reading(statement, read) for statement in statements)


def _reading(statement: Statement, read: set[str]) -> Statement:
    if isinstance(statement, StepCall) and statement.assign not in read:
        return replace(statement, assign=None)
    if isinstance(statement, (ForLoop, GroupBlock)):
        return replace(statement, body=tuple(_reading(inner, read) for inner in statement.body))
    return statement


def _expressions_of(statement: Statement) -> Iterator[Expr]:
    if isinstance(statement, StepCall):
        yield from (*statement.args, *statement.kwargs.values(), *statement.options.values())
        yield from statement.scheduling.values()
    elif isinstance(statement, Assignment):
        yield statement.value
    elif isinstance(statement, ForLoop):
        yield statement.iterable
    elif isinstance(statement, GroupBlock):
        yield from statement.kwargs.values()
    if isinstance(statement, (ForLoop, GroupBlock)):
        for inner in statement.body:
            yield from _expressions_of(inner)


def _entry(item: LoweredTask, depth: int) -> int | None:
    return item.loops[depth].entry if len(item.loops) > depth else None


def _shape(statement: Statement) -> Statement:
    """The statement without what may differ between turns: places, ids of tasks, comments."""
    if isinstance(statement, StepCall):
        return replace(statement, task_id="", span=None, comments=(), trailing_comment=None)
    if isinstance(statement, ForLoop):
        body = tuple(_shape(inner) for inner in statement.body)
        return replace(statement, body=body, comments=())
    if isinstance(statement, Assignment):
        return replace(statement, comments=())
    return statement
