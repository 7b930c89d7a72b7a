"""Which loops of the source stay loops."""

from __future__ import annotations

import libcst as cst

from transpiler.lower.expressions import Expressions
from transpiler.lower.free_names import rebound_names
from transpiler.model.dag import Dag, DagFile, LoopStep, SourceExpression, Task
from transpiler.model.pipeline import Expr
from transpiler.model.values import is_known


class KeptLoops:
    """Loops that may stay, by entry; `drop` takes one out for good.

    A loop can stay where its iterable can be written in the emitted module, and its body does not bind its target.
    """

    def __init__(self, dag_file: DagFile, dag: Dag, dropped: frozenset[int]) -> None:
        self._file = dag_file
        self._dag = dag
        self._dropped = dropped
        self._iterables: dict[int, Expr | None] = {}
        self._expressions: Expressions | None = None

    def bind(self, expressions: Expressions) -> None:
        """Use the expressions of this pass."""
        self._expressions = expressions

    def of(self, task: Task) -> tuple[LoopStep, ...]:
        """The turns of kept loops that the task was made in, outermost first; none inside a dropped one."""
        assert self._expressions is not None
        steps: list[LoopStep] = []
        for step in task.loops:
            self._expressions.loops = tuple(steps)
            if step.entry in self._dropped or self._iterable(step) is None:
                break
            steps.append(step)
        self._expressions.loops = ()
        return tuple(steps)

    def iterable(self, step: LoopStep) -> Expr:
        """What the loop runs over, as code."""
        found = self._iterables[step.entry]
        assert found is not None
        return found

    def target(self, step: LoopStep) -> str:
        """The loop's target, as code."""
        return self._tree(step).code_for_node(step.loop.target).strip()

    def local_names(self, step: LoopStep) -> set[str]:
        """Names that are assigned inside the loop's emitted body."""
        assert self._expressions is not None
        return set(self._expressions.bindings.loop_locals.get(id(step.loop), {}))

    def _iterable(self, step: LoopStep) -> Expr | None:
        if step.entry not in self._iterables:
            self._iterables[step.entry] = self._find_iterable(step)
        return self._iterables[step.entry]

    def _find_iterable(self, step: LoopStep) -> Expr | None:
        assert self._expressions is not None
        if step.count < 2 or not all(map(is_known, step.targets.values())):
            return None
        if isinstance(step.loop, cst.For) and rebound_names(step.loop.body) & set(step.targets):
            return None
        if any(
            step.targets[name] is None and name not in step.scope.values for name in step.targets
        ):
            return None
        source = SourceExpression(step.loop.iter, step.scope, self._tree(step))
        return self._expressions.portable(source)

    def _tree(self, step: LoopStep) -> cst.Module:
        return self._file.modules[step.scope.module].tree
