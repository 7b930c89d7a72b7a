"""Source expressions as emitted code: as written where the emitted module can carry their names, else literals."""

from __future__ import annotations

from collections.abc import Iterable

from transpiler.lower.bindings import Bindings, NotPortableError
from transpiler.lower.composites import Composites
from transpiler.lower.errors import UntranslatableError
from transpiler.lower.free_names import free_names
from transpiler.lower.python_literals import NotALiteralError
from transpiler.lower.python_literals import literal as literal_text
from transpiler.lower.replaced_names import replace_names
from transpiler.lower.shown_code import shortened
from transpiler.lower.variable_templates import variable_template
from transpiler.model.dag import Dag, DagFile, LoopStep, SourceExpression
from transpiler.model.finding import finding
from transpiler.model.pipeline import Expr, Import
from transpiler.model.span import Span
from transpiler.model.values import Symbolic, TaskOutput, Value, is_known, marks
from transpiler.source.code import code_of


class Expressions:
    """Turns values and source expressions into code, and remembers what that code needs around it.

    `imports` and `bindings` collect imports, module constants and local assignments of the emitted module.
    `loops` are the turns of retained loops that the task at hand was made in; their targets may be used.
    """

    def __init__(self, dag_file: DagFile, dag: Dag) -> None:
        self.imports: set[Import] = set()
        self.bindings = Bindings(dag_file, dag, self.imports)
        self.loops: tuple[LoopStep, ...] = ()

    def of(self, value: Value, source: SourceExpression | None, span: Span) -> Expr:
        """Code for a value.

        Raises UntranslatableError where it is neither portable nor known: D2Z303
        for another task's result, else D2Z216.
        """
        if source is not None:
            expr = self.portable(source)
            if expr is not None:
                return expr
        if is_known(value):
            return self.literal(value, span)
        template = variable_template(value, source)
        if isinstance(template, str):
            return self.literal(template, span)
        # The parts of an f-string that are no Variable must be portable.
        expr = self.portable(template) if template is not None else None
        expr = expr or self._composite(value)
        if expr is not None:
            return expr
        code, detail = _why(value)
        raise UntranslatableError(finding(code, span, detail))

    def portable(self, source: SourceExpression) -> Expr | None:
        """The expression as written, where all its names exist in the emitted module; else None."""
        node = source.node
        names = free_names(node)
        try:
            with self.bindings.transaction():
                replaced = self.bindings.require(names, source, self.loops)
        except NotPortableError:
            return None
        if replaced:
            node = replace_names(node, replaced)
        return Expr(code_of(source.tree, node).strip(), frozenset(names))

    def _composite(self, value: Value) -> Expr | None:
        """What a text's parts are, where it was made of known and unknown ones."""
        try:
            with self.bindings.transaction():
                return Composites(self.bindings, self.loops).of(value)
        except NotPortableError:
            return None

    def literal(self, value: Value, span: Span) -> Expr:
        """Plain data as code. Raises UntranslatableError (D2Z303) for anything else."""
        try:
            code, imports = literal_text(value)
        except NotALiteralError as error:
            raise UntranslatableError(
                finding("D2Z303", span, f"a value cannot be written as code: {error}")
            ) from error
        self.imports.update(imports)
        return Expr(code)


def _why(value: Value) -> tuple[str, str]:
    """The code of the finding and what it says."""
    unknown: Iterable[Value] = marks(value)
    for mark in unknown:
        if isinstance(mark, Symbolic):
            return "D2Z216", f"{shortened(mark.code)} is not known: {mark.reason}"
        if isinstance(mark, TaskOutput):
            return "D2Z303", f"the step does not take the result of the task {mark.task_id!r} here"
        code = (
            getattr(mark, "code", None)
            or getattr(mark, "qualified_name", None)
            or type(mark).__name__
        )
        return "D2Z216", f"{shortened(str(code))} is known only when the file runs"
    return "D2Z216", "the value is known only when the file runs"
