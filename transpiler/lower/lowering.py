"""What a rule works with: one object for each DAG that is lowered."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from transpiler.lower.expressions import Expressions
from transpiler.lower.lookups import note_in_template
from transpiler.lower.mode import STATIC, Mode
from transpiler.model.dag import Argument, Dag, DagFile, SourceExpression
from transpiler.model.finding import Finding
from transpiler.model.pipeline import Expr, Import
from transpiler.model.span import Span
from transpiler.model.values import Value

if TYPE_CHECKING:
    from transpiler.config import MigrationConfig
    from transpiler.lower.callables import Callables
    from transpiler.lower.mapping_values import ResultExpressions
    from transpiler.lower.settings import Settings
    from transpiler.lower.sql_files import SqlFiles


class Lowering:
    """The state of lowering one DAG: expressions, SQL files, callables, settings and findings.

    `mode` says whether the pipeline is dynamic, and why.
    """

    sql: SqlFiles
    callables: Callables
    settings: Settings

    def __init__(
        self,
        dag_file: DagFile,
        dag: Dag,
        config: MigrationConfig,
        project_root: Path,
        mode: Mode = STATIC,
    ) -> None:
        self.dag_file = dag_file
        self.dag = dag
        self.config = config
        self.project_root = project_root
        self.mode = mode
        self.findings: list[Finding] = []
        self.expressions = Expressions(dag_file, dag)
        self.results: ResultExpressions | None = None
        """Those of the task that is being lowered."""

    def expr(self, argument: Argument) -> Expr:
        """The argument as emitted code: as written where the emitted module can carry it, else a literal.

        Raises UntranslatableError where the value is neither known nor expressible.
        """
        expr = self._expr(argument.value, argument.source, argument.span)
        note_in_template(expr.code, argument.span, self.settings)
        return expr

    def expr_of(self, value: Value, source: SourceExpression | None) -> Expr:
        """Like `expr`, for a part of an argument."""
        return self._expr(value, source, self.dag.span)

    def _expr(self, value: Value, source: SourceExpression | None, span: Span) -> Expr:
        found = self.results.of(value, source, span) if self.results is not None else None
        return self.expressions.of(value, source, span) if found is None else found

    def literal(self, value: Value) -> Expr:
        """Plain data as source text. Raises UntranslatableError for anything else."""
        return self.expressions.literal(value, self.dag.span)

    def use(self, import_: Import) -> None:
        """Note an import that the pipeline module needs."""
        self.expressions.imports.add(import_)

    def find(self, finding: Finding) -> None:
        """Report a finding."""
        self.findings.append(finding)
